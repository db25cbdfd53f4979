"""`report key-accounts`, straight from the words: factor scores, score, rank inside the group, key, stability."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path

import numpy as np

from tests.independent.deals import replay
from tests.independent.facts import Facts, day_of, total

FACTORS = ("past_revenue", "potential", "reference_effect", "winnability")
OTHERS = "others"
SMALLEST_GROUP = 5
DRAWS = 2000
CONCENTRATION = 100


@dataclass(frozen=True)
class Profile:
    """What makes an account key; profile 1 unless told. Numbers are exact: 0.07 is seven hundredths."""

    cut_points: tuple[Decimal, ...]
    weights: dict[str, Fraction] = field(default_factory=lambda: dict.fromkeys(FACTORS, Fraction(1)))
    top: Fraction = Fraction(1, 5)
    floor: Fraction = Fraction(0)

    @property
    def shares(self) -> list[Fraction]:
        """By factor, in order, summing to 1; a factor not named weighs 0."""
        weights = [self.weights.get(factor, Fraction(0)) for factor in FACTORS]
        return [weight / sum(weights) for weight in weights]


# --- factor scores ----------------------------------------------------------------------------------------


def past_revenues(facts: Facts, as_of: date) -> dict[str, Decimal | None]:
    """Won amount of the 12 months up to the day, of the listed accounts that won deals in them; None: not known."""
    listed = {row["account_id"] for row in _listed(facts, as_of)}
    won = _amounts_won(facts, as_of)
    return {account: total(amounts) for account, amounts in won.items() if account in listed}


def won_in_the_year_to(facts: Facts, as_of: date) -> dict[str, Decimal]:
    """The same of any account, as far as its amounts are known."""
    return {
        account: sum((amount for amount in amounts if isinstance(amount, Decimal)), Decimal(0))
        for account, amounts in _amounts_won(facts, as_of).items()
    }


def _amounts_won(facts: Facts, as_of: date) -> dict[str, list]:
    """Per account the amounts of the deals won in the 12 months up to the day."""
    account_of = {row["opportunity_id"]: row["account_id"] for row in facts.rows("opportunity")}
    won = defaultdict(list)
    for deal in replay(facts):
        closed_on = deal.closed_on(as_of)
        if deal.outcome_on(as_of) == "won" and a_year_earlier(as_of) < closed_on <= as_of:
            amount = facts.in_base(deal.on(as_of).amount, deal.currency, closed_on)
            won[account_of[deal.key]].append(amount)
    return won


def proposed_cut_points(revenues: dict[str, Decimal | None]) -> tuple[Decimal, ...]:
    """0.01 and the nearest-rank 10 %, 20 % … 90 % quantiles of the positive revenues."""
    positive = sorted(revenue for revenue in revenues.values() if revenue)
    at = [ceil(Fraction(tenth, 10) * len(positive)) for tenth in range(1, 10)]
    return (Decimal("0.01"), *(positive[rank - 1] for rank in at))


def published_cut_points(facts: Facts) -> tuple[Decimal, ...]:
    """Those of the profile that the first import publishes: as proposed by the revenue at hand. Without any nothing is
    published, and whatever the points are, no revenue reaches them."""
    revenues = past_revenues(facts, facts.last_day)
    return proposed_cut_points(revenues) if any(revenues.values()) else (Decimal("0.01"),) * 10


def _revenue_score(account: str, revenues: dict, cut_points: tuple[Decimal, ...]) -> Fraction | None:
    """How many of the cut points it reaches. No won deal: 0, wherever the cut points lie."""
    if account not in revenues:
        return Fraction(0)
    revenue = revenues[account]
    return None if revenue is None else Fraction(sum(revenue >= point for point in cut_points))


def a_year_earlier(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _assessments(facts: Facts, as_of: date) -> dict[tuple[str, str], Fraction]:
    """The latest score of each account and factor as of the day."""
    latest: dict[tuple[str, str], tuple[date, Fraction]] = {}
    for row in facts.rows("account_score"):
        key, day = (row["account_id"], row["factor"]), day_of(row["assessed_on"])
        if day <= as_of and (key not in latest or day > latest[key][0]):
            latest[key] = day, Fraction(row["score"])
    return {key: score for key, (_, score) in latest.items()}


# --- groups -----------------------------------------------------------------------------------------------


def _listed(facts: Facts, as_of: date) -> list[dict[str, str]]:
    """All accounts but those created after the day."""
    accounts = facts.rows("account")
    return [row for row in accounts if not row.get("created_on") or day_of(row["created_on"]) <= as_of]


def _groups(accounts: list[dict[str, str]]) -> dict[str, str]:
    """The group of each account: industry, or class; a group under 5 accounts joins `others`."""
    own = {row["account_id"]: row.get("industry") or row.get("customer_class") or OTHERS for row in accounts}
    sizes = {group: list(own.values()).count(group) for group in own.values()}
    return {account: group if sizes[group] >= SMALLEST_GROUP else OTHERS for account, group in own.items()}


# --- rows -------------------------------------------------------------------------------------------------


def key_accounts(
    folder: Path, as_of: date, base_currency: str, profile: Profile, with_stability: bool = True
) -> dict[str, dict]:
    """The rows of the whole company by account."""
    facts = Facts(folder, base_currency)
    accounts = _listed(facts, as_of)
    groups, revenues, assessed = _groups(accounts), past_revenues(facts, as_of), _assessments(facts, as_of)
    rows = {}
    for account in accounts:
        key = account["account_id"]
        scores = [_revenue_score(key, revenues, profile.cut_points)]
        scores += [assessed.get((key, factor)) for factor in FACTORS[1:]]
        rows[key] = {"account_id": key, "account": account["name"], "group": groups[key]}
        rows[key] |= dict(zip(FACTORS, scores, strict=True))
        rows[key] |= {"score": _score(scores, profile.shares), "rank": None, "is_key": False, "stability": None}
        rows[key] |= {
            "score_low": _if_missing_were(0, scores, profile),
            "score_high": _if_missing_were(10, scores, profile),
        }
    for group in set(groups.values()):
        scored = [row for row in rows.values() if row["group"] == group and row["score"] is not None]
        _rank(scored, profile, with_stability)
    return rows


def seen(facts: Facts, regions: set[str]) -> set[str]:
    """The accounts of some regions, each with all below it."""
    within = set().union(*(facts.within(region) for region in regions))
    return {row["account_id"] for row in facts.rows("account") if row.get("region_id") in within}


def _score(scores: list[Fraction | None], shares: list[Fraction]) -> Fraction | None:
    if None in scores:
        return None
    return round(sum(share * score for share, score in zip(shares, scores, strict=True)), 9)


def _if_missing_were(score: int, scores: list[Fraction | None], profile: Profile) -> Fraction:
    """The score of an account whose missing factors all had this one."""
    return _score([Fraction(score) if own is None else own for own in scores], profile.shares)


def in_order(rows: dict[str, dict]) -> list[str]:
    """The accounts as a ranking names them: by group, the best first; who has no score by the middle of its range,
    after those that have just that score."""

    def place(row: dict) -> tuple:
        middle = (row["score_low"] + row["score_high"]) / 2
        return row["group"], -middle, row["score"] is None, row["account_id"]

    return [row["account_id"] for row in sorted(rows.values(), key=place)]


def _rank(rows: list[dict], profile: Profile, with_stability: bool) -> None:
    """Fills rank, is_key and stability of one group's scored accounts."""
    is_key = _keys([row["score"] for row in rows], profile.top, profile.floor)
    stabilities = _stabilities(rows, profile) if with_stability else [None] * len(rows)
    for row, its_key, stability in zip(rows, is_key, stabilities, strict=True):
        better = sum(other["score"] > row["score"] for other in rows)
        row |= {"rank": better + 1, "is_key": its_key, "stability": stability}


def _keys(scores: list, top: Fraction, floor: Fraction) -> list[bool]:
    """Which of the scores are in the top ⌈X × n⌉, ties at the edge included, and at or over the floor."""
    places = ceil(top * len(scores))
    edge = sorted(scores, reverse=True)[:places]
    return [bool(edge) and score >= edge[-1] and score >= floor for score in scores]


def _stabilities(rows: list[dict], profile: Profile) -> list[float]:
    """The share of 2,000 drawn weight vectors in which each account is key."""
    weighing = [factor for factor, share in zip(FACTORS, profile.shares, strict=True) if share]
    alphas = [float(CONCENTRATION * share) for share in profile.shares if share]
    scores = [[float(row[factor]) for factor in weighing] for row in rows]
    times_key, floor = [0] * len(rows), float(profile.floor)
    for weights in np.random.default_rng(1).dirichlet(alphas, DRAWS).tolist():
        drawn = [round(sum(w * s for w, s in zip(weights, own, strict=True)), 9) for own in scores]
        for place, is_key in enumerate(_keys(drawn, profile.top, floor)):
            times_key[place] += is_key
    return [times / DRAWS for times in times_key]
