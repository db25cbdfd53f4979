"""Which deals deserve our best: their value soon and later, their opening."""

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.openings import openings_of
from dashboard.answers.profiles import held
from dashboard.metrics import opportunities as metrics
from data_access import opportunities
from data_access.scope import Scope

KIND = "opportunity_value"
"""The profile with the cut lines of the quadrants."""

ROW_KEYS = ("opportunity_id", "short_term", "long_term", "quadrant", "territory", "position", "opening")
"""The keys of a row of `report opportunities`, in order."""


def valued(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per deal open as of the date, the largest first: as `openings_of`, with short_term and long_term."""
    return metrics.with_value(openings_of(ask, scope), ask(opportunities.answers, scope))


def report(ask: Ask, scope: Scope) -> pd.DataFrame:
    """`report opportunities`: every open deal in scope, its quadrant by the cut lines that held on the as-of date."""
    found = valued(ask, scope)
    cuts = held(ask, scope, KIND, metrics.CUTS).values
    values = zip(found["short_term"], found["long_term"], strict=True)
    found["quadrant"] = pd.Series([metrics.quadrant(*pair, cuts) for pair in values], index=found.index, dtype=object)
    return found.sort_values("opportunity_id", ignore_index=True)[list(ROW_KEYS)]
