"""Random organisations whose deals are supported: people, requests, bookings, absences, activities and their costs.

Coarse numbers, so that hours just suffice, days coincide and halves of a cent occur; some costs are missing.
"""

from datetime import date, timedelta
from random import Random

from tests.independent.random.histories import FIRST_DAY, LAST_DAY
from tests.independent.random.organisations import REGIONS, REPS, Tables, organisation, random_day

KINDS = ("presales", "expert", "lab")
DONE = ("call", "visit", "other")


def supported_organisation(seed: int) -> Tables:
    random = Random(seed + 40_000)
    tables = organisation(seed)
    deals = [deal["opportunity_id"] for deal in tables["opportunity"]]
    for deal in tables["opportunity"]:
        deal["gross_margin"] = random.choice(("", "-12.35", f"{random.randint(0, 9_000)}.{random.randint(0, 99):02}"))
    people = [_person(random, f"s{number}") for number in range(random.randint(1, 7))]
    requests = [_request(random, f"q{number:02}", deals) for number in range(random.randint(5, 40))]
    return tables | {
        "support_person": people,
        "support_request": requests,
        "support_booking": _bookings(random, people, requests, deals),
        "support_absence": [
            {"resource_id": one["resource_id"], "week": week, "hours": random.choice((8, "12.5", 40, 70))}
            for one in people
            for week in {_monday(random) for _ in range(random.choice((0, 3, 12)))}
        ],
        "activity": [_activity(random, f"v{number:03}", deals) for number in range(random.randint(20, 120))],
        "activity_cost": _activity_costs(random),
    }


def _monday(random: Random) -> date:
    day = random_day(random, FIRST_DAY, LAST_DAY + timedelta(days=60))
    return day - timedelta(days=day.weekday())


def _person(random: Random, key: str) -> dict:
    starts = random.choice(("", "", random_day(random, FIRST_DAY, LAST_DAY)))
    ends = random.choice(("", "", random_day(random, starts or FIRST_DAY, LAST_DAY)))
    return {
        "resource_id": key,
        "name": f"Person {key}",
        "kind": random.choice(KINDS),
        "region_id": random.choice(("", *REGIONS)),
        "weekly_hours": random.choice((0, 20, "37.5", 40)),
        "hourly_cost": random.choice(("", "123.45", "300", "0.01")),
        "active_from": starts,
        "active_to": ends,
    }


def _request(random: Random, key: str, deals: list[str]) -> dict:
    requested = random_day(random, FIRST_DAY, LAST_DAY)
    decision = random.choice(("", "granted", "granted", "declined", "withdrawn"))
    decided = random.choice((requested, random_day(random, requested, LAST_DAY), ""))
    return {
        "request_id": key,
        "opportunity_id": random.choice(deals),
        "kind": random.choice(KINDS),
        "hours": random.choice((4, 8, "10.5", 30)),
        "requested_on": requested,
        "needed_by": random.choice(("", random_day(random, requested, requested + timedelta(days=70)))),
        "decided_on": decided if decision else "",
        "decision": decision,
    }


def _bookings(random: Random, people: list[dict], requests: list[dict], deals: list[str]) -> list[dict]:
    rows = {}
    for _ in range(random.randint(10, 150)):
        request = random.choice((None, *requests))
        person, week = random.choice(people)["resource_id"], _monday(random)
        if request and request["needed_by"] and random.random() < 0.7:
            week = request["needed_by"] - timedelta(days=request["needed_by"].weekday() + random.choice((-7, 0, 7)))
        deal = request["opportunity_id"] if request else random.choice(deals)
        key = (person, deal, week, request["request_id"] if request else "")
        rows[key] = dict(zip(("resource_id", "opportunity_id", "week", "request_id"), key, strict=True)) | {
            "hours": random.choice((4, "5.3", 8, "10.5", 30, 0)),
            "done": random.choice(("", "true", "false")),
            "booked_on": random.choice(("", *(min(week + timedelta(days=days), LAST_DAY) for days in (-30, 0, 20)))),
        }
    return list(rows.values())


def _activity(random: Random, key: str, deals: list[str]) -> dict:
    completed = random.choice(("", random_day(random, FIRST_DAY, LAST_DAY)))
    clock = random.choice(("", "T00:00:00", "T23:59:59"))
    return {
        "activity_id": key,
        "rep_id": random.choice(REPS),
        "opportunity_id": random.choice(("", *deals)),
        "kind": random.choice(DONE[:2] if random.random() < 0.97 else DONE),
        "completed_at": f"{completed}{clock}" if completed else "",
        "minutes": random.choice(("", 1, 7, 45)),
    }


def _activity_costs(random: Random) -> list[dict]:
    """A call costs less or more from a day on; `other` often has no cost at all."""
    kinds = DONE if random.random() < 0.5 else DONE[:2]
    return [
        {"kind": kind, "valid_from": day, "hourly_cost": random.choice(("100", "33.33", "0.3")), "default_minutes": 25}
        for kind in kinds
        for day in {FIRST_DAY - timedelta(days=400), random_day(random, FIRST_DAY, LAST_DAY)}
    ]
