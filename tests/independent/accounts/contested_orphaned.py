"""Contested and orphaned accounts, handovers, the scissors: straight from the words."""

from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tests.independent.deals import Deal, replay
from tests.independent.facts import MISSING_RATE, Facts, day_of, to_cent, total
from tests.independent.reps.activities import activities
from tests.independent.scopes import View

DAYS = 90  # of work that contests, and of silence, unless others are published
CONTACTS = 2  # on so many days at least; a day more where nobody tells which were two-way


# --- accounts ---------------------------------------------------------------------------------------------


def shown(view: View) -> dict[str, dict]:
    """The accounts in scope: created by the date, of its regions and segments, and with its owner."""
    found = {}
    for row in view.facts.rows("account"):
        segment = row["industry"] or row["customer_class"]
        created = day_of(row["created_on"])
        if (
            view.sees_region(row["region_id"] or None)
            and view.asked.segment in (None, segment)
            and (created is None or created <= view.as_of)
            and view.asked.owner in (None, owner_of(view, row)[0])
        ):
            found[row["account_id"]] = row
    return found


def owner_of(view: View, account: dict) -> tuple[str | None, date | None]:
    """Who has it at the end of the as-of date, and since when; nobody: since when nobody has."""
    begun = [row for row in spells(view.facts, account["account_id"], "owner") if row[1] <= view.as_of]
    if not begun:
        return account["owner_id"] or None, None
    rep, start, end = begun[-1]
    if end is not None and end <= view.as_of:
        return None, end
    return rep or None, start


def spells(facts: Facts, account: str, role: str) -> list[tuple[str, date, date | None]]:
    """(rep, from, to) in order; the last day is outside."""
    rows = [
        (row["rep_id"], day_of(row["from_on"]), day_of(row["to_on"]))
        for row in facts.assignments.get(("account", account, role), [])
    ]
    return sorted(rows, key=lambda row: row[1])


def deals_by_account(view: View, deals: list[Deal]) -> dict[str, list[Deal]]:
    of_deal = {row["opportunity_id"]: row["account_id"] for row in view.facts.rows("opportunity")}
    found = defaultdict(list)
    for deal in deals:
        if of_deal[deal.key]:
            found[of_deal[deal.key]].append(deal)
    return found


def done_by_account(view: View) -> dict[str, list]:
    found = defaultdict(list)
    for one in activities(view.facts):
        found[one.account].append(one)
    return found


def may_see(view: View, deal: Deal, day: date) -> bool:
    """Whether the person may see it, whatever was chosen."""
    if not view.asked.manager_of:
        return True
    return view.region_of(deal.on(day), day) in view.facts.within(view.asked.manager_of)


def open_pipeline(view: View, deals: list[Deal]) -> list:
    """The amounts of the account's open deals that the person may see."""
    found = [deal for deal in deals if deal.outcome_on(view.as_of) == "open" and may_see(view, deal, view.as_of)]
    return [view.facts.in_base(deal.on(view.as_of).amount, deal.currency, view.as_of) for deal in found]


def trailing_revenue(view: View, deals: list[Deal]) -> list:
    before = view.as_of.replace(year=view.as_of.year - 1, day=min(view.as_of.day, 28 if view.as_of.month == 2 else 31))
    found = []
    for deal in deals:
        closed = deal.closed_on(view.as_of)
        if deal.outcome_on(view.as_of) == "won" and before < closed <= view.as_of and may_see(view, deal, closed):
            found.append(view.facts.in_base(deal.on(view.as_of).amount, deal.currency, closed))
    return found


# --- contested --------------------------------------------------------------------------------------------


def contested(view: View, days: int = DAYS, least: int = CONTACTS) -> dict[str, dict]:
    """Per contested account in scope: regions, units, deals, activities, days, value_at_risk."""
    deals = replay(view.facts)
    by_account, done = deals_by_account(view, deals), done_by_account(view)
    everybody = View(view.facts, type(view.asked)(), view.start, view.end, view.as_of, None)
    raw = {row["account_id"]: row for row in view.facts.rows("account")}
    counting = [
        one for key, own in done.items() if key for one in own if one.region and contests(view, raw[key], one, days)
    ]
    is_told = any(one.tells for one in counting)
    touched = defaultdict(set)
    for one in counting:
        if one.two_way or not is_told:
            touched[one.account, one.region].add(one.done)
    found = {}
    for key, account in shown(view).items():
        work = defaultdict(lambda: {"deals": 0, "activities": 0, "first": []})
        for deal in by_account.get(key, []):
            if deal.outcome_on(view.as_of) == "open":
                region = everybody.region_of(deal.on(view.as_of), view.as_of)
                if region:
                    work[region]["deals"] += 1
                    work[region]["first"].append(deal.created or date.min)
        for one in done[key]:
            if one.region and contests(view, account, one, days):
                work[one.region]["activities"] += 1
                work[one.region]["first"].append(one.done)
        if not any(facts["deals"] for facts in work.values()):
            continue
        work = {
            region: facts
            for region, facts in work.items()
            if facts["deals"] or len(touched[key, region]) >= least + (not is_told)
        }
        parties = {
            region: facts
            for region, facts in work.items()
            if not any(other != region and other in view.facts.within(region) for other in work)
        }
        if len(parties) < 2:
            continue
        second = sorted(min(facts["first"]) for facts in parties.values())[1]
        found[key] = {
            "regions": sorted(parties),
            "units": len({unit_of(view.facts, region) for region in parties}),
            "deals": sum(facts["deals"] for facts in parties.values()),
            "activities": sum(facts["activities"] for facts in parties.values()),
            "days": None if second == date.min else (view.as_of - second).days,
            "value_at_risk": total(open_pipeline(view, by_account.get(key, []))),
        }
    return found


def contests(view: View, account: dict, one, days: int) -> bool:
    if one.done is None or not view.as_of - timedelta(days=days) < one.done <= view.as_of:
        return False
    if one.origin == "collaboration":
        return False
    directors = spells(view.facts, account["account_id"], "director")
    if not directors and account["key_account_director_id"]:
        directors = [(account["key_account_director_id"], date.min, None)]
    guides = directors + spells(view.facts, account["account_id"], "fill_in")
    return not any(rep == one.rep and start <= one.done < (end or date.max) for rep, start, end in guides)


def unit_of(facts: Facts, region: str) -> str:
    above = [other for other in (row["region_id"] for row in facts.rows("region")) if region in facts.within(other)]
    above.sort(key=lambda other: len(facts.within(other)), reverse=True)
    return above[1] if len(above) > 1 else above[0]


# --- orphaned ---------------------------------------------------------------------------------------------


def orphaned(view: View, silent_days: int = DAYS) -> dict[str, dict]:
    """Per orphaned account in scope: owner_id, reasons, days, value_at_risk."""
    facts = view.facts
    by_account = deals_by_account(view, replay(facts))
    last = defaultdict(list)
    for one in activities(facts):
        if one.done is not None and one.done <= view.as_of and one.account:
            last[one.account].append(one.done)
    left = {row["rep_id"]: day_of(row.get("left_on", "")) for row in facts.rows("rep")}
    has_owners = any(row["owner_id"] for row in facts.rows("account")) or any(
        row["rep_id"] for row in facts.rows("assignment") if (row["subject_kind"], row["role"]) == ("account", "owner")
    )
    found = {}
    for key, account in shown(view).items():
        open_now, won = open_pipeline(view, by_account.get(key, [])), trailing_revenue(view, by_account.get(key, []))
        if not open_now and not won:
            continue
        owner, since = owner_of(view, account)
        created = day_of(account["created_on"])
        reasons = {}
        if owner and left.get(owner) and left[owner] <= view.as_of:
            reasons["left"] = left[owner]
        moved = moved_on(view, owner, account["region_id"], since)
        if moved:
            reasons["moved"] = moved
        if owner is None and has_owners:
            reasons["missing"] = since or created
        if last:
            begin = max(last[key]) if last.get(key) else created
            if begin is None or (view.as_of - begin).days >= silent_days:
                reasons["silent"] = begin
        if reasons:
            days = [(view.as_of - day).days for day in reasons.values() if day is not None]
            found[key] = {
                "owner_id": owner,
                "reasons": list(reasons),
                "days": max(days) if days else None,
                "value_at_risk": total(open_now or won),
            }
    return found


def moved_on(view: View, owner: str | None, region: str, since: date | None) -> date | None:
    """The day since which the owner is posted elsewhere, having been posted where the account is, while they had it."""
    if not owner or not region:
        return None

    def is_there(day: date) -> bool:
        own = view.facts.region_of_rep(owner, day)
        return own is not None and (own in view.facts.within(region) or region in view.facts.within(own))

    if view.facts.region_of_rep(owner, view.as_of) is None:
        return None
    starts = [day for day in [date.min, *view.facts.postings_of(owner)] if day <= view.as_of]
    there = [is_there(day) for day in starts]
    if there[-1] or True not in there:
        return None
    away = starts[len(there) - there[::-1].index(True)]
    return None if since is not None and since >= away else away


# --- handovers --------------------------------------------------------------------------------------------


def handovers(view: View) -> dict[tuple[str, date], dict]:
    """Per account and day on which it went to another rep in the period: from, to, and the days between."""
    done = done_by_account(view)
    found = {}
    owner = view.asked.owner
    everyone = View(view.facts, type(view.asked)(segment=view.asked.segment), *_rest(view))
    for key in shown(everyone):
        held = [spell for spell in spells(view.facts, key, "owner") if spell[0]]
        for (before, _, end), (after, start, _) in zip(held, held[1:], strict=False):
            if before == after or not view.in_flow(start) or owner not in (None, before, after):
                continue
            contacts = [
                one.done for one in done[key] if one.rep == after and one.done and start <= one.done <= view.as_of
            ]
            found[key, start] = {
                "from": before,
                "to": after,
                "days_without_owner": None if end is None else max((start - end).days, 0),
                "days_to_first": (min(contacts) - start).days if contacts else None,
            }
    return found


def _rest(view: View) -> tuple:
    return view.start, view.end, view.as_of, view.visible


# --- cost and scissors ------------------------------------------------------------------------------------


def costs(view: View, start: date, end: date) -> list[tuple[str, Decimal]] | None:
    """(source, amount) of every cost row with days between two days; None: the scope asks for what no cost says."""
    asked = view.asked
    if asked.owner or asked.segment or asked.product or asked.pipeline or asked.track:
        return None
    found = []
    for row in view.facts.rows("marketing_cost"):
        month = day_of(row["month"])
        length = monthrange(month.year, month.month)[1]
        days = (min(end, month.replace(day=length)) - max(start, month)).days + 1
        if days > 0 and view.sees_region(row["region_id"] or None) and asked.source in (None, row["source"]):
            share = Decimal(row["amount"]) * days / length
            found.append((row["source"], to_cent(share.quantize(Decimal("1e-9"), rounding=ROUND_HALF_UP))))
    return found


def scissors(view: View, source: str | None) -> list[dict]:
    """The twelve months up to each of the last eight quarters' ends, of a source or (None) all of them."""
    rows = []
    spent = costs(view, date(1900, 1, 1), view.as_of)
    if not spent:
        return []
    months = [
        day_of(row["month"])
        for row in view.facts.rows("marketing_cost")
        if view.sees_region(row["region_id"] or None) and source in (None, row["source"])
        and view.asked.source in (None, row["source"])
    ]  # fmt: skip
    won = [deal for deal in replay(view.facts) if deal.outcome_on(view.as_of) == "won"]
    closings = [(deal, deal.closed_on(view.as_of)) for deal in won if source in (None, deal.source)]
    raw = {row["opportunity_id"]: row for row in view.facts.rows("opportunity")}
    for end in quarter_ends(view.as_of):
        start = date(end.year - 1, end.month, 1)
        start = (start + timedelta(days=31)).replace(day=1)
        if not months or start < min(months):
            continue
        revenue, margins = [], []
        for deal, closed in closings:
            if not start <= closed <= end or not view.has_on(deal, closed):
                continue
            revenue.append(view.facts.in_base(deal.on(view.as_of).amount, deal.currency, closed))
            if raw[deal.key]["gross_margin"]:
                margins.append(view.facts.in_base(Decimal(raw[deal.key]["gross_margin"]), deal.currency, closed))
        known = None if MISSING_RATE in margins or (revenue and not margins) else sum(margins, Decimal(0))
        own = [amount for name, amount in costs(view, start, end) if source in (None, name)]
        rows.append({"end": end, "cost": sum(own, Decimal(0)), "revenue": total(revenue), "margin": known})
    while rows and not all(rows[0][name] and rows[0][name] > 0 for name in ("cost", "revenue", "margin")):
        rows.pop(0)
    return rows


def quarter_ends(as_of: date) -> list[date]:
    """The last eight ends of calendar quarters up to the day, in order."""
    found, day = [], as_of
    while len(found) < 8:
        if day.month % 3 == 0 and day.day == monthrange(day.year, day.month)[1]:
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]


def alarm(rows: list[dict]) -> int:
    """In how many of the latest periods running cost grew faster than margin; under three: 0."""
    count = 0
    for before, now in zip(rows[-2::-1], rows[:0:-1], strict=True):
        if not all(row[name] is not None for row in (before, now) for name in ("cost", "margin")):
            break
        if before["cost"] <= 0 or before["margin"] <= 0:
            break
        if now["cost"] / before["cost"] <= now["margin"] / before["margin"]:
            break
        count += 1
    return count if count >= 3 else 0
