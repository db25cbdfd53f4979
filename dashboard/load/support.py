"""Support resources: people and their weeks, requests, and the deals served."""

import pandas as pd

from dashboard.answers.support import resources as answers
from data_access.scope import Scope

from .cache import ask, kept


def support(scope: Scope) -> dict:
    return kept(answers.support, scope)


def support_held(scope: Scope) -> pd.Series:
    return answers.holds(ask, scope)


def person_weeks(scope: Scope) -> pd.DataFrame:
    return kept(answers.person_weeks, scope)


def support_coming(scope: Scope) -> pd.DataFrame:
    return kept(answers.coming, scope)


def support_overload(scope: Scope) -> pd.DataFrame:
    return kept(answers.overload, scope)


def support_bookings(scope: Scope) -> pd.DataFrame:
    return kept(answers.bookings, scope)


def support_requests(scope: Scope) -> pd.DataFrame:
    return kept(answers.open_requests, scope)


def support_in_time(scope: Scope) -> pd.DataFrame:
    return kept(answers.in_time, scope)


def served_deals(scope: Scope) -> pd.DataFrame:
    return kept(answers.served_deals, scope)


def support_outcomes(scope: Scope) -> pd.DataFrame:
    return kept(answers.outcomes, scope)
