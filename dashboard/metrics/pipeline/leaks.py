"""Where a funnel loses most. Pure."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Leak:
    """A stage and what became of the deals that entered it; all counts."""

    stage: str
    entered: int
    lost: int
    undecided: int


def with_lost(rows: pd.DataFrame) -> pd.DataFrame:
    """The funnel's open stages that deals with a history entered, with step_lost: entered, neither advanced
    nor undecided. Empty where no deal has a history."""
    steps = rows[(rows["step_entered"].fillna(0) > 0).to_numpy(dtype=bool)]
    return steps.assign(step_lost=steps["step_entered"] - steps["step_advanced"] - steps["step_undecided"])


def largest(rows: pd.DataFrame) -> Leak | None:
    """The step that lost most deals, the earlier one of equals; None without a history or a loss.

    rows   of one pipeline and track: stage, position, step_entered, step_advanced, step_undecided
    """
    steps = with_lost(rows).sort_values("position")
    if steps.empty or steps["step_lost"].max() <= 0:
        return None
    worst = steps.loc[steps["step_lost"].idxmax()]
    return Leak(worst["stage"], int(worst["step_entered"]), int(worst["step_lost"]), int(worst["step_undecided"]))
