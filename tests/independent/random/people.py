"""What reps do, added to a random organisation: leads, assignments, and activities of every sort.

Done late, early, never; planned and moved; cancelled; with nobody named, or only a deal or a lead; by somebody else
than the owner; before a rep was hired and after they left.
"""

from datetime import date, datetime, time, timedelta
from random import Random

from tests.independent.random.histories import FIRST_DAY, LAST_DAY
from tests.independent.random.organisations import REGIONS, REPS, Tables, organisation, random_day

KINDS = ("call", "email", "meeting", "visit", "demo", "proposal", "other")
ORIGINS = ("plan", "assigned", "collaboration", "care")


def busy_organisation(seed: int) -> Tables:
    """A random organisation whose reps do something."""
    random = Random(seed + 50_000)
    tables = organisation(seed)
    accounts = [row["account_id"] for row in tables["account"]]
    deals = [row["opportunity_id"] for row in tables["opportunity"]]
    tables["account"] = [row | {"owner_id": random.choice(("", *REPS))} for row in tables["account"]]
    tables["lead"] = [_lead(random, number, accounts) for number in range(12)]
    leads = [row["lead_id"] for row in tables["lead"]]
    tables["rep"] = [_with_leaving(random, row) for row in tables["rep"]]
    tables["assignment"] = [row for account in accounts for row in _assignments(random, account)]
    tables["activity"] = [_activity(random, f"t{n:03}", accounts, deals, leads) for n in range(random.randint(0, 400))]
    return tables


def _with_leaving(random: Random, rep: dict) -> dict:
    hired_on = date.fromisoformat(rep["hired_on"]) if rep["hired_on"] else FIRST_DAY
    return rep | {"left_on": random.choice(("", "", str(random_day(random, hired_on, LAST_DAY))))}


def _lead(random: Random, number: int, accounts: list[str]) -> dict:
    return {
        "lead_id": f"l{number:02}",
        "source": random.choice(("", "fair", "web form")),
        "owner_id": random.choice(("", *REPS)),
        "region_id": random.choice(("", *REGIONS)),
        "account_id": random.choice(("", *accounts)),
        "created_on": str(random_day(random, FIRST_DAY, LAST_DAY)),
    }


def _assignments(random: Random, account: str) -> list[dict]:
    """Owners one after the other, perhaps with a gap, perhaps the public pool; and somebody in another role."""
    days = sorted({random_day(random, FIRST_DAY, LAST_DAY) for _ in range(random.choice((0, 0, 1, 2, 4)))})
    rows = []
    for start, following in zip(days, [*days[1:], None], strict=False):
        end = random.choice((following, following, start + timedelta(days=9)))
        if following is not None and (end is None or end > following):
            end = following
        rows.append(_assignment(account, "owner", random.choice(("", *REPS)), start, end))
    if random.random() < 0.3:
        begun = random_day(random, FIRST_DAY, LAST_DAY)
        rows.append(_assignment(account, "director", random.choice(REPS), begun, None))
    return rows


def _assignment(account: str, role: str, rep: str, start: date, end: date | None) -> dict:
    return {
        "subject_kind": "account",
        "subject_id": account,
        "role": role,
        "rep_id": rep,
        "from_on": str(start),
        "to_on": "" if end is None else str(end),
    }


def _activity(random: Random, key: str, accounts: list[str], deals: list[str], leads: list[str]) -> dict:
    planned = random_day(random, FIRST_DAY, LAST_DAY + timedelta(days=30))
    first_planned = planned - timedelta(days=random.choice((0, 3, 40)))
    done = min(planned + timedelta(days=random.choice((-4, 0, 0, 2, 60))), LAST_DAY)
    is_planned, is_moved = random.random() < 0.8, random.random() < 0.5
    entered = random.choice((FIRST_DAY, FIRST_DAY, first_planned - timedelta(days=9), done, done + timedelta(days=30)))
    is_done = not is_planned or random.random() < 0.7
    is_cancelled = not is_done and random.random() < 0.4
    return {
        "activity_id": key,
        "rep_id": random.choice(REPS),
        "account_id": random.choice(("", "", *accounts)),
        "opportunity_id": random.choice(("", random.choice(deals))),
        "lead_id": random.choice(("", "", random.choice(leads))),
        "kind": random.choice(KINDS),
        "origin": random.choice(("", "", *ORIGINS)),
        "two_way": random.choice(("", "true", "false")),
        "created_on": str(min(entered, LAST_DAY)) if random.random() < 0.7 else "",
        "planned_on": str(planned) if is_planned else "",
        "first_planned_on": str(first_planned) if is_planned and is_moved else "",
        "completed_at": str(datetime.combine(done, time(random.choice((0, 23)), 59))) if is_done else "",
        "cancelled_on": str(random_day(random, FIRST_DAY, LAST_DAY)) if is_cancelled else "",
        "minutes": random.choice(("", "30")),
        "result": random.choice(("", "next meeting set")),
    }
