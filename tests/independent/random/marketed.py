"""A random organisation with a market: leads that come to something or nothing, what they cost, and accounts that
several work on or nobody looks after."""

from datetime import date, timedelta
from random import Random

from tests.independent.random.histories import FIRST_DAY, LAST_DAY
from tests.independent.random.organisations import REGIONS, REPS, Tables, random_day
from tests.independent.random.people import busy_organisation

SOURCES = ("", "fair", "web form", "talk")


def marketed_organisation(seed: int) -> Tables:
    """`busy_organisation` with leads of every fate, marketing cost, regions and directors of accounts, fill-ins."""
    random = Random(seed + 60_000)
    tables = busy_organisation(seed)
    tables["account"] = [_account(random, row) for row in tables["account"]]
    accounts = [row["account_id"] for row in tables["account"]]
    deals = [row["opportunity_id"] for row in tables["opportunity"]]
    tables["opportunity"] = [_with_margin(random, row) for row in tables["opportunity"]]
    tables["lead"] += [_lead(random, f"m{number:03}", accounts, deals) for number in range(random.randint(0, 120))]
    tables["assignment"] += [row for account in accounts for row in _fill_ins(random, account)]
    tables["assignment"] += [row for lead in tables["lead"][::2] for row in _holders(random, lead)]
    tables["activity"] = [_lately(random, row) for row in tables["activity"]]
    tables["marketing_cost"] = _costs(random)
    return tables


def _account(random: Random, account: dict) -> dict:
    return account | {
        "region_id": random.choice(("", *REGIONS)),
        "key_account_director_id": random.choice(("", "", *REPS)),
        "created_on": random.choice(("", str(random_day(random, FIRST_DAY, LAST_DAY)))),
    }


def _with_margin(random: Random, deal: dict) -> dict:
    return deal | {"gross_margin": random.choice(("", f"{random.randint(-900, 90_000)}.5", "1200"))}


def _lead(random: Random, key: str, accounts: list[str], deals: list[str]) -> dict:
    """Dates in any order, some of them after others that should follow; a deal without a conversion, and without."""
    created = random_day(random, FIRST_DAY, LAST_DAY)

    def later(chance: float) -> str:
        return str(random_day(random, created, LAST_DAY)) if random.random() < chance else ""

    return {
        "lead_id": key,
        "source": random.choice(SOURCES),
        "campaign": random.choice(("", "spring", "autumn")),
        "owner_id": random.choice(("", *REPS)),
        "region_id": random.choice(("", "", *REGIONS)),
        "account_id": random.choice(("", *accounts)),
        "created_on": str(created),
        "qualified_on": later(0.5),
        "accepted_on": later(0.3),
        "converted_on": later(0.3),
        "opportunity_id": random.choice(("", "", random.choice(deals))),
        "disqualified_on": later(0.4),
    }


def _fill_ins(random: Random, account: str) -> list[dict]:
    if random.random() < 0.6:
        return []
    begun = random_day(random, LAST_DAY - timedelta(days=300), LAST_DAY)
    end = random.choice(("", str(begun + timedelta(days=random.randint(1, 90)))))
    return [
        {
            "subject_kind": "account",
            "subject_id": account,
            "role": "fill_in",
            "rep_id": random.choice(REPS),
            "from_on": str(begun),
            "to_on": end,
        }
    ]


def _holders(random: Random, lead: dict) -> list[dict]:
    """Who had a lead, one after the other: a rep, or the public pool."""
    days = sorted({random_day(random, FIRST_DAY, LAST_DAY) for _ in range(random.randint(1, 4))})
    return [
        {
            "subject_kind": "lead",
            "subject_id": lead["lead_id"],
            "role": "owner",
            "rep_id": random.choice(("", "", *REPS)),
            "from_on": str(day),
            "to_on": str(end) if end else "",
        }
        for day, end in zip(days, [*days[1:], None], strict=True)
    ]


def _lately(random: Random, activity: dict) -> dict:
    """Half of what is done is done shortly before the last day, so that there is something to contest."""
    if not activity["completed_at"] or random.random() < 0.5:
        return activity
    return activity | {"completed_at": str(random_day(random, LAST_DAY - timedelta(days=100), LAST_DAY))}


def _costs(random: Random) -> list[dict]:
    """From a month on for each source; in one organisation of five nothing is known."""
    if random.random() < 0.2:
        return []
    rows = []
    for source in SOURCES[1:]:
        regions = random.choice((("",), ("", "north"), tuple(random.sample(list(REGIONS), 2))))
        first = random.choice((0, 0, 0, 3, 9))
        for month in range(first, 26):
            for region in regions:
                if random.random() < 0.95:
                    rows.append(_cost(random, source, date(2024 + (month + 9) // 12, (month + 9) % 12 + 1, 1), region))
    return rows


def _cost(random: Random, source: str, month: date, region: str) -> dict:
    return {
        "month": str(month),
        "source": source,
        "campaign": random.choice(("", "spring")),
        "region_id": region,
        "amount": f"{random.randint(0, 9_000)}.{random.randint(0, 99):02}",
    }
