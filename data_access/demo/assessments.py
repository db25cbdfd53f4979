"""What people judged: accounts by factor, closeness and need, goals, deals by value, and openings."""

import numpy as np
import pandas as pd

from .accounts import owner_on
from .catalogue import SOLUTIONS
from .deals import LARGE
from .forms import NEVER, frame, iso, keys, picked, rounded, spread
from .organisation import posting_on

FACTORS = ("potential", "reference_effect", "winnability")
WINDOWS = ("0-3m", "3-12m", "1-3y")
QUESTIONS = ("one_off_revenue", "quota_effect", "follow_on", "brand", "morale")
POSITIONS = ("ahead", "even", "behind")
TERRITORIES = ("ours", "neutral", "theirs")
_GOALS = (
    "见到高层 Meet the top management",
    "入围名单 Get on the shortlist",
    "样板工程 Build a reference site",
    "联合规划 Plan three years together",
    "替换对手 Replace the rival",
    "签框架 Sign a frame contract",
)
_WHAT_CHANGED = (
    "客户换了负责人 A new person in charge",
    "预算被砍 The budget was cut",
    "对手交付失败 The rival failed to deliver",
    "我方服务出事 Our service broke down",
    "客户被并购 The customer was taken over",
)


def frames(rng, plan, organisation, accounts, deals, history):
    return {
        "account_score": _account_scores(rng, plan, organisation, accounts),
        "closeness_score": _closeness(rng, plan, organisation, accounts),
        "account_need": _needs(rng, plan, accounts),
        "account_goal": _goals(rng, plan, accounts),
        "opportunity_score": _deal_values(rng, plan, organisation, deals, history),
        "opening": _openings(rng, plan, deals, history),
    }


def _rhythm(rng, plan, since, every, stopped):
    """Rows of (subject position, day): every so many days from `since` on; some stopped long ago."""
    to = np.where(stopped, plan.until - rng.integers(230, 420, len(since)), plan.until)
    times = np.maximum((to - since) // every + 1, 0)
    subject = np.repeat(np.arange(len(since)), times)
    number = np.arange(len(subject)) - np.repeat(np.cumsum(times) - times, times)
    day = since[subject] + number * every[subject] + rng.integers(0, 12, len(subject))
    kept = day <= plan.until
    return subject[kept], day[kept]


def _judged(rng, level, number_like):
    """Whole scores from 0 to 10 around a level, a little different every time."""
    return np.clip(np.round(level + rng.normal(0, 0.7, len(number_like))), 0, 10)


def _account_scores(rng, plan, organisation, accounts):
    """Three factors every three or six months; a quarter of the accounts was never assessed."""
    assessed = np.flatnonzero(rng.random(plan.accounts) < 0.76)
    since = np.maximum(accounts.created[assessed] + 20, plan.first_day + rng.integers(0, 90, len(assessed)))
    every = np.where(rng.random(len(assessed)) < 0.4, 91, 182)
    stopped = rng.random(len(assessed)) < 0.17
    levels = np.clip(5 + 1.3 * np.log(accounts.size[assessed])[:, None] + rng.normal(0, 1.7, (len(assessed), 3)), 0, 10)
    partial = rng.random(len(assessed)) < 0.04  # one factor still missing
    rows = []
    for factor, name in enumerate(FACTORS):
        subject, day = _rhythm(rng, plan, since, every, stopped)
        kept = ~(partial[subject] & (factor == 2))
        subject, day = subject[kept], day[kept]
        rows.append(
            frame(
                account_id=keys("A", assessed[subject], 5),
                factor=name,
                score=_judged(rng, levels[subject, factor], subject),
                assessed_on=iso(day),
                assessed_by=_judges(organisation, accounts, assessed[subject], day),
            )
        )
    return pd.concat(rows, ignore_index=True)


def _judges(organisation, accounts, account, day):
    """The account's director, else its owner's manager, else nobody."""
    owner = owner_on(accounts, account, day)
    manager = organisation.posting_manager[posting_on(organisation, np.maximum(owner, 0), day)]
    by_manager = np.where(owner >= 0, manager, -1)
    return keys("R", np.where(accounts.director[account] >= 0, accounts.director[account], by_manager), 4)


def _closeness(rng, plan, organisation, accounts):
    """Judged monthly for the accounts with a director, and for some more."""
    close = np.flatnonzero((accounts.director >= 0) | (rng.random(plan.accounts) < 0.06))
    since = np.maximum(accounts.created[close] + 30, plan.first_day)
    subject, day = _rhythm(rng, plan, since, np.full(len(close), 30), rng.random(len(close)) < 0.1)
    trend = rng.normal(0.25, 0.6, len(close))[subject] * (day - since[subject]) / 365
    level = np.clip(rng.normal(5, 1.6, len(close)), 1, 9)[subject] + trend
    return frame(
        account_id=keys("A", close[subject], 5),
        score=_judged(rng, level, subject),
        assessed_on=iso(day),
        assessed_by=_judges(organisation, accounts, close[subject], day),
    ).drop_duplicates(["account_id", "assessed_on"], ignore_index=True)


def _needs(rng, plan, accounts):
    """What the larger accounts will need in three windows, asked again every one or two months this year."""
    known = np.flatnonzero(accounts.size >= np.quantile(accounts.size, 0.72))
    rows = []
    for window, name in enumerate(WINDOWS):
        for solution in range(len(SOLUTIONS)):
            here = known[rng.random(len(known)) < 0.38]
            since = np.maximum(accounts.created[here] + 15, plan.until - rng.integers(150, 330, len(here)))
            stopped = np.zeros(len(here), bool)
            subject, day = _rhythm(rng, plan, since, np.full(len(here), 60), stopped)
            value = (2 + window) * 220_000 * accounts.size[here] * rng.lognormal(0, 0.5, len(here))
            capability = np.clip(rng.normal(6.5 - 0.8 * window, 1.8, len(here)), 0, 10)
            rows.append(
                frame(
                    account_id=keys("A", here[subject], 5),
                    window=name,
                    solution=SOLUTIONS[solution],
                    value=rounded(value[subject] * rng.lognormal(0, 0.08, len(subject)), 10_000),
                    capability=_judged(rng, capability[subject], subject),
                    assessed_on=iso(day),
                )
            )
    return pd.concat(rows, ignore_index=True)


def _goals(rng, plan, accounts):
    """Two or three goals of the accounts with a director: some done, some overdue, some to come."""
    account = np.repeat(np.flatnonzero(accounts.director >= 0), len(_GOALS))
    goal = np.tile(np.arange(len(_GOALS)), len(account) // len(_GOALS))
    set_ = rng.random(len(account)) < 0.42
    account, goal = account[set_], goal[set_]
    due = plan.until + rng.integers(-300, 240, len(account))
    done = np.minimum(due + rng.integers(-40, 30, len(account)), plan.until)
    is_done = (due <= plan.until) & (rng.random(len(account)) < 0.68)
    return frame(
        account_id=keys("A", account, 5),
        goal=picked(_GOALS, goal),
        due_on=iso(np.where(rng.random(len(account)) < 0.94, due, NEVER)),
        done_on=iso(np.where(is_done, done, NEVER)),
    )


def _deal_values(rng, plan, organisation, deals, history):
    """Five answers for half of the large deals and some fast ones, a few days after creation."""
    chance = np.where(deals.track == LARGE, 0.55, 0.16)
    day = history.now["created"].to_numpy() + rng.integers(1, 15, len(chance))
    chosen = np.flatnonzero((rng.random(len(chance)) < chance) & (day <= plan.until))
    size = np.where(deals.track[chosen] == LARGE, 5.6, 3.4)
    short, long = size + rng.normal(0, 1.8, len(chosen)), 5 + rng.normal(0, 1.9, len(chosen))
    judge = organisation.posting_manager[posting_on(organisation, deals.owner[chosen], day[chosen])]
    rows = [
        frame(
            opportunity_id=keys("D", chosen, 6),
            question=question,
            score=_judged(rng, short if position < 2 else long, chosen),
            assessed_on=iso(day[chosen]),
            assessed_by=keys("R", judge, 4),
        )
        for position, question in enumerate(QUESTIONS)
    ]
    return pd.concat(rows, ignore_index=True)


def _openings(rng, plan, deals, history):
    """Who leads on whose territory; where it is abnormal, most say what had changed.

    Four in ten leave the territory to the account's purchases.
    """
    n = len(deals.created)
    day = history.now["created"].to_numpy() + rng.integers(2, 25, n)
    chance = np.where(deals.track == LARGE, 0.65, 0.12)
    chosen = np.flatnonzero((rng.random(n) < chance) & (day <= plan.until))
    territory = spread(rng, (38, 32, 30), len(chosen))
    luck = rng.random(len(chosen)) - 0.22 * (1 - territory) - 0.1 * deals.wins[chosen]
    position = np.digitize(luck, (0.36, 0.66))
    first = np.minimum(9, len(chosen))  # one of each of the nine, whatever the luck
    territory[:first], position[:first] = (np.arange(9) // 3)[:first], (np.arange(9) % 3)[:first]
    abnormal = ((territory == 0) & (position == 2)) | ((territory == 2) & (position == 0))
    told = abnormal & (rng.random(len(chosen)) < 0.65)
    is_set = abnormal | (rng.random(len(chosen)) < 0.55)
    is_set[:first] = True
    return frame(
        opportunity_id=keys("D", chosen, 6),
        position=picked(POSITIONS, position),
        territory=picked(TERRITORIES, np.where(is_set, territory, -1)),
        assessed_on=iso(day[chosen]),
        what_changed=picked(_WHAT_CHANGED, np.where(told, rng.integers(0, len(_WHAT_CHANGED), len(chosen)), -1)),
    )
