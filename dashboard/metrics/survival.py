"""How long things last, when some have not ended yet (Kaplan–Meier). Pure.

Inputs are whole days, whether the stay still goes on, and how many such stays there are. On one day an end
precedes a cut, as scipy's estimator has it; every exit ends a stay, a loss too.
"""

import numpy as np
import pandas as pd

_TOLERANCE = 1e-9  # the estimate is a product of fractions: a half may come out a hair above a half


def curve(days, still_there, deals) -> pd.DataFrame:
    """One row per day on which somebody left, in order: days, share (0–1) still there after it."""
    lasted = np.repeat(np.asarray(days, dtype=float), np.asarray(deals, dtype=int))
    is_cut = np.repeat(np.asarray(still_there, dtype=bool), np.asarray(deals, dtype=int))
    if lasted.size == 0 or is_cut.all():
        return pd.DataFrame({"days": pd.Series(dtype=float), "share": pd.Series(dtype=float)})
    from scipy import stats  # half a second, for who asks how long

    estimate = stats.ecdf(stats.CensoredData.right_censored(lasted, is_cut)).sf
    steps = pd.DataFrame({"days": estimate.quantiles, "share": estimate.probabilities})
    return steps[steps["share"].diff().fillna(steps["share"] - 1) < 0].reset_index(drop=True)


def quantile(days, still_there, deals, q: float = 0.5) -> float:
    """The first day by which a share `q` has left; NaN where that is never reached."""
    steps = curve(days, still_there, deals)
    reached = steps.loc[steps["share"] <= 1 - q + _TOLERANCE, "days"]
    return float(reached.iloc[0]) if len(reached) else float("nan")
