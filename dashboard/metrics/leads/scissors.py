"""Whether marketing cost outgrows what it brings: cost, revenue and margin of period after period. Pure."""

from typing import Any

import numpy as np
import pandas as pd

PERIODS_RUNNING = 3  # cost grew faster than margin in so many periods, one after the other
MEASURES = ("cost", "revenue", "margin")


def indexed(rows: pd.DataFrame) -> pd.DataFrame:
    """The periods with their indexes and growth, in order, from the first in which all three are known and above 0.

    rows   one row per period, in order: start, cost, revenue, margin (NaN: not known)
    cost_index, revenue_index, margin_index      100 in the first period
    cost_growth, revenue_growth, margin_growth   on the period before (0.1: a tenth more; NaN: nothing to compare with)
    is_faster                                    cost grew faster than margin
    """
    known = rows.reindex(columns=[*rows.columns.difference(MEASURES, sort=False), *MEASURES])
    values = known[list(MEASURES)].astype(float)
    begun = (values > 0).all(axis=1).to_numpy(dtype=bool)
    first = int(begun.argmax()) if begun.any() else len(known)
    found, values = known.iloc[first:].reset_index(drop=True), values.iloc[first:].reset_index(drop=True)
    found[list(MEASURES)] = values
    for name in MEASURES:
        before = values[name].shift().where(lambda earlier: earlier > 0)
        base = values[name].iloc[0] if len(values) else np.nan
        found[f"{name}_index"] = 100 * values[name] / base
        found[f"{name}_growth"] = values[name] / before - 1
    return found.assign(is_faster=(found["cost_growth"] > found["margin_growth"]).astype(bool))


def running(periods: pd.DataFrame) -> int:
    """In how many of the latest periods, one after the other, cost grew faster than margin."""
    slower = np.flatnonzero(~periods["is_faster"].to_numpy(dtype=bool))
    return len(periods) - (int(slower[-1]) + 1 if slower.size else 0)


def alarm(periods: pd.DataFrame) -> dict[str, Any] | None:
    """What there is to say where the scissors open; None where they do not.

    periods_running   how many periods the cost has outgrown the margin
    cost_growth, margin_growth    from the period before them to the latest one
    cost              of the latest period
    excess            of that, what goes beyond the growth of the margin
    """
    count = running(periods)
    if count < PERIODS_RUNNING:
        return None
    before, latest = periods.iloc[-count - 1], periods.iloc[-1]
    cost_growth, margin_growth = (latest[name] / before[name] - 1 for name in ("cost", "margin"))
    return {
        "periods_running": count,
        "cost_growth": float(cost_growth),
        "margin_growth": float(margin_growth),
        "cost": float(latest["cost"]),
        "excess": float(latest["cost"] - before["cost"] * (1 + margin_growth)),
    }
