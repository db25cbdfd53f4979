"""The rules of `report attention` about what nobody wrote down: judgements, directors, goals, scores.

Where nothing of a kind is recorded of any account of the company, nothing of it is missing.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from tests.independent.accounts.key_accounts import FACTORS, key_accounts, past_revenues
from tests.independent.attention.rules import Company, about_account
from tests.independent.facts import day_of, total


def never_assessed(company: Company) -> Iterator[dict]:
    """A key account without a single judgement of closeness, or without a single need."""
    judged = {
        table: {row["account_id"] for row in company.facts.rows(table) if day_of(row["assessed_on"]) <= company.as_of}
        for table in ("closeness_score", "account_need")
    }
    for account in company.key_accounts:
        if any(accounts and account["account_id"] not in accounts for accounts in judged.values()):
            yield about_account(company, "never_assessed", account, None)


def key_without_director(company: Company) -> Iterator[dict]:
    """Nobody is assigned to direct it on the day; where nobody ever was, its own column names nobody; or who does has
    left. It is the manager's to name one, so the line has no owner."""
    facts, as_of = company.facts, company.as_of
    left = {row["rep_id"] for row in facts.rows("rep") if row.get("left_on") and day_of(row["left_on"]) <= as_of}
    stretches = defaultdict(list)
    for row in facts.rows("assignment"):
        if (row["subject_kind"], row["role"]) == ("account", "director"):
            stretches[row["subject_id"]].append((row["rep_id"], day_of(row["from_on"]), day_of(row["to_on"])))
    for row in facts.rows("account"):
        if row.get("key_account_director_id") and row["account_id"] not in stretches:
            stretches[row["account_id"]] = [(row["key_account_director_id"], None, None)]
    begun = {
        account: [(rep, to) for rep, since, to in own if since is None or since <= as_of]
        for account, own in stretches.items()
    }
    if not any(begun.values()):
        return
    for account in company.key_accounts:
        own = begun.get(account["account_id"], [])
        if not any(rep and rep not in left and (to is None or to > as_of) for rep, to in own):
            yield about_account(company, "key_without_director", account, None) | {"owner_id": None}


def key_without_goal(company: Company) -> Iterator[dict]:
    """None of its goals is still to be reached."""
    rows = company.facts.rows("account_goal")
    ahead = {row["account_id"] for row in rows if not row["done_on"] or day_of(row["done_on"]) > company.as_of}
    if rows:
        for account in company.key_accounts:
            if account["account_id"] not in ahead:
                yield about_account(company, "key_without_goal", account, None)


def large_unscored(company: Company) -> Iterator[dict]:
    """Without a score, and one of the company's largest by what it brought in twelve months, or by what is open."""
    facts, as_of = company.facts, company.as_of
    ranked = key_accounts(facts.folder, as_of, facts.base_currency, company.profile, with_stability=False)
    if all(row["score"] is None for row in ranked.values()):
        return
    opened = defaultdict(list)
    for deal in company.deals:
        if deal.outcome_on(as_of) == "open" and company.account_of[deal.key] in ranked:
            amount = facts.in_base(deal.on(as_of).amount, deal.currency, as_of)
            opened[company.account_of[deal.key]].append(amount)
    largest = _largest(past_revenues(facts, as_of), company.limits["large_accounts"])
    largest |= _largest({key: total(amounts) for key, amounts in opened.items()}, company.limits["large_accounts"])
    for account in company.shown_accounts:
        key = account["account_id"]
        if key in largest and any(ranked[key][factor] is None for factor in FACTORS):
            yield about_account(company, "large_unscored", account, None)


def _largest(amounts: dict[str, Decimal | None], most: float) -> set[str]:
    """Those with fewer than so many above them; nothing is not large."""
    known = {key: amount for key, amount in amounts.items() if amount}
    return {key for key, amount in known.items() if sum(other > amount for other in known.values()) < most}


ABOUT_OTHERS = (never_assessed, key_without_director, key_without_goal, large_unscored)
