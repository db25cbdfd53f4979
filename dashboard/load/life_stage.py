"""Which stage each rep is in."""

import pandas as pd

from dashboard.answers import life_stage as answers
from data_access.scope import Period, Scope

from .cache import kept


def life_stages(scope: Scope) -> pd.DataFrame:
    return kept(answers.life_stages, _of_people(scope))


def _of_people(scope: Scope) -> Scope:
    """The same people on the same day: what else is filtered changes no stage, and would only miss the cache."""
    day = Period(scope.as_of, scope.as_of)
    return Scope(scope.person, day, scope.as_of, scope.last_day, scope.regions, owner=scope.owner)
