"""How long deals and leads take to be decided, for telling how old a cohort must be before its conversions are in."""

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.leads import outcomes

from .engine import per_group, read
from .filters import valid_on
from .schema import deal_span
from .scope import Scope


def deal_fates(database: sa.Engine, scope: Scope, enough: int) -> pd.DataFrame:
    """One row per (pipeline, track, fate, days) of the deals created in the period, those left out aside.

    fate     converted: won · gone: lost · open, by the as-of date
    days     from creation to the closing that stands on that date, or up to it
    deals    how many
    longest  days that the `enough`-th oldest of the pipeline and track has been watched; filled in one of its rows,
             in none where there are fewer
    """
    as_of = scope.as_of.toordinal()
    created = deals.created(scope)
    by_outcome = {"won": "converted", "lost": "gone"}
    days = sa.case((created.c.outcome == "open", as_of), else_=deal_span.c.closed_day) - created.c.created_day
    rows = (
        sa.select(
            created.c.pipeline,
            created.c.track,
            sa.case(by_outcome, value=created.c.outcome, else_="open").label("fate"),
            days.label("days"),
            (as_of - created.c.created_day).label("watched"),
        )
        .select_from(created.join(deal_span, deal_span.c.opportunity_id == created.c.opportunity_id))
        .where(created.c.is_counted == 1, valid_on(deal_span, scope.as_of))
        .subquery("rows")
    )
    return _counted(database, rows, ("pipeline", "track"), "deals", enough)


def lead_fates(database: sa.Engine, scope: Scope, enough: int) -> pd.DataFrame:
    """One row per (fate, days) of the leads created in the period: fate (converted, gone: disqualified, open), days,
    leads, longest, likewise."""
    cohort, as_of = outcomes.cohort(scope), scope.as_of.toordinal()
    rows = sa.select(
        sa.case((cohort.c.converted == 1, "converted"), (cohort.c.undecided == 1, "open"), else_="gone").label("fate"),
        (sa.func.coalesce(cohort.c.decided_day, as_of) - cohort.c.created_day).label("days"),
        (as_of - cohort.c.created_day).label("watched"),
    ).subquery("rows")
    return _counted(database, rows, (), "leads", enough)


def _counted(database: sa.Engine, rows: sa.Subquery, by: tuple[str, ...], what: str, enough: int) -> pd.DataFrame:
    groups = [rows.c[name] for name in by]
    place = sa.func.row_number().over(partition_by=groups or None, order_by=rows.c.watched.desc())
    placed = sa.select(rows, place.label("place")).subquery("placed")
    columns = [placed.c[name] for name in (*by, "fate", "days")]
    statement = sa.select(
        *columns,
        sa.func.count().label(what),
        sa.func.max(sa.case((placed.c.place == enough, placed.c.watched))).label("longest"),
    )
    return read(database, per_group(statement, *columns))
