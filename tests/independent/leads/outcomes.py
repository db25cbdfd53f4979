"""`report leads`, and what else is said of leads, straight from the words."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from statistics import median

from tests.independent.accounts.contested_orphaned import costs
from tests.independent.deals import Deal, replay
from tests.independent.facts import MISSING_RATE, Facts, day_of
from tests.independent.reps.activities import activities
from tests.independent.scopes import View


def leads(view: View) -> dict[str | None, dict]:
    """The rows of the report by source."""
    found = cohort(view)
    deals = {deal.key: deal for deal in replay(view.facts)}
    spent = costs(view, view.start, view.flow_end) or []
    sources = {row["source"] or None for row in found} | {source for source, _ in spent}
    return {source: _row(view, source, found, deals, spent) for source in sources}


def _row(view: View, source: str | None, found: list[dict], deals: dict[str, Deal], spent: list) -> dict:
    own = [row for row in found if (row["source"] or None) == source]
    converted = [row for row in own if by_then(view, row["converted_on"])]
    won = [row for row in own if is_won(view, row, deals)]
    amounts = [amount for name, amount in spent if name == source]
    cost = sum(amounts, Decimal(0)) if amounts else None
    took = [(day_of(row["converted_on"]) - day_of(row["created_on"])).days for row in converted]
    return {
        "source": source,
        "leads": len(own),
        "mql": len([row for row in own if by_then(view, row["qualified_on"])]),
        "sql": len([row for row in own if by_then(view, row["accepted_on"])]),
        "converted": len(converted),
        "won": len(won),
        "conversion": len(converted) / len(own) if own else None,
        "median_days_to_convert": float(median(took)) if took else None,
        "cost": cost,
        "cost_per_won": float(cost) / len(won) if won and cost is not None else None,
        "undecided": len([row for row in own if is_undecided(view, row)]),
    }


def first_day(facts: Facts) -> date:
    """Where a report without a start begins: with the earliest lead, whatever else is asked."""
    return min(day_of(row["created_on"]) for row in facts.rows("lead"))


def cohort(view: View) -> list[dict]:
    """The leads created in the period that were asked for."""
    return [row for row in asked_for(view) if view.in_flow(day_of(row["created_on"]))]


def asked_for(view: View) -> list[dict]:
    asked, facts = view.asked, view.facts
    segments = {row["account_id"]: row["industry"] or row["customer_class"] or None for row in facts.rows("account")}
    deals = {row["opportunity_id"]: row for row in facts.rows("opportunity")}
    found = []
    for row in facts.rows("lead"):
        deal = deals.get(row["opportunity_id"], {})
        created = day_of(row["created_on"])
        region = row["region_id"] or (facts.region_of_rep(row["owner_id"], created) if row["owner_id"] else None)
        if (
            view.sees_region(region)
            and asked.owner in (None, row["owner_id"])
            and asked.source in (None, row["source"])
            and asked.segment in (None, segments.get(row["account_id"]))
            and asked.pipeline in (None, deal.get("pipeline"))
            and asked.product in (None, deal.get("product"))
            and (asked.track is None or (deal and (deal["track"] or "none") == asked.track))
        ):
            found.append(row)
    return found


def by_then(view: View, cell: str) -> bool:
    return bool(cell) and day_of(cell) <= view.as_of


def is_undecided(view: View, row: dict) -> bool:
    return not by_then(view, row["converted_on"]) and not by_then(view, row["disqualified_on"])


def is_won(view: View, row: dict, deals: dict[str, Deal]) -> bool:
    return bool(row["opportunity_id"]) and deals[row["opportunity_id"]].outcome_on(view.as_of) == "won"


def margin(view: View) -> float | None:
    """Of the cohort's won deals."""
    deals = {deal.key: deal for deal in replay(view.facts)}
    raw = {row["opportunity_id"]: row for row in view.facts.rows("opportunity")}
    won = [row["opportunity_id"] for row in cohort(view) if is_won(view, row, deals)]
    found = [
        view.facts.in_base(Decimal(raw[key]["gross_margin"]), raw[key]["currency"], deals[key].closed_on(view.as_of))
        for key in won
        if raw[key]["gross_margin"]
    ]
    if MISSING_RATE in found or (won and not found):
        return None
    return float(sum(found))


def responses(view: View) -> tuple[int, int, float | None]:
    """Leads, the unanswered among them, and the Kaplan–Meier median of days to the first completed activity."""
    first = defaultdict(lambda: date.max)
    for one in activities(view.facts):
        if one.lead and one.done and one.done <= view.as_of:
            first[one.lead] = min(first[one.lead], one.done)
    answered, waiting = [], []
    for row in cohort(view):
        created, day = day_of(row["created_on"]), first[row["lead_id"]]
        if day == date.max:
            waiting.append((view.as_of - created).days)
        else:
            answered.append(max((day - created).days, 0))
    return len(answered) + len(waiting), len(waiting), kaplan_meier(answered, waiting)


def kaplan_meier(ended: list[int], cut: list[int]) -> float | None:
    """The first day on which the estimate is a half or less."""
    share = 1.0
    for day in sorted(set(ended)):
        at_risk = len([other for other in ended + cut if other >= day])
        share *= 1 - ended.count(day) / at_risk
        if share <= 0.5 + 1e-9:
            return float(day)
    return None


def nurtured(view: View) -> dict[int, tuple[int, int, int]]:
    """By the age from which a band goes: undecided leads in it; leads ever undecided at that age, converted later."""
    bands = {0: 30, 30: 90, 90: 180, 180: 365, 365: 10**6}
    rows = [row for row in asked_for(view) if by_then(view, row["created_on"])]
    ages = []
    for row in rows:
        ends = [day_of(row[name]) for name in ("converted_on", "disqualified_on") if by_then(view, row[name])]
        end = (day_of(row["converted_on"]) if by_then(view, row["converted_on"]) else ends[0]) if ends else view.as_of
        days = (end - day_of(row["created_on"])).days
        ages.append((days, is_undecided(view, row), by_then(view, row["converted_on"])))
    return {
        start: (
            len([days for days, undecided, _ in ages if undecided and start <= days < end]),
            len([days for days, _, _ in ages if days >= start]),
            len([days for days, _, converted in ages if converted and days >= start]),
        )
        for start, end in bands.items()
    }
