"""Accounts that two or more regions work at the same time (抢同一个客户)."""

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.attention.limits import limits
from dashboard.metrics.accounts import contested as metrics
from dashboard.metrics.amounts import totals_by
from data_access.accounts import contested, coverage, ownership
from data_access.scope import Scope, company


def parties(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per (account, region) that contests it, of the accounts in scope; see metrics.contested.parties.

    Open deals as of the date and activities completed in the days up to it that Attention names, of the whole company;
    how many days of contacts make one, it names too. Activities of the account's key-account director or a fill-in,
    and collaboration, contest nothing.
    """
    limit = limits(ask, scope).values
    days, contacts = int(limit["contested_days"]), int(limit["contested_contacts"])
    whole = company(scope)
    guides = pd.concat([ask(coverage.directors, whole), ask(contested.fill_ins, whole)], ignore_index=True)
    found = metrics.parties(
        ask(contested.open_deals, whole),
        metrics.without_guides(ask(contested.activities, whole, days), guides),
        ask(ownership.region_tree, whole),
        contacts,
    )
    shown = ask(ownership.accounts_owned, scope)["account_id"]
    return found[found["account_id"].isin(shown)].reset_index(drop=True)


def accounts(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per contested account in scope, the highest value at risk first.

    account_id, account, region_id, owner_id, owner   of the account, as of the date
    region_ids, units, deals, activities, days         who contests, and since when; see metrics.contested.accounts
    value_at_risk     its open pipeline, as far as it is the person's to see (base currency units; None: not known)
    """
    found = metrics.accounts(parties(ask, scope), scope.as_of.toordinal())
    described = ask(ownership.accounts_owned, scope)[["account_id", "account", "region_id", "owner_id", "owner"]]
    worth = totals_by(ask(ownership.open_by_account, scope), "account_id")
    rows = described.merge(found, on="account_id")
    value = pd.array([worth.get(account, 0.0) for account in rows["account_id"]], dtype="Float64")
    return rows.assign(value_at_risk=value).sort_values(
        ["value_at_risk", "account_id"], ascending=[False, True], na_position="last", ignore_index=True
    )
