"""The lines of business of `report overview` beside its deals, straight from the words."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tests.independent.accounts import key_accounts as ranking
from tests.independent.deals import replay
from tests.independent.facts import Facts, day_of, to_cent, total
from tests.independent.readings import _closed, _closed_amounts, ratio
from tests.independent.scopes import Asked, View, view
from tests.independent.support.resources import met_in_time, support


def lines(folder: Path, asked: Asked, base_currency: str, today: date) -> dict:
    facts = Facts(folder, base_currency)
    deals = replay(facts)
    seen = view(facts, deals, asked, today)
    use = support(folder, asked, base_currency, today)["values"]
    _met, needed = met_in_time(seen, {deal.key: deal for deal in deals})
    return {
        "key_accounts": _key_accounts(seen, deals, folder),
        "support": {key: use[key] for key in ("utilisation", "met_in_time_share")} | {"needed_requests": needed},
        "collection": _collection(seen, deals),
    }


# --- collection -------------------------------------------------------------------------------------------


def _collection(seen: View, deals: list) -> dict:
    facts = seen.facts
    receipts, invoices = facts.rows("payment"), facts.rows("invoice")
    paid: dict[str, Decimal] = {}
    for row in receipts:
        if day_of(row["received_on"]) <= seen.as_of:
            paid[row["opportunity_id"]] = paid.get(row["opportunity_id"], Decimal(0)) + to_cent(Decimal(row["amount"]))
    won = _closed(seen, deals, "won")
    received = sum(
        (paid.get(deal.key, Decimal(0)) for deal in won if deal.on(seen.as_of).amount is not None), Decimal(0)
    )
    late = list(overdue(seen, deals, paid))
    return {
        "received_amount": received if receipts else None,
        "collected_share": ratio(received, total(_closed_amounts(seen, won))) if receipts else None,
        "overdue_amount": sum(late, Decimal(0)) if invoices else None,
        "overdue_count": len(late) if invoices else None,
    }


def overdue(seen: View, deals: list, paid: dict[str, Decimal]) -> Iterator[Decimal]:
    """What is left of each invoice that fell due before the day, once the deal's money has paid those before it."""
    by_deal: dict[str, list[tuple]] = {}
    for row in seen.facts.rows("invoice"):
        due_on = day_of(row["due_on"])
        if due_on < seen.as_of:
            place = due_on, int(row.get("sequence") or 0), to_cent(Decimal(row["amount"]))
            by_deal.setdefault(row["opportunity_id"], []).append(place)
    for deal in deals:
        state, day = deal.on(seen.as_of), deal.closed_on(seen.as_of) or seen.as_of
        if state is None or not seen.has(deal, deal.on(day), day):
            continue
        purse = paid.get(deal.key, Decimal(0))
        for _due_on, _sequence, amount in sorted(by_deal.get(deal.key, [])):
            if amount and purse < amount:
                yield amount - max(purse, Decimal(0))
            purse -= amount


# --- key accounts -----------------------------------------------------------------------------------------


def _key_accounts(seen: View, deals: list, folder: Path) -> dict:
    facts, as_of = seen.facts, seen.as_of
    points = ranking.published_cut_points(facts)
    rows = ranking.key_accounts(folder, as_of, facts.base_currency, ranking.Profile(points), with_stability=False)
    if all(row["score"] is None for row in rows.values()):
        return dict.fromkeys((
            "key_account_count", "key_won_amount", "key_won_share", "key_closeness", "key_closeness_count",
            "key_closeness_change", "key_needs_gap", "key_needs_count",
        ))  # fmt: skip
    key = {account for account, row in rows.items() if row["is_key"]}
    regions = {row["account_id"]: row.get("region_id") or None for row in facts.rows("account")}
    shown = {account for account in key if seen.sees_region(regions[account])}
    account_of = {row["opportunity_id"]: row.get("account_id") for row in facts.rows("opportunity")}
    won = _closed(seen, deals, "won")
    of_key = total(_closed_amounts(seen, [deal for deal in won if account_of[deal.key] in key]))
    now, before = (_closeness(facts, shown, account_of, as_of - timedelta(days=back)) for back in (0, 90))
    both = [now[account] - before[account] for account in now if account in before]
    gaps = _gaps(facts, shown, as_of)
    return {
        "key_account_count": len(shown),
        "key_won_amount": of_key,
        "key_won_share": ratio(of_key, total(_closed_amounts(seen, won))),
        "key_closeness": sum(now.values()) / len(now) if now else None,
        "key_closeness_count": len(now),
        "key_closeness_change": sum(both) / len(both) if both else None,
        "key_needs_gap": float(sum(sum(own) for own in gaps.values())) if gaps else None,
        "key_needs_count": len(gaps),
    }


def _closeness(facts: Facts, accounts: set[str], account_of: dict, day: date) -> dict[str, float]:
    """Of the accounts with both halves: half counted over 90 days, half as last judged."""
    seniority = {row["contact_id"]: row["seniority"] for row in facts.rows("contact")}
    done: dict[str, list[dict]] = {}
    for row in facts.rows("activity"):
        account = row["account_id"] or account_of.get(row["opportunity_id"])
        if account in accounts and row["completed_at"] and day_of(row["completed_at"]) <= day:
            done.setdefault(account, []).append(row)
    judged: dict[str, tuple[date, float]] = {}
    for row in facts.rows("closeness_score"):
        made = day_of(row["assessed_on"])
        if made <= day and made >= judged.get(row["account_id"], (date.min, 0))[0]:
            judged[row["account_id"]] = made, float(row["score"])
    found = {}
    for account, own in done.items():
        recent = [row for row in own if (day - day_of(row["completed_at"])).days < 90]
        people = {row["contact_id"] for row in recent if row["contact_id"]}
        ranks = [int(seniority[person]) for person in people if seniority[person]]
        spoke = [(day - day_of(row["completed_at"])).days for row in recent if row["two_way"].lower() in ("true", "1")]
        if account in judged and any(row["two_way"] for row in own) and (ranks or not people):
            parts = (min(10, 2 * len(people)), 2 * max(ranks, default=0), min(10, len(spoke)))
            recency = max(0, 10 - min(spoke) / 9) if spoke else 0
            found[account] = ((sum(parts) + recency) / 4 + judged[account][1]) / 2
    return found


def _gaps(facts: Facts, accounts: set[str], as_of: date) -> dict[str, list[Decimal]]:
    """What we cannot meet of each need, as last assessed."""
    held: dict[tuple, dict] = {}
    for row in facts.rows("account_need"):
        subject = row["account_id"], row["window"], row["solution"]
        made = day_of(row["assessed_on"])
        is_later = subject not in held or made > day_of(held[subject]["assessed_on"])
        if row["account_id"] in accounts and made <= as_of and is_later:
            held[subject] = row
    found: dict[str, list[Decimal]] = {}
    for (account, _window, _solution), row in held.items():
        found.setdefault(account, []).append(Decimal(row["value"]) * (1 - Decimal(row["capability"]) / 10))
    return found
