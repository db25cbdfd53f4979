"""The scope in SQL. What a person may see, what they chose, and which days count stand here and nowhere else.

People say inclusive days; every derived stretch of days is half-open; the two meet in `valid_on` and `within`.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from .schema import LEFT_OUT_REASONS, account, activity, audit_event, opportunity, region_within, support_booking
from .scope import Moment, Scope

segment = sa.func.coalesce(
    *(sa.func.nullif(one, "", type_=sa.Text) for one in (account.c.industry, account.c.customer_class)), type_=sa.Text
)
"""The segment of an account: its industry, else its customer class. Needs `account` joined."""

track = sa.func.coalesce(opportunity.c.track, "none")
"""The track of a deal: large, fast, or none where it has none."""

is_left_out_loss = opportunity.c.loss_reason.in_(LEFT_OUT_REASONS)
"""Whether every loss of the deal is left out: its present reason counts for all of them."""


def valid_on(span, day: date | sa.ColumnElement[int]):
    """The stretch of days that holds at the end of `day`, which may be a column of ordinals."""
    at_end = day.toordinal() if isinstance(day, date) else day
    return sa.and_(span.c.from_day <= at_end, span.c.to_day > at_end)


def table_of(name: str, columns: Sequence[str], rows: Sequence[tuple[int, ...]]) -> sa.CTE:
    """Whole numbers (one row of them at least) as a table to join, so that one statement answers for all of them.

    Not VALUES, which SQLAlchemy (2.1) puts into words anew each time, and the whole statement with it.
    """
    selects = [
        sa.select(*(sa.literal(value, sa.Integer).label(column) for column, value in zip(columns, row, strict=True)))
        for row in rows
    ]
    return sa.union_all(*selects).cte(name)


def moments_table(moments: Sequence[Moment]) -> sa.CTE:
    """One row per moment asked about: moment, its place among them; as ordinals day, the as-of date; start_day and
    flow_end_day, the days whose flows count; rest_day and end_day, the first and last of the rest of the period."""
    rows = [
        (place, one.as_of, one.start, one.flow_end, max(one.as_of + timedelta(days=1), one.start), one.end)
        for place, one in enumerate(moments)
    ]
    numbers = [(place, *(day.toordinal() for day in days)) for place, *days in rows]
    return table_of("moments", ("moment", "day", "start_day", "flow_end_day", "rest_day", "end_day"), numbers)


def within(day_column, period_start: date, period_end: date):
    """Days of a period, both ends inside. Empty where the end comes first (a period not yet begun)."""
    return sa.and_(day_column >= period_start.toordinal(), day_column <= period_end.toordinal())


def in_flow(day_column, scope: Scope, moments: sa.CTE | None = None):
    """The days whose flows count: those of the period up to the as-of date; of each moment's, where there are any."""
    if moments is not None:
        return sa.and_(day_column >= moments.c.start_day, day_column <= moments.c.flow_end_day)
    return within(day_column, scope.period.start, scope.flow_end)


def in_rest(day_column, scope: Scope):
    """The days of the period that are still to come: from the day after the as-of date."""
    return within(day_column, max(scope.as_of + timedelta(days=1), scope.period.start), scope.period.end)


def below(region_column, wanted: tuple[str, ...] | None):
    """Whether a region is one of those wanted or lies below one. None wanted: every region, and none at all."""
    if wanted is None:
        return sa.true()
    within_wanted = sa.select(region_within.c.region_id).where(region_within.c.ancestor_id.in_(wanted))
    return region_column.in_(within_wanted)


def in_regions(region_column, scope: Scope):
    """Whether the person may see the region and it was asked for. Without a region: only who sees everything.

    A comparison with NULL is never true, so deals without any region drop out of any choice by themselves.
    """
    return sa.and_(below(region_column, scope.person.regions), below(region_column, scope.regions or None))


def is_one_of(column, values: tuple[str | None, ...]):
    """Whether a value is one of these; None among them: or none at all."""
    known = column.in_([value for value in values if value is not None])
    return sa.or_(known, column.is_(None)) if None in values else known


def seen(owner_column, region_column, scope: Scope):
    """Whether an owner and region of the anchor day lie in the scope."""
    chosen = [in_regions(region_column, scope)]
    if scope.owner is not None:
        chosen.append(owner_column == scope.owner)
    return sa.and_(*chosen)


def of_deal(scope: Scope):
    """The filters on what a deal is, whatever the day. Needs `opportunity` and `account` joined."""
    conditions: list[sa.ColumnElement[bool]] = [sa.true()]
    if scope.pipeline is not None:
        conditions.append(opportunity.c.pipeline == scope.pipeline)
    if scope.track is not None:
        conditions.append(track == scope.track)
    if scope.product is not None:
        conditions.append(opportunity.c.product == scope.product)
    if scope.source is not None:
        conditions.append(opportunity.c.source == scope.source)
    if scope.segments:
        conditions.append(segment.in_(scope.segments))
    return sa.and_(*conditions)


def counts_as_lost(scope: Scope):
    """Losses that count: all of them, or all but the qualified-out and duplicate ones."""
    if scope.with_left_out:
        return sa.true()
    return sa.or_(opportunity.c.loss_reason.is_(None), ~is_left_out_loss)


def entered_by(moment_column, scope: Scope):
    """Whether something was entered by the end of the as-of date. As of the data's last day the present counts, also
    what is said on a later day."""
    if scope.is_live:
        return sa.true()
    return moment_column < datetime.combine(scope.as_of + timedelta(days=1), time())


def is_planned_by(created, day: date | int):
    """Whether what is planned had been entered by the end of a day, as a date or an ordinal like its column; without a
    day of entry it is known from always. What is done counts by the day it was done, whenever it was entered."""
    return sa.or_(created.is_(None), created <= day)


def is_next_step(as_of: date):
    """Whether an activity is planned, by the as-of date, for that day or later, and neither done nor cancelled."""
    a = activity.c
    return sa.and_(
        a.planned_on >= as_of,
        is_planned_by(a.created_on, as_of),
        sa.or_(a.completed_at.is_(None), a.completed_at >= datetime.combine(as_of + timedelta(days=1), time())),
        *(sa.or_(ended.is_(None), ended > as_of) for ended in (a.cancelled_on, a.removed_on)),
    )


def is_booked_by(day: date):
    """Whether a booking of support had been made by the end of a day; one that is done counts in its week, whenever it
    was entered, and one without a day of entry is known from always."""
    b = support_booking.c
    return sa.or_(is_planned_by(b.booked_on, day), sa.and_(b.done.is_(True), b.week <= day))


def was_withdrawn(table):
    """Whether a row entered on a page was taken back since: the row stays, the withdrawal stands beside it."""
    taken_back = sa.select(audit_event.c.subject).where(audit_event.c.action == "withdraw")
    return sa.and_(table.c.entry_id != "", table.c.entry_id.in_(taken_back))
