"""What selling a deal has cost so far, and whether that is more than it can still return: from the words."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from tests.independent.deals import Deal, replay
from tests.independent.facts import MISSING_RATE, Facts, day_of, money_of, to_cent
from tests.independent.scopes import Asked, view

HOUR = Decimal(60)


@dataclass(frozen=True)
class Cost:
    """So far; None: of a booking or activity nobody knows what it costs."""

    support: Decimal | None
    activity: Decimal | None
    hours: Decimal
    activities: int

    @property
    def total(self) -> Decimal | None:
        return None if None in (self.support, self.activity) else self.support + self.activity


class Costs:
    """The costs of every deal of a folder, as of any day."""

    def __init__(self, facts: Facts):
        self.facts = facts
        self._booked: dict[date, dict[str, list[dict]]] = {}

    def of(self, deal: str, as_of: date) -> Cost:
        bookings = [row for row in self._bookings(as_of).get(deal, []) if day_of(row["week"]) <= as_of]
        done = [row for row in self._done.get(deal, []) if day_of(row["completed_at"]) <= as_of]
        return Cost(
            _sum([self._booking(row) for row in bookings]),
            _sum([self._activity(row) for row in done]),
            sum((Decimal(row["hours"]) for row in bookings), Decimal(0)),
            len(done),
        )

    def _booking(self, row: dict) -> Decimal | None:
        """Its hours × the person's hourly cost, to the cent; no hours cost nothing, whoever it is."""
        hourly, hours = money_of(self._hourly.get(row["resource_id"], "")), Decimal(row["hours"])
        if hourly is None:
            return None if hours else Decimal(0)
        return to_cent(hours * hourly)

    def _activity(self, row: dict) -> Decimal | None:
        day = day_of(row["completed_at"])
        valid = [cost for valid_from, cost in self._kinds.get(row["kind"], []) if valid_from <= day]
        if not valid:
            return None
        minutes = Decimal(row["minutes"] or valid[-1]["default_minutes"])
        cents = minutes * Decimal(valid[-1]["hourly_cost"]) * 100 / HOUR
        return cents.quantize(Decimal(1), rounding=ROUND_HALF_UP) / 100

    @cached_property
    def _hourly(self) -> dict[str, str]:
        return {row["resource_id"]: row.get("hourly_cost", "") for row in self.facts.rows("support_person")}

    def _bookings(self, as_of: date) -> dict[str, list[dict]]:
        """Grouped once per day."""
        if as_of not in self._booked:
            self._booked[as_of] = _by_deal(self.facts.bookings(as_of))
        return self._booked[as_of]

    @cached_property
    def _done(self) -> dict[str, list[dict]]:
        return _by_deal([row for row in self.facts.rows("activity") if row.get("completed_at")])

    @cached_property
    def _kinds(self) -> dict[str, list[tuple[date, dict]]]:
        kinds: dict[str, list[tuple[date, dict]]] = {}
        for row in self.facts.rows("activity_cost"):
            kinds.setdefault(row["kind"], []).append((day_of(row["valid_from"]), row))
        return {kind: sorted(rows, key=lambda one: one[0]) for kind, rows in kinds.items()}


def stop_loss(facts: Facts, asked: Asked, today: date) -> tuple[dict[str, dict], dict[str, int]]:
    """By open deal of which both sides are known: cost, expected_margin, support_hours, activities, is_candidate;
    and how many are left out, and for want of what."""
    deals = replay(facts)
    seen = view(facts, deals, asked, today)
    margins = {row["opportunity_id"]: row for row in facts.rows("opportunity")}
    costs, found = Costs(facts), {}
    out = dict.fromkeys(("deals", "without_cost", "without_margin", "without_probability"), 0)
    for deal in deals:
        if deal.outcome_on(seen.as_of) != "open" or not seen.has_on(deal, seen.as_of):
            continue
        cost = costs.of(deal.key, seen.as_of)
        margin = facts.in_base(money_of(margins[deal.key]["gross_margin"]), deal.currency, seen.as_of)
        margin = None if margin == MISSING_RATE else margin
        chance = probability(facts, deal, seen.as_of)
        if cost.total is None or margin is None or chance is None:
            out["deals"] += 1
            out["without_cost"] += cost.total is None
            out["without_margin"] += margin is None
            out["without_probability"] += chance is None
            continue
        expected = to_cent(margin * chance)
        found[deal.key] = {
            "cost": cost.total,
            "support_cost": cost.support,
            "activity_cost": cost.activity,
            "expected_margin": expected,
            "support_hours": float(cost.hours),
            "activities": cost.activities,
            "is_candidate": cost.total > expected,
        }
    return found, out


def probability(facts: Facts, deal: Deal, as_of: date) -> Decimal | None:
    stage = deal.stage_on(as_of, facts.last_day)
    return facts.stages[deal.pipeline, stage].probability if stage else None


def _by_deal(rows: list[dict]) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in rows:
        if row["opportunity_id"]:
            found.setdefault(row["opportunity_id"], []).append(row)
    return found


def _sum(costs: list[Decimal | None]) -> Decimal | None:
    return None if None in costs else sum(costs, Decimal(0))
