"""The rules of Attention about accounts."""

import pandas as pd

from dashboard.answers.accounts import contested as contests
from dashboard.answers.accounts import orphaned as orphans
from dashboard.answers.attention.facts import Facts
from dashboard.metrics.attention.rules import rows_of
from data_access.attention import since


def silent(facts: Facts) -> pd.DataFrame:
    """No completed two-way activity for longer than is borne; none ever: since the account is there. Of no account
    where nobody's are recorded. measure: days of silence."""
    last = facts.ask(since.last_two_way, facts.scope)
    if last.empty:
        return rows_of("silent", "account", facts.key_accounts.iloc[:0])
    accounts, borne = facts.key_accounts.merge(last, on="account_id", how="left"), facts.limits["silent_days"]
    created = (pd.Timestamp(facts.scope.as_of) - accounts["created_on"]).dt.days.astype("Int64")
    silence = (facts.day - accounts["two_way_day"]).fillna(created)
    found = accounts.assign(days=silence - int(borne), measure=silence, limit=borne)
    return rows_of("silent", "account", found[(silence.isna() | (silence > borne)).astype(bool)])


def assessment_overdue(facts: Facts) -> pd.DataFrame:
    """An assessment of it (importance, needs, closeness) is older than the rhythm allows; what was never assessed is
    not yet due. One line per account. days: of what is overdue longest · detail: what is overdue, separated by spaces
    """
    accounts = facts.key_accounts
    found = facts.ask(since.last_assessed, facts.scope)
    rhythm = {kind: facts.limits[f"{kind}_days"] for kind in ("importance", "needs", "closeness")}
    age = (pd.Timestamp(facts.scope.as_of) - found["last_on"]).dt.days
    found = found.assign(age=age, limit=found["kind"].map(rhythm).astype(float), over=age - found["kind"].map(rhythm))
    late = found[found["over"] > 0].sort_values(["account_id", "over", "subject"], ascending=[True, False, True])
    of_account = late.groupby("account_id").agg(
        days=("over", "first"), measure=("age", "first"), limit=("limit", "first"), detail=("subject", " ".join)
    )
    return rows_of("assessment_overdue", "account", accounts.merge(of_account, on="account_id"))


def contested(facts: Facts) -> pd.DataFrame:
    """Two regions or more work it at once. measure: how many · detail: the regions, the first to come in first"""
    found = facts.of_accounts(contests.accounts(facts.ask, facts.scope))
    regions = [" · ".join(facts.region_names.get(one, one) for one in ids) for ids in found["region_ids"]]
    return rows_of("contested", "account", found.assign(measure=found["region_ids"].map(len), detail=regions))


def orphaned(facts: Facts) -> pd.DataFrame:
    """Nobody looks after it, and something is at stake. detail: why, separated by spaces (left, moved, missing, silent)
    measure: days since the last activity · limit: the days of silence that make it one
    """
    found = facts.of_accounts(orphans.accounts(facts.ask, facts.scope))
    found = found.assign(
        measure=found["silent_days"], limit=facts.limits["orphaned_days"], detail=found["reasons"].map(" ".join)
    )
    return rows_of("orphaned", "account", found)
