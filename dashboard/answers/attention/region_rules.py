"""The rules of Attention about regions and the whole company."""

import pandas as pd

from dashboard.answers.attention.facts import Facts
from dashboard.answers.leads.scissors import ALL_SOURCES, alarms
from dashboard.answers.overview.numbers import year_to
from dashboard.metrics.amounts import total, units
from dashboard.metrics.attention.rules import needed_coverage
from dashboard.metrics.overview.numbers import win_rate_amount
from dashboard.metrics.periods import preset
from data_access import organisation
from data_access.pipeline import closing, funnel, targets
from data_access.scope import Period, Scope

NO_REGION = "no_region"
"""The company's part without a region: its targets and deals, which only those see who see everything."""
WHOLE_COMPANY = "company"
"""The subject of a line about all sources of leads together."""

_BY = ("track", "region")


def coverage(facts: Facts) -> pd.DataFrame:
    """Too little pipeline for what is left to win of the fiscal quarter's target, in a region that has one of its own;
    at its own win rates of the twelve months up to the as-of date. Since when, nobody knows.

    measure: coverage · limit: the coverage it takes · value at risk: what is left less what can be expected of the
    open · n: the deals with an amount that were closed in those twelve months
    """
    ask, scope = facts.ask, facts.scope
    if scope.asks_beyond_people_regions_months:
        return pd.DataFrame()
    start_month = ask(organisation.state, None).fiscal_year_start_month
    quarter = scope.but(period=Period(*preset("this_quarter", scope.as_of, start_month)))
    target = ask(targets.target_totals, quarter, ("region",))
    won = ask(closing.closed_totals, quarter, _BY)
    opened = ask(funnel.open_totals, quarter, _BY)
    closed = ask(closing.closed_totals, year_to(scope), _BY)
    if scope.as_of >= quarter.period.end:
        target = target.iloc[:0]
    found = [_of_region(one, won, opened, closed) for one in target.itertuples()]
    found = pd.DataFrame([row for row in found if row], columns=["region_id", "left", "closing", "needed", "n"])
    limit = found["needed"] * facts.limits["coverage_share"]
    found = found.assign(
        subject_id=found["region_id"].fillna(NO_REGION),
        subject=found["region_id"].map(facts.region_names),
        region=found["region_id"].map(facts.region_names),
        measure=found["closing"] / found["left"],
        limit=limit,
        value_at_risk=(found["left"] - found["region_id"].map(_expected(facts, quarter)).fillna(0)).clip(lower=0),
    )
    found = found[found["measure"] < found["limit"]]
    kind = found["region_id"].notna().map({True: "region", False: "company"})
    return found.assign(subject_kind=kind)


def _expected(facts: Facts, quarter: Scope) -> dict[str | None, float]:
    """Per region the amount × probability of the open deals expected to close in the rest of the quarter."""
    deals, as_of = facts.deals, pd.Timestamp(quarter.as_of)
    is_closing = (deals["expected_close_on"] > as_of) & (deals["expected_close_on"] <= pd.Timestamp(quarter.period.end))
    closing = deals[is_closing]
    return closing.groupby("region_id", dropna=False)["weighted_amount"].sum().to_dict()


def _of_region(target, *frames: pd.DataFrame) -> dict | None:
    """What a region has left to win, what is expected to close, and how many times the one the other should be; None
    where nothing is left, or one of them is not known."""
    is_there = (lambda region: region.isna()) if pd.isna(target.region) else (lambda region: region == target.region)
    won, opened, closed = (frame[is_there(frame["region"])] for frame in frames)
    won_so_far, closing = total(won[won["outcome"] == "won"]), total(opened, "closing_")
    left = None if won_so_far is None else units(target.amount) - won_so_far
    if left is None or left <= 0 or closing is None:
        return None
    needed = needed_coverage(
        {track: total(deals, "closing_") or 0.0 for track, deals in opened.groupby("track")},
        {track: _win_rate(deals) for track, deals in closed.groupby("track")},
    )
    if needed is None:
        return None
    n = int(closed["with_amount"].sum())
    return {"region_id": target.region, "left": left, "closing": closing, "needed": needed, "n": n}


def _win_rate(closed: pd.DataFrame) -> float | None:
    """Won ÷ (won + lost), by value."""
    return win_rate_amount(closed[closed["outcome"] == "won"], closed[closed["outcome"] == "lost"])


def scissors(facts: Facts) -> pd.DataFrame:
    """A source, or all together, whose marketing cost grew faster than its margin in three periods running or more: of
    the whole company, since cost is not told apart by people. Days: since the period before these.

    value at risk: the cost beyond the growth of the margin · measure, limit: growth of cost and of margin
    n: deals won in the latest period
    """
    if not facts.scope.person.sees_everything or facts.scope.regions:
        return pd.DataFrame()
    found = alarms(facts.ask, facts.scope)
    is_all = found["source"] == ALL_SOURCES
    days = (pd.Timestamp(facts.scope.as_of) - pd.to_datetime(found["since"])).dt.days
    return found.assign(
        subject_kind=is_all.map({True: "company", False: "source"}),
        subject_id=found["source"].mask(is_all, WHOLE_COMPANY),
        subject=found["source"].mask(is_all),
        value_at_risk=found["excess"],
        days=days,
        measure=found["cost_growth"],
        limit=found["margin_growth"],
        n=found["won"],
    )
