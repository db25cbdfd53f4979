"""The rules of the recommended allocation in sight: the tilt and what each kind of hour counts for."""

from dashboard.answers.support.allocation import KIND
from dashboard.frame.wording import support_kind_name
from dashboard.metrics.support.allocation import DEFAULTS, HIGHEST_TILT, KINDS
from dashboard.sections import thresholds
from dashboard.sections.thresholds import Threshold
from dashboard.words.language import _
from data_access.scope import Scope

HIGHEST_UPLIFT = 5.0  # a kind that counts for more than five times another decides everything alone


def draw(scope: Scope) -> None:
    thresholds.draw(
        scope,
        KIND,
        _("Rules: the tilt, and what an hour of each kind counts for"),
        [
            Threshold("tilt", _("Tilt toward subsistence-stage reps"), "share", 0.0, HIGHEST_TILT, 5.0),
            *(Threshold(f"uplift_{kind}", uplift_name(kind), "ratio", 0.0, HIGHEST_UPLIFT, 0.1) for kind in KINDS),
        ],
        DEFAULTS,
    )


def uplift_name(kind: str) -> str:
    return _("Uplift: {kind}").format(kind=support_kind_name(kind))
