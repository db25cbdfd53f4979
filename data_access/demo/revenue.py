"""The opportunity file, what was won in base currency, and the cash that came in for it."""

import numpy as np
import pandas as pd

from .accounts import RIVALS
from .catalogue import CURRENCIES, PIPELINES, PRODUCTS, STAGE_NAMES, TRACKS
from .deals import LARGE, LOSS_REASONS, SOURCES
from .forms import NEVER, frame, iso, keys, picked, spread
from .organisation import picked_ids, rate_on, region_on

_KINDS = ("new", "upsell", "cross_sell", "renewal")
_INSTALMENTS = np.array([0.3, 0.4, 0.2, 0.1])
_FALL_DUE = np.array([15, 95, 190, 370])  # days after the closing
_TERMS = 30  # days to pay


def won_deals(organisation, deals, history):
    """One row per won deal with an amount: deal, rep, region, day, amount in base currency."""
    won = history.now[(history.now["outcome"] == "won") & history.now["amount"].notna()]
    deal, day = won.index.to_numpy(), won["closed"].to_numpy()
    rate = rate_on(organisation, deals.currency[deal], day)
    posted = region_on(organisation, won["owner"].to_numpy(), day)
    return pd.DataFrame(
        {
            "deal": deal,
            "rep": won["owner"].to_numpy(),
            "region": np.where(won["region"] < 0, posted, won["region"]),
            "day": day,
            "amount": np.round(won["amount"].to_numpy() * rate, 2),
        }
    )


def frames(rng, plan, organisation, accounts, deals, history):
    """opportunity, payment and invoice."""
    return {
        "opportunity": _opportunities(rng, organisation, accounts, deals, history),
        **_instalments(rng, plan, deals, won_deals(organisation, deals, history)),
    }


def _opportunities(rng, organisation, accounts, deals, history):
    n, now = len(deals.created), history.now
    won, lost = (now["outcome"] == "won").to_numpy(), (now["outcome"] == "lost").to_numpy()
    amount = now["amount"].to_numpy()
    kind = _kinds(rng, deals, now, won)
    months = np.array([12, 24, 36])[spread(rng, (30, 35, 35), n)]
    starts = np.where(won & (rng.random(n) < 0.6), now["closed"] + rng.integers(0, 30, n), NEVER)
    beaten_by = lost & (picked(LOSS_REASONS, deals.loss_reason) == "competitor")
    rivalled = beaten_by | (rng.random(n) < 0.35)
    buyers = [name.split(" ") for name in accounts.name]  # both languages, and a number where there are namesakes
    products = [product[0].split(" ") for product in PRODUCTS]
    years = now["created"].to_numpy().astype("datetime64[D]").astype("datetime64[Y]")
    margin_share = np.clip(np.where(deals.track == LARGE, 0.31, 0.4) + rng.normal(0, 0.08, n), 0.03, 0.7)
    return frame(
        opportunity_id=keys("D", np.arange(n), 6),
        name=[
            " ".join((buyer[0], product[0], *buyer[1:3], product[1], str(year)))
            for buyer, product, year in zip(
                map(buyers.__getitem__, deals.account), map(products.__getitem__, deals.product), years, strict=True
            )
        ],
        account_id=keys("A", deals.account, 5),
        owner_id=keys("R", now["owner"], 4),
        region_id=picked_ids(organisation.region_ids, now["region"]),
        pipeline=picked(PIPELINES, deals.track),
        stage=picked(STAGE_NAMES, now["stage"]),
        product=picked([product[0] for product in PRODUCTS], deals.product),
        source=picked(SOURCES, deals.source),
        kind=picked(_KINDS, kind),
        track=picked(TRACKS, deals.track),
        amount=amount,
        currency=picked((None, *CURRENCIES[1:]), deals.currency),
        gross_margin=np.where(rng.random(n) < 0.93, np.round(amount * margin_share), np.nan),
        created_on=iso(now["created"]),
        expected_close_on=iso(np.where(now["expected"].isna(), NEVER, now["expected"].fillna(0).astype("int64"))),
        closed_on=iso(now["closed"]),
        loss_reason=np.where(lost, picked(LOSS_REASONS, deals.loss_reason), None),
        competitor=picked(RIVALS, np.where(rivalled, rng.integers(0, len(RIVALS), n), -1)),
        contract_starts_on=iso(starts),
        contract_ends_on=iso(_months_later(starts, months)),
    )


def _kinds(rng, deals, now, won):
    """New until the account has its first won deal; then mostly more of it. A few are not marked."""
    first_won = pd.Series(now["closed"].to_numpy()[won]).groupby(deals.account[won]).min()
    since = first_won.reindex(deals.account).to_numpy()
    known = now["created"].to_numpy() > np.where(np.isnan(since), np.inf, since)
    n = len(won)
    later = np.where(won, spread(rng, (12, 33, 22, 33), n), spread(rng, (25, 37, 26, 12), n))
    return np.where(rng.random(n) < 0.04, -1, np.where(known, later, 0))


def _months_later(days, months):
    """The day before the same day some months on (the 28th at the latest)."""
    known = days != NEVER
    safe = np.where(known, days, 0)
    first = safe.astype("datetime64[D]").astype("datetime64[M]")
    within = np.minimum(safe - first.astype("datetime64[D]").astype("int64"), 27)
    end = (first + months).astype("datetime64[D]").astype("int64") + within - 1
    return np.where(known, end, NEVER)


def _instalments(rng, plan, deals, won):
    """invoice and payment. Large deals are paid in four instalments, fast ones at once; some pay late, some not yet.
    What nobody paid in the year since it fell due is written off."""
    large = deals.track[won["deal"]] == LARGE
    due, received = [], []
    for number, (part, after) in enumerate(zip(_INSTALMENTS, _FALL_DUE, strict=True)):
        is_one = large | (number == 0)
        paid = is_one & (rng.random(len(won)) > 0.05 + 0.03 * number)
        sent = won["day"].to_numpy() + np.where(large, after, 30)
        day = sent + rng.gamma(1.5, 14, len(won)).astype("int64")
        amount = np.round(np.where(large, won["amount"] * part, won["amount"]), 2)
        kept = paid & (day <= plan.until)
        received.append(pd.DataFrame({"deal": won["deal"], "day": day, "amount": amount})[kept])
        owed = is_one & (sent <= plan.until) & (paid | (sent + _TERMS > plan.until - 365))
        due.append(pd.DataFrame({"deal": won["deal"], "day": sent + _TERMS, "amount": amount})[owed])
    return {"payment": _by_deal(received, "received_on"), "invoice": _by_deal(due, "due_on")}


def _by_deal(parts, day_name):
    rows = pd.concat(parts).sort_values(["deal", "day"], kind="stable")
    return frame(
        **{"opportunity_id": keys("D", rows["deal"], 6), day_name: iso(rows["day"])},
        sequence=rows.groupby(["deal", "day"]).cumcount().to_numpy(),
        amount=rows["amount"].to_numpy(),
    )
