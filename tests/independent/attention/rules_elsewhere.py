"""The rules of `report attention` that rest on what other reports compute: openings, cost, support, market."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from tests.independent.accounts import contested_orphaned
from tests.independent.accounts.key_accounts import Profile, a_year_earlier
from tests.independent.attention import rules as own, silence
from tests.independent.attention.rules import Company, about, about_account, company_of
from tests.independent.attention.value import Shares
from tests.independent.facts import MISSING_RATE, day_of, money_of
from tests.independent.opportunities.cost_of_sale import probability, stop_loss as cost_and_margin
from tests.independent.opportunities.worth import Judged
from tests.independent.scopes import Asked
from tests.independent.support.allocation import Support
from tests.independent.support.resources import by_week, is_active, open_requests


def abnormal_opening(company: Company) -> Iterator[dict]:
    judged = Judged(company.facts)
    for deal in company.open_deals():
        _, _, its_class = judged.opening(deal.key, company.as_of, company.as_of)
        if its_class == "abnormal" and not judged.what_changed(deal.key, company.as_of):
            days = [
                day_of(row["assessed_on"])
                for row in judged.openings
                if row["opportunity_id"] == deal.key and day_of(row["assessed_on"]) <= company.as_of
            ]
            yield about(company, "abnormal_opening", deal, (company.as_of - max(days)).days)


def stop_loss(company: Company) -> Iterator[dict]:
    known, _ = cost_and_margin(company.facts, company.seen.asked, company.as_of)
    for deal in company.open_deals():
        if deal.key in known and known[deal.key]["is_candidate"]:
            yield about(company, "stop_loss", deal, None)


def request_overdue(company: Company) -> Iterator[dict]:
    deals = {deal.key: deal for deal in company.deals}
    for row in open_requests(company.seen, deals):
        needed = day_of(row["needed_by"])
        if needed is None or needed >= company.as_of:
            continue
        deal = deals[row["opportunity_id"]]
        found = about(company, "request_overdue", deal, (company.as_of - needed).days)
        if deal.outcome_on(company.as_of) != "open":
            day = deal.closed_on(company.as_of)
            if day is None:  # not there yet on the day: nobody's
                found |= {"owner_id": None, "region_id": None}
            else:
                found |= {"owner_id": deal.on(day).owner, "region_id": company.seen.region_of(deal.on(day), day)}
            found |= {"value_at_risk": 0.0, "opportunity_id": None}
        yield found | {"subject_kind": "support_request", "subject_id": row["request_id"]}


def contested(company: Company) -> Iterator[dict]:
    yield from _of_accounts(
        company,
        "contested",
        contested_orphaned.contested(
            company.seen, company.limits["contested_days"], company.limits["contested_contacts"]
        ),
    )


def orphaned(company: Company) -> Iterator[dict]:
    yield from _of_accounts(
        company, "orphaned", contested_orphaned.orphaned(company.seen, company.limits["orphaned_days"])
    )


def late_contact(company: Company) -> Iterator[dict]:
    """Walks back over who had each account: the present owner, and somebody else before."""
    seen = company.seen
    opened, won = company.worth
    done = contested_orphaned.done_by_account(seen)
    if not any(one.done and one.done <= company.as_of for key, own in done.items() if key for one in own):
        return
    for key, account in contested_orphaned.shown(seen).items():
        held = [one for one in contested_orphaned.spells(company.facts, key, "owner") if one[1] <= company.as_of]
        owner, since = contested_orphaned.owner_of(seen, account)
        before = [one for one in held if one[0]][:-1]
        if (key not in opened and key not in won) or not before or owner is None or before[-1][0] == owner:
            continue
        own = [one for one in done[key] if one.rep == owner and one.done and since <= one.done <= company.as_of]
        days = (company.as_of - since).days
        if since > a_year_earlier(company.as_of) and not own and days > company.limits["first_contact_days"]:
            yield about_account(company, "late_contact", account, days - company.limits["first_contact_days"])


def _of_accounts(company: Company, rule: str, found: dict[str, dict]) -> Iterator[dict]:
    accounts = {row["account_id"]: row for row in company.facts.rows("account")}
    for key, row in found.items():
        yield about_account(company, rule, accounts[key], row["days"])


def overload(company: Company) -> Iterator[dict]:
    """In the eight weeks whose Mondays come after the day."""
    facts, asked = company.facts, company.seen.asked
    if asked.owner or asked.segment:
        return
    booked, away = by_week(facts.bookings(company.as_of)), by_week(facts.rows("support_absence"))
    monday = company.as_of + timedelta(days=7 - company.as_of.weekday())
    weeks = [monday + timedelta(days=7 * n) for n in range(8)]
    over_by_person, regions, free_hours = {}, {}, {}
    for person in facts.rows("support_person"):
        key, region = person["resource_id"], person["region_id"] or None
        over = set()
        for week in weeks:
            free = max(Decimal(0), Decimal(person["weekly_hours"]) - away[key, week])
            free_hours[key, week] = free if is_active(person, week) else Decimal(0)
            if booked[key, week] > free_hours[key, week]:
                over.add(week)
        if not over or not company.seen.sees_region(region):
            continue
        over_by_person[key] = over
        regions[key] = region
    lost = undelivered(company, over_by_person, booked, free_hours)
    for key, region in regions.items():
        yield {
            "rule": "overload",
            "subject_kind": "support_person",
            "subject_id": key,
            "value_at_risk": float(lost.get(key, 0)),
            "days": None,
            "owner_id": None,
            "region_id": region,
        }


def undelivered(company: Company, over: dict, booked: dict, free: dict) -> dict[str, Fraction]:
    """By person, what the hours beyond the free ones would bring to open requests of deals that the asker may see."""
    support, everything = Support(company.facts, company.as_of), company.everything()
    margins = {
        row["opportunity_id"]: money_of(row.get("gross_margin") or "") for row in company.facts.rows("opportunity")
    }
    worths, together = {}, defaultdict(Fraction)
    for row in support._open:
        deal = support._deals[row["opportunity_id"]]
        margin = company.facts.in_base(margins[deal.key], deal.currency, company.as_of)
        chance = probability(company.facts, deal, company.as_of)
        if margin not in (None, MISSING_RATE) and chance is not None and margin * chance >= 0:
            worths[row["request_id"]] = Fraction(margin) * Fraction(chance)
            together[deal.key] += support.shares[row["kind"]]
    lost, requests = [], {row["request_id"]: row for row in support._open}
    for row, behind in support._ahead:
        person, week, asked = row["resource_id"], day_of(row["week"]), requests.get(behind)
        in_time = asked and (not asked["needed_by"] or week <= day_of(asked["needed_by"]))
        if (
            in_time
            and week in over.get(person, ())
            and everything.has_on(support._deals[asked["opportunity_id"]], company.as_of)
        ):
            part = max(Fraction(0), 1 - Fraction(free[person, week]) / Fraction(booked[person, week]))
            lost.append((person, behind, Fraction(row["hours"]) * part))
    of_request, found = defaultdict(Fraction), defaultdict(Fraction)
    for _, key, hours in lost:
        of_request[key] += hours
    for person, key, hours in lost:
        asked = Fraction(requests[key]["hours"])
        if key in worths and asked and of_request[key]:
            deal = requests[key]["opportunity_id"]
            share = support.shares[requests[key]["kind"]] / max(1, together[deal])
            found[person] += hours * min(1, asked / of_request[key]) * worths[key] * share / asked
    return found


def scissors(company: Company) -> Iterator[dict]:
    asked = company.seen.asked
    if asked.manager_of or asked.regions:
        return
    for source in (None, *sorted({row["source"] for row in company.facts.rows("marketing_cost")})):
        rows = contested_orphaned.scissors(company.seen, source)
        running = contested_orphaned.alarm(rows)
        if not running or _won(company, source, rows[-1]["end"]) < company.limits["least_n"]:
            continue
        before, latest = rows[-running - 1], rows[-1]
        yield {
            "rule": "scissors",
            "subject_kind": "source" if source else "company",
            "subject_id": source or "company",
            "value_at_risk": float(latest["cost"]) - float(before["cost"] * latest["margin"] / before["margin"]),
            "days": (company.as_of - before["end"]).days,
            "owner_id": None,
            "region_id": None,
        }


def _won(company: Company, source: str | None, end: date) -> int:
    """Deals won in the twelve months up to a quarter's end."""
    start = date(end.year - 1, end.month, 28) + timedelta(days=4)
    start = start.replace(day=1)
    return sum(
        deal.outcome_on(company.as_of) == "won"
        and start <= deal.closed_on(company.as_of) <= end
        and company.seen.has_on(deal, deal.closed_on(company.as_of))
        and source in (None, deal.source)
        for deal in company.deals
    )


ABOUT_DEALS = (abnormal_opening, stop_loss, request_overdue)
ABOUT_OTHERS = (contested, orphaned, late_contact, overload, scissors)


def attention(
    folder: Path,
    asked: Asked,
    base_currency: str,
    today: date,
    profile: Profile,
    shares: Shares | None = None,
    **limits: float,
) -> list[dict]:
    """The rows of every rule, in no order. Filters that only deals have leave the rules about deals.

    shares   what states have cost, if not what was known on the day
    limits   what has been published instead of the defaults
    """
    company = company_of(folder, asked, base_currency, today, profile, **limits)
    if shares is not None:
        company.shares = shares
    rules = [*own.ABOUT_DEALS, *ABOUT_DEALS]
    if not (asked.product or asked.source or asked.track or asked.pipeline):
        rules += [*own.ABOUT_OTHERS, *ABOUT_OTHERS, *silence.ABOUT_OTHERS]
    rows = [row for rule in rules for row in rule(company)]
    held: dict[str, float] = {}
    for row in rows:
        if row.get("opportunity_id") and row["value_at_risk"] is not None:
            held[row["opportunity_id"]] = max(held.get(row["opportunity_id"], 0.0), row["value_at_risk"])
    of_account = company.accounts_at_risk(held)
    for row in rows:
        if row["subject_kind"] == "account":
            row["value_at_risk"] = of_account.get(row["subject_id"], 0.0)
    return rows
