"""Questions behind the forecast: what stood open on a day, and what a period brought.

A scope here is about one period as of one day. Each question answers with what was known on its days alone: rows of
later days change nothing.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.deal_sums import AMOUNT_FACTS, amount_sums, group_column, grouped
from data_access.engine import as_named, read
from data_access.filters import valid_on, within
from data_access.schema import MONEY_SCALE, deal_span
from data_access.scope import Scope

STAGE = ("pipeline", "track", "stage")
"""Where a deal stands. Stages are a pipeline's own, and tracks have their own norms."""

FACTS = AMOUNT_FACTS | {"squares": "float64"}


def _facts(population: sa.Subquery) -> tuple:
    """The columns of FACTS. squares: the sum of the squared amounts, in whole units; it measures spread, no money, so
    that a float may add it up."""
    whole = sa.cast(population.c.amount, sa.Float) / MONEY_SCALE
    return (*amount_sums(population), sa.func.coalesce(sa.func.sum(whole * whole), 0.0).label("squares"))


def standing(database: sa.Engine, scope: Scope, ends: Sequence[date] = (), by: Sequence[str] = ()) -> pd.DataFrame:
    """One row per (*by, pipeline, track, stage) of the deals open at the end of the as-of date.

    stage          empty: in no known stage, as deals without history are on every day, the last one too
    deals, with_amount, amount, lacks_rate, squares    see FACTS; at the as-of date's rate
    won_1, won_2, …    those won from the period's start to the first of `ends`, from there to the second, …: each as of
                       that end, and counted where it was won first; none where no ends are asked
    A deal qualified out later on is an ordinary open deal here: on the day nobody knew.
    """
    before_today = scope.but(last_day=scope.as_of + timedelta(days=1))  # no present stages, as in the past
    opened = deals.open_on(before_today)
    starts = [scope.period.start, *(end + timedelta(days=1) for end in ends)]
    won_in = [opened.c.opportunity_id.in_(_won_by(start, end)) for start, end in zip(starts, ends, strict=False)]
    won = {
        f"won_{place}": sa.func.sum(sa.case(*((earlier, 0) for earlier in won_in[: place - 1]), (one, 1), else_=0))
        for place, one in enumerate(won_in, start=1)
    }
    groups, names = [opened.c[name] for name in (*map(group_column, by), *STAGE)], (*by, *STAGE)
    statement = (
        sa.select(*as_named(groups, names), *_facts(opened), *(one.label(name) for name, one in won.items()))
        .group_by(*groups)
        .order_by(*groups)
    )
    return read(database, statement, dict.fromkeys(names, "object") | FACTS | dict.fromkeys(won, "Int64"))


def closing_in_period(database: sa.Engine, scope: Scope, by: Sequence[str] = ()) -> pd.DataFrame:
    """One row per group of the deals open as of the date that are expected to close in the period, on any of its days:
    deal_sums.AMOUNT_FACTS, at the as-of date's rate."""
    opened = deals.open_on(scope)
    is_expected = within(opened.c.expected_close_day, scope.period.start, scope.period.end)
    return grouped(database, opened, by, amount_sums(opened), AMOUNT_FACTS, is_expected)


def _won_by(start: date, end: date) -> sa.Select:
    """The deals that at the end of a day stand won, since a start: whoever's they were then. To be looked up in, not
    joined: SQLite would read them all again for every open deal."""
    return sa.select(deal_span.c.opportunity_id).where(
        valid_on(deal_span, end),
        deal_span.c.outcome == "won",
        within(deal_span.c.closed_day, start, end),
    )


def wins(database: sa.Engine, scope: Scope, by: Sequence[str] = ()) -> pd.DataFrame:
    """One row per (*by, created_day) of the deals won in the period, as of the as-of date.

    created_day    ordinal; empty: not known
    deals, with_amount, amount, lacks_rate, squares    see FACTS; by the closing day's owner, region and rate
    """
    closed = deals.closed(scope)
    created_day = closed.c.closed_day - closed.c.cycle_days
    groups, names = [*(closed.c[group_column(name)] for name in by), created_day], (*by, "created_day")
    statement = (
        sa.select(*as_named(groups, names), *_facts(closed))
        .where(closed.c.outcome == "won")
        .group_by(*groups)
        .order_by(*groups)
    )
    return read(database, statement, dict.fromkeys(by, "object") | {"created_day": "Int64"} | FACTS)
