"""What the records of a deal and an account say, straight from the files: people in touch, deals alike, references, and
what an account brought by year."""

import math
from datetime import date
from decimal import Decimal

from tests.independent.deals import LEFT_OUT_REASONS, Deal, replay
from tests.independent.facts import Facts, day_of, money_of, total


def closed_amount(facts: Facts, deal: Deal, as_of: date):
    """What it was closed at, in base currency."""
    return facts.in_base(deal.on(as_of).amount, deal.currency, deal.closed_on(as_of))


def is_decided(deal: Deal, as_of: date) -> bool:
    outcome = deal.outcome_on(as_of)
    return outcome == "won" or (outcome == "lost" and deal.loss_reason not in LEFT_OUT_REASONS)


def people(facts: Facts, key: str, as_of: date) -> dict[str, tuple]:
    """By contact: activities about the deal completed by the day, two-way ones, the last of all and of those."""
    found: dict[str, list[tuple[date, bool]]] = {}
    for row in facts.rows("activity"):
        day = day_of(row["completed_at"])
        if row["opportunity_id"] == key and row["contact_id"] and day is not None and day <= as_of:
            found.setdefault(row["contact_id"], []).append((day, row["two_way"] in ("true", "True", "1")))
    return {
        contact: (
            len(done),
            sum(two_way for _day, two_way in done),
            max(day for day, _two_way in done),
            max((day for day, two_way in done if two_way), default=None),
        )
        for contact, done in found.items()
    }


def alike(facts: Facts, deal: Deal, as_of: date) -> list[str]:
    """The three won and the three lost deals most like it, in order."""
    state = deal.on(as_of)
    amount = (
        facts.in_base(state.amount, deal.currency, as_of)
        if state.outcome == "open"
        else closed_amount(facts, deal, as_of) if is_decided(deal, as_of) else None
    )  # fmt: skip

    def order(other: Deal) -> tuple:
        theirs = closed_amount(facts, other, as_of)
        known = isinstance(theirs, Decimal) and isinstance(amount, Decimal) and theirs > 0 and amount > 0
        far = round(abs(math.log(float(theirs) / float(amount))), 9) if known else math.inf
        return other.product != deal.product, far, -other.closed_on(as_of).toordinal(), other.key

    def is_alike(other: Deal) -> bool:
        same = (other.pipeline, other.track, other.segment) == (deal.pipeline, deal.track, deal.segment)
        return same and other.key != deal.key and is_decided(other, as_of)

    found = sorted(filter(is_alike, replay(facts)), key=order)
    return [
        other.key
        for outcome in ("won", "lost")
        for other in [one for one in found if one.outcome_on(as_of) == outcome][:3]
    ]


def references(facts: Facts, deal: Deal, as_of: date) -> dict[str, int]:
    """By product: the accounts of its industry and track that bought it."""
    accounts = {row["opportunity_id"]: row["account_id"] for row in facts.rows("opportunity")}
    bought: dict[str, set[str]] = {}
    for other in replay(facts):
        same = (other.track, other.segment) == (deal.track, deal.segment) and other.key != deal.key
        if same and other.outcome_on(as_of) == "won" and accounts[other.key]:
            bought.setdefault(other.product, set()).add(accounts[other.key])
    return {product: len(keys) for product, keys in bought.items()}


def brought(facts: Facts, account: str, as_of: date) -> list[dict]:
    """The last three years of twelve months, the latest first."""
    own = {row["opportunity_id"]: row for row in facts.rows("opportunity") if row["account_id"] == account}
    won = [deal for deal in replay(facts) if deal.key in own and deal.outcome_on(as_of) == "won"]
    rows = []
    for back in range(3):
        after, until = (as_of.replace(year=as_of.year - back - step) for step in (1, 0))
        these = [deal for deal in won if after < deal.closed_on(as_of) <= until]
        amounts = [closed_amount(facts, deal, as_of) for deal in these]
        margins = [
            facts.in_base(money_of(own[deal.key]["gross_margin"]), deal.currency, deal.closed_on(as_of))
            for deal in these
        ]
        amount, margin = total(amounts), total(margins)
        n = sum(one is not None for one in amounts)
        rows.append(
            {
                "projects": len(these),
                "amount": amount,
                "size": None if amount is None or not n else amount / n,
                "margin": margin,
            }
        )
    return rows
