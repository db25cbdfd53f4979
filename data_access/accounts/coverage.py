"""Questions about who covers an account, and who is credited with what was won there."""

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.engine import per_group, read
from data_access.filters import in_regions
from data_access.names import rep_name
from data_access.schema import account, assignment, rep
from data_access.scope import Scope

_OF_ACCOUNTS = assignment.c.subject_kind == "account"


def fill_ins(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per fill-in on the as-of date, on accounts the scope shows: account_id, rep_id, rep, from_on, reason.

    An assignment runs from from_on (inside) to to_on (outside).
    """
    a = assignment.c
    statement = (
        sa.select(a.subject_id.label("account_id"), a.rep_id, rep_name(a.rep_id).label("rep"), a.from_on, a.reason)
        .select_from(assignment.join(account, account.c.account_id == a.subject_id))
        .where(
            _OF_ACCOUNTS,
            a.role == "fill_in",
            a.rep_id.is_not(None),
            a.from_on <= scope.as_of,
            sa.or_(a.to_on.is_(None), a.to_on > scope.as_of),
            in_regions(account.c.region_id, scope),
        )
        .order_by(a.subject_id, a.from_on)
    )
    return read(database, statement)


def directors(database: sa.Engine, _scope: Scope) -> pd.DataFrame:
    """One row per stretch in which somebody directed an account: account_id, rep_id, from_on, to_on (empty: until
    now), left_on (when that person left the company, if ever). An account without any such assignment has its director
    of today throughout: from_on empty too. The same for everybody."""
    a = assignment.c
    is_direction = sa.and_(_OF_ACCOUNTS, a.role == "director")
    assigned = sa.select(a.subject_id.label("account_id"), a.rep_id, a.from_on, a.to_on).where(is_direction)
    of_today = sa.select(account.c.account_id, account.c.key_account_director_id, sa.null(), sa.null()).where(
        account.c.key_account_director_id.is_not(None),
        ~sa.exists().where(is_direction, a.subject_id == account.c.account_id),
    )
    both = sa.union_all(assigned, of_today).subquery("both")
    statement = (
        sa.select(both, rep.c.left_on)
        .select_from(both.outerjoin(rep, rep.c.rep_id == both.c.rep_id))
        .order_by(both.c.account_id, both.c.from_on)
    )
    return read(database, statement)


def won_by_owner(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per owner of the closing day over the deals won in the period: owner_id (empty: nobody), deals,
    amount (minor units of the base currency), lacks_rate (deals with an amount that has no rate)."""
    won = deals.closed(scope)
    statement = sa.select(
        won.c.owner_id,
        sa.func.count().label("deals"),
        sa.func.coalesce(sa.func.sum(won.c.amount), 0).label("amount"),
        sa.func.coalesce(sa.func.sum(won.c.lacks_rate), 0).label("lacks_rate"),
    ).where(won.c.outcome == "won")
    return read(database, per_group(statement, won.c.owner_id))


def won_under_directors(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per deal won in the period on an account that ever had a director: opportunity_id, account_id,
    owner_id (of the closing day), closed_day, amount (minor units of the base currency)."""
    won, a = deals.closed(scope), assignment.c
    directed = sa.union(
        sa.select(a.subject_id).where(_OF_ACCOUNTS, a.role == "director"),
        sa.select(account.c.account_id).where(account.c.key_account_director_id.is_not(None)),
    )
    columns = ("opportunity_id", "account_id", "owner_id", "closed_day", "amount")
    statement = (
        sa.select(*(won.c[name] for name in columns))
        .where(won.c.outcome == "won", won.c.account_id.in_(directed))
        .order_by(won.c.closed_day, won.c.opportunity_id)
    )
    return read(database, statement)


def people(database: sa.Engine, _scope: Scope) -> pd.DataFrame:
    """One row per rep: rep_id, rep (the name). The same for everybody: names stand on pages in many places."""
    statement = sa.select(rep.c.rep_id, rep.c.name.label("rep")).order_by(rep.c.rep_id)
    return read(database, statement)
