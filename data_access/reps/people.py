"""Questions about the people: who is where, who owns what, who is credited."""

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.deal_sums import amount_sums
from data_access.engine import as_named, per_group, read
from data_access.filters import in_flow, in_regions, segment, valid_on
from data_access.names import region_name, rep_name
from data_access.reps.activities import completed
from data_access.schema import (
    account,
    activity,
    activity_day,
    assignment,
    deal_span,
    opportunity,
    rep,
    rep_posting,
)
from data_access.scope import Scope


def roster(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per rep, as of the date: rep_id, rep (the name), region_id, region (its name), manager_id, manager
    (names, else ids), hired_on, left_on, and

    is_here    1 where the rep's posting of that day lies in the scope, else 0: a page shows these, and whoever had
               something counted
    """
    posting = rep_posting
    is_here = in_regions(posting.c.region_id, scope)
    if scope.owner is not None:
        is_here = sa.and_(is_here, rep.c.rep_id == scope.owner)
    statement = (
        sa.select(
            rep.c.rep_id,
            rep.c.name.label("rep"),
            posting.c.region_id,
            region_name(posting.c.region_id).label("region"),
            posting.c.manager_id,
            rep_name(posting.c.manager_id).label("manager"),
            rep.c.hired_on,
            rep.c.left_on,
            sa.case((is_here, 1), else_=0).label("is_here"),
        )
        .select_from(rep.outerjoin(posting, sa.and_(posting.c.rep_id == rep.c.rep_id, valid_on(posting, scope.as_of))))
        .order_by(rep.c.rep_id)
    )
    return read(database, statement)


def owned(scope: Scope) -> sa.Subquery:
    """The accounts owned on the as-of date: account_id, rep_id, region_id (where the owner was posted that day).

    The owner is that of the assignment valid that day (from_on inside, to_on outside; of several the latest begun);
    of an account that never had an owner assigned, the account's own, if it was created by then.
    """
    a, posting = assignment.c, rep_posting
    is_ownership = sa.and_(a.subject_kind == "account", a.role == "owner")
    latest = sa.func.row_number().over(partition_by=a.subject_id, order_by=a.from_on.desc()).label("place")
    held = (
        sa.select(a.subject_id.label("account_id"), a.rep_id, latest)
        .where(is_ownership, a.from_on <= scope.as_of, sa.or_(a.to_on.is_(None), a.to_on > scope.as_of))
        .subquery("held")
    )
    by_assignment = sa.select(held.c.account_id, held.c.rep_id).where(held.c.place == 1)
    by_account = sa.select(account.c.account_id, account.c.owner_id).where(
        ~sa.exists().where(is_ownership, a.subject_id == account.c.account_id),
        sa.or_(account.c.created_on.is_(None), account.c.created_on <= scope.as_of),
    )
    both = sa.union_all(by_assignment, by_account).subquery("both")
    posted = sa.and_(posting.c.rep_id == both.c.rep_id, valid_on(posting, scope.as_of))
    return (
        sa.select(both.c.account_id, both.c.rep_id, posting.c.region_id)
        .select_from(both.outerjoin(posting, posted))
        .where(both.c.rep_id.is_not(None))
        .subquery("owned")
    )


def accounts_owned(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account owned on the as-of date by a rep posted in the scope: account_id, account (its name),
    rep_id, region_id (of that posting), touches (activities the owner completed with it in the period up to the as-of
    date), of a chosen segment only where one is chosen."""
    rows, a = owned(scope), activity_day.c
    touched = (
        sa.select(a.rep_id, a.account_id, sa.func.count().label("touches"))
        .where(
            in_flow(a.completed_day, scope),
            sa.tuple_(a.rep_id, a.account_id).in_(sa.select(rows.c.rep_id, rows.c.account_id)),
        )
        .group_by(a.rep_id, a.account_id)
        .order_by(a.rep_id, a.account_id)
    )
    is_wanted = [in_regions(rows.c.region_id, scope)]
    if scope.owner is not None:
        is_wanted.append(rows.c.rep_id == scope.owner)
    if scope.segments:
        is_wanted.append(segment.in_(scope.segments))
    statement = (
        sa.select(
            rows.c.account_id,
            sa.func.coalesce(account.c.name, rows.c.account_id).label("account"),
            rows.c.rep_id,
            rows.c.region_id,
        )
        .select_from(rows.outerjoin(account, account.c.account_id == rows.c.account_id))
        .where(*is_wanted)
        .order_by(rows.c.account_id)
    )
    found = read(database, statement)
    # Joined here: SQLite reads all touches again for each account, ten seconds of 100,000 deals.
    touches = read(database, touched)
    found = found.merge(touches, on=["rep_id", "account_id"], how="left")
    return found.assign(touches=found["touches"].fillna(0))


def won_credited(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per owner of the closing day and owner of today over the deals won in the period: owner_then, owner_now
    (rep ids; empty: nobody), deal_sums.amount_sums."""
    won = deals.closed(scope)
    owners = (won.c.owner_id, opportunity.c.owner_id)
    statement = (
        sa.select(*as_named(owners, ("owner_then", "owner_now")), *amount_sums(won))
        .select_from(won.join(opportunity, opportunity.c.opportunity_id == won.c.opportunity_id))
        .where(won.c.outcome == "won")
    )
    return read(database, per_group(statement, *owners))


def activities_credited(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per doer, owner of then and owner of the as-of date over the activities completed in the period: rep_id,
    owner_then, owner_now (rep ids of who owned the account; empty: no account, or nobody's), completed.

    The owner of then is that of the day on which the activity was completed, by the rule of `owned`.
    """
    rows, a = completed(scope), assignment.c
    now = owned(scope)
    is_ownership = sa.and_(a.subject_kind == "account", a.role == "owner")
    # A moment against days: within from_on (inside) and to_on (outside), whatever the time of the day.
    held = sa.and_(
        is_ownership,
        a.subject_id == rows.c.account_id,
        a.from_on <= activity.c.completed_at,
        sa.or_(a.to_on.is_(None), a.to_on > activity.c.completed_at),
    )
    # The latest is chosen after the join: SQLite reads what is numbered before it once per activity.
    latest = sa.func.row_number().over(partition_by=rows.c.activity_id, order_by=a.from_on.desc()).label("place")
    then = (
        sa.select(rows.c.rep_id, rows.c.account_id, a.rep_id.label("holder_id"), latest)
        .select_from(rows.join(activity, activity.c.activity_id == rows.c.activity_id).outerjoin(assignment, held))
        .subquery("then")
    )
    was_assigned = sa.exists().where(is_ownership, a.subject_id == then.c.account_id)
    owner_then = sa.case((was_assigned, then.c.holder_id), else_=account.c.owner_id)
    owners, names = (then.c.rep_id, owner_then, now.c.rep_id), ("rep_id", "owner_then", "owner_now")
    statement = (
        sa.select(*as_named(owners, names), sa.func.count().label("completed"))
        .select_from(
            then.outerjoin(account, account.c.account_id == then.c.account_id).outerjoin(
                now, now.c.account_id == then.c.account_id
            )
        )
        .where(then.c.place == 1)
    )
    return read(database, per_group(statement, *owners))


def accounts_with_open_deals(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account with a deal open on the as-of date, of the whole company: account_id."""
    statement = (
        sa.select(opportunity.c.account_id)
        .select_from(deal_span.join(opportunity, opportunity.c.opportunity_id == deal_span.c.opportunity_id))
        .where(valid_on(deal_span, scope.as_of), deal_span.c.outcome == "open", opportunity.c.account_id.is_not(None))
        .distinct()
        .order_by(opportunity.c.account_id)
    )
    return read(database, statement)
