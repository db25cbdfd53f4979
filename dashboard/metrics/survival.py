"""How long things last, when some have not ended yet (Kaplan–Meier). Pure.

Inputs are whole days, whether the stay still goes on, and how many such stays there are. On one day an end
precedes a cut, as scipy's estimator has it; every exit ends a stay, a loss too.
"""

import numpy as np
import pandas as pd

_TOLERANCE = 1e-9  # the estimate is a product of fractions: a half may come out a hair above a half


def curve(days, still_there, deals) -> pd.DataFrame:
    """One row per day on which somebody left, in order: days, share (0–1) still there after it."""
    on, shares = _steps(days, still_there, deals)
    return pd.DataFrame({"days": on, "share": shares})


def quantile(days, still_there, deals, q: float = 0.5) -> float:
    """The first day by which a share `q` has left; NaN where that is never reached."""
    on, shares = _steps(days, still_there, deals)
    reached = on[shares <= 1 - q + _TOLERANCE]
    return float(reached[0]) if len(reached) else float("nan")


def _steps(days, still_there, deals) -> tuple[np.ndarray, np.ndarray]:
    """`curve` without a frame, which for the 40 norms of Attention cost more than the estimates."""
    lasted = np.repeat(np.asarray(days, dtype=float), np.asarray(deals, dtype=int))
    is_cut = np.repeat(np.asarray(still_there, dtype=bool), np.asarray(deals, dtype=int))
    if lasted.size == 0 or is_cut.all():
        return np.empty(0), np.empty(0)
    from scipy import stats  # half a second, for who asks how long

    estimate = stats.ecdf(stats.CensoredData.right_censored(lasted, is_cut)).sf
    is_fall = np.diff(estimate.probabilities, prepend=1.0) < 0
    return estimate.quantiles[is_fall], estimate.probabilities[is_fall]
