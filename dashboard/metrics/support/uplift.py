"""What share of a deal's worth a kind of support moves, learnt from requests met and not met by their needed day. Pure.

A case is a request whose deal was still open on the needed day and has closed since: of deals that ended before, more
were lost and fewer were met, so that comparing all met with all unmet requests finds an effect where there is none.
Met and unmet are compared inside a stratum (pipeline, track and stage of that day): better deals are met more often.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.metrics.support.resources import met_in_time

STRATUM = ["pipeline", "track", "stage"]
PSEUDO_REQUESTS = 30  # an arm: few and many cases are shrunk alike, so that nothing jumps at a number of cases
CONFIDENCE = 0.8
_DRAWS = 2_000
_MET, _MET_WON, _UNMET, _UNMET_WON = range(4)


@dataclass(frozen=True)
class Uplift:
    """The share of a deal's worth that a kind of support moves.

    share            0 to 1, shrunk towards the assumption: what plans reckon with
    without_assumed  what it would be if nothing were assumed (0 of it)
    measured         as the cases have it, not shrunk; may be below 0; None: no stratum has both sides, or none was won
    low, high        80 % interval of `measured` over deals; None: no data, or no end
    met, unmet       how many cases were compared
    """

    share: float
    without_assumed: float
    measured: float | None
    low: float | None
    high: float | None
    met: int
    unmet: int

    @property
    def is_shown(self) -> bool:
        """Whether the data show that this kind moves anything: its interval lies above 0."""
        return self.low is not None and self.low > 0

    @property
    def on_data(self) -> float:
        """The part of the share that the data carry; the rest rests on the assumption."""
        return self.without_assumed if self.is_shown else 0.0

    @property
    def assumed_share(self) -> float | None:
        """What part of the share rests on the assumption, 0 to 1; None: the share is 0."""
        return 1 - self.on_data / self.share if self.share else None


def by_kind(cases: pd.DataFrame, kinds: tuple[str, ...], assumed: float) -> dict[str, Uplift]:
    """The uplift of each kind.

    cases     one row per case: opportunity_id, kind, pipeline, track, stage, hours, booked_hours, is_granted, is_won
    assumed   the published share that a kind is assumed to move
    """
    cases = cases.assign(is_met=met_in_time(cases))
    return {kind: _uplift(cases[cases["kind"] == kind], assumed) for kind in kinds}


def shares(cases: pd.DataFrame, kinds: tuple[str, ...], assumed: float) -> dict[str, float]:
    """The share of each kind alone, as `by_kind` has it: without the interval, which takes the time."""
    cases = cases.assign(is_met=met_in_time(cases))
    found = {}
    for kind in kinds:
        counts, deals = _patterns(cases[cases["kind"] == kind])
        met, unmet, with_, without = (float(one) for one in _arms(np.tensordot(deals, counts, axes=1)))
        found[kind] = _shrunk(met, unmet, with_, without, assumed)
    return found


def _uplift(cases: pd.DataFrame, assumed: float) -> Uplift:
    counts, deals = _patterns(cases)
    whole = np.tensordot(deals, counts, axes=1)
    met, unmet, with_, without = (float(one) for one in _arms(whole))
    low, high = _interval(counts, deals)
    measured = _measured(with_, without)
    return Uplift(
        share=_shrunk(met, unmet, with_, without, assumed),
        without_assumed=_shrunk(met, unmet, with_, without, 0.0),
        measured=float(measured) if np.isfinite(measured) else None,
        low=low,
        high=high,
        met=int(met),
        unmet=int(unmet),
    )


def _patterns(cases: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Patterns × strata × (met, met and won, unmet, unmet and won): deals whose requests look alike, and per pattern
    how many deals there are. Drawing deals is drawing patterns, of which there are few."""
    stratum, strata = pd.factorize(pd.MultiIndex.from_frame(cases[STRATUM]))
    deal, deals = pd.factorize(cases["opportunity_id"])
    side = np.where(cases["is_met"], _MET, _UNMET)
    counts = np.zeros((len(deals), len(strata), 4), dtype=np.int64)
    np.add.at(counts, (deal, stratum, side), 1)
    np.add.at(counts, (deal, stratum, side + 1), cases["is_won"].to_numpy(dtype=np.int64))
    return np.unique(counts, axis=0, return_counts=True)


def _arms(counts: np.ndarray) -> tuple[np.ndarray, ...]:
    """Of counts per stratum (the last two axes): met, unmet, and the shares won of either, strata weighted by the met.
    A stratum without both sides is not used; NaN where none has both."""
    is_used = (counts[..., _MET] > 0) & (counts[..., _UNMET] > 0)
    met, met_won, unmet, unmet_won = (np.where(is_used, counts[..., side], 0) for side in range(4))
    total = met.sum(axis=-1).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        with_ = met_won.sum(axis=-1) / total
        without = (met * unmet_won / np.where(is_used, unmet, 1)).sum(axis=-1) / total
    return total, unmet.sum(axis=-1), with_, without


def _measured(with_, without):
    """1 − without ÷ with; −inf where only unmet requests were won, NaN where none was."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 - np.divide(without, with_)


def _interval(counts: np.ndarray, deals: np.ndarray) -> tuple[float | None, float | None]:
    """The 80 % interval over deals drawn with replacement, always the same draws. Draws without a result count not."""
    if deals.sum() < 2:
        return None, None
    n = int(deals.sum())
    drawn = np.random.default_rng(1).multinomial(n, deals / n, size=_DRAWS)
    _met, _unmet, with_, without = _arms(np.tensordot(drawn, counts, axes=1))
    found = _measured(with_, without)
    found = found[~np.isnan(found)]
    if not len(found):
        return None, None
    # No interpolation: where only unmet requests were won, a draw is -inf.
    ends = np.quantile(found, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2), method="inverted_cdf")
    low, high = (float(end) if np.isfinite(end) else None for end in ends)
    return low, high


def _shrunk(met: float, unmet: float, with_: float, without: float, assumed: float) -> float:
    """The uplift with 30 pseudo-requests more on either side. They are won as often as the cases, those met by as much
    more as is assumed, so that cases which say just what is assumed change nothing; without cases, what is assumed."""
    if not met or with_ == without == 0:
        return assumed
    pseudo = (met * with_ + unmet * without) / (met + unmet * (1 - assumed))
    more = (met * with_ + PSEUDO_REQUESTS * pseudo) / (met + PSEUDO_REQUESTS)
    less = (unmet * without + PSEUDO_REQUESTS * pseudo * (1 - assumed)) / (unmet + PSEUDO_REQUESTS)
    return float(np.clip(1 - less / more, 0.0, 1.0))
