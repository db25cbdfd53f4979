"""What a review of the key accounts looks at besides the score. Pure.

Frames are those of `metrics.accounts.key_accounts`.
How old the assessments are, who is unscored and why, whose revenue is one big order, how a score came about over
time, and what double credit adds up to.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from dashboard.metrics.accounts.key_accounts import FACTORS, Matrix, Profile, past_revenue, tipping_weights
from dashboard.metrics.periods import year_before

ASSESSED = FACTORS[1:]  # past revenue is computed, the others are judged
OVERDUE_AFTER = 183  # days: importance is assessed every three to six months
ONE_OFF = 0.8  # of an account's revenue on a single deal: one big order
CLEARLY = 0.1  # of a group's accounts: by so many places two ranks clearly differ, and by three at least
EDGE = (0.1, 0.9)  # stability: between them an account stands near the edge


def last_assessed(accounts: pd.DataFrame) -> pd.Series:
    """The day of the latest assessment of any factor."""
    return accounts[[f"{factor}_on" for factor in ASSESSED]].max(axis=1)


def days_overdue(accounts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One column per assessed factor: by how many days its reassessment is overdue; NaN: not overdue, or never made."""
    found = {}
    for factor in ASSESSED:
        days = (pd.Timestamp(as_of) - accounts[f"{factor}_on"]).dt.days - OVERDUE_AFTER
        found[factor] = days.where(days > 0)
    return pd.DataFrame(found, index=accounts.index)


def revenue_rank(accounts: pd.DataFrame) -> pd.Series:
    """The rank by trailing revenue inside the group, among the scored; ties share the better."""
    revenue = accounts["revenue"].astype("float64").where(accounts["score"].notna())
    return revenue.groupby(accounts["group"]).rank(method="min", ascending=False).astype("Int64")


def one_offs(accounts: pd.DataFrame, revenue_ranks: pd.Series, largest: pd.Series) -> pd.Series:
    """Whether an account rose on one big order: 80 % of its trailing revenue is one deal, and its rank by revenue is
    clearly better than its composite rank. `largest`: its largest won deal, in minor units."""
    revenue = accounts["revenue"].astype("float64")
    rests_on_one = (revenue > 0) & (largest.astype("float64") >= ONE_OFF * revenue)
    scored = accounts["score"].notna().groupby(accounts["group"]).transform("sum")
    clearly = np.maximum(3, np.ceil(CLEARLY * scored))
    is_better = (accounts["rank"] - revenue_ranks).astype("float64") >= clearly
    return rests_on_one & is_better


def medians(accounts: pd.DataFrame, group: str) -> pd.DataFrame:
    """The median factor scores of a group's scored accounts, and of its key ones: index `group` and `key`."""
    of_group = accounts[(accounts["group"] == group) & accounts["score"].notna()]
    factors = list(FACTORS)
    return pd.DataFrame(
        {"group": of_group[factors].median(), "key": of_group.loc[of_group["is_key"], factors].median()}
    ).T


def trend(assessments: pd.DataFrame, wins: pd.DataFrame, profile: Profile, as_of: date) -> pd.DataFrame:
    """One row per day on which a factor was assessed, and the as-of date: on, the four factor scores as they held at
    the end of it, score under `profile`; NaN as long as a factor is missing.

    assessments, wins   key_accounts.assessments, key_accounts.wins_of, of one account
    """
    if assessments.empty:
        return pd.DataFrame(columns=["on", *FACTORS, "score"])
    held = assessments.pivot_table(index="assessed_on", columns="factor", values="score", aggfunc="last")
    days = held.index.union([pd.Timestamp(as_of)])
    held = held.reindex(days).ffill().reindex(columns=list(ASSESSED))
    years = [_year_to(wins, day.date()) for day in days]
    has_won, revenue = pd.Series([not year.empty for year in years]), pd.Series(map(_revenue, years), dtype="Float64")
    held.insert(0, "past_revenue", past_revenue(has_won, revenue, profile.cut_points))
    held["score"] = held[list(FACTORS)].to_numpy(dtype=float) @ profile.shares
    return held.rename_axis("on").reset_index()


def _year_to(wins: pd.DataFrame, day: date) -> pd.DataFrame:
    is_in = (wins["closed_day"] > year_before(day).toordinal()) & (wins["closed_day"] <= day.toordinal())
    return wins[is_in]


def _revenue(wins: pd.DataFrame) -> float | None:
    """Of won deals, minor units; None where no amount of any is known, or a rate is missing."""
    if len(wins) and (wins["has_amount"].sum() == 0 or wins["lacks_rate"].sum() > 0):
        return None
    return float(wins["amount"].sum())


def whole_percents(shares: Sequence[float] | np.ndarray) -> list[int]:
    """Shares as whole percentages that sum to 100: the largest remainders are rounded up."""
    exact = np.asarray(shares, dtype=float) * 100
    floor = np.floor(exact + 1e-9).astype(int)
    up = np.argsort(floor - exact, kind="stable")[: 100 - floor.sum()]
    floor[up] += 1
    return floor.tolist()


def given_way(shares: Sequence[float] | np.ndarray, place: int, share: float) -> np.ndarray:
    """Shares that sum to 1 once the one at `place` is `share`: the others give way in proportion, so that what weighs
    nothing goes on weighing nothing. Where all others weigh nothing, they take the rest in equal parts."""
    found = np.asarray(shares, dtype=float).copy()
    others = np.arange(len(found)) != place
    held = found[others]
    parts = held / held.sum() if held.sum() > 0 else np.full(len(held), 1 / len(held))
    found[others], found[place] = parts * (1 - share), share
    return found


def director_on(wins: pd.DataFrame, directors: pd.DataFrame) -> pd.Series:
    """Per won deal, who directed its account on the closing day; None: nobody."""
    posts = directors[["account_id", "rep_id"]].assign(
        begins=np.array([0 if pd.isna(day) else day.toordinal() for day in directors["from_on"]], dtype="float64"),
        ends=np.array([np.inf if pd.isna(day) else day.toordinal() for day in directors["to_on"]], dtype="float64"),
    )
    held = wins[["opportunity_id", "account_id", "closed_day"]].merge(posts, on="account_id")
    valid = held[(held["begins"] <= held["closed_day"]) & (held["closed_day"] < held["ends"])]
    latest = valid.sort_values("begins").drop_duplicates("opportunity_id", keep="last")
    named = latest.set_index("opportunity_id")["rep_id"]
    return wins["opportunity_id"].map(named)


def credit(by_owner: pd.DataFrame, directed: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Who is credited with what, and the line that reconciles it with the company's total. Minor units.

    by_owner   coverage.won_by_owner · directed   coverage.won_under_directors with director_id
    rows       rep_id (None: deals without an owner), as_owner, as_director, credited
    line       credited − double_counted = company; where a director is the owner too, the deal counts once for them
    """
    twice = directed[directed["director_id"].notna() & (directed["director_id"] != directed["owner_id"])]
    as_owner = by_owner.set_index("owner_id")["amount"].astype("int64")
    as_director = twice.groupby("director_id")["amount"].sum().astype("int64")
    rows = pd.DataFrame({"as_owner": as_owner, "as_director": as_director}).fillna(0).astype("int64")
    rows["credited"] = rows["as_owner"] + rows["as_director"]
    line = {
        "credited": int(rows["credited"].sum()),
        "double_counted": int(as_director.sum()),
        "company": int(as_owner.sum()),
        "deals_twice": len(twice),
    }
    rows = rows.rename_axis("rep_id").reset_index().sort_values("credited", ascending=False, ignore_index=True)
    return rows, line


def near_edge(accounts: pd.DataFrame, stability: np.ndarray, most: int) -> np.ndarray:
    """Row numbers of the shown accounts that some of the drawn weights make key and some do not, the least sure
    first; `most` of them at most."""
    unsure = accounts["is_shown"].to_numpy(dtype=bool) & (stability > 0) & (stability < 1)
    rows = np.flatnonzero(unsure)
    return rows[np.argsort(np.abs(stability[rows] - 0.5), kind="stable")][:most]


def tipping(matrix: Matrix, profile: Profile, accounts: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    """One row per account asked for: account, group, is_key, per factor the tipping weight (NaN: none), and the
    factor whose weight has the shortest way to it, with that weight: nearest, weight, distance."""
    shares = dict(zip(FACTORS, profile.shares, strict=True))
    found = []
    for row in rows:
        account = accounts.iloc[row]
        weights = tipping_weights(matrix, profile, account["group"], int(row))
        away = {factor: abs(weight - shares[factor]) for factor, weight in weights.items() if weight is not None}
        nearest = min(away, key=away.__getitem__) if away else None
        found.append(
            {name: account[name] for name in ("account_id", "account", "group", "is_key")}
            | {factor: np.nan if weight is None else weight for factor, weight in weights.items()}
            | {
                "nearest": nearest,
                "weight": weights[nearest] if nearest else np.nan,
                "distance": away[nearest] if nearest else np.nan,
            }
        )
    columns = ["account_id", "account", "group", "is_key", *FACTORS, "nearest", "weight", "distance"]
    return pd.DataFrame(found, columns=columns)


def under_cut_points(matrix: Matrix, accounts: pd.DataFrame, cut_points: tuple[float, ...]) -> Matrix:
    """The same accounts with past revenue scored by other cut points; who is scored does not depend on them.

    accounts   of the matrix, with has_won and revenue as accounts_with_factors has them
    """
    scores = matrix.scores.copy()
    scores[:, 0] = past_revenue(accounts["has_won"], accounts["revenue"], cut_points)
    return replace(matrix, scores=scores)
