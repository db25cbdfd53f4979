"""What deals are worth, soon and later: two means of answers, and the quadrant they make. Pure."""

from collections.abc import Mapping

import pandas as pd

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
