"""What reps do and achieve."""

import pandas as pd

from dashboard.answers.reps import results as answers
from dashboard.answers.reps import team
from data_access.reps import activities
from data_access.scope import Scope

from .cache import ask, kept
from .key_accounts import key_accounts, key_profile


def reps(scope: Scope) -> pd.DataFrame:
    return kept(answers.reps, scope)


def weekly_activity(scope: Scope) -> pd.DataFrame:
    return kept(team.weekly, scope)


def activity_sorts(scope: Scope) -> dict[str, pd.DataFrame]:
    return kept(team.sorts, scope)


def activity_rows(scope: Scope, what: str, **narrower) -> pd.DataFrame:
    return ask(activities.activity_list, scope, what, **narrower)


def rep_attainments(scope: Scope) -> pd.DataFrame:
    return kept(team.attainments, scope)


def ramp(scope: Scope) -> tuple[pd.DataFrame, int]:
    return kept(team.ramp, scope)


def credited(scope: Scope) -> dict[str, pd.DataFrame]:
    return kept(team.credited, scope)


def has_all_rates(scope: Scope) -> bool:
    return kept(team.has_all_rates, scope)


def key_silence(scope: Scope) -> pd.DataFrame:
    """The key accounts that the scope shows, of the owner asked for; see answers.team.silence."""
    ranked = key_accounts(scope, key_profile(scope)).accounts
    keys = ranked[ranked["is_key"] & ranked["is_shown"]]
    if scope.owner is not None:
        keys = keys[keys["owner_id"] == scope.owner]
    if scope.segments:
        keys = keys[keys["group"].isin(scope.segments)]
    return team.silence(ask, scope, keys[["account_id", "account", "owner_id", "owner", "region"]])
