"""The rules of Attention about what nobody wrote down of an account: a judgement, a director, a goal, a score.

Where nothing of a kind is recorded of any account of the company, nothing of it is missing. Since when an account is
key, or large, nobody knows: these leaks have no days.
"""

import pandas as pd

from dashboard.answers.attention.facts import Facts
from dashboard.metrics.accounts.key_accounts import FACTORS
from dashboard.metrics.amounts import each_total
from data_access.accounts import coverage, ownership
from data_access.attention import since
from data_access.scope import company


def never_assessed(facts: Facts) -> pd.DataFrame:
    """Nobody ever judged how close we are, or what it needs. detail: which of the two, separated by spaces"""
    accounts, judged = facts.key_accounts, facts.ask(since.last_assessed, company(facts.scope))
    missing = pd.DataFrame(index=accounts.index)
    for kind in ("closeness", "needs"):
        known = judged.loc[judged["kind"] == kind, "account_id"]
        missing[kind] = ~accounts["account_id"].isin(known) & bool(len(known))
    detail = [" ".join(missing.columns[row]) for row in missing.to_numpy(dtype=bool)]
    return accounts.assign(detail=detail)[missing.any(axis=1)]


def key_without_director(facts: Facts) -> pd.DataFrame:
    """Nobody directs it on the day, or who does has left the company. To name one is the manager's: no owner.
    detail: left, where one has"""
    day = pd.Timestamp(facts.scope.as_of)
    spells = facts.ask(coverage.directors, company(facts.scope))
    spells = spells[~(spells["from_on"] > day)]
    if spells.empty:
        return facts.key_accounts.iloc[:0]
    held = spells[spells["rep_id"].notna() & ~(spells["to_on"] <= day)]
    has_left = held["left_on"] <= day
    accounts = facts.key_accounts
    found = accounts[~accounts["account_id"].isin(held.loc[~has_left, "account_id"])]
    was_left = found["account_id"].isin(held.loc[has_left, "account_id"])
    return found.assign(detail=was_left.map({True: "left", False: None}), owner_id=None, owner=None)


def key_without_goal(facts: Facts) -> pd.DataFrame:
    """No goal is still to be reached. measure: how many were reached"""
    goals = facts.ask(since.goals, facts.scope)
    if goals.empty:
        return facts.key_accounts.iloc[:0]
    accounts = facts.key_accounts.merge(goals, on="account_id", how="left")
    found = accounts.assign(measure=accounts["reached"].fillna(0))
    return found[accounts["ahead"].fillna(0) == 0]


def large_unscored(facts: Facts) -> pd.DataFrame:
    """A factor is missing, so it has no score, and it is one of the company's largest accounts: by what it brought in
    twelve months, or by what is open. measure: its place in the better of the two, ties sharing it · limit: how many
    are the largest · detail: revenue or pipeline, then the missing factors, separated by spaces"""
    ranked, most = facts.ranked, facts.limits["large_accounts"]
    if ranked["score"].isna().all():
        return facts.accounts.iloc[:0]
    opened = facts.ask(ownership.open_by_account, company(facts.scope)).set_index("account_id")
    pipeline = ranked["account_id"].map(each_total(opened))
    amounts = pd.DataFrame({"revenue": ranked["revenue"].astype(float), "pipeline": pipeline.astype(float)})
    places = amounts.where(amounts > 0).rank(ascending=False, method="min")
    best = places.min(axis=1)
    is_large = ranked["score"].isna() & (best <= most)
    by = (places["revenue"] <= best).map({True: "revenue", False: "pipeline"})[is_large]
    missing = ranked.loc[is_large, list(FACTORS)].isna()
    told = [" ".join([one, *missing.columns[row]]) for one, row in zip(by, missing.to_numpy(), strict=True)]
    large = ranked[["account_id"]].assign(measure=best)[is_large].assign(detail=told)
    return facts.accounts.merge(large, on="account_id").assign(limit=most)
