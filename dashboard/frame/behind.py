"""The deals behind a number, as pages list them."""

import pandas as pd

from dashboard.answers.pipeline import deals as lists
from dashboard.ask import answer_of, ask
from data_access.scope import Scope


def deals(scope: Scope, what: str, **narrower) -> pd.DataFrame:
    """See answers.pipeline.deals. The norms of stages are kept for all lists: they are of all the person sees."""
    norms = answer_of(lists.stage_norms, Scope(scope.person, scope.period, scope.as_of, scope.last_day))
    return lists.deals(ask, scope, what, norms, **narrower)
