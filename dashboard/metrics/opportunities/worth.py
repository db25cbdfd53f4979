"""What deals are worth, soon and later: two means of answers, and the quadrant they make. Pure."""

from collections.abc import Mapping

import pandas as pd

from dashboard.metrics.amounts import MINOR_UNITS, total

ASKED = {"short_term": ("one_off_revenue", "quota_effect"), "long_term": ("follow_on", "brand", "morale")}
"""Which of the five questions each value is the mean of."""

QUADRANTS = ("both", "short", "long", "neither")
"""Where the short-term value, the long-term value, both or neither reach their cut line."""

CUTS = {"short_term": 5.0, "long_term": 5.0}
"""The cut lines as long as nobody has published others."""


def with_value(deals: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The deals with short_term and long_term, means of two and of three answers 0–10; empty where one is missing.

    answers   one row per (opportunity_id, question): score
    """
    wide = answers.pivot(index="opportunity_id", columns="question", values="score")
    wide = wide.reindex(index=deals["opportunity_id"], columns=[q for asked in ASKED.values() for q in asked])
    return deals.assign(
        **{term: wide[list(asked)].mean(axis=1, skipna=False).to_numpy() for term, asked in ASKED.items()}
    )


def quadrant(short_term: float, long_term: float, cuts: Mapping[str, float]) -> str | None:
    """The quadrant of a deal: a value reaches its line from the line on; None where a value is missing."""
    if pd.isna(short_term) or pd.isna(long_term):
        return None
    soon, later = reaches(short_term, cuts["short_term"]), reaches(long_term, cuts["long_term"])
    return {(True, True): "both", (True, False): "short", (False, True): "long"}.get((soon, later), "neither")


def reaches(value: float, cut: float) -> bool:
    """Whether a mean of answers reaches a line; at nine places, so that 5.2 + 4.8 + 5.0 is 15 for a float too."""
    return bool(round(value - cut, 9) >= 0)


def in_quadrants(deals: pd.DataFrame, cuts: Mapping[str, float]) -> pd.DataFrame:
    """The deals with their quadrant; None where a value is missing."""
    values = zip(deals["short_term"], deals["long_term"], strict=True)
    return deals.assign(quadrant=pd.Series([quadrant(*pair, cuts) for pair in values], index=deals.index, dtype=object))


def by_quadrant(deals: pd.DataFrame) -> pd.DataFrame:
    """One row per quadrant, in the order of QUADRANTS, then one of the deals in none (empty): quadrant, deals, amount
    (units of currency, as those of the deals)."""
    rows = []
    for name in (*QUADRANTS, None):
        here = deals[deals["quadrant"].isna() if name is None else deals["quadrant"] == name]
        rows.append((name, len(here), amount_of(here)))
    return pd.DataFrame(rows, columns=["quadrant", "deals", "amount"]).astype({"amount": "float64"})


def amount_of(deals: pd.DataFrame) -> float | None:
    """What some of the deals amount to together, to the cent; None as `amounts.total` says."""
    minor = (deals["amount"].astype(float) * MINOR_UNITS).round()
    return total(deals.assign(deals=1, with_amount=deals["has_amount"], amount=minor))


def at_points(deals: pd.DataFrame) -> pd.DataFrame:
    """One row per pair of values that deals have: short_term, long_term, deals, opportunity_ids, names (lists), the
    larger deals first in them. Deals of the same answers lie on one point."""
    valued = deals.dropna(subset=["short_term", "long_term"])
    points = valued.groupby(["short_term", "long_term"], sort=True)
    return points.agg(
        deals=("opportunity_id", "size"), opportunity_ids=("opportunity_id", list), names=("deal", list)
    ).reset_index()
