"""The rules of Attention about open deals."""

import pandas as pd

from dashboard.answers.attention.facts import Facts
from dashboard.answers.opportunities.openings import openings_of
from dashboard.answers.opportunities.stop_loss import candidates


def stalled(facts: Facts) -> pd.DataFrame:
    """Longer in its stage than the stage's norm, and than the days borne beyond it.

    measure: days in stage · limit: the norm · detail: the stage · n: what the norm rests on, unless it is a target
    """
    deals, borne = facts.deals, facts.limits["stalled_days"]
    over = deals["days_in_stage"].astype("Float64") - deals["norm_days"]
    found = deals[(over > borne).fillna(False)]
    limit = found["norm_days"] + borne
    return found.assign(
        days=found["days_in_stage"] - limit.astype(float).map(int).astype("Int64"),
        measure=found["days_in_stage"],
        limit=limit,
        detail=found["stage"],
        n=found["norm_n"],
    )


def pushed(facts: Facts) -> pd.DataFrame:
    """Its expected close was put off so often that the date is fiction. Days: since the push that made it so.

    measure: pushes
    """
    found = facts.deals[facts.deals["pushed_day"].notna()]
    return found.assign(days=facts.day - found["pushed_day"], measure=found["pushes"], limit=facts.limits["pushes"])


def no_next_step(facts: Facts) -> pd.DataFrame:
    """Nothing is planned with it, since the last step was done, dropped or missed (never one: since it was created),
    for at least the days named. Of no deal where nobody's next steps are recorded. measure: days without"""
    if not facts.has_next_steps:
        return facts.deals.iloc[:0]
    deals, least = facts.deals, facts.limits["no_next_step_days"]
    # Nothing could be planned with a deal before it was there.
    last = pd.concat([deals["step_ended_day"], deals["created_day"]], axis=1).max(axis=1)
    days = facts.day - last
    is_so = deals["next_step_on"].isna() & (days.isna() | (days >= least))
    found = deals.assign(days=days, measure=days, limit=least)
    return found[is_so.astype(bool)]


def overdue(facts: Facts) -> pd.DataFrame:
    """Open past its expected close, by more days than are borne. measure: days past it."""
    deals, borne = facts.deals, facts.limits["overdue_days"]
    past = (pd.Timestamp(facts.scope.as_of) - deals["expected_close_on"]).dt.days.astype("Int64")
    found = deals.assign(days=past - int(borne), measure=past, limit=borne)
    return found[(past > borne).fillna(False)]


def owner_left(facts: Facts) -> pd.DataFrame:
    """Its owner has left the company, whoever looks after its account. Days: since then."""
    found = facts.deals[facts.deals["owner_left_on"].notna()]
    return found.assign(days=(pd.Timestamp(facts.scope.as_of) - found["owner_left_on"]).dt.days)


def abnormal_opening(facts: Facts) -> pd.DataFrame:
    """Its opening is abnormal, and nobody said why. Days: since it was judged. detail: territory and position"""
    judged = openings_of(facts.ask, facts.scope)
    judged = judged.loc[judged["is_change_missing"], ["opportunity_id", "territory", "position", "opened_on"]]
    found = facts.deals.merge(judged, on="opportunity_id")
    days = (pd.Timestamp(facts.scope.as_of) - found["opened_on"]).dt.days
    return found.assign(days=days, detail=found["territory"] + " " + found["position"])


def stop_loss(facts: Facts) -> pd.DataFrame:
    """It cost more so far than the share named of what it can still be expected to return. Since when, nobody knows.
    measure: the cost · limit: that share of the expected margin"""
    judged = candidates(facts.ask, facts.scope)[["opportunity_id", "cost", "expected_margin"]]
    found = facts.deals.merge(judged, on="opportunity_id")
    found = found.assign(measure=found["cost"], limit=found["expected_margin"] * facts.limits["stop_loss_share"])
    return found[found["measure"] > found["limit"]]
