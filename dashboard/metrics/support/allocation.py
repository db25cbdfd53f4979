"""The best allocation of support hours to requests, and the two plans it is compared with.

Hours are whole millionths (`HOUR_PARTS`) throughout, so that no sum of them is ever off by a rounding: no person is
over capacity by a hair, and the comparisons keep exactly to the constraints of the plan.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256

import numpy as np
import pandas as pd

from dashboard.metrics.amounts import HOUR_PARTS
from dashboard.metrics.support import allocation_program as program

KINDS = ("presales", "expert", "solution", "delivery", "lab", "budget")
HIGHEST_TILT = 0.5  # beyond half, the tilt would be the plan, and value an afterthought
DEFAULTS: Mapping[str, float] = {"tilt": 0.0} | {f"uplift_{kind}": 1.0 for kind in KINDS}
"""What holds until a director publishes otherwise: value alone decides, and no kind of hour counts for more."""


def parts(hours) -> np.ndarray:
    """Hours as whole millionths."""
    return np.rint(np.asarray(hours, dtype=float) * HOUR_PARTS).astype(np.int64)


def value_per_hour(probability, margin, uplift, priority, hours) -> np.ndarray:
    """What an hour brings: probability × margin × uplift × priority ÷ requested hours; NaN where one is unknown.

    priority   1 to 3; where none was given it is 1, which leaves the value as it is
    """
    asked = np.asarray(hours, dtype=float)
    worth = np.asarray(probability, dtype=float) * np.asarray(margin, dtype=float) * np.asarray(uplift, dtype=float)
    worth = worth * np.nan_to_num(np.asarray(priority, dtype=float), nan=1.0)
    return np.divide(worth, asked, out=np.full(asked.shape, np.nan), where=asked > 0)


@dataclass(frozen=True)
class Problem:
    """What there is to allocate. Rows of both frames are in the order of their keys, so that one input has one plan.

    people     resource_id, kind, skills (a frozenset), region_id, reach (own, any)
    capacity   people × weeks: millionths of hours, locked bookings already taken out
    requests   request_id, kind, skill (empty: any), region_id (of the deal), hours (millionths still wanted),
               weeks (how many of the coming weeks lie before its deadline), value (per hour), requested_on,
               is_subsistence (the deal is of a rep in that life stage)
    booked     today's bookings that may be changed: person, request (row numbers), week (0…), hours (millionths)
    within     pairs (region, a region it lies in)
    tilt       the share of hours that deals of subsistence-stage reps get at least, as far as they ask for them
    """

    people: pd.DataFrame
    capacity: np.ndarray
    requests: pd.DataFrame
    booked: pd.DataFrame
    within: frozenset[tuple[str, str]] = frozenset()
    tilt: float = 0.0

    @cached_property
    def groups(self) -> pd.DataFrame:
        """One row per group of people alike: kind, skills, region_id (None where they reach any), members (rows)."""
        alike: dict[tuple, list[int]] = {}
        for row, one in enumerate(self.people.itertuples(index=False)):
            bound = one.region_id if one.reach == "own" else None
            alike.setdefault((one.kind, tuple(sorted(one.skills)), bound or ""), []).append(row)
        keys = sorted(alike)
        return pd.DataFrame(
            {
                "kind": pd.Series([kind for kind, _, _ in keys], dtype=object),
                "skills": pd.Series([frozenset(skills) for _, skills, _ in keys], dtype=object),
                "region_id": pd.Series([bound or None for _, _, bound in keys], dtype=object),
                "members": pd.Series([alike[key] for key in keys], dtype=object),
            }
        )

    @cached_property
    def group_of(self) -> np.ndarray:
        """The group of each person, by row."""
        found = np.zeros(len(self.people), dtype=int)
        for group, members in enumerate(self.groups["members"]):
            found[members] = group
        return found

    @cached_property
    def eligible(self) -> list[tuple[int, ...]]:
        """Per request the groups that may serve it: of its kind, with its skill, reaching its region."""
        known: dict[tuple, tuple[int, ...]] = {}
        found = []
        for one in self.requests[["kind", "skill", "region_id"]].itertuples(index=False):
            asked = (one.kind, *(None if pd.isna(text) else text for text in (one.skill, one.region_id)))
            if asked not in known:
                known[asked] = tuple(
                    number for number, group in enumerate(self.groups.itertuples(index=False))
                    if self._may(group, *asked)
                )  # fmt: skip
            found.append(known[asked])
        return found

    def _may(self, group, kind: str, skill: str | None, region_id: str | None) -> bool:
        """Whether people of a group may serve a request of this kind and skill in this region."""
        if group.kind != kind or (skill is not None and skill not in group.skills):
            return False
        return group.region_id is None or group.region_id == region_id or (region_id, group.region_id) in self.within

    @cached_property
    def group_capacity(self) -> np.ndarray:
        """Groups × weeks, in millionths of hours."""
        total = np.zeros((len(self.groups), self.capacity.shape[1]), dtype=np.int64)
        np.add.at(total, self.group_of, self.capacity)
        return total

    @cached_property
    def fingerprint(self) -> str:
        """The same for equal problems: whoever has solved one need not solve it again."""
        skills = self.people["skills"].map(lambda some: ";".join(sorted(some)))
        frames = (self.people.assign(skills=skills), self.requests, self.booked, pd.DataFrame(sorted(self.within)))
        told = [pd.util.hash_pandas_object(frame.astype(str), index=False).to_numpy().tobytes() for frame in frames]
        return sha256(b"|".join([*told, self.capacity.tobytes(), repr(self.tilt).encode()])).hexdigest()

    def value_of(self, hours: np.ndarray) -> float:
        """What hours per request (millionths) are expected to bring. By request, so that who serves it is no matter."""
        return math.fsum(self.requests["value"].to_numpy(dtype=float) * (hours / HOUR_PARTS))


@dataclass(frozen=True)
class Plan:
    """Hours dealt to persons: person, request (row numbers), week (0…), hours (millionths); and by request."""

    dealt: pd.DataFrame
    hours: np.ndarray
    value: float

    @classmethod
    def of(cls, problem: Problem, dealt: list[tuple[int, int, int, int]]) -> "Plan":
        frame = pd.DataFrame(dealt, columns=["person", "request", "week", "hours"], dtype=np.int64)
        frame = frame.sort_values(["request", "person", "week"], ignore_index=True)
        hours = np.zeros(len(problem.requests), dtype=np.int64)
        np.add.at(hours, frame["request"].to_numpy(), frame["hours"].to_numpy())
        return cls(frame, hours, problem.value_of(hours))


@dataclass(frozen=True)
class Recommendation:
    """The best plan, and what to hold it against.

    plan         under the tilt
    untilted     at tilt 0: the same plan where there is none
    today        today's bookings that may be changed, as far as they keep to the constraints
    first_come   first come, first served, under the same constraints
    worth        groups × weeks: what one more hour of the group in that week is worth
    tilt_worth   what relaxing the tilt by one hour is worth; 0 where it does not bind
    """

    problem: Problem
    plan: Plan
    untilted: Plan
    today: Plan
    first_come: Plan
    worth: np.ndarray
    tilt_worth: float = field(default=0.0)

    @property
    def tilt_price(self) -> float:
        """The expected value that the tilt costs."""
        return self.untilted.value - self.plan.value

    @property
    def worth_of_person(self) -> np.ndarray:
        """Per person, what one more hour in the first coming week is worth: it can serve every deadline."""
        if not self.worth.size:
            return np.zeros(len(self.problem.people))
        return self.worth[self.problem.group_of, 0]

    def subsistence_share(self, plan: Plan) -> float:
        """The share of a plan's hours on deals of subsistence-stage reps; NaN where it has no hours."""
        total = plan.hours.sum()
        return float(plan.hours[self.problem.requests["is_subsistence"].to_numpy(dtype=bool)].sum() / total) \
            if total else math.nan  # fmt: skip


def recommend(problem: Problem, time_limit: float | None = None) -> Recommendation:
    """The allocation of the highest expected value; raises program.Unsolved where it takes longer than the limit.

    time_limit   seconds for each of the linear programs: one without a tilt that binds, up to four with it
    """
    untilted = _solved(replace(problem, tilt=0.0), time_limit)
    tilted = untilted if not problem.tilt else _solved(problem, time_limit)
    return Recommendation(
        problem=problem,
        plan=_dealt(problem, tilted),
        untilted=_dealt(problem, untilted),
        today=todays_bookings(problem),
        first_come=first_come(problem),
        worth=tilted.worth,
        tilt_worth=tilted.tilt_worth,
    )


def _solved(problem: Problem, time_limit: float | None) -> program.Solution:
    requests = problem.requests
    return program.solve(
        problem.group_capacity,
        requests["hours"].to_numpy(dtype=np.int64),
        requests["weeks"].to_numpy(dtype=np.int64),
        requests["value"].to_numpy(dtype=float),
        problem.eligible,
        requests["is_subsistence"].to_numpy(dtype=bool),
        problem.tilt,
        time_limit,
    )


def _dealt(problem: Problem, solution: program.Solution) -> Plan:
    """The hours of the groups, dealt to their people; who is booked on a request today keeps it where possible."""
    weeks = problem.requests["weeks"].to_numpy(dtype=np.int64)
    already = set(zip(problem.booked["person"], problem.booked["request"], strict=True))
    dealt: list[tuple[int, int, int, int]] = []
    for group, members in enumerate(problem.groups["members"]):
        wanted = [(request, hours) for (of, request), hours in solution.hours.items() if of == group]
        dealt += program.deal(wanted, weeks, members, problem.capacity, already)
    return Plan.of(problem, dealt)


# --- the two plans it is compared with ----------------------------------------------------------------


def first_come(problem: Problem) -> Plan:
    """Requests in the order they were made (of one day: of their keys), each served as fully as is still possible by
    the first people who may, in the order of their keys, in the earliest weeks."""
    left = problem.capacity.copy()
    order = problem.requests.assign(row=range(len(problem.requests))).sort_values(["requested_on", "request_id"])
    dealt = []
    for one in order.itertuples(index=False):
        may = np.flatnonzero(np.isin(problem.group_of, problem.eligible[one.row]))
        slots = left[may, : one.weeks]
        before = np.cumsum(slots.ravel()) - slots.ravel()
        taken = np.clip(one.hours - before, 0, slots.ravel()).reshape(slots.shape)
        left[may, : one.weeks] -= taken
        person, week = np.nonzero(taken)
        dealt += [(may[p], one.row, w, taken[p, w]) for p, w in zip(person.tolist(), week.tolist(), strict=True)]
    return Plan.of(problem, dealt)


def todays_bookings(problem: Problem) -> Plan:
    """Today's bookings that may be changed, each cut to what the person has left that week, to what its request still
    wants, and to nothing after the deadline, or where skill or reach is missing. In the order of weeks, in one week
    in that of the requests."""
    left, wanted = problem.capacity.copy(), problem.requests["hours"].to_numpy(dtype=np.int64).copy()
    weeks = problem.requests["weeks"].to_numpy(dtype=np.int64)
    dealt = []
    for one in problem.booked.sort_values(["week", "request", "person"]).itertuples(index=False):
        if one.week >= weeks[one.request] or problem.group_of[one.person] not in problem.eligible[one.request]:
            continue
        hours = min(one.hours, left[one.person, one.week], wanted[one.request])
        if hours > 0:
            left[one.person, one.week] -= hours
            wanted[one.request] -= hours
            dealt.append((one.person, one.request, one.week, hours))
    return Plan.of(problem, dealt)
