"""The cached answers, a line each; the only place with `st.cache_*`.

Every cached answer carries the database and the data version in its key: after an import all sessions see new
numbers at their next rerun, and nothing is served stale.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.answers import accounts as whole_accounts
from dashboard.answers import bridge as bridges
from dashboard.answers import compared as comparisons
from dashboard.answers import deals as lists
from dashboard.answers import funnel as funnels
from dashboard.answers import key_accounts as keys
from dashboard.answers import key_review as reviews
from dashboard.answers import overview as overviews
from dashboard.answers.accounts import Standing
from dashboard.metrics.key_accounts import Matrix, Profile, stability
from dashboard.metrics.key_review import near_edge, tipping
from data_access import entries, organisation, profiles
from data_access.engine import database_url, engine
from data_access.lists import deal_list
from data_access.scope import Period, Scope

# Small aggregated frames: this many answers are some tens of megabytes.
_KEPT = 2_000
# Lists of deals: thousands of rows each, megabytes.
_LISTS_KEPT = 50


@st.cache_data(max_entries=_KEPT, show_spinner=False)
def _answer(question_name: str, url: str, version: int, scope: Scope, arguments: tuple, named: tuple, _question):
    return _question(engine(url), scope, *arguments, **dict(named))


@st.cache_data(max_entries=_LISTS_KEPT, show_spinner=False)
def _list(url: str, version: int, scope: Scope, arguments: tuple, named: tuple):
    return deal_list(engine(url), scope, *arguments, **dict(named))


def ask(question, scope: Scope | None, *arguments, **named):
    """One question of `data_access` about a scope, from the cache where its data version has been asked before."""
    url = database_url()
    if question is organisation.state:  # what the cache depends on is never cached
        return question(engine(url), scope)
    if question is deal_list:
        return _list(url, state().version, scope, arguments, tuple(sorted(named.items())))
    name = f"{question.__module__}.{question.__name__}"
    return _answer(name, url, state().version, scope, arguments, tuple(sorted(named.items())), question)


@st.cache_data(max_entries=_KEPT, show_spinner=False)
def _composed(answer_name: str, url: str, version: int, scope: Scope, arguments: tuple, named: tuple, _answer_of):
    return _answer_of(ask, scope, *arguments, **dict(named))


def _kept(answer, scope: Scope, *arguments, **named):
    """An answer of `dashboard.answers`, from the cache likewise: its composing is worth keeping too."""
    name = f"{answer.__module__}.{answer.__name__}"
    return _composed(name, database_url(), state().version, scope, arguments, tuple(sorted(named.items())), answer)


def state() -> organisation.State:
    """The data's version and days, and the settings."""
    return ask(organisation.state, None)


@dataclass(frozen=True)
class Choices:
    """What the filters offer: ids and names that occur in the data."""

    segments: list[str]
    owners: pd.DataFrame
    products: list[str]
    sources: list[str]
    pipelines: list[str]
    tracks: tuple[str, ...] = ("large", "fast", "none")


def choices(scope: Scope) -> Choices:
    return Choices(
        segments=ask(organisation.values_of, scope, "segment"),
        owners=ask(organisation.people, scope),
        products=ask(organisation.values_of, scope, "product"),
        sources=ask(organisation.values_of, scope, "source"),
        pipelines=ask(organisation.values_of, scope, "pipeline"),
    )


def regions(scope: Scope) -> pd.DataFrame:
    return ask(organisation.regions, scope)


def overview(scope: Scope) -> dict[str, dict]:
    return _kept(overviews.overview_for_people, scope)


def by_month(scope: Scope) -> pd.DataFrame:
    return _kept(overviews.by_month, scope)


def compared(scope: Scope, by: str) -> pd.DataFrame:
    return _kept(comparisons.compared, scope, by)


def moved_most(scope: Scope, earlier: Scope) -> pd.DataFrame:
    return _kept(comparisons.moved_most, scope, earlier)


def funnel(scope: Scope, by: str | None = None) -> pd.DataFrame:
    return _kept(funnels.funnel, scope, by)


def funnel_totals(scope: Scope, by: str | None = None) -> pd.DataFrame:
    return _kept(funnels.funnel_totals, scope, by)


def stage_times(scope: Scope) -> pd.DataFrame:
    return _kept(funnels.stage_times, scope)


def transitions(scope: Scope) -> pd.DataFrame:
    return _kept(funnels.transitions, scope)


def bridge(scope: Scope) -> dict:
    return _kept(bridges.bridge, scope)


def deals(scope: Scope, what: str, **narrower) -> pd.DataFrame:
    norms = _kept(lists.stage_norms, Scope(scope.person, scope.period, scope.as_of, scope.last_day))
    return lists.deals(ask, scope, what, norms, **narrower)


def now() -> datetime:
    """What time it is where the organisation is."""
    return state().now()


def today() -> date:
    """The day it is where the organisation is."""
    return now().date()


# --- key accounts ---

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
def _ranked(url: str, version: int, scope: Scope, profile_text: str, _profile: Profile) -> Ranked:
    accounts, matrix = keys.ranked(ask, scope, _profile)
    return Ranked(_profile, reviews.with_revenue_ranks(ask, scope, accounts), matrix)


def key_accounts(scope: Scope, profile: Profile) -> Ranked:
    """The ranking under a profile. Of the scope, only the day and the regions count: other filters move no rank."""
    asked = Scope(scope.person, Period(scope.as_of, scope.as_of), scope.as_of, scope.last_day, scope.regions)
    return _ranked(database_url(), state().version, asked, repr(profile), profile)


def key_profile(scope: Scope, version: int | None = None) -> Profile:
    return _kept(keys.profile, scope, version)


def key_profiles() -> pd.DataFrame:
    return ask(profiles.published, None, keys.KIND)


def key_cut_points(scope: Scope) -> tuple[float, ...]:
    return _kept(keys.proposed_cut_points, scope)


def key_back_test(scope: Scope, profile: Profile) -> dict:
    return _kept(keys.back_test, scope, profile)


def key_trend(scope: Scope, profile: Profile, account_id: str) -> pd.DataFrame:
    return _kept(reviews.trend, scope, profile, account_id)


def key_fill_ins(scope: Scope) -> pd.DataFrame:
    return _kept(reviews.fill_ins, scope)


def credit(scope: Scope) -> tuple[pd.DataFrame, dict] | None:
    return _kept(reviews.credit, scope)


def publish_key_profile(scope: Scope, profile: Profile, reason: str, based_on: int) -> int:
    """Publishes a profile as the person of the scope; gives its version. See data_access.profiles.publish."""
    payload = keys.to_payload(profile)
    return profiles.publish(
        engine(database_url()), scope.person, keys.KIND, payload, reason, based_on=based_on, at=now()
    )


# --- one account --------------------------------------------------------------------------------------


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


def enter(scope: Scope, table: str, account_id: str, rows: list[dict]) -> tuple[str, ...]:
    """Writes entries about an account as the person of the scope; gives their ids. See data_access.entries.enter."""
    return entries.enter(engine(database_url()), scope.person, table, account_id, rows, at=now())


def withdraw(scope: Scope, table: str, account_id: str, entry_ids: tuple[str, ...]) -> None:
    """Takes entries back as the person of the scope. See data_access.entries.withdraw."""
    entries.withdraw(engine(database_url()), scope.person, table, account_id, entry_ids, at=now())
