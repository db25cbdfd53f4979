"""Accounts that nobody looks after, and how they were handed on. Pure.

Days are ordinals. Four reasons, in this order: the owner left, moved, is missing, or the account is silent.
"""

from collections.abc import Mapping
from itertools import compress

import numpy as np
import pandas as pd

REASONS = ("left", "moved", "missing", "silent")


def orphaned(
    owned: pd.DataFrame,
    postings: pd.DataFrame,
    tree: pd.DataFrame,
    last_day: Mapping[str, int],
    as_of_day: int,
    silent_days: float,
    owners_are_recorded: bool,
) -> pd.DataFrame:
    """The accounts with at least one reason: the columns of `owned`, and

    reasons        a tuple, in the order of REASONS
    days           for how long the longest of them holds (empty: not known)
    silent_days    since the last completed activity (empty: never one)

    owned      ownership.accounts_owned · postings   ownership.postings · tree   ownership.region_tree
    last_day   account_id -> day of the last completed activity. Empty: activities are not recorded, so nobody is silent
    owners_are_recorded   whether any account ever had an owner; else none is missing
    """
    as_of = pd.Timestamp.fromordinal(as_of_day)
    since = {reason: pd.Series(np.nan, index=owned.index) for reason in REASONS}
    holds = {reason: pd.Series(False, index=owned.index) for reason in REASONS}

    holds["left"] = owned["left_on"] <= as_of
    since["left"] = _days_before(owned["left_on"], as_of)
    moved_on = _moved_on(owned, postings, tree)
    holds["moved"] = moved_on.notna()
    since["moved"] = as_of_day - moved_on
    if owners_are_recorded:
        holds["missing"] = owned["owner_id"].isna()
        since["missing"] = _days_before(owned["since_on"].fillna(owned["created_on"]), as_of)
    silence = as_of_day - owned["account_id"].map(last_day).astype(float)
    if last_day:
        since["silent"] = silence.fillna(_days_before(owned["created_on"], as_of))
        holds["silent"] = ~(since["silent"] < silent_days)

    held = pd.DataFrame(holds)
    days = pd.DataFrame(since).where(held).max(axis=1)
    found = owned.assign(
        reasons=[tuple(compress(REASONS, row)) for row in held.to_numpy(dtype=bool)],
        days=days.astype("Int64"),
        silent_days=silence.astype("Int64"),
    )
    return found[held.any(axis=1)].reset_index(drop=True)


def _days_before(days: pd.Series, as_of: pd.Timestamp) -> pd.Series:
    return (as_of - days).dt.days.astype(float)


def _moved_on(owned: pd.DataFrame, postings: pd.DataFrame, tree: pd.DataFrame) -> pd.Series:
    """The day since which the owner is posted where the account is not, having been posted where it is; NaN: never.

    Posted where it is: in its region, in one above it, or in one below. Who took the account over from elsewhere did
    not move away from it.
    """
    related = set(zip(tree["region_id"], tree["ancestor_id"], strict=True))
    related |= {(above, below) for below, above in related}
    of_rep: dict[str, list[tuple[str | None, int]]] = {}
    for rep, region, day in postings[["rep_id", "region_id", "from_day"]].itertuples(index=False, name=None):
        of_rep.setdefault(rep, []).append((region, day))
    places = owned[["owner_id", "region_id"]].drop_duplicates()
    away: dict[tuple, float] = {}
    for owner, place in places.itertuples(index=False, name=None):
        own = of_rep.get(owner, [])
        is_there = [(region, place) in related for region, _ in own]
        if place is not None and own and own[-1][0] is not None and any(is_there) and not is_there[-1]:
            last_there = max(index for index, there in enumerate(is_there) if there)
            away[owner, place] = float(own[last_there + 1][1])
    keys = zip(owned["owner_id"], owned["region_id"], strict=True)
    found = pd.Series([away.get(key, np.nan) for key in keys], index=owned.index, dtype=float)
    taken_over = pd.Series(
        [np.nan if pd.isna(day) else day.toordinal() for day in owned["since_on"]], owned.index, dtype=float
    )
    return found.mask(taken_over >= found)


def handovers(ownerships: pd.DataFrame, worked: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """One row per account that went from one rep to another in the period, the latest first.

    ownerships   ownership.ownerships · worked   orphaned.days_of_new_owners
    account_id, account, region_id, reason
    from_rep_id, from_rep, to_rep_id, to_rep    the last rep before; a time in the public pool between them is skipped
    handed_on, days_without_owner               the next owner's first day, and the days between the two
    first_contact_on, days_to_first             the next owner's first activity with it since (empty: none yet)
    """
    of_reps = ownerships[ownerships["rep_id"].notna()]
    before = of_reps.groupby("account_id")[["rep_id", "rep", "to_on"]].shift()
    changed = before["rep_id"].notna() & (before["rep_id"] != of_reps["rep_id"])
    found = of_reps.assign(from_rep_id=before["rep_id"], from_rep=before["rep"], left_to=before["to_on"])
    found = found[changed & (found["from_on"] >= start) & (found["from_on"] <= end)]
    gap = (found["from_on"] - found["left_to"]).dt.days.clip(lower=0)
    days = pd.to_datetime(worked["day"].astype("Int64") - 719_163, unit="D").astype("datetime64[s]")
    met = found.reset_index().merge(worked.assign(day=days), on=["account_id", "rep_id"])
    first = met[met["day"] >= met["from_on"]].groupby("index")["day"].min().reindex(found.index)
    named = {"rep_id": "to_rep_id", "rep": "to_rep", "from_on": "handed_on"}
    rows = found.assign(
        days_without_owner=gap.astype("Int64"),
        first_contact_on=first.astype("datetime64[s]"),
        days_to_first=(first - found["from_on"]).dt.days.astype("Int64"),
    ).rename(columns=named)
    return rows.drop(columns=["to_on", "left_to"]).sort_values(
        ["handed_on", "account_id"], ascending=[False, True], ignore_index=True
    )
