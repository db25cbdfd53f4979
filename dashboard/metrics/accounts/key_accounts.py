"""The composite score of accounts (综合积分法), how sure it is, and what a change of weights would do. Pure.

The matrix of factor scores (accounts × FACTORS, NaN where unscored) is made once; every weight vector is then a
product with it. Scores are compared at nine decimal places, so that no order depends on the last bit of a float.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

FACTORS = ("past_revenue", "potential", "reference_effect", "winnability")
OTHERS = "others"
SMALLEST_GROUP = 5  # a group with fewer accounts joins the others
DRAWS = 2_000
CONCENTRATION = 100  # of the Dirichlet draws: weights differ by some hundredths from the chosen ones
_PLACES = 9
_SCORES_AT_A_TIME = 100_000  # so few stay in the processor's cache: several times faster than millions at a time


class ProfileRefused(ValueError):
    """Weights, cut points or shares that make no score. The message is a sentence for people."""


EQUAL = dict.fromkeys(FACTORS, 1.0)


@dataclass(frozen=True)
class Profile:
    """What "key" means: weights of the factors, the ten cut points of past revenue (base currency units), the top
    share of each group that is key, and the score an account needs at least. `tops` and `floors` per group override."""

    weights: Mapping[str, float] = field(default_factory=EQUAL.copy)
    cut_points: tuple[float, ...] = ()
    top: float = 0.2
    floor: float = 0.0
    tops: Mapping[str, float] = field(default_factory=dict)
    floors: Mapping[str, float] = field(default_factory=dict)
    version: int | None = None

    def __post_init__(self):
        unknown = set(self.weights) - set(FACTORS)
        if unknown:
            raise ProfileRefused(f"There is no factor {sorted(unknown)[0]!r}. Factors are {', '.join(FACTORS)}.")
        if any(weight < 0 or not np.isfinite(weight) for weight in self.weights.values()):
            raise ProfileRefused("A weight is 0 or more.")
        if sum(self.weights.values()) == 0:
            raise ProfileRefused("All weights are 0, so there is no score. Give at least one factor a weight.")
        if len(self.cut_points) != 10:
            raise ProfileRefused(f"Past revenue needs ten cut points; {len(self.cut_points)} were given.")
        if not np.isfinite(self.cut_points).all():
            raise ProfileRefused("A cut point is an amount of money.")
        if any(np.diff(self.cut_points) < 0):
            raise ProfileRefused("The cut points must rise from the first to the tenth.")
        for share in (self.top, *self.tops.values()):
            if not 0 <= share <= 1:
                raise ProfileRefused(f"The top share lies between 0 and 1; {share} does not.")

    @property
    def shares(self) -> np.ndarray:
        """The weights as shares that sum to 1, in the order of FACTORS. A factor not named weighs 0."""
        given = np.array([float(self.weights.get(name, 0.0)) for name in FACTORS])
        return given / given.sum()

    def top_of(self, group: str) -> float:
        return self.tops.get(group, self.top)

    def floor_of(self, group: str) -> float:
        return self.floors.get(group, self.floor)


# --- factor scores and groups -------------------------------------------------------------------------


def revenue_scores(minor_units: pd.Series, cut_points: tuple[float, ...]) -> np.ndarray:
    """How many of the ten cut points each revenue (integer minor units) reaches; NaN where it is unknown."""
    cuts = np.sort([ceil(Fraction(str(point)) * 100) for point in cut_points])  # 0.001 is reached from a cent on
    known = minor_units.notna().to_numpy()
    scores = np.full(len(minor_units), np.nan)
    scores[known] = np.searchsorted(cuts, minor_units[known].to_numpy(dtype=float), side="right")
    return scores


def past_revenue(has_won: pd.Series, minor_units: pd.Series, cut_points: tuple[float, ...]) -> np.ndarray:
    """`revenue_scores` of accounts; without a won deal 0, wherever the cut points lie."""
    return np.where(has_won, revenue_scores(minor_units, cut_points), 0.0)


def proposed_cut_points(minor_units: pd.Series) -> tuple[float, ...]:
    """0.01 and the nearest-rank 10 %, 20 % … 90 % quantiles of the positive revenues; empty where there are none."""
    positive = np.sort(minor_units[minor_units > 0].to_numpy(dtype=np.int64))
    if positive.size == 0:
        return ()
    return 0.01, *(float(positive[-(-tenth * positive.size // 10) - 1]) / 100 for tenth in range(1, 10))


def groups(of_accounts: pd.Series) -> pd.Series:
    """Each account's group: its industry or class; without one, or with fewer than five accounts, the others."""
    named = of_accounts.fillna(OTHERS)
    sizes = named.map(named.value_counts())
    return named.where(sizes >= SMALLEST_GROUP, OTHERS)


def accounts_with_factors(
    accounts: pd.DataFrame, revenue: pd.DataFrame, assessed: pd.DataFrame, cut_points: tuple[float, ...]
) -> pd.DataFrame:
    """One row per account: `accounts` with its group found, revenue (minor units), has_won (any deal, whatever its
    amount), and the four factor scores.

    revenue: key_accounts.won_by_account. No won deal: revenue 0. Won deals without any amount or rate: unknown.
    assessed: key_accounts.latest_scores; adds <factor>_on, the day of the latest assessment.
    """
    found = accounts.merge(revenue.drop(columns="gross_margin"), on="account_id", how="left")
    is_unknown = (found["deals"] > 0) & ((found["with_amount"] == 0) | (found["lacks_rate"] > 0))
    amount = found["amount"].fillna(0).mask(is_unknown.fillna(False))
    wide = assessed.pivot(index="account_id", columns="factor", values=["score", "assessed_on"])
    columns = {"group": groups(accounts["group"]), "revenue": amount, "has_won": found["deals"].notna()}
    columns["past_revenue"] = past_revenue(columns["has_won"], amount, cut_points)
    for factor in FACTORS[1:]:
        has = ("score", factor) in wide.columns
        of_account = wide.reindex(found["account_id"])
        columns[factor] = of_account["score", factor].to_numpy(dtype=float) if has else np.nan
        columns[f"{factor}_on"] = of_account["assessed_on", factor].to_numpy() if has else pd.NaT
    return accounts.assign(**columns)


# --- ranking ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Matrix:
    """The factor scores of all accounts, in the order of their frame, and which rows each group has (scored only)."""

    scores: np.ndarray  # accounts × factors
    members: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, accounts: pd.DataFrame) -> "Matrix":
        scores = accounts[list(FACTORS)].to_numpy(dtype=float)
        is_scored = ~np.isnan(scores).any(axis=1)
        group = accounts["group"].to_numpy()
        names = sorted(set(group[is_scored]))
        return cls(scores, {name: np.flatnonzero(is_scored & (group == name)) for name in names})


def key_count(top: float, scored: int) -> int:
    """⌈X × n⌉, with X as it is written: 0.07 of 100 are 7."""
    return ceil(Fraction(str(top)) * scored)


def composite(matrix: Matrix, shares: np.ndarray) -> np.ndarray:
    """Σ share × factor score per account, at nine decimal places; NaN for the unscored."""
    return np.round(matrix.scores @ shares, _PLACES)


def ranking(matrix: Matrix, profile: Profile) -> pd.DataFrame:
    """One row per account in the matrix's order: score, rank in its group (ties share the better), is_key."""
    score = composite(matrix, profile.shares)
    rank = np.full(len(score), np.nan)
    is_key = np.zeros(len(score), dtype=bool)
    for group, rows in matrix.members.items():
        of_group = score[rows]
        ascending = np.sort(of_group)
        rank[rows] = 1 + of_group.size - np.searchsorted(ascending, of_group, side="right")
        is_key[rows] = (rank[rows] <= key_count(profile.top_of(group), rows.size)) & (
            of_group >= profile.floor_of(group)
        )
    return pd.DataFrame({"score": score, "rank": pd.array(rank, dtype="Float64").astype("Int64"), "is_key": is_key})


def keys(matrix: Matrix, profile: Profile) -> np.ndarray:
    """Per account, whether `ranking` makes it key: where nobody asks for ranks, several times faster."""
    score = composite(matrix, profile.shares)
    is_key = np.zeros(len(score), dtype=bool)
    for group, rows in matrix.members.items():
        key = key_count(profile.top_of(group), rows.size)
        is_key[rows] = _at_the_top(score[rows][None], key, profile.floor_of(group))[0]
    return is_key


def score_ranges(matrix: Matrix, profile: Profile) -> pd.DataFrame:
    """One row per account in the matrix's order: score_low and score_high, its score if every missing factor were 0, or
    10; of a scored account both are its score."""
    score, is_missing = composite(matrix, profile.shares), np.isnan(matrix.scores)
    found = {}
    for name, missing in (("score_low", 0.0), ("score_high", 10.0)):
        filled = np.round(np.where(is_missing, missing, matrix.scores) @ profile.shares, _PLACES)
        found[name] = np.where(np.isnan(score), filled, score)
    return pd.DataFrame(found)


def middle(accounts: pd.DataFrame) -> pd.Series:
    """By what an account stands in a ranking: its score; without one the middle of what that may be."""
    return (accounts["score_low"] + accounts["score_high"]).round(_PLACES) / 2


def in_order(accounts: pd.DataFrame) -> pd.DataFrame:
    """The accounts by group, the best first, those without a score by `middle`, after those that have just that one."""
    placed = accounts.assign(worse=-middle(accounts), is_provisional=accounts["score"].isna())
    ordered = placed.sort_values(["group", "worse", "is_provisional", "account_id"], ignore_index=True)
    return ordered[accounts.columns]


# --- how sure it is -----------------------------------------------------------------------------------


def weight_draws(shares: np.ndarray, draws: int = DRAWS) -> np.ndarray:
    """Weight vectors around the chosen ones: Dirichlet(100 × shares); a weight of 0 stays 0; always the same."""
    drawn = np.zeros((draws, len(shares)))
    weighs = shares > 0
    drawn[:, weighs] = np.random.default_rng(1).dirichlet(CONCENTRATION * shares[weighs], draws)
    return drawn


def stability(matrix: Matrix, profile: Profile, progress: Callable[[float], object] = lambda share: None) -> np.ndarray:
    """Per account, the share of the drawn weights under which it is key; NaN for the unscored."""
    times_key = np.full(len(matrix.scores), np.nan)
    for rows in matrix.members.values():
        times_key[rows] = 0
    for rows, _, is_key in _keys_under(matrix, profile, weight_draws(profile.shares), progress):
        times_key[rows] += is_key.sum(axis=0)
    return times_key / DRAWS


def _keys_under(
    matrix: Matrix, profile: Profile, weights: np.ndarray, progress: Callable[[float], object]
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Who is key under each row of weights, in pieces: the accounts, which weights, is_key (weights × accounts)."""
    done = 0
    total = len(weights) * sum(rows.size for rows in matrix.members.values()) or 1
    for group, rows in matrix.members.items():
        key, floor = key_count(profile.top_of(group), rows.size), profile.floor_of(group)
        factor_scores = np.ascontiguousarray(matrix.scores[rows].T)
        pieces = np.clip(rows.size * len(weights) // _SCORES_AT_A_TIME, 1, len(weights))
        for some in np.array_split(np.arange(len(weights)), pieces):
            score = np.round(weights[some] @ factor_scores, _PLACES)
            yield rows, some, _at_the_top(score, key, floor)
            before, done = done, done + score.size
            if 100 * done // total > 100 * before // total:  # a hundred steps, not thousands
                progress(done / total)


def _at_the_top(score: np.ndarray, key: int, floor: float) -> np.ndarray:
    """Which of each row of scores are at or over its key-th best (ties included) and the floor."""
    if key == 0:
        return np.zeros(score.shape, dtype=bool)
    edge = np.partition(score, -key, axis=1)[:, [-key]]
    return score >= np.maximum(edge, floor)


def tipping_weights(matrix: Matrix, profile: Profile, group: str, row: int) -> dict[str, float | None]:
    """Per factor, the nearest share of its weight (the others rescaled) at which the status flips; None: none.

    An account's score is a straight line in one weight, so its status can only flip where its line meets another
    account's, or the floor: those points, and the stretches between them, are tried from the nearest on. The weight as
    it is is one of them: at a tie the lines meet there, but for the last bit of a float, and the stretches on both
    sides of it are the nearest there are.
    """
    rows = matrix.members[group]
    place = int(np.flatnonzero(rows == row)[0])
    key, floor = key_count(profile.top_of(group), rows.size), profile.floor_of(group)
    shares = profile.shares
    found: dict[str, float | None] = {}
    for index, factor in enumerate(FACTORS):
        others = np.delete(shares, index)
        if others.sum() == 0:  # nothing to rescale
            found[factor] = None
            continue
        without = np.delete(matrix.scores[rows], index, axis=1) @ (others / others.sum())
        alone = matrix.scores[rows, index]
        found[factor] = _nearest_flip(without, alone, place, shares[index], key, floor)
    return found


def _nearest_flip(without, alone, place, now, key, floor) -> float | None:
    slope = alone - without

    def is_key(weight: float) -> bool:
        score = np.round(without + weight * slope, _PLACES)
        return bool((score > score[place]).sum() < key and score[place] >= floor)

    with np.errstate(divide="ignore", invalid="ignore"):
        meets = np.append((without - without[place]) / (slope[place] - slope), (floor - without[place]) / slope[place])
    points = np.unique(np.append(meets[(meets >= 0) & (meets <= 1)], [0.0, now, 1.0]))
    status = is_key(now)
    for edge, beyond in _outward(points, now):
        if is_key(edge) != status or is_key((edge + beyond) / 2) != status:
            return abs(float(edge))  # never -0.0
    return None


def _outward(points: np.ndarray, now: float) -> list[tuple[float, float]]:
    """The points from the nearest to the farthest, each with the next one on the same side."""
    below = points[points <= now][::-1]
    above = points[points >= now]
    steps = [
        (a, b) for side in (below, above) for a, b in zip(side, [*side[1:], side[-1]] if side.size else (), strict=True)
    ]
    return sorted(steps, key=lambda step: abs(step[0] - now))


# --- what a change would do ---------------------------------------------------------------------------


def changes(before: pd.DataFrame, after: pd.DataFrame, value: pd.Series) -> dict[str, Any]:
    """What a draft moves against the published ranking: entering and leaving (row numbers), value entering and
    leaving, how many ranks change, and Kendall's tau within groups of the same order (1: the same)."""
    enters = np.flatnonzero(after["is_key"] & ~before["is_key"])
    leaves = np.flatnonzero(before["is_key"] & ~after["is_key"])
    return {
        "enters": enters,
        "leaves": leaves,
        "value_entering": float(value.iloc[enters].sum()),
        "value_leaving": float(value.iloc[leaves].sum()),
        "rank_changes": int((before["rank"] != after["rank"]).fillna(False).sum()),
        "tau": kendall(before["score"], after["score"]),
    }


def kendall(before: pd.Series, after: pd.Series) -> float | None:
    """Kendall's tau-b of two scores over the accounts scored in both; None under two accounts or without order."""
    both = before.notna() & after.notna()
    if both.sum() < 2:
        return None
    from scipy import stats  # half a second, for who asks

    tau = stats.kendalltau(before[both], after[both]).statistic
    return None if np.isnan(tau) else float(tau)


def same_set_map(
    matrix: Matrix,
    profile: Profile,
    first: str,
    second: str,
    steps: int = 21,
    progress: Callable[[float], object] = lambda share: None,
) -> pd.DataFrame:
    """One row per pair of shares of two factors (the others rescaled to the rest): first, second, changed: how many
    accounts' status differs from the profile's. Pairs over 1 are left out."""
    is_key_now = ranking(matrix, profile)["is_key"].to_numpy()
    one, two = FACTORS.index(first), FACTORS.index(second)
    rest = profile.shares.copy()
    rest[[one, two]] = 0
    spread = rest / rest.sum() if rest.sum() else np.where(np.isin(FACTORS, (first, second)), 0, 0.5)
    grid = np.linspace(0, 1, steps)
    pairs = np.array([(a, b) for a in grid for b in grid if a + b <= 1 + 1e-12])
    weights = np.maximum(np.outer(1 - pairs.sum(axis=1), spread), 0)
    weights[:, [one, two]] = pairs
    changed = np.zeros(len(pairs), dtype=int)
    for rows, some, is_key in _keys_under(matrix, profile, weights, progress):
        changed[some] += (is_key != is_key_now[rows]).sum(axis=1)
    return pd.DataFrame({"first": pairs[:, 0], "second": pairs[:, 1], "changed": changed})
