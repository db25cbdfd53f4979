"""Questions about accounts as a whole: what each brought, how it is assessed, who covers it."""

from datetime import date, timedelta

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.accounts.assessments import latest
from data_access.deal_sums import amount_sums
from data_access.engine import per_group, read
from data_access.filters import in_regions, segment
from data_access.names import region_name, rep_name
from data_access.schema import account, account_score
from data_access.scope import Period, Scope, company

FACTORS = ("potential", "reference_effect", "winnability")
"""The factors that people assess; past revenue is computed."""


def year_before(scope: Scope) -> Period:
    """The twelve months up to the as-of date, from the day after the same date a year earlier."""
    as_of = scope.as_of
    is_leap_day = (as_of.month, as_of.day) == (2, 29)
    start = as_of.replace(year=as_of.year - 1, day=28 if is_leap_day else as_of.day) + timedelta(days=1)
    return Period(start, as_of)


def won_by_account(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account with a deal won in the period, of the whole company: account_id, deal_sums.amount_sums,
    gross_margin (minor units of the base currency). Of the scope, only its days count."""
    closed = deals.closed(company(scope))
    statement = sa.select(
        closed.c.account_id,
        *amount_sums(closed),
        sa.func.coalesce(sa.func.sum(closed.c.gross_margin), 0).label("gross_margin"),
    ).where(closed.c.outcome == "won", closed.c.account_id.is_not(None))
    return read(database, per_group(statement, closed.c.account_id))


def accounts(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account of the whole company created by the as-of date (or at an unknown time).

    account_id, account (its name)
    group             industry, else customer class, else empty
    region_id, region, owner_id, owner, director_id, director    as of today; names where known
    is_shown          whether the account's region lies in the scope: ranking needs all, a page shows these
    """
    statement = (
        sa.select(
            account.c.account_id,
            account.c.name.label("account"),
            segment.label("group"),
            account.c.region_id,
            region_name(account.c.region_id).label("region"),
            account.c.owner_id,
            rep_name(account.c.owner_id).label("owner"),
            account.c.key_account_director_id.label("director_id"),
            rep_name(account.c.key_account_director_id).label("director"),
            sa.case((in_regions(account.c.region_id, scope), 1), else_=0).label("is_shown"),
        )
        .where(sa.or_(account.c.created_on.is_(None), account.c.created_on <= scope.as_of))
        .order_by(account.c.account_id)
    )
    found = read(database, statement)
    return found.assign(is_shown=found["is_shown"] == 1)


def latest_scores(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (account_id, factor): the latest assessment as of the date: score 0–10, assessed_on, assessed_by."""
    held = latest(account_score, ("account_id", "factor"), scope)
    names = ("account_id", "factor", "score", "assessed_on", "assessed_by")
    statement = sa.select(*(held.c[name] for name in names)).order_by(held.c.account_id, held.c.factor)
    return read(database, statement)


def largest_win(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account of the whole company with a deal won in the period: account_id, largest: its largest won
    deal (minor units of the base currency; empty where none has an amount)."""
    closed = deals.closed(company(scope))
    statement = sa.select(closed.c.account_id, sa.func.max(closed.c.amount).label("largest")).where(
        closed.c.outcome == "won", closed.c.account_id.is_not(None)
    )
    return read(database, per_group(statement, closed.c.account_id))


def assessments(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per assessment of an account up to the as-of date, in the order they hold: factor, score 0–10,
    assessed_on. None where the scope does not show the account."""
    s = account_score.c
    statement = (
        sa.select(s.factor, s.score, s.assessed_on)
        .select_from(account_score.join(account, account.c.account_id == s.account_id))
        .where(s.account_id == account_id, s.assessed_on <= scope.as_of, in_regions(account.c.region_id, scope))
        .order_by(s.assessed_on, sa.case((s.entered_at.is_(None), 0), else_=1), s.entered_at, s.entry_id, s.factor)
    )
    return read(database, statement)


def wins_of(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per deal an account ever gave us up to the as-of date: closed_day, amount (minor units of the base
    currency), has_amount, lacks_rate. None where the scope does not show the account."""
    ever = company(scope.but(period=Period(date.min, scope.as_of)))
    closed = deals.closed(ever)
    shown = sa.select(account.c.account_id).where(in_regions(account.c.region_id, scope))
    columns = ("closed_day", "amount", "has_amount", "lacks_rate")
    statement = (
        sa.select(*(closed.c[name] for name in columns))
        .where(closed.c.outcome == "won", closed.c.account_id == account_id, closed.c.account_id.in_(shown))
        .order_by(closed.c.closed_day)
    )
    return read(database, statement)
