"""Who works an account: the facts behind contested accounts. All of the company's work counts, since a contest has two
sides; who may see the account sees with whom, as they see its activities."""

from datetime import timedelta

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.engine import per_group, read
from data_access.filters import within
from data_access.schema import activity_day, assignment, opportunity
from data_access.scope import Scope, company


def open_deals(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (account, region, owner) of the deals open as of the date, of the whole company: account_id,
    region_id, rep_id (the owner), deals, first_day (of their creation; an ordinal, empty: not known). Deals without an
    account or a region stand for nobody."""
    rows = deals.open_on(company(scope))
    columns = (opportunity.c.account_id, rows.c.region_id, rows.c.owner_id)
    # One deal of unknown age makes the first day unknown.
    first_day = sa.case((sa.func.count(rows.c.created_day) == sa.func.count(), sa.func.min(rows.c.created_day)))
    statement = (
        sa.select(
            opportunity.c.account_id,
            rows.c.region_id,
            rows.c.owner_id.label("rep_id"),
            sa.func.count().label("deals"),
            first_day.label("first_day"),
        )
        .select_from(rows.join(opportunity, opportunity.c.opportunity_id == rows.c.opportunity_id))
        .where(opportunity.c.account_id.is_not(None), rows.c.region_id.is_not(None))
    )
    return read(database, per_group(statement, *columns))


def activities(database: sa.Engine, scope: Scope, days: int) -> pd.DataFrame:
    """One row per (account, region, rep, day) of the activities completed in so many days up to the as-of date, that
    day included, of the whole company: account_id, region_id (of the doer's posting that day), rep_id, day (an
    ordinal), activities, of them two_way, and told (how many say whether they were). Collaboration is left out."""
    a = activity_day.c
    columns = (a.account_id, a.region_id, a.rep_id, a.completed_day)
    statement = sa.select(
        a.account_id,
        a.region_id,
        a.rep_id,
        a.completed_day.label("day"),
        sa.func.count().label("activities"),
        sa.func.sum(sa.case((a.two_way.is_(True), 1), else_=0)).label("two_way"),
        sa.func.count(a.two_way).label("told"),
    ).where(
        within(a.completed_day, scope.as_of - timedelta(days=days - 1), scope.as_of),
        a.account_id.is_not(None),
        a.region_id.is_not(None),
        sa.func.coalesce(a.origin, "") != "collaboration",
    )
    return read(database, per_group(statement, *columns))


def fill_ins(database: sa.Engine, _scope: Scope) -> pd.DataFrame:
    """One row per stretch in which somebody filled in on an account: account_id, rep_id, from_on, to_on (outside;
    empty: still), as `coverage.directors` has the directors. The same for everybody."""
    a = assignment.c
    statement = (
        sa.select(a.subject_id.label("account_id"), a.rep_id, a.from_on, a.to_on)
        .where(a.subject_kind == "account", a.role == "fill_in", a.rep_id.is_not(None))
        .order_by(a.subject_id, a.from_on)
    )
    return read(database, statement)
