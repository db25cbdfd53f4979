"""`report support`, straight from the words: utilisation, the queue, met in time, hours per won deal, alignment."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tests.independent.deals import Deal, State, replay
from tests.independent.facts import MISSING_RATE, Facts, day_of, to_cent
from tests.independent.opportunities.cost_of_sale import Costs, probability
from tests.independent.scopes import Asked, View, view

WEEK = timedelta(days=7)
NOBODYS = State("open", None, None, None, None, None)  # a deal on a day before it was there


def support(folder: Path, asked: Asked, base_currency: str, today: date) -> dict:
    facts = Facts(folder, base_currency)
    deals = {deal.key: deal for deal in replay(facts)}
    seen = view(facts, list(deals.values()), asked, today)
    rows = _rows(seen)
    available, booked = (sum((row[name] for row in rows), Decimal(0)) for name in ("available_hours", "booked_hours"))
    waiting = open_requests(seen, deals)
    alignment, n = _alignment(seen, deals)
    met, needed = met_in_time(seen, deals)
    has_bookings, has_people = facts.rows("support_booking"), facts.rows("support_person")
    values = {
        "available_hours": available if has_people else None,
        "booked_hours": booked if has_people and has_bookings else None,
        "utilisation": float(booked / available) if has_bookings and available else None,
        "open_requests": len(waiting) if facts.rows("support_request") else None,
        "requested_hours": sum((Decimal(row["hours"]) for row in waiting), Decimal(0))
        if facts.rows("support_request")
        else None,
        "met_in_time_share": met / needed if needed else None,
        "hours_per_won_deal": _hours_per_won(seen, deals) if has_bookings else None,
        "alignment": alignment,
        "alignment_n": n,
    }
    return {"values": values, "rows": {row["resource_id"]: row for row in rows}}


# --- people -----------------------------------------------------------------------------------------------


def _rows(seen: View) -> list[dict]:
    booked, away = by_week(seen.facts.bookings(seen.as_of)), by_week(seen.facts.rows("support_absence"))
    names = {row["region_id"]: row["name"] for row in seen.facts.rows("region")}
    found = []
    for person in seen.facts.rows("support_person"):
        region = person.get("region_id") or None
        if not seen.sees_region(region):
            continue
        key, free, taken = person["resource_id"], Decimal(0), Decimal(0)
        for week in _weeks(seen.start, seen.end):
            if is_active(person, week):
                free += max(Decimal(0), Decimal(person["weekly_hours"]) - away[key, week])
            taken += booked[key, week]
        found.append({
            "resource_id": key,
            "kind": person["kind"],
            "region": names.get(region, region),
            "available_hours": free,
            "booked_hours": taken,
            "utilisation": float(taken / free) if free else None,
        })  # fmt: skip
    return found


def _weeks(start: date, end: date) -> list[date]:
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    return [day for day in days if day.weekday() == 0]


def is_active(person: dict, week: date) -> bool:
    """On at least one day of the week."""
    starts, ends = day_of(person.get("active_from", "")), day_of(person.get("active_to", ""))
    return any(
        (not starts or starts <= day) and (not ends or day <= ends)
        for day in (week + timedelta(days=n) for n in range(7))
    )


def by_week(rows: list[dict]) -> Counter:
    hours = Counter()
    for row in rows:
        hours[row["resource_id"], day_of(row["week"])] += Decimal(row["hours"])
    return hours


def overloads(folder: Path, asked: Asked, base_currency: str, today: date) -> dict[tuple[str, date], Decimal]:
    """The hours booked beyond what is available, by person and week of the period, where there are any."""
    facts = Facts(folder, base_currency)
    seen = view(facts, replay(facts), asked, today)
    found = {}
    for week in _weeks(seen.start, seen.end):
        for row in _rows(replace(seen, start=week, end=week)):
            if row["booked_hours"] > row["available_hours"]:
                found[row["resource_id"], week] = row["booked_hours"] - row["available_hours"]
    return found


def overdue(folder: Path, asked: Asked, base_currency: str, today: date) -> dict[str, int]:
    """Days since they were needed, of the open requests needed before the as-of date."""
    facts = Facts(folder, base_currency)
    deals = {deal.key: deal for deal in replay(facts)}
    seen = view(facts, list(deals.values()), asked, today)
    needed = {row["request_id"]: day_of(row["needed_by"]) for row in open_requests(seen, deals)}
    return {request: (seen.as_of - day).days for request, day in needed.items() if day and day < seen.as_of}


# --- requests ---------------------------------------------------------------------------------------------


def _has_decision(request: dict, as_of: date) -> bool:
    decided = day_of(request["decided_on"])
    return decided <= as_of if decided else bool(request["decision"])


def _is_of(seen: View, deal: Deal, day: date) -> bool:
    """By owner and region of that day; a deal closed by then stays where it was closed."""
    day = deal.closed_on(day) or day
    return seen.has(deal, deal.on(day) or NOBODYS, day)


def open_requests(seen: View, deals: dict[str, Deal]) -> list[dict]:
    return [
        row
        for row in seen.facts.rows("support_request")
        if day_of(row["requested_on"]) <= seen.as_of
        and not _has_decision(row, seen.as_of)
        and _is_of(seen, deals[row["opportunity_id"]], seen.as_of)
    ]


def met_in_time(seen: View, deals: dict[str, Deal]) -> tuple[int, int]:
    """How many of the requests needed in the period were met, and how many there were."""
    needed = met = 0
    for row in seen.facts.rows("support_request"):
        day = day_of(row["needed_by"])
        decision = row["decision"] if _has_decision(row, seen.as_of) else ""
        if not seen.in_flow(day) or decision == "withdrawn" or day_of(row["requested_on"]) > seen.as_of:
            continue
        if _is_of(seen, deals[row["opportunity_id"]], day):
            needed += 1
            met += decision == "granted" and _booked_by(seen, row["request_id"], day) >= Decimal(row["hours"])
    return met, needed


def _booked_by(seen: View, request: str, day: date) -> Decimal:
    bookings = _bookings_of(seen.facts, seen.as_of).get(request, [])
    return sum((Decimal(row["hours"]) for row in bookings if day_of(row["week"]) <= day), Decimal(0))


def _bookings_of(facts: Facts, as_of: date) -> dict[str, list[dict]]:
    """Grouped once per folder and day."""
    if not hasattr(facts, "bookings_of_requests"):
        facts.bookings_of_requests = {}
    if as_of not in facts.bookings_of_requests:
        by_request = facts.bookings_of_requests[as_of] = {}
        for row in facts.bookings(as_of):
            by_request.setdefault(row["request_id"], []).append(row)
    return facts.bookings_of_requests[as_of]


# --- deals ------------------------------------------------------------------------------------------------


def _hours_per_won(seen: View, deals: dict[str, Deal]) -> float | None:
    costs, won = Costs(seen.facts), []
    for deal in deals.values():
        closed_on = deal.closed_on(seen.as_of)
        is_won = deal.outcome_on(seen.as_of) == "won" and seen.in_flow(closed_on)
        if is_won and seen.has_on(deal, closed_on):
            won.append(costs.of(deal.key, seen.as_of).hours)
    return float(sum(won) / len(won)) if won else None


def _alignment(seen: View, deals: dict[str, Deal]) -> tuple[float | None, int]:
    costs, worths, hours = Costs(seen.facts), [], []
    for deal in deals.values():
        if deal.outcome_on(seen.as_of) != "open" or not seen.has_on(deal, seen.as_of):
            continue
        amount = seen.facts.in_base(deal.on(seen.as_of).amount, deal.currency, seen.as_of)
        chance = probability(seen.facts, deal, seen.as_of)
        if amount in (None, MISSING_RATE) or chance is None:
            continue
        worths.append(to_cent(amount * chance))
        hours.append(costs.of(deal.key, seen.as_of).hours)
    return spearman(worths, hours), len(worths)


def spearman(one: list[Decimal], other: list[Decimal]) -> float | None:
    """Pearson's correlation of the ranks; what ties shares the mean of its ranks."""
    first, second = _ranks(one), _ranks(other)
    if len(set(first)) < 2 or len(set(second)) < 2:
        return None
    middle = (len(one) + 1) / 2
    shared = sum((a - middle) * (b - middle) for a, b in zip(first, second, strict=True))
    spread = sum((a - middle) ** 2 for a in first) * sum((b - middle) ** 2 for b in second)
    return shared / spread**0.5


def _ranks(values: list[Decimal]) -> list[float]:
    places: dict[Decimal, list[int]] = {}
    for place, value in enumerate(sorted(values), 1):
        places.setdefault(value, []).append(place)
    return [sum(places[value]) / len(places[value]) for value in values]
