"""The stage of each rep, straight from the words: attainment, repeat share, coverage, support, new opportunities."""

import statistics
from datetime import date, timedelta
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path

from tests.independent.deals import LEFT_OUT_REASONS, Deal, replay
from tests.independent.facts import Facts, day_of, total

THRESHOLDS = {
    "affluent_attainment": Fraction(11, 10),
    "affluent_repeat_share": Fraction(1, 2),
    "comfortable_attainment": Fraction(4, 5),
    "comfortable_repeat_share": Fraction(3, 10),
}


def a_year_earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def months_between(start: date, end: date) -> int:
    """Whole months, counted by stepping month by month."""
    months, year, month = 0, start.year, start.month
    while True:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        if (year, month, start.day) > (end.year, end.month, end.day):
            return months
        months += 1


def next_quarters(as_of: date, first_month: int) -> tuple[date, date]:
    """The two fiscal quarters after the running one, month by month."""
    month = as_of.replace(day=1)
    while (month.month - first_month) % 3 or month <= as_of.replace(day=1):
        month = (month + timedelta(days=31)).replace(day=1)
    end = month
    for _ in range(6):
        end = (end + timedelta(days=31)).replace(day=1)
    return month, end - timedelta(days=1)


@cache
def _read(folder: Path, base_currency: str) -> tuple[Facts, list[Deal]]:
    """A folder is asked about several days: its deals are replayed once."""
    facts = Facts(folder, base_currency)
    return facts, replay(facts)


class Company:
    """Everything in a folder, as of a day."""

    def __init__(self, folder: Path, as_of: date, base_currency: str, first_month: int = 1):
        self.facts, self.deals = _read(folder, base_currency)
        self.as_of, self.first_month = as_of, first_month
        self._targets: dict[tuple[date, date], list] = {}
        self.account_of = {row["opportunity_id"]: row["account_id"] for row in self.facts.rows("opportunity")}

    @cached_property
    def all_won(self) -> list[tuple[Deal, date]]:
        """The deals that stand as won on the as-of date, with the closing day."""
        won = [deal for deal in self.deals if deal.outcome_on(self.as_of) == "won"]
        return [(deal, deal.closed_on(self.as_of)) for deal in won]

    @cached_property
    def first_wins(self) -> dict[str, date]:
        """The day of each account's first won deal."""
        first: dict[str, date] = {}
        for deal, day in self.all_won:
            account = self.account_of[deal.key]
            first[account] = min(day, first.get(account, day))
        return first

    @cached_property
    def all_open(self) -> list[Deal]:
        return [deal for deal in self.deals if deal.outcome_on(self.as_of) == "open"]

    @cached_property
    def created_in_year(self) -> list[Deal]:
        """Deals created in the trailing 12 months, those left out aside."""
        return [
            deal
            for deal in self.deals
            if deal.created is not None
            and a_year_earlier(self.as_of) < deal.created <= self.as_of
            and not (deal.outcome_on(self.as_of) == "lost" and deal.loss_reason in LEFT_OUT_REASONS)
        ]

    @cached_property
    def bookings(self) -> list[dict]:
        """What was booked in weeks begun by the as-of date."""
        return [row for row in self.facts.bookings(self.as_of) if day_of(row["week"]) <= self.as_of]

    def won_of(self, rep: str) -> list[tuple[Deal, date]]:
        """The deals whose owner the rep was on the closing day."""
        return self._won_by_owner.get(rep, [])

    @cached_property
    def _won_by_owner(self) -> dict[str, list[tuple[Deal, date]]]:
        found: dict[str, list[tuple[Deal, date]]] = {}
        for deal, day in self.all_won:
            found.setdefault(deal.on(day).owner, []).append((deal, day))
        return found

    def amount(self, deal: Deal, day: date):
        """The amount known on the as-of date, at the rate of the day."""
        return self.facts.in_base(deal.on(self.as_of).amount, deal.currency, day)

    def won_amounts(self, rep: str, after: date, until: date) -> list:
        return [self.amount(deal, day) for deal, day in self.won_of(rep) if after < day <= until]

    def repeat_won(self, rep: str, after: date, until: date):
        """Won amount from accounts with an earlier won deal; None where no account of the rep's deals is known."""
        own = [(deal, day) for deal, day in self.won_of(rep) if after < day <= until]
        if own and not any(self.account_of[deal.key] for deal, _ in own):
            return None
        if total([self.amount(deal, day) for deal, day in own]) is None:
            return None
        repeat = [
            self.amount(deal, day)
            for deal, day in own
            if self.account_of[deal.key] and self.first_wins[self.account_of[deal.key]] < day
        ]
        return sum(amount for amount in repeat if amount is not None)

    def target(self, rep: str, start: date, end: date):
        if (start, end) not in self._targets:
            self._targets[start, end] = self.facts.targets(start, end)
        rows = [amount for owner, _, amount in self._targets[start, end] if owner == rep]
        return sum(rows) if rows else None


def share(part, whole) -> Fraction | None:
    return None if part is None or not whole else Fraction(part) / Fraction(whole)


def life_stages(folder: Path, as_of: date, base_currency: str, first_month: int = 1, rules=THRESHOLDS) -> dict:
    """By rep of the whole company, leavers too, hired by the day: the stage and its evidence."""
    company = Company(folder, as_of, base_currency, first_month)
    rows, ends = evidence(folder, as_of, base_currency), quarter_ends(company.facts, as_of, first_month)
    found = {}
    for rep, row in rows.items():
        past = [(end, evidence(folder, end, base_currency).get(rep)) for end in ends]
        course = followed([(end, then) for end, then in past if then], rules)
        today = _stage(row, rules)
        if course["life_stage"] is None:
            course["life_stage"] = today
        found[rep] = row | course | {"reading": today} | _ahead(company, rep)
    _compare(company, found)
    return found


@cache
def evidence(folder: Path, as_of: date, base_currency: str) -> dict[str, dict]:
    """By rep of the whole company hired by the day: what decides the stage."""
    company = Company(folder, as_of, base_currency)
    rows = {}
    for rep in company.facts.rows("rep"):
        hired, left = day_of(rep.get("hired_on") or ""), day_of(rep.get("left_on") or "")
        if hired is None or hired <= as_of:
            rows[rep["rep_id"]] = _evidence(company, rep["rep_id"], hired, left)
    return rows


def quarter_ends(facts: Facts, as_of: date, first_month: int) -> list[date]:
    """The last days of fiscal quarters, from the first month with a target up to the day."""
    months = [day_of(row["month"]) for row in facts.rows("target")]
    day, found = min(months, default=date.max), []
    while day <= as_of:
        month_ends = (day + timedelta(days=1)).month != day.month
        if month_ends and (day.month - first_month) % 3 == 2:
            found.append(day)
        day += timedelta(days=1)
    return found


def followed(ends: list[tuple[date, dict]], rules) -> dict:
    """The stage held after quarter ends; it is left when two in a row say so by five points, for the nearer."""
    held = leaning_to = since = None
    last: tuple | None = None
    for day, row in ends:
        plain, strict, mild = (_stage(row, _moved(rules, Fraction(points, 100))) for points in (0, 5, -5))
        was = held
        if plain is None or held is None:
            held = plain
        else:
            at = _ORDER.index(held)
            higher = [_ORDER.index(stage) for stage in (last[0], strict) if stage and _ORDER.index(stage) > at]
            lower = [_ORDER.index(stage) for stage in (last[1], mild) if stage and _ORDER.index(stage) < at]
            if len(higher) == 2:
                held = _ORDER[min(higher)]
            if len(lower) == 2:
                held = _ORDER[max(lower)]
        if plain is None or plain == held:
            leaning_to = since = None
        else:
            leaning_to, since = plain, since if since and held == was else day
        last = strict, mild
    return {"life_stage": held, "leaning_to": leaning_to, "leaning_since": since}


_ORDER = ("subsistence", "comfortable", "affluent")


def _moved(rules, points: Fraction) -> dict:
    """Marks five points off; of what was won, more than all cannot be asked for."""
    return {
        name: max(mark, Fraction(1)) if "share" in name and mark + points > 1 else mark + points
        for name, mark in rules.items()
    }


def _evidence(company: Company, rep: str, hired: date | None, left: date | None) -> dict:
    as_of = company.as_of
    is_here = left is None or left > as_of
    year, year_before = a_year_earlier(as_of), a_year_earlier(a_year_earlier(as_of))
    won, won_before = (total(company.won_amounts(rep, *days)) for days in ((year, as_of), (year_before, year)))
    target = company.target(rep, year + timedelta(days=1), as_of)
    target_before = company.target(rep, year_before + timedelta(days=1), year)
    repeat_won = company.repeat_won(rep, year, as_of)
    return {
        "is_here": is_here,
        "employed_months": None if hired is None else months_between(hired, as_of if is_here else left),
        "won": won,
        "target": target,
        "repeat_won": repeat_won,
        "attainment": share(won, target),
        "attainment_before": share(won_before, target_before),
        "repeat_share": share(repeat_won, won),
    }


def _stage(row: dict, rules) -> str | None:
    is_new = row["employed_months"] is not None and row["employed_months"] < 12
    if is_new or not row["target"]:
        return None
    attained, before, repeat = row["attainment"], row["attainment_before"], row["repeat_share"]
    if (
        None not in (attained, before, repeat)
        and min(attained, before) >= rules["affluent_attainment"]
        and repeat >= rules["affluent_repeat_share"]
    ):
        return "affluent"
    short = attained is not None and attained < rules["comfortable_attainment"]
    seldom = repeat is not None and repeat < rules["comfortable_repeat_share"]
    if short or seldom:
        return "subsistence"
    return None if attained is None or repeat is None else "comfortable"


def _ahead(company: Company, rep: str) -> dict:
    """What the rep has open, what support it got, and what opportunities came in the year."""
    as_of = company.as_of
    start, end = next_quarters(as_of, company.first_month)
    own = [deal for deal in company.all_open if deal.on(as_of).owner == rep]
    expected = [
        company.amount(deal, as_of)
        for deal in own
        if deal.on(as_of).expected_close and start <= deal.on(as_of).expected_close <= end
    ]
    keys = {deal.key for deal in own}
    booked = company.bookings
    hours = sum(Fraction(row["hours"]) for row in booked if row["opportunity_id"] in keys) if booked else None
    created = company.created_in_year
    new = [deal for deal in created if deal.on(deal.created).owner == rep]
    return {
        "open_deals": len(own),
        "support_hours": hours,
        "support_per_deal": share(hours, len(own)),
        "expected": total(expected),
        "coverage": share(total(expected), company.target(rep, start, end)),
        "new_deals": len(new) if any(deal.created for deal in company.deals) else None,
        "new_deal_share": share(len(new), len([deal for deal in created if deal.on(deal.created).owner])),
    }


def _compare(company: Company, rows: dict) -> None:
    known = [row["support_per_deal"] for row in rows.values() if row["is_here"] and row["support_per_deal"] is not None]
    median = statistics.median(known) if known else None
    for row in rows.values():
        row["support_to_median"] = share(row["support_per_deal"], median)
