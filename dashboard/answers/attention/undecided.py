"""What nobody has decided of the accounts that matter: who directs a key account, what we want there, how close we are;
and what the large ones without a score would be worth."""

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.attention import account_rules, silence_rules
from dashboard.answers.attention.facts import Facts
from dashboard.answers.attention.limits import limits
from dashboard.metrics.amounts import MINOR_UNITS
from data_access.attention import dismissals
from data_access.scope import Scope

_RULES = {
    "key_without_director": silence_rules.key_without_director,
    "never_assessed": silence_rules.never_assessed,
    "key_without_goal": silence_rules.key_without_goal,
    "silent": account_rules.silent,
    "large_unscored": silence_rules.large_unscored,
}
"""In the order in which they are decided."""


def undecided(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per account and rule of Attention that it breaks, the largest account first, of the rules above: rule,
    account_id, subject, owner_id, owner, region_id, region, revenue (of twelve months, base currency units; empty: not
    known). Of the scope, only the day and the regions count, as in the ranking; without what somebody put aside.
    """
    facts = Facts(ask, scope, limits(ask, scope))
    found = pd.concat([rule(facts).assign(rule=key) for key, rule in _RULES.items()], ignore_index=True)
    aside = ask(dismissals.holding, scope)
    aside = pd.MultiIndex.from_frame(aside.loc[aside["subject_kind"] == "account", ["rule", "subject_id"]])
    found = found[~pd.MultiIndex.from_frame(found[["rule", "account_id"]]).isin(aside)]
    revenue = facts.ranked.set_index("account_id")["revenue"].astype("Float64") / MINOR_UNITS
    found = found.assign(revenue=found["account_id"].map(revenue))
    found = found.sort_values(["revenue", "account_id"], ascending=[False, True], na_position="last", kind="stable")
    names = ["rule", "account_id", "subject", "owner_id", "owner", "region_id", "region", "revenue"]
    return found[names].reset_index(drop=True)
