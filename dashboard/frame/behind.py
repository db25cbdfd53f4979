"""The rows behind a number, as pages list them."""

import pandas as pd

from dashboard.answers.pipeline import deals as lists
from dashboard.ask import answer_of, ask
from dashboard.frame.cards import Opened
from dashboard.metrics.definitions import DEFINITIONS
from data_access.data.populations import POPULATIONS
from data_access.leads.outcomes import lead_list
from data_access.reps.activities import activity_list
from data_access.scope import Scope


def deals(scope: Scope, what: str, **narrower) -> pd.DataFrame:
    """See answers.pipeline.deals. The norms of stages are kept for all lists: they are of all the person sees."""
    norms = answer_of(lists.stage_norms, Scope(scope.person, scope.period, scope.as_of, scope.last_day))
    return lists.deals(ask, scope, what, norms, **narrower)


def kind(mark: Opened) -> str:
    """Rows of what stand behind the mark of a defined number: deal, lead or activity."""
    number = DEFINITIONS[mark.number]
    if number.population in POPULATIONS:
        return POPULATIONS[number.population].of
    return "deal" if number.opens else "activity"


def rows(scope: Scope, mark: Opened) -> pd.DataFrame:
    """The same rows as the list of the mark has; of deals without what only a list says, the norms of their stages."""
    if kind(mark) == "lead":
        return ask(lead_list, scope, mark.what, **mark.narrower)
    if kind(mark) == "activity":
        return ask(activity_list, scope, mark.what, **mark.narrower)
    return lists.deals(ask, scope, mark.what, {}, **mark.narrower)


def day(mark: Opened) -> str | None:
    """The column with the day on which one of these rows counts; None of what is counted as of a day."""
    if kind(mark) == "activity":
        return "completed_on" if mark.what in ("completed", "bare") else "planned_on"
    if kind(mark) == "lead":
        return None if mark.what == "nurtured" else "created_on"
    closed = dict.fromkeys(("won", "lost", "closed"), "closed_on")
    return (closed | dict.fromkeys(("created", "pipeline_created"), "created_on")).get(mark.what)
