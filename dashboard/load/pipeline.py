"""What there is to choose from, the overview, the pipeline, and lists of deals."""

from dataclasses import dataclass

import pandas as pd

from dashboard.answers.overview import compared as comparisons
from dashboard.answers.overview import numbers as overviews
from dashboard.answers.pipeline import bridge as bridges
from dashboard.answers.pipeline import deals as lists
from dashboard.answers.pipeline import funnel as funnels
from data_access import organisation
from data_access.scope import Scope

from .cache import ask, kept


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
    return kept(overviews.overview_for_people, scope)


def by_month(scope: Scope) -> pd.DataFrame:
    return kept(overviews.by_month, scope)


def compared(scope: Scope, by: str) -> pd.DataFrame:
    return kept(comparisons.compared, scope, by)


def moved_most(scope: Scope, earlier: Scope) -> pd.DataFrame:
    return kept(comparisons.moved_most, scope, earlier)


def funnel(scope: Scope, by: str | None = None) -> pd.DataFrame:
    return kept(funnels.funnel, scope, by)


def funnel_totals(scope: Scope, by: str | None = None) -> pd.DataFrame:
    return kept(funnels.funnel_totals, scope, by)


def stage_times(scope: Scope) -> pd.DataFrame:
    return kept(funnels.stage_times, scope)


def transitions(scope: Scope) -> pd.DataFrame:
    return kept(funnels.transitions, scope)


def bridge(scope: Scope) -> dict:
    return kept(bridges.bridge, scope)


def deals(scope: Scope, what: str, **narrower) -> pd.DataFrame:
    norms = kept(lists.stage_norms, Scope(scope.person, scope.period, scope.as_of, scope.last_day))
    return lists.deals(ask, scope, what, norms, **narrower)
