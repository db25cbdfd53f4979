"""A deal's life, walked row by row: what an import stores so that no question has to rebuild it. Pure.

The rules are those of `docs/conventions.md`. A row is read as amount first, then move, then stage; the state on a
day is that at its end; what happens to a closed deal moves nothing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import NamedTuple

from .schema import ALWAYS, FOREVER


class Change(NamedTuple):
    """One row of a deal's history. None: unchanged (in the first row: not yet known)."""

    day: int
    stage: str | None
    amount: int | None
    expected_close_day: int | None
    owner_id: str | None
    region_id: str | None


class Rank(NamedTuple):
    """What a stage is: its outcome, and its rank (1..K open, K + 1 won, None lost)."""

    outcome: str
    position: int | None


class Deal(NamedTuple):
    """A deal as it stands now."""

    opportunity_id: str
    pipeline: str
    stage: str
    amount: int | None
    expected_close_day: int | None
    owner_id: str | None
    region_id: str | None
    created_day: int | None
    closed_day: int | None


@dataclass(frozen=True)
class Postings:
    """Where each rep was posted: per rep the first days of the stretches, and their regions."""

    days: Mapping[str, Sequence[int]]
    regions: Mapping[str, Sequence[str | None]]

    def region(self, rep_id: str | None, day: int) -> str | None:
        """The region of a rep on a day; none for an unknown rep."""
        days = self.days.get(rep_id) if rep_id is not None else None
        if rep_id is None or not days:
            return None
        return self.regions[rep_id][max(bisect_right(days, day) - 1, 0)]

    def changes(self, rep_id: str | None, after: int, until: int) -> Sequence[int]:
        """The days in (after, until] on which a new posting begins."""
        days = self.days.get(rep_id, ()) if rep_id is not None else ()
        return days[bisect_right(days, after) : bisect_right(days, until)]


@dataclass
class Life:
    """What is stored of one deal: rows of the derived tables, as tuples in the order of their columns."""

    creation: tuple | None = None
    spans: list[tuple] = field(default_factory=list)
    entries: list[tuple] = field(default_factory=list)
    movements: list[tuple] = field(default_factory=list)


@cache
def month_of(day: int) -> int:
    """The ordinal of the first day of a day's month."""
    return day - date.fromordinal(day).day + 1


def live(deal: Deal, history: Sequence[Change], ranks: Mapping[str, Rank], postings: Postings) -> Life:
    """The stored life of a deal. `history` is in order (time, then sequence); `ranks` those of its pipeline."""
    walk = _Walk(deal, ranks, postings, has_history=bool(history))
    for change in _from_creation(deal, history, ranks):
        walk.take(change)
    return walk.finish()


def _from_creation(deal: Deal, history: Sequence[Change], ranks: Mapping[str, Rank]) -> list[Change]:
    """The rows to walk, the first being the creation, with what no row fills taken from the deal itself."""
    present = Change(ALWAYS, None, deal.amount, deal.expected_close_day, deal.owner_id, deal.region_id)
    is_closed = ranks[deal.stage].outcome != "open" if deal.stage in ranks else False
    closing = [Change(deal.closed_day, deal.stage, None, None, None, None)] if deal.closed_day and is_closed else []
    if not history:
        start = ALWAYS if deal.created_day is None else deal.created_day
        return [present._replace(day=start), *closing]

    rows = list(history)
    is_filled = [any(value is not None for value in column) for column in zip(*rows, strict=True)]
    first = Change._make(
        value if filled else instead for value, filled, instead in zip(rows[0], is_filled, present, strict=True)
    )
    if not is_filled[_STAGE_OF_CHANGE]:  # a history of owners or amounts alone
        if is_closed:
            rows = sorted(rows + closing, key=lambda row: row.day)  # stable: the rows of a day stay in order
        else:
            first = first._replace(stage=deal.stage)
    rows[0] = first
    if deal.created_day is not None and deal.created_day < first.day:
        if first.stage is not None and ranks[first.stage].outcome != "open":
            rows.insert(0, first._replace(day=deal.created_day, stage=None))
        else:
            rows[0] = first._replace(day=deal.created_day)
    return rows


class _Walk:
    """The state of one deal while its rows are taken in order."""

    def __init__(self, deal: Deal, ranks: Mapping[str, Rank], postings: Postings, has_history: bool):
        self.deal, self.ranks, self.postings, self.has_history = deal, ranks, postings, has_history
        self.life = Life()
        self.snapshots: dict[int, tuple] = {}  # end-of-day states, by day
        self.created_day: int | None = None
        self.day = ALWAYS
        self.outcome: str | None = None  # None: not yet created
        self.stage: str | None = None
        self.position: int | None = None
        self.stage_since: int | None = None
        self.amount: int | None = None
        self.expected: int | None = None
        self.pushes = 0
        self.owner: str | None = None
        self.own_region: str | None = None
        self.region: str | None = None
        self.closed_day: int | None = None
        self.closing_seat: tuple[str | None, str | None] = (None, None)  # owner, region of the closing day
        self.stays: list[list] = []  # rows of stage_entry, still open to change

    def take(self, change: Change) -> None:
        """One row: amount first, then move, then stage."""
        self._follow_postings(change.day)
        is_new = self.outcome is None
        before = self.amount, self.owner, self.region, self.expected
        self.day = change.day
        if change.amount is not None:
            self.amount = change.amount
        if change.owner_id is not None:
            self.owner = change.owner_id
        if change.region_id is not None:
            self.own_region = change.region_id
        self.region = self.own_region or self.postings.region(self.owner, change.day)
        if change.expected_close_day is not None:
            self.expected = change.expected_close_day

        if is_new:
            self.outcome = "open"
            self.stage_since = change.day
            if change.day != ALWAYS:
                self.created_day = change.day
                self._move("created", before)
        elif self.outcome == "open":
            self._move_open(before)
        if change.stage is not None and change.stage != self.stage:
            self._enter(change.stage)
        self._remember()
        if is_new and self.created_day is not None:
            # the amount at creation is the first row's; owner and region are known at the end of the day
            self.life.creation = (self.created_day, self.amount)

    def finish(self) -> Life:
        """Postings after the last row, then the stored rows."""
        self._follow_postings(FOREVER - 1)
        days = sorted(self.snapshots)
        self.life.spans = [
            (self.deal.opportunity_id, day, following, *self.snapshots[day])
            for day, following in zip(days, [*days[1:], FOREVER], strict=True)
        ]
        if self.life.creation is not None:
            created_day, amount = self.life.creation
            *_, owner, region = self.snapshots[created_day][:_SEAT_END]
            self.life.creation = (self.deal.opportunity_id, created_day, month_of(created_day), amount, owner, region)
        self.life.entries = [tuple(stay) for stay in self.stays]
        return self.life

    def _follow_postings(self, until: int) -> None:
        """An open deal without a region of its own goes where its owner is posted, at the start of the day."""
        if self.outcome != "open" or self.own_region is not None:
            return
        for day in self.postings.changes(self.owner, self.day, until):
            region = self.postings.region(self.owner, day)
            if region != self.region:
                before = self.amount, self.owner, self.region, self.expected
                self.day, self.region = day, region
                self._move("moved", before)
                self._remember()

    def _move_open(self, before: tuple) -> None:
        amount, owner, region, expected = before
        if self.amount != amount:
            self._move("amount", before, owner_after=owner, region_after=region, expected_after=expected)
        if (owner, region) != (self.owner, self.region):
            self._move("moved", (self.amount, owner, region, expected), expected_after=expected)
        if expected != self.expected:
            self._move("expected_close", (self.amount, self.owner, self.region, expected))
            if expected is not None and self.expected is not None and self.expected > expected:
                self.pushes += 1

    def _enter(self, stage: str) -> None:
        """A change of stage: the stay it begins and ends, and the closing or reopening it may be."""
        outcome, position = self.ranks[stage]
        was, now = self.outcome, outcome
        before = self.amount, self.owner, self.region, self.expected
        if was != "open" and now != was:
            self._move("reopened", before)
        if now != "open" and now != was:
            self._move(now, before)
            self.closed_day = self.day
        if now == "open":
            self.closed_day = None
        if self.has_history:
            self._stay(stage, outcome, position)
        self.outcome, self.stage, self.position, self.stage_since = outcome, stage, position, self.day

    def _stay(self, stage: str, outcome: str, position: int | None) -> None:
        is_first = all(stay[_STAGE] != stage for stay in self.stays)
        is_strict = (
            is_first
            and position is not None
            and (position == 1 or any(s[_STRICT] and s[_POSITION] == position - 1 for s in self.stays))
        )
        if position is not None:
            for stay in self.stays:
                if stay[_FIRST] and stay[_OUTCOME] == "open" and stay[_ADVANCED] is None and position > stay[_POSITION]:
                    stay[_ADVANCED] = self.day
        if self.stays:
            self.stays[-1][_LEFT] = self.day
        known = bool(self.stays)
        self.stays.append(
            [
                self.deal.opportunity_id,
                len(self.stays) + 1,
                stage,
                outcome,
                position,
                self.day,
                FOREVER,
                self.stage if known else None,
                self.outcome if known else None,
                is_first,
                is_strict,
                None,
            ]
        )

    def _move(self, kind: str, before: tuple, **after) -> None:
        amount, owner, region, expected = before
        appears = kind in ("created", "reopened")
        self.life.movements.append(
            (
                self.deal.opportunity_id,
                len(self.life.movements) + 1,
                self.day,
                month_of(self.day),
                kind,
                None if appears else amount,
                self.amount,
                None if appears else owner,
                after.get("owner_after", self.owner),
                None if appears else region,
                after.get("region_after", self.region),
                None if appears else expected,
                after.get("expected_after", self.expected),
            )
        )

    def _remember(self) -> None:
        """The state so far, as that of the end of the day unless a later row of the day replaces it."""
        closed_day = self.closed_day if self.outcome != "open" else None
        if closed_day is None or closed_day == self.day:
            self.closing_seat = self.owner, self.region
        owner, region = self.closing_seat
        present = None if self.has_history or closed_day is not None else self.ranks.get(self.deal.stage)
        if present is not None and present.outcome != "open":
            present = None
        self.snapshots[self.day] = (
            self.outcome,
            self.stage,
            self.position,
            None if present is None else self.deal.stage,
            None if present is None else present.position,
            self.has_history,
            self.stage_since if self.stage is not None else None,
            self.amount,
            self.expected,
            self.pushes,
            owner,
            region,
            closed_day,
            None if closed_day is None else month_of(closed_day),
            self.created_day,
            None if closed_day is None or self.created_day is None else closed_day - self.created_day,
        )


# Places in the rows above that are looked up again.
_SEAT_END = 12  # of a snapshot: up to owner and region
_STAGE_OF_CHANGE = 1
_STAGE, _OUTCOME, _POSITION, _LEFT, _FIRST, _STRICT, _ADVANCED = 2, 3, 4, 6, 9, 10, 11


def rank_stages(stages: Sequence[tuple[str, int, str]]) -> dict[str, Rank]:
    """The ranks of one pipeline's stages, given as (stage, position, kind).

    A stage's rank is its position among the open stages (1..K); won ranks K + 1; lost has none.
    """
    open_positions = sorted({position for _, position, kind in stages if kind == "open"})
    return {
        stage: Rank(
            kind,
            {"open": bisect_left(open_positions, position) + 1, "won": len(open_positions) + 1}.get(kind),
        )
        for stage, position, kind in stages
    }
