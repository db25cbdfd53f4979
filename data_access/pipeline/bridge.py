"""Questions about what moved the open pipeline between two days."""

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.deal_sums import amount_sums, grouped
from data_access.filters import moments_table
from data_access.scope import Moment, Scope


def movement_totals(
    database: sa.Engine, scope: Scope, by: Sequence[str] = (), moments: Sequence[Moment] = ()
) -> pd.DataFrame:
    """One row per (bar, *by): what moved the pipeline in the period up to the as-of date; of moments, as in `closing`,
    one per moment and group.

    bar        created, reopened, amount_up, amount_down, moved_in, moved_out, won, lost, left_out, removed
    deals      movements (a deal may move more than once)
    amount     signed, minor units of the base currency at the rates of the last day; lacks_rate: without one
    """
    moved = deals.movements(scope, moments_table(moments) if moments else None)
    return grouped(database, moved, (*(("moment",) if moments else ()), "bar", *by), amount_sums(moved))


def stock(database: sa.Engine, scope: Scope, end: str, by: Sequence[str] = ("track",)) -> pd.DataFrame:
    """One row per group of the deals open at the `end` (opening: the day before the period; closing: its last
    day, or the as-of date), both at the rates of the last day. Columns: deal_sums.amount_sums."""
    opened = deals.open_on(scope, stock_day(scope, end), rates_of=scope.flow_end)
    return grouped(database, opened, by, amount_sums(opened))


def stock_day(scope: Scope, end: str):
    """The day at whose end the bridge's `opening` or `closing` is counted."""
    return min(scope.day_before, scope.flow_end) if end == "opening" else scope.flow_end
