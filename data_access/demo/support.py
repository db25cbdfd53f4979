"""Support people, what they were asked for, when they were booked, and when they were away."""

import numpy as np
import pandas as pd

from . import names
from .deals import LARGE
from .forms import FAR, NEVER, frame, iso, keys, monday, picked, spread
from .organisation import UNITS, picked_ids

KINDS = ("presales", "expert", "solution", "delivery", "lab", "budget")
_ASKED = np.array([0.32, 0.15, 0.24, 0.14, 0.09, 0.06])  # share of requests, and so of the people
_HOURLY_COST = np.array([260, 420, 320, 240, 150, 100])
_SKILLS = (
    ("演示 Demo", "标书 Bid", "报价 Pricing"),
    ("安全 Security", "数据 Data", "工控 Automation"),
    ("上云 Cloud", "治理 Governance", "集成 Integration"),
    ("实施 Rollout", "培训 Training"),
    ("环境 Test bed",),
    ("试点经费 Pilot budget",),
)
_WEEKS_AHEAD = 8


def frames(rng, plan, organisation, deals, history):
    """support_person, support_request, support_booking, support_absence."""
    people = _people(rng, plan)
    requests = _requests(rng, plan, deals)
    return {
        "support_person": _person_file(organisation, people, names.people(rng, len(people))),
        "support_request": frame(
            request_id=keys("Q", np.arange(len(requests)), 6),
            opportunity_id=keys("D", requests["deal"], 6),
            kind=picked(KINDS, requests["kind"]),
            skill=_skill_names(requests["kind"], requests["skill"]),
            hours=requests["hours"].to_numpy(dtype=float),
            priority=requests["priority"].to_numpy(),
            requested_on=iso(requests["requested"]),
            needed_by=iso(requests["needed"]),
            decided_on=iso(requests["decided"]),
            decision=picked(("granted", "declined", "withdrawn"), requests["decision"]),
        ),
        "support_booking": _bookings(rng, plan, organisation, people, deals, requests),
        "support_absence": _absences(rng, plan, people),
    }


def _people(rng, plan):
    """Everybody of one kind after another; at least two of each. A region of -1: the group's own."""
    n = np.maximum(2, np.round(_ASKED * plan.supporters)).astype(int)
    kind = np.repeat(np.arange(len(KINDS)), n)
    unit = np.concatenate([np.arange(count) % len(UNITS) for count in n])
    any_reach = rng.random(len(kind)) < np.where(np.isin(kind, (1, 4, 5)), 0.8, 0.3)
    joined = np.where(rng.random(len(kind)) < 0.3, plan.first_day + rng.integers(30, 800, len(kind)), NEVER)
    first = np.concatenate([[0], np.cumsum(n)[:-1]])
    joined[first], any_reach[first] = NEVER, True  # one of each kind has always been there, for all
    left = np.where(rng.random(len(kind)) < 0.05, plan.until - rng.integers(30, 300, len(kind)), NEVER)
    left[first] = NEVER
    left[n[0] - 1] = plan.until - 100  # and the last of the presales people has left, in every demo
    left = np.where(left <= joined, NEVER, left)
    hours = np.where(np.isin(kind, (4, 5)), 60, np.where(rng.random(len(kind)) < 0.1, 24, 40))
    skill = (rng.random(len(kind)) * np.array([len(s) for s in _SKILLS])[kind]).astype(int)
    return pd.DataFrame(
        {
            "kind": kind,
            "unit": unit,
            "any": any_reach,
            "joined": joined,
            "left": left,
            "hours": hours,
            "skill": skill,
        }
    )


def _person_file(organisation, people, person_names):
    kind = people["kind"].to_numpy()
    number = people.groupby("kind").cumcount() + 1
    pools = {4: "实验室 Lab", 5: "经费池 Budget pool"}
    name = [
        f"{pools[k]} {i}" if k in pools else person for k, i, person in zip(kind, number, person_names, strict=True)
    ]
    second = (people["skill"] + 1) % np.array([len(s) for s in _SKILLS])[kind]
    own, other = _skill_names(kind, people["skill"]), _skill_names(kind, second)
    return frame(
        resource_id=keys("S", np.arange(len(people)), 4),
        name=name,
        kind=picked(KINDS, kind),
        region_id=picked_ids(organisation.region_ids, people["unit"] + 1),
        reach=np.where(people["any"], "any", "own"),
        weekly_hours=people["hours"].to_numpy(dtype=float),
        hourly_cost=_HOURLY_COST[kind],
        # several skills are told apart by a semicolon
        skills=[a if a == b else f"{a};{b}" for a, b in zip(own, other, strict=True)],
        active_from=iso(people["joined"]),
        active_to=iso(people["left"]),
    )


def _skill_names(kinds, skills):
    """The skill of each kind by number; None where it is negative."""
    return [_SKILLS[k][s] if s >= 0 else None for k, s in zip(kinds, skills, strict=True)]


def _requests(rng, plan, deals):
    """Most large deals ask two or three times, few fast ones once. The latest are often undecided."""
    large = deals.track == LARGE
    times = np.where(large, rng.binomial(4, 0.5, len(large)), rng.random(len(large)) < 0.14)
    deal = np.repeat(np.arange(len(large)), times)
    alive_to = np.minimum(deals.closes, plan.until + 1)
    n = len(deal)
    requested = np.floor(deals.created[deal] + rng.beta(1.1, 2, n) * (alive_to - deals.created)[deal]).astype("int64")
    needed = requested + rng.integers(12, 60, n)
    kind = spread(rng, _ASKED, n)
    skill = (rng.random(n) * np.array([len(s) for s in _SKILLS])[kind]).astype(int)
    hours = np.maximum(4, np.round(rng.lognormal(np.log(np.where(large[deal], 31, 14)), 0.55) / 2) * 2)
    decided = requested + 1 + rng.gamma(1.3, 5, n).astype("int64")
    decision = spread(rng, (74, 13, 9, 4), n)  # the last: nobody ever decided
    open_ = (decision == 3) | (decided > plan.until)
    rows = pd.DataFrame(
        {
            "deal": deal,
            "kind": kind,
            "skill": np.where(rng.random(n) < 0.55, skill, -1),
            "hours": hours,
            "priority": 1 + spread(rng, (25, 50, 25), n),
            "requested": requested,
            "needed": np.where(rng.random(n) < 0.95, needed, NEVER),
            "decided": np.where(open_, NEVER, decided),
            "decision": np.where(open_, -1, decision),
        }
    )
    return rows.sort_values("requested", kind="stable", ignore_index=True)


def _bookings(rng, plan, organisation, people, deals, requests):
    """Granted hours over the weeks after the decision; one in five starts late, some are cut short."""
    granted = requests[requests["decision"] == 0]
    resource = _assigned(rng, organisation, people, deals, granted)
    start = monday(granted["decided"].to_numpy() + 4 + np.where(rng.random(len(granted)) < 0.2, 21, 0))
    weeks = np.clip(np.ceil(granted["hours"].to_numpy() / 9), 1, 7).astype(int)
    row = np.repeat(np.arange(len(granted)), weeks)
    number = np.arange(len(row)) - np.repeat(np.cumsum(weeks) - weeks, weeks)
    week = start[row] + 7 * number
    hours = np.round((granted["hours"].to_numpy() / weeks)[row] * rng.uniform(0.9, 1.15, len(row)), 1)
    person = resource[row]
    left = people["left"].to_numpy()[person]
    ends = np.where(left == NEVER, FAR, left)
    kept = (week <= monday(plan.until) + 7 * _WEEKS_AHEAD) & (week + 6 <= ends)
    row, week, hours, person = row[kept], week[kept], hours[kept], person[kept]
    past = week + 6 <= plan.until
    return frame(
        resource_id=keys("S", person, 4),
        opportunity_id=keys("D", granted["deal"].to_numpy()[row], 6),
        week=iso(week),
        hours=hours,
        request_id=keys("Q", granted.index.to_numpy()[row], 6),
        locked=~past & (rng.random(len(row)) < 0.3),
        done=past & (rng.random(len(row)) < 0.96),
    )


def _assigned(rng, organisation, people, deals, granted):
    """Somebody of the kind who is there then: of the deal's unit, or with a reach beyond their own."""
    chosen = np.full(len(granted), -1)
    unit = organisation.unit_of[deals.office[granted["deal"].to_numpy()]]
    kind, day = granted["kind"].to_numpy(), granted["decided"].to_numpy()
    for k in range(len(KINDS)):
        asked = np.flatnonzero(kind == k)
        who = people[people["kind"] == k]
        joined, left = who["joined"].to_numpy(), who["left"].to_numpy()
        there = (joined <= day[asked, None]) & ((left == NEVER) | (left > day[asked, None] + 28))
        near = who["unit"].to_numpy() == unit[asked, None]
        luck = rng.gumbel(size=there.shape) + 0.6 * near + np.log(who["hours"].to_numpy())
        luck = np.where(there & (near | who["any"].to_numpy()), luck, -np.inf)
        chosen[asked] = who.index.to_numpy()[luck.argmax(axis=1)]
    return chosen


def _absences(rng, plan, people):
    """Holidays and training: about five weeks a year, the coming eight included."""
    weeks = np.arange(monday(plan.first_day), monday(plan.until) + 7 * _WEEKS_AHEAD + 1, 7)
    away = rng.random((len(people), len(weeks))) < 0.1
    away[people["kind"].isin((4, 5)).to_numpy()] &= rng.random((1, len(weeks))) < 0.3
    person, week = np.nonzero(away)
    part = np.array([0.2, 0.4, 1.0])[spread(rng, (35, 25, 40), len(person))]
    return frame(
        resource_id=keys("S", person, 4),
        week=iso(weeks[week]),
        hours=np.round(people["hours"].to_numpy()[person] * part, 1),
    )
