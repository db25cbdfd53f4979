"""Leads and market."""

import pandas as pd

from dashboard.answers.accounts import contested, orphaned
from dashboard.answers.leads import outcomes as answers
from dashboard.answers.leads import pool as pools
from dashboard.answers.leads import scissors
from data_access.scope import Scope

from .cache import ask, kept


def leads_by(scope: Scope, *groups: str) -> pd.DataFrame:
    return kept(answers.by, scope, groups)


def leads_whole(scope: Scope) -> dict:
    return kept(answers.whole, scope)


def lead_responses(scope: Scope) -> pd.DataFrame:
    return kept(answers.responses, scope)


def lead_response(scope: Scope) -> dict:
    return kept(answers.response, scope)


def nurture_pool(scope: Scope) -> pd.DataFrame:
    return kept(answers.pool, scope)


def lead_list(scope: Scope, what: str, **narrower) -> pd.DataFrame:
    return answers.lead_list(ask, scope, what, **narrower)


def pool_summary(scope: Scope) -> pd.DataFrame:
    return kept(pools.summary, scope)


def pool_moves(scope: Scope) -> pd.DataFrame:
    return kept(pools.moves, scope)


def scissors_by_source(scope: Scope) -> pd.DataFrame:
    return kept(scissors.by_source, scope)


def scissors_alarms(scope: Scope) -> pd.DataFrame:
    return kept(scissors.alarms, scope)


def contested_accounts(scope: Scope) -> pd.DataFrame:
    return kept(contested.accounts, scope)


def contesting_parties(scope: Scope) -> pd.DataFrame:
    return kept(contested.parties, scope)


def orphaned_accounts(scope: Scope) -> pd.DataFrame:
    return kept(orphaned.accounts, scope)


def orphaned_can_be_known(scope: Scope) -> bool:
    return kept(orphaned.can_be_known, scope)


def handovers(scope: Scope) -> pd.DataFrame:
    return kept(orphaned.handovers, scope)
