"""What a state has cost: the part of the chance to be won that deals in it lost, learnt from deals closed. Pure.

The share is 1 − w₁ ÷ w₀, at least 0. w₁ is the share won of the deals that were in the state at a stage, from the first
day they were; w₀ of those that, on the same day of their stay there, had not come into it. To compare all that ever
were in a state with all that never were would be wrong: only who stays long can come into it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

ASSUMED = 0.10
"""The share as long as nothing is known. Published."""
PSEUDO_DEALS = 30
"""How many deals the wider share counts for beside a stage's own."""
OWN_CASES = 10
"""On fewer cases of its own a share is called assumed."""

Place = tuple[str, str, str]
"""Pipeline, track and stage."""


@dataclass(frozen=True)
class Cases:
    """Deals that were in a state: how many, how many of them were won, and how many would have been as their like were
    (n × w₀)."""

    n: int = 0
    won: int = 0
    expected: float = 0.0

    def __add__(self, other: "Cases") -> "Cases":
        return Cases(self.n + other.n, self.won + other.won, self.expected + other.expected)

    def share(self, wider: float) -> float:
        """The share that the state has cost, w₁ shrunk towards what the wider share would leave of w₀."""
        if not self.expected:
            return wider
        as_their_like = self.expected / self.n
        won = (self.won + PSEUDO_DEALS * as_their_like * (1 - wider)) / (self.n + PSEUDO_DEALS)
        return max(0.0, 1 - won / as_their_like)


@dataclass(frozen=True)
class Shares:
    """The shares of every rule at every stage, from the cases of those that could be learnt."""

    cases: Mapping[str, Mapping[Place, Cases]]

    @property
    def over_all(self) -> float:
        """Over all rules and stages: what holds for a rule that nothing is known of."""
        return sum((one for places in self.cases.values() for one in places.values()), Cases()).share(ASSUMED)

    def of_rule(self, rule: str) -> float:
        """Over all stages."""
        return sum(self.cases.get(rule, {}).values(), Cases()).share(self.over_all)

    def of(self, rule: str, places: pd.Series) -> pd.DataFrame:
        """The share of a rule at each of some places (`Place`), and n, the cases of its own that it rests on."""
        wider = self.of_rule(rule)
        own = {place: self.cases.get(rule, {}).get(place, Cases()) for place in places.unique()}
        return pd.DataFrame(
            {
                "share": places.map({place: one.share(wider) for place, one in own.items()}).astype(float),
                "own_cases": places.map({place: one.n for place, one in own.items()}).astype("Int64"),
            },
            index=places.index,
        )


def learnt(stays: pd.DataFrame, stalled_after: Mapping[Place, float]) -> Shares:
    """What past stays say of the rules that can be told day by day: pushed, overdue, stalled.

    stays           past.stays
    stalled_after   days in stage that are not yet too many; a stage without them says nothing
    """
    cases: dict[str, dict[Place, Cases]] = {"pushed": {}, "overdue": {}, "stalled": {}}
    for key, own in stays.groupby(["pipeline", "track", "stage"]):
        place: Place = tuple(key)
        for rule in ("pushed", "overdue"):
            cases[rule][place] = _beside_their_like(own, own[f"{rule}_after"])
        if not np.isnan(norm := stalled_after.get(place, np.nan)):
            cases["stalled"][place] = _beside_all(own, int(norm // 1) + 1)
    return Shares(cases)


def _beside_their_like(stays: pd.DataFrame, came: pd.Series) -> Cases:
    """Deals that came into a state, each beside those that were still there that day and had not; without any such,
    it is no case."""
    lasted, deals, won = (stays[name].to_numpy(dtype=float) for name in ("lasted", "deals", "is_won"))
    on = came.to_numpy(dtype=float, na_value=np.inf)
    found = Cases()
    for day in np.unique(on[np.isfinite(on)]):
        is_case, is_like = on == day, (lasted > day) & (on > day)
        if like := deals[is_like].sum():
            n = int(deals[is_case].sum())
            rate = (deals * won)[is_like].sum() / like
            found += Cases(n, int((deals * won)[is_case].sum()), n * rate)
    return found


def _beside_all(stays: pd.DataFrame, first_day: int) -> Cases:
    """Deals that were there for more days, over all their stays, beside all that entered the stage: whoever was there
    so long was in the state."""
    deals, won = stays["deals"].astype(int), stays["deals"] * stays["is_won"]
    is_case = stays["stayed"] > first_day
    n = int(deals[is_case].sum())
    return Cases(n, int(won[is_case].sum()), n * float(won.sum()) / int(deals.sum()))
