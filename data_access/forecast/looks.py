"""Questions behind the forecast: what stood open on a day, and what a period brought.

The forecast looks at dozens of past days, and asks about all of them at once. Each question answers with what was known
on its days alone: rows of later days change nothing.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.deal_sums import amount_sums, group_column, grouped
from data_access.engine import as_named, per_group, read
from data_access.filters import moments_table, table_of, valid_on, within
from data_access.schema import ALWAYS, MONEY_SCALE, deal_span
from data_access.scope import Moment, Scope

STAGE = ("pipeline", "track", "stage")
"""Where a deal stands. Stages are a pipeline's own, and tracks have their own norms."""


def _facts(population: sa.Subquery) -> tuple:
    """The facts of `amount_sums`, and squares: the sum of the squared amounts, in whole units; it measures spread, no
    money, so that a float may add it up."""
    whole = sa.cast(population.c.amount, sa.Float) / MONEY_SCALE
    return (*amount_sums(population), sa.func.coalesce(sa.func.sum(whole * whole), 0.0).label("squares"))


class Sight(NamedTuple):
    """A period looked at from a day, and the ends of it and of those that follow, as far as they are over."""

    day: date
    start: date
    ends: tuple[date, ...] = ()


def standing(database: sa.Engine, scope: Scope, sights: Sequence[Sight], by: Sequence[str] = ()) -> pd.DataFrame:
    """One row per (sight, *by, pipeline, track, stage) of the deals open at the end of its day; one sight at least.

    sight          its place among `sights`; the period and day of the scope do not count
    stage          empty: in no known stage, as deals without history are on every day, the last one too
    deals, with_amount, amount, lacks_rate, squares    see `_facts`; at the day's rate
    won_1, won_2, …    those won from the period's start to the first of its ends, from there to the second, …: each as
                       of that end, and counted where it was won first; as many as the most ends asked of any
    A deal qualified out later on is an ordinary open deal here: on the day nobody knew.
    """
    ahead = range(1, 1 + max(len(sight.ends) for sight in sights))
    table = table_of(
        "sights",
        ("sight", "day", *(name for step in ahead for name in (f"start_{step}", f"end_{step}"))),
        [(place, sight.day.toordinal(), *_steps(sight, len(ahead))) for place, sight in enumerate(sights)],
    )
    opened = deals.open_on(scope.but(last_day=date.max), moments=table)  # no present stages, as in the past
    found: sa.FromClause = opened
    won_in = []
    for step in ahead:
        # Looked up by the deal alone: whose it was by then, and what else it was, is asked of the row that is found.
        then = deal_span.alias(f"then_{step}")
        is_it = then.c.opportunity_id == opened.c.opportunity_id
        found = found.outerjoin(then, sa.and_(is_it, valid_on(then, opened.c[f"end_{step}"])))
        won_in.append(sa.and_(then.c.outcome == "won", then.c.closed_day >= opened.c[f"start_{step}"]))
    won = {
        f"won_{step}": sa.func.sum(sa.case(*((earlier, 0) for earlier in won_in[: step - 1]), (one, 1), else_=0))
        for step, one in zip(ahead, won_in, strict=True)
    }
    names = ("sight", *by, *STAGE)
    groups = [opened.c.sight, *(opened.c[name] for name in (*map(group_column, by), *STAGE))]
    statement = sa.select(
        *as_named(groups, names), *_facts(opened), *(one.label(name) for name, one in won.items())
    ).select_from(found)
    return read(database, per_group(statement, *groups))


def _steps(sight: Sight, count: int) -> list[int]:
    """The first and last day of each step that is over, one after the other; of what is not, a day before all."""
    starts = [sight.start, *(end + timedelta(days=1) for end in sight.ends)]
    days = [day.toordinal() for step in zip(starts, sight.ends, strict=False) for day in step]
    return days + [ALWAYS] * (2 * count - len(days))


def closing_in_period(database: sa.Engine, scope: Scope, by: Sequence[str] = ()) -> pd.DataFrame:
    """One row per group of the deals open as of the date that are expected to close in the period, on any of its days:
    deal_sums.amount_sums, at the as-of date's rate."""
    opened = deals.open_on(scope)
    is_expected = within(opened.c.expected_close_day, scope.period.start, scope.period.end)
    return grouped(database, opened, by, amount_sums(opened), is_expected)


def wins(database: sa.Engine, scope: Scope, moments: Sequence[Moment], by: Sequence[str] = ()) -> pd.DataFrame:
    """One row per (moment, *by, created_day) of the deals won in the period of each moment, as of its day; one at
    least.

    moment         its place among `moments`, which stand in for the period and day of the scope
    created_day    ordinal; empty: not known
    deals, with_amount, amount, lacks_rate, squares    see `_facts`; by the closing day's owner, region and rate
    """
    closed = deals.closed(scope, moments_table(moments))
    created_day = closed.c.closed_day - closed.c.cycle_days
    names = ("moment", *by, "created_day")
    groups = [closed.c.moment, *(closed.c[group_column(name)] for name in by), created_day]
    statement = sa.select(*as_named(groups, names), *_facts(closed)).where(closed.c.outcome == "won")
    return read(database, per_group(statement, *groups))
