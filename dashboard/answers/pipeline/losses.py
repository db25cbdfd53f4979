"""Why deals were lost in the period, where, and to whom."""

from dataclasses import dataclass

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.regions import level
from dashboard.metrics.pipeline import losses as metrics
from data_access.pipeline import losses
from data_access.scope import Scope


@dataclass(frozen=True)
class Losses:
    """Of one track: reasons (metrics.by_reason), by_region and by_competitor (metrics.matrix), qualified_out."""

    reasons: pd.DataFrame
    by_region: pd.DataFrame
    by_competitor: pd.DataFrame
    qualified_out: metrics.QualifiedOut


def of_period(ask: Ask, scope: Scope) -> Losses:
    """The losses of the track in scope; regions are those compared (see `regions.level`)."""
    facts = ask(losses.closed_by_reason, scope)
    facts["region"] = level(ask, scope).of(facts["region_id"])
    return Losses(
        reasons=metrics.by_reason(facts),
        by_region=metrics.matrix(facts, "region"),
        by_competitor=metrics.matrix(facts, "competitor"),
        qualified_out=metrics.qualified_out(facts),
    )
