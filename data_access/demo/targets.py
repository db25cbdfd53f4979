"""Targets: set so that the company lands near them, one unit over and one short, also in this quarter."""

import numpy as np
import pandas as pd

from .forms import frame, iso, keys, month_start, quarter_start, quarters_of, rounded
from .organisation import UNITS, gone_by, picked_ids, posting_on

_IN_QUARTER = (0.28, 0.31, 0.41)  # the months' parts of a quarter's target
_ATTAINED = (0.93, 1.01, 0.95, 0.98)  # of the company, year by year
_PACE_NOW, _PACE_SHORT, _PACE_OVER = 0.90, 0.71, 1.13
_TELLING = 21  # days into a quarter, before which its wins say too little to set targets by
_SET_AHEAD = 2  # quarters after the running one that have targets
_AHEAD = 1.12  # targets of quarters to come, against the mean of the last four


def frames(rng, plan, organisation, won):
    """target: one row per rep and month on duty, to the end of the calendar year of the last day, and
    for two quarters ahead."""
    by_quarter = _quarters(rng, plan, organisation, won)
    reps = np.flatnonzero(organisation.sells)
    ability = np.exp(0.22 * organisation.skill + rng.normal(0, 0.12, len(organisation.skill)))
    rows = []
    for quarter in by_quarter.columns:
        for position, part in enumerate(_IN_QUARTER):
            month = quarter * 3 + position
            rows.append(_month(organisation, reps, ability, month, by_quarter[quarter].to_numpy() * part))
    rows = pd.concat(rows)
    return {
        "target": frame(
            rep_id=keys("R", rows["rep"], 4),
            month=iso(month_start(rows["month"])),
            amount=rows["amount"].to_numpy(),
            region_id=picked_ids(organisation.region_ids, rows["region"]),
        )
    }


def _month(organisation, reps, ability, month, unit_amounts):
    """A month's target of each unit, dealt to the reps posted there: less to the new, more to the able."""
    first_day = int(month_start(month))
    here = (organisation.hired[reps] <= first_day) & ~gone_by(organisation, reps, np.full(len(reps), first_day))
    reps = reps[here]
    region = organisation.posting_region[posting_on(organisation, reps, np.full(len(reps), first_day))]
    unit = organisation.unit_of[region]
    tenure = (first_day - organisation.hired[reps]) / 365
    weight = ability[reps] * np.clip(0.35 + 0.65 * tenure, 0.35, 1)
    of_unit = np.bincount(unit, weights=weight, minlength=len(UNITS))
    amount = rounded(unit_amounts[unit] * weight / of_unit[unit], 1000)
    return pd.DataFrame({"rep": reps, "month": month, "amount": np.maximum(amount, 1000), "region": region})


def _quarters(rng, plan, organisation, won):
    """Target by unit (rows) and quarter (columns): the past from what was won, with a spread."""
    now = int(quarters_of(plan.until))
    last = max(int(quarters_of(months_last_day(plan.last_year))), now + _SET_AHEAD)
    quarters = np.arange(int(quarters_of(plan.first_day)), last + 1)
    unit = organisation.unit_of[won["region"]]
    actual = (
        won.assign(unit=unit, quarter=quarters_of(won["day"]))
        .pivot_table(index="unit", columns="quarter", values="amount", aggfunc="sum")
        .reindex(index=range(len(UNITS)), columns=quarters)
        .fillna(0)
    )
    past = quarters[quarters < now]
    share = actual[past].sum(axis=1) / actual[past].to_numpy().sum()
    short, over = _extremes(actual[now], share)
    bias = pd.Series(0.0, index=actual.index)
    bias[short], bias[over] = 0.07, -0.07
    usual = np.outer(share, actual[past].sum())
    target = 0.55 * actual[past] + 0.45 * usual
    target *= np.exp(rng.normal(0, 0.08, target.shape) + bias.to_numpy()[:, None])
    for quarter in past:  # a year's targets together make its attainment
        year = past[(past // 4) == quarter // 4]
        if quarter == year[-1]:
            target[year] *= actual[year].to_numpy().sum() / target[year].to_numpy().sum() / _ATTAINED[year[-1] // 4 % 4]
    for quarter in quarters[quarters >= now]:
        target[quarter] = share * actual[past[-4:]].sum().mean() * _AHEAD
    if plan.until - int(quarter_start(now)) >= _TELLING:
        target[now] = _this_quarter(plan, won, actual, past, short, over)
    return target


def _extremes(won_so_far, share):
    pace = won_so_far / share
    return pace.idxmin(), pace.idxmax()


def _this_quarter(plan, won, actual, past, short, over):
    """The running quarter: the company at 90 % of its pace, one unit clearly short, one over."""
    into = plan.until - int(quarter_start(quarters_of(plan.until)))
    quarter = quarters_of(won["day"])
    early = won["day"].to_numpy() - quarter_start(quarter) <= into
    recent = [q for q in past[-8:] if actual[q].sum() > 0]
    usual = np.mean([won["amount"][early & (quarter == q)].sum() / actual[q].sum() for q in recent])
    so_far = actual[int(quarters_of(plan.until))]
    company = so_far.sum() / (usual * _PACE_NOW)
    target = pd.Series(np.nan, index=so_far.index)
    target[short], target[over] = so_far[short] / (usual * _PACE_SHORT), so_far[over] / (usual * _PACE_OVER)
    others = target.isna()
    rest = max(company - target.sum(), 0.1 * company)
    weight = so_far[others] + 0.01 * company
    target[others] = rest * weight / weight.sum()
    return target.clip(lower=0.03 * company)


def months_last_day(year):
    """The last day of a calendar year."""
    return int(month_start((year - 1969) * 12)) - 1
