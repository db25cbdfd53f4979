"""A rep's performance profile: hard and soft measures, each brought to 0–10, beside the median of the peers. Pure."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

HARD = ("attainment", "repeat_share", "steadiness", "touched", "on_time")
SOFT = ("innovation", "collaboration", "learning")
"""The soft metrics that have a name in both languages; others are called as they are in the data."""

DEFAULTS: Mapping[str, float] = {**dict.fromkeys(HARD, 1.0), "soft": 1.0}
"""The weights: one for each hard measure, and one that every soft metric has."""

TEN_AT = 1.5  # the attainment that scores 10: 150 % of target
NOUGHT_AT = 2.0  # the swing that scores 0: twice the mean
FEWEST_PEERS = 3  # with fewer a median would show somebody's own numbers


def scores(reps: pd.DataFrame, soft: pd.DataFrame) -> pd.DataFrame:
    """Per rep (the index) and measure 0–10, NaN: no data.

    reps   rep_id, attainment, repeat_share, swing, touched, on_time (shares)
    soft   rep_id, metric, score
    """
    rows = reps.set_index("rep_id")
    hard = pd.DataFrame(
        {
            "attainment": (rows["attainment"] / TEN_AT).clip(0, 1),
            "repeat_share": rows["repeat_share"],
            "steadiness": 1 - (rows["swing"] / NOUGHT_AT).clip(0, 1),
            "touched": rows["touched"],
            "on_time": rows["on_time"],
        }
    ).astype("float64")
    judged = soft.pivot(index="rep_id", columns="metric", values="score").reindex(rows.index).astype("float64")
    known = [name for name in SOFT if name in judged] + sorted(set(judged) - set(SOFT))
    return pd.concat([10 * hard, judged[known]], axis=1)


def peers_of(reps: pd.DataFrame, rep_id: str) -> tuple[str | None, pd.Index]:
    """Who the peers are, and why: "life_stage" or "region"; those who are here, without the rep. None, and nobody:
    neither has three."""
    row = reps.set_index("rep_id").loc[rep_id]
    others = reps[(reps["rep_id"] != rep_id) & reps["is_selling"]]
    for kind, column in (("life_stage", "life_stage"), ("region", "region_id"), ("unit", "unit_id")):
        if not pd.isna(row[column]):
            same = others.loc[others[column] == row[column], "rep_id"]
            if len(same) >= FEWEST_PEERS:
                return kind, pd.Index(same)
    return None, pd.Index([])


def profile(of_all: pd.DataFrame, rep_id: str, peers: pd.Index, weights: Mapping[str, float]) -> pd.DataFrame:
    """One row per measure with data on either side: measure, is_soft, score, peers (their median), n (peers with data;
    under three no median), weight (of all weights of the rows)."""
    rows = []
    for measure in of_all:
        values = of_all.loc[of_all.index.intersection(peers), measure].dropna()
        median = float(values.median()) if len(values) >= FEWEST_PEERS else np.nan
        is_soft = measure not in HARD
        weight = weights["soft" if is_soft else measure]
        rows.append((measure, is_soft, float(of_all.at[rep_id, measure]), median, len(values), weight))
    found = pd.DataFrame(rows, columns=["measure", "is_soft", "score", "peers", "n", "weight"])
    found = found[found["score"].notna() | found["peers"].notna()].reset_index(drop=True)
    total = found["weight"].sum()
    return found.assign(weight=found["weight"] / total if total > 0 else np.nan)


def composite(rows: pd.DataFrame, column: str = "score") -> float | None:
    """The weighted mean of the measures known on both sides, so that the two composites compare; None: no data."""
    known = rows[rows["score"].notna() & rows["peers"].notna()]
    weight = known["weight"].sum()
    return float((known["weight"] * known[column]).sum() / weight) if weight > 0 else None
