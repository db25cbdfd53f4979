"""What is at risk of each line: of a deal the part of its chance that its state has cost in the past, of an account
what its open deals' own lines do not hold yet."""

import numpy as np
import pandas as pd

from dashboard.answers.accounts.key_accounts import trailing_year
from dashboard.answers.attention.facts import Facts
from dashboard.answers.pipeline.deals import stage_norms
from dashboard.metrics.amounts import totals_by
from dashboard.metrics.attention import rules as metrics
from dashboard.metrics.attention.shares import ASSUMED, OWN_CASES, Shares, learnt
from data_access import organisation
from data_access.accounts import ownership
from data_access.attention import past
from data_access.pipeline import funnel
from data_access.scope import Period, company

_PLACE = ["pipeline", "track", "stage"]


def shares(facts: Facts) -> Shares:
    """What states have cost, from all closed deals of the company: a deal has one value at risk, whoever looks."""
    first_day = facts.ask(organisation.calendar, None).first_day or facts.scope.as_of
    period = Period(min(first_day, facts.scope.as_of), facts.scope.as_of)
    limits, everyone = facts.limits, company(facts.scope)
    stays = facts.ask(past.stays, everyone.but(period=period), int(limits["pushes"]), int(limits["overdue_days"]))
    stages = facts.ask(funnel.stages, everyone)
    targets = {(row.pipeline, row.stage): row.target_days for row in stages.dropna(subset="target_days").itertuples()}
    norms = stage_norms(facts.ask, everyone)
    places = stays[_PLACE].drop_duplicates().itertuples(index=False, name=None)
    borne = {
        place: float(targets.get((place[0], place[2]), norms.get(place, np.nan))) + limits["stalled_days"]
        for place in places
    }
    return learnt(stays, borne)


def valued(facts: Facts, known: Shares, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of all rules, value_at_risk and is_assumed of those about deals and accounts worked out."""
    return _accounts_valued(facts, known, _deals_valued(facts, known, rows))


def _deals_valued(facts: Facts, known: Shares, rows: pd.DataFrame) -> pd.DataFrame:
    """amount × probability × the rule's share at the deal's stage."""
    is_deal = rows["subject_kind"].isin(("opportunity", "support_request")) & rows["opportunity_id"].notna()
    deals = facts.deals.set_index("opportunity_id")
    places = pd.Series(list(deals[_PLACE].itertuples(index=False, name=None)), index=deals.index, dtype=object)
    value, is_assumed = rows["value_at_risk"].copy(), rows["is_assumed"].copy()
    for rule, own in rows[is_deal].groupby("rule"):
        keys = own["opportunity_id"]
        share = known.of(str(rule), places.reindex(keys).set_axis(own.index))
        weighted = deals["weighted_amount"].reindex(keys).set_axis(own.index).astype("Float64")
        value.loc[own.index] = weighted * share["share"]
        is_assumed.loc[own.index] = share["own_cases"] < OWN_CASES
    return rows.assign(value_at_risk=value, is_assumed=is_assumed)


def _accounts_valued(facts: Facts, known: Shares, rows: pd.DataFrame) -> pd.DataFrame:
    """Of each open deal in scope what the share over all rules takes beyond the deal's own line; with none open, the
    twelve months' revenue × the assumed share."""
    is_account = rows["subject_kind"] == "account"
    if not is_account.any():
        return rows
    lines = rows[rows["opportunity_id"].notna() & ~metrics.muted(rows, facts.limits["least_n"])]
    held = lines.groupby("opportunity_id")["value_at_risk"].max()
    deals = facts.deals
    own = deals["opportunity_id"].map(held).astype("Float64").fillna(0)
    beyond = (deals["weighted_amount"] * known.over_all - own).clip(lower=0)
    of_account = beyond.groupby(deals["account_id"]).sum(min_count=1)
    opened = facts.ask(ownership.open_by_account, facts.scope)["account_id"]
    won = totals_by(facts.ask(ownership.won_by_account, trailing_year(facts.scope)), "account_id")
    revenue = {key: np.nan if amount is None else amount * ASSUMED for key, amount in won.items()}
    worth = {account: 0.0 for account in rows.loc[is_account, "subject_id"]} | revenue
    worth |= dict.fromkeys(opened, 0.0) | of_account.to_dict()
    value = rows["subject_id"].map(worth).astype("Float64")
    return rows.assign(
        value_at_risk=rows["value_at_risk"].mask(is_account, value),
        is_assumed=rows["is_assumed"].mask(is_account, True),
        is_revenue=is_account & ~rows["subject_id"].isin(opened),
    )
