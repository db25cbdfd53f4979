"""How reps went from stage to stage, seen at a row of days. Pure.

A history has one row per rep and day: rep_id, day, life_stage (None: not yet known, or not here yet).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.metrics.reps.life_stage import STAGES

UNKNOWN = "unknown"
KNOWN_OR_NOT = (*STAGES, UNKNOWN)


def by_day(history: pd.DataFrame) -> pd.DataFrame:
    """One row per day and stage (unknown last): day, life_stage, reps."""
    stage = history["life_stage"].fillna(UNKNOWN)
    found = history.groupby(["day", stage.rename("life_stage")]).size()
    days = sorted(history["day"].unique())
    whole = pd.MultiIndex.from_product([days, KNOWN_OR_NOT], names=["day", "life_stage"])
    return found.reindex(whole, fill_value=0).rename("reps").reset_index()


def moves(history: pd.DataFrame) -> pd.DataFrame:
    """One row per rep and pair of following days between which the stage, known on both, changed; the latest first:
    rep_id, day (the later one), from_stage, to_stage, is_up."""
    wide = _wide(history)
    rows = [
        (rep_id, day, before, after, STAGES.index(after) > STAGES.index(before))
        for earlier, day in zip(wide.columns[:-1], wide.columns[1:], strict=True)
        for rep_id, before, after in zip(wide.index, wide[earlier], wide[day], strict=True)
        if before is not None and after is not None and before != after
    ]
    found = pd.DataFrame(rows, columns=["rep_id", "day", "from_stage", "to_stage", "is_up"])
    return found.sort_values(["day", "rep_id"], ascending=[False, True], ignore_index=True)


def transitions(history: pd.DataFrame) -> pd.DataFrame:
    """Counts of reps from one day's stage (rows, unknown last) to the next day's (columns), all pairs of days together;
    who was not here on both days is in none."""
    days = {day: number for number, day in enumerate(sorted(history["day"].unique()))}
    seen = history.assign(stage=history["life_stage"].fillna(UNKNOWN), at=history["day"].map(days))
    later = seen.assign(at=seen["at"] - 1)
    pairs = seen.merge(later, on=["rep_id", "at"], suffixes=("_before", "_after"))
    counts = pd.crosstab(pairs["stage_before"], pairs["stage_after"])
    return counts.reindex(index=list(KNOWN_OR_NOT), columns=list(KNOWN_OR_NOT), fill_value=0)


def since(history: pd.DataFrame) -> pd.DataFrame:
    """One row per rep: rep_id, since (the first of the days on which the stage was the present one without a break;
    NaT: no stage now), is_from_start (it already was on the first day looked at: it may be longer)."""
    wide = _wide(history)
    found = []
    for rep_id, stages in zip(wide.index, wide.to_numpy(), strict=True):
        length = _unbroken(stages)
        first = None if stages[-1] is None else wide.columns[len(stages) - length]
        found.append((rep_id, first, first is not None and length == len(stages)))
    rows = pd.DataFrame(found, columns=["rep_id", "since", "is_from_start"])
    return rows.assign(since=pd.to_datetime(rows["since"]).astype("datetime64[s]"))


def _unbroken(stages: Sequence) -> int:
    """How many of the last days have the last one's stage."""
    return next((n for n, stage in enumerate(reversed(stages)) if stage != stages[-1]), len(stages))


def _wide(history: pd.DataFrame) -> pd.DataFrame:
    """rep × day, the stage in each cell; None where there is none."""
    wide = history.set_index(["rep_id", "day"])["life_stage"].unstack("day").sort_index(axis=1).astype(object)
    return wide.where(wide.notna(), None).replace({np.nan: None})
