"""What deals lack that numbers need."""

from dashboard.answers import Ask
from dashboard.metrics.data import quality as metrics
from data_access import lists
from data_access.data.gaps import GAPS
from data_access.scope import Scope


def facts(ask: Ask, scope: Scope) -> metrics.Facts:
    """Per list of deals, how many lack what: `lists.lacking`."""
    return {what: ask(lists.lacking, scope, what) for what in GAPS}
