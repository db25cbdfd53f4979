"""`report attention`, straight from the words of its rules, over a folder of contract CSVs."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from tests.independent.accounts.key_accounts import Profile, a_year_earlier, key_accounts
from tests.independent.attention.value import ASSUMED, Place, Shares, pushes, weighted
from tests.independent.deals import Deal, State, replay
from tests.independent.facts import Facts, day_of, total
from tests.independent.funnel import Stay, stays_of
from tests.independent.readings import created_as_counted
from tests.independent.scopes import Asked, View, view

LIMITS = {
    "stalled_days": 0,
    "pushes": 3,
    "no_next_step_days": 0,
    "overdue_days": 0,
    "silent_days": 60,
    "importance_days": 183,
    "needs_days": 62,
    "closeness_days": 31,
    "contested_days": 90,
    "contested_contacts": 2,
    "orphaned_days": 90,
    "first_contact_days": 14,
    "large_accounts": 20,
    "coverage_share": 1.0,
    "least_n": 10,
}
LONG_AGO = date(2015, 1, 1)


@dataclass
class Company:
    """Everything the rules look at: the folder, a view of it, and who is a key account."""

    facts: Facts
    deals: list[Deal]
    seen: View
    profile: Profile
    limits: dict[str, float] = field(default_factory=lambda: dict(LIMITS))

    @cached_property
    def shares(self) -> Shares:
        """What states have cost, over the whole company."""
        everything = self.everything(of_all=True)
        ever = created_as_counted(everything, self.deals)
        targets = {(row["pipeline"], row["stage"]): row.get("target_days") for row in self.facts.rows("stage")}

        def norm_of(place: Place) -> int | None:
            pipeline, track, stage = place
            if targets[pipeline, stage]:
                return int(targets[pipeline, stage])
            alike = [one for one in ever if (one.pipeline, one.track) == (pipeline, track)]
            return _eightieth_percentile(everything, alike, Stay(None, stage, date.min, None), 0)

        return Shares(self.facts, self.deals, everything, self.limits, norm_of)

    @cached_property
    def account_of(self) -> dict[str, str]:
        return {row["opportunity_id"]: row["account_id"] for row in self.facts.rows("opportunity")}

    def accounts_at_risk(self, held: dict[str, float]) -> dict[str, float | None]:
        """Per account with an open deal what its deals in view hold beyond their own lines (None: no deal's is known),
        else a tenth of what was won of it in twelve months."""
        beyond: dict[str, list] = defaultdict(list)
        for deal in self.open_deals():
            worth = weighted(self.facts, deal, self.as_of)
            own = held.get(deal.key) or 0.0
            beyond[self.account_of[deal.key]].append(
                None if worth is None else max(0.0, float(worth) * self.shares.over_all - own)
            )
        found: dict[str, float | None] = {}
        opened, won = self.worth
        for key, amounts in won.items():
            found[key] = None if amounts is None else float(amounts) * ASSUMED
        found |= dict.fromkeys(opened, 0.0)
        for key, values in beyond.items():
            known = [value for value in values if value is not None]
            found[key] = sum(known) if known else None
        return found

    @cached_property
    def worth(self) -> tuple[dict[str, Decimal | None], dict[str, Decimal | None]]:
        """Per account the open pipeline that the person may see, and what was won of it in twelve months."""
        account_of, everything, opened, won = self.account_of, self.everything(), defaultdict(list), defaultdict(list)
        for deal in self.deals:
            outcome, closed_on = deal.outcome_on(self.as_of), deal.closed_on(self.as_of)
            amount = deal.on(self.as_of) and deal.on(self.as_of).amount
            if outcome == "open" and everything.has_on(deal, self.as_of):
                opened[account_of[deal.key]].append(self.facts.in_base(amount, deal.currency, self.as_of))
            if outcome == "won" and a_year_earlier(self.as_of) < closed_on and everything.has_on(deal, closed_on):
                won[account_of[deal.key]].append(self.facts.in_base(amount, deal.currency, closed_on))
        return tuple({key: total(amounts) for key, amounts in of_account.items()} for of_account in (opened, won))

    @cached_property
    def owners(self) -> dict[str, str]:
        """Who owns each account: the last ownership begun by then, while it lasts; none begun: the account's own."""
        found = {row["account_id"]: row.get("owner_id") or None for row in self.facts.rows("account")}
        for row in sorted(self.facts.rows("assignment"), key=lambda row: row["from_on"]):
            if (row["subject_kind"], row["role"]) == ("account", "owner") and day_of(row["from_on"]) <= self.as_of:
                is_over = row["to_on"] and day_of(row["to_on"]) <= self.as_of
                found[row["subject_id"]] = None if is_over else row["rep_id"] or None
        return found

    @cached_property
    def closed(self) -> list[tuple[Deal, str, date, str | None]]:
        """The deals closed by then, each with its outcome, its day and whose it was on that day."""
        ended = [(deal, deal.outcome_on(self.as_of), deal.closed_on(self.as_of)) for deal in self.deals]
        return [(deal, outcome, day, _unit(self, deal.on(day), day)) for deal, outcome, day in ended if day]

    @cached_property
    def key_accounts(self) -> list[dict[str, str]]:
        """The account rows of the key accounts that the scope shows."""
        facts = self.facts
        ranked = key_accounts(facts.folder, self.as_of, facts.base_currency, self.profile, with_stability=False)
        return [row for row in self.shown_accounts if ranked[row["account_id"]]["is_key"]]

    @cached_property
    def shown_accounts(self) -> list[dict[str, str]]:
        """The rows of the accounts there by then that the scope shows."""
        asked = self.seen.asked
        return [
            row
            for row in self.facts.rows("account")
            if (not row.get("created_on") or day_of(row["created_on"]) <= self.as_of)
            and self.seen.sees_region(row.get("region_id") or None)
            and asked.owner in (None, self.owners[row["account_id"]])
            and asked.segment in (None, row.get("industry") or row.get("customer_class"))
        ]

    @property
    def as_of(self) -> date:
        return self.seen.as_of

    def everything(self, since: date | None = None, of_all: bool = False) -> View:
        """The same person without any filter; of_all: who sees everything."""
        manager_of = None if of_all else self.seen.asked.manager_of
        asked = Asked(since or date(1900, 1, 1), self.as_of, self.as_of, manager_of=manager_of)
        return view(self.facts, self.deals, asked, self.as_of)

    def open_deals(self, seen: View | None = None) -> list[Deal]:
        seen = seen or self.seen
        return [deal for deal in self.deals if deal.outcome_on(self.as_of) == "open" and seen.has_on(deal, self.as_of)]


def company_of(folder: Path, asked: Asked, base_currency: str, today: date, profile: Profile, **limits) -> Company:
    facts = Facts(folder, base_currency)
    deals = replay(facts)
    return Company(facts, deals, view(facts, deals, asked, today), profile, LIMITS | limits)


# --- deals ------------------------------------------------------------------------------------------------


def about(company: Company, rule: str, deal: Deal, days: int | None) -> dict:
    state = deal.on(company.as_of)  # None: not there yet on the day
    worth = weighted(company.facts, deal, company.as_of) if state else None
    place = (deal.pipeline, deal.track, deal.stage_on(company.as_of, company.facts.last_day))
    return {
        "rule": rule,
        "subject_kind": "opportunity",
        "subject_id": deal.key,
        "opportunity_id": deal.key,
        "value_at_risk": None if worth is None else float(worth) * company.shares.of(rule, place),
        "days": days,
        "owner_id": state.owner if state else None,
        "region_id": company.seen.region_of(state, company.as_of) if state else None,
    }


def stalled(company: Company) -> Iterator[dict]:
    """In its stage, over all its stays there, for longer than its norm: target days, else the 80th percentile of 10
    deals or more."""
    everything = company.everything()
    ever = created_as_counted(everything, company.deals)
    targets = {(row["pipeline"], row["stage"]): row.get("target_days") for row in company.facts.rows("stage")}
    for deal in company.open_deals():
        stays = stays_of(company.seen, deal) if deal.has_history else []
        stay = stays[-1] if stays and stays[-1].stage else None
        # Without history nobody knows since when; the first state may still be in no known stage.
        if stay is None:
            continue
        target = targets[deal.pipeline, stay.stage]
        alike = [one for one in ever if (one.pipeline, one.track) == (deal.pipeline, deal.track)]
        norm = int(target) if target else _eightieth_percentile(everything, alike, stay, company.limits["least_n"])
        there = [one for one in stays if one.stage == stay.stage]  # a day elsewhere does not begin it anew
        days = sum(((one.left or company.as_of) - one.entered).days for one in there)
        if norm is not None and days > norm + company.limits["stalled_days"]:
            yield about(company, "stalled", deal, int(days - norm - company.limits["stalled_days"]))


def _eightieth_percentile(seen: View, deals: list[Deal], stay: Stay, least: int) -> int | None:
    """The first day by which the Kaplan–Meier estimate of those still in the stage is at most 20 %."""
    ended, cut = [], []
    for deal in deals:
        own = [one for one in stays_of(seen, deal) if deal.has_history and one.stage == stay.stage]
        if own:
            days = sum(((one.left or seen.as_of) - one.entered).days for one in own)
            (ended if own[-1].left else cut).append(days)
    if len(ended + cut) < least:
        return None
    share = Fraction(1)
    for day in sorted(set(ended)):
        share *= 1 - Fraction(ended.count(day), sum(days >= day for days in ended + cut))
        if share <= Fraction(1, 5):
            return day
    return None


def pushed(company: Company) -> Iterator[dict]:
    for deal in company.open_deals():
        days = [day for day in pushes(deal) if day <= company.as_of]
        most = company.limits["pushes"]
        if len(days) >= most:
            yield about(company, "pushed", deal, (company.as_of - days[most - 1]).days)


def no_next_step(company: Company) -> Iterator[dict]:
    """Walks back day by day to the last one that began with something planned for it or later."""
    planned = defaultdict(list)
    for row in company.facts.rows("activity"):
        if row["opportunity_id"] and row["planned_on"] and row["created_on"] <= str(company.as_of):
            done, dropped = day_of(row["completed_at"]), day_of(row["cancelled_on"])
            planned[row["opportunity_id"]].append((day_of(row["planned_on"]), done, dropped))

    def has_step(deal: Deal, day: date) -> bool:
        """Planned for the day or later; neither done nor dropped before it."""
        return any(on >= day and not any(end and end < day for end in ends) for on, *ends in planned[deal.key])

    tomorrow = company.as_of + timedelta(days=1)

    def waits(deal: Deal) -> bool:
        """Planned for the as-of date or later, and not ended when that day does."""
        return any(
            on >= company.as_of and not any(end and end < tomorrow for end in ends) for on, *ends in planned[deal.key]
        )

    everyone = company.open_deals(company.everything())
    if not any(waits(deal) for deal in everyone):
        return
    for deal in company.open_deals():
        if waits(deal):
            continue
        first = deal.created or (LONG_AGO if planned[deal.key] else None)
        day = company.as_of
        while first and day > first and not has_step(deal, day):
            day -= timedelta(days=1)
        days = (company.as_of - day).days if first else None
        if days is None or days >= company.limits["no_next_step_days"]:
            yield about(company, "no_next_step", deal, days)


def overdue(company: Company) -> Iterator[dict]:
    for deal in company.open_deals():
        expected = deal.on(company.as_of).expected_close
        days = (company.as_of - expected).days if expected else 0
        if days > company.limits["overdue_days"]:
            yield about(company, "overdue", deal, days - company.limits["overdue_days"])


def owner_left(company: Company) -> Iterator[dict]:
    left = {row["rep_id"]: day_of(row.get("left_on") or "") for row in company.facts.rows("rep")}
    for deal in company.open_deals():
        day = left.get(deal.on(company.as_of).owner)
        if day and day <= company.as_of:
            yield about(company, "owner_left", deal, (company.as_of - day).days)


# --- key accounts -----------------------------------------------------------------------------------------


def about_account(company: Company, rule: str, account: dict, days: int | None) -> dict:
    key = account["account_id"]
    return {
        "rule": rule,
        "subject_kind": "account",
        "subject_id": key,
        "value_at_risk": 0.0,  # known when the deals' own lines are
        "days": days,
        "owner_id": company.owners[key],
        "region_id": account.get("region_id") or None,
    }


def silent(company: Company) -> Iterator[dict]:
    facts = company.facts
    account_of = {row["opportunity_id"]: row["account_id"] for row in facts.rows("opportunity")}
    account_of_lead = {row["lead_id"]: row["account_id"] for row in facts.rows("lead")}
    last: dict[str, date] = {}
    for row in facts.rows("activity"):
        done = day_of(row["completed_at"])
        if done and done <= company.as_of and row["two_way"].lower() in ("true", "1"):
            account = (
                row["account_id"] or account_of.get(row["opportunity_id"]) or account_of_lead.get(row["lead_id"]) or ""
            )
            last[account] = max(done, last.get(account, done))
    last.pop("", None)
    if not last:
        return
    for account in company.key_accounts:
        since = last.get(account["account_id"]) or day_of(account.get("created_on") or "")
        days = (company.as_of - since).days if since else None
        if days is None or days > company.limits["silent_days"]:
            beyond = None if days is None else days - company.limits["silent_days"]
            yield about_account(company, "silent", account, beyond)


def assessment_overdue(company: Company) -> Iterator[dict]:
    facts, limits = company.facts, company.limits
    latest: dict[str, dict[tuple, date]] = defaultdict(dict)
    for table, kind, column in (
        ("account_score", "importance_days", "factor"),
        ("account_need", "needs_days", "window"),
        ("closeness_score", "closeness_days", None),
    ):
        for row in facts.rows(table):
            day, subject = day_of(row["assessed_on"]), (kind, row[column] if column else "")
            if day <= company.as_of:
                of_account = latest[row["account_id"]]
                of_account[subject] = max(day, of_account.get(subject, day))
    for account in company.key_accounts:
        ages = [(company.as_of - day).days - limits[kind] for (kind, _), day in latest[account["account_id"]].items()]
        if ages and max(ages) > 0:
            yield about_account(company, "assessment_overdue", account, max(ages))


# --- regions ----------------------------------------------------------------------------------------------


def coverage(company: Company) -> Iterator[dict]:
    """Each region right below what is looked at, with all in it, with a target in the calendar quarter (the fiscal year
    starts in January); of a lowest region each of its reps."""
    facts, as_of, asked = company.facts, company.as_of, company.seen.asked
    start = date(as_of.year, 3 * ((as_of.month - 1) // 3) + 1, 1)
    end = (start + timedelta(days=95)).replace(day=1) - timedelta(days=1)
    if asked.segment or as_of == end:
        return
    targets = defaultdict(Decimal)
    for rep, region, amount in facts.targets(start, end):
        if asked.owner in (None, rep) and company.seen.sees_region(region):
            targets[rep if _lowest(company) else compared(company, region)] += amount
    a_year_ago = a_year_earlier(as_of)
    for unit, target in targets.items():
        won = total([amount for _, amount in _closed(company, unit, "won", start - timedelta(days=1))])
        closing, expected, hoped = defaultdict(list), [], 0.0
        for deal in company.open_deals():
            state = deal.on(as_of)
            closes_on = state.expected_close or date.min
            if _unit(company, state, as_of) == unit and as_of < closes_on <= end:
                amount = facts.in_base(state.amount, deal.currency, as_of)
                closing[deal.track].append(amount)
                expected.append(amount)
                hoped += float(weighted(facts, deal, as_of) or 0)
        if won is None or total(expected) is None or target - won <= 0:
            continue
        rates, n = {}, 0
        for track in ("large", "fast", "none"):
            ours, theirs = (
                [amount for its, amount in _closed(company, unit, outcome, a_year_ago) if its == track]
                for outcome in ("won", "lost")
            )
            n += sum(amount is not None for amount in ours + theirs)
            if None not in (total(ours), total(theirs)) and theirs and total(ours) + total(theirs):
                rates[track] = Fraction(total(ours)) / Fraction(total(ours) + total(theirs))
        needed = _needed({track: total(amounts) or Decimal(0) for track, amounts in closing.items()}, rates)
        left = target - won
        if needed is None or n < company.limits["least_n"]:
            continue
        missing = needed * Fraction(company.limits["coverage_share"]) * Fraction(left) - Fraction(total(expected))
        if missing > 0:
            lowest = _lowest(company)
            region = lowest or unit
            yield {
                "rule": "coverage",
                "subject_kind": "rep" if lowest and unit else "region" if region else "company",
                "subject_id": unit or region or "no_region",
                "value_at_risk": max(0.0, float(left) - hoped),
                "days": None,
                "owner_id": None,
                "region_id": region,
            }


def _unit(company: Company, state: State, day: date) -> str | None:
    """Whose a deal is on a day: its owner's in a lowest region, else of the region compared."""
    return state.owner if _lowest(company) else compared(company, company.seen.region_of(state, day))


def _lowest(company: Company) -> str | None:
    """The only region looked at, where none lies in it."""
    asked = company.seen.asked
    parents = {row["region_id"]: row["parent_id"] or None for row in company.facts.rows("region")}
    seen = {one for one in parents if company.seen.sees_region(one)}
    tops = set(asked.regions) & seen or {one for one in seen if parents[one] not in seen}
    outermost = [top for top in tops if not any(top != one and top in company.facts.within(one) for one in tops)]
    if len(outermost) != 1 or any(parents[one] == outermost[0] for one in parents):
        return None
    return outermost[0]


def compared(company: Company, region: str | None) -> str | None:
    """The region right below what is looked at in which this one lies, going up until there is nothing above it that
    the person asked about; where only one is at the top, one level below that."""
    asked = company.seen.asked
    parents = {row["region_id"]: row["parent_id"] or None for row in company.facts.rows("region")}
    seen = {one for one in parents if company.seen.sees_region(one)}
    tops = set(asked.regions) & seen or {one for one in seen if parents[one] not in seen}
    way = []
    while region is not None:
        way.append(region)
        region = parents[region]
    inside = [one for one in way if any(one in company.facts.within(top) for top in tops)]
    outermost = [top for top in tops if not any(top != one and top in company.facts.within(one) for one in tops)]
    if not inside:
        return way[0] if way else None
    return inside[-2] if len(outermost) == 1 and len(inside) > 1 else inside[-1]


def _closed(company: Company, unit: str | None, outcome: str, after: date) -> Iterator[tuple]:
    """(track, amount) of the unit's deals closed after a day, up to the as-of date."""
    for deal, its, closed_on, its_unit in company.closed:
        if its != outcome or its_unit != unit or not after < closed_on <= company.as_of:
            continue
        if company.seen.has_on(deal, closed_on) and not company.seen.leaves_out(deal):
            yield deal.track, company.facts.in_base(deal.on(company.as_of).amount, deal.currency, closed_on)


def _needed(closing: dict[str, Decimal], rates: dict[str, Fraction]) -> Fraction | None:
    weights = {track: Fraction(amount) for track, amount in closing.items() if amount > 0}
    if not weights:
        best = max(rates.values(), default=Fraction(0))
        return 1 / best if best else None
    if not set(weights) <= set(rates):
        return None
    won = sum(weight * rates[track] for track, weight in weights.items())
    return sum(weights.values()) / won if won else None


ABOUT_DEALS = (stalled, pushed, no_next_step, overdue, owner_left)
ABOUT_OTHERS = (silent, assessment_overdue, coverage)
