"""Which deals deserve our best: their value soon and later, their opening."""

from dataclasses import dataclass

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.opportunities.openings import openings_of
from dashboard.answers.profiles import held
from dashboard.metrics.amounts import MINOR_UNITS
from dashboard.metrics.opportunities import worth as metrics
from data_access.opportunities import openings, worth
from data_access.scope import Scope

KIND = "opportunity_value"
"""The profile with the cut lines of the quadrants."""


def valued(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per deal open as of the date, the largest first: as `openings_of`, with short_term and long_term."""
    return metrics.with_value(openings_of(ask, scope), ask(worth.answers, scope))


def report(ask: Ask, scope: Scope) -> pd.DataFrame:
    """`report opportunities`: every open deal in scope, its quadrant by the cut lines that held on the as-of date."""
    found = metrics.in_quadrants(valued(ask, scope), held(ask, scope, KIND, metrics.CUTS).values)
    return found.sort_values("opportunity_id", ignore_index=True)


@dataclass(frozen=True)
class Judged:
    """What was judged about one deal: scores and openings, every one ever, in the order in which they hold; and the
    purchases its territory is counted from, by year, in units of currency."""

    scores: pd.DataFrame
    openings: pd.DataFrame
    bought: pd.DataFrame


def judged(ask: Ask, scope: Scope, opportunity_id: str) -> Judged:
    """Raises NotFound where the person sees no such deal."""
    bought = ask(openings.bought, scope, opportunity_id)
    return Judged(
        scores=ask(worth.scores, scope, opportunity_id),
        openings=ask(worth.judgements, scope, opportunity_id),
        bought=bought.assign(**{name: bought[name].astype(float) / MINOR_UNITS for name in ("ours", "whole")}),
    )
