"""A recommended allocation from each side: by request and why, by person, by kind, by group of people alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.answers.support import allocation
from dashboard.answers.support.allocation import Asked
from dashboard.metrics.amounts import HOUR_PARTS
from dashboard.metrics.support.allocation import KINDS, Plan, Recommendation
from dashboard.metrics.support.allocation_program import EQUAL

# Why a request gets what it gets, in the order in which they are looked at.
WHY = ("nobody_of_kind", "nobody_skilled", "nobody_reaches", "no_time", "tilt_for", "tilt_against", "worthless",
       "spare", "tie", "worth", "edge", "outbid")  # fmt: skip


@dataclass(frozen=True)
class Review:
    """A plan from all its sides. totals: see answers.allocation.totals; the frames: see the functions below."""

    asked: Asked
    solved: Recommendation
    totals: dict[str, float]
    requests: pd.DataFrame
    people: pd.DataFrame
    kinds: pd.DataFrame
    groups: pd.DataFrame


def review(found: Asked, solved: Recommendation) -> Review:
    return Review(
        asked=found,
        solved=solved,
        totals=allocation.totals(found, solved, is_shown(found)),
        requests=by_request(found, solved),
        people=by_person(found, solved),
        kinds=by_kind(found, solved),
        groups=by_group(found, solved),
    )


def is_shown(found: Asked) -> np.ndarray:
    """Which requests of the problem the scope shows, by row."""
    return (found.requests["is_shown"] == 1).to_numpy(dtype=bool)


def late_hours(found: Asked) -> float:
    """Today's hours, on requests that the scope shows, in weeks after the day they are needed."""
    booked = found.problem.booked[found.problem.booked["request"] >= 0]
    request = booked["request"].to_numpy(dtype=int)
    is_late = booked["week"].to_numpy() >= found.requests["weeks"].to_numpy()[request]
    return float(booked["hours"].to_numpy()[is_late & is_shown(found)[request]].sum() / HOUR_PARTS)


def by_request(found: Asked, solved: Recommendation) -> pd.DataFrame:
    """One row per request that the scope shows, in the order of their keys.

    request_id, opportunity_id, deal, account, owner, kind, skill, priority, needed_by, is_favoured
    wanted, today, first_come, recommended    hours
    value_per_hour, value     base currency units; of the recommended hours
    price                     what an hour that could serve it is worth at least
    change, value_change      recommended less today's hours, and their value
    why                       of WHY
    """
    requests, problem = found.requests, found.problem
    value = problem.requests["value"].to_numpy(dtype=float)
    rows = requests[["request_id", "opportunity_id", "deal", "account", "owner", "kind", "skill", "priority"]].assign(
        needed_by=requests["needed_by"],
        is_favoured=problem.requests["is_subsistence"],
        wanted=problem.requests["hours"] / HOUR_PARTS,
        today=solved.today.hours / HOUR_PARTS,
        first_come=solved.first_come.hours / HOUR_PARTS,
        recommended=solved.plan.hours / HOUR_PARTS,
        value_per_hour=value,
        value=value * solved.plan.hours / HOUR_PARTS,
        price=_prices(solved),
        change=(solved.plan.hours - solved.today.hours) / HOUR_PARTS,
        value_change=value * (solved.plan.hours - solved.today.hours) / HOUR_PARTS,
        why=why(solved),
    )
    return rows[is_shown(found)].reset_index(drop=True)


def _prices(solved: Recommendation) -> np.ndarray:
    """Per request the least that an hour of those who may serve it by its deadline is worth; NaN where nobody may."""
    weeks = solved.problem.requests["weeks"].to_numpy(dtype=int)
    return np.array([
        min((solved.worth[group, last - 1] for group in may), default=np.nan)
        for may, last in zip(solved.problem.eligible, weeks, strict=True)
    ], dtype=float)  # fmt: skip


def why(solved: Recommendation) -> np.ndarray:
    """Per request why it gets what it gets, of WHY."""
    problem, requests, price = solved.problem, solved.problem.requests, _prices(solved)
    hours, wanted = solved.plan.hours, requests["hours"].to_numpy(dtype=np.int64)
    value = requests["value"].to_numpy(dtype=float)
    of_kind = requests["kind"].isin(problem.groups["kind"]).to_numpy(dtype=bool)
    skilled = _is_skilled(problem)
    may = np.array([bool(groups) for groups in problem.eligible], dtype=bool)
    up_to = np.cumsum(problem.group_capacity, axis=1)
    able = np.array([
        sum(int(up_to[group, last - 1]) for group in groups) > 0
        for groups, last in zip(problem.eligible, requests["weeks"], strict=True)
    ], dtype=bool)  # fmt: skip
    untilted = solved.untilted.hours
    return np.select(
        [
            ~of_kind,
            ~skilled,
            ~may,
            ~able,
            hours > untilted,
            hours < untilted,
            value == 0,
            (hours == wanted) & ~(price > 0),
            _is_tied(solved, price),
            hours == wanted,
            hours > 0,
            value > 0,
        ],
        WHY,
        "",
    )


def _is_tied(solved: Recommendation, price: np.ndarray) -> np.ndarray:
    """Which requests are served, or get nothing, by priority and day alone: hours of the same people bring as much
    to another that gets nothing, or is served."""
    hours, value = solved.plan.hours, solved.problem.requests["value"].to_numpy(dtype=float)
    wanted = solved.problem.requests["hours"].to_numpy(dtype=np.int64)
    served: dict[int, list[float]] = {}
    for request in np.flatnonzero(hours > 0).tolist():
        for group in solved.problem.eligible[request]:
            served.setdefault(group, []).append(value[request])
    known = {group: np.array(values) for group, values in served.items()}
    is_outdone = np.array([
        value[request] > 0 and not hours[request]
        and any(np.isclose(known[group], value[request], rtol=EQUAL).any() for group in may if group in known)
        for request, may in enumerate(solved.problem.eligible)
    ], dtype=bool)  # fmt: skip
    return is_outdone | ((hours == wanted) & (value > 0) & np.isclose(price, value, rtol=EQUAL))


def _is_skilled(problem) -> np.ndarray:
    """Whether anybody of the kind has the skill a request asks for, wherever they are."""
    known = {(group.kind, skill) for group in problem.groups.itertuples(index=False) for skill in group.skills}
    asked = zip(problem.requests["kind"], problem.requests["skill"], strict=True)
    return np.array([pd.isna(skill) or (kind, skill) in known for kind, skill in asked], dtype=bool)


def by_person(found: Asked, solved: Recommendation) -> pd.DataFrame:
    """One row per person whose region the scope shows, or who may serve it from elsewhere, in the order of their keys.

    resource_id, person (empty: the one of the what-if), kind, region, skills (text), group (number, as in by_group)
    available                 hours in the coming weeks, locked bookings taken out
    planned, today            hours, on requests that the scope shows
    requests                  how many of them
    worth                     what one more hour in the first week is worth
    utilisation               planned ÷ available; NaN where none is available
    """
    shown, people = is_shown(found), found.people
    planned, today = (_of_people(plan, shown, len(people)) for plan in (solved.plan, solved.today))
    available = found.problem.capacity.sum(axis=1) / HOUR_PARTS
    dealt = solved.plan.dealt[shown[solved.plan.dealt["request"].to_numpy(dtype=int)]]
    served = dealt.groupby("person")["request"].nunique()
    rows = people[["resource_id", "person", "kind", "region"]].assign(
        skills=["; ".join(sorted(skills)) for skills in people["skills"]],
        group=found.problem.group_of,
        available=available,
        planned=planned,
        today=today,
        requests=pd.Series(people.index.map(served), index=people.index).fillna(0).astype("int64"),
        worth=solved.worth_of_person,
        utilisation=np.divide(planned, available, out=np.full(len(people), np.nan), where=available > 0),
    )
    serves = (people["is_shown"] == 1) | (people["reach"] == "any")
    return rows[serves].reset_index(drop=True)


def _of_people(plan: Plan, shown: np.ndarray, people: int) -> np.ndarray:
    dealt = plan.dealt[shown[plan.dealt["request"].to_numpy(dtype=int)]]
    hours = np.zeros(people, dtype=np.int64)
    np.add.at(hours, dealt["person"].to_numpy(), dealt["hours"].to_numpy())
    return hours / HOUR_PARTS


def by_kind(found: Asked, solved: Recommendation) -> pd.DataFrame:
    """One row per kind asked for or there: kind, asked, planned (hours, of requests shown), available (hours, of the
    whole company), and the expected value of each plan: recommended, todays_bookings, first_come_first_served."""
    shown, problem = is_shown(found), found.problem
    kinds, value = problem.requests["kind"].to_numpy(), problem.requests["value"].to_numpy(dtype=float)
    hours = {
        "asked": problem.requests["hours"].to_numpy() / HOUR_PARTS,
        "planned": solved.plan.hours / HOUR_PARTS,
        "recommended": value * solved.plan.hours / HOUR_PARTS,
        "todays_bookings": value * solved.today.hours / HOUR_PARTS,
        "first_come_first_served": value * solved.first_come.hours / HOUR_PARTS,
    }
    rows = [
        {
            "kind": kind,
            "available": problem.capacity[(found.people["kind"] == kind).to_numpy()].sum() / HOUR_PARTS,
            **{name: float(of[shown & (kinds == kind)].sum()) for name, of in hours.items()},
        }
        for kind in KINDS
    ]
    rows = [row for row in rows if row["available"] or row["asked"]]
    return pd.DataFrame(rows, columns=["kind", "available", *hours])


def by_group(found: Asked, solved: Recommendation) -> pd.DataFrame:
    """One row per group of people alike that the scope shows, those whose hours are worth most first.

    group (number), kind, skills (text), region (name; '': reaches any), people
    available, planned        hours in the coming weeks, of the whole company
    worth                     what one more hour in the first week is worth; worths: a list, of each week
    full_until                the number of weeks up to which all hours are given out; 0: none is scarce
    """
    problem, groups = found.problem, found.problem.groups
    names = dict(zip(found.people["region_id"], found.people["region"], strict=True))
    planned = np.zeros(len(groups), dtype=np.int64)
    dealt = solved.plan.dealt
    np.add.at(planned, problem.group_of[dealt["person"].to_numpy(dtype=int)], dealt["hours"].to_numpy())
    binds = solved.worth > np.pad(solved.worth, ((0, 0), (0, 1)))[:, 1:] + 1e-9
    rows = groups[["kind"]].assign(
        group=range(len(groups)),
        skills=["; ".join(sorted(skills)) for skills in groups["skills"]],
        region=[names.get(region, region) if isinstance(region, str) else "" for region in groups["region_id"]],
        people=[len(members) for members in groups["members"]],
        available=problem.group_capacity.sum(axis=1) / HOUR_PARTS,
        planned=planned / HOUR_PARTS,
        worth=solved.worth[:, 0],
        worths=list(solved.worth),
        full_until=[int(np.flatnonzero(row)[-1]) + 1 if row.any() else 0 for row in binds],
    )
    serves = ((found.people["is_shown"] == 1) | (found.people["reach"] == "any")).to_numpy(dtype=bool)
    rows = rows[[bool(serves[members].any()) for members in groups["members"]]]
    return rows.sort_values("worth", ascending=False, kind="stable", ignore_index=True)


def moved(before: Review, after: Review) -> pd.DataFrame:
    """One row per request shown that gets other hours under a what-if, those that gain most first: request_id, deal,
    owner, kind, before, after (hours), value_change, by the value that an hour has as things are."""
    then = after.requests.set_index("request_id")["recommended"]
    rows = before.requests.assign(
        before=before.requests["recommended"],
        after=before.requests["request_id"].map(then).fillna(0.0).astype("float64"),
    )
    rows["value_change"] = rows["value_per_hour"] * (rows["after"] - rows["before"])
    rows = rows[(rows["after"] - rows["before"]).abs() > 1e-9]
    rows = rows.sort_values(["value_change", "request_id"], ascending=[False, True], ignore_index=True)
    return rows[["request_id", "deal", "owner", "kind", "before", "after", "value_change"]]


def against(review: Review, published: pd.DataFrame, weeks: Sequence[str], is_whole: bool) -> pd.DataFrame:
    """A published plan beside today's recommendation, both from the first coming week on: one row per request that
    either gives hours, those that gain most value first: request_id, deal, published, recommended, change (hours),
    value_change (by what an hour is worth today; NaN: no longer asked for, so nobody can say).

    published   a row per request and person: request_id, deal, and a column of hours for each of its weeks
    is_whole    whether the scope shows every request of these rows; else those that it shows today are compared
    """
    coming = [week for week in weeks if week >= str(review.asked.weeks[0])]
    given = published.assign(published=published[coming].sum(axis=1)).groupby("request_id", as_index=False)
    given = given.agg(published=("published", "sum"), named=("deal", "first"))
    shown = review.requests[["request_id", "deal", "recommended", "value_per_hour"]]
    rows = shown.merge(given, on="request_id", how="outer" if is_whole else "left")
    rows = rows.fillna({"published": 0.0, "recommended": 0.0})
    change = rows["recommended"] - rows["published"]
    rows = rows.assign(
        deal=rows["deal"].fillna(rows["named"]), change=change, value_change=change * rows["value_per_hour"]
    )
    rows = rows[(rows["published"] > 0) | (rows["recommended"] > 0)]
    rows = rows.sort_values(["value_change", "request_id"], ascending=[False, True], ignore_index=True)
    return rows[["request_id", "deal", "published", "recommended", "change", "value_change"]]


def payload(found: Asked, solved: Recommendation) -> dict:
    """The whole company's plan as it is published: the weeks, the rules, the three sums, and the hours by request,
    person and week."""
    weeks: dict[tuple[int, int], dict[str, float]] = {}
    for one in solved.plan.dealt.itertuples(index=False):
        weeks.setdefault((one.request, one.person), {})[str(found.weeks[one.week])] = one.hours / HOUR_PARTS
    return {
        "weeks": [str(week) for week in found.weeks],
        "values": dict(found.profile.values),
        "totals": allocation.totals(found, solved, np.ones(len(found.requests), dtype=bool)),
        "rows": [
            {
                "request_id": row.request_id,
                "opportunity_id": row.opportunity_id,
                "resource_id": row.resource_id,
                "hours": row.hours,
                "value": row.value,
                "weeks": weeks[row.request, row.person],
            }
            for row in allocation.rows(found, solved.plan).itertuples(index=False)
        ],
    }
