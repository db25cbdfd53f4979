"""Key accounts: the ranking, the profiles, the lab."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.answers.accounts import key_accounts as keys
from dashboard.answers.accounts import key_review as reviews
from dashboard.metrics.accounts.key_accounts import Matrix, Profile, stability
from dashboard.metrics.accounts.key_review import near_edge, tipping
from data_access.engine import database_url
from data_access.scope import Period, Scope

from .cache import ask, kept, state
from .profiles import profile_versions, publish_profile

MOST_TIPPED = 40  # accounts whose tipping weights are worked out: the least sure ones


@dataclass(frozen=True)
class Ranked:
    """All accounts of the company under a profile, with revenue_rank and is_one_off, and their matrix.

    Sessions share it, so nobody changes it. worked_out: what took long and holds as long as it does.
    """

    profile: Profile
    accounts: pd.DataFrame
    matrix: Matrix
    worked_out: dict[str, object] = field(default_factory=dict)

    def stability(self, progress: Callable[[float], None] = lambda share: None) -> np.ndarray:
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


# Not st.cache_data, which would copy a hundred thousand accounts for every move of a slider.
@st.cache_resource(max_entries=20, show_spinner=False)
def _ranked(url: str, stamp: str, scope: Scope, profile_text: str, _profile: Profile) -> Ranked:
    accounts, matrix = keys.ranked(ask, scope, _profile)
    return Ranked(_profile, reviews.with_revenue_ranks(ask, scope, accounts), matrix)


def key_accounts(scope: Scope, profile: Profile) -> Ranked:
    """The ranking under a profile. Of the scope, only the day and the regions count: other filters move no rank."""
    asked = Scope(scope.person, Period(scope.as_of, scope.as_of), scope.as_of, scope.last_day, scope.regions)
    return _ranked(database_url(), state().stamp, asked, repr(profile), profile)


def key_profile(scope: Scope, version: int | None = None) -> Profile:
    return kept(keys.profile, scope, version)


def key_profiles() -> pd.DataFrame:
    return profile_versions(keys.KIND)


def key_cut_points(scope: Scope) -> tuple[float, ...]:
    return kept(keys.proposed_cut_points, scope)


def key_back_test(scope: Scope, profile: Profile) -> dict:
    return kept(keys.back_test, scope, profile)


def key_trend(scope: Scope, profile: Profile, account_id: str) -> pd.DataFrame:
    return kept(reviews.trend, scope, profile, account_id)


def key_fill_ins(scope: Scope) -> pd.DataFrame:
    return kept(reviews.fill_ins, scope)


def credit(scope: Scope) -> tuple[pd.DataFrame, dict] | None:
    return kept(reviews.credit, scope)


def publish_key_profile(scope: Scope, profile: Profile, reason: str, based_on: int) -> int:
    """Publishes a profile as the person of the scope; gives its version."""
    return publish_profile(scope, keys.KIND, keys.to_payload(profile), reason, based_on)
