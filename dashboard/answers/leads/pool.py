"""The public and the private pool (公海/私海)."""

import pandas as pd

from dashboard.answers import Ask
from dashboard.metrics.leads import pool as metrics
from data_access.leads import pool
from data_access.scope import Scope


def moves(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per time in the period that a lead or account was recycled or claimed: what pool.moves has, is_claim
    (else it was recycled), days (in the pool it left), has_yielded (converted, or got a deal, since)."""
    found = ask(pool.moves, scope)
    return found.assign(
        is_claim=found["from_rep_id"].isna().astype(bool),
        days=(found["moved_on"] - found["since_on"]).dt.days.astype("float64"),
        has_yielded=metrics.claimed_yield(found, ask(pool.deal_days, scope)),
    )


def summary(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row for leads and one for accounts; see metrics.pool.summary."""
    return metrics.summary(ask(pool.held, scope), moves(ask, scope))
