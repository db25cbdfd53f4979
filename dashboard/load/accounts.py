"""One account."""

import pandas as pd

from dashboard.answers.accounts import one_account as whole_accounts
from dashboard.answers.accounts.one_account import Standing
from data_access.scope import Scope

from .cache import ask
from .key_accounts import key_accounts, key_profile


def accounts(scope: Scope) -> pd.DataFrame:
    return whole_accounts.everyone(ask, scope)


def account(scope: Scope, account_id: str) -> pd.Series:
    return whole_accounts.facts(ask, scope, account_id)


def account_standing(scope: Scope, account_id: str) -> Standing | None:
    whole = whole_accounts.of_account(scope)
    found = key_accounts(whole, key_profile(whole))
    return whole_accounts.standing(ask, whole, account_id, found.profile, found.accounts, found.matrix)


def account_coverage(scope: Scope, account_id: str) -> whole_accounts.Covered:
    return whole_accounts.coverage(ask, scope, account_id)


def account_relationship(scope: Scope, account_id: str) -> whole_accounts.Relationship:
    return whole_accounts.relationship(ask, scope, account_id)


def account_evaluation(scope: Scope, account_id: str) -> whole_accounts.Evaluation:
    return whole_accounts.evaluation(ask, scope, account_id)


def account_business(scope: Scope, account_id: str) -> whole_accounts.Business:
    return whole_accounts.business(ask, scope, account_id)
