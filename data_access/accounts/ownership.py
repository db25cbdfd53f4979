"""Questions about who has the accounts on a day, and what they bring. The accounts are those of the regions in scope,
with its owner and segments; what a deal is (pipeline, track, product, source) chooses no account."""

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.deal_sums import amount_sums
from data_access.engine import per_group, read
from data_access.filters import in_regions, segment
from data_access.names import rep_name
from data_access.schema import account, assignment, opportunity, region_within, rep, rep_posting
from data_access.scope import Scope

_OWNS = sa.and_(assignment.c.subject_kind == "account", assignment.c.role == "owner")


def accounts_owned(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account in scope created by the as-of date (or at an unknown time), with its owner of that day.

    account_id, account (name), region_id, created_on
    owner_id, owner    who has it by `assignment`; where none has begun by then, the account's own owner; empty: nobody
    since_on           the day the owner, or the time without one, began; empty: not known
    left_on            when the owner left the company, if they ever did
    """
    a, place = assignment.c, account.c
    begun = sa.and_(_OWNS, a.subject_id == place.account_id, a.from_on <= scope.as_of)
    # The latest is chosen after the join: SQLite reads what is numbered before it once per account.
    latest = sa.func.row_number().over(partition_by=place.account_id, order_by=a.from_on.desc()).label("place")
    holds = sa.or_(a.to_on.is_(None), a.to_on > scope.as_of)
    owner_id = sa.case((a.subject_id.is_(None), place.owner_id), (holds, a.rep_id))
    since = sa.case((holds, a.from_on), else_=a.to_on)
    owned = (
        sa.select(
            place.account_id,
            place.name,
            place.region_id,
            place.created_on,
            owner_id.label("owner_id"),
            since.label("since_on"),
            latest,
        )
        .select_from(account.outerjoin(assignment, begun))
        .where(
            sa.or_(place.created_on.is_(None), place.created_on <= scope.as_of),
            in_regions(place.region_id, scope),
            segment.in_(scope.segments) if scope.segments else sa.true(),
        )
        .subquery("owned")
    )
    statement = (
        sa.select(
            owned.c.account_id,
            owned.c.name.label("account"),
            *(owned.c[name] for name in ("region_id", "created_on", "owner_id")),
            rep.c.name.label("owner"),
            owned.c.since_on,
            rep.c.left_on,
        )
        .select_from(owned.outerjoin(rep, rep.c.rep_id == owned.c.owner_id))
        .where(owned.c.place == 1, owned.c.owner_id == scope.owner if scope.owner is not None else sa.true())
        .order_by(owned.c.account_id)
    )
    return read(database, statement)


def owners_are_recorded(database: sa.Engine, _scope: Scope) -> bool:
    """Whether anybody was ever said to own an account. The same for everybody."""
    known = sa.or_(
        sa.exists().where(account.c.owner_id.is_not(None)), sa.exists().where(_OWNS, assignment.c.rep_id.is_not(None))
    )
    recorded = sa.select(sa.case((known, 1), else_=0).label("recorded")).order_by("recorded")
    return bool(read(database, recorded)["recorded"].iloc[0])


def ownerships(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per stretch in which somebody owned an account of the regions and segments in scope, begun by the as-of
    date, in order: account_id, account, region_id, rep_id (empty: the public pool), rep (name), from_on, to_on
    (outside; empty: still), reason."""
    a = assignment.c
    statement = (
        sa.select(
            account.c.account_id,
            account.c.name.label("account"),
            account.c.region_id,
            a.rep_id,
            rep_name(a.rep_id).label("rep"),
            a.from_on,
            a.to_on,
            a.reason,
        )
        .select_from(assignment.join(account, account.c.account_id == a.subject_id))
        .where(
            _OWNS,
            a.from_on <= scope.as_of,
            in_regions(account.c.region_id, scope),
            segment.in_(scope.segments) if scope.segments else sa.true(),
        )
        .order_by(account.c.account_id, a.from_on)
    )
    return read(database, statement)


def postings(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per stretch of days of a rep in one region begun by the as-of date, in order: rep_id, region_id,
    from_day (an ordinal). The same for everybody: without it nobody knows who moved away."""
    p = rep_posting.c
    statement = (
        sa.select(p.rep_id, p.region_id, p.from_day)
        .where(p.from_day <= scope.as_of.toordinal())
        .order_by(p.rep_id, p.from_day)
    )
    return read(database, statement)


def region_tree(database: sa.Engine, _scope: Scope) -> pd.DataFrame:
    """One row per pair of a region and a region it lies in, itself included: region_id, ancestor_id. The same for
    everybody."""
    w = region_within.c
    statement = sa.select(w.region_id, w.ancestor_id).order_by(w.region_id, w.ancestor_id)
    return read(database, statement)


def of_person(scope: Scope) -> Scope:
    """The same days for all the person may see: who may see an account sees of it every deal that is theirs to see."""
    return Scope(scope.person, scope.period, scope.as_of, scope.last_day)


def open_by_account(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account with a deal the person may see that is open as of the date: account_id,
    deal_sums.amount_sums. Of the scope, only the person and the day count."""
    rows = deals.open_on(of_person(scope))
    having = rows.join(opportunity, opportunity.c.opportunity_id == rows.c.opportunity_id)
    return _by_account(database, having, opportunity.c.account_id, amount_sums(rows), sa.true())


def won_by_account(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """The same of the deals won in the period. Of the scope, only the person and the days count."""
    rows = deals.closed(of_person(scope))
    return _by_account(database, rows, rows.c.account_id, amount_sums(rows), rows.c.outcome == "won")


def _by_account(database: sa.Engine, rows: sa.FromClause, account_id, sums: tuple, condition) -> pd.DataFrame:
    statement = sa.select(account_id, *sums).select_from(rows).where(account_id.is_not(None), condition)
    return read(database, per_group(statement, account_id))
