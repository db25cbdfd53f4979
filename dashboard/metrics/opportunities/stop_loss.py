"""Stop-loss: deals whose cost so far exceeds what they can still be expected to return. Pure."""

import pandas as pd

from dashboard.metrics.amounts import BILLIONTHS, HOUR_PARTS, MINOR_UNITS


def judged(facts: pd.DataFrame) -> pd.DataFrame:
    """The open deals of which both sides are known, with the sum behind each, by how far the cost is above.

    facts   `cost_of_sale.open_deals`: integers (minor units, millionths of hours, billionths)

    Adds cost (support_cost + activity_cost) and is_candidate (cost > expected_margin, compared to the cent);
    money becomes base currency units, hours hours, the probability a share.
    """
    known = facts[_is_known(facts)].drop(columns="without_cost")
    cost = known["support_cost"] + known["activity_cost"]
    above = cost - known["expected_margin"]
    money = ("support_cost", "activity_cost", "gross_margin", "expected_margin")
    found = known.assign(
        cost=cost.astype(float) / MINOR_UNITS,
        **{name: known[name].astype(float) / MINOR_UNITS for name in money},
        support_hours=known["support_hours"].astype(float) / HOUR_PARTS,
        activities=known["activities"].astype("int64"),
        probability=known["probability"].astype(float) / BILLIONTHS,
        is_candidate=(above > 0).astype(bool),
    )
    return found.loc[above.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def left_out(facts: pd.DataFrame) -> dict[str, int]:
    """How many open deals cannot be judged, and for want of what; one deal may lack several."""
    return {
        "deals": int((~_is_known(facts)).sum()),
        "without_cost": int((facts["without_cost"] > 0).sum()),
        "without_margin": int(facts["gross_margin"].isna().sum()),
        "without_probability": int(facts["probability"].isna().sum()),
    }


def _is_known(facts: pd.DataFrame) -> pd.Series:
    return ((facts["without_cost"] == 0) & facts["expected_margin"].notna()).astype(bool)
