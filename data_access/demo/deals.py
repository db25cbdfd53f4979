"""The deals as they are meant to go: what, whose, how much, and whether, when and why they end.

`histories.py` then lets them go that way, step by step, up to the demo's last day.
"""

from dataclasses import dataclass

import numpy as np

from .accounts import draw_accounts, still_owned
from .catalogue import PRODUCTS, STAGE_COUNT
from .forms import (
    month_start,
    months_of,
    quarter_start,
    quarters_of,
    rounded,
    spread,
    spread_by_row,
    working_day,
)
from .organisation import rate_on, region_on, seller_in

SOURCES = (
    "展会 Trade show",
    "转介绍 Referral",
    "官网 Web form",
    "讲座 Talk",
    "电话 Cold call",
    "伙伴 Partner",
    "社媒 Social media",
    "老客户 Existing customer",
)
_SOURCE_SHARE = (14, 10, 12, 7, 8, 9, 6, 34)
_SOURCE_EDGE = np.array([-0.15, 0.35, -0.1, 0.0, -0.4, 0.1, -0.3, 0.25])  # in log odds of winning
_UNIT_EDGE = np.array([0.15, 0.05, -0.05, -0.2])
_MONTH_SEASON = np.array([0.9, 0.6, 1.15, 1.0, 1.0, 1.1, 0.95, 0.9, 1.15, 1.0, 1.1, 1.0])
YEARLY_GROWTH = 0.14
LOSS_REASONS = (
    "relationship",
    "support",
    "price",
    "product",
    "competitor",
    "no_decision",
    "qualified_out",
    "duplicate",
    "other",
)
_LOSS_SHARE = (22, 18, 13, 8, 12, 11, 10, 3, 3)
_FURTHEST_LOST = ((17, 19, 18, 16, 13, 11, 6), (34, 32, 22, 12))  # share of lost deals by furthest stage
LARGE, FAST = 0, 1


@dataclass(frozen=True)
class Deals:
    """Deals are numbered by creation. Times are days with a fraction; some close after the last day."""

    created: np.ndarray
    closes: np.ndarray
    track: np.ndarray
    wins: np.ndarray
    furthest: np.ndarray  # the highest stage reached, from 0
    loss_reason: np.ndarray
    account: np.ndarray
    owner: np.ndarray  # at creation
    office: np.ndarray  # the owner's at creation
    own_region: np.ndarray  # -1: the deal goes with its owner
    product: np.ndarray
    source: np.ndarray
    currency: np.ndarray
    amount: np.ndarray  # at creation, in the deal's currency


def build(rng, plan, organisation, accounts):
    n = plan.deals
    created = _creations(rng, plan)
    day = working_day(created)
    track = np.where(rng.random(n) < 0.4, LARGE, FAST)
    account = draw_accounts(rng, accounts, day)
    owner, office = _owners(rng, organisation, accounts, account, day)
    kinds = np.array([[p[3] for p in PRODUCTS], [p[4] for p in PRODUCTS]])
    product = spread_by_row(rng, kinds[track])
    source = spread(rng, _SOURCE_SHARE, n)
    odds = (
        np.where(track == LARGE, -1.12, -0.62)
        + 0.32 * organisation.skill[owner]
        + _UNIT_EDGE[organisation.unit_of[office]]
        + np.array([p[6] for p in PRODUCTS])[product]
        + _SOURCE_EDGE[source]
    )
    wins = _won(rng, track, 1 / (1 + np.exp(-odds)))
    loss_reason = spread(rng, _LOSS_SHARE, n)
    furthest = _furthest(rng, track, wins, loss_reason)
    base_amount = _amounts(rng, plan, track, product, accounts.size[account], created)
    currency = spread(rng, (88, 7, 5), n)
    step = np.where(track == LARGE, 10_000, 1_000)
    return Deals(
        created=created,
        closes=_closings(rng, track, wins, furthest, loss_reason, base_amount, created),
        track=track,
        wins=wins,
        furthest=furthest,
        loss_reason=loss_reason,
        account=account,
        owner=owner,
        office=office,
        own_region=np.where(rng.random(n) < 0.75, office, -1),
        product=product,
        source=source,
        currency=currency,
        amount=np.maximum(rounded(base_amount / rate_on(organisation, currency, day), step), step),
    )


def _creations(rng, plan):
    """Growth year on year, a slow February, and at the start the deals the company had already."""
    days = np.arange(plan.first_day, plan.until + 1)
    weight = (1 + YEARLY_GROWTH) ** ((days - plan.first_day) / 365) * _MONTH_SEASON[months_of(days) % 12]
    weight[:70] *= 1.9
    created = days[spread(rng, weight, plan.deals)] + rng.random(plan.deals)
    return np.sort(created)


def _owners(rng, organisation, accounts, account, day):
    """Usually the account's owner; else a colleague of the office; now and then another unit altogether."""
    office = accounts.office[account]
    luck = rng.random(len(account))
    elsewhere = luck > 0.92
    office = np.where(elsewhere, rng.choice(organisation.offices, len(account)), office)
    somebody = seller_in(rng, organisation, office, day)
    owner = still_owned(organisation, accounts, account, day)
    here = (owner >= 0) & (luck < 0.7) & (organisation.hired[np.maximum(owner, 0)] <= day)
    owner = np.where(here, owner, somebody)
    return owner, region_on(organisation, owner, day)


def _won(rng, track, chance):
    """Which deals win, by their chances, yet evenly over time: few large deals make no wild quarters."""
    wins = np.zeros(len(track), bool)
    for kind in (LARGE, FAST):
        these = np.flatnonzero(track == kind)
        passed = np.floor(np.cumsum(chance[these]) + rng.random())
        wins[these] = np.diff(passed, prepend=0) > 0
    return wins


def _furthest(rng, track, wins, loss_reason):
    furthest = np.array(STAGE_COUNT)[track] - 1
    for kind, shares in enumerate(_FURTHEST_LOST):
        lost = np.flatnonzero(~wins & (track == kind))
        furthest[lost] = spread(rng, shares, len(lost))
    early = ~wins & np.isin(loss_reason, (LOSS_REASONS.index("qualified_out"), LOSS_REASONS.index("duplicate")))
    return np.where(early, np.minimum(furthest, 1), furthest)


def _amounts(rng, plan, track, product, size, created):
    """In base currency: log-normal, larger for large customers and dear products, 5 % more every year."""
    n = len(track)
    dearer = np.array([p[5] for p in PRODUCTS])[product] * np.clip(size, 0.3, 4) ** 0.3
    dearer *= 1.05 ** ((created - plan.first_day) / 365)
    large = np.clip(rng.lognormal(np.log(1_250_000), 0.55, n) * dearer, 300_000, 8_000_000)
    fast = np.clip(rng.lognormal(np.log(88_000), 0.65, n) * dearer, 20_000, 400_000)
    return np.where(track == LARGE, large, fast)


def _closings(rng, track, wins, furthest, loss_reason, base_amount, created):
    """Creation plus a cycle: longer for large amounts and no decision, drawn to the quarter's end."""
    n = len(track)
    usual = np.where(track == LARGE, 140, 30)
    size = (base_amount / np.where(track == LARGE, 1_150_000, 88_000)) ** 0.12
    reached = (furthest + 1) / np.array(STAGE_COUNT)[track]
    cycle = usual * size * np.where(wins, 1, 0.68 + 0.55 * reached) * rng.lognormal(0, 0.5, n)
    cycle = np.where(~wins & (loss_reason == LOSS_REASONS.index("no_decision")), 1.8 * cycle, cycle)
    closes = created + np.maximum(cycle, 3)
    luck = rng.random(n)
    day = np.floor(closes).astype("int64")
    year_end = months_of(day) % 12 >= 9
    pull = np.where(year_end, 0.34, 0.22) * np.where(track == LARGE, 1, 0.5)
    to_quarter_end = wins & (luck < pull)
    closes = np.where(to_quarter_end, quarter_start(quarters_of(day) + 1) - rng.uniform(0.1, 12, n), closes)
    day = np.floor(closes).astype("int64")
    slow = (months_of(day) % 12 == 1) & (luck > 0.6)  # February waits for the new year's holiday to end
    closes = np.where(slow, month_start(months_of(day) + 1) + rng.uniform(0, 25, n), closes)
    return np.maximum(closes, created + 1.5)
