"""Questions about what reps did and planned. An activity counts for the person who did it, in the region where they
were posted on the day.

Filters on what a deal is (pipeline, track, product, source) keep the activities on such deals; a segment keeps those
with accounts of it. An activity that names no deal has none of them.
"""

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data_access.engine import as_named, per_group, read, rows_of
from data_access.errors import Refused
from data_access.filters import in_flow, is_one_of, is_planned_by, of_deal, seen, segment
from data_access.names import rep_name
from data_access.schema import account, activity_day, opportunity, rep_posting
from data_access.scope import Scope

GROUPS = {
    "rep": "rep_id",
    "region": "region_id",
    "kind": "kind",
    "origin": "origin",
    "day": "completed_day",
    "week": "completed_week",
    "month": "completed_month",
}
_DAYS = ("day", "week", "month")


def of_activity(scope: Scope):
    """The filters on what an activity was about."""
    conditions: list[sa.ColumnElement[bool]] = [sa.true()]
    if scope.asks_about_deals:
        wanted = sa.select(opportunity.c.opportunity_id).where(of_deal(scope.but(segments=())))
        conditions.append(activity_day.c.opportunity_id.in_(wanted))
    if scope.segments:
        wanted = sa.select(account.c.account_id).where(segment.in_(scope.segments))
        conditions.append(activity_day.c.account_id.in_(wanted))
    return sa.and_(*conditions)


def completed(scope: Scope) -> sa.Subquery:
    """The activities completed in the period up to the as-of date: rows of `activity_day`.

    Adds is_bare, 1 where there is neither an origin nor a result, else 0.
    """
    a = activity_day.c
    is_bare = sa.case((sa.and_(a.origin.is_(None), ~a.has_result), 1), else_=0)
    return (
        sa.select(activity_day, is_bare.label("is_bare"))
        .where(in_flow(a.completed_day, scope), seen(a.rep_id, a.region_id, scope), of_activity(scope))
        .subquery("completed")
    )


def planned(scope: Scope) -> sa.Subquery:
    """The activities first planned for a day of the period up to the as-of date, and entered by that date: rows of
    `activity_day`, with the region where the rep was posted on that day.

    Adds state: on_time (completed by the day for which it was first planned), late (after it), cancelled, overdue
    (that day lies before the as-of date), due (on the as-of date, not yet done); all as of the date.
    """
    a, posting = activity_day.c, rep_posting.c
    as_of = scope.as_of.toordinal()
    columns = [column for column in activity_day.columns if column.name != "region_id"]
    state = sa.case(
        (sa.and_(a.completed_day <= as_of, a.completed_day <= a.first_planned_day), "on_time"),
        (a.completed_day <= as_of, "late"),
        (a.cancelled_day <= as_of, "cancelled"),
        (a.first_planned_day < as_of, "overdue"),
        else_="due",
    )
    posted = sa.and_(
        posting.rep_id == a.rep_id, posting.from_day <= a.first_planned_day, posting.to_day > a.first_planned_day
    )
    return (
        sa.select(*columns, posting.region_id, state.label("state"))
        .select_from(activity_day.outerjoin(rep_posting, posted))
        .where(
            in_flow(a.first_planned_day, scope),
            is_planned_by(a.created_day, as_of),
            seen(a.rep_id, posting.region_id, scope),
            of_activity(scope),
        )
        .subquery("planned")
    )


def added(scope: Scope) -> sa.Subquery:
    """The activities entered in the period up to the as-of date, done or planned: rows of `activity_day`, with the
    region where the rep was posted on the day of entry. What has no day of entry is not among them."""
    a, posting = activity_day.c, rep_posting.c
    columns = [column for column in activity_day.columns if column.name != "region_id"]
    posted = sa.and_(posting.rep_id == a.rep_id, posting.from_day <= a.created_day, posting.to_day > a.created_day)
    return (
        sa.select(*columns, posting.region_id)
        .select_from(activity_day.outerjoin(rep_posting, posted))
        .where(in_flow(a.created_day, scope), seen(a.rep_id, posting.region_id, scope), of_activity(scope))
        .subquery("added")
    )


def activities_are_recorded(database: sa.Engine, _scope: Scope) -> bool:
    """Whether any activity was ever imported: without one, nobody knows what anybody did. The same for everybody."""
    known = sa.exists().where(activity_day.c.activity_id.is_not(None))
    recorded = sa.select(sa.case((known, 1), else_=0).label("recorded")).order_by("recorded")
    return bool(read(database, recorded)["recorded"].iloc[0])


def completed_totals(database: sa.Engine, scope: Scope, by: Sequence[str] = ("rep",)) -> pd.DataFrame:
    """One row per group (of GROUPS; days, weeks and months as dates) of the activities completed in the period.

    completed    how many; meetings    of them, of the kind meeting; bare    of them, with neither origin nor result
    """
    rows = completed(scope)
    sums = (
        sa.func.count(),
        sa.func.sum(sa.case((rows.c.kind == "meeting", 1), else_=0)),
        sa.func.sum(rows.c.is_bare),
    )
    return _grouped(database, rows, by, sums, ("completed", "meetings", "bare"))


def planned_totals(database: sa.Engine, scope: Scope, by: Sequence[str] = ("rep",)) -> pd.DataFrame:
    """One row per group (of GROUPS) of the activities planned in the period: on_time, late, overdue, cancelled, due;
    see `planned`."""
    rows = planned(scope)
    states = ("on_time", "late", "overdue", "cancelled", "due")
    sums = tuple(sa.func.sum(sa.case((rows.c.state == state, 1), else_=0)) for state in states)
    return _grouped(database, rows, by, sums, states)


def added_totals(database: sa.Engine, scope: Scope, by: Sequence[str] = ("rep",)) -> pd.DataFrame:
    """One row per group (of GROUPS) of the activities entered in the period: added, how many; see `added`."""
    rows = added(scope)
    return _grouped(database, rows, by, (sa.func.count(rows.c.activity_id),), ("added",))


def entry_days_are_recorded(database: sa.Engine, _scope: Scope) -> bool:
    """Whether any activity has a day of entry: without one, nobody knows what was added when. For everybody alike."""
    known = sa.select(activity_day.c.created_day).where(activity_day.c.created_day.is_not(None))
    return bool(rows_of(database, known.limit(1)))


def _grouped(database, rows: sa.Subquery, by: Sequence[str], sums: tuple, names: Sequence[str]) -> pd.DataFrame:
    unknown = [name for name in by if name not in GROUPS]
    if unknown:
        raise Refused(f"Activities cannot be grouped by {unknown[0]!r}. Groups are {', '.join(GROUPS)}.")
    groups = [rows.c[GROUPS[name]] for name in by]
    keys = [name if name in _DAYS else GROUPS[name] for name in by]
    statement = (
        sa.select(*as_named(groups, keys), *as_named(sums, names))
        .group_by(*groups)
        .order_by(*(group.nulls_last() for group in groups))
    )
    found = read(database, statement, {name: "day" for name in keys if name in _DAYS})
    return found if by else found.fillna(0)  # a sum over nothing is NULL


def activity_list(
    database: sa.Engine, scope: Scope, what: str = "completed", **narrower: str | tuple | None
) -> pd.DataFrame:
    """One row per activity behind a number, the latest first: the columns of ROWS.

    what       completed, bare, or a state of `planned`
    narrower   rep_ids, region_ids (tuples; None in one: without a region), rep_id, kind, origin ("": none): only such
               ones; days are the scope's
    """
    rows = completed(scope) if what in ("completed", "bare") else planned(scope)
    conditions = []
    if what == "bare":
        conditions.append(rows.c.is_bare == 1)
    elif what != "completed":
        conditions.append(rows.c.state == what)
    for name, wanted in narrower.items():
        if isinstance(wanted, tuple):
            conditions.append(is_one_of(rows.c[name.removesuffix("s")], wanted))
        elif wanted == "":
            conditions.append(rows.c[name].is_(None))
        elif wanted is not None:
            conditions.append(rows.c[name] == wanted)
    statement = (
        sa.select(
            rows.c.activity_id,
            rows.c.completed_day.label("completed_on"),
            rows.c.first_planned_day.label("planned_on"),
            rep_name(rows.c.rep_id).label("rep"),
            sa.func.coalesce(account.c.name, rows.c.account_id).label("account"),
            sa.func.coalesce(opportunity.c.name, rows.c.opportunity_id).label("deal"),
            rows.c.kind,
            rows.c.origin,
            sa.case((rows.c.two_way, 1), (~rows.c.two_way, 0)).label("two_way"),
            sa.case((rows.c.has_result, 1), else_=0).label("has_result"),
            rows.c.minutes,
        )
        .select_from(
            rows.outerjoin(account, account.c.account_id == rows.c.account_id).outerjoin(
                opportunity, opportunity.c.opportunity_id == rows.c.opportunity_id
            )
        )
        .where(*conditions)
        .order_by(sa.func.coalesce(rows.c.completed_day, rows.c.first_planned_day).desc(), rows.c.activity_id)
    )
    return read(database, statement, {"completed_on": "day", "planned_on": "day"})


def last_two_way(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account with a completed two-way activity by the as-of date, whoever did it: account_id,
    last_on (the day of the last one)."""
    a = activity_day.c
    statement = sa.select(a.account_id, sa.func.max(a.completed_day).label("last_on")).where(
        a.two_way, a.account_id.is_not(None), a.completed_day <= scope.as_of.toordinal()
    )
    return read(database, per_group(statement, a.account_id), {"last_on": "day"})


def touches_by_account(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account touched in the period up to the as-of date, whoever did it: account_id, touches (completed
    activities)."""
    a = activity_day.c
    statement = sa.select(a.account_id, sa.func.count().label("touches")).where(
        in_flow(a.completed_day, scope), a.account_id.is_not(None)
    )
    return read(database, per_group(statement, a.account_id))
