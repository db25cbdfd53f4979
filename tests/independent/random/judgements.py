"""What people judged about the deals of a random organisation, and what its accounts bought: often on one day, partly,
late, after the closing, without a product or an account."""

from datetime import timedelta
from random import Random

from tests.independent.opportunities.worth import LONG, SHORT
from tests.independent.random.histories import FIRST_DAY, LAST_DAY
from tests.independent.random.organisations import Tables, organisation, random_day


def judged_organisation(seed: int) -> Tables:
    """A random organisation with products, purchases, values and openings."""
    random = Random(seed + 50_000)
    tables = organisation(seed)
    tables["product"] = [{"product": "pump", "category": "machines"}, {"product": "valve", "category": "parts"}]
    tables["purchase"] = _purchases(random)
    tables["opening"], tables["opportunity_score"] = [], []
    for deal in tables["opportunity"]:
        key, closed_on = deal["opportunity_id"], deal.get("closed_on")
        tables["opening"] += _openings(random, key, closed_on)
        tables["opportunity_score"] += _scores(random, key)
    return tables


def _purchases(random: Random) -> list[dict]:
    """Round amounts, so that shares of exactly 40 % and 60 % occur; seven years, of which three ever count."""
    return [
        {"account_id": f"a{account}", "year": year, "category": category, "supplier": supplier, "amount": amount}
        for account in range(6)
        for year in range(2020, 2027)
        for category in ("machines", "parts")
        for supplier in ("us", "rival", "other")
        if (amount := random.choice((None, None, 0, 10, 20, 20, 30))) is not None
    ]


def _openings(random: Random, key: str, closed_on) -> list[dict]:
    days = {random_day(random, FIRST_DAY, LAST_DAY) for _ in range(random.choice((0, 1, 2, 3)))}
    if closed_on:  # on the closing day, the day before it, the day after
        near = [closed_on + timedelta(days=days) for days in (-1, 0, 1)]
        days |= set(random.sample([day for day in near if day <= LAST_DAY], random.choice((0, 1))))
    return [
        {
            "opportunity_id": key,
            "position": random.choice(("ahead", "even", "behind")),
            "territory": random.choice(("", "", "ours", "neutral", "theirs")),
            "assessed_on": day,
            "what_changed": random.choice(("", "a new CIO")),
        }
        for day in days
    ]


def _scores(random: Random, key: str) -> list[dict]:
    """All five answers, most, or none; whole ones, so that means lie on the cut lines."""
    scores = (0, 4, 5, 5, 6, 9, 4.8, 5.2)
    return [
        {"opportunity_id": key, "question": question, "score": random.choice(scores), "assessed_on": day}
        for question in (*SHORT, *LONG)
        for day in {random_day(random, FIRST_DAY, LAST_DAY) for _ in range(random.choice((0, 1, 1, 1, 2)))}
    ]
