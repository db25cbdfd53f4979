"""Would a profile have picked, a year ago, the accounts that won most since? A draft beside the published one. Pure."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard.metrics.accounts.key_accounts import Matrix, Profile, keys
from dashboard.metrics.accounts.key_review import under_cut_points
from dashboard.metrics.amounts import MINOR_UNITS

CONFIDENCE = 0.8
ALIKE = 0.05  # sets whose sizes differ by more of the published one's are not compared
FEWEST = 10  # accounts that only one of two sets has: fewer, drawn anew and anew, look surer than they are
_DRAWS = 2_000
_OUT, _IN, _HIT = 0, 1, 2  # what an account is to a profile: not picked, picked, picked and among the best


@dataclass(frozen=True)
class YearBack:
    """The company's accounts as they stood a year ago, in the order of their frame, and what each brought since.

    accounts     as metrics.accounts_with_factors has them
    matrix       their factor scores, by the cut points of `profile`, the published one
    published    which of them it would have made key
    won, margin  since, in minor units; 0 where nothing was won
    place        by what was won since, 0 the best; who won nothing stands behind any number
    before       by revenue then, in the group of the matrix
    """

    profile: Profile
    accounts: pd.DataFrame
    matrix: Matrix
    published: np.ndarray
    won: np.ndarray
    margin: np.ndarray
    place: np.ndarray
    before: np.ndarray

    @classmethod
    def of(cls, profile: Profile, accounts: pd.DataFrame, won: pd.Series, margin: pd.Series) -> "YearBack":
        since, revenue = won.to_numpy(dtype=float), accounts["revenue"].fillna(0).to_numpy(dtype=float)
        matrix, before = Matrix.of(accounts), np.full(len(since), np.inf)
        for rows in matrix.members.values():
            before[rows] = _places(revenue[rows])
        place = np.where(since > 0, _places(since), np.inf)
        return cls(profile, accounts, matrix, keys(matrix, profile), since, margin.to_numpy(dtype=float), place, before)

    def picked(self, profile: Profile) -> np.ndarray:
        """Which accounts a profile would have made key."""
        if profile.cut_points == self.profile.cut_points:
            return keys(self.matrix, profile)
        return keys(under_cut_points(self.matrix, self.accounts, profile.cut_points), profile)

    def hits(self, is_key: np.ndarray) -> np.ndarray:
        """Which of those picked are among the equally many that won most since."""
        return is_key & (self.place < is_key.sum())


def _places(values: np.ndarray) -> np.ndarray:
    """From the largest, 0, to the smallest; of equal ones the first."""
    found = np.empty(len(values))
    found[np.argsort(-values, kind="stable")] = np.arange(len(values))
    return found


def tested(then: YearBack, is_key: np.ndarray) -> dict[str, Any]:
    """How well a key set did: n (its size), hits, and hit_rate; by_revenue: the hit rate of as many accounts per group
    by revenue then; lift: their ratio; captured, margin_captured: the set's share of all that was won since. None where
    the set is empty, or nothing was won."""
    n, won, margin = int(is_key.sum()), then.won.sum(), then.margin.sum()
    if n == 0 or won == 0:
        names = ("hits", "hit_rate", "by_revenue", "lift", "captured", "margin_captured")
        return {"n": n} | dict.fromkeys(names)
    hits, plain = int(then.hits(is_key).sum()), int(then.hits(_by_revenue(then, is_key)).sum())
    return {
        "n": n,
        "hits": hits,
        "hit_rate": hits / n,
        "by_revenue": plain / n,
        "lift": hits / plain if plain else None,
        "captured": float(then.won[is_key].sum() / won),
        "margin_captured": float(then.margin[is_key].sum() / margin) if margin > 0 else None,
    }


def _by_revenue(then: YearBack, is_key: np.ndarray) -> np.ndarray:
    """As many accounts of each group as are key, by revenue then."""
    found = np.zeros(len(is_key), dtype=bool)
    for rows in then.matrix.members.values():
        found[rows] = then.before[rows] < is_key[rows].sum()
    return found


def compared(then: YearBack, draft: np.ndarray) -> dict[str, tuple[float, float] | None]:
    """The 80 % intervals over accounts drawn with replacement, always the same draws: of the hit rates `published` and
    `draft`, and of their `difference` (draft − published); None where a set is empty, or nothing was won.

    Both rates are of the same draw: most accounts are picked by both profiles, so that their luck is common, and only
    the accounts that one of them picks tell the two apart. To the profiles an account is one of nine kinds; drawing
    accounts is drawing kinds, which takes as long for ten accounts as for a hundred thousand.
    """
    published = then.published
    if not (published.any() and draft.any() and then.won.sum() > 0):
        return dict.fromkeys(("published", "draft", "difference"))
    kind = 3 * _kinds(then, published) + _kinds(then, draft)
    of_kind = np.bincount(kind, minlength=9)
    drawn = np.random.default_rng(1).multinomial(of_kind.sum(), of_kind / of_kind.sum(), size=_DRAWS)
    to_published, to_draft = np.divmod(np.arange(9), 3)
    rates = {"published": _rates(drawn, to_published), "draft": _rates(drawn, to_draft)}
    rates["difference"] = rates["draft"] - rates["published"]
    return {name: _interval(of_draws) for name, of_draws in rates.items()}


def are_alike(published: np.ndarray, draft: np.ndarray) -> bool:
    """Whether two sets are so alike in size that their hit rates say which picks better: of a larger set more are hits
    by themselves, all of them where everybody is picked."""
    return bool(abs(int(draft.sum()) - int(published.sum())) <= ALIKE * published.sum())


def are_few(published: np.ndarray, draft: np.ndarray) -> bool:
    """Whether so few accounts tell two sets apart that their difference says nothing: one account more that is a hit
    is one in every draw that holds it, so that its interval leaves out 0 by itself."""
    return int((published != draft).sum()) < FEWEST


def _kinds(then: YearBack, is_key: np.ndarray) -> np.ndarray:
    return is_key.astype(int) + then.hits(is_key)


def _rates(drawn: np.ndarray, to_it: np.ndarray) -> np.ndarray:
    """The hit rate of each draw; NaN where it has none of the set."""
    with np.errstate(invalid="ignore"):
        return drawn[:, to_it == _HIT].sum(axis=1) / drawn[:, to_it != _OUT].sum(axis=1)


def _interval(of_draws: np.ndarray) -> tuple[float, float]:
    low, high = np.nanquantile(of_draws, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2), method="inverted_cdf")
    return float(low), float(high)


def moves(then: YearBack, draft: np.ndarray) -> pd.DataFrame:
    """The accounts that would have entered the key set under the draft, and those that would have left it, each by what
    they won since: account_id, account, group, region, owner_id, owner (as of today), is_shown, enters, won_since
    (units), is_hit (among the equally many that won most since, of the set it stands in)."""
    rows = np.flatnonzero(then.published != draft)
    names = ["account_id", "account", "group", "region", "owner_id", "owner", "is_shown"]
    found = (
        then.accounts[names]
        .iloc[rows]
        .assign(
            enters=draft[rows],
            won_since=then.won[rows] / MINOR_UNITS,
            is_hit=np.where(draft, then.hits(draft), then.hits(then.published))[rows],
        )
    )
    return found.sort_values(["enters", "won_since", "account_id"], ascending=[False, False, True], ignore_index=True)


def by_owner(moved: pd.DataFrame) -> pd.DataFrame:
    """Who would have gained and lost key accounts: one row per owner of `moves`, by what they would have gained and
    lost: owner_id, owner (empty: nobody's), gained, lost, won_gained, won_lost."""
    told = moved.assign(
        gained=moved["enters"].astype(int),
        lost=(~moved["enters"]).astype(int),
        won_gained=moved["won_since"].where(moved["enters"], 0.0),
        won_lost=moved["won_since"].where(~moved["enters"], 0.0),
    )
    sums = told.groupby(["owner_id", "owner"], dropna=False)[["gained", "lost", "won_gained", "won_lost"]].sum()
    found = sums.reset_index()
    size = found["won_gained"] + found["won_lost"]
    return (
        found.assign(size=size).sort_values(["size", "gained"], ascending=False, ignore_index=True).drop(columns="size")
    )
