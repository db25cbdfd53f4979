"""Accounts that nobody looks after (盲区), what they are worth, and how accounts were handed on."""

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.accounts.key_accounts import trailing_year
from dashboard.answers.attention.limits import limits
from dashboard.metrics.accounts import orphaned as metrics
from dashboard.metrics.amounts import totals_by
from data_access.accounts import orphaned, ownership
from data_access.scope import Scope, company


def accounts(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per orphaned account in scope, the highest value at risk first.

    account_id, account, region_id, owner_id, owner    as of the date
    reasons, days, silent_days    see metrics.orphaned.orphaned
    open_deals        how many are open on it
    value_at_risk     its open pipeline; without an open deal, what it brought in the twelve months up to the as-of date
                      (base currency units; None: not known). Deals that are not the person's to see count in neither
    """
    owned = ask(ownership.accounts_owned, scope)
    whole = company(scope)
    last = ask(orphaned.last_activities, whole).set_index("account_id")["last_day"].to_dict()
    tree, postings = ask(ownership.region_tree, whole), ask(ownership.postings, whole)
    recorded = ask(ownership.owners_are_recorded, whole)
    day = scope.as_of.toordinal()
    silent_days = limits(ask, scope).values["orphaned_days"]
    found = metrics.orphaned(owned, postings, tree, last, day, silent_days, recorded)

    opened = ask(ownership.open_by_account, scope)
    trailing = totals_by(ask(ownership.won_by_account, trailing_year(scope)), "account_id")
    at_risk = trailing | totals_by(opened, "account_id")
    found = found[found["account_id"].isin(at_risk)]
    deals = found["account_id"].map(opened.set_index("account_id")["deals"]).fillna(0).astype("Int64")
    value = pd.array([at_risk[account] for account in found["account_id"]], dtype="Float64")
    rows = found.drop(columns=["created_on", "since_on", "left_on"]).assign(open_deals=deals, value_at_risk=value)
    return rows.sort_values(
        ["value_at_risk", "account_id"], ascending=[False, True], na_position="last", ignore_index=True
    )


def can_be_known(ask: Ask, scope: Scope) -> bool:
    """Whether anything is recorded by which an account could be orphaned: an owner, or an activity."""
    whole = company(scope)
    return ask(ownership.owners_are_recorded, whole) or not ask(orphaned.last_activities, whole).empty


def handovers(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per account of the regions in scope that went from one rep to another in the period; see
    metrics.orphaned.handovers. The owner filter leaves those from or to that rep."""
    found = metrics.handovers(
        ask(ownership.ownerships, scope),
        ask(orphaned.days_of_new_owners, company(scope)),
        pd.Timestamp(scope.period.start),
        pd.Timestamp(scope.flow_end),
    )
    if scope.owner is not None:
        found = found[(found["from_rep_id"] == scope.owner) | (found["to_rep_id"] == scope.owner)]
    return found.reset_index(drop=True)
