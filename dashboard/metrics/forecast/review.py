"""How well past forecasts did: where they missed, and whether deals won as often as their chances said. Pure."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.metrics.amounts import MINOR_UNITS, ratio, total
from dashboard.metrics.forecast.outlook import STAGE, Course, Look, Table, Whole, chances, forecast, tested, won_late
from dashboard.metrics.intervals import wilson

CHANCE_EDGES = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)


def _tested(table: Table, wholes: Sequence[Whole | None]) -> list[tuple[int, Whole]]:
    """The rows of the last ended periods that could be forecast, as in `back_test`."""
    return [
        (row, whole)
        for row, whole in tested(wholes)
        if not forecast(table, row, whole).refused and total(whole.won) is not None
    ]


def calibration(course: Course) -> pd.DataFrame:
    """Deals open on the days of the looks by the chance they had then: one row per band of chances (CHANCE_EDGES) in
    which there are some, over the periods of `back_test`.

    from_chance, to_chance, chance (their mean), deals, won, won_share, low, high (its 80 % interval)
    """
    columns = ["from_chance", "to_chance", "chance", "deals", "won", "won_share", "low", "high"]
    table = Table(course.looks, course.ahead) if course.looks else None
    rows = [chances(table, row) for row, _ in _tested(table, course.wholes)] if table else []
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


def errors_by(course: Course, grouped: Course, by: str) -> pd.DataFrame:
    """The errors of `back_test`, shared out to groups whose forecasts add up to it: one row per group.

    grouped    the same looks and periods, their frames per group in column `by`
    key (empty: no group), periods, won (over them, units), expected, mean_abs_error_share, bias_share
    A group's forecast has the chances of the whole, its own deals, and its own mean of what came late.
    """
    table = Table(course.looks, course.ahead) if course.looks else None
    periods = dict(tested(grouped.wholes))
    rows = (
        [_shared_out(table, grouped.looks, row, periods[row], by) for row, _ in _tested(table, course.wholes)]
        if table
        else []
    )
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


def _shared_out(table: Table, grouped: Sequence[Look], row: int, whole: Whole, by: str) -> pd.DataFrame:
    """One period: key ('' for none), expected, won, in units."""
    ended, now = table.ended_by(table.looks[row].day), grouped[row]
    places = table.places.assign(chance=table.chances(ended).sum(axis=0))
    standing = now.standing.assign(**now.standing[STAGE].fillna("")).merge(places, on=STAGE)
    standing["amount"] = standing["amount"].astype(float) * standing["chance"]
    parts = [_sums(frame, by) for frame in (standing, whole.so_far)]
    for step in range(table.ahead):
        learnt = table.learnt(ended, step)
        late = [won_late(grouped[one + step], grouped[one].day) for one in learnt]
        parts.append(_sums(pd.concat(late), by) / len(learnt))
    expected = pd.concat(parts).groupby(level=0).sum()
    found = pd.DataFrame({"expected": expected, "won": _sums(whole.won, by)}).fillna(0.0) / MINOR_UNITS
    return found.rename_axis("key").reset_index()


def _sums(frame: pd.DataFrame, by: str) -> pd.Series:
    return frame["amount"].astype(float).groupby(frame[by].astype(object).fillna("")).sum()
