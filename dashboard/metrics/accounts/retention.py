"""What stays: contract value a year on. Pure."""

from datetime import date

import pandas as pd


def retention(contracts: pd.DataFrame, before: date, now: date) -> tuple[float | None, float | None]:
    """Gross and net retention between two days; None where no contract ran on the first.

    contracts: revenue.contracts. An account's value on a day is the yearly value of its contracts in force then
    (amount ÷ days × 365). Gross counts no increase of an account; net counts them, of accounts that had any.
    """
    if contracts.empty:
        return None, None
    days = (contracts["ends_on"] - contracts["starts_on"]).dt.days + 1
    yearly = contracts["amount"].astype(float) / days.clip(lower=1) * 365
    was = _in_force(contracts, yearly, before)
    is_now = _in_force(contracts, yearly, now).reindex(was.index, fill_value=0.0)
    if was.sum() == 0:
        return None, None
    return float(is_now.clip(upper=was).sum() / was.sum()), float(is_now.sum() / was.sum())


def _in_force(contracts: pd.DataFrame, yearly: pd.Series, day: date) -> pd.Series:
    moment = pd.Timestamp(day)
    runs = (contracts["starts_on"] <= moment) & (contracts["ends_on"] >= moment)
    return yearly[runs].groupby(contracts.loc[runs, "account_id"]).sum()


def repeat_rate(earlier: set[str], later: set[str]) -> float | None:
    """Of the accounts that won in the earlier twelve months, the share that won again in the later twelve."""
    return len(earlier & later) / len(earlier) if earlier else None
