"""Conversion compared group by group, with how far each share can be trusted. Pure."""

import pandas as pd

from dashboard.metrics.intervals import wilson

WON = "won"  # the measure that is not a step: won among the decided deals of the cohort


def by_group(rows: pd.DataFrame, totals: pd.DataFrame, measure: str) -> pd.DataFrame:
    """One row per group of one pipeline and track, the best share first, unknown shares last.

    rows, totals   the funnel and its totals by group: key, label, …
    measure        a stage: its step, advanced among the decided that entered it; or WON: won among the
                   decided deals created
    Gives key, label, counted (deals behind, the undecided too), cases (decided), successes, undecided,
    share (0–1), low, high (80 % Wilson interval); share and bounds NaN without a case.
    """
    if measure == WON:
        groups = totals.assign(counted=totals["created"], successes=totals["won"])
    else:
        at_stage = rows[rows["stage"] == measure]
        groups = at_stage.assign(
            counted=at_stage["step_entered"],
            successes=at_stage["step_advanced"],
            undecided=at_stage["step_undecided"],
        )
    numbers = groups[["counted", "successes", "undecided"]].astype(float)
    cases = numbers["counted"] - numbers["undecided"]
    low, high = wilson(numbers["successes"], cases)
    return (
        groups[["key", "label"]]
        .assign(**numbers, cases=cases, share=numbers["successes"] / cases.where(cases > 0), low=low, high=high)
        .sort_values(["share", "cases"], ascending=False, na_position="last")
        .reset_index(drop=True)
    )
