"""Which accounts two or more regions work at the same time. Pure.

A region works an account with an open deal, or by two-way contacts on so many different days: one call from elsewhere
is no contest. Where nobody tells which were two-way, all activities count, and it takes a day more. Contests are about
deals: one of the regions at least has one.

Regions lie in one another: an office and the region above it are one party, so two regions contest an account only
where neither lies in the other. A unit is a region directly below a root; a root is a unit of its own.
"""

import numpy as np
import pandas as pd

_KEYS = ["account_id", "region_id"]


def without_guides(activities: pd.DataFrame, guides: pd.DataFrame) -> pd.DataFrame:
    """The activities that contest: not those of somebody who directed the account, or filled in there, that day.

    activities   contested.activities · guides   account_id, rep_id, from_on, to_on (outside; empty: open ends)
    """
    posts = guides[["account_id", "rep_id"]].assign(
        begins=np.array([0 if pd.isna(day) else day.toordinal() for day in guides["from_on"]], dtype="int64"),
        ends=np.array([4_000_000 if pd.isna(day) else day.toordinal() for day in guides["to_on"]], dtype="int64"),
    )
    numbered = activities.reset_index(drop=True)
    met = numbered.reset_index().merge(posts, on=["account_id", "rep_id"])
    guided = met.loc[(met["begins"] <= met["day"]) & (met["day"] < met["ends"]), "index"]
    return numbered.drop(index=guided.unique())


def parties(deals: pd.DataFrame, activities: pd.DataFrame, tree: pd.DataFrame, contact_days: int) -> pd.DataFrame:
    """One row per (account, region) that contests it, the first to come in first.

    deals        contested.open_deals · activities   contested.activities without guides
    tree         ownership.region_tree · contact_days   how many days of two-way contacts it takes
    account_id, region_id, unit_id
    deals, activities    open deals; activities of the days looked at
    rep_ids              a tuple: who owns those deals or did those activities
    first_day            the first of them (an ordinal; empty: not known)
    last_day             the last activity (empty: none)
    """
    works = pd.concat([deals[_KEYS], _in_touch(activities, contact_days)]).drop_duplicates()
    works = works[works["account_id"].isin(deals["account_id"])]
    done = activities.assign(first_day=activities["day"], last_day=activities["day"])
    work = pd.concat([deals, done.drop(columns=["day", "two_way", "told"])], ignore_index=True)
    work = work.merge(works, on=_KEYS)
    work = work[work["account_id"].isin(_in_several(work))]
    parents = tree[tree["region_id"] != tree["ancestor_id"]]
    inner = work[_KEYS].drop_duplicates().merge(parents, on="region_id")
    covering = pd.MultiIndex.from_frame(inner[["account_id", "ancestor_id"]])
    work = work[~pd.MultiIndex.from_frame(work[_KEYS]).isin(covering)]  # the office stands for what lies above it
    work = work[work["account_id"].isin(_in_several(work))]
    is_unknown = work["first_day"].isna() & work["deals"].notna()
    grouped = work.assign(is_unknown=is_unknown).groupby(_KEYS, sort=True)
    found = grouped[["deals", "activities"]].sum().astype("int64")
    first = grouped["first_day"].min().mask(grouped["is_unknown"].any())
    reps: dict[tuple[str, str], tuple[str, ...]] = {}
    once = work[[*_KEYS, "rep_id"]].dropna().drop_duplicates().sort_values("rep_id")
    for account, region, rep in once.itertuples(index=False, name=None):
        reps[account, region] = (*reps.get((account, region), ()), rep)
    found = found.assign(
        rep_ids=pd.Series([reps.get(key, ()) for key in found.index], index=found.index, dtype=object),
        first_day=first.astype("Int64"),
        last_day=grouped["last_day"].max().astype("Int64"),
    ).reset_index()
    units = found["region_id"].map(units_of(tree)).astype(object)
    found.insert(2, "unit_id", units)
    return found.sort_values(["account_id", "first_day", "region_id"], na_position="first", ignore_index=True)


def _in_touch(activities: pd.DataFrame, contact_days: int) -> pd.DataFrame:
    """The accounts and regions with contacts on enough days."""
    is_told = bool(activities["told"].any())
    contacts = activities[activities["two_way"] > 0] if is_told else activities
    days = contacts.groupby(_KEYS)["day"].nunique()
    return days[days >= contact_days + (not is_told)].reset_index()[_KEYS]


def _in_several(work: pd.DataFrame) -> pd.Index:
    regions = work.groupby("account_id")["region_id"].nunique()
    return regions.index[regions >= 2]


def units_of(tree: pd.DataFrame) -> dict[str, str]:
    """Each region's unit: what it lies in directly below a root, or the root itself."""
    depth = tree.groupby("region_id").size()
    above = tree.assign(depth=tree["ancestor_id"].map(depth))
    below_root = above[above["depth"] == 2].set_index("region_id")["ancestor_id"]
    return {region: below_root.get(region, region) for region in depth.index}


def accounts(found: pd.DataFrame, as_of_day: int) -> pd.DataFrame:
    """One row per contested account.

    found   `parties`
    account_id, region_ids (a tuple, the first to come in first), units (how many), deals, activities
    days    since the second party came in (empty: not known)
    """
    grouped = found.groupby("account_id", sort=True)
    second = found[grouped.cumcount() == 1].set_index("account_id")["first_day"]
    return pd.DataFrame(
        {
            "region_ids": grouped["region_id"].agg(tuple).astype(object),
            "units": grouped["unit_id"].nunique(),
            "deals": grouped["deals"].sum(),
            "activities": grouped["activities"].sum(),
            "days": (as_of_day - second).astype("Int64"),
        }
    ).reset_index()
