"""The rules of Attention about open deals."""

import pandas as pd

from dashboard.answers.attention_facts import Facts
from dashboard.metrics.attention import rows_of


def stalled(facts: Facts) -> pd.DataFrame:
    """Longer in its stage than the stage's norm, and than the days borne beyond it.

    measure: days in stage · limit: the norm · detail: the stage · n: what the norm rests on, unless it is a target
    """
    deals, borne = facts.deals, facts.limits["stalled_days"]
    over = deals["days_in_stage"].astype("Float64") - deals["norm_days"]
    found = deals[(over > borne).fillna(False)]
    limit = found["norm_days"] + borne
    return rows_of(
        "stalled",
        "opportunity",
        found.assign(
            days=found["days_in_stage"] - limit.astype(float).map(int).astype("Int64"),
            measure=found["days_in_stage"],
            limit=limit,
            detail=found["stage"],
            n=found["norm_n"],
        ),
    )


def pushed(facts: Facts) -> pd.DataFrame:
    """Its expected close was put off so often that the date is fiction. Days: since the push that made it so.

    measure: pushes
    """
    found = facts.deals[facts.deals["pushed_day"].notna()]
    return rows_of(
        "pushed",
        "opportunity",
        found.assign(
            days=facts.day + 1 - found["pushed_day"], measure=found["pushes"], limit=facts.limits["pushes"]
        ),
    )


def no_next_step(facts: Facts) -> pd.DataFrame:
    """Nothing is planned with it, for longer than is borne. Of no deal where nobody's next steps are recorded."""
    if not facts.has_next_steps:
        return rows_of("no_next_step", "opportunity", facts.deals.iloc[:0])
    deals, borne = facts.deals, facts.limits["no_next_step_days"]
    # Nothing could be planned with a deal before it was there.
    last = pd.concat([deals["step_until_day"], deals["created_day"] - 1], axis=1).max(axis=1)
    found = deals.assign(days=facts.day - last - int(borne), measure=facts.day - last, limit=borne)
    is_so = found["days"].isna() | (found["days"] > 0)
    return rows_of("no_next_step", "opportunity", found[is_so.astype(bool)])


def overdue(facts: Facts) -> pd.DataFrame:
    """Open past its expected close, by more days than are borne. measure: days past it."""
    deals, borne = facts.deals, facts.limits["overdue_days"]
    past = (pd.Timestamp(facts.scope.as_of) - deals["expected_close_on"]).dt.days.astype("Int64")
    found = deals.assign(days=past - int(borne), measure=past, limit=borne)
    return rows_of("overdue", "opportunity", found[(past > borne).fillna(False)])
