"""What the reps did and plan to do: for deals, for customers without one, and for leads.

Each part draws who did what when; `_with_details` then says how it was planned and what came of it.
"""

import numpy as np
import pandas as pd

from . import histories
from .accounts import still_owned
from .catalogue import KEY_ACTIONS
from .deals import LARGE
from .forms import FAR, NEVER, frame, iso, iso_moments, keys, picked, spread, working_day
from .organisation import seller_in

KINDS = ("call", "email", "meeting", "visit", "demo", "proposal", "other")
_MINUTES = np.array([18, 12, 60, 120, 75, 150, 30])
_TWO_WAY = np.array([0.75, 0.35, 0.97, 0.95, 0.9, 0.25, 0.3])
_HOURLY_COST = (180, 150, 240, 320, 300, 260, 160)
ORIGINS = ("plan", "assigned", "collaboration", "care")
_PLAN, _ASSIGNED, _COLLABORATION, _CARE, _NO_ORIGIN = 0, 1, 2, 3, -1
_RESULTS = (
    "推进到下一步 Moved on",
    "确认需求 Need confirmed",
    "约定下次 Next meeting set",
    "需要支持 Support needed",
    "暂无进展 No progress",
)


def frames(rng, plan, organisation, accounts, deals, history, leads):
    """activity and activity_cost."""
    done = pd.concat(
        [
            _on_deals(rng, plan, organisation, deals, history),
            _on_accounts(rng, plan, organisation, accounts),
            _on_leads(rng, plan, leads),
        ],
        ignore_index=True,
    )
    rep = done["rep"].to_numpy()
    left = organisation.left[rep]
    done["quiet_from"] = np.minimum(np.where(left == NEVER, FAR, left + 1), organisation.silent_from[rep])
    there = (organisation.hired[rep] <= done["day"]) & (done["day"] < done["quiet_from"])
    done = done[there].sort_values("day", kind="stable", ignore_index=True)
    return {
        "activity": _with_details(rng, plan, accounts, deals, history, done),
        "activity_cost": frame(
            kind=np.repeat(KINDS, 2),
            valid_from=iso(np.tile([plan.first_day - 90, plan.first_day + 550], len(KINDS))),
            hourly_cost=np.round(np.repeat(_HOURLY_COST, 2) * np.tile([1.0, 1.06], len(KINDS))),
            default_minutes=np.repeat(_MINUTES, 2),
        ),
    }


def _part(**columns):
    """Activities on the way; deal, account and lead may be none (-1). `since`: the subject's first day."""
    return pd.DataFrame({"deal": -1, "account": -1, "lead": -1, **columns})


def _on_deals(rng, plan, organisation, deals, history):
    """Work on deals while they live, and the next step of most open ones; one in ten helps another unit."""
    alive_to = np.minimum(deals.closes, plan.until + 1)
    luck = rng.spawn(1)[0]
    # so many a day, whatever comes: what is done early on says nothing of how long a deal lasts or how it ends
    often = luck.poisson(np.where(deals.track == LARGE, 0.062, 0.068) * np.maximum(alive_to - deals.created, 0))
    deal = np.repeat(np.arange(len(deals.created)), often + 1)
    first = np.concatenate([[True], deal[1:] != deal[:-1]])
    lives = np.maximum(alive_to - deals.created, 0)[deal]
    wait = np.where(first, np.minimum(luck.integers(0, 5, len(deal)), lives), luck.random(len(deal)) * lives)
    day = working_day(deals.created[deal] + wait)
    day = np.maximum(day, history.now["created"].to_numpy()[deal])
    is_open = np.flatnonzero((history.now["outcome"] == "open").to_numpy())
    coming = is_open[rng.random(len(is_open)) < 0.78]
    deal = np.concatenate([deal, coming])
    ahead = plan.until + rng.integers(1, 32, len(coming))
    day = np.concatenate([day, np.where((ahead + 3) % 7 > 4, ahead + 2, ahead)])
    rep = histories.owner_on(history, deal, day)
    origin = spread(rng, (46, 16, 10, 8, 20), len(deal))
    origin = np.where(origin == 4, _NO_ORIGIN, origin)
    helped = np.flatnonzero((origin == _COLLABORATION) & (day <= plan.until))
    elsewhere = rng.choice(organisation.offices, len(helped))
    rep[helped] = seller_in(rng, organisation, elsewhere, day[helped], rep[helped])
    kind = spread(rng, (30, 22, 17, 12, 8, 8, 3), len(deal))
    since = history.now["created"].to_numpy()[deal]
    account = deals.account[deal]
    return _part(rep=rep, deal=deal, account=account, day=day, since=since, origin=origin, kind=kind)


def _on_accounts(rng, plan, organisation, accounts):
    """Customer care by the owner, more for large customers; directors call on their own accounts."""
    usual = np.clip(5 * accounts.size, 1, 40)
    since = np.maximum(accounts.created, plan.first_day)
    account = np.repeat(np.arange(plan.accounts), rng.poisson(usual))
    day = working_day(since[account] + rng.random(len(account)) * (plan.until + 1 - since[account]))
    day = np.maximum(day, since[account])
    owner = still_owned(organisation, accounts, account, day)
    by_director = (accounts.director[account] >= 0) & (rng.random(len(account)) < 0.3)
    rep = np.where(by_director, accounts.director[account], owner)
    origin = np.array([_CARE, _PLAN, _NO_ORIGIN])[spread(rng, (70, 18, 12), len(account))]
    kind = spread(rng, (38, 18, 14, 22, 2, 1, 5), len(account))
    return _part(rep=rep, account=account, day=day, since=since[account], origin=origin, kind=kind)[rep >= 0]


def _on_leads(rng, plan, leads):
    """The first answer to a lead, and a call or two after it."""
    answered = leads[leads["is_answered"]]
    lead = np.repeat(answered.index.to_numpy(), 1 + rng.poisson(0.35, len(answered)))
    first = np.concatenate([[True], lead[1:] != lead[:-1]]) if len(lead) else np.zeros(0, bool)
    day = leads["answered"].to_numpy()[lead] + np.where(first, 0, rng.integers(1, 40, len(lead)))
    since = leads["created"].to_numpy()[lead]
    day = np.maximum(day, since)
    kept = day <= plan.until
    origin = np.array([_PLAN, _ASSIGNED, _NO_ORIGIN])[spread(rng, (50, 30, 20), len(lead))]
    kind = spread(rng, (55, 30, 10, 2, 2, 0, 1), len(lead))
    rep, account = leads["owner"].to_numpy()[lead], leads["account"].to_numpy()[lead]
    columns = {"rep": rep, "lead": lead, "account": account, "day": day, "since": since}
    return _part(**columns, origin=origin, kind=kind)[kept]


def _with_details(rng, plan, accounts, deals, history, done):
    """The file: planned, moved, cancelled, overdue, completed; with whom, how long, to what end."""
    n, day = len(done), done["day"].to_numpy()
    coming = day > plan.until
    planned = coming | (rng.random(n) < 0.68)
    fate = spread(rng, (76, 8, 8, 8), n)  # done in time, done late, cancelled, left lying
    late = np.where(planned & (fate == 1), rng.integers(1, 12, n), 0)
    completed = (
        ~coming & ~(planned & (fate >= 2)) & (day + late <= plan.until) & (day + late < done["quiet_from"].to_numpy())
    )
    since = done["since"].to_numpy()  # nobody plans for a deal, lead or account before it is there
    moved = planned & (rng.random(n) < 0.17)
    first_day = np.where(moved, np.maximum(day - rng.integers(2, 25, n), since), day)
    # Weeks ahead, as what is still to come: so as of any day about as many deals have a next step that was known then.
    made = np.where(planned, np.maximum(first_day - rng.integers(14, 84, n), since), day)
    kind, origin = done["kind"].to_numpy(), done["origin"].to_numpy()
    moment = (day + late) * 86_400 + 9 * 3600 + rng.integers(0, 36, n) * 900  # every quarter of an hour from nine
    with_result = completed & (rng.random(n) < np.where(origin < 0, 0.4, 0.85))
    minutes = np.round(_MINUTES[kind] * rng.lognormal(0, 0.35, n) / 5) * 5 + 5
    told = completed & (rng.random(n) < 0.9)
    return frame(
        activity_id=keys("T", np.arange(n), 7),
        rep_id=keys("R", done["rep"], 4),
        account_id=keys("A", done["account"], 5),
        opportunity_id=keys("D", done["deal"], 6),
        lead_id=keys("L", done["lead"], 6),
        contact_id=_contacts(rng, accounts, done["account"].to_numpy()),
        kind=picked(KINDS, kind),
        origin=picked(ORIGINS, origin),
        two_way=np.where(completed, (rng.random(n) < _TWO_WAY[kind]).astype(object), None),
        key_action=_key_actions(rng, plan, history, done),
        created_on=iso(np.minimum(made, plan.until)),
        planned_on=iso(np.where(planned, day, NEVER)),
        first_planned_on=iso(np.where(planned, first_day, NEVER)),
        completed_at=iso_moments(np.where(completed, moment, NEVER)),
        cancelled_on=iso(np.where(planned & ~coming & (fate == 2), day, NEVER)),
        minutes=pd.array(np.where(told, minutes, np.nan), dtype="Int64"),
        result=picked(_RESULTS, np.where(with_result, spread(rng, (30, 22, 24, 10, 14), n), -1)),
    )


def _contacts(rng, accounts, account):
    """Whom it was with, for three in four; the same few people more often than the rest."""
    safe = np.maximum(account, 0)
    which = (rng.random(len(account)) ** 1.6 * accounts.contacts[safe]).astype("int64")
    met = (account >= 0) & (rng.random(len(account)) < 0.76)
    return keys("C", np.where(met, accounts.first_contact[safe] + which, -1), 6)


def _key_actions(rng, plan, history, done):
    """A key action of the stage the deal was in, for a third of the work on deals."""
    found = np.full(len(done), None, dtype=object)
    marked = np.flatnonzero((done["deal"] >= 0).to_numpy() & (rng.random(len(done)) < 0.33))
    deal, day = done["deal"].to_numpy()[marked], done["day"].to_numpy()[marked]
    stage = histories.stage_on(history, deal, np.minimum(day, plan.until))
    possible = np.array([len(actions) for actions in KEY_ACTIONS])[stage]
    choice = (rng.random(len(marked)) * possible).astype("int64")
    labels = [action for actions in KEY_ACTIONS for action in actions]
    offset = np.cumsum([0, *(len(actions) for actions in KEY_ACTIONS)])[:-1]
    found[marked] = picked(labels, np.where(possible > 0, offset[stage] + choice, -1))
    return found
