"""By what reps are put together: by themselves, by team or life stage, each as they stand on the as-of date; or what
was done by the region of its day, whoever did it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.answers import regions
from dashboard.answers.reps import results
from dashboard.ask import answer_of
from dashboard.metrics.reps import team as metrics
from dashboard.metrics.reps.stage_moves import UNKNOWN
from dashboard.sections import regions as regions_words
from dashboard.sections.reps import stage_words
from dashboard.words import literal
from dashboard.words.language import _
from data_access.scope import Scope

NONE = ""  # the group of those who have none


@dataclass(frozen=True)
class Grouping:
    """One way of putting together what reps do. keys: the group of each rep (by region: of each region), NONE: of those
    without one; names: of the groups, in order."""

    by: str
    keys: Mapping[str, str]
    names: Mapping[str, str]

    @property
    def column(self) -> str:
        """What the keys are keys of."""
        return "region_id" if self.by == "region" else "rep_id"

    def placed(self, cells: pd.DataFrame) -> pd.DataFrame:
        """With the group of each row as key; without rows of nobody's."""
        return cells.assign(key=cells[self.column].fillna(NONE).map(self.keys)).dropna(subset=["key"])

    def narrower(self, group: str) -> dict[str, tuple]:
        """What keeps a list to the reps or regions of a group."""
        members = tuple(sorted(one for one, its in self.keys.items() if its == group))
        return {f"{self.column}s": tuple(one or None for one in members)}


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


def grouping(reps: pd.DataFrame, by: str, scope: Scope) -> Grouping:
    """The groups of these reps, or the regions compared. Teams are by manager, in the order of names; stages the
    furthest first."""
    if by == "rep":
        keys, names = reps["rep_id"], dict(zip(reps["rep_id"], reps["rep"], strict=True))
    elif by == "team":
        keys = reps["manager_id"].fillna(NONE)
        named = reps["manager"].fillna(_("No manager"))
        names = dict(sorted(zip(keys, named, strict=True), key=lambda pair: (pair[0] == NONE, pair[1])))
    elif by == "region":
        level = answer_of(regions.level, scope)
        places = {**level.places, NONE: NONE}
        named = {place: regions_words.name(level, place or None) for place in places.values()}
        names = dict(sorted(named.items(), key=lambda pair: (pair[0] == NONE, pair[1])))
        return Grouping(by, places, names)
    else:
        keys = reps["life_stage"].fillna(UNKNOWN)
        names = {stage: name for stage, name in stage_words.stage_names().items() if stage in set(keys)}
    return Grouping(by, dict(zip(reps["rep_id"], keys, strict=True)), names)


def summed(reps: pd.DataFrame, groups: Grouping, scope: Scope) -> pd.DataFrame:
    """metrics.team.grouped, with name (of the group) and group (its key), in the groups' order."""
    if groups.by == "region":
        found = answer_of(results.by_region, scope)
        found = found.assign(group=found["region"].fillna(NONE))
    else:
        found = metrics.grouped(reps.assign(group=reps["rep_id"].map(groups.keys)), "group")
    order = {group: place for place, group in enumerate(groups.names)}
    found = found.sort_values("group", key=lambda groups: groups.map(order), ignore_index=True)
    return found.assign(name=found["group"].map(groups.names))
