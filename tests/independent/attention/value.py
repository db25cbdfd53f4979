"""What is at risk of a line, straight from the words: the part of the chance that a state has cost in the past.

Every closed deal is walked through every change during its first stay in a stage.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from math import floor

from tests.independent.deals import Deal
from tests.independent.facts import MISSING_RATE, Facts, to_cent
from tests.independent.funnel import stays_of
from tests.independent.scopes import View

PSEUDO = 30
ASSUMED = 0.1

Place = tuple[str, str, str]
"""Pipeline, track and stage."""


@dataclass(frozen=True)
class Past:
    """A closed deal's first stay in a stage: how many days it lasted, how many all its stays there did, and the day on
    which each state came (or not)."""

    is_won: bool
    lasted: int
    altogether: int
    came: dict[str, int | None]


@dataclass(frozen=True)
class Cases:
    """Deals that were in a state, how many of them were won, and how many would have been as their like were."""

    n: int = 0
    won: int = 0
    expected: float = 0.0

    def __add__(self, other: "Cases") -> "Cases":
        return Cases(self.n + other.n, self.won + other.won, self.expected + other.expected)

    def share(self, parent: float) -> float:
        """max(0, 1 − w₁ ÷ w₀), w₁ shrunk with the pseudo-deals towards w₀ × (1 − parent)."""
        if not self.expected:
            return parent
        w0 = self.expected / self.n
        w1 = (self.won + PSEUDO * w0 * (1 - parent)) / (self.n + PSEUDO)
        return max(0.0, 1 - w1 / w0)


@dataclass
class Shares:
    """The shares of what is seen."""

    facts: Facts
    deals: list[Deal]
    everything: View
    limits: dict[str, float]
    norm_of: Callable[[Place], float | None]

    @cached_property
    def cases(self) -> dict[str, dict[Place, Cases]]:
        found: dict[str, dict[Place, Cases]] = defaultdict(dict)
        for place, stays in self._past().items():
            for rule in ("pushed", "overdue"):
                found[rule][place] = _cases(stays, rule)
            norm = self.norm_of(place)
            if norm is not None:
                first = floor(norm + self.limits["stalled_days"]) + 1
                late = [stay for stay in stays if stay.altogether > first]
                rate = sum(stay.is_won for stay in stays) / len(stays)
                found["stalled"][place] = Cases(len(late), sum(stay.is_won for stay in late), len(late) * rate)
        return found

    @cached_property
    def over_all(self) -> float:
        return _sum(_sum(places.values()) for places in self.cases.values()).share(ASSUMED)

    def of(self, rule: str, place: Place) -> float:
        of_rule = self.cases.get(rule, {})
        own = of_rule.get(place, Cases())
        return own.share(_sum(of_rule.values()).share(self.over_all))

    def _past(self) -> dict[Place, list[Past]]:
        seen, found = self.everything, defaultdict(list)
        for deal in self.deals:
            outcome, closed_on = deal.outcome_on(seen.as_of), deal.closed_on(seen.as_of)
            if outcome not in ("won", "lost") or not deal.has_history or seen.leaves_out(deal):
                continue
            if not seen.has_on(deal, closed_on):
                continue
            entered: set[str | None] = set()
            altogether: dict[str | None, int] = defaultdict(int)
            for stay in stays_of(seen, deal):
                altogether[stay.stage] += ((stay.left or seen.as_of) - stay.entered).days
            for stay in stays_of(seen, deal):
                is_open = stay.stage and self.facts.stages[deal.pipeline, stay.stage].kind == "open"
                if is_open and stay.stage not in entered and stay.left:
                    came = {"pushed": None, "overdue": None} | _came(deal, stay.entered, stay.left, self.limits)
                    past = Past(outcome == "won", (stay.left - stay.entered).days, altogether[stay.stage], came)
                    found[deal.pipeline, deal.track, stay.stage].append(past)
                entered.add(stay.stage)
        return found


def _came(deal: Deal, entered: date, left: date, limits: dict[str, float]) -> dict[str, int]:
    """The day of the stay on which it was first past its close date, and first pushed so often."""
    found: dict[str, int] = {}
    pushed = pushes(deal)[int(limits["pushes"]) - 1 :]
    if pushed and max(pushed[0], entered) < left:
        found["pushed"] = (max(pushed[0], entered) - entered).days
    for step, until in zip(deal.steps, [one.day for one in deal.steps[1:]] + [left], strict=True):
        if step.after.outcome == "open" and step.after.expected_close:
            late = step.after.expected_close + timedelta(days=1 + int(limits["overdue_days"]))
            first = max(step.day, entered, late)
            if first < min(until, left):
                found["overdue"] = min(found.get("overdue", (left - entered).days), (first - entered).days)
    return found


def pushes(deal: Deal) -> list[date]:
    """The days on which its expected close went later while it was open."""
    return [
        step.day
        for step in deal.steps
        if step.before is not None
        and step.before.outcome == "open"
        and step.before.expected_close is not None
        and step.after.expected_close is not None
        and step.after.expected_close > step.before.expected_close
    ]


def _cases(stays: list[Past], rule: str) -> Cases:
    """Each deal in the state beside those still there that day that had not come into it; none there: no case."""
    found = Cases()
    for stay in stays:
        day = stay.came[rule]
        if day is None:
            continue
        like = [one for one in stays if one.lasted > day and (one.came[rule] is None or one.came[rule] > day)]
        if like:
            found += Cases(1, int(stay.is_won), sum(one.is_won for one in like) / len(like))
    return found


def _sum(cases: Iterable[Cases]) -> Cases:
    found = Cases()
    for one in cases:
        found += one
    return found


def weighted(facts: Facts, deal: Deal, as_of: date) -> Decimal | None:
    """Amount × probability of its stage; None where one of them is not known."""
    state = deal.on(as_of)
    amount = facts.in_base(state.amount, deal.currency, as_of)
    stage = deal.stage_on(as_of, facts.last_day)
    probability = facts.stages[deal.pipeline, stage].probability if stage else None
    if amount in (None, MISSING_RATE) or probability is None:
        return None
    return to_cent(amount * probability)


def one_line_each(rows: list[dict]) -> Iterator[dict]:
    """One line per subject: of a deal what its rules and its requests say together, the largest value, the longest."""
    of_subject: dict[tuple, list[dict]] = defaultdict(list)
    for row in rows:
        deal = row.get("opportunity_id")
        subject = ("opportunity", deal) if deal else (row["subject_kind"], row["subject_id"])
        of_subject[subject].append(row)
    for (kind, key), own in of_subject.items():
        values = [row["value_at_risk"] for row in own if row["value_at_risk"] is not None]
        days = [row["days"] for row in own if row["days"] is not None]
        yield {
            "subject_kind": kind,
            "subject_id": key,
            "value_at_risk": max(values, default=None),
            "rules": sorted({row["rule"] for row in own}),
            "days": max(days, default=None),
        }
