"""How well past forecasts did: where they missed, and whether deals won as often as their chances said. Pure."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.metrics.amounts import MINOR_UNITS, ratio, total
from dashboard.metrics.forecast.outlook import LEARNT_FROM, STAGE, Look, Table, chances, forecast, won_late
from dashboard.metrics.intervals import wilson

CHANCE_EDGES = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)


def _tested(table: Table) -> list[int]:
    """The rows of the last ended periods that could be forecast, as in `back_test`."""
    rows = range(max(len(table.looks) - LEARNT_FROM, 0), len(table.looks))
    return [row for row in rows if not forecast(table, row).refused and total(table.looks[row].won) is not None]


def calibration(looks: Sequence[Look]) -> pd.DataFrame:
    """Deals open on the days of the looks by the chance they had then: one row per band of chances (CHANCE_EDGES) in
    which there are some, over the periods of `back_test`.

    from_chance, to_chance, chance (their mean), deals, won, won_share, low, high (its 80 % interval)
    """
    columns = ["from_chance", "to_chance", "chance", "deals", "won", "won_share", "low", "high"]
    table = Table(looks) if looks else None
    rows = [chances(table, row) for row in _tested(table)] if table else []
    if not rows:
        return pd.DataFrame(columns=columns)
    found = pd.concat(rows)
    edges = np.array(CHANCE_EDGES)
    found["band"] = np.clip(np.searchsorted(edges, found["chance"], side="right") - 1, 0, len(edges) - 2)
    found["expected"] = found["chance"] * found["deals"]
    sums = found.groupby("band")[["deals", "won", "expected"]].sum()
    low, high = wilson(sums["won"], sums["deals"])
    return pd.DataFrame(
        {
            "from_chance": edges[sums.index],
            "to_chance": edges[sums.index + 1],
            "chance": sums["expected"] / sums["deals"],
            "deals": sums["deals"],
            "won": sums["won"],
            "won_share": sums["won"] / sums["deals"],
            "low": low,
            "high": high,
        }
    ).reset_index(drop=True)


def errors_by(looks: Sequence[Look], grouped: Sequence[Look], by: str) -> pd.DataFrame:
    """The errors of `back_test`, shared out to groups whose forecasts add up to it: one row per group.

    grouped    the same looks, their frames per group in column `by`
    key (empty: no group), periods, won (over them, units), expected, mean_abs_error_share, bias_share
    A group's forecast has the chances of the whole, its own deals, and its own mean of what came late.
    """
    table = Table(looks) if looks else None
    rows = [_shared_out(table, grouped, row, by) for row in _tested(table)] if table else []
    columns = ["key", "periods", "won", "expected", "mean_abs_error_share", "bias_share"]
    if not rows:
        return pd.DataFrame(columns=columns)
    found = pd.concat(rows)
    found["missed"] = (found["expected"] - found["won"]).abs()
    sums = found.groupby("key")[["won", "expected", "missed"]].sum()
    told = [
        (key or None, len(rows), won, expected, ratio(missed, won), ratio(expected - won, won))
        for key, won, expected, missed in sums.itertuples()
    ]
    numbers = dict.fromkeys(columns[2:], float)
    return pd.DataFrame(told, columns=columns).astype(numbers).sort_values("won", ascending=False, ignore_index=True)


def _shared_out(table: Table, grouped: Sequence[Look], row: int, by: str) -> pd.DataFrame:
    """One period: key ('' for none), expected, won, in units."""
    learnt, now = table.ended_by(table.looks[row].day), grouped[row]
    places = table.places.assign(chance=table.chances(learnt))
    standing = now.standing.assign(**now.standing[STAGE].fillna("")).merge(places, on=STAGE)
    standing["amount"] = standing["amount"].astype(float) * standing["chance"]
    late = pd.concat([won_late(grouped[one]) for one in learnt])
    late = late.assign(amount=late["amount"].astype(float) / len(learnt))
    parts = [_sums(frame, by) for frame in (standing, late, now.won_so_far)]
    expected = pd.concat(parts).groupby(level=0).sum()
    found = pd.DataFrame({"expected": expected, "won": _sums(now.won, by)}).fillna(0.0) / MINOR_UNITS
    return found.rename_axis("key").reset_index()


def _sums(frame: pd.DataFrame, by: str) -> pd.Series:
    return frame["amount"].astype(float).groupby(frame[by].astype(object).fillna("")).sum()
