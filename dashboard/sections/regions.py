"""Regions compared: what a row of them is called, and the way to the regions inside of one."""

import pandas as pd
import streamlit as st

from dashboard.answers.regions import Level, level
from dashboard.ask import answer_of
from dashboard.frame import wording
from dashboard.words import literal
from dashboard.words.language import _
from data_access.scope import Scope


def name(level: Level, place: str | None) -> str:
    """A compared region by name; what lies in the whole and in none of its parts says so."""
    if place is None or pd.isna(place):
        return wording.region_name(None)
    called = level.names.get(place, place)
    return _("{region} itself").format(region=called) if place == level.whole else called


def ways(scope: Scope, key: str) -> None:
    """Beneath a comparison, the way into each compared region that has parts of its own, and out of the one looked at:
    they set the filter, so that the whole page goes along."""
    found = answer_of(level, scope)
    inside = [region for region in found.inner if found.places[region] == region]
    if not inside and len(scope.regions) != 1:
        return
    with st.container(horizontal=True, key=f"{key}_ways"):
        if len(scope.regions) == 1:
            _way(_("Out of {region}").format(region=found.names[scope.regions[0]]), found.around, key)
        for region in inside:
            _way(_("Inside {region}").format(region=found.names[region]), region, key)


def _way(text: str, region: str | None, key: str) -> None:
    chosen = [region] if region else []
    st.button(
        literal.markdown(text),
        key=f"{key}_way_{region or 'out'}",
        type="tertiary",
        on_click=lambda: st.session_state.update(f_regions=chosen),
    )
