"""Each deal's life, replayed row by row: what it was at the end of any day."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from .facts import Facts, day_of, money_of

LEFT_OUT_REASONS = ("qualified_out", "duplicate")
HISTORY_COLUMNS = ("stage", "amount", "expected_close_on", "owner_id", "region_id")


@dataclass(frozen=True)
class State:
    """A deal after one of its rows. stage None: open in no known stage. region: one of its own only."""

    outcome: str
    stage: str | None
    amount: Decimal | None
    owner: str | None
    region: str | None
    expected_close: date | None


@dataclass(frozen=True)
class Step:
    """One row replayed; before is None at the creation."""

    day: date
    before: State | None
    after: State


@dataclass(frozen=True)
class Deal:
    """One deal. created is None where nobody knows; it is then open from always (date.min)."""

    key: str
    pipeline: str
    track: str
    currency: str
    product: str
    source: str
    segment: str
    loss_reason: str
    has_history: bool
    present_stage: str
    created: date | None
    steps: list[Step] = field(hash=False)

    def on(self, day: date) -> State | None:
        """The state at the end of the day; None before the deal."""
        past = [step.after for step in self.steps if step.day <= day]
        return past[-1] if past else None

    def outcome_on(self, day: date) -> str | None:
        state = self.on(day)
        return state.outcome if state else None

    def stage_on(self, day: date, last_day: date) -> str | None:
        """The stage at the end of the day; without history the present one, on the last day or later."""
        state = self.on(day)
        if state is None:
            return None
        if not self.has_history and state.outcome == "open" and day >= last_day:
            return self.present_stage
        return state.stage

    def closed_on(self, as_of: date) -> date | None:
        """The day of the closing that stands on the as-of date."""
        if self.outcome_on(as_of) not in ("won", "lost"):
            return None
        closings = [
            step.day
            for step in self.steps
            if step.day <= as_of
            and step.after.outcome in ("won", "lost")
            and (step.before is None or step.before.outcome != step.after.outcome)
        ]
        return closings[-1]


def replay(facts: Facts) -> list[Deal]:
    """Every deal of the folder with its steps in order."""
    return facts.once(_replayed)


def _replayed(facts: Facts) -> list[Deal]:
    histories: dict[str, list[dict[str, str]]] = {}
    for row in facts.rows("opportunity_history"):
        histories.setdefault(row["opportunity_id"], []).append(row)
    accounts = {row["account_id"]: row for row in facts.rows("account")}
    return [
        _deal(facts, row, histories.get(row["opportunity_id"], []), accounts.get(row["account_id"], {}))
        for row in facts.rows("opportunity")
    ]


def _deal(facts: Facts, present: dict, history: list[dict], account: dict) -> Deal:
    steps = _with_history(facts, present, history) if history else _without_history(facts, present)
    return Deal(
        key=present["opportunity_id"],
        pipeline=present["pipeline"],
        track=present["track"] or "none",
        currency=present["currency"],
        product=present["product"],
        source=present["source"],
        segment=account.get("industry") or account.get("customer_class") or "",
        loss_reason=present["loss_reason"],
        has_history=bool(history),
        present_stage=present["stage"],
        created=steps[0].day if steps[0].day != date.min else None,
        steps=steps,
    )


def _state(facts: Facts, pipeline: str, cells: dict[str, str]) -> State:
    return State(
        outcome=facts.stages[pipeline, cells["stage"]].kind if cells["stage"] else "open",
        stage=cells["stage"] or None,
        amount=money_of(cells["amount"]),
        owner=cells["owner_id"] or None,
        region=cells["region_id"] or None,
        expected_close=day_of(cells["expected_close_on"]),
    )


def _with_history(facts: Facts, present: dict, history: list[dict]) -> list[Step]:
    history = sorted(
        history,
        key=lambda row: (datetime.fromisoformat(row["changed_at"]), int(row["sequence"] or 0)),
    )
    # A stage of another pipeline, from which the deal came, is none of its own.
    history = [row if (present["pipeline"], row["stage"]) in facts.stages else row | {"stage": ""} for row in history]
    # A column that no row fills has the deal's present value throughout; else it is unknown at first.
    cells = {column: "" if any(row[column] for row in history) else present[column] for column in HISTORY_COLUMNS}
    states = []
    for row in history:
        cells = {column: row[column] or cells[column] for column in HISTORY_COLUMNS}
        states.append(_state(facts, present["pipeline"], cells))
    told = [day_of(row["changed_at"]) for row in history]
    days = _as_it_closed(told, states, facts.stages[present["pipeline"], present["stage"]].kind, present["closed_on"])
    created_on = day_of(present["created_on"])
    if days[0] < told[0] and created_on is None:
        created_on = date.min  # the history begins after the closing: nobody knows when it was created
    if days[0] > told[0]:
        created_on = min(created_on or told[0], told[0])
    steps = _first_steps(days[0], created_on, states[0])
    for day, state in zip(days[1:], states[1:], strict=True):
        steps.append(Step(day, steps[-1].after, state))
    return steps


def _as_it_closed(days: list[date], states: list[State], outcome: str, closed_on: str) -> list[date]:
    """The days of the rows once the last closing stands on `closed_on`.

    What came before it came by then, what came after it came no earlier. Where the deal was reopened, or closed
    another way, after `closed_on`, that day is not of this closing, and the rows stay where they are.
    """
    if not closed_on or outcome == "open" or states[-1].outcome != outcome:
        return days
    closing = len(states) - 1
    while closing > 0 and states[closing - 1].outcome == outcome:
        closing -= 1
    earlier = [place for place in range(closing) if states[place].outcome != "open"]
    day = day_of(closed_on)
    if earlier and day < days[min(earlier[-1] + 1, closing - 1)]:
        return days
    return [min(on, day) for on in days[:closing]] + [day] + [max(on, day) for on in days[closing + 1 :]]


def _first_steps(row_day: date, created_on: date | None, state: State) -> list[Step]:
    """A late first row holds from created_on; late and a closing: open in no known stage until it."""
    if created_on == date.min:
        waiting = replace(state, outcome="open", stage=None)
        return [Step(date.min, None, waiting), Step(row_day, waiting, state)]
    if created_on is None or row_day <= created_on:
        return [Step(row_day, None, state)]
    if state.outcome == "open":
        return [Step(created_on, None, state)]
    waiting = replace(state, outcome="open", stage=None)
    return [Step(created_on, None, waiting), Step(row_day, waiting, state)]


def _without_history(facts: Facts, present: dict) -> list[Step]:
    """Open in no known stage from created_on (empty: from always) until closed_on."""
    now = _state(facts, present["pipeline"], present)
    waiting = replace(now, outcome="open", stage=None)
    steps = [Step(day_of(present["created_on"]) or date.min, None, waiting)]
    if now.outcome != "open":
        steps.append(Step(day_of(present["closed_on"]), waiting, now))
    return steps
