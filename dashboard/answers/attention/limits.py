"""The thresholds of Attention that hold.

Whether an account is contested or orphaned is asked elsewhere too: the answer is the same wherever it is looked at.
"""

from dashboard.answers import Ask
from dashboard.answers.profiles import Held, held
from dashboard.metrics.attention.rules import DEFAULTS
from data_access.scope import Scope

KIND = "attention"
"""The kind of profile that holds the thresholds."""


def limits(ask: Ask, scope: Scope) -> Held:
    """The thresholds as of the date."""
    return held(ask, scope, KIND, DEFAULTS)
