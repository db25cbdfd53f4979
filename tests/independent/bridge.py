"""`report bridge`: what moved the open pipeline between two days, row by row, to the cent."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from .deals import LEFT_OUT_REASONS, Deal, State, Step, replay
from .facts import MISSING_RATE, Facts
from .readings import scope_of
from .scopes import Asked, View, view

BARS = (
    "opening",
    "created",
    "reopened",
    "amount_up",
    "amount_down",
    "moved_in",
    "moved_out",
    "won",
    "lost",
    "left_out",
    "removed",
    "closing",
)


def bridge(folder: Path, asked: Asked, base_currency: str, today: date) -> dict:
    facts = Facts(folder, base_currency)
    deals = replay(facts)
    seen = view(facts, deals, asked, today)
    bars: dict[str, list[Decimal | str]] = {name: [] for name in BARS}
    for deal in deals:
        for name, amount in _contributions(seen, deal):
            bars[name].append(amount)
    return {
        "report": "bridge",
        "scope": scope_of(seen),
        "values": {name: None if MISSING_RATE in moved else sum(moved, Decimal(0)) for name, moved in bars.items()},
        "rates_of": str(seen.flow_end),
    }


def _contributions(seen: View, deal: Deal):
    """(bar, signed amount at the last day's rate) of one deal."""

    def worth(state: State) -> Decimal | str:
        amount = seen.facts.in_base(state.amount, deal.currency, seen.flow_end)
        return Decimal(0) if amount is None else amount

    # As of a day before the period nothing of it is known yet: it opens, and closes, as on that day.
    for name, day in (("opening", min(seen.day_before, seen.flow_end)), ("closing", seen.flow_end)):
        state = deal.on(day)
        if state and state.outcome == "open" and seen.has(deal, state, day):
            yield name, worth(state)
    for step in _with_postings(seen, deal):
        if seen.start <= step.day <= seen.flow_end:
            yield from _moved(seen, deal, step, worth)


def _with_postings(seen: View, deal: Deal) -> list[Step]:
    """The deal's steps, and before those of a day on which its owner's posting starts, a step of its own."""
    days = {day for step in deal.steps for day in seen.facts.postings_of(step.after.owner)}
    arrivals = []
    for day in days:
        earlier = [step.after for step in deal.steps if step.day < day]
        if earlier and day in seen.facts.postings_of(earlier[-1].owner):
            arrivals.append(Step(day, earlier[-1], earlier[-1]))
    return sorted(arrivals + deal.steps, key=lambda step: step.day)  # stable: the posting comes first


def _moved(seen: View, deal: Deal, step: Step, worth):
    """A row is read as amount first, then move, then stage."""
    before, after = step.before, step.after
    is_in = seen.has(deal, after, step.day)
    if before is None:
        if is_in:
            yield "created", worth(after)
    elif before.outcome == "open":
        is_posting = before is after
        was_in = seen.has(deal, before, step.day if not is_posting else _day_before(step.day))
        if was_in and before.amount != after.amount:
            yield from _amount_change(before, after, worth)
        if was_in and not is_in:
            yield "moved_out", _negative(worth(after))
        if is_in and not was_in:
            yield "moved_in", worth(after)
    elif is_in and after.outcome != before.outcome:
        yield "reopened", worth(after)
    closes = after.outcome != "open" and (before is None or before.outcome != after.outcome)
    if is_in and closes:
        is_left_out = after.outcome == "lost" and deal.loss_reason in LEFT_OUT_REASONS
        is_left_out = is_left_out and not seen.asked.with_left_out
        yield "left_out" if is_left_out else after.outcome, _negative(worth(after))


def _amount_change(before: State, after: State, worth):
    rises = before.amount is None or after.amount > before.amount
    old, new = worth(before), worth(after)
    change = MISSING_RATE if MISSING_RATE in (old, new) else new - old
    yield "amount_up" if rises else "amount_down", change


def _negative(amount: Decimal | str) -> Decimal | str:
    return amount if amount == MISSING_RATE else -amount


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
