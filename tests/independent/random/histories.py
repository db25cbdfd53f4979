"""One random deal: its row of `opportunity`, and its rows of `opportunity_history` that lead there."""

from datetime import date, datetime, time, timedelta
from random import Random

FIRST_DAY, LAST_DAY = date(2025, 3, 1), date(2026, 11, 20)

# name, position, kind: positions with gaps, so that a position is never mistaken for a rank
PIPELINES = {
    "projects": (
        ("found", 10, "open"),
        ("qualified", 20, "open"),
        ("designed", 25, "open"),
        ("offered", 40, "open"),
        ("negotiated", 50, "open"),
        ("won", 90, "won"),
        ("lost", 99, "lost"),
    ),
    "small deals": (
        ("asked", 1, "open"),
        ("quoted", 3, "open"),
        ("agreed", 4, "open"),
        ("done", 5, "won"),
        ("gone", 6, "lost"),
    ),
}
CURRENCIES = {"USD": 0.92, "GBP": 1.17, "JPY": 0.0061}
COLUMNS = ("stage", "amount", "expected_close_on", "owner_id", "region_id")


def deal_rows(
    random: Random, key: str, reps: tuple, regions: tuple, share_without_history: float
) -> tuple[dict, list[dict]]:
    """The deal as it stands now, and its history (perhaps none)."""
    pipeline = random.choice(list(PIPELINES))
    deal = {
        "opportunity_id": key,
        "name": f"Deal {key}",
        "account_id": random.choice(("", "a0", "a1", "a2", "a3", "a4", "a5")),
        "pipeline": pipeline,
        "track": random.choice(("large", "large", "fast", "fast", "")),
        "currency": random.choice(("", "", "CNY", *CURRENCIES)),
        "product": random.choice(("", "pump", "valve")),
        "source": random.choice(("", "fair", "web form")),
    }
    if random.random() < share_without_history:
        return deal | _without_history(random, pipeline, reps, regions), []
    history = _history(random, key, pipeline, reps, regions)
    return deal | _present(random, pipeline, history, reps, regions), history


def cut_short(random: Random, deal: dict, history: list[dict]) -> tuple[dict, list[dict]]:
    """The deal as it stood after only the first of its rows."""
    in_order = sorted(history, key=lambda row: (_moment(row), int(row["sequence"] or 0)))
    kept = in_order[: random.randint(1, len(in_order))]
    filled = [row["stage"] for row in kept if row.get("stage")]
    stage = filled[-1] if filled else _of_kind(deal["pipeline"], "open")[0]
    closed_on = _last_closing(deal["pipeline"], kept)
    before = deal | {"stage": stage, "closed_on": closed_on or "", "created_on": ""}
    return before, kept


def _amount(random: Random) -> str:
    about = random.choice((0, 9, 900, 40_000, 2_000_000))
    return f"{about + random.randint(0, 900)}.{random.randint(0, 99):02}"


def _kind(pipeline: str, stage: str) -> str:
    return {name: kind for name, _, kind in PIPELINES[pipeline]}.get(stage, "open")


def _of_kind(pipeline: str, kind: str) -> list[str]:
    return [name for name, _, its in PIPELINES[pipeline] if its == kind]


def _day(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randint(0, max(0, (last - first).days)))


def _without_history(random: Random, pipeline: str, reps: tuple, regions: tuple) -> dict:
    stage = random.choice([name for name, _, _ in PIPELINES[pipeline]])
    created = _day(random, FIRST_DAY, LAST_DAY)
    outcome = _kind(pipeline, stage)
    return {
        "stage": stage,
        "created_on": random.choice(("", created, created)),
        "closed_on": "" if outcome == "open" else _day(random, created, LAST_DAY),
        "loss_reason": random.choice(("price", "duplicate", "")) if outcome == "lost" else "",
        "amount": random.choice(("", _amount(random), _amount(random))),
        "expected_close_on": random.choice(("", _day(random, created, LAST_DAY + timedelta(days=200)))),
        "owner_id": random.choice(("", *reps)),
        "region_id": random.choice(("", "", *regions)),
    }


# --- histories --------------------------------------------------------------------------------------------


def _history(random: Random, key: str, pipeline: str, reps: tuple, regions: tuple) -> list[dict]:
    """Rows in order. Each column is kept by the history or not; kept ones may start empty."""
    kept = {column for column in COLUMNS[1:] if random.random() < 0.7} | {"stage"}
    starts_empty = {column for column in COLUMNS if random.random() < (0.05 if column == "stage" else 0.25)}
    moment = datetime.combine(_day(random, FIRST_DAY, LAST_DAY), time(random.randint(0, 12), 30))
    rows, known, sequence = [], dict.fromkeys(COLUMNS, ""), 0
    for number in range(random.randint(1, 9)):
        if moment.date() > LAST_DAY:
            break
        changes = _changes(random, pipeline, known["stage"], number == 0, reps, regions)
        if number == 0:
            changes = {column: value for column, value in changes.items() if column not in starts_empty}
        changes = {column: value for column, value in changes.items() if column in kept}
        restated = {column for column in COLUMNS if known[column] and random.random() < 0.2}
        known |= changes
        cells = {column: known[column] for column in restated | set(changes)}
        written = moment.date() if moment.time() == time(0) else moment.isoformat()
        if cells or number == 0:
            rows.append({"opportunity_id": key, "changed_at": written, "sequence": sequence or ""} | cells)
        moment, sequence = _next_moment(random, moment, sequence)
    return rows


def _next_moment(random: Random, moment: datetime, sequence: int) -> tuple[datetime, int]:
    """Often the same moment (then the sequence counts), often later that day, mostly days later."""
    kind = random.random()
    if kind < 0.15:
        return moment, sequence + 1
    if kind < 0.3:
        return moment + timedelta(hours=2), 0
    return datetime.combine(
        moment.date() + timedelta(days=random.choice((1, 3, 10, 25, 60, 120))), time(random.choice((0, 9)))
    ), 0


def _changes(random: Random, pipeline: str, stage: str, is_first: bool, reps: tuple, regions: tuple) -> dict:
    changes = {}
    if is_first or random.random() < 0.6:
        changes["stage"] = _next_stage(random, pipeline, stage, is_first)
    if is_first or random.random() < 0.35:
        changes["amount"] = _amount(random)
    if is_first or random.random() < 0.3:
        changes["expected_close_on"] = str(_day(random, FIRST_DAY, LAST_DAY + timedelta(days=200)))
    if is_first or random.random() < 0.25:
        changes["owner_id"] = random.choice(reps)
    if random.random() < (0.5 if is_first else 0.2):
        changes["region_id"] = random.choice(regions)
    return changes


def _next_stage(random: Random, pipeline: str, stage: str, is_first: bool) -> str:
    """Forward, skipping, back, won, lost; from lost back to open or to won, from won back to open."""
    still_open = _of_kind(pipeline, "open")
    (won,), (lost,) = _of_kind(pipeline, "won"), _of_kind(pipeline, "lost")
    if is_first or not stage:
        return random.choices((still_open[0], random.choice(still_open), won, lost), (70, 20, 5, 5))[0]
    if stage in (won, lost):
        others = {won: (won, random.choice(still_open)), lost: (lost, random.choice(still_open), won)}
        return random.choice((stage, *others[stage]))
    after = still_open[still_open.index(stage) + 1 :] or [won]
    return random.choices((after[0], random.choice(after), random.choice(still_open), won, lost), (40, 15, 15, 15, 15))[
        0
    ]


# --- the deal as it stands now ----------------------------------------------------------------------------


def _present(random: Random, pipeline: str, history: list[dict], reps: tuple, regions: tuple) -> dict:
    """What the history leads to; a column that it does not keep has a value of its own, or none."""
    expected = _day(random, FIRST_DAY, LAST_DAY + timedelta(days=200))
    elsewhere = {
        "stage": random.choice(_of_kind(pipeline, "open")),
        "amount": random.choice(("", _amount(random))),
        "expected_close_on": random.choice(("", str(expected))),
        "owner_id": random.choice(("", *reps)),
        "region_id": random.choice(("", *regions)),
    }
    present = {}
    for column in COLUMNS:
        filled = [row[column] for row in history if row.get(column)]
        present[column] = filled[-1] if filled else elsewhere[column]
    closed_on = _last_closing(pipeline, history)
    return present | {
        "created_on": _created_on(random, history, closed_on),
        "closed_on": _told_closing(history[0]["opportunity_id"], closed_on),
        "loss_reason": _loss_reason(random, pipeline, history),
    }


def _moment(row: dict) -> datetime:
    return datetime.fromisoformat(str(row["changed_at"]))


def _row_day(row: dict) -> date:
    return _moment(row).date()


def _last_closing(pipeline: str, history: list[dict]) -> date | None:
    """The day of the closing that stands, None for an open deal."""
    outcome, closed_on = "open", None
    for row in history:
        if row.get("stage") and _kind(pipeline, row["stage"]) != outcome:
            outcome = _kind(pipeline, row["stage"])
            closed_on = None if outcome == "open" else _row_day(row)
    return closed_on


def _told_closing(key: str, closed_on: date | None) -> date | str:
    """What the deal says of its last closing: mostly the day of the history, sometimes another one."""
    if closed_on is None:
        return ""
    random = Random(f"closing of {key} on {closed_on}")  # its own, so that all else stays as it is
    days = random.choice((0, 0, 0, -1, -3, -40, -200, 2, 15))
    return min(closed_on + timedelta(days=days), LAST_DAY)


def _created_on(random: Random, history: list[dict], closed_on: date | None) -> date | str:
    """Mostly the first row's day; sometimes empty, sometimes later, sometimes earlier (a late first row)."""
    first = _row_day(history[0])
    later = _day(random, first, min(closed_on or LAST_DAY, first + timedelta(days=60)))
    earlier = first - timedelta(days=random.randint(1, 90))
    return random.choices((first, "", later, earlier), (50, 10, 15, 25))[0]


def _loss_reason(random: Random, pipeline: str, history: list[dict]) -> str:
    """The present one, kept also by a deal that was lost once and reopened."""
    was_lost = any(row.get("stage") in _of_kind(pipeline, "lost") for row in history)
    return random.choice(("price", "price", "qualified_out", "duplicate", "")) if was_lost else ""
