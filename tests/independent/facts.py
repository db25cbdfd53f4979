"""A folder of contract CSVs, as read: stages, regions, postings, rates, targets and the last day."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

CENT = Decimal("0.01")
MISSING_RATE = "missing rate"

# The columns in which something happened, as opposed to what is planned, expected, due, booked or a rate.
HAPPENED = {
    "rep": ("hired_on", "left_on"),
    "account": ("created_on",),
    "opportunity": ("created_on", "closed_on"),
    "opportunity_history": ("changed_at",),
    "lead": ("created_on", "qualified_on", "accepted_on", "converted_on", "disqualified_on"),
    "activity": ("created_on", "completed_at"),
    "payment": ("received_on",),
    "account_score": ("assessed_on",),
    "closeness_score": ("assessed_on",),
    "account_need": ("assessed_on",),
    "opportunity_score": ("assessed_on",),
    "opening": ("assessed_on",),
    "rep_score": ("assessed_on",),
    "account_goal": ("done_on", "created_on"),
    "support_booking": ("booked_on",),
    "support_request": ("requested_on", "decided_on"),
}


def to_cent(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


@lru_cache(maxsize=100_000)
def day_of(cell: str) -> date | None:
    return datetime.fromisoformat(cell).date() if cell else None


def money_of(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


@dataclass(frozen=True)
class Stage:
    """One stage; `rank` is 1…K among the open stages of its pipeline, K + 1 for won, None for lost."""

    pipeline: str
    name: str
    position: int
    kind: str
    rank: int | None
    probability: Decimal | None


Made = TypeVar("Made")


@lru_cache(maxsize=2)
def _kept(folder: Path, base_currency: str, written: frozenset) -> dict:
    """What was read and replayed of a folder, until a file is written anew. Every rule begins with it."""
    return {}


class Facts:
    """Everything in one folder. A table without a file has no rows. Nobody changes what is read."""

    def __init__(self, folder: Path, base_currency: str):
        self.folder = folder
        self.base_currency = base_currency
        stamps = ((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in folder.glob("*.csv"))
        self._made = _kept(folder, base_currency, frozenset(stamps))

    def once(self, make: Callable[["Facts"], Made]) -> Made:
        """What this makes of the folder, made once."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]

    def rows(self, table: str) -> list[dict[str, str]]:
        if table not in self._made:
            file = self.folder / f"{table}.csv"
            self._made[table] = []
            if file.exists():
                with file.open(encoding="utf-8", newline="") as lines:
                    self._made[table] = list(csv.DictReader(lines))
            if table == "opportunity":  # who was typed in after the closing was created nobody knows when
                for deal in self._made[table]:
                    if deal["closed_on"] and deal["created_on"] > deal["closed_on"]:
                        deal["created_on"] = ""
        return self._made[table]

    def bookings(self, as_of: date) -> list[dict[str, str]]:
        """What was booked by a day; one that is done is known of from its week on."""
        return [
            row
            for row in self.rows("support_booking")
            if not row.get("booked_on")
            or day_of(row["booked_on"]) <= as_of
            or (row.get("done") == "true" and day_of(row["week"]) <= as_of)
        ]

    @cached_property
    def assignments(self) -> dict[tuple[str, str, str], list[dict[str, str]]]:
        """By kind and key of what was assigned, and role."""
        found: dict[tuple[str, str, str], list[dict[str, str]]] = {}
        for row in self.rows("assignment"):
            found.setdefault((row["subject_kind"], row["subject_id"], row["role"]), []).append(row)
        return found

    @cached_property
    def stages(self) -> dict[tuple[str, str], Stage]:
        found = {}
        rows = self.rows("stage")
        for pipeline in {row["pipeline"] for row in rows}:
            own = [row for row in rows if row["pipeline"] == pipeline]
            own.sort(key=lambda row: int(row["position"]))
            in_order = [row["stage"] for row in own if row["kind"] == "open"]
            for row in own:
                ranks = {"won": len(in_order) + 1, "lost": None}
                rank = in_order.index(row["stage"]) + 1 if row["kind"] == "open" else ranks[row["kind"]]
                found[pipeline, row["stage"]] = Stage(
                    pipeline,
                    row["stage"],
                    int(row["position"]),
                    row["kind"],
                    rank,
                    Decimal(row["probability"]) if row["probability"] else None,
                )
        return found

    def open_and_won(self, pipeline: str) -> list[Stage]:
        """The open stages of a pipeline and its won stage, by rank."""
        own = [stage for stage in self.stages.values() if stage.pipeline == pipeline and stage.rank]
        return sorted(own, key=lambda stage: stage.rank)

    @cached_property
    def last_day(self) -> date:
        days = [
            day_of(row[column])
            for table, columns in HAPPENED.items()
            for row in self.rows(table)
            for column in columns
            if row.get(column)
        ]
        return max(days)

    # --- regions and people -------------------------------------------------------------------------------

    @cached_property
    def _parents(self) -> dict[str, str]:
        return {row["region_id"]: row["parent_id"] for row in self.rows("region")}

    def within(self, region: str) -> set[str]:
        """The region and all below it."""
        if region not in self._within:
            self._within[region] = self._region_and_below(region)
        return self._within[region]

    @cached_property
    def _within(self) -> dict[str, set[str]]:
        return {}

    def _region_and_below(self, region: str) -> set[str]:
        found = set()
        for candidate in self._parents:
            above = candidate
            while above:
                if above == region:
                    found.add(candidate)
                above = self._parents[above]
        return found

    @cached_property
    def _postings(self) -> dict[str, list[tuple[date, str]]]:
        postings: dict[str, list[tuple[date, str]]] = {}
        for row in self.rows("rep_history"):
            postings.setdefault(row["rep_id"], []).append((day_of(row["from_on"]), row["region_id"]))
        return {rep: sorted(own) for rep, own in postings.items()}

    @cached_property
    def _regions_today(self) -> dict[str, str]:
        return {row["rep_id"]: row["region_id"] for row in self.rows("rep")}

    def region_of_rep(self, rep: str, day: date) -> str | None:
        """The posting of that day, else what `rep` says."""
        started = [region for from_on, region in self._postings.get(rep, []) if from_on <= day]
        return (started[-1] if started else self._regions_today.get(rep)) or None

    def postings_of(self, rep: str | None) -> list[date]:
        """The days on which a posting of the rep starts."""
        return [from_on for from_on, _ in self._postings.get(rep, [])]

    # --- money --------------------------------------------------------------------------------------------

    @cached_property
    def _rates(self) -> dict[str, list[tuple[date, Decimal]]]:
        rates: dict[str, list[tuple[date, Decimal]]] = {}
        for row in self.rows("exchange_rate"):
            rates.setdefault(row["currency"], []).append((day_of(row["valid_from"]), Decimal(row["rate"])))
        return {currency: sorted(own) for currency, own in rates.items()}

    def in_base(self, amount: Decimal | None, currency: str, day: date) -> Decimal | str | None:
        """The amount in base currency, half up to the cent; None without one, or MISSING_RATE."""
        if amount is None:
            return None
        if currency in ("", self.base_currency):
            return to_cent(amount)
        valid = [rate for valid_from, rate in self._rates.get(currency, []) if valid_from <= day]
        return to_cent(amount * valid[-1]) if valid else MISSING_RATE

    # --- targets ------------------------------------------------------------------------------------------

    def targets(self, start: date, end: date) -> list[tuple[str, str | None, Decimal]]:
        """(rep, region, amount) of every target row of a month that touches the days; by its days in them."""
        found = []
        for row in self.rows("target"):
            month = day_of(row["month"])
            next_month = (month + timedelta(days=31)).replace(day=1)
            days = (min(end + timedelta(days=1), next_month) - max(start, month)).days
            if days > 0:
                share = Decimal(row["amount"]) * days / (next_month - month).days
                region = row["region_id"] or self.region_of_rep(row["rep_id"], month)
                found.append((row["rep_id"], region, to_cent(share)))
        return found


def total(amounts: list[Decimal | str | None]) -> Decimal | None:
    """The sum of what has an amount. None where a rate is missing, or where deals are there but no amount."""
    if MISSING_RATE in amounts:
        return None
    known = [amount for amount in amounts if amount is not None]
    if amounts and not known:
        return None
    return sum(known, Decimal(0))
