"""The funnel, its time in stages and its transitions."""

import pandas as pd

from dashboard.answers import Ask, maturity
from dashboard.answers.overview.compared import labels_of
from dashboard.answers.regions import level
from dashboard.metrics.pipeline import funnel as metrics
from data_access.pipeline import funnel as pipeline
from data_access.scope import Scope


def funnel(ask: Ask, scope: Scope, by: str | None = None) -> pd.DataFrame:
    """The rows of `report funnel`; with `by`, a row per group as well, under `key` and `label`."""
    groups = () if by is None else (by,)
    found = metrics.rows(
        ask(pipeline.stages, scope),
        _placed(ask, scope, ask(pipeline.reached, scope, groups), by),
        _placed(ask, scope, ask(pipeline.stage_visits, scope, groups), by),
        _placed(ask, scope, ask(pipeline.stage_days, scope, groups), by),
        groups,
    )
    return _labelled(ask, scope, found, by)


def funnel_totals(ask: Ask, scope: Scope, by: str | None = None) -> pd.DataFrame:
    """One row per pipeline and track (and group); see metrics.funnel.totals."""
    groups = () if by is None else (by,)
    reached = _placed(ask, scope, ask(pipeline.reached, scope, groups), by)
    totals = metrics.totals(reached, maturity.of_deals(ask, scope), scope.as_of.toordinal(), groups)
    return _labelled(ask, scope, totals, by)


def _placed(ask: Ask, scope: Scope, frame: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Regions as the ones they are compared in."""
    return frame if by != "region" else frame.assign(region=level(ask, scope).of(frame["region"]))


def _labelled(ask: Ask, scope: Scope, frame: pd.DataFrame, by: str | None) -> pd.DataFrame:
    if by is None:
        return frame
    labels = labels_of(ask, scope, by)
    label = frame[by].map(lambda key: labels.get(key, key))
    return frame.rename(columns={by: "key"}).assign(label=label)


def stage_times(ask: Ask, scope: Scope) -> pd.DataFrame:
    """pipeline.stage_days with each stage's position: the input of survival curves."""
    stages = ask(pipeline.stages, scope)
    return ask(pipeline.stage_days, scope, ()).merge(
        stages[["pipeline", "stage", "position"]], on=["pipeline", "stage"]
    )


def transitions(ask: Ask, scope: Scope) -> pd.DataFrame:
    """pipeline.transitions with the positions of both stages."""
    stages = ask(pipeline.stages, scope)[["pipeline", "stage", "position"]]
    found = ask(pipeline.transitions, scope)
    for end in ("from", "to"):
        renamed = stages.rename(columns={"stage": f"{end}_stage", "position": f"{end}_position"})
        found = found.merge(renamed, on=["pipeline", f"{end}_stage"], how="left")
    return found
