"""What was done with the accounts: the facts behind orphaned accounts and handovers."""

import pandas as pd
import sqlalchemy as sa

from data_access.engine import per_group, read
from data_access.filters import within
from data_access.schema import activity_day, assignment
from data_access.scope import Scope


def last_activities(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account of the company with an activity completed by the as-of date: account_id, last_day (an
    ordinal), whoever did it. The page of an account shows the same to who may see it."""
    a = activity_day.c
    statement = sa.select(a.account_id, sa.func.max(a.completed_day).label("last_day")).where(
        a.account_id.is_not(None), a.completed_day <= scope.as_of.toordinal()
    )
    return read(database, per_group(statement, a.account_id))


def days_of_new_owners(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (account, rep, day) on which somebody who came to own the account in the period completed an activity
    with it, from the period's first day to the as-of date: account_id, rep_id, day (an ordinal)."""
    done, a = activity_day.c, assignment.c
    took_over = sa.exists().where(
        a.subject_kind == "account",
        a.role == "owner",
        a.subject_id == done.account_id,
        a.rep_id == done.rep_id,
        a.from_on >= scope.period.start,
        a.from_on <= scope.flow_end,
    )
    statement = (
        sa.select(done.account_id, done.rep_id, done.completed_day.label("day"))
        .where(within(done.completed_day, scope.period.start, scope.as_of), took_over)
        .distinct()
        .order_by(done.account_id, done.rep_id, done.completed_day)
    )
    return read(database, statement)
