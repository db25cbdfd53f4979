"""Groups side by side: regions, owners, sources … and what moved most between two periods."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.overview.numbers import facts
from dashboard.answers.regions import level
from dashboard.metrics.amounts import MINOR_UNITS
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.metrics.definitions.reports import REPORTS
from dashboard.metrics.overview import numbers as metrics
from data_access import organisation
from data_access.pipeline import bridge
from data_access.scope import Scope

# Bars of the bridge by which money leaves the pipeline.
_LEAVES = ("amount_down", "moved_out", "won", "lost", "left_out", "removed")


def compared(ask: Ask, scope: Scope, by: str) -> pd.DataFrame:
    """One row per group: key (empty: without one), label, and the overview's numbers of the group.

    `by` is region (the regions right below the chosen one), owner, source, product, segment, pipeline or track.
    Numbers that are never pooled over tracks are None in a group that has several.
    """
    found = facts(ask, scope, () if by == "track" else (by,))
    if by == "track":
        found = replace(found, target=None)
    labels = labels_of(ask, scope, by)
    placed = level(ask, scope).of if by == "region" else None
    frames = {name: getattr(found, name) for name in ("closed", "created", "opened", "target")}
    for name, frame in frames.items():
        if frame is not None:
            frames[name] = frame.assign(group=frame[by] if placed is None else placed(frame[by]))
    occurring = pd.concat([frame["group"] for frame in frames.values() if frame is not None])
    keys = [*occurring.dropna().unique(), *([None] if occurring.isna().any() else [])]
    rows, none = [], replace(found, won_amounts=found.won_amounts.iloc[:0], won_cycles=found.won_cycles.iloc[:0])
    for key in keys:
        part: dict[str, Any] = {
            name: None if frame is None else frame[_equals(frame["group"], key)] for name, frame in frames.items()
        }
        values = metrics.overview(replace(none, **part))["values"]
        rows.append({"key": key, "label": labels.get(key, key), **values})
    numbers = REPORTS["overview.values"]
    found = pd.DataFrame(rows, columns=["key", "label", *numbers]).astype(dict.fromkeys(numbers, float))
    return found.sort_values("label", na_position="last", ignore_index=True)


def _equals(column: pd.Series, key) -> pd.Series:
    return column.isna() if key is None else column == key


def labels_of(ask: Ask, scope: Scope, by: str) -> dict:
    if by == "region":
        return dict(level(ask, scope).names)
    if by == "owner":
        found = ask(organisation.people, scope.everything)
        return dict(zip(found["rep_id"], found["name"], strict=True))
    return {}


def moved_most(ask: Ask, scope: Scope, earlier: Scope, most: int = 5) -> pd.DataFrame:
    """One row per region and bar of the bridge, by the size of the change against the earlier period, `most` rows.

    region_id (empty: deals without a region), region, cause
    amount                          what the bar adds to the pipeline: below 0 where it takes
    moved, moved_before, difference the movement itself, as it is named: what was lost is above 0; and how much more it
                                    is than in the earlier period
    effect                          of the difference: 1 better, -1 worse, 0 neither
    """
    regions = level(ask, scope)
    moved = ask(bridge.movement_totals, scope, ("region",), (scope.moment, earlier.moment))

    def contributions(moment: int) -> pd.Series:
        found = moved[(moved["moment"] == moment) & (moved["lacks_rate"] == 0)]
        region = regions.of(found["region"]).fillna("")
        return (found["amount"].astype(float) / MINOR_UNITS).groupby([region, found["bar"]]).sum()

    both = pd.DataFrame({"amount": contributions(0), "amount_before": contributions(1)}).fillna(0.0)
    both = both.rename_axis(["region_id", "cause"]).reset_index()
    direction = np.where(both["cause"].isin(_LEAVES), -1.0, 1.0)
    both["moved"], both["moved_before"] = both["amount"] * direction + 0.0, both["amount_before"] * direction + 0.0
    both["difference"] = both["moved"] - both["moved_before"]
    better = both["cause"].map(lambda cause: DEFINITIONS[cause].direction)  # of the bar, with its sign
    both["effect"] = np.sign((both["amount"] - both["amount_before"]) * better).astype(int)
    both["region_id"] = both["region_id"].astype(object).replace("", None)
    both["region"] = both["region_id"].map(lambda one: regions.names.get(one, one))
    largest = both.loc[both["difference"].abs().sort_values(ascending=False, kind="stable").index]
    columns = ["region_id", "region", "cause", "amount", "moved", "moved_before", "difference", "effect"]
    return largest.head(most)[columns].reset_index(drop=True)
