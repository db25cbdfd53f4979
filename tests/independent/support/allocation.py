"""The recommended allocation, straight from the words: who may serve what in which week, the best there is with a
variable per person × request × week, and the two plans it is compared with."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from tests.independent.deals import replay
from tests.independent.facts import MISSING_RATE, Facts, day_of, money_of
from tests.independent.opportunities.cost_of_sale import probability
from tests.independent.scopes import Asked, view
from tests.independent.support.uplift import ASSUMED, judged, uplift

WEEKS = 8


@dataclass(frozen=True)
class Request:
    key: str
    deal: str
    kind: str
    skill: str
    region: str | None
    owner: str | None
    asked: Fraction
    wanted: Fraction
    worth: Fraction  # of the deal
    share: Fraction  # of it that the request moves
    weeks: tuple[date, ...]
    requested_on: date

    @property
    def value(self) -> Fraction:
        """Of an hour."""
        return self.worth * self.share / self.asked


class Support:
    """Everything that the allocation of a folder as of a day rests on."""

    def __init__(self, facts: Facts, as_of: date, assumed: Fraction = ASSUMED):
        self.facts, self.as_of, self.assumed = facts, as_of, assumed
        monday = as_of + timedelta(days=1)
        while monday.weekday():
            monday += timedelta(days=1)
        self.weeks = [monday + timedelta(days=7 * number) for number in range(WEEKS)]

    # --- requests -------------------------------------------------------------------------------------

    @cached_property
    def _deals(self) -> dict:
        return {deal.key: deal for deal in replay(self.facts) if deal.outcome_on(self.as_of) == "open"}

    @cached_property
    def _view(self):
        return view(self.facts, list(self._deals.values()), Asked(self.as_of, self.as_of, self.as_of), self.as_of)

    def _is_open(self, row: dict) -> bool:
        """Asked by the day on an open deal, not turned down or taken back by then, with a coming week in time."""
        decided = row.get("decision") and (not row["decided_on"] or day_of(row["decided_on"]) <= self.as_of)
        return (
            day_of(row["requested_on"]) <= self.as_of
            and row["opportunity_id"] in self._deals
            and not (decided and row["decision"] in ("declined", "withdrawn"))
            and (not row["needed_by"] or day_of(row["needed_by"]) >= self.weeks[0])
        )

    @cached_property
    def _open(self) -> list[dict]:
        return [row for row in self.facts.rows("support_request") if self._is_open(row)]

    @cached_property
    def _ahead(self) -> list[tuple[dict, str | None]]:
        """The bookings from the first coming week on, each with the request it is for."""
        kinds = {row["resource_id"]: row["kind"] for row in self.facts.rows("support_person")}
        found = []
        for row in self.facts.bookings(self.as_of):
            if day_of(row["week"]) >= self.weeks[0]:
                own = [
                    (day_of(one["requested_on"]), one["request_id"])
                    for one in self._open
                    if one["opportunity_id"] == row["opportunity_id"] and one["kind"] == kinds[row["resource_id"]]
                ]
                found.append((row, row.get("request_id") or (min(own)[1] if own else None)))
        return found

    @cached_property
    def requests(self) -> dict[str, Request]:
        """Those of which an hour is known to bring something, and that still want some."""
        margins = {row["opportunity_id"]: row for row in self.facts.rows("opportunity")}
        found, gone = {}, self._gone
        for row in self._open:
            deal = self._deals[row["opportunity_id"]]
            margin = self.facts.in_base(money_of(margins[deal.key]["gross_margin"]), deal.currency, self.as_of)
            chance, asked = probability(self.facts, deal, self.as_of), Fraction(row["hours"])
            if margin in (None, MISSING_RATE) or chance is None or not asked:
                continue
            state = deal.on(self.as_of)
            worth = Fraction(chance) * Fraction(margin)
            wanted = asked - gone.get(row["request_id"], 0)
            if worth >= 0 and wanted > 0:
                found[row["request_id"]] = Request(
                    row["request_id"], deal.key, row["kind"], row.get("skill") or "",
                    self._view.region_of(state, self.as_of), state.owner, asked, wanted,
                    worth, self.shares[row["kind"]],
                    tuple(week for week in self.weeks if not row["needed_by"] or week <= day_of(row["needed_by"])),
                    day_of(row["requested_on"]),
                )  # fmt: skip
        together = {one.deal: Fraction(0) for one in found.values()}
        for one in found.values():
            together[one.deal] += one.share
        return {key: replace(one, share=one.share / max(1, together[one.deal])) for key, one in found.items()}

    @cached_property
    def shares(self) -> dict[str, Fraction]:
        """The share of its deal's worth that a request of each kind moves."""
        cases = judged(self.facts, self.as_of)
        kinds = {row["kind"] for row in self.facts.rows("support_request")}
        return {kind: uplift([one for one in cases if one.kind == kind], self.assumed).shrunk for kind in kinds}

    @cached_property
    def _gone(self) -> dict[str, Fraction]:
        """Hours by request that are booked already by the day, or locked."""
        begun = [row for row in self.facts.bookings(self.as_of) if day_of(row["week"]) <= self.as_of]
        counted = [(row, row.get("request_id")) for row in begun]
        counted += [(row, behind) for row, behind in self._ahead if is_true(row.get("locked"))]
        found: dict[str, Fraction] = {}
        for row, behind in counted:
            if behind:
                found[behind] = found.get(behind, Fraction(0)) + Fraction(row["hours"])
        return found

    # --- people ---------------------------------------------------------------------------------------

    @cached_property
    def people(self) -> dict[str, dict]:
        return {row["resource_id"]: row for row in self.facts.rows("support_person")}

    @cached_property
    def available(self) -> dict[tuple[str, date], Fraction]:
        """Hours by person and week: of who is there, less absences, less what is locked."""
        found = {}
        for key, row in self.people.items():
            for week in self.weeks:
                begun = not row["active_from"] or day_of(row["active_from"]) <= week + timedelta(days=6)
                is_there = begun and (not row["active_to"] or day_of(row["active_to"]) >= week)
                found[key, week] = Fraction(row["weekly_hours"]) if is_there else Fraction(0)
        for row in self.facts.rows("support_absence"):
            key = row["resource_id"], day_of(row["week"])
            if key in found:
                found[key] = max(Fraction(0), found[key] - Fraction(row["hours"]))
        for row, _ in self._ahead:
            key = row["resource_id"], day_of(row["week"])
            if key in found and is_true(row.get("locked")):
                found[key] -= Fraction(row["hours"])
        return {key: max(Fraction(0), hours) for key, hours in found.items()}

    def may(self, person: str, request: Request) -> bool:
        row = self.people[person]
        skills = {skill.strip() for skill in (row.get("skills") or "").split(";")}
        if row["kind"] != request.kind or (request.skill and request.skill not in skills):
            return False
        if row.get("reach") == "any" or not row["region_id"]:
            return True
        return request.region in self.facts.within(row["region_id"])

    # --- plans ----------------------------------------------------------------------------------------

    def best(self, favoured: set[str] = frozenset(), tilt: float = 0.0) -> float:
        """The highest Σ hours × value; with a tilt, the better of giving the favoured (requests) their share of the
        hours, and giving them all they can get."""
        value = {key: float(one.value) for key, one in self.requests.items()}
        if not tilt:
            return self._optimum(value)
        most = self._optimum({key: float(key in favoured) for key in value})
        share = self._optimum(value, {key: tilt - (key in favoured) for key in value}, 0.0)
        return max(share, self._optimum(value, {key: -float(key in favoured) for key in value}, 1e-7 - most))

    def _optimum(self, value: dict[str, float], row: dict[str, float] | None = None, limit: float = 0.0) -> float:
        slots = [
            (person, key, week)
            for key, request in self.requests.items()
            for person in self.people
            if self.may(person, request)
            for week in request.weeks
        ]
        if not slots:
            return 0.0
        persons = {key: number for number, key in enumerate(self.available)}
        wanted = {key: len(persons) + number for number, key in enumerate(self.requests)}
        columns = np.arange(len(slots))
        at = [persons[person, week] for person, _, week in slots] + [wanted[key] for _, key, _ in slots]
        matrix = sp.coo_array((np.ones(2 * len(slots)), (at, np.tile(columns, 2))))
        matrix.resize((len(persons) + len(wanted), len(slots)))
        most = [float(hours) for hours in self.available.values()]
        most += [float(request.wanted) for request in self.requests.values()]
        if row is not None:
            matrix = sp.vstack([matrix, sp.coo_array([[row[key] for _, key, _ in slots]])])
            most.append(limit)
        found = linprog([-value[key] for _, key, _ in slots], A_ub=matrix.tocsr(), b_ub=most, method="highs-ipm")
        assert found.status == 0, found.message
        return -found.fun

    def first_come(self) -> Fraction:
        """Requests in the order they were made: each is served as far as is possible, by the first people who may."""
        left, total = dict(self.available), Fraction(0)
        for request in sorted(self.requests.values(), key=lambda one: (one.requested_on, one.key)):
            missing = request.wanted
            for person in sorted(self.people):
                for week in request.weeks if self.may(person, request) else ():
                    hours = min(missing, left[person, week])
                    left[person, week] -= hours
                    missing -= hours
                    total += hours * request.value
        return total

    def today(self) -> Fraction:
        """Today's bookings that are not locked, each its part of what the person has that week: week by week, in the
        order of the requests, in time, and at most what is wanted."""
        total, booked = Fraction(0), {}
        for row, _ in self._ahead:
            if not is_true(row.get("locked")):
                key = row["resource_id"], day_of(row["week"])
                booked[key] = booked.get(key, Fraction(0)) + Fraction(row["hours"])
        missing = {key: request.wanted for key, request in self.requests.items()}
        rows = [(day_of(row["week"]), behind, row["resource_id"], row) for row, behind in self._ahead
                if behind in missing and not is_true(row.get("locked"))]  # fmt: skip
        for week, key, person, row in sorted(rows, key=lambda one: one[:3]):
            if week in self.requests[key].weeks:
                part = min(Fraction(1), self.available[person, week] / (booked[person, week] or 1))
                hours = min(Fraction(row["hours"]) * part, missing[key])
                missing[key] -= hours
                total += hours * self.requests[key].value
        return total

    # --- is a plan one that could be carried out? ------------------------------------------------------

    def broken_by(self, rows: list[dict]) -> list[str]:
        """What the rows of a plan break: hours, skills, reach, or what people have by each deadline."""
        found = []
        for key in {row["request_id"] for row in rows}:
            hours = sum(row["hours"] for row in rows if row["request_id"] == key)
            if hours > float(self.requests[key].wanted) + 1e-6:
                found.append(f"{key} gets {hours}, wants {self.requests[key].wanted}")
        for row in rows:
            if not self.may(row["resource_id"], self.requests[row["request_id"]]):
                found.append(f"{row['resource_id']} may not serve {row['request_id']}")
        for person in {row["resource_id"] for row in rows}:
            for deadline in self.weeks:
                due = sum(row["hours"] for row in rows if row["resource_id"] == person
                          and self.requests[row["request_id"]].weeks[-1] <= deadline)  # fmt: skip
                able = sum(self.available[person, week] for week in self.weeks if week <= deadline)
                if due > float(able) + 1e-6:
                    found.append(f"{person} has {due} hours due by {deadline}, and {able} until then")
        return found


def is_true(cell: str | None) -> bool:
    return str(cell or "").lower() in ("true", "1", "yes")
