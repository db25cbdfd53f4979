"""The best allocation of support hours to requests, and the two plans it is compared with.

Hours are whole millionths (`HOUR_PARTS`) throughout, so that no sum of them is ever off by a rounding: no person is
over capacity by a hair, and the comparisons keep exactly to the constraints of the plan.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dashboard.metrics.amounts import HOUR_PARTS

if TYPE_CHECKING:
    from dashboard.metrics.support import allocation_program as program

KINDS = ("presales", "expert", "solution", "delivery", "lab", "budget")
HIGHEST_TILT = 0.5  # beyond half, the tilt would be the plan, and value an afterthought
HIGHEST_ASSUMPTION = 0.5  # support that carries more than half of every deal would be no assumption, but a belief
DEFAULTS: Mapping[str, float] = {"tilt": 0.0, "assumption": 0.1}
"""What holds until a director publishes otherwise: value alone decides, and a kind of support of which the data say
nothing is assumed to move a tenth of a deal's worth."""


def parts(hours) -> np.ndarray:
    """Hours as whole millionths."""
    return np.rint(np.asarray(hours, dtype=float) * HOUR_PARTS).astype(np.int64)


def scaled_shares(deals: pd.Series, shares: pd.Series) -> pd.Series:
    """The share of its deal's worth that each request moves: where those of a deal together would exceed 1, they are
    scaled to 1, for no support can save a deal more than once."""
    together = shares.groupby(deals).transform("sum")
    return shares / together.clip(lower=1.0)


def value_per_hour(worth, share, hours) -> np.ndarray:
    """What an hour brings, in money: the deal's worth (probability × margin) × the share of it that the request moves
    ÷ requested hours; NaN where one is unknown."""
    asked = np.asarray(hours, dtype=float)
    moved = np.asarray(worth, dtype=float) * np.asarray(share, dtype=float)
    return np.divide(moved, asked, out=np.full(asked.shape, np.nan), where=asked > 0)


@dataclass(frozen=True)
class Problem:
    """What there is to allocate. Rows of both frames are in the order of their keys, so that one input has one plan.

    people     resource_id, kind, skills (a frozenset), region_id, reach (own, any)
    capacity   people × weeks: millionths of hours, locked bookings already taken out
    requests   request_id, kind, skill (empty: any), region_id (of the deal), hours (millionths still wanted),
               weeks (how many of the coming weeks lie before its deadline), value (per hour), requested_on,
               priority (1 to 3, 3 the highest; none given: 1), is_subsistence (the deal is of a rep in that life stage)
    booked     today's bookings that may be changed: person, request (row numbers; -1: for none of these), week (0…),
               hours (millionths)
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
    def urgency(self) -> np.ndarray:
        """Per request from 1 to 2: the higher its priority and, of one priority, the earlier it was made, the more."""
        order = self.requests.reset_index(drop=True).sort_values(
            ["priority", "requested_on", "request_id"], ascending=[False, True, True]
        )
        found = np.empty(len(order))
        found[order.index] = np.linspace(2.0, 1.0, len(order))
        return found

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
    today        what today's bookings that may be changed really give, whoever is booked
    first_come   first come, first served, under the same constraints, the tilt included
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

    time_limit   seconds for each of the linear programs: two without a tilt, up to seven with it
    """
    untilted = _solved(replace(problem, tilt=0.0), time_limit)
    tilted = untilted if not problem.tilt else _solved(problem, time_limit)
    return Recommendation(
        problem=problem,
        plan=_dealt(problem, tilted),
        untilted=_dealt(problem, untilted),
        today=todays_bookings(problem),
        first_come=first_come(problem, tilted.most_favoured),
        worth=tilted.worth,
        tilt_worth=tilted.tilt_worth,
    )


def _solved(problem: Problem, time_limit: float | None) -> "program.Solution":
    from dashboard.metrics.support import allocation_program as program  # and with it scipy's solver

    requests = problem.requests
    return program.solve(
        problem.group_capacity,
        requests["hours"].to_numpy(dtype=np.int64),
        requests["weeks"].to_numpy(dtype=np.int64),
        requests["value"].to_numpy(dtype=float),
        problem.eligible,
        requests["is_subsistence"].to_numpy(dtype=bool),
        problem.tilt,
        problem.urgency,
        time_limit,
    )


def _dealt(problem: Problem, solution: "program.Solution") -> Plan:
    """The hours of the groups, dealt to their people; who is booked on a request today keeps it where possible."""
    from dashboard.metrics.support import allocation_program as program

    weeks = problem.requests["weeks"].to_numpy(dtype=np.int64)
    already = set(zip(problem.booked["person"], problem.booked["request"], strict=True))
    dealt: list[tuple[int, int, int, int]] = []
    for group, members in enumerate(problem.groups["members"]):
        wanted = [(request, hours) for (of, request), hours in solution.hours.items() if of == group]
        dealt += program.deal(wanted, weeks, members, problem.capacity, already)
    return Plan.of(problem, dealt)


# --- the two plans it is compared with ----------------------------------------------------------------


def first_come(problem: Problem, most_favoured: float = 0.0) -> Plan:
    """Requests in the order they were made (of one day: of their keys), each served as fully as is still possible by
    the first people who may, in the order of their keys, in the earliest weeks.

    Where this would break the tilt, the others are served only as far as its share allows, and wait for those favoured
    that come after them; they have the rest once the favoured have all that they can be given (`most_favoured`, hours).
    """
    order = problem.requests.reset_index(drop=True).sort_values(["requested_on", "request_id"]).index.tolist()
    favoured = problem.requests["is_subsistence"].to_numpy(dtype=bool)
    most = round(most_favoured * HOUR_PARTS) - 1
    served = _Served(problem)
    for request in order:
        served.give(request)
    ours = served.hours[favoured].sum()
    if ours >= problem.tilt * served.hours.sum() or ours >= most:
        return Plan.of(problem, served.dealt)
    served, waiting = _Served(problem), []
    for request in order:
        if favoured[request]:
            served.give(request)
        else:
            waiting.append(request)
        _serve_others(served, waiting, favoured, problem.tilt)
    if served.hours[favoured].sum() >= most:
        for request in waiting:
            served.give(request)
    return Plan.of(problem, served.dealt)


def _serve_others(served: "_Served", waiting: list[int], favoured: np.ndarray, tilt: float) -> None:
    """Serves who waits, as far as the tilt allows with what the favoured have by now; the rest stays in the list."""
    ours = int(served.hours[favoured].sum())
    allowed = math.floor(ours * (1 - tilt) / tilt) - int(served.hours[~favoured].sum())
    while waiting and allowed > 0:
        given = served.give(waiting[0], allowed)
        allowed -= given
        if allowed > 0:  # as fully as is still possible
            waiting.pop(0)


class _Served:
    """Requests served one after the other: the hours given to each, and what each person has left per week."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.hours = np.zeros(len(problem.requests), dtype=np.int64)
        self.dealt: list[tuple[int, int, int, int]] = []
        self._left = problem.capacity.copy()
        self._wanted = problem.requests["hours"].to_numpy(dtype=np.int64)
        self._weeks = problem.requests["weeks"].to_numpy(dtype=np.int64)

    def give(self, request: int, most: int | None = None) -> int:
        """Serves a request as fully as is possible, or up to `most`; says how much it got (millionths)."""
        wanted = self._wanted[request] - self.hours[request]
        wanted = wanted if most is None else min(wanted, most)
        may = np.flatnonzero(np.isin(self.problem.group_of, self.problem.eligible[request]))
        slots = self._left[may, : self._weeks[request]]
        before = np.cumsum(slots.ravel()) - slots.ravel()
        taken = np.clip(wanted - before, 0, slots.ravel()).reshape(slots.shape)
        self._left[may, : self._weeks[request]] -= taken
        person, week = np.nonzero(taken)
        self.dealt += [(may[p], request, w, taken[p, w]) for p, w in zip(person.tolist(), week.tolist(), strict=True)]
        self.hours[request] += taken.sum()
        return int(taken.sum())


def todays_bookings(problem: Problem) -> Plan:
    """What today's bookings that may be changed really give: in weeks where more is booked than there is, each booking
    its part of it; nothing after the deadline; at most what the request still wants, the earliest weeks first. Who is
    booked without the skill or the reach works all the same."""
    booked = problem.booked.sort_values(["week", "request", "person"])
    person, request, week = (booked[name].to_numpy(dtype=int) for name in ("person", "request", "week"))
    together = np.zeros_like(problem.capacity)
    np.add.at(together, (person, week), booked["hours"].to_numpy(dtype=np.int64))
    there, asked = problem.capacity[person, week], together[person, week]
    # Python's integers: hours × hours would overflow, and a float may round up.
    parts_of = [
        hours if some <= enough else hours * enough // some
        for hours, enough, some in zip(booked["hours"].tolist(), there.tolist(), asked.tolist(), strict=True)
    ]
    wanted, weeks = (problem.requests[name].to_numpy(dtype=np.int64).copy() for name in ("hours", "weeks"))
    dealt = []
    for one, hours in enumerate(parts_of):
        if request[one] < 0 or week[one] >= weeks[request[one]]:
            continue
        given = min(hours, int(wanted[request[one]]))
        if given > 0:
            wanted[request[one]] -= given
            dealt.append((person[one], request[one], week[one], given))
    return Plan.of(problem, dealt)
