"""The rules of Attention about regions and the whole company."""

import pandas as pd

from dashboard.answers.attention.facts import Facts
from dashboard.answers.leads.scissors import ALL_SOURCES, alarms
from dashboard.answers.overview.numbers import year_to
from dashboard.answers.regions import level
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
_NOBODY = ""


def coverage(facts: Facts) -> pd.DataFrame:
    """Too little pipeline for what is left to win of the fiscal quarter's target, in a region right below what is
    looked at, with all that lies in it; of a lowest region, of a rep of it. Since when, nobody knows.

    measure: coverage · limit: the coverage it takes · value at risk: what is left less what can be expected of the
    open · n: the deals with an amount that were closed in the twelve months · detail: itself, where only what lies in
    none of its parts is meant
    """
    found = by_unit(facts)
    if found.empty:
        return found
    found = found[found["left"] > 0]
    is_rep = found["rep_id"].notna()
    region = found["region_id"].map(facts.region_names)
    kind = found["region_id"].notna().map({True: "region", False: "company"}).mask(is_rep, "rep")
    found = found.assign(
        subject_kind=kind,
        subject_id=found["rep_id"].fillna(found["region_id"]).fillna(NO_REGION),
        subject=found["rep"].fillna(region),
        region=region,
        detail=found["is_itself"].map({True: "itself", False: None}),
        measure=found["closing"] / found["left"],
        limit=found["needed"] * facts.limits["coverage_share"],
        value_at_risk=(found["left"] - found["expected"]).clip(lower=0),
    )
    return found[found["measure"] < found["limit"]]


def by_unit(facts: Facts) -> pd.DataFrame:
    """One row per compared region (`regions.level`), with all that lies in it, or, where a lowest region is looked at,
    per rep, that has a target or deals in the rest of the fiscal quarter around the as-of date: parts of one whole,
    whose sums add up. No row where no target is asked about.

    region_id (empty: of no region), rep_id and rep (empty: a region), is_itself (what lies in a region and in none of
    its parts), target, left: target − won so far, closing and expected: the amount of the open deals expected to close
    in that rest, and amount × probability of these (without one: 0), needed: the coverage it takes at its own win rates
    of the twelve months up to the as-of date, n: the deals with an amount closed in these. Amounts in units of the base
    currency; empty: not known.
    """
    ask, scope = facts.ask, facts.scope
    if scope.asks_beyond_people_regions_months:
        return pd.DataFrame()
    start_month = ask(organisation.calendar, None).fiscal_year_start_month
    quarter = scope.but(period=Period(*preset("this_quarter", scope.as_of, start_month)))
    if scope.as_of >= quarter.period.end:
        return pd.DataFrame()
    units_of = level(ask, scope)
    by = "region" if units_of.lowest is None else "owner"
    asked = (
        ask(targets.target_totals, quarter, (by,)),
        ask(closing.closed_totals, quarter, ("track", by)),
        ask(funnel.open_totals, quarter, ("track", by)),
        ask(closing.closed_totals, year_to(scope), ("track", by)),
    )
    placed = units_of.of if by == "region" else _as_it_is
    target, *others = (frame.assign(unit=placed(frame[by]).fillna(_NOBODY)) for frame in asked)
    due = target.groupby("unit")["amount"].sum()
    if due.empty:
        return pd.DataFrame()
    due = due.reindex(sorted({*due.index, *pd.concat([frame["unit"] for frame in others])}), fill_value=0)
    found = pd.DataFrame(
        [_of_unit(amount, *(frame[frame["unit"] == unit] for frame in others)) for unit, amount in due.items()],
        columns=["target", "left", "closing", "needed", "n"],
    ).astype(float)
    key = due.index.to_series(index=found.index)
    unit = key.mask(key == _NOBODY, None).astype(object)
    deals = facts.deals.assign(unit=placed(facts.deals[f"{by}_id"]).fillna(_NOBODY))
    found = found.astype({"n": int}).assign(expected=key.map(_expected(deals, quarter)).fillna(0.0))
    if by == "region":
        return found.assign(region_id=unit, rep_id=None, rep=None, is_itself=unit == units_of.whole)
    names = ask(organisation.people, scope.everything).set_index("rep_id")["name"]
    return found.assign(region_id=units_of.lowest, rep_id=unit, rep=unit.map(names).fillna(unit), is_itself=unit.isna())


def _as_it_is(keys: pd.Series) -> pd.Series:
    return keys


def _expected(deals: pd.DataFrame, quarter: Scope) -> dict[str, float]:
    """Per unit the amount × probability of the open deals expected to close in the rest of the quarter."""
    as_of, end = pd.Timestamp(quarter.as_of), pd.Timestamp(quarter.period.end)
    closing = deals[(deals["expected_close_on"] > as_of) & (deals["expected_close_on"] <= end)]
    return closing.groupby("unit")["weighted_amount"].sum().to_dict()


def _of_unit(amount: int, won: pd.DataFrame, opened: pd.DataFrame, closed: pd.DataFrame) -> dict:
    """What a unit has left to win, what is expected to close, and how many times the one the other should be."""
    won_so_far = total(won[won["outcome"] == "won"])
    needed = needed_coverage(
        {track: total(deals, "closing_") or 0.0 for track, deals in opened.groupby("track")},
        {track: _win_rate(deals) for track, deals in closed.groupby("track")},
    )
    return {
        "target": units(amount),
        "left": None if won_so_far is None else units(amount) - won_so_far,
        "closing": total(opened, "closing_"),
        "needed": needed,
        "n": int(closed["with_amount"].sum()),
    }


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
