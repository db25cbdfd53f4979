"""Who is given what, by stage, tenure or region; and whether support leans towards those who need it most. Pure.

Rows are reps who sell: rep_id, new_deals, leads, open_deals, support_hours (NaN: nobody ever booked support),
key_owned, key_filled_in, helped.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.metrics.intervals import wilson

TENURES = ("under_1", "1_to_3", "3_to_5", "5_and_more", "unknown")
_YEARS = ((12, "under_1"), (36, "1_to_3"), (60, "3_to_5"))
_GIVEN = ("new_deals", "leads", "open_deals", "support_hours", "key_owned", "key_filled_in", "helped")
FEWEST_DECIDED = 10  # under it a win rate says too little to recommend anything
_DRAWS = 2_000


def tenure(months: pd.Series) -> pd.Series:
    """The class of TENURES for whole months employed."""
    found = pd.Series("5_and_more", index=months.index, dtype=object)
    for below, name in reversed(_YEARS):
        found = found.mask((months < below).fillna(False).astype(bool), name)
    return found.mask(months.isna(), "unknown")


def by_group(rows: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """One row per group: group, reps, the sums of what they were given, and ratios of sums: new_deals_per_rep,
    leads_per_rep, to_even (new opportunities per rep ÷ those of all rows), support_per_deal, key_per_rep (owned and
    filled in), helped_per_rep. NaN where there is nothing to divide by."""
    sums = rows.groupby(groups.rename("group"), sort=False, dropna=False)[list(_GIVEN)].sum(min_count=1)
    found = sums.astype("float64").assign(reps=rows.groupby(groups, sort=False, dropna=False).size())
    per_rep = found.div(found["reps"], axis=0)
    everybody = rows["new_deals"].astype("float64").sum() / len(rows) if len(rows) else np.nan
    return found.assign(
        new_deals_per_rep=per_rep["new_deals"],
        leads_per_rep=per_rep["leads"],
        to_even=per_rep["new_deals"] / (everybody or np.nan),
        support_per_deal=found["support_hours"] / found["open_deals"].where(found["open_deals"] > 0),
        key_per_rep=per_rep["key_owned"] + per_rep["key_filled_in"],
        helped_per_rep=per_rep["helped"],
    ).reset_index()


@dataclass(frozen=True)
class Tilt:
    """Support hours per open deal, subsistence-stage reps ÷ the others whose stage is known: ratio, its 80 % interval
    over reps, and how many reps with open deals there are on either side. None: no data."""

    ratio: float | None
    low: float | None
    high: float | None
    subsistence: int
    others: int

    @property
    def is_shown(self) -> bool | None:
        """Whether the data show a tilt, either way; None: no data."""
        return None if self.low is None or self.high is None else not self.low <= 1 <= self.high


def tilt(rows: pd.DataFrame) -> Tilt:
    """Drawn with replacement 2,000 times over the reps of either side, always the same draws."""
    known = rows[(rows["open_deals"] > 0) & rows["life_stage"].notna() & rows["support_hours"].notna()]
    is_first = (known["life_stage"] == "subsistence").to_numpy()
    sides = known[is_first], known[~is_first]
    n = tuple(len(side) for side in sides)
    ratio = _of_sides(*(_per_deal(side, np.arange(len(side))[None, :])[0] if len(side) else np.nan for side in sides))
    if not np.isfinite(ratio):
        return Tilt(None, None, None, *n)
    if min(n) < 2:  # one rep drawn again and again says nothing about reps
        return Tilt(float(ratio), None, None, *n)
    random = np.random.default_rng(1)
    drawn = [_per_deal(side, random.integers(0, len(side), (_DRAWS, len(side)))) for side in sides]
    ratios = _of_sides(*drawn)
    low, high = np.quantile(ratios[~np.isnan(ratios)], (0.1, 0.9))
    return Tilt(float(ratio), float(low), float(high), *n)


def _per_deal(side: pd.DataFrame, drawn: np.ndarray) -> np.ndarray:
    """Hours ÷ deals of each draw (a row of positions)."""
    hours, deals = side["support_hours"].to_numpy(dtype=float), side["open_deals"].to_numpy(dtype=float)
    return hours[drawn].sum(axis=1) / deals[drawn].sum(axis=1)


def _of_sides(first, others):
    with np.errstate(divide="ignore", invalid="ignore"):  # nobody on the other side has an hour: no ratio
        return np.divide(first, others)


def best_matching(closed: pd.DataFrame, solutions: pd.DataFrame, segments: tuple[str, ...]) -> pd.DataFrame:
    """One row per product, industry (of `segments`) and track with ten or more decided deals; the surest first.

    closed      product, segment, track, outcome (won, lost), deals
    solutions   product, solution
    """
    known = closed[closed["segment"].isin(segments) & closed["product"].notna()]
    groups = ["product", "segment", "track"]
    counts = known.pivot_table(index=groups, columns="outcome", values="deals", aggfunc="sum", fill_value=0)
    counts = counts.reindex(columns=["won", "lost"], fill_value=0).astype(int).reset_index()
    counts["decided"] = counts["won"] + counts["lost"]
    enough = counts[counts["decided"] >= FEWEST_DECIDED].merge(solutions, on="product", how="left")
    enough = enough.assign(win_rate=enough["won"] / enough["decided"], low=wilson(enough["won"], enough["decided"]).low)
    columns = ["solution", "product", "segment", "track", "won", "decided", "win_rate", "low"]
    return enough.sort_values(["low", "product", "segment", "track"], ascending=[False, True, True, True])[
        columns
    ].reset_index(drop=True)
