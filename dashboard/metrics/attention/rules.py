"""Leaks: the thresholds of their rules, which are muted, in which order they stand, and what they add up to. Pure.

A leak is a row of COLUMNS. `days` counts from the day on which its limit was reached, or on which it happened.
"""

from collections.abc import Mapping

import pandas as pd

from dashboard.metrics.accounts.one_account import RHYTHM
from dashboard.metrics.amounts import ratio

DEFAULTS: Mapping[str, float] = {
    # Deals. How many days are borne: beyond the stage's norm, past the expected close; from how many on there must be a
    # next step.
    "stalled_days": 0,
    "pushes": 3,
    "no_next_step_days": 0,
    "overdue_days": 0,
    # The share of the expected margin that the cost of sale may reach.
    "stop_loss_share": 1.0,
    # Key accounts: two months without a word are two rounds of the monthly judgement of closeness missed.
    "silent_days": 60,
    "importance_days": RHYTHM["potential"],
    "needs_days": RHYTHM["0-3m"],
    "closeness_days": RHYTHM["closeness"],
    # How many of the company's accounts, by revenue and by open pipeline, are too large to go without a score.
    "large_accounts": 20,
    # Accounts: of how many days two-way contacts contest one, and on how many days; after how many without any
    # activity it is orphaned.
    "contested_days": 90,
    "contested_contacts": 2,
    "orphaned_days": 90,
    # How many days the new owner of an account may take for the first contact.
    "first_contact_days": 14,
    # Regions: the share of the needed coverage below which it is too little.
    "coverage_share": 1.0,
    # Support: the share of the available hours that may be booked, and how late a request may be.
    "overload_share": 1.0,
    "request_days": 0,
    # Norms and win rates that rest on fewer cases say nothing.
    "least_n": 10,
}
"""The thresholds as long as nobody published others: the values of a profile of the kind `attention`."""

COLUMNS = {
    "rule": "object",
    "subject_kind": "object",  # opportunity, account, region, rep, support_person, support_request, source, company
    "subject_id": "object",
    "subject": "object",  # its name
    "value_at_risk": "Float64",  # units of the base currency; empty: not known
    "is_assumed": "boolean",  # it rests on too few cases of its own; empty: nothing was learnt for it
    "is_revenue": "boolean",  # … of twelve months, not of open deals
    "days": "Int64",  # empty: since nobody knows when
    "owner_id": "object",
    "owner": "object",
    "region_id": "object",
    "region": "object",
    "opportunity_id": "object",  # the deal it is about, if any
    "account_id": "object",  # the account it is about, if any
    "measure": "Float64",  # what was found, and what was allowed, in the rule's own unit
    "limit": "Float64",
    "detail": "object",  # what else the reason needs: a stage, what is overdue
    "n": "Int64",  # the cases that the limit rests on; empty: it is a set one
}
"""The columns of a leak, whatever the rule."""

SUBJECT = ["rule", "subject_kind", "subject_id"]
"""What makes a leak the same one on another day: what a dismissal is about."""


def rows_of(rule: str, subject_kind: str, found: pd.DataFrame) -> pd.DataFrame:
    """The leaks a rule found, with every column of COLUMNS; what the rule does not know is empty. subject_kind holds
    where the rule does not say one for each row."""
    given = {"subject_kind": subject_kind} | {name: found[name] for name in found.columns} | {"rule": rule}
    columns = {
        name: pd.Series(given.get(name), index=found.index, dtype=None if name in found else dtype).astype(dtype)
        for name, dtype in COLUMNS.items()
    }
    return pd.DataFrame(columns).reset_index(drop=True)


def muted(rows: pd.DataFrame, least_n: float) -> pd.Series:
    """Whether a leak's limit rests on too few cases to be held against anybody."""
    return (rows["n"] < least_n).fillna(False).astype(bool)


def ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Most value at risk first, then the longest; what is not known last."""
    return rows.sort_values(
        ["value_at_risk", "days", "rule", "subject_id"],
        ascending=[False, False, True, True],
        na_position="last",
        ignore_index=True,
    )


def by_rule(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per rule that found something, most value first: rule, leaks, value_at_risk (of those with one; empty:
    none has), without_value (how many have none), longest (days)."""
    found = rows.groupby("rule", sort=False).agg(
        leaks=("subject_id", "size"),
        with_value=("value_at_risk", "count"),
        value_at_risk=("value_at_risk", lambda values: values.sum(min_count=1)),
        longest=("days", "max"),
    )
    found = found.assign(without_value=found["leaks"] - found["with_value"]).drop(columns="with_value").reset_index()
    return found.sort_values(["value_at_risk", "leaks"], ascending=False, na_position="last", ignore_index=True)


def needed_coverage(closing: Mapping[str, float], win_rates: Mapping[str, float | None]) -> float | None:
    """How many times what is left to win the pipeline must be: 1 ÷ the win rate by value of the tracks, weighed as
    their deals stand in the closing pipeline; without one, 1 ÷ the best of them. None where it takes a win rate that
    is not known.

    closing, win_rates   per track: the amount expected to close; won ÷ (won + lost), by value
    """
    weights = {track: amount for track, amount in closing.items() if amount > 0}
    if not weights:
        known = [rate for rate in win_rates.values() if rate is not None]
        return ratio(1, max(known, default=None))
    rates = {track: rate for track in weights if (rate := win_rates.get(track)) is not None}
    if len(rates) < len(weights):
        return None
    won = sum(weight * rates[track] for track, weight in weights.items())
    return ratio(sum(weights.values()), won)
