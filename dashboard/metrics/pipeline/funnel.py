"""The funnel in its five readings, from additive facts. Pure."""

import numpy as np
import pandas as pd

from dashboard.metrics import survival
from dashboard.metrics.maturity import Maturity


def rows(
    stages: pd.DataFrame,
    reached: pd.DataFrame,
    visits: pd.DataFrame,
    stage_days: pd.DataFrame,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """One row per (*by, pipeline, track, stage): one per open stage, and one for won.

    stages: pipeline.stages · reached, visits, stage_days: the questions of that name
    position                         the column of `stage`
    in_stage_now, visited, strict_path, reached_at_least    deals
    step_entered, step_advanced, step_undecided             deals; empty for won
    median_days_in_stage, p80_days_in_stage                 Kaplan–Meier; empty for won or where not reached
    """
    dimensions = [*by, "pipeline", "track"]
    found = [
        {**dict(zip(dimensions, key, strict=True)), **row}
        for key, cohort in _groups(reached, dimensions)
        for row in _of_cohort(
            stages[stages["pipeline"] == key[-2]],
            cohort,
            _part(visits, dimensions, key),
            _part(stage_days, dimensions, key),
        )
    ]
    columns = [*dimensions, "stage", "position", *_COUNTS, "median_days_in_stage", "p80_days_in_stage"]
    return pd.DataFrame(found, columns=columns).astype(dict.fromkeys(_COUNTS, "Int64"))


_COUNTS = (
    "in_stage_now",
    "visited",
    "strict_path",
    "reached_at_least",
    "step_entered",
    "step_advanced",
    "step_undecided",
)


def totals(reached: pd.DataFrame, ages: pd.DataFrame, as_of: int, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """One row per (*by, pipeline, track): created, won, lost, undecided deals, youngest_days (the age of the youngest),
    mature_after_days (NaN: not yet known), and whether the cohort is_immature.

    ages    maturity.of_deals · as_of    an ordinal
    """
    dimensions = [*by, "pipeline", "track"]
    after = ages.set_index(["pipeline", "track"])["mature_after_days"].to_dict()
    found = []
    for key, cohort in _groups(reached, dimensions):
        by_outcome = {name: int(cohort.loc[cohort["outcome"] == name, "deals"].sum()) for name in _OUTCOMES}
        maturity = Maturity(as_of, after.get(key[-2:], np.nan))
        found.append(
            {
                **dict(zip(dimensions, key, strict=True)),
                "created": sum(by_outcome.values()),
                "won": by_outcome["won"],
                "lost": by_outcome["lost"],
                "undecided": by_outcome["open"],
                **maturity.of(cohort["latest"].max()),
            }
        )
    return pd.DataFrame(found, columns=[*dimensions, *_TOTALS])


_OUTCOMES = ("open", "won", "lost")
_TOTALS = ("created", "won", "lost", "undecided", "youngest_days", "mature_after_days", "is_immature")


def _groups(frame: pd.DataFrame, dimensions: list[str]):
    return frame.groupby(dimensions, sort=True, dropna=False)


def _part(frame: pd.DataFrame, dimensions: list[str], key: tuple) -> pd.DataFrame:
    is_part = np.ones(len(frame), dtype=bool)
    for name, value in zip(dimensions, key, strict=True):
        is_part &= (frame[name].isna() if pd.isna(value) else frame[name] == value).to_numpy(dtype=bool)
    return frame[is_part]


def _of_cohort(stages, cohort, visits, stage_days) -> list[dict]:
    """The rows of one pipeline and track, in the order of position, won last."""
    opened = stages[stages["kind"] == "open"]
    ranks = {position: rank for rank, position in enumerate(sorted(set(opened["position"])), start=1)}
    found = []
    for row in opened.itertuples():
        here = visits[visits["stage"] == row.stage]
        stays = stage_days[stage_days["stage"] == row.stage]
        lasted = stays["days"], stays["still_there"], stays["deals"]
        found.append(
            {
                "stage": row.stage,
                "position": int(row.position),
                "in_stage_now": _sum(cohort[(cohort["outcome"] == "open") & (cohort["stage"] == row.stage)], "deals"),
                **_readings(here, cohort, ranks[row.position]),
                "step_entered": _sum(here, "entered"),
                "step_advanced": _sum(here, "advanced"),
                "step_undecided": _sum(here, "undecided"),
                "median_days_in_stage": survival.quantile(*lasted, 0.5),
                "p80_days_in_stage": survival.quantile(*lasted, 0.8),
            }
        )
    won = stages[stages["kind"] == "won"]
    for row in won.head(1).itertuples():
        found.append(
            {
                "stage": row.stage,
                "position": int(row.position),
                "in_stage_now": _sum(cohort[cohort["outcome"] == "won"], "deals"),
                **_readings(visits[visits["stage"].isin(won["stage"])], cohort, len(ranks) + 1),
                **dict.fromkeys(("step_entered", "step_advanced", "step_undecided")),
                "median_days_in_stage": np.nan,
                "p80_days_in_stage": np.nan,
            }
        )
    return found


def _readings(visits: pd.DataFrame, cohort: pd.DataFrame, rank: int) -> dict[str, int]:
    return {
        "visited": _sum(visits, "visited"),
        "strict_path": _sum(visits, "strict"),
        "reached_at_least": _sum(cohort[(cohort["furthest"] >= rank).fillna(False)], "deals"),
    }


def _sum(frame: pd.DataFrame, column: str) -> int:
    return int(frame[column].sum())
