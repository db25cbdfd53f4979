"""The customers: who they are, who had them when, who sits there, what they buy and from whom."""

from dataclasses import dataclass

import numpy as np

from . import names
from .catalogue import CATEGORIES
from .forms import FAR, NEVER, frame, iso, keys, picked, rounded, spread, spread_by_row
from .organisation import draw_office, gone_by, picked_ids, posting_on, seller_in

INDUSTRIES = names.INDUSTRIES
CLASSES = ("战略 Strategic", "重点 Focus", "一般 Standard")
RIVALS = (
    "珩岚数智 Henglan Digital",
    "沣图云科 Fengtu Cloud",
    "Norvelo",
    "砚策系统 Yance Systems",
    "Quantessa",
)
PUBLIC = -1  # the owner of an account in the public pool


@dataclass(frozen=True)
class Accounts:
    """Accounts are numbered by the day they were created. Spells say who owned one from when to when."""

    name: list
    created: np.ndarray
    office: np.ndarray
    industry: np.ndarray  # -1: none
    customer_class: np.ndarray
    size: np.ndarray  # 1 is a usual customer
    director: np.ndarray  # -1: not a director's account
    contacts: np.ndarray  # how many
    first_contact: np.ndarray
    spell_account: np.ndarray
    spell_from: np.ndarray
    spell_to: np.ndarray
    spell_rep: np.ndarray
    spell_reason: list


def build(rng, plan, organisation):
    n = plan.accounts
    old = rng.random(n) < 0.65
    created = np.where(
        old,
        plan.first_day - rng.integers(60, 1800, n),
        rng.integers(plan.first_day - 60, plan.until - 90, n),
    )
    created.sort()
    office = draw_office(rng, organisation, n)
    industry = np.where(rng.random(n) < 0.05, -1, spread(rng, (24, 12, 14, 12, 11, 11, 8, 8), n))
    size = rng.lognormal(0, 0.8, n)
    customer_class = np.digitize(-size, -np.quantile(size, (0.9, 0.6)))
    directed = size >= np.quantile(size, 0.88)
    contacts = 1 + rng.poisson(np.clip(1.5 * size, 0.5, 8))
    spells, reasons = _spells(rng, plan, organisation, created, office)
    return Accounts(
        name=names.companies(rng, industry),
        created=created,
        office=office,
        industry=industry,
        customer_class=np.where((industry < 0) & (rng.random(n) < 0.4), -1, customer_class),
        size=size,
        director=np.where(directed, organisation.directors[organisation.unit_of[office]], -1),
        contacts=contacts,
        first_contact=np.cumsum(contacts) - contacts,
        spell_account=spells[:, 0],
        spell_from=spells[:, 1],
        spell_to=spells[:, 2],
        spell_rep=spells[:, 3],
        spell_reason=reasons,
    )


def _spells(rng, plan, organisation, created, office):
    """Who owned each account when. Who leaves hands over, drops it to the pool, or leaves it behind."""
    n = len(created)
    rounds: list = []
    reasons: list[np.ndarray] = []
    # before the demo's time nobody knows who had them; 390 days back all early reps were hired
    start = np.maximum(created, plan.first_day - 390)
    account, reason = np.arange(n), np.array(["created"] * n, dtype=object)
    in_pool = rng.random(n) < 0.06
    recycled_on = np.where(rng.random(n) < 0.14, rng.integers(plan.first_day, plan.until, n), FAR)
    while len(account):
        owner = seller_in(rng, organisation, office[account], start)
        owner = np.where(in_pool, PUBLIC, owner)
        posted_to = organisation.posting_to[posting_on(organisation, np.maximum(owner, 0), start)]
        recycled = np.where(recycled_on[account] > start, recycled_on[account], FAR)
        end = np.where(in_pool, start + rng.integers(40, 420, len(account)), np.minimum(posted_to, recycled))
        gone = ~in_pool & (posted_to <= recycled) & (posted_to <= plan.until)
        end = np.where(gone & (rng.random(len(account)) < 0.14), FAR, end)  # nobody took it over: orphaned
        end = np.where(end > plan.until, FAR, end)
        rounds.append(np.column_stack([account, start, end, owner]))
        reasons.extend(reason)
        goes_on = end != FAR
        to_pool = ~in_pool & (recycled < posted_to) | gone & (rng.random(len(account)) < 0.2)
        dropped = np.where(to_pool, np.where(gone, "owner left", "recycled"), "handover")
        reason = np.where(in_pool, "claimed", dropped)[goes_on].astype(object)
        account, start, in_pool = account[goes_on], end[goes_on], to_pool[goes_on]
    rows = np.concatenate(rounds)
    order = np.lexsort((rows[:, 1], rows[:, 0]))
    return rows[order], [reasons[i] for i in order]


def owner_on(accounts, account, days):
    """The owner of each account on a day; PUBLIC where it is in the pool or not yet known."""
    order = accounts.spell_account * 10**6 + accounts.spell_from
    found = np.searchsorted(order, account * 10**6 + days, side="right") - 1
    ours = (found >= 0) & (accounts.spell_account[np.maximum(found, 0)] == account)
    return np.where(ours, accounts.spell_rep[np.maximum(found, 0)], PUBLIC)


def draw_accounts(rng, accounts, days):
    """One account per day, among those created by then; large customers more often."""
    rising = np.cumsum(accounts.size**0.8)
    known = np.searchsorted(accounts.created, days, side="right")
    return np.searchsorted(rising, rng.random(len(days)) * rising[known - 1], side="right")


def frames(rng, plan, organisation, accounts):
    """account, assignment (of accounts), contact, purchase."""
    ids = keys("A", np.arange(plan.accounts), 5)
    owner = owner_on(accounts, np.arange(plan.accounts), np.full(plan.accounts, plan.until))
    return {
        "account": frame(
            account_id=ids,
            name=accounts.name,
            industry=picked(INDUSTRIES, accounts.industry),
            customer_class=picked(CLASSES, accounts.customer_class),
            region_id=picked_ids(organisation.region_ids, accounts.office),
            owner_id=keys("R", owner, 4),
            key_account_director_id=keys("R", accounts.director, 4),
            created_on=iso(accounts.created),
            pool=np.where(owner == PUBLIC, "public", "private"),
        ),
        "assignment": _assignments(rng, plan, accounts, ids),
        "contact": _contacts(rng, accounts, ids),
        "purchase": _purchases(rng, plan, accounts, ids),
    }


def _assignments(rng, plan, accounts, ids):
    owners = frame(
        subject_kind="account",
        subject_id=ids[accounts.spell_account],
        role="owner",
        rep_id=keys("R", accounts.spell_rep, 4),
        from_on=iso(accounts.spell_from),
        to_on=iso(np.where(accounts.spell_to == FAR, NEVER, accounts.spell_to)),
        reason=accounts.spell_reason,
    )
    directed = np.flatnonzero(accounts.director >= 0)
    since = np.maximum(accounts.created[directed], plan.first_day - 200)
    directors = frame(
        subject_kind="account",
        subject_id=ids[directed],
        role="director",
        rep_id=keys("R", accounts.director[directed], 4),
        from_on=iso(since),
        to_on=None,
        reason="key account",
    )
    weak = directed[rng.random(len(directed)) < 0.25]  # the local base is weak: the director fills in
    since = np.maximum(accounts.created[weak], rng.integers(plan.until - 500, plan.until - 60, len(weak)))
    until = np.where(rng.random(len(weak)) < 0.5, NEVER, np.minimum(since + 120, plan.until))
    fill_ins = frame(
        subject_kind="account",
        subject_id=ids[weak],
        role="fill_in",
        rep_id=keys("R", accounts.director[weak], 4),
        from_on=iso(since),
        to_on=iso(until),
        reason="weak local base",
    )
    return [owners, directors, fill_ins]


def _contacts(rng, accounts, ids):
    account = np.repeat(np.arange(len(ids)), accounts.contacts)
    seniority = spread(rng, (30, 28, 22, 13, 7), len(account))
    return frame(
        contact_id=keys("C", np.arange(len(account)), 6),
        account_id=ids[account],
        name=names.people(rng, len(account)),
        title=picked(names.TITLES, seniority),
        seniority=seniority + 1,
    )


def _purchases(rng, plan, accounts, ids):
    """What each account bought by year, category and supplier, over the last three calendar years and this.

    Our share of a category is clearly ours, clearly theirs or between, so that every territory occurs.
    """
    account = np.repeat(np.arange(len(ids)), len(CATEGORIES))
    category = np.tile(np.arange(len(CATEGORIES)), len(ids))
    bought = rng.random(len(account)) < 0.5
    account, category = account[bought], category[bought]
    territory = spread_by_row(rng, np.tile([0.4, 0.25, 0.35], (len(account), 1)))
    low, high = np.array([0.65, 0.44, 0.0])[territory], np.array([0.95, 0.57, 0.34])[territory]
    our_share = rng.uniform(low, high)
    yearly = 900_000 * accounts.size[account] * rng.lognormal(0, 0.6, len(account))
    rival = rng.integers(0, len(RIVALS), len(account))
    rows = []
    this_year = plan.last_year
    for year in range(this_year - 3, this_year + 1):
        spent = yearly * (1.08 ** (year - this_year)) * rng.lognormal(0, 0.15, len(account))
        share = np.clip(our_share + rng.normal(0, 0.015, len(account)), 0, 1)
        for supplier, amount in (
            (np.full(len(account), -1), spent * share),
            (rival, spent * (1 - share) * 0.7),
            ((rival + 1) % len(RIVALS), spent * (1 - share) * 0.3),
        ):
            rows.append(
                frame(
                    account_id=ids[account],
                    year=year,
                    category=picked(CATEGORIES, category),
                    supplier=picked((*RIVALS, "us"), np.where(supplier < 0, len(RIVALS), supplier)),
                    amount=rounded(amount, 1000),
                )
            )
    return [rows_of_year[rows_of_year["amount"] > 0] for rows_of_year in rows]


def still_owned(organisation, accounts, account, days):
    """The owner of each account on a day, or PUBLIC where there is none who is still with the company."""
    owner = owner_on(accounts, account, days)
    gone = gone_by(organisation, np.maximum(owner, 0), days)
    return np.where(gone, PUBLIC, owner)
