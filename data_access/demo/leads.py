"""Leads by source and campaign, most of which come to nothing soon, and what the market cost."""

import numpy as np
import pandas as pd

from .deals import SOURCES
from .forms import NEVER, frame, iso, keys, month_start, months_of, picked, rounded, spread, working_day
from .organisation import draw_office, picked_ids, seller_in

LEAD_SOURCES = SOURCES[:-1]  # an existing customer is not a lead
_SHARE = (24, 7, 27, 12, 16, 6, 8)
_CONVERTED = (0.042, 0.049, 0.033, 0.045, 0.02, 0.048, 0.015)  # every source below 5 %
_CAMPAIGNS = (
    ("工博会 Industry fair", "云栖展 Cloud expo", "安全周 Security week"),
    ("老友计划 Friends programme", "推荐有礼 Refer and win"),
    ("官网试用 Free trial", "白皮书 White paper", "搜索投放 Search ads"),
    ("城市沙龙 City salon", "技术公开课 Open lecture"),
    ("外呼一组 Outbound one", "外呼二组 Outbound two"),
    ("渠道共拓 Channel push",),
    ("短视频 Short video", "公众号 Newsletter"),
)
_COST_PER_LEAD = (3600, 900, 1000, 2100, 600, 1500, 800)
_SCISSORS = 0  # the trade shows: their cost outgrows what they bring
_ANSWERED = np.array([0.55, 0.9, 0.8, 0.6, 0.7, 0.85, 0.5])  # share of leads anybody calls back


def build(rng, plan, organisation, accounts, deals, history):
    """One row per lead by creation: source, campaign, deal (-1), created, qualified, accepted, …"""
    source = spread(rng, _SHARE, plan.leads)
    days = np.arange(plan.first_day, plan.until + 1)
    created = days[spread(rng, 1.16 ** ((days - plan.first_day) / 365), plan.leads)]
    leads = pd.DataFrame({"source": source, "created": created, "deal": -1})
    _link(rng, deals, history, leads)
    # web forms come in on any day: one on the last, so that the data end when they say they do
    leads.loc[leads.index[leads["deal"] < 0][-1], "created"] = plan.until
    leads = leads.sort_values("created", kind="stable", ignore_index=True)
    leads["campaign"] = (rng.random(plan.leads) * np.array([len(c) for c in _CAMPAIGNS])[leads["source"]]).astype(int)
    _progress(rng, plan, history, leads)
    _people(rng, organisation, accounts, deals, leads)
    return leads


def _link(rng, deals, history, leads):
    """Gives some leads of each source a deal of that source, and a creation day before the deal's."""
    for source, part in enumerate(_CONVERTED):
        candidates = np.flatnonzero(leads["source"] == source)
        born = np.flatnonzero(deals.source == source)
        n = min(int(part * len(candidates)), len(born))
        chosen = rng.choice(candidates, n, replace=False)
        deal = rng.choice(born, n, replace=False)
        leads.loc[chosen, "deal"] = deal
        wait = 3 + rng.gamma(1.6, 22, n).astype("int64")
        leads.loc[chosen, "created"] = history.now["created"].to_numpy()[deal] - wait


def _progress(rng, plan, history, leads):
    """MQL, SQL, converted and disqualified days, in this order and none after the last day."""
    n, created, deal = len(leads), leads["created"].to_numpy(), leads["deal"].to_numpy()
    converted = np.where(deal >= 0, history.now["created"].to_numpy()[np.maximum(deal, 0)], NEVER)
    born = deal >= 0
    room = np.where(born, converted - created, 400)
    qualified = created + np.minimum(rng.gamma(1.3, 9, n), room * 0.5).astype("int64")
    accepted = qualified + np.minimum(rng.gamma(1.3, 12, n), room * 0.4).astype("int64")
    is_qualified = born | (rng.random(n) < 0.42)
    is_accepted = born | (is_qualified & (rng.random(n) < 0.3))
    disqualified = np.where(is_accepted, accepted, np.where(is_qualified, qualified, created))
    disqualified = disqualified + 2 + rng.gamma(1.5, 35, n).astype("int64")
    leads["qualified"] = _by(plan, is_qualified, qualified)
    leads["accepted"] = _by(plan, is_accepted, accepted)
    leads["converted"] = converted
    leads["disqualified"] = _by(plan, ~born & (rng.random(n) < 0.55), disqualified)


def _by(plan, chosen, days):
    return np.where(chosen & (days <= plan.until), days, NEVER)


def _people(rng, organisation, accounts, deals, leads):
    """Region, first owner (-1: the public pool) and account of each lead."""
    n, deal = len(leads), np.maximum(leads["deal"].to_numpy(), 0)
    born = leads["deal"].to_numpy() >= 0
    office = np.where(born, deals.office[deal], draw_office(rng, organisation, n))
    owner = seller_in(rng, organisation, office, leads["created"].to_numpy())
    leads["office"] = office
    leads["owner"] = np.where(born | (rng.random(n) > 0.15), owner, -1)
    known = np.searchsorted(accounts.created, leads["created"].to_numpy(), side="right")
    guess = (rng.random(n) * known).astype("int64")
    leads["account"] = np.where(born, deals.account[deal], np.where((rng.random(n) < 0.25) & (known > 0), guess, -1))
    after = np.maximum(leads["created"].to_numpy(), 0)
    leads["answered"] = working_day(after + rng.gamma(0.9, 4, n) + 1.5)
    leads["is_answered"] = (leads["owner"] >= 0) & (born | (rng.random(n) < _ANSWERED[leads["source"]]))


def frames(rng, plan, organisation, leads):
    """lead, assignment (of leads), marketing_cost."""
    ids = keys("L", np.arange(len(leads)), 6)
    spells, owner_now = _spells(rng, plan, organisation, leads, ids)
    return {
        "lead": frame(
            lead_id=ids,
            source=picked(LEAD_SOURCES, leads["source"]),
            campaign=[_CAMPAIGNS[s][c] for s, c in zip(leads["source"], leads["campaign"], strict=True)],
            region_id=picked_ids(organisation.region_ids, leads["office"]),
            owner_id=keys("R", owner_now, 4),
            account_id=keys("A", leads["account"], 5),
            created_on=iso(leads["created"]),
            qualified_on=iso(leads["qualified"]),
            accepted_on=iso(leads["accepted"]),
            converted_on=iso(leads["converted"]),
            opportunity_id=keys("D", leads["deal"], 6),
            disqualified_on=iso(leads["disqualified"]),
        ),
        "assignment": spells,
        "marketing_cost": _costs(rng, plan, leads),
    }


def _spells(rng, plan, organisation, leads, ids):
    """Who held each lead: first its owner or the pool, then perhaps the pool, then perhaps who claimed it."""
    n, start, owner = len(leads), leads["created"].to_numpy(), leads["owner"].to_numpy()
    rows, lead, reason = [], np.arange(n), np.array(["created"] * n, dtype=object)
    owner_now = owner.copy()
    for chance in (0.3, 0.35, 0.0):
        end = start + rng.integers(30, 150, len(lead))
        ends = (rng.random(len(lead)) < chance) & (end <= plan.until) & (leads["deal"].to_numpy()[lead] < 0)
        owner_now[lead] = owner
        rows.append(
            pd.DataFrame(
                {
                    "lead": lead,
                    "rep": owner,
                    "start": start,
                    "to": np.where(ends, end, NEVER),
                    "reason": reason,
                }
            )
        )
        lead, start, owner = lead[ends], end[ends], owner[ends]
        claimed = seller_in(rng, organisation, leads["office"].to_numpy()[lead], start)
        reason = np.where(owner < 0, "claimed", "recycled").astype(object)
        owner = np.where(owner < 0, claimed, -1)
    spells = pd.concat(rows).sort_values(["lead", "start"], kind="stable")
    assignment = frame(
        subject_kind="lead",
        subject_id=ids[spells["lead"]],
        role="owner",
        rep_id=keys("R", spells["rep"], 4),
        from_on=iso(spells["start"]),
        to_on=iso(spells["to"]),
        reason=spells["reason"].to_numpy(),
    )
    return assignment, owner_now


def _costs(rng, plan, leads):
    """Cost by month, source and campaign; in the last year the trade shows grow dearer every month."""
    months = np.arange(months_of(plan.first_day), months_of(plan.until) + 1)
    usual = len(leads) / len(months)
    rows = []
    for source, campaigns in enumerate(_CAMPAIGNS):
        for campaign, name in enumerate(campaigns):
            monthly = usual * _SHARE[source] / sum(_SHARE) / len(campaigns) * _COST_PER_LEAD[source]
            growth = 1.16 ** ((months - months[0]) / 12)
            if source == _SCISSORS:
                growth = growth * 1.055 ** np.maximum(0, months - (months[-1] - 12))
            season = np.where((source == 0) & (months % 3 != campaign % 3), 0.5, 1.2)
            amount = np.maximum(rounded(monthly * growth * season * rng.lognormal(0, 0.08, len(months)), 100), 100)
            rows.append(
                frame(month=iso(month_start(months)), source=LEAD_SOURCES[source], campaign=name, amount=amount)
            )
    return pd.concat(rows, ignore_index=True)
