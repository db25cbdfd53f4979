"""What became of leads, and what they cost. Pure.

Cost is in base currency units, None where it is not known; medians are over the leads that have the value.
"""

from collections.abc import Sequence

import pandas as pd

from dashboard.metrics import survival
from dashboard.metrics.amounts import ratio, units
from dashboard.metrics.maturity import Maturity

FEW_CONVERT = 0.05  # leads that become a deal are usually fewer
AGES = (0, 30, 90, 180, 365)  # from so many days on; the last band has no end
STATUSES = ("raw", "mql", "sql")


def rows(
    totals: pd.DataFrame, days: pd.DataFrame, costs: pd.DataFrame | None, by: Sequence[str], maturity: Maturity
) -> pd.DataFrame:
    """One row per group that has leads or cost, in the groups' order, empty ones last.

    totals   leads.totals · days   leads.conversion_days, both by these groups
    costs    metrics.marketing.within; None: the scope asks for what no cost is told apart by
    *by, leads, mql, sql, converted, won, undecided
    conversion               converted ÷ leads
    median_days_to_convert   over the converted
    undecided_share, youngest_days, mature_after_days, is_immature
    cost, cost_per_lead, cost_per_opportunity, cost_per_won, margin, margin_per_cost
    """
    by = list(by)
    keys = pd.concat([totals[by], costs[by] if costs is not None else totals[by].iloc[:0]], ignore_index=True)
    keys = keys.astype(object).where(keys.notna(), None).drop_duplicates().sort_values(by, na_position="last")
    found = [_row(key, totals, days, costs, by, maturity) for key in keys.itertuples(index=False, name=None)]
    return pd.DataFrame(found, columns=[*by, *summary(totals.iloc[:0], days.iloc[:0], None, maturity)])


def _row(key: tuple, totals, days, costs, by: list[str], maturity: Maturity) -> dict:
    own, took = _of(totals, by, key), _of(days, by, key)
    spent = None if costs is None else _of(costs, by, key)["amount"]
    return dict(zip(by, key, strict=True)) | summary(own, took, spent, maturity)


def _of(frame: pd.DataFrame, by: list[str], key: tuple) -> pd.DataFrame:
    for name, value in zip(by, key, strict=True):
        frame = frame[frame[name].isna() if value is None else (frame[name] == value).fillna(False).astype(bool)]
    return frame


def summary(totals: pd.DataFrame, days: pd.DataFrame, spent: pd.Series | None, maturity: Maturity) -> dict:
    """The numbers of some leads together. spent: minor units of each cost row; none at all: the cost is not known."""
    counts = {name: int(totals[name].sum()) for name in ("leads", "mql", "sql", "converted", "won", "undecided")}
    cost = None if spent is None or spent.empty else units(spent.sum())
    margin = _margin(totals)
    return counts | {
        "conversion": ratio(counts["converted"], counts["leads"]),
        "median_days_to_convert": median(days["days"], days["leads"]),
        "undecided_share": ratio(counts["undecided"], counts["leads"]),
        **maturity.of(totals["latest"].max()),
        "cost": cost,
        "cost_per_lead": ratio(cost, counts["leads"]),
        "cost_per_opportunity": ratio(cost, counts["converted"]),
        "cost_per_won": ratio(cost, counts["won"]),
        "margin": margin,
        "margin_per_cost": ratio(margin, cost),
    }


def _margin(totals: pd.DataFrame) -> float | None:
    """The margin of the won deals that have one: 0 where none is won, None where none has one or a rate lacks."""
    if totals["margin_lacks_rate"].sum() or (totals["won"].sum() and not totals["with_margin"].sum()):
        return None
    return units(totals["margin"].sum())


def median(values: pd.Series, counts: pd.Series) -> float | None:
    """The median of values that occur `counts` times; None of nothing."""
    repeated = values.repeat(counts.astype("int64"))
    return float(repeated.astype(float).median()) if len(repeated) else None


def response(answered: pd.DataFrame) -> dict:
    """How long leads wait for a first answer (leads.responses): leads, unanswered, median and p80 days (Kaplan–Meier,
    the unanswered still waiting; NaN where never reached)."""
    days = answered["days"], answered["is_open"] == 1, answered["leads"]
    leads = int(answered["leads"].sum())
    unanswered = int(answered.loc[answered["is_open"] == 1, "leads"].sum())
    return {
        "leads": leads,
        "unanswered": unanswered,
        "median": survival.quantile(*days, 0.5),
        "p80": survival.quantile(*days, 0.8),
    }


def pool(aged: pd.DataFrame) -> pd.DataFrame:
    """The undecided leads by age, youngest first: from_days, to_days (outside; empty: no end), raw, mql, sql, leads,
    reached, converted_later, later_share: of the leads that were ever still undecided at that age, those that converted
    since. Some of them may yet convert, so the share is at least that.

    aged   leads.ages
    """
    found = []
    undecided = aged[aged["fate"] == "undecided"]
    for start, end in zip(AGES, (*AGES[1:], None), strict=True):
        is_in = (undecided["days"] >= start) & (end is None or undecided["days"] < end)
        of_age = undecided[is_in]
        by_status = {name: int(of_age.loc[of_age["status"] == name, "leads"].sum()) for name in STATUSES}
        reached = aged[aged["days"] >= start]
        later = int(reached.loc[reached["fate"] == "converted", "leads"].sum())
        everybody = int(reached["leads"].sum())
        found.append(
            {
                "from_days": start,
                "to_days": end,
                **by_status,
                "leads": int(of_age["leads"].sum()),
                "reached": everybody,
                "converted_later": later,
                "later_share": ratio(later, everybody),
            }
        )
    return pd.DataFrame(found).astype({"to_days": "Int64"})
