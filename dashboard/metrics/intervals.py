"""How far a measured share can be trusted, given how few cases it rests on."""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np


class Interval(NamedTuple):
    """Lower and upper bound of a share (0–1), or of a difference of shares, NaN where there was nothing to count."""

    low: np.ndarray
    high: np.ndarray


def wilson(successes, trials, confidence: float = 0.8) -> Interval:
    """Wilson score interval of successes ÷ trials, element by element.

    Wilson and not the textbook ± interval, because groups here are small: it stays within 0–1 and keeps a
    width where all or none succeeded. 80 % is what the dot plots draw: of five groups one may lie outside.

    successes, trials   counts, 0 ≤ successes ≤ trials; trials of 0 gives NaN bounds
    """
    successes = np.asarray(successes, dtype=float)
    trials = np.asarray(trials, dtype=float)
    if np.any((successes < 0) | (successes > trials)):
        raise ValueError("successes must lie between 0 and trials")
    z_squared = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    known = np.where(trials > 0, trials, np.nan)
    share = successes / known
    centre = (share + z_squared / (2 * known)) / (1 + z_squared / known)
    half_width = np.sqrt(z_squared * share * (1 - share) / known + (z_squared / (2 * known)) ** 2) / (
        1 + z_squared / known
    )
    # Rounding may carry a bound past the share itself when all or none succeeded.
    return Interval(np.clip(centre - half_width, 0, share), np.clip(centre + half_width, share, 1))


def difference(successes, trials, other_successes, other_trials, confidence: float = 0.8) -> Interval:
    """Interval of the first share less the other, by Newcombe's way: as far from it as the bounds of both together."""
    one, other = wilson(successes, trials, confidence), wilson(other_successes, other_trials, confidence)
    share, other_share = (
        np.asarray(won, float) / np.where(np.asarray(of) > 0, of, np.nan)
        for won, of in ((successes, trials), (other_successes, other_trials))
    )
    apart = share - other_share
    return Interval(
        apart - np.hypot(share - one.low, other.high - other_share),
        apart + np.hypot(one.high - share, other_share - other.low),
    )
