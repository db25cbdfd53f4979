"""How old a cohort must be before nearly all of its conversions are in (cumulative incidence). Pure.

A share undecided says little: leads that come to nothing are often never disqualified, and stay undecided for ever.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

ENOUGH_WATCHED = 100  # read at the longest age to which so many were watched
ENOUGH_CONVERTED = 30  # conversions below which the age is not known
MATURE_SHARE = 0.95  # of the conversions reached there
_TOLERANCE = 1e-9  # the incidence is a sum of products of fractions


def incidence(days, fates, counts) -> pd.DataFrame:
    """The cumulative incidence of conversion, a row per day on which somebody converted: days, share (0–1).

    Aalen–Johansen: going without converting competes, those still open are cut. On one day an end precedes a cut.

    days     whole days until the fate
    fates    converted, gone or open
    counts   how many of each
    """
    cases = pd.DataFrame({"days": np.asarray(days, int), "fate": np.asarray(fates), "n": np.asarray(counts, int)})
    by_day = cases.pivot_table(index="days", columns="fate", values="n", aggfunc="sum", fill_value=0)
    by_day = by_day.reindex(columns=["converted", "gone", "open"], fill_value=0).sort_index()
    at_risk = by_day.sum(axis=1)[::-1].cumsum()[::-1]
    stays = 1 - (by_day["converted"] + by_day["gone"]) / at_risk
    undecided_before = stays.cumprod().shift(fill_value=1.0)
    share = (undecided_before * by_day["converted"] / at_risk).cumsum()
    return pd.DataFrame({"days": by_day.index, "share": share.to_numpy()})[by_day["converted"].to_numpy() > 0]


def age(days, fates, counts, longest: int | None) -> float:
    """The days by which MATURE_SHARE of the conversions are in, of those reached at the age of `longest` days.

    NaN with fewer than ENOUGH_CONVERTED of them, or where too few were watched to any age (longest None).
    """
    reached = np.asarray(fates) == "converted"
    reached &= np.asarray(days, int) <= (-1 if longest is None else longest)
    if np.asarray(counts, int)[reached].sum() < ENOUGH_CONVERTED:
        return float("nan")
    shares = incidence(days, fates, counts)
    shares = shares[shares["days"] <= longest]
    is_in = shares["share"] >= MATURE_SHARE * shares["share"].iloc[-1] - _TOLERANCE
    return float(shares.loc[is_in, "days"].iloc[0])


class Maturity(NamedTuple):
    """As of a day (an ordinal), conversions are in after so many days; NaN: not yet known, which marks nothing."""

    as_of: int
    after_days: float

    def of(self, latest: int | None) -> dict:
        """Of a cohort whose youngest member was created on `latest`: youngest_days, mature_after_days, is_immature."""
        youngest = float("nan") if latest is None or pd.isna(latest) else self.as_of - int(latest)
        return {
            "youngest_days": youngest,
            "mature_after_days": self.after_days,
            "is_immature": bool(youngest < self.after_days),
        }
