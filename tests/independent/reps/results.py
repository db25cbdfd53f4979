"""`report reps` and `report activity`, straight from the words: what each rep did, planned, owns and won."""

import statistics
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tests.independent.deals import replay
from tests.independent.facts import Facts, day_of, total
from tests.independent.readings import _closed, _closed_amounts, ratio, scope_of
from tests.independent.reps.activities import Activity, activities
from tests.independent.scopes import Asked, view

KEYS = (
    "completed",
    "planned_done_on_time",
    "planned_done_late",
    "planned_overdue",
    "meetings_held",
    "accounts_owned",
    "accounts_touched",
)


def activity(folder: Path, asked: Asked, base: str, today: date) -> dict:
    """Completed activities by rep, week, kind and origin; rows by these."""
    reading = _Reading(folder, asked, base, today)
    counts = Counter(
        (one.rep, one.done - timedelta(days=one.done.weekday()), one.kind, one.origin or None)
        for one in reading.completed
    )
    rows = {
        f"{rep}/{week}/{kind}/{origin}": {
            "rep_id": rep, "week": str(week), "kind": kind, "origin": origin, "completed": n,
        }
        for (rep, week, kind, origin), n in counts.items()
    }  # fmt: skip
    return {"report": "activity", "scope": scope_of(reading.seen), "rows": rows}


def reps(folder: Path, asked: Asked, base: str, today: date) -> dict:
    """The rows of `report reps` by rep, without life_stage and repeat_share."""
    reading = _Reading(folder, asked, base, today)
    rows = {rep["rep_id"]: reading.row(rep) for rep in reading.facts.rows("rep")}
    shown = {key: row for key, row in rows.items() if row is not None}
    return {"report": "reps", "scope": scope_of(reading.seen), "rows": shown}


class _Reading:
    """One question about one folder."""

    def __init__(self, folder: Path, asked: Asked, base: str, today: date):
        self.facts = Facts(folder, base)
        self.deals = replay(self.facts)
        self.asked = asked
        self.seen = view(self.facts, self.deals, asked, today)
        self.all = activities(self.facts)
        self.accounts = {row["account_id"]: row for row in self.facts.rows("account")}
        self.of_key = {deal.key: deal for deal in self.deals}
        self.owners = self._owners()
        self.completed, self.planned = self._completed(), self._planned()
        self.wins = self._wins()
        self.targets: dict[tuple, list[tuple]] = {}
        self.region_names = {row["region_id"]: row["name"] for row in self.facts.rows("region")}

    # --- activities ---------------------------------------------------------------------------------------

    def _completed(self) -> list[Activity]:
        return [
            one
            for one in self.all
            if self.seen.in_flow(one.done)
            and self.seen.sees_region(self.facts.region_of_rep(one.rep, one.done))
            and self._is_about(one)
        ]

    def _planned(self) -> list[Activity]:
        return [
            one
            for one in self.all
            if self.seen.in_flow(one.first_planned)
            and (one.entered is None or one.entered <= self.seen.as_of)
            and self.seen.sees_region(self.facts.region_of_rep(one.rep, one.first_planned))
            and self._is_about(one)
        ]

    def _is_about(self, one: Activity) -> bool:
        """Whether the activity is one of the owner asked for, and its deal and account are as asked."""
        asked = self.asked
        if asked.owner not in (None, one.rep):
            return False
        if asked.segment and asked.segment != self._segment(one.account):
            return False
        wanted = {
            name: getattr(asked, name) for name in ("pipeline", "track", "product", "source") if getattr(asked, name)
        }
        deal = self.of_key.get(one.deal)
        return not wanted or (deal is not None and all(getattr(deal, name) == its for name, its in wanted.items()))

    def _segment(self, account: str) -> str:
        row = self.accounts.get(account, {})
        return row.get("industry") or row.get("customer_class") or ""

    def state(self, one: Activity) -> str:
        as_of = self.seen.as_of
        if one.done and one.done <= as_of:
            return "on time" if one.done <= one.first_planned else "late"
        if one.cancelled and one.cancelled <= as_of:
            return "cancelled"
        return "overdue" if one.first_planned < as_of else "due"

    # --- accounts -----------------------------------------------------------------------------------------

    def _owners(self) -> dict[str, str]:
        """Who owns each account on the as-of date."""
        as_of, owners = self.seen.as_of, {}
        assigned: dict[str, list[dict]] = {}
        for row in self.facts.rows("assignment"):
            if row["subject_kind"] == "account" and row["role"] == "owner":
                assigned.setdefault(row["subject_id"], []).append(row)
        for key, row in self.accounts.items():
            if key in assigned:
                valid = [
                    (one["from_on"], one["rep_id"])
                    for one in assigned[key]
                    if day_of(one["from_on"]) <= as_of and (not one["to_on"] or day_of(one["to_on"]) > as_of)
                ]
                owners[key] = max(valid)[1] if valid else ""
            elif not row.get("created_on") or day_of(row["created_on"]) <= as_of:
                owners[key] = row.get("owner_id", "")
        return owners

    def accounts_of(self, rep: str) -> list[str]:
        if self.asked.owner not in (None, rep) or not self.is_here(rep):
            return []
        asked = self.asked.segment
        return [
            key for key, owner in self.owners.items() if owner == rep and (not asked or self._segment(key) == asked)
        ]

    def is_here(self, rep: str) -> bool:
        """Whether the rep is posted in the scope on the as-of date."""
        return self.asked.owner in (None, rep) and self.seen.sees_region(self.facts.region_of_rep(rep, self.seen.as_of))

    # --- won and target -----------------------------------------------------------------------------------

    def _wins(self) -> list[tuple[str, date, Decimal | str | None]]:
        """Owner of the closing day, closing day and amount of every deal won by the as-of date."""
        ever = replace(self.seen, start=date.min, end=self.seen.as_of)
        won = _closed(ever, self.deals, "won")
        days = [deal.closed_on(ever.as_of) for deal in won]
        owners = [deal.on(day).owner for deal, day in zip(won, days, strict=True)]
        return list(zip(owners, days, _closed_amounts(ever, won), strict=True))

    def won(self, rep: str, start: date, end: date) -> list[Decimal | str | None]:
        """The amounts of what the rep won in the days."""
        return [amount for owner, day, amount in self.wins if owner == rep and start <= day <= end]

    def target(self, rep: str, start: date, end: date) -> Decimal | None:
        if self.asked.asks_beyond_people_regions_months or self.asked.owner not in (None, rep):
            return None
        if (start, end) not in self.targets:
            self.targets[start, end] = self.facts.targets(start, end)
        rows = [
            amount
            for whose, region, amount in self.targets[start, end]
            if whose == rep and self.seen.sees_region(region)
        ]
        return sum(rows, Decimal(0)) if rows else None

    def swing(self, rep: str) -> float | None:
        """Over calendar quarters that ended by the as-of date and have a target."""
        found, end = [], self.seen.as_of + timedelta(days=1)
        start = date(end.year, (end.month - 1) // 3 * 3 + 1, 1)
        while start.year > 2020 and len(found) < 8:
            end, start = start - timedelta(days=1), _three_months_before(start)
            target = self.target(rep, start, end)
            if target:
                won = total(self.won(rep, start, end))
                found.append(None if won is None else float(won) / float(target))
        if len(found) < 4 or None in found:
            return None
        return ratio(statistics.pstdev(found), statistics.mean(found))

    # --- the row ------------------------------------------------------------------------------------------

    def row(self, rep: dict) -> dict | None:
        key = rep["rep_id"]
        completed = [one for one in self.completed if one.rep == key]
        states = Counter(self.state(one) for one in self.planned if one.rep == key)
        owned = self.accounts_of(key)
        touched = {one.account for one in self.all if one.rep == key and self.seen.in_flow(one.done)}
        won = self.won(key, self.seen.start, self.seen.flow_end)
        won_amount = total(won)
        target = self.target(key, self.seen.start, self.seen.end)
        has_anything = completed or states or owned or won or target is not None
        if not has_anything and not (self.is_here(key) and self._is_employed(rep)):
            return None
        region = self.facts.region_of_rep(key, self.seen.as_of)
        told = {
            "rep_id": key,
            "rep": rep["name"],
            "region": self.region_names.get(region),
            "completed": len(completed),
            "planned_done_on_time": states["on time"],
            "planned_done_late": states["late"],
            "planned_overdue": states["overdue"],
            "meetings_held": sum(one.kind == "meeting" for one in completed),
            "accounts_owned": len(owned),
            "accounts_touched": len(touched & set(owned)),
            "won_amount": won_amount,
            "target_amount": target,
            "attainment": ratio(won_amount, target),
            "attainment_swing": self.swing(key),
        }
        return told if self.all else told | dict.fromkeys(set(KEYS) - {"accounts_owned"})  # a missing table: no data

    def _is_employed(self, rep: dict) -> bool:
        hired, left = day_of(rep.get("hired_on", "")), day_of(rep.get("left_on", ""))
        return not (left and left < self.seen.start) and not (hired and hired > self.seen.as_of)


def _three_months_before(day: date) -> date:
    month = day.year * 12 + day.month - 1 - 3
    return date(month // 12, month % 12 + 1, 1)
