"""Collection (回款): what was received of what was won, and what is overdue."""

import pandas as pd

from dashboard.answers import Ask
from dashboard.metrics.amounts import MINOR_UNITS, ratio, total, units
from data_access.accounts import revenue
from data_access.pipeline import closing
from data_access.scope import Scope


def collection(ask: Ask, scope: Scope) -> dict[str, float | int | None]:
    """The keys of `overview.collection`; None for what rests on a table without rows."""
    recorded = ask(revenue.are_recorded, None).iloc[0]
    received = units(ask(revenue.received_of_won, scope)) if recorded["receipts"] else None
    late = ask(revenue.overdue, scope) if recorded["invoices"] else None
    return {
        "received_amount": received,
        "collected_share": ratio(received, total(ask(closing.won_by_account, scope))),
        "overdue_amount": None if late is None else units(late["unpaid"].sum()),
        "overdue_count": None if late is None else len(late),
    }


def overdue(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per overdue invoice, the longest first: `revenue.overdue` in base currency units, with days_overdue."""
    found = ask(revenue.overdue, scope)
    return found.assign(
        amount=found["amount"].astype("Float64") / MINOR_UNITS,
        unpaid=found["unpaid"].astype("Float64") / MINOR_UNITS,
        days_overdue=(pd.Timestamp(scope.as_of) - found["due_on"]).dt.days,
    )
