"""All key accounts together: their share of what was won, how close we are to them, what they will lack. Pure."""

import pandas as pd

from dashboard.metrics.accounts.one_account import counted
from dashboard.metrics.amounts import MINOR_UNITS, ratio, total


def won_share(won: pd.DataFrame, key: set[str]) -> dict[str, float | None]:
    """key_won_amount, and key_won_share: its part of all that was won; `won` as closing.won_by_account."""
    of_key = total(won[won["account_id"].isin(key)])
    return {"key_won_amount": of_key, "key_won_share": ratio(of_key, total(won))}


def closeness(contacts: pd.DataFrame, judged: pd.DataFrame, day: int) -> pd.Series:
    """The closeness at the end of a day (an ordinal) of each account that has both halves, by account_id; the frames as
    in data_access.accounts.closeness."""
    both = contacts.merge(judged, on="account_id").set_index("account_id")
    values = [
        counted(
            contacts=int(row.contacts),
            seniority=row.seniority,
            two_way_activities=int(row.two_way_activities),
            days_since=None if pd.isna(row.two_way_day) else day - int(row.two_way_day),
            knows_two_way=row.knows_two_way == 1,
            judged=row.score,
        ).value
        for row in both.itertuples()
    ]
    return pd.Series(values, index=both.index, dtype="Float64").dropna()


def closeness_change(now: pd.Series, before: pd.Series) -> dict[str, float | int | None]:
    """key_closeness, the mean of now; key_closeness_count, how many have one; key_closeness_change, the mean change of
    the accounts that had one before as well: who is judged for the first time moves nothing."""
    change = (now - before.reindex(now.index)).dropna()
    return {
        "key_closeness": None if now.empty else float(now.mean()),
        "key_closeness_count": len(now),
        "key_closeness_change": None if change.empty else float(change.mean()),
    }


def needs_gap(needs: pd.DataFrame) -> dict[str, float | int | None]:
    """key_needs_gap, value × (1 − capability ÷ 10) of all needs that hold; key_needs_count: the accounts with one."""
    gap = (needs["value"].astype(float) * (1 - needs["capability"] / 10)).sum() / MINOR_UNITS
    return {
        "key_needs_gap": None if needs.empty else float(gap),
        "key_needs_count": int(needs["account_id"].nunique()),
    }
