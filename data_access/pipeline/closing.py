"""Questions about what was closed and what was created in a period."""

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.deal_sums import AMOUNT_FACTS, amount_sums, grouped
from data_access.engine import read
from data_access.scope import Scope


def closed_totals(database: sa.Engine, scope: Scope, by: Sequence[str] = ("track",)) -> pd.DataFrame:
    """One row per (outcome, *by) of the deals closed in the period.

    outcome                won or lost; qualified-out and duplicate losses are left out
    deals, with_amount, amount, lacks_rate    see totals.AMOUNT_FACTS; at the closing day's rate
    cycles, cycle_days     deals with a known creation date, and their days from creation to closing
    gross_margin           minor units of the base currency; with_margin deals have one, for margin_lacks_rate of
                           them there is no rate to convert it
    """
    closed = deals.closed(scope)
    sums = (
        *amount_sums(closed),
        sa.func.count(closed.c.cycle_days).label("cycles"),
        sa.func.coalesce(sa.func.sum(closed.c.cycle_days), 0).label("cycle_days"),
        sa.func.sum(closed.c.has_margin).label("with_margin"),
        (sa.func.sum(closed.c.has_margin) - sa.func.count(closed.c.gross_margin)).label("margin_lacks_rate"),
        sa.func.coalesce(sa.func.sum(closed.c.gross_margin), 0).label("gross_margin"),
    )
    names = ("cycles", "cycle_days", "with_margin", "margin_lacks_rate", "gross_margin")
    return grouped(database, closed, ("outcome", *by), sums, AMOUNT_FACTS | dict.fromkeys(names, "Int64"))


def won_amounts(database: sa.Engine, scope: Scope, by: Sequence[str] = ("track",)) -> pd.DataFrame:
    """One row per (*by, amount) of the won deals that have one: amount (minor units), deals. For medians."""
    return _won_distribution(database, scope, by, "amount")


def won_cycles(database: sa.Engine, scope: Scope, by: Sequence[str] = ("track",)) -> pd.DataFrame:
    """One row per (*by, cycle_days) of the won deals with a creation date: cycle_days, deals. For medians."""
    return _won_distribution(database, scope, by, "cycle_days")


def _won_distribution(database: sa.Engine, scope: Scope, by: Sequence[str], value: str) -> pd.DataFrame:
    closed = deals.closed(scope)
    is_counted = sa.and_(closed.c.outcome == "won", closed.c[value].is_not(None))
    return grouped(database, closed, (*by, value), (sa.func.count().label("deals"),), {"deals": "Int64"}, is_counted)


def won_by_day(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per closing day of the won deals: day, and totals.AMOUNT_FACTS. For pacing."""
    closed = deals.closed(scope)
    statement = (
        sa.select(closed.c.closed_day.label("day"), *amount_sums(closed))
        .where(closed.c.outcome == "won")
        .group_by(closed.c.closed_day)
        .order_by(closed.c.closed_day)
    )
    return read(database, statement, {"day": "day"} | AMOUNT_FACTS)


def won_by_account(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account with a deal won in the period, and one of deals of no account: account_id, and
    totals.AMOUNT_FACTS."""
    closed = deals.closed(scope)
    statement = (
        sa.select(closed.c.account_id, *amount_sums(closed))
        .where(closed.c.outcome == "won")
        .group_by(closed.c.account_id)
        .order_by(closed.c.account_id)
    )
    return read(database, statement, {"account_id": "object"} | AMOUNT_FACTS)


def created_totals(database: sa.Engine, scope: Scope, by: Sequence[str] = ("track",)) -> pd.DataFrame:
    """One row per group of the deals created in the period up to the as-of date.

    deals, with_amount, amount, lacks_rate    every one of them, its amount at creation and that day's rate
    counted                those not left out by the as-of date
    won, undecided         of the counted: won, and still open, as of the date
    """
    created = deals.created(scope)
    counted = created.c.is_counted
    sums = (
        *amount_sums(created),
        sa.func.sum(counted).label("counted"),
        sa.func.sum(sa.case((created.c.outcome == "won", counted), else_=0)).label("won"),
        sa.func.sum(sa.case((created.c.outcome == "open", counted), else_=0)).label("undecided"),
    )
    names = ("counted", "won", "undecided")
    return grouped(database, created, by, sums, AMOUNT_FACTS | dict.fromkeys(names, "Int64"))


def accounts_won(database: sa.Engine, scope: Scope) -> set[str]:
    """The accounts with a deal won in the period."""
    closed = deals.closed(scope)
    statement = (
        sa.select(closed.c.account_id)
        .where(closed.c.outcome == "won", closed.c.account_id.is_not(None))
        .distinct()
        .order_by(closed.c.account_id)
    )
    return set(read(database, statement, {"account_id": "object"})["account_id"])
