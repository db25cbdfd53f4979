"""Whether a unit's past forecasts missed to one side, by how much, and what the forecast would be without that. Pure.

The unit's own past errors are all that is asked, on days like this one: a manager and whoever sees everything read the
same. Of periods that overlap only those apart are independent of each other, and only they count.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dashboard.metrics.amounts import ratio
from dashboard.metrics.forecast.outlook import INSIDE, Forecast

FEWEST_PERIODS = 6
USUAL_SHARE = 0.1  # how far from none a bias usually is: the share of it believed falls where chance alone does as much


@dataclass(frozen=True)
class Bias:
    """The bias of one unit's forecasts made as many days before the ends of their periods, in shares of what was won.

    periods        past periods it is learnt from, none overlapping another
    share          Σ (forecast − won) ÷ Σ won; above 0: too high; None: nothing was won, or no period is there
    low, high      its 80 % interval, from the spread between the periods; None: under two of them
    shrunk         the part of it that is believed: share × 0.01 ÷ (0.01 + spread² ÷ periods); None as low
    error, corrected_error    Σ |forecast − won| ÷ Σ won as it was, and had each of these periods been corrected by what
                   the others show; None as low
    """

    periods: int
    share: float | None = None
    low: float | None = None
    high: float | None = None
    shrunk: float | None = None
    error: float | None = None
    corrected_error: float | None = None

    @property
    def is_shown(self) -> bool:
        """Whether it is one: of enough periods, and its interval leaves out 0."""
        enough = self.periods >= FEWEST_PERIODS
        return enough and self.low is not None and self.high is not None and not self.low <= 0 <= self.high

    def corrected(self, made: Forecast) -> float | None:
        """The forecast without the part that is believed, in units; None: there is none, or no bias is shown."""
        if not self.is_shown or self.shrunk is None or made.expected is None or made.won is None or made.is_settled:
            return None
        return round(float(_without(made.expected, self.shrunk, made.won)), 2)


def bias(tested: pd.DataFrame) -> Bias:
    """Of a back-test: start, end, won (so far then), expected, actual."""
    rows = tested.iloc[_apart(tested)]
    won, made, actual = (rows[name].to_numpy(dtype=float) for name in ("won", "expected", "actual"))
    share = ratio(float((made - actual).sum()), float(actual.sum()))
    if share is None or len(rows) < 2:
        return Bias(len(rows), share)
    from scipy.special import stdtrit  # half a second, for who asks

    half = stdtrit(len(rows) - 1, (1 + INSIDE) / 2) * _spread(made, actual) / np.sqrt(len(rows))
    found = Bias(len(rows), share, share - half, share + half, _shrunk(made, actual))
    if len(rows) < 3:
        return found
    each = ~np.eye(len(rows), dtype=bool)
    others = [_shrunk(made[rest], actual[rest]) for rest in each]
    corrected = [made[at] if one is None else _without(made[at], one, won[at]) for at, one in enumerate(others)]
    error, corrected_error = (float(np.abs(one - actual).sum() / actual.sum()) for one in (made, np.array(corrected)))
    return replace(found, error=error, corrected_error=corrected_error)


def _apart(tested: pd.DataFrame) -> list[int]:
    """The rows of periods that do not overlap, from the latest back."""
    found: list[int] = []
    for row in reversed(range(len(tested))):
        if not found or tested["end"].iloc[row] < tested["start"].iloc[found[0]]:
            found.insert(0, row)
    return found


def _spread(made: np.ndarray, actual: np.ndarray) -> float:
    """Of the periods' errors, in shares of what one of them won: so weighed, their mean is the bias."""
    return float(np.std(made - actual, ddof=1) / actual.mean())


def _shrunk(made: np.ndarray, actual: np.ndarray) -> float | None:
    share = ratio(float((made - actual).sum()), float(actual.sum()))
    if share is None:
        return None
    believed = USUAL_SHARE**2 / (USUAL_SHARE**2 + _spread(made, actual) ** 2 / len(made))
    return share * believed


def _without(expected: float, shrunk: float, won: float) -> float:
    """A forecast that is so much too high of what comes: what then comes, and never less than was won already."""
    return max(expected / (1 + shrunk), won) if shrunk > -1 else expected
