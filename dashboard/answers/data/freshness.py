"""How fresh the facts are that a person sees."""

import pandas as pd

from dashboard.answers import Ask
from data_access.data import loads
from data_access.scope import Scope


def newest(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per kind of fact: what, newest_on (empty: there is none), age_days on the last day of the data."""
    found = ask(loads.newest, scope.everything)
    ages = pd.Timestamp(scope.last_day) - pd.to_datetime(found["newest_on"])
    return found.assign(age_days=ages.dt.days)
