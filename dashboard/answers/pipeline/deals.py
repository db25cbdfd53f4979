"""The deals behind a number."""

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.regions import level
from dashboard.metrics import survival
from dashboard.metrics.amounts import MINOR_UNITS
from data_access import lists, organisation
from data_access.pipeline import funnel
from data_access.scope import Period, Scope

Norms = dict[tuple[str, str, str], float]
"""(pipeline, track, stage) -> days in stage that four in five deals do not exceed."""


def deals(ask: Ask, scope: Scope, what: str, norms: Norms | None = None, **narrower) -> pd.DataFrame:
    """The deals behind a number (see `lists.deal_list`), amounts in base currency units, with is_stalled: longer in
    the stage than norm_days, its target days, else the stage's norm (worked out here unless handed in).

    region      one of the regions compared (see `regions.level`), as it is counted there; empty: deals without a region
    """
    if "region" in narrower:
        narrower["region_ids"] = level(ask, scope).within(narrower.pop("region"))
    if what == "reached_at_least" and "stage" in narrower:
        narrower["rank"] = _rank(ask, scope, narrower.get("pipeline"), narrower.pop("stage"))
    elif "stage" in narrower:
        narrower["stage_name"] = narrower.pop("stage")
    found = ask(lists.deal_list, scope, what, **narrower)
    for column in ("amount", "weighted_amount"):
        found[column] = found[column].astype("Float64") / MINOR_UNITS
    norms = stage_norms(ask, scope) if norms is None else norms
    keys = list(zip(found["pipeline"], found["track"], found["stage"], strict=True))
    norm = pd.Series([norms.get(key) for key in keys], index=found.index, dtype="Float64")
    found["norm_days"] = found["target_days"].astype("Float64").fillna(norm)
    found["is_stalled"] = (found["days_in_stage"].astype("Float64") > found["norm_days"]).fillna(False).astype(bool)
    return found


def stage_norms(ask: Ask, scope: Scope) -> Norms:
    """The 80th percentile of days in stage, over `stays`: the norm of a stage without target days."""
    return {
        stage: survival.quantile(found["days"], found["still_there"], found["deals"], 0.8)
        for stage, found in stays(ask, scope).groupby(["pipeline", "track", "stage"])
    }


def stays(ask: Ask, scope: Scope) -> pd.DataFrame:
    """The days in stage (`pipeline.stage_days`) of everything the person sees that was ever created, as far as known
    by the as-of date."""
    first_day = ask(organisation.calendar, None).first_day or scope.as_of
    start = min(first_day, scope.as_of)
    ever = Scope(scope.person, Period(start, scope.as_of), scope.as_of, scope.last_day)
    return ask(funnel.stage_days, ever)


def _rank(ask: Ask, scope: Scope, pipeline_name: str | None, stage_name: str | None) -> int:
    stages = ask(funnel.stages, scope)
    of_pipeline = stages[stages["pipeline"] == pipeline_name]
    positions = sorted(set(of_pipeline.loc[of_pipeline["kind"] == "open", "position"]))
    row = of_pipeline[of_pipeline["stage"] == stage_name].iloc[0]
    return positions.index(row["position"]) + 1 if row["kind"] == "open" else len(positions) + 1
