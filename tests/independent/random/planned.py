"""Random organisations with much to allocate around one day: people with skills and reach, absences, requests of all
kinds, and bookings, some of them locked."""

from datetime import date, timedelta
from random import Random

from tests.independent.random.organisations import REGIONS, Tables, organisation

AS_OF = date(2026, 6, 17)  # a Wednesday
KINDS = ("presales", "expert")


def planned_organisation(seed: int) -> Tables:
    random = Random(seed + 70_000)
    tables = organisation(seed)
    open_ = [deal["opportunity_id"] for deal in tables["opportunity"] if not deal.get("closed_on")]
    deals = 3 * open_ + [deal["opportunity_id"] for deal in tables["opportunity"]]
    for deal in tables["opportunity"]:
        worth = f"{random.randint(0, 90_000)}.{random.randint(0, 99):02}"
        deal["gross_margin"] = random.choice(("", "-12.35", worth, worth, worth, worth))
    people = [_person(random, f"s{number}") for number in range(random.randint(2, 6))]
    requests = [_request(random, f"q{number:02}", deals) for number in range(random.randint(20, 60))]
    return tables | {
        "support_person": people,
        "support_request": requests,
        "support_booking": _bookings(random, people, requests, deals),
        "support_absence": [
            {"resource_id": one["resource_id"], "week": _week(number), "hours": random.choice((8, "12.5", 60))}
            for one in people
            for number in random.sample(range(-1, 10), 3)
        ],
    }


def _week(number: int) -> date:
    """A Monday; 0 is the first coming one."""
    return date(2026, 6, 22) + timedelta(days=7 * number)


def _person(random: Random, key: str) -> dict:
    return {
        "resource_id": key,
        "name": f"Person {key}",
        "kind": random.choice(KINDS),
        "region_id": random.choice(("", *REGIONS)),
        "reach": random.choice(("", "own", "any")),
        "weekly_hours": random.choice((4, "7.5", 20)),
        "skills": random.choice(("", "a", "a;b", "b; c")),
        "active_from": random.choice(("", "", "2026-07-08")),
        "active_to": random.choice(("", "", "2026-07-20", "2026-08-02")),
    }


def _request(random: Random, key: str, deals: list[str]) -> dict:
    requested = AS_OF + timedelta(days=random.randint(-40, 3))
    decision = random.choice(("", "", "granted", "granted", "declined", "withdrawn"))
    return {
        "request_id": key,
        "opportunity_id": random.choice(deals),
        "kind": random.choice(KINDS),
        "skill": random.choice(("", "", "a", "c")),
        "hours": random.choice((4, 8, "10.5", 30)),
        "priority": random.choice(("", 1, 2, 3)),
        "requested_on": requested,
        "needed_by": random.choice(("", requested + timedelta(days=random.randint(0, 90)))),
        "decided_on": random.choice(("", requested + timedelta(days=random.randint(0, 9)))) if decision else "",
        "decision": decision,
    }


def _bookings(random: Random, people: list[dict], requests: list[dict], deals: list[str]) -> list[dict]:
    rows = {}
    for _ in range(random.randint(20, 80)):
        request = random.choice((None, *requests))
        deal = request["opportunity_id"] if request else random.choice(deals)
        key = (random.choice(people)["resource_id"], deal, _week(random.randint(-5, 9)))
        rows[*key, request["request_id"] if request else ""] = {
            "hours": random.choice((1, "2.3", 4, 0)),
            "locked": random.choice(("", "true", "false")),
        }
    names = ("resource_id", "opportunity_id", "week", "request_id")
    return [dict(zip(names, key, strict=True)) | row for key, row in rows.items()]
