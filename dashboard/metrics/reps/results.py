"""What reps do and achieve, from additive facts. Pure; undefined is None or NaN."""

import numpy as np
import pandas as pd

from dashboard.metrics.amounts import ratio, units
from dashboard.metrics.periods import Days

SWING_QUARTERS = 8  # the latest ended quarters with a target
FEWEST_QUARTERS = 4  # with fewer there is no swing

COUNTS = (
    "completed",
    "planned_done_on_time",
    "planned_done_late",
    "planned_overdue",
    "meetings_held",
    "accounts_owned",
    "accounts_touched",
)
"""What is counted per rep: 0 where there is none."""


def won_amounts(closed: pd.DataFrame, by: str = "owner") -> pd.Series:
    """Won amount in currency units by group, from closing.closed_totals; None where no deal has an amount, or one has
    no rate."""
    won = closed[(closed["outcome"] == "won") & closed[by].notna()]
    undefined = (won["lacks_rate"] > 0) | (won["with_amount"] == 0)
    amounts = [None if unknown else units(amount) for unknown, amount in zip(undefined, won["amount"], strict=True)]
    return pd.Series(amounts, index=won[by].to_numpy(), dtype=object)


def quarter_attainments(closed: pd.DataFrame, targets: pd.DataFrame, quarters: list[Days]) -> pd.DataFrame:
    """One row per rep and quarter with a target above 0: rep_id, quarter (its first day), won, target, attainment.

    closed: closing.closed_totals by owner and month; targets: targets.target_totals by owner and month; quarters: whole
    months, in any order. won and attainment are None where an amount or a rate is missing.
    """
    starts = np.array(sorted(start.toordinal() for start, _ in quarters))
    won = _by_quarter(closed[closed["outcome"] == "won"], starts)
    aims = _by_quarter(targets, starts)
    rows = []
    for (rep, start), aim in aims.items():
        if aim["amount"] <= 0:
            continue
        facts = won.get((rep, start))
        amount: float | None = 0.0
        if facts is not None:
            is_unknown = facts["lacks_rate"] > 0 or facts["with_amount"] == 0
            amount = None if is_unknown else units(facts["amount"])
        target = units(aim["amount"])
        rows.append((rep, start, amount, target, ratio(amount, target)))
    return pd.DataFrame(rows, columns=["rep_id", "quarter", "won", "target", "attainment"])


def _by_quarter(facts: pd.DataFrame, starts: np.ndarray) -> dict[tuple[str, int], dict[str, int]]:
    """Sums by owner and quarter of facts by owner and month; what lies before the first quarter is left aside."""
    known = facts[facts["owner"].notna()]
    place = np.searchsorted(starts, known["month"].to_numpy(dtype="int64"), side="right") - 1
    names = [name for name in ("amount", "with_amount", "lacks_rate") if name in known]
    inside = known[place >= 0].assign(quarter=starts[place[place >= 0]]) if len(starts) else known.iloc[:0]
    if inside.empty:
        return {}
    return inside.groupby(["owner", "quarter"])[names].sum().to_dict("index")


def swings(attainments: pd.DataFrame) -> pd.DataFrame:
    """One row per rep, by rep_id: swing (population SD ÷ mean of the attainment over the last 8 quarters with a
    target), quarters (how many of them there are). No swing under 4 quarters, or where one has no attainment."""
    latest = attainments.sort_values(["rep_id", "quarter"]).groupby("rep_id").tail(SWING_QUARTERS)
    rows = {rep: (_swing(own["attainment"]), len(own)) for rep, own in latest.groupby("rep_id")}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["swing", "quarters"])


def _swing(attainments: pd.Series) -> float | None:
    if len(attainments) < FEWEST_QUARTERS or attainments.isna().any():
        return None
    values = attainments.to_numpy(dtype=float)
    return ratio(float(np.std(values)), float(np.mean(values)))


def has_anything(rows: pd.DataFrame, won_deals: pd.Series) -> pd.Series:
    """Whether a rep has anything counted: an activity, a plan, an account, a won deal or a target."""
    counted = (rows[[*COUNTS, "planned_cancelled", "planned_due"]] > 0).any(axis=1)
    return counted | (won_deals > 0) | rows["target_amount"].notna()
