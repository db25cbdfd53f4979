"""The age by which nearly all conversions of a cohort are in, learnt from all cohorts of the last three years.

Of a scope only the as-of date counts: how long a pipeline takes is the company's to learn, a region has too few deals.
"""

from datetime import timedelta

import pandas as pd

from dashboard.answers import Ask
from dashboard.metrics import maturity as metrics
from dashboard.metrics.periods import year_before
from data_access import maturity
from data_access.scope import Period, Scope, company


def of_deals(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per pipeline and track: mature_after_days, by which most won deals are won; NaN: not yet known."""
    fates = ask(maturity.deal_fates, _three_years(scope), metrics.ENOUGH_WATCHED)
    found = [
        {"pipeline": pipeline, "track": track, "mature_after_days": _age(own, "deals")}
        for (pipeline, track), own in fates.groupby(["pipeline", "track"])
    ]
    return pd.DataFrame(found, columns=["pipeline", "track", "mature_after_days"])


def of_leads(ask: Ask, scope: Scope) -> metrics.Maturity:
    """When leads are mature, over all sources."""
    fates = ask(maturity.lead_fates, _three_years(scope), metrics.ENOUGH_WATCHED)
    return metrics.Maturity(scope.as_of.toordinal(), _age(fates, "leads"))


def _three_years(scope: Scope) -> Scope:
    start = year_before(year_before(year_before(scope.as_of))) + timedelta(days=1)
    return company(scope).but(period=Period(start, scope.as_of))


def _age(fates: pd.DataFrame, what: str) -> float:
    longest = fates["longest"].max()
    return metrics.age(fates["days"], fates["fate"], fates[what], None if pd.isna(longest) else int(longest))
