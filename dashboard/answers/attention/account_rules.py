"""The rules of Attention about accounts."""

import pandas as pd

from dashboard.answers.accounts import contested as contests, orphaned as orphans
from dashboard.answers.accounts.key_accounts import trailing_year
from dashboard.answers.attention.facts import Facts
from data_access.accounts import orphaned as activities, ownership
from data_access.attention import since
from data_access.scope import company


def silent(facts: Facts) -> pd.DataFrame:
    """No completed two-way activity for longer than is borne; none ever: since the account is there. Of no account
    where nobody's are recorded. measure: days of silence."""
    last = facts.ask(since.last_two_way, company(facts.scope))
    if last.empty:
        return facts.key_accounts.iloc[:0]
    accounts, borne = facts.key_accounts.merge(last, on="account_id", how="left"), facts.limits["silent_days"]
    created = (pd.Timestamp(facts.scope.as_of) - accounts["created_on"]).dt.days.astype("Int64")
    silence = (facts.day - accounts["two_way_day"]).fillna(created)
    found = accounts.assign(days=silence - int(borne), measure=silence, limit=borne)
    return found[(silence.isna() | (silence > borne)).astype(bool)]


def assessment_overdue(facts: Facts) -> pd.DataFrame:
    """An assessment of it (importance, needs, closeness) is older than the rhythm allows; what was never assessed is
    not yet due. One line per account. days: of what is overdue longest · detail: what is overdue, separated by spaces
    """
    accounts = facts.key_accounts
    found = facts.ask(since.last_assessed, company(facts.scope))
    rhythm = {kind: facts.limits[f"{kind}_days"] for kind in ("importance", "needs", "closeness")}
    age = (pd.Timestamp(facts.scope.as_of) - found["last_on"]).dt.days
    found = found.assign(age=age, limit=found["kind"].map(rhythm).astype(float), over=age - found["kind"].map(rhythm))
    late = found[found["over"] > 0].sort_values(["account_id", "over", "subject"], ascending=[True, False, True])
    of_account = late.groupby("account_id").agg(
        days=("over", "first"), measure=("age", "first"), limit=("limit", "first"), detail=("subject", " ".join)
    )
    return accounts.merge(of_account, on="account_id")


def contested(facts: Facts) -> pd.DataFrame:
    """Two regions or more work it at once. measure: how many · detail: the regions, the first to come in first"""
    found = facts.of_accounts(contests.accounts(facts.ask, facts.scope))
    regions = [" · ".join(facts.region_names.get(one, one) for one in ids) for ids in found["region_ids"]]
    return found.assign(measure=found["region_ids"].map(len), detail=regions)


def orphaned(facts: Facts) -> pd.DataFrame:
    """Nobody looks after it, and something is at stake. detail: why, separated by spaces (left, moved, missing, silent)
    measure: days since the last activity · limit: the days of silence that make it one
    """
    found = facts.of_accounts(orphans.accounts(facts.ask, facts.scope))
    return found.assign(
        measure=found["silent_days"], limit=facts.limits["orphaned_days"], detail=found["reasons"].map(" ".join)
    )


def late_contact(facts: Facts) -> pd.DataFrame:
    """It went from one rep to another within twelve months, and the new owner has done nothing with it for more days
    than are borne, though something is at stake. Of no account where no activities are recorded.

    days: those beyond · measure: days since the handover · detail: who had it before
    """
    ask, scope, borne = facts.ask, facts.scope, facts.limits["first_contact_days"]
    year = trailing_year(scope)
    at_stake = pd.concat([ask(ownership.open_by_account, scope), ask(ownership.won_by_account, year)])["account_id"]
    if ask(activities.last_activities, company(scope)).empty:
        at_stake = at_stake.iloc[:0]
    handed = orphans.handovers(ask, year.but(owner=None))
    handed = handed[handed["first_contact_on"].isna() & handed["account_id"].isin(at_stake)]
    handed = handed.rename(columns={"to_rep_id": "owner_id", "handed_on": "since_on"})
    keys = ["account_id", "owner_id", "since_on"]
    owned = ask(ownership.accounts_owned, scope)
    found = facts.of_accounts(owned.merge(handed[[*keys, "from_rep_id", "from_rep"]], on=keys))
    days = (pd.Timestamp(scope.as_of) - found["since_on"]).dt.days
    before = found["from_rep"].fillna(found["from_rep_id"])
    return found.assign(days=days - int(borne), measure=days, limit=borne, detail=before)[days > borne]
