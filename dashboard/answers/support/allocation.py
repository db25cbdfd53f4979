"""Which support hours should go to which requests in the coming weeks, and what if there were others."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.profiles import Held, held
from dashboard.answers.reps.life_stage import life_stages
from dashboard.answers.support import resources
from dashboard.metrics.amounts import HOUR_PARTS
from dashboard.metrics.support import allocation as metrics, uplift
from dashboard.metrics.support.allocation import Problem, Recommendation
from dashboard.metrics.support.resources import available_hours, mondays
from dashboard.metrics.support.uplift import Uplift
from data_access.errors import Refused
from data_access.schema import MONEY_SCALE, SHARE_SCALE
from data_access.scope import Scope, company
from data_access.support import allocation, resources as questions

KIND = "allocation"
"""The kind of its published profiles: the tilt, and the share that support is assumed to move."""

FAVOURED = "subsistence"

# Why a request is not in the plan, in the order in which they are looked at.
LEFT_OUT = ("no_rate", "no_margin", "no_probability", "no_value")


@dataclass(frozen=True)
class Added:
    """Somebody who is not there: a kind, skills, a region (None: reaches any), hours a week."""

    kind: str
    region_id: str | None
    skills: tuple[str, ...]
    weekly_hours: float


@dataclass(frozen=True)
class Away:
    """Somebody taken away for some weeks, from the first (0) coming one on."""

    resource_id: str
    first: int
    weeks: int = 2


@dataclass(frozen=True)
class Wish:
    """What is asked beyond the data: other numbers than the published ones, and what if.

    values   the tilt and the assumption, where they differ from the profile that holds
    """

    values: tuple[tuple[str, float], ...] = ()
    added: Added | None = None
    away: Away | None = None

    @property
    def is_as_things_are(self) -> bool:
        return self == Wish()


@dataclass(frozen=True)
class Asked:
    """A problem with the names behind its rows.

    requests   rows as in `problem.requests`: what data_access.support.allocation.requests has, beside it life_stage
    people     rows as in `problem.people`
    left_out   requests that are not in the problem, with `why` of LEFT_OUT
    overbooked people and weeks whose locked bookings exceed what is available: resource_id, person, week, hours too
               many, is_shown
    loose      hours of unlocked bookings that are behind no request of the problem: they are no part of any plan
    """

    problem: Problem
    weeks: tuple
    profile: Held
    uplifts: Mapping[str, Uplift]
    requests: pd.DataFrame
    people: pd.DataFrame
    left_out: pd.DataFrame
    overbooked: pd.DataFrame
    loose: float


def profile(ask: Ask, scope: Scope) -> Held:
    return held(ask, scope, KIND, metrics.DEFAULTS)


def asked(ask: Ask, scope: Scope, wish: Wish | None = None) -> Asked:
    """The problem of the whole company as of the date. Of the scope, the filters choose only what is shown."""
    wish = wish or Wish()
    published = profile(ask, scope)
    values = {**published.values, **dict(wish.values)}
    if not 0 <= values["tilt"] <= metrics.HIGHEST_TILT:
        raise Refused(f"The tilt is {values['tilt']:g}; it must lie between 0 and {metrics.HIGHEST_TILT:g}.")
    if not 0 <= values["assumption"] <= metrics.HIGHEST_ASSUMPTION:
        raise Refused(
            f"The assumed uplift is {values['assumption']:g}; it must lie between 0 and {metrics.HIGHEST_ASSUMPTION:g}."
        )
    uplifts = uplift.by_kind(ask(questions.judged_requests, company(scope)), metrics.KINDS, values["assumption"])
    coming = resources.ahead(scope)
    weeks = tuple(mondays(coming.period.start, coming.period.end).date)
    people = _people(ask, coming, wish)
    bookings = ask(allocation.bookings, coming).assign(row=lambda rows: rows["resource_id"].map(_row_of(people)))
    wanted = _requests(ask, coming, weeks)
    stages = life_stages(ask, company(coming)).set_index("rep_id")["life_stage"]
    wanted["life_stage"] = wanted["owner_id"].map(stages).astype(object)
    bookings = bookings.assign(request=_behind(bookings, wanted, people))
    locked = bookings[bookings["is_locked"] == 1]
    wanted["locked"] = _of_requests(locked, wanted)
    wanted["left"] = (wanted["parts"] - metrics.parts(wanted["given"]) - wanted["locked"]).clip(lower=0)
    is_in = (wanted["why"] == "") & (wanted["left"] > 0)
    requests = _valued(wanted[is_in].reset_index(drop=True), uplifts)
    place = {request: row for row, request in enumerate(requests["request_id"])}
    open_ = bookings[(bookings["is_locked"] == 0) & bookings["week"].isin(_days(weeks))]
    capacity, overbooked = _capacity(people, weeks, ask(questions.absent_weeks, company(coming)), locked, wish)
    places = ask(allocation.reached, None)[["region_id", "ancestor_id"]]
    found = Problem(
        people=people[["resource_id", "kind", "skills", "region_id", "reach"]],
        capacity=capacity,
        requests=_for_problem(requests),
        booked=_booked(open_, place, weeks),
        within=frozenset(places.itertuples(index=False, name=None)),
        tilt=values["tilt"],
    )
    found.fingerprint  # noqa: B018  worked out here it is kept with the answer, else at every rerun
    left_out = wanted[wanted["why"] != ""].reset_index(drop=True)
    loose = float(open_.loc[~open_["request"].isin(place), "hours"].sum())
    held_values = Held(published.version, values)
    return Asked(found, weeks, held_values, uplifts, requests, people, left_out, overbooked, loose)


# --- requests -----------------------------------------------------------------------------------------


def _requests(ask: Ask, scope: Scope, weeks: tuple) -> pd.DataFrame:
    """The requests with worth (of the deal: probability × margin), parts (millionths of hours asked), weeks; `why`
    they are left out, '' for those that are not. In the order of their keys, whatever the database's collation."""
    found = ask(allocation.requests, scope).sort_values("request_id", key=_code_points, ignore_index=True)
    found["margin"] = found["gross_margin"].astype("float64") / MONEY_SCALE
    found["probability"] = found["probability"].astype("float64") / SHARE_SCALE
    found["worth"] = found["probability"] * found["margin"]
    found["parts"] = metrics.parts(found["hours"])
    found["weeks"] = [sum(pd.isna(day) or week <= day.date() for week in weeks) for day in found["needed_by"]]
    found["why"] = np.select(
        [
            (found["has_margin"] == 1) & found["margin"].isna(),
            found["margin"].isna(),
            found["probability"].isna(),
            found["worth"] < 0,
        ],
        LEFT_OUT,
        "",
    )
    return found


def booked_ahead(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per booking in the coming weeks for an open request that the scope shows, in time for it: resource_id,
    week, hours, request_id, asked (hours), value (of an hour; NaN: not known)."""
    coming = resources.ahead(scope)
    requests = _requests(ask, coming, ())
    known = requests["why"] == ""
    assumed = profile(ask, scope).values["assumption"]
    moved = uplift.shares(ask(questions.judged_requests, company(scope)), metrics.KINDS, assumed)
    share = metrics.scaled_shares(requests["opportunity_id"], requests["kind"].map(moved).where(known, 0.0))
    value = metrics.value_per_hour(requests["worth"].where(known), share, requests["hours"])
    shown = requests.assign(asked=requests["hours"], value=value)[requests["is_shown"] == 1]
    bookings = ask(allocation.bookings, coming)
    behind = _behind(bookings, requests, ask(questions.people, company(coming).dateless))
    columns = ["request_id", "needed_by", "asked", "value"]
    found = bookings.assign(request_id=behind).merge(shown[columns], on="request_id")
    in_time = found["needed_by"].isna() | (found["week"] <= found["needed_by"])
    return found.loc[in_time, ["resource_id", "week", "hours", "request_id", "asked", "value"]]


def _valued(requests: pd.DataFrame, uplifts: Mapping[str, Uplift]) -> pd.DataFrame:
    """With share (of the deal's worth that the request moves), on_data (the part of it that the data carry) and value
    (of an hour)."""
    shares = requests["kind"].map({kind: one.share for kind, one in uplifts.items()}).astype("float64")
    carried = requests["kind"].map({kind: one.on_data for kind, one in uplifts.items()}).astype("float64")
    scaled = metrics.scaled_shares(requests["opportunity_id"], shares)
    return requests.assign(
        share=scaled,
        on_data=(carried / shares).where(shares > 0, 0.0),
        value=metrics.value_per_hour(requests["worth"], scaled, requests["hours"]),
    )


def _for_problem(requests: pd.DataFrame) -> pd.DataFrame:
    """What the metrics need of the requests; empty texts as None."""
    found = requests[["request_id", "kind", "skill", "region_id", "weeks", "value", "requested_on"]].copy()
    for name in ("skill", "region_id"):
        found[name] = pd.Series([value or None for value in found[name]], index=found.index, dtype=object)
    priority = requests["priority"].astype("float64").fillna(1).astype(np.int64)
    return found.assign(hours=requests["left"], priority=priority, is_subsistence=requests["life_stage"] == FAVOURED)


def _code_points(keys: pd.Series) -> pd.Series:
    return keys.astype(object)


# --- people -------------------------------------------------------------------------------------------


def _people(ask: Ask, scope: Scope, wish: Wish) -> pd.DataFrame:
    """The company's people in the order of their keys, skills as sets, is_shown, and whoever is added. A person without
    a region is the whole company's; with one and no reach given, they serve their own."""
    found = ask(questions.people, company(scope).dateless).sort_values(
        "resource_id", key=_code_points, ignore_index=True
    )
    found["is_shown"] = found["resource_id"].isin(ask(questions.people, scope.dateless)["resource_id"]).astype("int64")
    found["skills"] = [
        frozenset(skill.strip() for skill in (text or "").split(";") if skill.strip()) for text in found["skills"]
    ]
    found["reach"] = np.where(found["region_id"].isna() | (found["reach"] == "any"), "any", "own")
    if wish.added is None:
        return found
    one = wish.added
    more = {
        "resource_id": "+", "person": None, "kind": one.kind, "region_id": one.region_id,
        "region": one.region_id, "reach": "own" if one.region_id else "any", "skills": frozenset(one.skills),
        "weekly_hours": int(metrics.parts(one.weekly_hours)), "active_from": pd.NaT, "active_to": pd.NaT, "is_shown": 1,
    }  # fmt: skip
    rows = [*found.to_dict("records"), more]
    return pd.DataFrame(rows, columns=found.columns).astype({"weekly_hours": "int64"})


def _row_of(people: pd.DataFrame) -> dict[str, int]:
    return {resource: row for row, resource in enumerate(people["resource_id"])}


def _capacity(
    people: pd.DataFrame, weeks: tuple, absent: pd.DataFrame, locked: pd.DataFrame, wish: Wish
) -> tuple[np.ndarray, pd.DataFrame]:
    """People × weeks: the hours available less the locked bookings, in millionths; and where more is locked than
    there is."""
    days = _days(weeks)
    left = available_hours(people, absent, days)
    rows, columns = _row_of(people), {day: number for number, day in enumerate(days)}
    if wish.away is not None and wish.away.resource_id in rows:
        left[rows[wish.away.resource_id], wish.away.first : wish.away.first + wish.away.weeks] = 0
    for one in locked.dropna(subset=["row"]).itertuples(index=False):
        if one.week in columns:
            left[int(one.row), columns[one.week]] -= int(metrics.parts(one.hours))
    person, week = np.nonzero(left < 0)
    overbooked = pd.DataFrame(
        {
            "resource_id": people["resource_id"].to_numpy()[person],
            "person": people["person"].to_numpy()[person],
            "week": days[week],
            "hours": -left[person, week] / HOUR_PARTS,
            "is_shown": people["is_shown"].to_numpy(dtype=int)[person],
        }
    )
    return left.clip(min=0), overbooked


# --- bookings -----------------------------------------------------------------------------------------


def _behind(bookings: pd.DataFrame, requests: pd.DataFrame, people: pd.DataFrame) -> pd.Series:
    """The request each booking is for: the one it names, else the deal's earliest open one of the person's kind."""
    first = (
        requests.sort_values(["requested_on", "request_id"]).drop_duplicates(["opportunity_id", "kind"])
        .set_index(["opportunity_id", "kind"])["request_id"].to_dict()
    )  # fmt: skip
    kinds = bookings["resource_id"].map(people.set_index("resource_id")["kind"])
    return pd.Series(
        [
            named or first.get((deal, kind))
            for named, deal, kind in zip(bookings["request_id"], bookings["opportunity_id"], kinds, strict=True)
        ],
        index=bookings.index,
        dtype=object,
    )


def _of_requests(bookings: pd.DataFrame, requests: pd.DataFrame) -> np.ndarray:
    """Millionths of hours per request."""
    total = pd.Series(metrics.parts(bookings["hours"]), index=bookings.index).groupby(bookings["request"]).sum()
    return requests["request_id"].map(total).fillna(0).astype(np.int64).to_numpy()


def _booked(bookings: pd.DataFrame, place: Mapping[str, int], weeks: tuple) -> pd.DataFrame:
    """Today's bookings that may be changed, as metrics.Problem has them."""
    known = bookings[bookings["row"].notna()]
    columns = {day: number for number, day in enumerate(_days(weeks))}
    return pd.DataFrame(
        {
            "person": known["row"].astype(np.int64),
            "request": known["request"].map(place).fillna(-1).astype(np.int64),
            "week": known["week"].map(columns).astype(np.int64),
            "hours": metrics.parts(known["hours"]),
        }
    ).reset_index(drop=True)


def _days(weeks: tuple) -> np.ndarray:
    return np.array(weeks, dtype="datetime64[s]")


# --- the report ---------------------------------------------------------------------------------------


def rows(found: Asked, plan: metrics.Plan) -> pd.DataFrame:
    """One row per request and person of a plan, by request, then person: request_id, opportunity_id, resource_id,
    hours, value, request and person (row numbers)."""
    together = plan.dealt.groupby(["request", "person"], as_index=False)["hours"].sum()
    request, person = together["request"].to_numpy(dtype=int), together["person"].to_numpy(dtype=int)
    hours = together["hours"].to_numpy() / HOUR_PARTS
    value = found.problem.requests["value"].to_numpy(dtype=float)[request] * hours
    return pd.DataFrame(
        {
            "request_id": found.requests["request_id"].to_numpy()[request],
            "opportunity_id": found.requests["opportunity_id"].to_numpy()[request],
            "resource_id": found.people["resource_id"].to_numpy()[person],
            "hours": hours,
            "value": value,
            "request": request,
            "person": person,
        }
    )


def duals(found: Asked, solved: Recommendation) -> pd.DataFrame:
    """One row per person: what one more hour in the first coming week is worth; is_shown: to the person who asks."""
    people = found.people
    return pd.DataFrame(
        {
            "resource_id": people["resource_id"],
            "kind": people["kind"],
            "region_id": people["region_id"],
            "reach": people["reach"],
            "skills": [";".join(sorted(skills)) for skills in people["skills"]],
            "week": pd.Series([found.weeks[0]] * len(people), dtype=object),
            "value": solved.worth_of_person,
            "is_shown": (people["is_shown"] == 1) | (people["reach"] == "any"),
        }
    )


def totals(found: Asked, solved: Recommendation, is_shown: np.ndarray) -> dict[str, float]:
    """What the three plans are expected to bring, over the requests shown."""

    def of(plan: metrics.Plan) -> float:
        return found.problem.value_of(np.where(is_shown, plan.hours, 0))

    return {
        "recommended": of(solved.plan),
        "todays_bookings": of(solved.today),
        "first_come_first_served": of(solved.first_come),
        "tilt_price": of(solved.untilted) - of(solved.plan),
        "on_assumption": found.problem.value_of(
            np.where(is_shown, solved.plan.hours, 0) * (1 - found.requests["on_data"].to_numpy(dtype=float))
        ),
    }


def uplift_rows(uplifts: Mapping[str, Uplift]) -> pd.DataFrame:
    """One row per kind of support, with the fields of its `Uplift`, assumed_share and is_shown."""
    return pd.DataFrame(
        [
            {"kind": kind, **vars(one), "assumed_share": one.assumed_share, "is_shown": one.is_shown}
            for kind, one in uplifts.items()
        ]
    )


def report(ask: Ask, scope: Scope, tilt: float | None = None) -> dict:
    """`report allocation`: the rows and sums of the requests that the scope shows, the duals of the people who may
    serve them. The plan itself is the whole company's."""
    found = asked(ask, scope, Wish(() if tilt is None else (("tilt", tilt),)))
    solved = metrics.recommend(found.problem)
    is_shown = (found.requests["is_shown"] == 1).to_numpy(dtype=bool)
    planned, worth = rows(found, solved.plan), duals(found, solved)
    return {
        "profile": {"version": found.profile.version, **found.profile.values},
        "rows": planned[is_shown[planned["request"]]],
        "totals": totals(found, solved, is_shown),
        "uplifts": uplift_rows(found.uplifts),
        "duals": worth[worth["is_shown"]],
    }
