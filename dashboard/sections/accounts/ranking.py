"""The ranking of all accounts, kept once for all sessions: which are key, and where one stands."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import database
from dashboard.answers.accounts import key_accounts, key_review
from dashboard.metrics.accounts.key_accounts import Matrix, Profile, stability
from dashboard.metrics.accounts.key_back_test import YearBack
from dashboard.metrics.accounts.key_review import near_edge, tipping
from data_access.database.url import database_url
from data_access.scope import Period, Scope

MOST_TIPPED = 40  # accounts whose tipping weights are worked out: the least sure ones


@dataclass(frozen=True)
class Ranked:
    """All accounts of the company under a profile, with revenue_rank and is_one_off, and their matrix.

    Sessions share it, so nobody changes it. worked_out: what took long and holds as long as it does.
    """

    profile: Profile
    accounts: pd.DataFrame
    matrix: Matrix
    worked_out: dict[str, Any] = field(default_factory=dict)

    def stability(self, progress: Callable[[float], object] = lambda share: None) -> np.ndarray:
        """Per account, as metrics.stability; worked out once for all sessions."""
        if "stability" not in self.worked_out:
            self.worked_out["stability"] = stability(self.matrix, self.profile, progress)
        return self.worked_out["stability"]

    def tipping(self) -> pd.DataFrame:
        """The tipping weights of the shown accounts that are least sure; see metrics.key_review.tipping."""
        if "tipping" not in self.worked_out:
            rows = near_edge(self.accounts, self.stability(), MOST_TIPPED)
            self.worked_out["tipping"] = tipping(self.matrix, self.profile, self.accounts, rows)
        return self.worked_out["tipping"]

    def year_back(self, scope: Scope) -> YearBack:
        """The company a year before the day of `scope`, that of this ranking; see answers.key_accounts.year_back."""
        if "year_back" not in self.worked_out:
            self.worked_out["year_back"] = key_accounts.year_back(_unkept, scope, self.profile)
        return self.worked_out["year_back"]


def ranked(scope: Scope, profile: Profile) -> Ranked:
    """The ranking under a profile."""
    return _ranked(database_url(), database.state().stamp, asked(scope), repr(profile), profile)


def asked(scope: Scope) -> Scope:
    """What of a scope counts: the day and the regions. Other filters move no rank."""
    return Scope(scope.person, Period(scope.as_of, scope.as_of), scope.as_of, scope.last_day, scope.regions)


# Not st.cache_data, which would copy a hundred thousand accounts for every move of a slider.
@st.cache_resource(max_entries=20, show_spinner=False)
def _ranked(url: str, stamp: str, scope: Scope, profile_text: str, _profile: Profile) -> Ranked:
    accounts, matrix = key_accounts.ranked(_unkept, scope, _profile)
    return Ranked(_profile, key_review.with_revenue_ranks(_unkept, scope, accounts), matrix)


def _unkept(question, scope, /, *arguments, **named):
    """Asks the database itself: what is in the ranking need not be kept a second time as its questions' answers."""
    return question(database.engine(), scope, *arguments, **named)
