"""Which stage a rep is in, from evidence: subsistence 温饱, comfortable 小康, affluent 富裕. Pure.

Amounts are minor units and thresholds are read to the billionth, so that a rep at exactly 110 % has reached it.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from dashboard.metrics.amounts import MINOR_UNITS

STAGES = ("subsistence", "comfortable", "affluent")

DEFAULTS: Mapping[str, float] = {
    "affluent_attainment": 1.1,
    "affluent_repeat_share": 0.5,
    "comfortable_attainment": 0.8,
    "comfortable_repeat_share": 0.3,
}
"""The thresholds, as shares: what a year must reach."""

FULL_YEAR = 12  # months employed, before which nothing is said about a rep

_EXACT = 1_000_000_000  # a threshold as people write it has nine decimals at most


def employed_months(hired_on: pd.Timestamp, left_on: pd.Timestamp, as_of: date) -> int | None:
    """Whole months from hiring to the as-of date, or to leaving where that was earlier; None: hired nobody knows
    when, which is read as long ago."""
    if pd.isna(hired_on):
        return None
    end = as_of if pd.isna(left_on) else min(as_of, left_on.date())
    return (end.year - hired_on.year) * 12 + end.month - hired_on.month - (end.day < hired_on.day)


def money_of(facts: pd.DataFrame, column: str = "amount") -> pd.Series:
    """Per row of totals.AMOUNT_FACTS the sum in minor units; empty where a rate is missing or no deal has an amount."""
    is_known = (facts["lacks_rate"] == 0) & ((facts["with_amount"] > 0) | (facts["deals"] == 0))
    return facts[column].where(is_known)


def reaches(part: int | None, whole: int | None, threshold: float) -> bool | None:
    """Whether part ÷ whole is at least the threshold, without rounding; None where the ratio is undefined."""
    if part is None or whole is None or whole <= 0:
        return None
    return part * _EXACT >= round(threshold * _EXACT) * whole


def stage_of(evidence: Mapping[str, int | None], rules: Mapping[str, float]) -> str | None:
    """The stage of one rep; None: not yet known.

    evidence   employed_months; won, target (trailing year); won_before, target_before (the year before it);
               repeat_won, of won. Minor units; None: undefined.

    Undefined evidence meets no threshold. But nobody is called subsistence for what is not known: where it would
    decide between subsistence and more, the stage is not yet known.
    """
    months = evidence["employed_months"]
    if (months is not None and months < FULL_YEAR) or not evidence["target"]:
        return None

    def attained(year: str, stage: str) -> bool | None:
        return reaches(evidence[f"won{year}"], evidence[f"target{year}"], rules[f"{stage}_attainment"])

    def repeats(stage: str) -> bool | None:
        return reaches(evidence["repeat_won"], evidence["won"], rules[f"{stage}_repeat_share"])

    if attained("", "affluent") and attained("_before", "affluent") and repeats("affluent"):
        return "affluent"
    needed = attained("", "comfortable"), repeats("comfortable")
    if all(needed):
        return "comfortable"
    return "subsistence" if False in needed else None


def marks_missed(rep: Mapping[str, object], rules: Mapping[str, float]) -> tuple[str | None, dict[str, float]]:
    """The stage after the rep's, and what of it is not reached: attainment, attainment_before, repeat_share -> the
    mark. None and nothing where there is no further stage. `rep`: a row of `classified`."""
    following = {"subsistence": "comfortable", "comfortable": "affluent"}.get(rep["life_stage"])
    if following is None:
        return None, {}
    year, before, repeat = ("won", "target"), ("won_before", "target_before"), ("repeat_won", "won")
    wanted = {"attainment": (year, rules[f"{following}_attainment"])}
    if following == "affluent":
        wanted["attainment_before"] = before, rules["affluent_attainment"]
    wanted["repeat_share"] = repeat, rules[f"{following}_repeat_share"]
    return following, {
        name: mark
        for name, ((part, whole), mark) in wanted.items()
        if not reaches(_minor(rep[part]), _minor(rep[whole]), mark)
    }


def _minor(amount) -> int | None:
    return None if pd.isna(amount) else round(amount * MINOR_UNITS)


def classified(evidence: pd.DataFrame, rules: Mapping[str, float]) -> pd.DataFrame:
    """The evidence with life_stage, and what it is decided by in words of ratios: attainment, attainment_before,
    repeat_share (NaN: undefined). Amounts (`money_columns`) become base currency units."""
    names = ("employed_months", "won", "target", "won_before", "target_before", "repeat_won")
    plain = evidence[list(names)].astype(object)
    rows = plain.where(plain.notna(), None).to_dict("records")
    stages = [stage_of({name: None if row[name] is None else int(row[name]) for name in names}, rules) for row in rows]
    money = {name: evidence[name].astype("Float64") / MINOR_UNITS for name in names[1:]}
    return evidence.assign(
        life_stage=pd.Series(stages, index=evidence.index, dtype=object),
        attainment=share(evidence["won"], evidence["target"]),
        attainment_before=share(evidence["won_before"], evidence["target_before"]),
        repeat_share=share(evidence["repeat_won"], evidence["won"]),
        **money,
    )


def share(part: pd.Series, whole: pd.Series) -> pd.Series:
    """part ÷ whole, row by row; NaN where either is undefined or the whole is 0."""
    below = whole.astype("Float64").where(whole > 0)
    return (part.astype("Float64") / below).astype("float64")


def against_median(values: pd.Series, among: pd.Series) -> pd.Series:
    """Each value ÷ the median of those `among` whom it is compared (NaN aside); NaN where the median is 0."""
    compared = values[among & values.notna()]
    median = compared.median() if len(compared) else np.nan
    return values / median if median else values * np.nan
