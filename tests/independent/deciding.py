"""The deals that decide a period, in plain Python over a folder: what `report deciding` should print."""

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from .deals import Deal, State
from .forecast import Folder, Look, as_known, chances, forecast, present
from .readings import target
from .scopes import Asked, view

MOST, HANDFUL, DAYS = 20, 5, 7


def report(folder: Path, asked: Asked, base: str, today: date) -> dict:
    """`values` (`refused` only as whether) and `rows`."""
    known = Folder(folder, asked, base, today)
    so_far, now, looks, ahead = present(known)
    made, due = forecast(so_far, now, looks, ahead), target(known.view)
    values = {"won_amount": made["won"], "target_amount": due, "refused": made["refused"]}
    if made["refused"]:
        nothing = ("expected", "gap", "open_count", "closing_deals", "closing_chance")
        return {"values": values | dict.fromkeys(nothing), "rows": []}
    if known.view.as_of >= known.view.end:
        made |= {"expected": float(made["won"])}
    weighed = _weighed(known, now, looks, ahead)
    others = made["expected"] - float(made["won"]) - sum(amount * chance for amount, chance, _, _ in weighed)
    number = None if due is None else _closing(weighed, float(due), float(made["won"]), others)
    values |= {
        "expected": made["expected"],
        "gap": None if due is None else float(due) - made["expected"],
        "open_count": len(known.open(known.view, known.view.as_of)),
        "closing_deals": number,
        "closing_chance": math.prod(chance for _, chance, _, _ in weighed[:number]) if number else None,
    }
    told = [
        {"amount": amount, "chance": chance, "weight": weight, "is_closing": place < (number or 0)} | _told(known, deal)
        for place, (amount, chance, weight, deal) in enumerate(weighed[:MOST])
    ]
    return {"values": values, "rows": told}


def _weighed(known: Folder, now: Look, looks: list[Look], ahead: int) -> list[tuple[float, float, float, Deal]]:
    """(amount, chance, weight, deal) of the open deals on which something depends, the heaviest first."""
    ended, seen = as_known(looks)
    day, by_place = known.view.as_of, chances(now, seen, ended, ahead)
    found = []
    for deal in known.open(known.view, day):
        amount = known.amount(deal, day)
        chance = sum(by_place[deal.pipeline, deal.track, deal.on(day).stage])
        weight = round(float(amount or 0) * chance * (1 - chance), 2)
        if weight > 0:
            found.append((float(amount), chance, weight, deal))
    return sorted(found, key=lambda one: (-one[2], one[3].key))


def _closing(weighed: list, due: float, won: float, to_come: float) -> int | None:
    """The fewest first deals whose amounts reach what is left of the target after what was won and what is expected of
    all the others; 0: nothing is left as it is."""
    for number in range(min(HANDFUL, len(weighed)) + 1):
        expected = to_come + sum(amount * chance for amount, chance, _, _ in weighed[number:])
        if sum(amount for amount, _, _, _ in weighed[:number]) >= due - won - expected:
            return number
    return None


def _told(known: Folder, deal: Deal) -> dict:
    """What else a row says of a deal."""
    facts, day = known.facts, known.view.as_of
    state, row = deal.on(day), next(one for one in facts.rows("opportunity") if one["opportunity_id"] == deal.key)
    region = known.view.region_of(state, day)
    own = [one for one in facts.rows("activity") if one["opportunity_id"] == deal.key]
    return {
        "opportunity_id": deal.key,
        "deal": row["name"] or deal.key,
        "account": _name(known, "account", row["account_id"] or None),
        "owner": _name(known, "rep", state.owner),
        "region": _name(known, "region", region),
        "pipeline": deal.pipeline,
        "track": deal.track,
        "stage": deal.stage_on(day, facts.last_day),
        "expected_close_on": _iso(state.expected_close),
        **_next_step(own, day),
        **_last_touch(own, day),
        **_since_last_week(known, deal),
    }


def _name(known: Folder, table: str, key: str | None) -> str | None:
    return next((row["name"] or key for row in known.facts.rows(table) if row[f"{table}_id"] == key), key)


def _iso(day: date | None) -> str | None:
    return None if day is None else str(day)


def _next_step(activities: list[dict], day: date) -> dict:
    waiting = [
        (row["planned_on"], row["activity_id"], row["kind"])
        for row in activities
        if row["planned_on"] >= str(day)
        and row["created_on"] <= str(day)
        and not "" < row["completed_at"][:10] <= str(day)
        and not "" < row["cancelled_on"] <= str(day)
    ]
    first = min(waiting, default=(None, None, None))
    return {"next_step_on": first[0], "next_step_kind": first[2]}


def _last_touch(activities: list[dict], day: date) -> dict:
    done = [
        (datetime.fromisoformat(row["completed_at"]), row["activity_id"], row["kind"])
        for row in activities
        if "" < row["completed_at"][:10] <= str(day)
    ]
    last = max(done, default=None)
    return {
        "last_touch_on": _iso(last and last[0].date()),
        "last_touch_kind": last and last[2],
    }


def _since_last_week(known: Folder, deal: Deal) -> dict:
    """What the deal was seven days before, where the person may know, and what is another thing now."""
    day = known.view.as_of
    since, now = day - timedelta(days=DAYS), deal.on(day)
    nothing = dict.fromkeys(("amount_before", "stage_before", "expected_close_before", "owner_before"))
    before = deal.on(since)
    if before is None:
        return nothing | {"changes": "created"}
    known_on = deal.closed_on(since) or since  # a closed deal is whose it was when it was closed
    if not _may_see(known, deal.on(known_on), known_on):
        return nothing | {"changes": "moved_in"}
    if before.outcome != "open":
        return nothing | {"changes": "reopened"}

    def worth(state: State) -> Decimal | None:
        return known.facts.in_base(state.amount, deal.currency, day)

    pairs = {
        "amount": (worth(now), worth(before)),
        "stage": (now.stage, before.stage),
        "expected_close": (now.expected_close, before.expected_close),
        "owner": (now.owner, before.owner),
    }
    return {
        "changes": ";".join(name for name, (one, other) in pairs.items() if one != other),
        "amount_before": worth(before),
        "stage_before": before.stage,
        "expected_close_before": _iso(before.expected_close),
        "owner_before": _name(known, "rep", before.owner),
    }


def _may_see(known: Folder, state: State, day: date) -> bool:
    """Whether the role, whatever it chose to look at, may see the deal as it was."""
    role = view(known.facts, known.deals, Asked(as_of=day, manager_of=known.asked.manager_of), day)
    return role.sees_region(role.region_of(state, day))
