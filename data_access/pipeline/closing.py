"""Questions about what was closed and what was created in a period.

Asked of `moments`, which stand in for the period and as-of date of the scope, a question answers for all of them: there
is a column `moment` more, its place among them, and the groups are those of each.
"""

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.deal_sums import amount_sums, grouped
from data_access.engine import as_named, per_group, read
from data_access.filters import moments_table
from data_access.scope import Moment, Scope


def _asked(moments: Sequence[Moment]) -> tuple[sa.CTE | None, tuple[str, ...]]:
    """The table of the moments asked about, and the group that they make; neither where the scope's own is meant."""
    return (moments_table(moments), ("moment",)) if moments else (None, ())


def closed_totals(
    database: sa.Engine, scope: Scope, by: Sequence[str] = ("track",), moments: Sequence[Moment] = ()
) -> pd.DataFrame:
    """One row per (outcome, *by) of the deals closed in the period.

    outcome                won or lost; qualified-out and duplicate losses are left out
    deals, with_amount, amount, lacks_rate    see deal_sums.amount_sums; at the closing day's rate
    cycles, cycle_days     deals with a known creation date, and their days from creation to closing
    gross_margin           minor units of the base currency; with_margin deals have one, for margin_lacks_rate of
                           them there is no rate to convert it
    """
    table, at = _asked(moments)
    closed = deals.closed(scope, table)
    sums = (
        *amount_sums(closed),
        sa.func.count(closed.c.cycle_days).label("cycles"),
        sa.func.coalesce(sa.func.sum(closed.c.cycle_days), 0).label("cycle_days"),
        sa.func.sum(closed.c.has_margin).label("with_margin"),
        (sa.func.sum(closed.c.has_margin) - sa.func.count(closed.c.gross_margin)).label("margin_lacks_rate"),
        sa.func.coalesce(sa.func.sum(closed.c.gross_margin), 0).label("gross_margin"),
    )
    return grouped(database, closed, (*at, "outcome", *by), sums)


def won_amounts(
    database: sa.Engine, scope: Scope, by: Sequence[str] = ("track",), moments: Sequence[Moment] = ()
) -> pd.DataFrame:
    """One row per (*by, amount) of the won deals that have one: amount (minor units), deals. For medians."""
    return _won_distribution(database, scope, by, "amount", moments)


def won_cycles(
    database: sa.Engine, scope: Scope, by: Sequence[str] = ("track",), moments: Sequence[Moment] = ()
) -> pd.DataFrame:
    """One row per (*by, cycle_days) of the won deals with a creation date: cycle_days, deals. For medians."""
    return _won_distribution(database, scope, by, "cycle_days", moments)


def _won_distribution(
    database: sa.Engine, scope: Scope, by: Sequence[str], value: str, moments: Sequence[Moment]
) -> pd.DataFrame:
    table, at = _asked(moments)
    closed = deals.closed(scope, table)
    is_counted = sa.and_(closed.c.outcome == "won", closed.c[value].is_not(None))
    return grouped(database, closed, (*at, *by, value), (sa.func.count().label("deals"),), is_counted)


def won_by_day(database: sa.Engine, scope: Scope, moments: Sequence[Moment] = ()) -> pd.DataFrame:
    """One row per closing day of the won deals: day, and deal_sums.amount_sums. For pacing."""
    table, at = _asked(moments)
    closed = deals.closed(scope, table)
    groups = [*(closed.c[name] for name in at), closed.c.closed_day]
    statement = sa.select(*as_named(groups, (*at, "day")), *amount_sums(closed)).where(closed.c.outcome == "won")
    return read(database, per_group(statement, *groups), {"day": "day"})


def won_by_account(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account with a deal won in the period, and one of deals of no account: account_id, and
    deal_sums.amount_sums."""
    closed = deals.closed(scope)
    statement = sa.select(closed.c.account_id, *amount_sums(closed)).where(closed.c.outcome == "won")
    return read(database, per_group(statement, closed.c.account_id))


def created_totals(
    database: sa.Engine, scope: Scope, by: Sequence[str] = ("track",), moments: Sequence[Moment] = ()
) -> pd.DataFrame:
    """One row per group of the deals created in the period up to the as-of date.

    deals, with_amount, amount, lacks_rate    every one of them, its amount at creation and that day's rate
    counted                those not left out by the as-of date
    won, undecided         of the counted: won, and still open, as of the date
    """
    table, at = _asked(moments)
    created = deals.created(scope, table)
    counted = created.c.is_counted
    sums = (
        *amount_sums(created),
        sa.func.sum(counted).label("counted"),
        sa.func.sum(sa.case((created.c.outcome == "won", counted), else_=0)).label("won"),
        sa.func.sum(sa.case((created.c.outcome == "open", counted), else_=0)).label("undecided"),
    )
    return grouped(database, created, (*at, *by), sums)


def accounts_won(database: sa.Engine, scope: Scope, moments: Sequence[Moment]) -> list[set[str]]:
    """The accounts with a deal won in the period of each moment."""
    closed = deals.closed(scope, moments_table(moments))
    statement = (
        sa.select(closed.c.moment, closed.c.account_id)
        .where(closed.c.outcome == "won", closed.c.account_id.is_not(None))
        .distinct()
        .order_by(closed.c.moment, closed.c.account_id)
    )
    found = read(database, statement)
    return [set(found.loc[found["moment"] == place, "account_id"]) for place in range(len(moments))]
