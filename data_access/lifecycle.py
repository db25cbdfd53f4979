"""A deal's life, walked at import, so that no question has to rebuild it: many deals at once, by columns. Pure.

The rules are those of `docs/conventions.md`. A row is read as amount first, then move, then stage; the state on a
day is that at its end; what happens to a closed deal moves nothing.

The first rows of all deals are taken together, then their second ones, and so on. Within, an array has one place per
deal; a text is the number of its label, `NOBODY` where there is none; `NONE` is no number.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from .errors import Refused
from .schema import ALWAYS, FOREVER

NOBODY = -1  # of a label's number: Python's last place, which is where None stands among the labels
NONE = np.iinfo(np.int64).min
OUTCOMES = ("open", "won", "lost")
OPEN, WON, LOST = range(3)
_NOT_CREATED = -1
_REMOVED_DEAL = len(OUTCOMES)  # what a deal may be on a day, and no stage is
_ON_A_DAY = (*OUTCOMES, "removed")
_KINDS = ("created", "reopened", "amount", "moved", "expected_close", "won", "lost", "removed")
_CREATED, _REOPENED, _AMOUNT, _MOVED, _EXPECTED_CLOSE, _WON, _LOST, _REMOVED = range(len(_KINDS))
_BEYOND = 2 * FOREVER  # more than any day


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
    removed_day: int | None = None


class Change(NamedTuple):
    """One row of a deal's history. None: unchanged (in the first row: not yet known)."""

    opportunity_id: str
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


class Lives(NamedTuple):
    """What is stored of deals: per derived table its columns, in their order, as Python's values."""

    creations: list[list]
    spans: list[list]
    entries: list[list]
    movements: list[list]


def live(
    deals: Sequence[Deal],
    changes: Sequence[Change],
    ranks: Mapping[str, Mapping[str, Rank]],
    postings: Postings,
) -> Lives:
    """The stored lives of deals, of one at least. `changes` are theirs, those of one deal together and in order (time,
    then sequence); `ranks` are per pipeline. Raises Refused for a stage that the deal's pipeline does not have.
    """
    labels, now, rows, stages, posted = _numbered(deals, changes, ranks, postings)
    rows = _in_its_own_pipeline(now, rows, stages)
    _refuse_unknown(deals, now, rows, stages, labels)
    has_history = np.bincount(rows["deal"], minlength=len(deals)) > 0
    rows = _from_creation(now, rows, stages, has_history)
    walk = _Walk(now, stages, posted, has_history)
    turn = _count_within(rows["deal"])
    in_turns = np.argsort(turn, kind="stable")
    for these in np.split(in_turns, np.cumsum(np.bincount(turn))[:-1]):
        walk.take({name: column[these] for name, column in rows.items()})
    walk.follow_postings(np.arange(len(deals)), np.where(now["removed"] == NONE, FOREVER - 1, now["removed"]))
    walk.remove(np.flatnonzero(now["removed"] != NONE))
    return walk.stored(labels)


Columns = dict[str, np.ndarray]
_TEXTS = ("stage", "owner", "region")


@dataclass(frozen=True)
class _Stages:
    """Per pipeline and stage: the outcome (NOBODY: the pipeline does not have it), and the rank, NONE for lost."""

    outcome: np.ndarray
    position: np.ndarray


@dataclass(frozen=True)
class _Posted:
    """The stretches of all reps, in the order of reps and days."""

    key: np.ndarray  # rep and first day in one number
    region: np.ndarray
    first: np.ndarray  # per rep its first stretch, and behind the last rep the number of all

    def after(self, rep: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The first stretch of the rep that begins after the day, or the first one of the next rep."""
        return np.searchsorted(self.key, rep * _BEYOND + day, side="right")

    def region_on(self, rep: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The region of a rep on a day; none for an unknown rep."""
        is_known = (rep != NOBODY) & (rep < len(self.first) - 1)
        found = np.full(len(rep), NOBODY)
        rep, day = rep[is_known], day[is_known]
        found[is_known] = self.region[np.maximum(self.after(rep, day) - 1, self.first[rep])]
        return found


def _numbered(deals, changes, ranks, postings) -> tuple[dict[str, np.ndarray], Columns, Columns, _Stages, _Posted]:
    """Labels, deals, changes, stages and postings, as arrays of numbers."""
    now = dict(zip(Deal._fields, zip(*deals, strict=True), strict=True))
    rows = dict(zip(Change._fields, zip(*changes, strict=True) if changes else [()] * len(Change._fields), strict=True))
    reps = [rep for rep, days in postings.days.items() for _ in days]
    days = np.array([day for days in postings.days.values() for day in days], np.int64)
    places = [region for rep in postings.days for region in postings.regions[rep]]
    ids, (deal, of_deal) = _labelled(now["opportunity_id"], rows["opportunity_id"])
    pipelines, (known, pipeline) = _labelled(list(ranks), now["pipeline"])
    stage_labels, (stage, stage_after) = _labelled(now["stage"], rows["stage"])
    owners, (rep, owner, owner_after) = _labelled(reps, now["owner_id"], rows["owner_id"])  # reps with postings first
    regions, (place, region, region_after) = _labelled(places, now["region_id"], rows["region_id"])
    stages = _Stages(
        np.full((len(pipelines), len(stage_labels)), NOBODY), np.full((len(pipelines), len(stage_labels)), NONE)
    )
    for of_pipeline, number in zip(ranks.values(), known, strict=True):
        for s, label in enumerate(stage_labels[:NOBODY]):
            if label in of_pipeline:
                outcome, position = of_pipeline[label]
                stages.outcome[number, s] = OUTCOMES.index(outcome)
                stages.position[number, s] = NONE if position is None else position
    return (
        {"deal": ids, "stage": stage_labels, "owner": owners, "region": regions, "pipeline": pipelines},
        {
            "deal": deal,
            "pipeline": pipeline,
            "stage": stage,
            "amount": _numbers(now["amount"]),
            "expected": _numbers(now["expected_close_day"]),
            "owner": owner,
            "region": region,
            "created": _numbers(now["created_day"]),
            "closed": _numbers(now["closed_day"]),
            "removed": _numbers(now["removed_day"]),
        },
        {
            "deal": of_deal,
            "day": _numbers(rows["day"]),
            "stage": stage_after,
            "amount": _numbers(rows["amount"]),
            "expected": _numbers(rows["expected_close_day"]),
            "owner": owner_after,
            "region": region_after,
        },
        stages,
        _Posted(rep * _BEYOND + days, place, np.searchsorted(rep, np.arange(rep.max(initial=-1) + 2))),
    )


def _labelled(*columns: Sequence[str | None]) -> tuple[np.ndarray, list[np.ndarray]]:
    """The different labels of the columns in the order of their first place, None behind them; and per column the
    number of each cell's label."""
    every = np.empty(sum(map(len, columns)), object)
    every[:] = [label for column in columns for label in column]
    numbers, labels = pd.factorize(every)
    ends = np.cumsum([len(column) for column in columns])
    return np.array([*labels, None], object), np.split(numbers.astype(np.int64), ends[:-1])


def _numbers(values: Sequence[int | None]) -> np.ndarray:
    return np.array([NONE if value is None else value for value in values], np.int64)


def _count_within(deal: np.ndarray) -> np.ndarray:
    """0, 1, 2, … within each deal; the rows of a deal stand together."""
    places = np.arange(len(deal))
    begins = np.append(True, deal[1:] != deal[:-1])[: len(deal)]
    return places - np.maximum.accumulate(np.where(begins, places, 0))


def _in_its_own_pipeline(now: Columns, rows: Columns, stages: _Stages) -> Columns:
    """The rows of the time a deal was in another pipeline without their stage, which is one of that only."""
    stage = rows["stage"]
    is_own = stages.outcome[now["pipeline"][rows["deal"]], stage] != NOBODY
    is_of_another = (stage != NOBODY) & ~is_own & (stages.outcome != NOBODY).any(axis=0)[stage]
    return rows | {"stage": np.where(is_of_another, NOBODY, stage)}


def _refuse_unknown(deals: Sequence[Deal], now: Columns, rows: Columns, stages: _Stages, labels) -> None:
    deal = np.concatenate([now["deal"], rows["deal"]])
    stage = np.concatenate([now["stage"], rows["stage"]])
    is_unknown = (stage != NOBODY) & (stages.outcome[now["pipeline"][deal], stage] == NOBODY)
    if is_unknown.any():
        first = deal[is_unknown].min()
        name = min(labels["stage"][stage[is_unknown & (deal == first)]])
        raise Refused(
            f"Deal {deals[first].opportunity_id} passes through stage {name!r}, which pipeline "
            f"{deals[first].pipeline!r} does not have. Add it to `stage`, or translate it in the mapping."
        )


class Closings(NamedTuple):
    """Of deals whose rows end closed: the place of the row that closed each last, and of the one before whose day that
    closing cannot lie (its reopening, or another closing before it; NOBODY: any day may be)."""

    row: np.ndarray
    not_before: np.ndarray


def last_closings(deal: np.ndarray, outcome: np.ndarray) -> Closings:
    """One place per row, of its deal. `deal` by rows, those of one together and in order; `outcome` after each row."""
    place = np.arange(len(deal))
    is_first = np.append(True, deal[1:] != deal[:-1])[: len(deal)]
    begins = np.flatnonzero(is_first)
    number = np.cumsum(is_first) - 1
    ends = np.append(begins[1:], len(deal)) - 1
    differs = outcome != outcome[ends][number]
    row = np.maximum.reduceat(np.where(differs, place, place[begins][number] - 1), begins)[number] + 1
    was_closed = (place < row) & (outcome != OPEN)
    before = np.maximum.reduceat(np.where(was_closed, place, NOBODY), begins)[number]
    return Closings(row, np.where(before == NOBODY, NOBODY, np.minimum(before + 1, row - 1)))


def _closed_on_its_day(now: Columns, rows: Columns, stages: _Stages) -> np.ndarray:
    """The days of the rows, where a deal says when it closed: its last closing is on that day, what comes before it on
    that day at the latest, and what comes after it then at the earliest. A day before its reopening is that of another
    closing, and nothing for this one."""
    deal, day, place = rows["deal"], rows["day"], np.arange(len(rows["deal"]))
    if not len(deal):
        return day
    said = np.maximum.accumulate(np.where(rows["stage"] != NOBODY, place, NOBODY))
    is_said = said >= place - _count_within(deal)
    outcome = np.where(is_said, stages.outcome[now["pipeline"][deal], rows["stage"][said]], OPEN)
    closings = last_closings(deal, outcome)
    closed, present = now["closed"][deal], stages.outcome[now["pipeline"], now["stage"]][deal]
    counts = (closed != NONE) & (present != OPEN) & (outcome[closings.row] == present)
    counts &= (closings.not_before == NOBODY) | (closed >= day[closings.not_before])
    moved = np.where(place < closings.row, np.minimum(day, closed), np.maximum(day, closed))
    return np.where(counts, np.where(place == closings.row, closed, moved), day)


def _from_creation(now: Columns, rows: Columns, stages: _Stages, has_history: np.ndarray) -> Columns:
    """The rows to walk, a deal's first being its creation, with what no row fills taken from the deal itself."""
    rows = {name: column.copy() for name, column in rows.items()}
    order = 2 * np.arange(len(rows["deal"]))  # with a place behind each row
    first = np.flatnonzero(_count_within(rows["deal"]) == 0)
    deal, began = rows["deal"][first], rows["day"][first]
    rows["day"] = _closed_on_its_day(now, rows, stages)
    moved = rows["day"][first] - began
    is_filled = {}
    for name in ("stage", "amount", "expected", "owner", "region"):
        nothing = NOBODY if name in _TEXTS else NONE
        is_filled[name] = np.bincount(rows["deal"], rows[name] != nothing, len(has_history)) > 0
        if name != "stage":
            rows[name][first] = np.where(is_filled[name][deal], rows[name][first], now[name][deal])
    is_closed = stages.outcome[now["pipeline"], now["stage"]] != OPEN
    # a history of owners or amounts alone
    rows["stage"][first] = np.where(
        is_filled["stage"][deal] | is_closed[deal], rows["stage"][first], now["stage"][deal]
    )
    more = []
    closes = is_closed & (now["closed"] != NONE)
    # Who was typed in after the closing was created nobody knows when.
    created_on = np.where(closes & (now["created"] > now["closed"]), NONE, now["created"])
    closing = np.flatnonzero(closes & has_history & ~is_filled["stage"])
    behind = np.searchsorted(rows["deal"] * _BEYOND + rows["day"], closing * _BEYOND + now["closed"][closing], "right")
    begins = np.zeros(len(has_history), np.int64)
    begins[deal] = first
    # where its history begins after it closed, what the first row says holds from then
    is_before = behind == begins[closing]
    rows["day"][behind[is_before]] = now["closed"][closing[is_before]]
    more.append(_closing(now, closing, 2 * (behind + is_before) - 1))
    created = created_on[deal]
    created = np.where((moved < 0) & (created == NONE), ALWAYS, created)  # its history begins after it closed
    created = np.where(
        (moved > 0) & ((created == NONE) | (created > began)), began, created
    )  # it begins with the closing
    is_late = (created != NONE) & (created < rows["day"][first])
    stage = rows["stage"][first]
    at_an_end = is_late & (stage != NOBODY) & (stages.outcome[now["pipeline"][deal], stage] != OPEN)
    at_an_end |= created == ALWAYS
    before = {name: column[first[at_an_end]] for name, column in rows.items()}
    more.append(
        before
        | {"day": created[at_an_end], "stage": np.full(at_an_end.sum(), NOBODY), "order": order[first[at_an_end]] - 1}
    )
    rows["day"][first] = np.where(is_late & ~at_an_end, created, rows["day"][first])
    without = np.flatnonzero(~has_history)
    start = np.where(created_on[without] == NONE, ALWAYS, created_on[without])
    present = {name: now[name][without] for name in ("deal", "amount", "expected", "owner", "region")}
    more.append(
        present | {"day": start, "stage": np.full(len(without), NOBODY), "order": np.zeros(len(without), np.int64)}
    )
    closing = np.flatnonzero(closes & ~has_history)
    more.append(_closing(now, closing, np.ones(len(closing), np.int64)))
    parts = [rows | {"order": order}, *more]
    every = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    sorted_ = np.lexsort((every.pop("order"), every["deal"]))
    return {name: column[sorted_] for name, column in every.items()}


def _closing(now: Columns, deal: np.ndarray, order: np.ndarray) -> Columns:
    nothing = {name: np.full(len(deal), NOBODY if name in _TEXTS else NONE) for name in now if name in _CHANGED}
    return nothing | {"deal": deal, "day": now["closed"][deal], "stage": now["stage"][deal], "order": order}


_CHANGED = ("amount", "expected", "owner", "region")


class _Walk:
    """The states of deals while their rows are taken in order, a row of each at most at a time."""

    def __init__(self, now: Columns, stages: _Stages, posted: _Posted, has_history: np.ndarray):
        self.now, self.stages, self.posted, self.has_history = now, stages, posted, has_history
        count, stage_count = len(has_history), stages.outcome.shape[1]
        self.day = np.full(count, ALWAYS)
        self.outcome = np.full(count, _NOT_CREATED)
        self.stage, self.owner, self.own_region, self.region = (np.full(count, NOBODY) for _ in range(4))
        self.position, self.stage_since, self.amount, self.expected, self.closed, self.created, self.first_amount = (
            np.full(count, NONE) for _ in range(7)
        )
        self.pushes = np.zeros(count, np.int64)
        self.closing_owner, self.closing_region = np.full(count, NOBODY), np.full(count, NOBODY)  # of the closing day
        self.entered = np.zeros((count, stage_count), bool)
        self.advanced = np.full((count, stage_count), NONE)
        self.in_strict_order = np.zeros((count, max(stages.position.max(initial=0), 0) + 1), bool)  # by position
        self.moves: list[Columns] = []
        self.snapshots: list[Columns] = []
        self.stays: list[Columns] = []

    def take(self, row: Columns) -> None:
        """One row of some deals: amount first, then move, then stage."""
        deal, day = row["deal"], row["day"]
        self.follow_postings(deal, day)
        is_new, was_open = self.outcome[deal] == _NOT_CREATED, self.outcome[deal] == OPEN
        before = self._seats(deal)
        self.day[deal] = day
        for state, name in (
            (self.amount, "amount"),
            (self.owner, "owner"),
            (self.own_region, "region"),
            (self.expected, "expected"),
        ):
            is_said = row[name] != (NOBODY if name in _TEXTS else NONE)
            state[deal[is_said]] = row[name][is_said]
        own = self.own_region[deal]
        self.region[deal] = np.where(own != NOBODY, own, self.posted.region_on(self.owner[deal], day))

        new = deal[is_new]
        self.outcome[new] = OPEN
        self.stage_since[new] = self.day[new]
        new = new[self.day[new] != ALWAYS]
        self.created[new] = self.day[new]
        self._move(_CREATED, new)
        self._move_open(deal[was_open], {name: column[was_open] for name, column in before.items()})
        enters = (row["stage"] != NOBODY) & (row["stage"] != self.stage[deal])
        self._enter(deal[enters], row["stage"][enters])
        self._remember(deal)
        # the amount at creation is the first row's; owner and region are known at the end of the day
        self.first_amount[new] = self.amount[new]

    def follow_postings(self, deal: np.ndarray, until: np.ndarray) -> None:
        """An open deal without a region of its own goes where its owner is posted, at the start of the day."""
        owner = self.owner[deal]
        follows = (self.outcome[deal] == OPEN) & (self.own_region[deal] == NOBODY)
        follows &= (owner != NOBODY) & (owner < len(self.posted.first) - 1)
        deal, owner = deal[follows], owner[follows]
        here, end = self.posted.after(owner, self.day[deal]), self.posted.after(owner, until[follows])
        while (goes_on := here < end).any():
            deal, owner, here, end = deal[goes_on], owner[goes_on], here[goes_on], end[goes_on]
            moves = self.posted.region[here] != self.region[deal]
            moved = deal[moves]
            before = self._seats(moved)
            self.day[moved] = self.posted.key[here[moves]] - owner[moves] * _BEYOND
            self.region[moved] = self.posted.region[here[moves]]
            self._move(_MOVED, moved, before)
            self._remember(moved)
            here = here + 1

    def remove(self, deal: np.ndarray) -> None:
        """These deals are no more, from their day on, or from the last one on which anything is told of them."""
        self.day[deal] = np.maximum(self.day[deal], self.now["removed"][deal])
        was_open = deal[self.outcome[deal] == OPEN]
        self._move(_REMOVED, was_open, self._seats(was_open))
        self.outcome[deal], self.stage[deal] = _REMOVED_DEAL, NOBODY
        self.position[deal] = self.closed[deal] = NONE
        self._remember(deal)

    def _seats(self, deal: np.ndarray) -> Columns:
        return {
            "amount": self.amount[deal],
            "owner": self.owner[deal],
            "region": self.region[deal],
            "expected": self.expected[deal],
        }

    def _move_open(self, deal: np.ndarray, before: Columns) -> None:
        after = self._seats(deal)

        def move(kind: int, which: np.ndarray, was: Columns, now: Columns) -> None:
            self._move(kind, deal[which], _where(was, which), _where(now, which))

        differs = {name: before[name] != after[name] for name in before}
        revalued = before | {"amount": after["amount"]}
        move(_AMOUNT, differs["amount"], before, revalued)
        seated = after | {"expected": before["expected"]}
        move(_MOVED, differs["owner"] | differs["region"], revalued, seated)
        move(_EXPECTED_CLOSE, differs["expected"], seated, after)
        is_known = (before["expected"] != NONE) & (after["expected"] != NONE)
        self.pushes[deal] += is_known & (after["expected"] > before["expected"])

    def _enter(self, deal: np.ndarray, stage: np.ndarray) -> None:
        """A change of stage: the stay it begins and ends, and the closing or reopening it may be."""
        was, now = self.outcome[deal], self.stages.outcome[self.now["pipeline"][deal], stage]
        position = self.stages.position[self.now["pipeline"][deal], stage]
        self._move(_REOPENED, deal[(was != OPEN) & (now != was)])
        for outcome, kind in ((WON, _WON), (LOST, _LOST)):
            closed = deal[(now == outcome) & (now != was)]
            self._move(kind, closed, self._seats(closed))
            self.closed[closed] = self.day[closed]
        self.closed[deal[now == OPEN]] = NONE
        kept = self.has_history[deal]
        self._stay(deal[kept], stage[kept], position[kept])
        self.outcome[deal], self.stage[deal], self.position[deal] = now, stage, position
        self.stage_since[deal] = self.day[deal]

    def _stay(self, deal: np.ndarray, stage: np.ndarray, position: np.ndarray) -> None:
        is_first = ~self.entered[deal, stage]
        is_ranked = position != NONE
        below = np.where(is_ranked, position - 1, 0)
        is_strict = is_first & is_ranked & ((position == 1) | self.in_strict_order[deal, below])
        pipeline, advanced = self.now["pipeline"][deal], self.advanced[deal]
        advances = self.entered[deal] & (self.stages.outcome[pipeline] == OPEN) & (advanced == NONE)
        advances &= is_ranked[:, None] & (position[:, None] > self.stages.position[pipeline])
        self.advanced[deal] = np.where(advances, self.day[deal][:, None], advanced)
        self.entered[deal, stage] = True
        self.in_strict_order[deal[is_strict], position[is_strict]] = True
        self.stays.append(
            {
                "deal": deal,
                "stage": stage,
                "position": position,
                "day": self.day[deal],
                "is_first": is_first,
                "is_strict": is_strict,
            }
        )

    def _move(self, kind: int, deal: np.ndarray, before: Columns | None = None, after: Columns | None = None) -> None:
        """`before` none: it appears; `after` none: as things are now."""
        after = self._seats(deal) if after is None else after
        row = {"deal": deal, "day": self.day[deal], "kind": np.full(len(deal), kind)}
        for name, values in after.items():
            nothing = np.full(len(deal), NOBODY if name in _TEXTS else NONE)
            row[f"{name}_before"] = nothing if before is None else before[name]
            row[f"{name}_after"] = values
        self.moves.append(row)

    def _remember(self, deal: np.ndarray) -> None:
        """The state so far, as that of the end of the day unless a later row of the day replaces it."""
        closed, day = self.closed[deal], self.day[deal]
        seated = deal[(closed == NONE) | (closed == day)]
        self.closing_owner[seated], self.closing_region[seated] = self.owner[seated], self.region[seated]
        stage = self.stage[deal]
        self.snapshots.append(
            {
                "deal": deal,
                "day": day,
                "outcome": self.outcome[deal],
                "stage": stage,
                "position": self.position[deal],
                "stage_since": np.where(stage == NOBODY, NONE, self.stage_since[deal]),
                "amount": self.amount[deal],
                "expected": self.expected[deal],
                "pushes": self.pushes[deal],
                "owner": self.closing_owner[deal],
                "region": self.closing_region[deal],
                "closed": closed,
            }
        )

    def stored(self, labels: dict[str, np.ndarray]) -> Lives:
        """The rows of the derived tables, by columns."""
        spans = self._spans()
        return Lives(
            self._creations(spans, labels),
            self._spans_stored(spans, labels),
            self._entries_stored(labels),
            self._movements_stored(labels),
        )

    def _spans(self) -> Columns:
        """The last snapshot of each deal and day, in order."""
        every = _joined(self.snapshots)
        every = _where(every, np.lexsort((every["day"], every["deal"])))  # stable: the last of a day stays the last
        follows = (every["deal"][1:] == every["deal"][:-1]) & (every["day"][1:] == every["day"][:-1])
        return _where(every, np.append(~follows, True))

    def _creations(self, spans: Columns, labels: dict[str, np.ndarray]) -> list[list]:
        at_creation = _where(spans, spans["day"] == self.created[spans["deal"]])
        deal, day = at_creation["deal"], at_creation["day"]
        return [
            _named(labels["deal"], deal),
            day.tolist(),
            _month_of(day).tolist(),
            _plain(self.first_amount[deal]),
            _named(labels["owner"], at_creation["owner"]),
            _named(labels["region"], at_creation["region"]),
        ]

    def _spans_stored(self, spans: Columns, labels: dict[str, np.ndarray]) -> list[list]:
        deal, day, closed = spans["deal"], spans["day"], spans["closed"]
        created, pipeline, stage = self.created[deal], self.now["pipeline"][deal], self.now["stage"][deal]
        has_present = ~self.has_history[deal] & (closed == NONE) & (self.stages.outcome[pipeline, stage] == OPEN)
        has_present &= spans["outcome"] != _REMOVED_DEAL
        is_closed = closed != NONE
        return [
            _named(labels["deal"], deal),
            day.tolist(),
            _following(deal, day, FOREVER).tolist(),
            _named(np.array(_ON_A_DAY, object), spans["outcome"]),
            _named(labels["stage"], spans["stage"]),
            _plain(spans["position"]),
            _named(labels["stage"], np.where(has_present, stage, NOBODY)),
            _plain(np.where(has_present, self.stages.position[pipeline, stage], NONE)),
            self.has_history[deal].tolist(),
            _plain(spans["stage_since"]),
            _plain(spans["amount"]),
            _plain(spans["expected"]),
            spans["pushes"].tolist(),
            _named(labels["owner"], spans["owner"]),
            _named(labels["region"], spans["region"]),
            _plain(closed),
            _plain(np.where(is_closed, _month_of(np.where(is_closed, closed, 1)), NONE)),
            _plain(created),
            _plain(np.where(is_closed & (created != NONE), closed - np.where(is_closed, created, 0), NONE)),
        ]

    def _entries_stored(self, labels: dict[str, np.ndarray]) -> list[list]:
        stays = _in_order_of_deals(_joined(self.stays))
        deal, stage, ordinal = stays["deal"], stays["stage"], _count_within(stays["deal"]) + 1
        outcome = self.stages.outcome[self.now["pipeline"][deal], stage]
        outcomes = np.array([*OUTCOMES, None], object)
        until = np.where(self.outcome == _REMOVED_DEAL, self.day, FOREVER)[deal]
        return [
            _named(labels["deal"], deal),
            ordinal.tolist(),
            _named(labels["stage"], stage),
            _named(outcomes, outcome),
            _plain(stays["position"]),
            stays["day"].tolist(),
            np.minimum(_following(deal, stays["day"], FOREVER), until).tolist(),
            _named(labels["stage"], _preceding(deal, stage)),
            _named(outcomes, _preceding(deal, outcome)),
            stays["is_first"].tolist(),
            stays["is_strict"].tolist(),
            _plain(np.where(stays["is_first"], self.advanced[deal, stage], NONE)),
        ]

    def _movements_stored(self, labels: dict[str, np.ndarray]) -> list[list]:
        moves = _in_order_of_deals(_joined(self.moves))
        return [
            _named(labels["deal"], moves["deal"]),
            (_count_within(moves["deal"]) + 1).tolist(),
            moves["day"].tolist(),
            _month_of(moves["day"]).tolist(),
            _named(np.array(_KINDS, object), moves["kind"]),
            _plain(moves["amount_before"]),
            _plain(moves["amount_after"]),
            _named(labels["owner"], moves["owner_before"]),
            _named(labels["owner"], moves["owner_after"]),
            _named(labels["region"], moves["region_before"]),
            _named(labels["region"], moves["region_after"]),
            _plain(moves["expected_before"]),
            _plain(moves["expected_after"]),
        ]


def _joined(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}


def _where(rows: Columns, which: np.ndarray) -> Columns:
    return {name: column[which] for name, column in rows.items()}


def _in_order_of_deals(rows: Columns) -> Columns:
    """Those of a deal stay in the order in which they happened."""
    return _where(rows, np.argsort(rows["deal"], kind="stable"))


def _following(deal: np.ndarray, values: np.ndarray, last: int) -> np.ndarray:
    """The value in the deal's next row."""
    following = np.append(values[1:], last)[: len(values)]
    return np.where(np.append(deal[1:] == deal[:-1], False)[: len(deal)], following, last)


def _preceding(deal: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """The label's number in the deal's row before."""
    preceding = np.append(NOBODY, numbers[:-1])[: len(numbers)]
    return np.where(np.append(False, deal[1:] == deal[:-1])[: len(deal)], preceding, NOBODY)


def _named(labels: np.ndarray, numbers: np.ndarray) -> list:
    return labels[numbers].tolist()


def _plain(numbers: np.ndarray) -> list:
    values = numbers.astype(object)
    values[numbers == NONE] = None
    return values.tolist()


_DAY_0 = 719_163  # date(1970, 1, 1).toordinal(), from which numpy counts


def _month_of(day: np.ndarray) -> np.ndarray:
    """The ordinal of the first day of a day's month."""
    months = (day - _DAY_0).astype("datetime64[D]").astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64) + _DAY_0


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
