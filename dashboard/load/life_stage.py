"""Which stage each rep is in, how that came about, and what the company gives."""

import pandas as pd

from dashboard.answers.profiles import Held
from dashboard.answers.reps import company_help as owed
from dashboard.answers.reps import life_stage as answers
from data_access.scope import Period, Scope

from .cache import ask, kept


def life_stages(scope: Scope) -> pd.DataFrame:
    return kept(answers.life_stages, _of_people(scope))


def life_stage_rules(scope: Scope) -> Held:
    return answers.rules(ask, scope)


def given(scope: Scope) -> pd.DataFrame:
    return kept(owed.given, _of_people(scope))


def stage_history(scope: Scope) -> pd.DataFrame:
    return kept(owed.history, _of_people(scope))


def solution_fit(scope: Scope, segments: tuple[str, ...]) -> pd.DataFrame:
    return kept(owed.solution_fit, _of_people(scope), segments)


def _of_people(scope: Scope) -> Scope:
    """The same people on the same day: what else is filtered changes no stage, and would only miss the cache."""
    day = Period(scope.as_of, scope.as_of)
    return Scope(scope.person, day, scope.as_of, scope.last_day, scope.regions, owner=scope.owner)
