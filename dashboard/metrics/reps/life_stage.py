"""Which stage a rep is in, from evidence: subsistence 温饱, comfortable 小康, affluent 富裕. Pure.

Amounts are minor units and thresholds are read to the billionth, so that a rep at exactly 110 % has reached it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

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
MARGIN = 0.05  # of attainment and of repeat share, by which a mark must be passed for a stage to be left

_EXACT = 1_000_000_000  # a threshold as people write it has nine decimals at most


def employed_months(hired_on: pd.Timestamp, left_on: pd.Timestamp, as_of: date) -> int | None:
    """Whole months from hiring to the as-of date, or to leaving where that was earlier; None: hired nobody knows
    when, which is read as long ago."""
    if pd.isna(hired_on):
        return None
    end = as_of if pd.isna(left_on) else min(as_of, left_on.date())
    return (end.year - hired_on.year) * 12 + end.month - hired_on.month - (end.day < hired_on.day)


def money_of(facts: pd.DataFrame, column: str = "amount") -> pd.Series:
    """Per row of deal_sums.amount_sums the sum in minor units; empty where a rate lacks or no deal has an amount."""
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


class Reading(NamedTuple):
    """What the evidence of a day says by itself; None: not yet known."""

    stage: str | None
    surely: str | None  # the stage whose every mark is passed by MARGIN
    at_most: str | None  # the stage reached if every mark were lower by MARGIN


class Course(NamedTuple):
    """The stage held after a row of quarter ends, and, where the last of them say otherwise, what and since when."""

    stage: str | None
    leaning_to: str | None = None
    leaning_since: date | None = None


def reading_of(evidence: Mapping[str, int | None], rules: Mapping[str, float]) -> Reading:
    """One rep's, as in `stage_of`."""
    return Reading(*(stage_of(evidence, _moved(rules, by)) for by in (0, MARGIN, -MARGIN)))


def _moved(rules: Mapping[str, float], by: float) -> dict[str, float]:
    """Every mark higher or lower; no share of what was won can be over 1, so that is passed when reached."""
    return {name: min(mark + by, max(mark, 1.0)) if "share" in name else mark + by for name, mark in rules.items()}


def followed(readings: Iterable[tuple[date, Reading]]) -> Course:
    """One rep's stage after these quarter ends, in order.

    The first known reading begins. It is left where two ends in a row place the rep further, or less far, at both by
    MARGIN; for the nearer of what they say, so that one good or bad quarter moves nobody. An end at which nothing is
    known ends the course, and the next known reading begins another.
    """
    course = Course(None)
    before: Reading | None = None
    for day, reading in readings:
        if reading.stage is None or course.stage is None or before is None:
            course = Course(reading.stage)
        else:
            course = _stepped(course, before, day, reading)
        before = reading
    return course


def _stepped(course: Course, before: Reading, day: date, now: Reading) -> Course:
    rank, stage = STAGES.index, course.stage
    if None not in (before.surely, now.surely):
        stage = max(stage, min(before.surely, now.surely, key=rank), key=rank)
    if None not in (before.at_most, now.at_most):
        stage = min(stage, max(before.at_most, now.at_most, key=rank), key=rank)
    if now.stage == stage:
        return Course(stage)
    is_longer = stage == course.stage and course.leaning_since is not None
    return Course(stage, now.stage, course.leaning_since if is_longer else day)


def marks_missed(rep: Mapping[str, Any], rules: Mapping[str, float]) -> tuple[str | None, dict[str, float]]:
    """The stage after the one the rep's evidence says, and what of it is not reached: attainment, attainment_before,
    repeat_share -> the mark. None and nothing where there is no further stage. `rep`: a row of `measured`."""
    following = {"subsistence": "comfortable", "comfortable": "affluent"}.get(rep["reading"])
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


_EVIDENCE = ("employed_months", "won", "target", "won_before", "target_before", "repeat_won")


def readings(evidence: pd.DataFrame, rules: Mapping[str, float]) -> dict[str, Reading]:
    """By rep_id, the day's reading of each."""
    plain = evidence[["rep_id", *_EVIDENCE]].astype(object)
    rows = plain.where(plain.notna(), None).to_dict("records")
    return {
        row["rep_id"]: reading_of({name: None if row[name] is None else int(row[name]) for name in _EVIDENCE}, rules)
        for row in rows
    }


def measured(evidence: pd.DataFrame) -> pd.DataFrame:
    """The evidence with what a stage is decided by in words of ratios: attainment, attainment_before, repeat_share
    (NaN: undefined). Amounts become base currency units."""
    money = {name: evidence[name].astype("Float64") / MINOR_UNITS for name in _EVIDENCE[1:]}
    return evidence.assign(
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
