"""What happened to the deals, row by row: stages with skips and returns, pushes, amounts, owners, regions.

Everything is laid out in time first and then cut off after the demo's last day. A deal's present state is
whatever its history says last, so the two cannot disagree.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .catalogue import STAGE_COUNT, STAGE_KINDS, STAGE_NAMES, STAGE_OFFSET
from .deals import FAST, LARGE, Deals
from .forms import (
    NEVER,
    frame,
    iso,
    iso_moments,
    keys,
    month_start,
    months_of,
    picked,
    rounded,
    working_day,
    working_seconds,
)
from .organisation import picked_ids, posting_on, region_on, seller_in

_SKIPPED, _RETURNED = 0.12, 0.07  # chances per stage
_REOPENED, _WON_AFTER_ALL = 0.05, 0.008  # chances per lost deal
_SLOWNESS = np.array([1.0, 1.2, 1.4, 1.4, 1.2, 1.1, 0.7])  # of the stages, relative to each other


@dataclass(frozen=True)
class History:
    """`events`: deal, seconds, stage, amount, expected, owner, region (NaN = unchanged), in order.

    `now`: per deal the last of each, the outcome, and the day of the closing that holds (NEVER: open).
    """

    events: pd.DataFrame
    now: pd.DataFrame


def build(rng, plan, organisation, deals: Deals):
    steps = pd.concat([_steps(rng, deals, track) for track in (LARGE, FAST)] + [_second_chances(rng, deals)])
    alive_to = np.minimum(deals.closes, plan.until + 1)  # pushes, edits and handovers happen while it lives
    first_amount, edits = _amounts(rng, deals, alive_to)
    first_expected, pushes = _pushes(rng, deals, alive_to)
    moves = _owner_changes(rng, organisation, deals, alive_to)
    events = pd.concat([steps, edits, pushes, moves], ignore_index=True)
    events = events[events["time"] < plan.until + 1].sort_values(["deal", "time"], kind="stable", ignore_index=True)
    created = np.flatnonzero(~events["deal"].duplicated())
    events.loc[created, "amount"] = first_amount
    events.loc[created, "expected"] = first_expected
    events.loc[created, "owner"] = deals.owner.astype(float)
    events.loc[created, "region"] = np.where(deals.own_region < 0, np.nan, deals.own_region)
    events["seconds"] = working_seconds(events["time"])
    return History(events, _present(events))


def _event(deal, time, **changes):
    return pd.DataFrame({"deal": deal, "time": time, **changes})


def _steps(rng, deals, track):
    """Entries into stages from creation to the (first) closing, for the deals of one track.

    Every stage has three places in line: the stage, a return to the one before, and the stage again.
    """
    these = np.flatnonzero(deals.track == track)
    count, n = STAGE_COUNT[track], len(these)
    furthest = deals.furthest[these][:, None]
    stage = np.arange(count)[None, :]
    entered = (stage <= furthest) & ((rng.random((n, count)) > _SKIPPED) | (stage == furthest))
    returned = entered & (stage > 0) & (rng.random((n, count)) < _RETURNED)
    again = returned & ((rng.random((n, count)) < 0.7) | (stage < furthest) | deals.wins[these][:, None])
    there = np.stack([entered, returned, again], axis=2).reshape(n, -1)
    places = np.stack([stage[0], stage[0] - 1, stage[0]], axis=1).ravel()
    stay = rng.gamma(1.6, 1, there.shape) * _SLOWNESS[np.maximum(places, 0)] * there + 1e-9
    begins = (np.cumsum(stay, axis=1) - stay) / stay.sum(axis=1, keepdims=True)
    # a place that is not taken leaves nothing behind, so the first taken one begins (almost) at creation
    begins = np.where(np.cumsum(there, axis=1) == 1, 0, begins)
    times = deals.created[these][:, None] + begins * (deals.closes - deals.created)[these][:, None]
    row, place = np.nonzero(there)
    closing = np.where(deals.wins[these], count, count + 1)
    return pd.concat(
        [
            _event(these[row], times[row, place], stage=STAGE_OFFSET[track] + places[place]),
            _event(these, deals.closes[these], stage=STAGE_OFFSET[track] + closing),
        ]
    )


def _second_chances(rng, deals):
    """Some lost deals open again and then end a second time; a few are won straight from lost."""
    lost = np.flatnonzero(~deals.wins)
    luck = rng.random(len(lost))
    offset, count = np.array(STAGE_OFFSET)[deals.track], np.array(STAGE_COUNT)[deals.track]
    again = lost[luck < _REOPENED]
    reopened = deals.closes[again] + rng.uniform(12, 110, len(again))
    ended = reopened + 5 + rng.exponential(np.where(deals.track[again] == LARGE, 80, 20))
    won = rng.random(len(again)) < 0.45
    after_all = lost[(luck >= _REOPENED) & (luck < _REOPENED + _WON_AFTER_ALL)]
    return pd.concat(
        [
            _event(again, reopened, stage=(offset + deals.furthest)[again], expected=np.floor(reopened + 50)),
            _event(again, ended, stage=(offset + count)[again] + ~won),
            _event(
                after_all,
                deals.closes[after_all] + rng.uniform(5, 60, len(after_all)),
                stage=(offset + count)[after_all],
            ),
        ]
    )


def _amounts(rng, deals, alive_to):
    """The amount at creation (one in ten not known yet) and its edits: down more often than up."""
    n = len(deals.created)
    amount = deals.amount.copy()
    luck = rng.random(n)
    never = luck < 0.012
    first = np.where(never | (luck > 0.91), np.nan, amount)
    when = deals.created + rng.beta(1.3, 2.2, n) * (alive_to - deals.created) * 0.999 + 1e-6
    told_later = np.flatnonzero((luck > 0.91) & (when < alive_to))
    edits = [_event(told_later, when[told_later], amount=amount[told_later])]
    for chance in (0.34, 0.12):
        changed = (rng.random(n) < chance) & (luck >= 0.012) & (luck <= 0.91)
        step = np.where(deals.track == LARGE, 10_000, 1_000)
        amount = np.where(changed, np.maximum(rounded(amount * rng.lognormal(-0.06, 0.22, n), step), step), amount)
        when = when + (alive_to - when) * rng.uniform(0.05, 0.95, n)
        these = np.flatnonzero(changed & (when < alive_to))
        edits.append(_event(these, when[these], amount=amount[these]))
    return first, pd.concat(edits)


def _pushes(rng, deals, alive_to):
    """The first expected close, hopeful, and every time it is put off (or, seldom, pulled in)."""
    n = len(deals.created)
    large = deals.track == LARGE
    hoped = np.where(large, 140, 30) * rng.lognormal(0, 0.35, n)
    expected = _hoped_day(rng, deals.created + hoped)
    first = np.where(rng.random(n) < 0.025, np.nan, expected)
    when, changing = deals.created + 1e-6, ~np.isnan(first)
    pushes = []
    for _ in range(8):
        changing = changing & (rng.random(n) > 0.07)  # the others let the date lie, overdue
        pulled = changing & (rng.random(n) < 0.05)
        when = np.where(pulled, when + 5, np.maximum(expected - rng.uniform(0, np.where(large, 14, 5), n), when + 0.5))
        later = when + np.where(large, 34, 9) * rng.lognormal(0, 0.4, n)
        expected = np.where(
            pulled, np.maximum(expected - rng.integers(3, 20, n), np.floor(when)), _hoped_day(rng, later)
        )
        changing = changing & (when < alive_to)
        these = np.flatnonzero(changing)
        pushes.append(_event(these, when[these], expected=expected[these]))
    return first, pd.concat(pushes)


def _hoped_day(rng, times):
    """People say the month's end when they do not know better."""
    day = np.floor(times).astype("int64")
    month_end = month_start(months_of(day) + 1) - 1
    return np.where(rng.random(len(day)) < 0.3, month_end, day).astype(float)


def _owner_changes(rng, organisation, deals, alive_to):
    """Handovers when an owner leaves or moves (not always), and a few others; some to another office."""
    owner, since = deals.owner.copy(), deals.created.copy()
    changes = []
    for last_round in (False, False, True):
        leaves = organisation.posting_to[posting_on(organisation, owner, working_day(since))]
        quits = leaves == organisation.left[owner] + 1  # else moves to another office
        handed_over = rng.random(len(owner)) < np.where(quits, 0.77, 0.5)
        planned = leaves + rng.uniform(0.5, 24, len(owner))
        for_other_reasons = (rng.random(len(owner)) < 0.03) & ~last_round
        anytime = since + (alive_to - since) * rng.uniform(0.1, 0.9, len(owner))
        when = np.where(for_other_reasons, anytime, planned)
        changed = (for_other_reasons | handed_over) & (when < alive_to) & (when > since + 1)
        these = np.flatnonzero(changed)
        office = region_on(organisation, owner[these], working_day(since[these]))
        to_other = rng.random(len(these)) < 0.3
        office = np.where(to_other, rng.choice(organisation.offices, len(these)), office)
        new = seller_in(rng, organisation, office, working_day(when[these]), owner[these])
        region = np.where(to_other & (deals.own_region[these] >= 0), office, np.nan)
        changes.append(_event(these, when[these], owner=new.astype(float), region=region))
        owner[these], since[these] = new, when[these]
        alive_to = np.where(changed, alive_to, since)  # the rest stay as they are
    return pd.concat(changes)


def _present(events):
    now = events.groupby("deal")[["stage", "amount", "expected", "owner", "region"]].last()
    now["stage"] = now["stage"].astype("int64")
    now["outcome"] = picked(STAGE_KINDS, now["stage"])
    last_step = events[events["stage"].notna()].groupby("deal")["seconds"].last()
    now["created"] = events.groupby("deal")["seconds"].first() // 86_400
    now["closed"] = np.where(now["outcome"] == "open", NEVER, last_step // 86_400)
    now["owner"] = now["owner"].astype("int64")
    now["region"] = now["region"].fillna(-1).astype("int64")
    return now


def owner_on(history, deals, days):
    """The owner of each deal at the end of a day on or after its creation."""
    owned = history.events[history.events["owner"].notna()]
    order = owned["deal"].to_numpy() * 10**6 + owned["seconds"].to_numpy() // 86_400
    found = np.searchsorted(order, np.asarray(deals) * 10**6 + np.asarray(days), side="right") - 1
    return owned["owner"].to_numpy().astype("int64")[found]


def stage_on(history, deals, days):
    """The stage code of each deal at the end of a day on or after its creation."""
    steps = history.events[history.events["stage"].notna()]
    order = steps["deal"].to_numpy() * 10**6 + steps["seconds"].to_numpy() // 86_400
    found = np.searchsorted(order, np.asarray(deals) * 10**6 + np.asarray(days), side="right") - 1
    return steps["stage"].to_numpy().astype("int64")[found]


def frames(organisation, history):
    """opportunity_history; rows of one moment are told apart by their sequence."""
    events = history.events
    return {
        "opportunity_history": frame(
            opportunity_id=keys("D", events["deal"], 6),
            changed_at=iso_moments(events["seconds"]),
            sequence=events.groupby(["deal", "seconds"]).cumcount(),
            stage=picked(STAGE_NAMES, events["stage"].fillna(-1).astype("int64")),
            amount=events["amount"],
            expected_close_on=iso(_days(events["expected"])),
            owner_id=keys("R", events["owner"].fillna(-1).astype("int64"), 4),
            region_id=picked_ids(organisation.region_ids, events["region"].fillna(-1).astype("int64")),
        )
    }


def _days(floats):
    return np.where(floats.isna(), NEVER, floats.fillna(0).astype("int64"))
