"""By what reps are put together: by themselves, by team, region or life stage, each as they stand on the as-of date."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.metrics.reps import team as metrics
from dashboard.metrics.reps.stage_moves import UNKNOWN
from dashboard.sections.reps import stage_words
from dashboard.words import literal
from dashboard.words.language import _

NONE = ""  # the group of those who have none


@dataclass(frozen=True)
class Grouping:
    """One way of putting reps together. keys: the group of each rep, by rep_id; names: of the groups, in order."""

    by: str
    keys: Mapping[str, str]
    names: Mapping[str, str]

    def of(self, group: str) -> tuple[str, ...]:
        """The reps of a group."""
        return tuple(sorted(rep for rep, its in self.keys.items() if its == group))


def titles() -> dict[str, str]:
    return {"rep": _("Rep"), "team": _("Team"), "region": _("Region"), "stage": _("Life stage")}


def choose(key: str, offered: tuple[str, ...], default: str) -> str:
    """A switch between ways of grouping."""
    names = titles()
    if st.session_state.get(key) not in offered:
        st.session_state[key] = default
    chosen = st.segmented_control(
        _("Grouped by"),
        list(offered),
        format_func=literal.options(names.__getitem__),
        required=True,
        key=key,
        persist_state="session",
    )
    return chosen or default


def grouping(reps: pd.DataFrame, by: str) -> Grouping:
    """The groups of these reps. Teams are by manager, in the order of names; stages the furthest first."""
    if by == "rep":
        keys, names = reps["rep_id"], dict(zip(reps["rep_id"], reps["rep"], strict=True))
    elif by == "team":
        keys = reps["manager_id"].fillna(NONE)
        named = reps["manager"].fillna(_("No manager"))
        names = dict(sorted(zip(keys, named, strict=True), key=lambda pair: (pair[0] == NONE, pair[1])))
    elif by == "region":
        keys = reps["region_id"].fillna(NONE)
        names = dict(zip(keys, reps["region"].fillna(_("No region")), strict=True))
    else:
        keys = reps["life_stage"].fillna(UNKNOWN)
        names = {stage: name for stage, name in stage_words.stage_names().items() if stage in set(keys)}
    return Grouping(by, dict(zip(reps["rep_id"], keys, strict=True)), names)


def summed(reps: pd.DataFrame, groups: Grouping) -> pd.DataFrame:
    """metrics.team.grouped, with name (of the group) and group (its key), in the groups' order."""
    found = metrics.grouped(reps.assign(group=reps["rep_id"].map(groups.keys)), "group")
    order = {group: place for place, group in enumerate(groups.names)}
    found = found.sort_values("group", key=lambda groups: groups.map(order), ignore_index=True)
    return found.assign(name=found["group"].map(groups.names))
