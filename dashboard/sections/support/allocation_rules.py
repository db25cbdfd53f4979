"""The rules of the recommended allocation in sight: the tilt, and what support is assumed to move."""

from dashboard.answers.support.allocation import KIND
from dashboard.metrics.support.allocation import DEFAULTS, HIGHEST_ASSUMPTION, HIGHEST_TILT
from dashboard.sections import thresholds
from dashboard.sections.thresholds import Threshold
from dashboard.words.language import _
from data_access.scope import Scope


def draw(scope: Scope) -> None:
    thresholds.draw(
        scope,
        KIND,
        _("Rules: the tilt, and what support is assumed to move"),
        [
            Threshold("tilt", _("Tilt toward Building reps"), "share", 0.0, HIGHEST_TILT, 5.0),
            Threshold("assumption", _("Assumed share of a deal's worth"), "share", 0.0, HIGHEST_ASSUMPTION, 1.0),
        ],
        DEFAULTS,
    )
