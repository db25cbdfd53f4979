"""Regions compared: what a row of them is called."""

import pandas as pd

from dashboard.answers.regions import Level
from dashboard.frame import wording
from dashboard.words.language import _


def name(level: Level, place: str | None) -> str:
    """A compared region by name; what lies in the whole and in none of its parts says so."""
    if place is None or pd.isna(place):
        return wording.region_name(None)
    called = level.names.get(place, place)
    return _("{region} itself").format(region=called) if place == level.whole else called
