"""Small random organisations, as nasty as the import rules allow, and questions to ask about them.

Skips, returns and reopenings, several rows of one moment, amounts and owners that change on any row, late
and early first rows, deals without history, amount, owner, region or track, rates and probabilities that
are missing. The same seed gives the same rows.
"""

import csv
from datetime import date, timedelta
from pathlib import Path
from random import Random

from tests.independent.random.histories import CURRENCIES, FIRST_DAY, LAST_DAY, PIPELINES, cut_short, deal_rows
from tests.independent.scopes import Asked

REGIONS = {
    "group": "",
    "north": "group",
    "south": "group",
    "north-1": "north",
    "north-2": "north",
    "south-1": "south",
    "south-2": "south",
    "overseas": "",
}
REPS = tuple(f"r{number}" for number in range(1, 9))

NARROWER = (
    "nothing",
    "nothing",
    "regions",
    "regions",
    "regions",
    "owner",
    "owner",
    "pipeline",
    "track",
    "manager",
    "manager",
    "segment",
    "product or source",
    "left out too",
    "several",
)
HEADERS = {
    "region": "region_id name parent_id",
    "rep": "rep_id name email region_id manager_id hired_on left_on",
    "rep_history": "rep_id from_on region_id manager_id",
    "account": "account_id name industry customer_class region_id owner_id key_account_director_id created_on",
    "stage": "pipeline stage position kind probability target_days",
    "opportunity": (
        "opportunity_id name account_id owner_id region_id pipeline stage product source kind track amount "
        "currency gross_margin created_on expected_close_on closed_on loss_reason"
    ),
    "opportunity_history": ("opportunity_id changed_at sequence stage amount expected_close_on owner_id region_id"),
    "account_score": "account_id factor score assessed_on",
    "assignment": "subject_kind subject_id role rep_id from_on to_on",
    "lead": (
        "lead_id source campaign owner_id region_id account_id created_on qualified_on accepted_on converted_on "
        "opportunity_id disqualified_on"
    ),
    "marketing_cost": "month source campaign region_id amount",
    "activity": (
        "activity_id rep_id account_id opportunity_id lead_id contact_id kind origin two_way created_on planned_on "
        "first_planned_on completed_at cancelled_on minutes result"
    ),
    "product": "product category solution",
    "purchase": "account_id year category supplier amount",
    "opening": "opportunity_id position territory assessed_on what_changed",
    "opportunity_score": "opportunity_id question score assessed_on",
    "account_need": "account_id window solution value capability assessed_on",
    "account_goal": "account_id goal due_on done_on created_on",
    "closeness_score": "account_id score assessed_on",
    "target": "rep_id month amount region_id",
    "exchange_rate": "currency valid_from rate",
}

Tables = dict[str, list[dict]]


def organisation(seed: int) -> Tables:
    """The rows of every table of one organisation."""
    random = Random(seed)
    tables: Tables = {
        "region": [{"region_id": key, "name": f"Region {key}", "parent_id": above} for key, above in REGIONS.items()],
        "rep": [_rep(random, rep) for rep in REPS],
        "rep_history": [row for rep in REPS for row in _postings(random, rep)],
        "account": [_account(random, number) for number in range(6)],
        "stage": _stages(random),
        "opportunity": [],
        "opportunity_history": [],
        "target": _targets(random),
        "exchange_rate": _rates(random),
    }
    share_without_history = random.choice((0, 1 / 8, 1 / 4))
    for number in range(random.randint(30, 80)):
        deal, history = deal_rows(random, f"d{number:03}", REPS, tuple(REGIONS), share_without_history)
        tables["opportunity"].append(deal)
        tables["opportunity_history"] += history
    random.shuffle(tables["opportunity_history"])
    return tables


def earlier(tables: Tables, seed: int) -> Tables:
    """The same organisation in an earlier export: fewer deals, postings and rates, shorter histories."""
    random = Random(seed + 20_000)
    before = {table: list(rows) for table, rows in tables.items()}
    for table in ("rep_history", "exchange_rate", "target", "opportunity"):
        before[table] = [row for row in tables[table] if random.random() < 0.7]
    before["stage"] = [row | {"probability": "0.5"} for row in tables["stage"]]
    before["rep"] = [row | {"region_id": random.choice(list(REGIONS))} for row in tables["rep"]]
    deals, histories = [], []
    for deal in before["opportunity"]:
        key = deal["opportunity_id"]
        own = [row for row in tables["opportunity_history"] if row["opportunity_id"] == key]
        if own and random.random() < 0.6:
            deal, own = cut_short(random, deal, own)
        deals.append(deal)
        histories += own
    return before | {"opportunity": deals, "opportunity_history": histories}


def write(tables: Tables, folder: Path) -> Path:
    """The tables as CSV files with the contract's headers (else those of their rows); missing cells are empty."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        headers = HEADERS[table].split() if table in HEADERS else list(dict.fromkeys(c for row in rows for c in row))
        if not headers:
            continue
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headers, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def questions(seed: int, number: int) -> list[Asked]:
    """The default question, then random ones: periods, as-of dates, filters and roles."""
    random = Random(seed + 10_000)
    return [Asked()] + [_question(random) for _ in range(number - 1)]


def _question(random: Random) -> Asked:
    start = random_day(random, FIRST_DAY, LAST_DAY - timedelta(days=200))
    end = start + timedelta(days=random.choice((0, 30, 91, 200, 400, 600)))
    within = random_day(random, start, min(end, LAST_DAY))
    before, after = start - timedelta(days=20), LAST_DAY + timedelta(days=1)
    as_of = random.choice((None, end, within, within, random_day(random, start, after), before))
    asked = Asked(start, end, as_of)
    narrower = random.choice(NARROWER)
    regions = tuple(random.sample(list(REGIONS), random.randint(1, 2)))
    if narrower == "regions":
        asked = Asked(start, end, as_of, regions=regions)
    elif narrower == "owner":
        asked = Asked(start, end, as_of, owner=random.choice(REPS))
    elif narrower == "pipeline":
        asked = Asked(start, end, as_of, pipeline=random.choice(list(PIPELINES)))
    elif narrower == "track":
        asked = Asked(start, end, as_of, track=random.choice(("large", "fast", "none")))
    elif narrower == "manager":
        region = random.choice(list(REGIONS))
        chosen = (random.choice(("north-1", "north-2")),) if region == "north" else ()
        asked = Asked(start, end, as_of, regions=chosen, manager_of=region)
    elif narrower == "segment":
        asked = Asked(start, end, as_of, segment=random.choice(("energy", "health", "big", "small")))
    elif narrower == "product or source":
        product, source = random.choice((("pump", None), ("valve", "fair"), (None, "web form")))
        asked = Asked(start, end, as_of, product=product, source=source)
    elif narrower == "left out too":
        asked = Asked(start, end, as_of, with_left_out=True)
    elif narrower == "several":
        asked = Asked(start, end, as_of, regions, track=random.choice(("large", "fast", "none")))
    return asked


# --- the small tables -------------------------------------------------------------------------------------


def random_day(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randint(0, max(0, (last - first).days)))


def _rep(random: Random, rep: str) -> dict:
    return {
        "rep_id": rep,
        "name": f"Rep {rep}",
        "region_id": random.choice((*REGIONS, "")),
        "hired_on": random.choice(("", str(random_day(random, FIRST_DAY, LAST_DAY)))),
    }


def _postings(random: Random, rep: str) -> list[dict]:
    days = sorted({random_day(random, FIRST_DAY, LAST_DAY) for _ in range(random.choice((0, 0, 1, 2, 3)))})
    return [{"rep_id": rep, "from_on": str(day), "region_id": random.choice(list(REGIONS))} for day in days]


def _account(random: Random, number: int) -> dict:
    return {
        "account_id": f"a{number}",
        "name": f"Account {number}",
        "industry": random.choice(("energy", "health", "")),
        "customer_class": random.choice(("big", "small", "")),
    }


def _stages(random: Random) -> list[dict]:
    """Positions are not ranks; in one organisation of four a stage has no probability."""
    rows = []
    for pipeline, stages in PIPELINES.items():
        for name, position, kind in stages:
            chance = random.choice((f"0.{random.randint(1, 999_999):06}", "0.5", "0.35", "0", "1"))
            chance = {"won": "1", "lost": ""}.get(kind, chance)
            cells = {"stage": name, "position": position, "kind": kind, "probability": chance}
            rows.append({"pipeline": pipeline} | cells)
    if random.random() < 1 / 4:
        random.choice([row for row in rows if row["kind"] == "open"])["probability"] = ""
    return rows


def _targets(random: Random) -> list[dict]:
    if random.random() < 0.15:
        return []
    most = random.choice((90_000, 3_000_000))
    months = [date(2025 + month // 12, month % 12 + 1, 1) for month in range(2, 26)]
    return [
        {
            "rep_id": rep,
            "month": str(month),
            "amount": f"{random.randint(0, most)}.{random.randint(0, 99):02}",
            "region_id": region,
        }
        for rep in REPS
        for month in months
        for region in random.choice(((), ("",), ("",), (random.choice(list(REGIONS)),), ("", "south-1")))
    ]


def _rates(random: Random) -> list[dict]:
    """In one organisation of three a currency has no rate before a day, in another one none at all."""
    rows = []
    late = random.choice((None, "JPY", "GBP"))
    for currency, about in CURRENCIES.items():
        day = date(2024, 1, 1)
        if currency == late:
            day = random_day(random, FIRST_DAY, LAST_DAY + timedelta(days=20))
        while day <= LAST_DAY + timedelta(days=40):
            rate = f"{about * random.uniform(0.7, 1.4):.9f}"
            rate = random.choice((rate, rate, "0.5", "1.25"))  # exact halves of a cent
            rows.append({"currency": currency, "valid_from": str(day), "rate": rate})
            day += timedelta(days=random.randint(20, 150))
    return rows
