"""Support people, what they were asked for, when they were booked, and when they were away."""

import numpy as np
import pandas as pd

from ..schema import LEFT_OUT_REASONS
from . import names
from .catalogue import STAGE_KINDS
from .deals import LARGE, LOSS_REASONS
from .forms import FAR, NEVER, frame, iso, keys, monday, picked, spread
from .histories import stage_on
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
_GRANTED, _WITHDRAWN = 0, 2

UPLIFTS = {"presales": 0.35, "expert": 0.2, "solution": 0.25, "delivery": 0.1, "lab": 0.0, "budget": 0.15}
"""The planted truth: the share of its chance that a deal would lose without the support it got in time."""
_LEAST_MET, _MET_BY_CHANCE = 0.15, 0.75  # share of requests met: the better a deal, the more often


def frames(rng, planting, plan, organisation, deals, history):
    """support_person, support_request, support_booking, support_absence. `planting` is the luck of who is met in time,
    apart from the rest."""
    people = _people(rng, plan)
    requests = _requests(rng, plan, deals)
    person_names = names.people(rng, len(people))
    bookings = _bookings(rng, plan, organisation, people, deals, requests)
    absences = _absences(rng, plan, people)
    requests, bookings = _planted(planting, organisation, people, deals, history, requests, bookings)
    return {
        "support_person": _person_file(organisation, people, person_names),
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
        "support_booking": _booking_file(deals, requests, bookings),
        "support_absence": absences,
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
    """Granted hours over the weeks after the decision; one in five starts late, some are cut short. One row per
    request (its row), person and week."""
    granted = requests[requests["decision"] == _GRANTED]
    day = granted["decided"].to_numpy()
    resource = _assigned(rng, organisation, people, deals, granted, day, day)
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
        request=granted.index.to_numpy()[row],
        person=person,
        week=week,
        hours=hours,
        locked=~past & (rng.random(len(row)) < 0.3),
        done=past & (rng.random(len(row)) < 0.96),
    )


def _booking_file(deals, requests, bookings):
    return frame(
        resource_id=keys("S", bookings["person"], 4),
        opportunity_id=keys("D", requests["deal"].to_numpy()[bookings["request"]], 6),
        week=iso(bookings["week"]),
        hours=bookings["hours"],
        request_id=keys("Q", bookings["request"], 6),
        locked=bookings["locked"],
        done=bookings["done"],
    )


def _planted(rng, organisation, people, deals, history, requests, bookings):
    """Requests and bookings, changed so that support helps as UPLIFTS says.

    The deals' ends are given, so it is drawn backwards who was met: of requests whose deal was open on the needed day
    and has ended, the won ones' the more often. Inside track and stage of that day the share won of those not met is
    then 1 − uplift of that of those met; over all stages it is lower still, for better deals are met more often.
    """
    judged, won, stage = _judged(deals, history, requests)
    hours_in_time = _in_time(requests, bookings)
    is_met = ((requests["decision"] == _GRANTED) & (hours_in_time >= requests["hours"])).to_numpy()
    chance = np.bincount(stage[judged], won[judged]) / np.maximum(np.bincount(stage[judged]), 1)
    chance = chance[stage[judged]]
    share_met = _LEAST_MET + _MET_BY_CHANCE * chance
    without = 1 - np.array([UPLIFTS[kind] for kind in KINDS])[requests["kind"].to_numpy()[judged]]
    won_if_met = np.minimum(chance / (share_met + (1 - share_met) * without), 1)
    with np.errstate(divide="ignore", invalid="ignore"):  # nobody of the stage won, or everybody
        met_of_won, met_of_lost = share_met * won_if_met / chance, share_met * (1 - won_if_met) / (1 - chance)
    shall = rng.random(len(judged)) < np.where(won[judged], met_of_won, met_of_lost)
    helped, failed = judged[shall & ~is_met[judged]], judged[~shall & is_met[judged]]
    bookings = bookings.copy()
    cut = bookings["request"].isin(failed).to_numpy()
    bookings.loc[cut, "hours"] = np.round(bookings["hours"][cut] * rng.uniform(0.5, 0.8, cut.sum()), 1)
    requests, more = _met_in_time(rng, organisation, people, deals, requests, helped)
    kept = bookings[~bookings["request"].isin(helped)]
    together = pd.concat([kept, more], ignore_index=True)
    return requests, together.sort_values(["request", "week"], kind="stable", ignore_index=True)


def _judged(deals, history, requests):
    """The requests (rows) whose deal was open at the end of the needed day and has ended since, withdrawn ones and
    losses that are left out aside; and of every request whether its deal is won, and the stage of the needed day."""
    deal, needed = requests["deal"].to_numpy(), requests["needed"].to_numpy()
    is_dated = needed != NEVER
    stage = stage_on(history, deal, np.where(is_dated, needed, deals.created[deal].astype("int64") + 1))
    outcome = history.now["outcome"].to_numpy()[deal]
    left_out = [LOSS_REASONS.index(reason) for reason in LEFT_OUT_REASONS]
    is_counted = (outcome == "won") | ((outcome == "lost") & ~np.isin(deals.loss_reason[deal], left_out))
    is_open = picked(STAGE_KINDS, stage) == "open"
    is_asked = (requests["decision"] != _WITHDRAWN).to_numpy()
    return np.flatnonzero(is_dated & is_counted & is_open & is_asked), outcome == "won", stage


def _in_time(requests, bookings):
    """The hours booked by each request's needed day."""
    in_time = bookings["week"].to_numpy() <= requests["needed"].to_numpy()[bookings["request"]]
    return np.bincount(bookings["request"][in_time], bookings["hours"][in_time], len(requests))


def _met_in_time(rng, organisation, people, deals, requests, helped):
    """The requests with those of `helped` granted soon; and bookings that meet them, in the last weeks before they are
    needed."""
    rows = requests.loc[helped]
    decided = rows["requested"].to_numpy() + 1 + rng.integers(0, 3, len(rows))
    needed = rows["needed"].to_numpy()
    last = monday(needed)
    room = (last - monday(decided)) // 7
    weeks = np.clip(np.ceil(rows["hours"].to_numpy() / 9).astype(int), 1, np.maximum(room, 1))
    row = np.repeat(np.arange(len(rows)), weeks)
    number = np.arange(len(row)) - np.repeat(np.cumsum(weeks) - weeks, weeks)
    person = _assigned(rng, organisation, people, deals, rows, decided, needed)
    hours = np.ceil((rows["hours"].to_numpy() / weeks)[row] * rng.uniform(1, 1.1, len(row)) * 10) / 10
    more = frame(
        request=helped[row],
        person=person[row],
        week=last[row] - 7 * (weeks[row] - 1 - number),
        hours=hours,
        locked=False,
        done=rng.random(len(row)) < 0.96,
    )
    requests = requests.copy()
    requests.loc[helped, "decided"] = decided
    requests.loc[helped, "decision"] = _GRANTED
    return requests, more


def _assigned(rng, organisation, people, deals, granted, since, until):
    """Somebody of the kind who is there from one day to four weeks after another: of the deal's unit, or with a reach
    beyond their own."""
    chosen = np.full(len(granted), -1)
    unit = organisation.unit_of[deals.office[granted["deal"].to_numpy()]]
    kind = granted["kind"].to_numpy()
    for k in range(len(KINDS)):
        asked = np.flatnonzero(kind == k)
        who = people[people["kind"] == k]
        joined, left = who["joined"].to_numpy(), who["left"].to_numpy()
        there = (joined <= since[asked, None]) & ((left == NEVER) | (left > until[asked, None] + 28))
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
