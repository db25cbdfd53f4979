"""Which deals are counted on for the commit of a period, and what they come to beside it."""

from dataclasses import dataclass

import pandas as pd

from dashboard.answers import Ask
from data_access.forecast import judged as questions
from data_access.scope import Scope


@dataclass(frozen=True)
class Judged:
    """rows      the open deals that were judged, or are expected to close in the period, the largest first: those of
              `answers.pipeline.deals.deals`, and is_in (1, 0; empty: not judged), judged_by, judged_at
    counted_on   the amounts of those judged in together, in units; 0 where there are none, None where none has one
    """

    rows: pd.DataFrame
    counted_on: float | None


def judged(ask: Ask, scope: Scope, opened: pd.DataFrame) -> Judged:
    """opened: the open deals in scope, as `answers.pipeline.deals.deals` gives them."""
    rows = opened.merge(ask(questions.judged, scope), on="opportunity_id", how="left")
    start, end = (pd.Timestamp(day) for day in (scope.period.start, scope.period.end))
    rows = rows[rows["is_in"].notna() | rows["expected_close_on"].between(start, end)]
    rows = rows.sort_values("amount", ascending=False, na_position="last", kind="stable", ignore_index=True)
    counted_on = rows.loc[(rows["is_in"] == 1).fillna(False).astype(bool), "amount"]
    total = counted_on.sum(min_count=1) if len(counted_on) else 0.0
    return Judged(rows, None if pd.isna(total) else float(total))
