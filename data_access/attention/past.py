"""What the past says about deals in a state: the facts behind the value at risk."""

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.engine import per_group, read
from data_access.schema import deal_span, stage_entry
from data_access.scope import Scope


def stays(database: sa.Engine, scope: Scope, pushes: int, overdue_days: int) -> pd.DataFrame:
    """One row per (pipeline, track, stage, lasted, stayed, pushed_after, overdue_after, is_won) of the deals with a
    history that were closed in the period: their first stay in each open stage.

    lasted                       days of the stay
    stayed                       days over all the deal's stays in that stage, as its norm counts them
    pushed_after, overdue_after  the day of the stay, from 0, on which the expected close had first been pushed
                                 `pushes` times, and lay more than `overdue_days` days back; empty: never in the stay
    is_won                       1 or 0
    deals                        how many
    """
    closed, entry = deals.closed(scope), stage_entry.c
    first = (
        sa.select(stage_entry, closed.c.pipeline, closed.c.track, closed.c.outcome.label("became"))
        .select_from(closed.join(stage_entry, entry.opportunity_id == closed.c.opportunity_id))
        .where(entry.is_first, entry.outcome == "open", entry.left_day <= scope.as_of.toordinal())
        .subquery("first")
    )
    stayed = _stayed(scope)
    pushed = _first_days(first, sa.literal(0), deal_span.c.pushes >= pushes, "pushed")
    overdue = _first_days(first, deal_span.c.expected_close_day + overdue_days + 1, sa.true(), "overdue")
    came = [(one.c.day - first.c.entered_day).label(f"{one.name}_after") for one in (pushed, overdue)]
    groups = (
        first.c.pipeline,
        first.c.track,
        first.c.stage,
        (first.c.left_day - first.c.entered_day).label("lasted"),
        stayed.c.days.label("stayed"),
        *came,
        sa.case((first.c.became == "won", 1), else_=0).label("is_won"),
    )
    joined: sa.FromClause = first.join(
        stayed, sa.and_(stayed.c.opportunity_id == first.c.opportunity_id, stayed.c.stage == first.c.stage)
    )
    for one in (pushed, overdue):
        joined = joined.outerjoin(
            one, sa.and_(one.c.opportunity_id == first.c.opportunity_id, one.c.ordinal == first.c.ordinal)
        )
    each = sa.select(*groups).select_from(joined).subquery("each")
    statement = sa.select(each, sa.func.count().label("deals"))
    return read(database, per_group(statement, *each.c))


def _stayed(scope: Scope) -> sa.Subquery:
    """The days of each closed deal in each open stage up to the as-of date: opportunity_id, stage, days."""
    closed, entry, as_of = deals.closed(scope), stage_entry.c, scope.as_of.toordinal()
    until = sa.case((entry.left_day > as_of, as_of), else_=entry.left_day)
    return (
        sa.select(entry.opportunity_id, entry.stage, sa.func.sum(until - entry.entered_day).label("days"))
        .select_from(closed.join(stage_entry, entry.opportunity_id == closed.c.opportunity_id))
        .where(entry.outcome == "open", entry.entered_day <= as_of)
        .group_by(entry.opportunity_id, entry.stage)
        .subquery("stayed")
    )


def _first_days(stay: sa.Subquery, not_before, condition, name: str) -> sa.Subquery:
    """The first day of each stay on which the deal was in a state that a stretch of its days has, from a day on."""
    span = deal_span.c
    begins = _later(_later(span.from_day, stay.c.entered_day), not_before)
    return (
        sa.select(stay.c.opportunity_id, stay.c.ordinal, sa.func.min(begins).label("day"))
        .select_from(stay.join(deal_span, span.opportunity_id == stay.c.opportunity_id))
        .where(span.outcome == "open", condition, begins < span.to_day, begins < stay.c.left_day)
        .group_by(stay.c.opportunity_id, stay.c.ordinal)
        .subquery(name)
    )


def _later(one, other):
    """The later of two days; NULL where the second is."""
    return sa.case((one >= other, one), else_=other)
