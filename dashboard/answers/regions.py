"""Regions side by side: those right below what is looked at, each with all that lies in it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dashboard.answers import Ask
from data_access import organisation
from data_access.scope import Scope


@dataclass(frozen=True)
class Level:
    """The regions that stand side by side under a scope.

    places   each region in scope -> the compared one it lies in, parents before children
    names    what each region that the person may see is called
    whole    the one region whose parts are compared, which stands under its own key for what lies in none of them;
             None: several are compared that were chosen, or are roots, or one without parts
    inner    the regions in scope that have parts of their own, without the whole
    lowest   the only region looked at, where it has no parts: what stands below it are reps
    around   the region around the only one looked at; None: it is a root of those the person sees, as is that around it
    """

    places: Mapping[str, str]
    names: Mapping[str, str]
    whole: str | None
    lowest: str | None
    inner: tuple[str, ...]
    around: str | None

    def of(self, regions: pd.Series) -> pd.Series:
        """The compared region that each of these lies in; what has no region has none here either."""
        return regions.map(lambda region: self.places.get(region, region))

    def within(self, place: str | None) -> tuple[str | None, ...]:
        """The regions counted under a compared one, itself among them; (None,): those of no region."""
        if pd.isna(place):
            return (None,)
        return tuple(region for region, its in self.places.items() if its == place) or (place,)


def level(ask: Ask, scope: Scope) -> Level:
    """The children of the one region in scope; of several chosen ones themselves, without those that lie in another."""
    tree = ask(organisation.regions, scope.everything)
    parent = dict(zip(tree["region_id"], tree["parent_id"], strict=True))
    chosen = scope.regions or tuple(region for region in parent if parent[region] not in parent)
    compared = {region for region in chosen if _above(parent.get(region), chosen, parent) is None}
    whole, lowest, around = None, None, None
    if len(compared) == 1:
        [only] = compared
        around = parent.get(only) if parent.get(parent.get(only)) in parent else None
        parts = {region for region in parent if parent[region] == only}
        whole, lowest, compared = (only, None, parts | {only}) if parts else (None, only, compared)
    found = {region: _above(region, compared, parent) for region in parent}
    places = {region: place for region, place in found.items() if place is not None}
    parents = set(parent.values())
    return Level(
        places=places,
        names=dict(zip(tree["region_id"], tree["name"], strict=True)),
        whole=whole,
        lowest=lowest,
        inner=tuple(region for region in places if region != whole and region in parents),
        around=around,
    )


def _above(region: str | None, wanted, parent: Mapping[str, str]) -> str | None:
    """The nearest of the wanted regions in which this one lies, itself before others."""
    while region is not None and region not in wanted:
        region = parent.get(region)
    return region
