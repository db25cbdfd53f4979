"""A team's numbers out of its reps': groups compared, credit under one rule or another, newcomers' starts. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from dashboard.metrics.amounts import MINOR_UNITS, ratio, total

SUMMED = (
    "reps",
    "completed",
    "planned_done_on_time",
    "planned_done_late",
    "planned_overdue",
    "planned_cancelled",
    "planned_due",
    "meetings_held",
    "accounts_owned",
    "accounts_touched",
)


_AMOUNTS = ("won_amount", "target_amount", "attainment")
FACTS = (*SUMMED, "target", "deals", "with_amount", "amount", "lacks_rate")
"""What `of_regions` sums."""


def with_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Adds planned (done on time, late, or overdue), on_time_share and overdue_share of them, and touched_share."""
    states = ["planned_done_on_time", "planned_done_late", "planned_overdue"]
    counted = rows[states].sum(axis=1, min_count=1).astype("Float64")
    owned = rows["accounts_owned"].astype("Float64")
    return rows.assign(
        planned=counted,
        on_time_share=rows["planned_done_on_time"] / counted.where(counted > 0),
        overdue_share=rows["planned_overdue"] / counted.where(counted > 0),
        touched_share=rows["accounts_touched"] / owned.where(owned > 0),
    )


def grouped(reps: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row per group of reps, in the order of its first rep: `by`, the sums (reps: how many), the shares,
    won_amount (empty where one of the group's is), target_amount (empty where nobody has one), attainment.

    The sum of what is no data is no data."""
    rows = [
        {by: None if pd.isna(group) else group} | _summed(own)
        for group, own in reps.assign(reps=1).groupby(by, dropna=False, sort=False)
    ]
    return _typed(pd.DataFrame(rows, columns=[by, *SUMMED, *_AMOUNTS]))


def whole(groups: pd.DataFrame) -> pd.Series:
    """All groups of `grouped`, or regions of `of_regions`, as one: the same numbers, the shares those of the whole."""
    return _typed(pd.DataFrame([_summed(groups)])).iloc[0]


def _summed(own: pd.DataFrame) -> dict[str, Any]:
    won = None if own["won_amount"].isna().any() else float(own["won_amount"].sum())
    target = float(own["target_amount"].sum()) if own["target_amount"].notna().any() else None
    sums = {name: own[name].sum(min_count=1) for name in SUMMED}
    return sums | {"won_amount": won, "target_amount": target, "attainment": ratio(won, target)}


def _typed(found: pd.DataFrame) -> pd.DataFrame:
    return with_shares(found.astype(dict.fromkeys(SUMMED, "Int64") | dict.fromkeys(_AMOUNTS, "Float64")))


def of_regions(facts: pd.DataFrame) -> pd.DataFrame:
    """One row per region, in the order of keys, the one of none last: the columns of `grouped`, from additive facts.

    facts   rows of any grain with region and, empty where a row does not tell it: those of FACTS, amounts in minor
            units; deals are the won ones

    What nobody did, owns or won is 0; a target that nobody has is no data.
    """
    sums = facts.groupby(facts["region"].fillna(_NOBODY))
    found = sums.sum(numeric_only=True).astype("Int64")
    found["target_amount"] = sums["target"].sum(min_count=1).astype("Float64") / MINOR_UNITS
    found["won_amount"] = pd.Series([total(own) for _region, own in sums], index=found.index, dtype="Float64")
    target = found["target_amount"]
    found["attainment"] = found["won_amount"] / target.where(target != 0)
    found = found.reset_index().sort_values("region", key=lambda keys: keys.replace(_NOBODY, "\uffff"))
    found["region"] = found["region"].replace(_NOBODY, None)
    columns = ["region", *SUMMED, *_AMOUNTS]
    return with_shares(found[columns].reset_index(drop=True))


def credited(facts: pd.DataFrame, rules: Sequence[str], value: str) -> pd.DataFrame:
    """One row per person and what each rule credits to them, by rep_id (None: nobody, last): one column per rule.

    facts   one row per combination of the persons that the rules name, with `value`; so every rule's column has the
            same sum, and what one gives to a person another gives to somebody else
    """
    columns = {rule: facts.groupby(facts[rule].fillna(_NOBODY))[value].sum() for rule in rules}
    found = pd.DataFrame(columns).fillna(0).astype("Int64").sort_index()
    found.index = [None if person == _NOBODY else person for person in found.index]
    return found.rename_axis("rep_id").reset_index().sort_values("rep_id", na_position="last", ignore_index=True)


_NOBODY = ""


def ramp(starts: pd.DataFrame, won: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One row per cohort (the year of hiring) and whole month since hiring: cohort, month (0: that of hiring), reps
    (there in that month), won (mean per rep of that month, in currency units), cumulative (the sum of these means).

    starts   the newcomers: rep_id, hired_on, left_on
    won      closing.closed_totals of won deals by owner and month; amounts without a rate are left out

    A month's mean is over those who had been there for it, so that a leaver or a late joiner bends no curve. The
    month of the as-of date is counted only when it has ended.
    """
    amounts = won[won["amount"].notna()].set_index(["owner", "month"])["amount"].to_dict()
    last = _month_number(as_of) if _is_last_day(as_of) else _month_number(as_of) - 1
    found: dict[tuple[int, int], list[float]] = {}
    for rep in starts.itertuples(index=False):
        hired = _month_number(rep.hired_on)
        until = last if pd.isna(rep.left_on) else min(last, _month_number(rep.left_on))
        for month in range(until - hired + 1):
            number = hired + month
            first_day = date(number // 12, number % 12 + 1, 1).toordinal()
            amount = amounts.get((rep.rep_id, first_day), 0) / MINOR_UNITS
            found.setdefault((rep.hired_on.year, month), []).append(amount)
    rows = [(cohort, month, len(own), sum(own) / len(own)) for (cohort, month), own in sorted(found.items())]
    curves = pd.DataFrame(rows, columns=["cohort", "month", "reps", "won"]).astype({"won": float})
    return curves.assign(cumulative=curves.groupby("cohort")["won"].cumsum())


def _month_number(day) -> int:
    return day.year * 12 + day.month - 1


def _is_last_day(day: date) -> bool:
    return (pd.Timestamp(day) + pd.Timedelta(days=1)).day == 1
