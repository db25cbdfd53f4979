"""Support resources: person-weeks, utilisation, requests met in time, alignment with worth. Pure.

Hours are whole millionths (`HOUR_PARTS` an hour) until they become numbers for people.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from dashboard.metrics.amounts import HOUR_PARTS, MINOR_UNITS, ratio

HEALTHY = (0.70, 0.85)  # a share of hours booked that leaves room for what comes unexpected
OVERLOAD = 1.0
LEVEL_EDGES = (*HEALTHY, OVERLOAD)  # below, healthy, full, overload
WEEKS_AHEAD = 8  # how far ahead people are booked: longer requests are few, and later weeks are guesses


def mondays(start: date, end: date) -> pd.DatetimeIndex:
    """The Mondays of a period, both ends inside."""
    return pd.date_range(start, end, freq="W-MON", unit="s")


def weeks_ahead(as_of: date) -> tuple[date, date]:
    """The first and last day of the coming eight weeks: those whose Monday comes after the as-of date."""
    first = as_of + timedelta(days=7 - as_of.weekday())
    return first, first + timedelta(weeks=WEEKS_AHEAD, days=-1)


def person_weeks(people: pd.DataFrame, booked: pd.DataFrame, absent: pd.DataFrame, weeks: Sequence) -> pd.DataFrame:
    """One row per person and week, in the order of people and weeks: resource_id, week, available, booked (millionths).

    available   as `available_hours`
    booked      all hours booked, also of somebody who is not active
    """
    index = pd.MultiIndex.from_product([people["resource_id"], weeks], names=["resource_id", "week"])
    available, taken = available_hours(people, absent, weeks), _by_week(booked, people, weeks)
    return index.to_frame(index=False).assign(available=available.ravel(), booked=taken.ravel())


def available_hours(people: pd.DataFrame, absent: pd.DataFrame, weeks: Sequence | np.ndarray) -> np.ndarray:
    """People × weeks, in millionths: the weekly hours where a day of the week lies within active_from and active_to,
    less the hours away, not below 0."""
    monday = pd.DatetimeIndex(weeks).to_numpy()
    starts, ends = (people[name].to_numpy()[:, None] for name in ("active_from", "active_to"))
    is_active = (np.isnat(starts) | (starts <= monday + np.timedelta64(6, "D"))) & (np.isnat(ends) | (ends >= monday))
    hours = people["weekly_hours"].to_numpy(dtype="int64")[:, None] - _by_week(absent, people, weeks)
    return np.where(is_active, np.maximum(hours, 0), 0)


def _by_week(found: pd.DataFrame, people: pd.DataFrame, weeks: Sequence | np.ndarray) -> np.ndarray:
    """People × weeks: the hours of `found` (resource_id, week, hours), 0 where it has none."""
    index = pd.MultiIndex.from_product([people["resource_id"], weeks])
    hours = found.set_index(["resource_id", "week"])["hours"].astype("int64")
    return hours.reindex(index, fill_value=0).to_numpy(dtype="int64").reshape(len(people), len(weeks))


def summed(weeks: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """One row per group of person-weeks: the groups, available_hours, booked_hours, utilisation (NaN without hours)."""
    sums = weeks.groupby(by, sort=False, dropna=False)[["available", "booked"]].sum().reset_index()
    available = sums["available"].astype("float64")
    return sums.assign(
        available_hours=available / HOUR_PARTS,
        booked_hours=sums["booked"].astype("float64") / HOUR_PARTS,
        utilisation=sums["booked"] / available.where(available > 0),
    ).drop(columns=["available", "booked"])


def totals(weeks: pd.DataFrame, kept: pd.Series) -> dict[str, float | None]:
    """utilisation, available_hours, booked_hours of person-weeks; None for what rests on a table without rows."""
    available = hours(weeks["available"].sum()) if kept["people"] else None
    booked = hours(weeks["booked"].sum()) if kept["people"] and kept["bookings"] else None
    return {"utilisation": ratio(booked, available), "available_hours": available, "booked_hours": booked}


def hours(parts: int) -> float:
    """Millionths as hours."""
    return int(parts) / HOUR_PARTS


def queue(requests: pd.DataFrame, kept: pd.Series) -> dict[str, float | None]:
    """open_requests and their requested_hours."""
    if not kept["requests"]:
        return {"open_requests": None, "requested_hours": None}
    return {"open_requests": len(requests), "requested_hours": hours(requests["hours"].sum())}


def met_in_time(needed: pd.DataFrame) -> pd.Series:
    """Whether each request was granted, with at least the requested hours booked by the day it was needed."""
    return (needed["is_granted"] & (needed["booked_hours"] >= needed["hours"])).astype(bool)


def alignment(served: pd.DataFrame) -> tuple[float | None, int]:
    """Spearman's rank correlation of worth and hours over the deals whose worth is known, and their number.

    None where there are fewer than two, or where all have the same worth or the same hours.
    """
    known = served[served["weighted"].notna()]
    if known["weighted"].nunique() < 2 or known["hours"].nunique() < 2:
        return None, len(known)
    worth, hours = (known[name].astype(float).rank() for name in ("weighted", "hours"))
    return float(worth.corr(hours)), len(known)


def per_deal(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Each outcome's hours and cost, whole and per deal, in hours and base currency units.

    outcome, deals, support_hours, support_cost, activities, activity_cost, cost, without_cost, hours_per_deal,
    cost_per_deal; cost and cost_per_deal are NaN where the cost of a booking or activity is not known.
    """
    deals = outcomes["deals"].astype("float64")
    support_cost, activity_cost = (
        outcomes[name].astype("float64") / MINOR_UNITS for name in ("support_cost", "activity_cost")
    )
    found = outcomes.assign(
        support_hours=outcomes["support_hours"].astype("float64") / HOUR_PARTS,
        support_cost=support_cost,
        activity_cost=activity_cost,
        cost=(support_cost + activity_cost).where(outcomes["without_cost"] == 0),
    )
    return found.assign(hours_per_deal=found["support_hours"] / deals, cost_per_deal=found["cost"] / deals)


def hours_per_won_deal(outcomes: pd.DataFrame, kept: pd.Series) -> float | None:
    """All hours booked so far on the deals won in the period ÷ their number."""
    won = outcomes[outcomes["outcome"] == "won"]
    if won.empty or not kept["bookings"]:
        return None
    return ratio(hours(won["support_hours"].sum()), int(won["deals"].sum()))


def overload(weeks: pd.DataFrame) -> pd.DataFrame:
    """The person-weeks with more hours booked than available, the worst first, with over (millionths)."""
    over = weeks["booked"] - weeks["available"]
    found = weeks.assign(over=over)[over > 0]
    return found.sort_values(["over", "week", "resource_id"], ascending=[False, True, True], ignore_index=True)


def demand(requests: pd.DataFrame, weeks: pd.DatetimeIndex) -> pd.DataFrame:
    """One row per kind and coming week with hours still asked for: kind, week, asked (hours).

    What an open request of an open deal still lacks (its hours less those booked for it) is spread evenly over the
    weeks from the first coming one to that of needed_by; what is overdue falls into the first, what is needed nobody
    knows when over all of them.
    """
    first, rows = weeks[0], []
    for request in requests[requests["outcome"] == "open"].itertuples():
        until = len(weeks) if pd.isna(request.needed_by) else (request.needed_by - first).days // 7 + 1
        spread = max(until, 1)
        lacking = max(request.hours - request.booked_hours, 0.0)
        rows += [(request.kind, week, lacking / spread) for week in weeks[:spread]]
    found = pd.DataFrame(rows, columns=["kind", "week", "asked"]).astype({"week": "datetime64[s]", "asked": "float64"})
    return found.groupby(["kind", "week"], as_index=False)["asked"].sum()


def high_worth(served: pd.DataFrame) -> float | None:
    """The worth that a quarter of the open deals of known worth reaches: the 75th percentile."""
    known = served["worth"].dropna().astype(float)
    return float(np.quantile(known, 0.75)) if len(known) else None
