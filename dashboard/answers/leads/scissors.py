"""The scissors: does marketing cost outgrow what it brings (剪刀差)?

A period is the twelve months up to the end of a fiscal quarter, so that neither the season nor one large deal opens
the scissors. The periods are those of the last eight quarters that ended by the as-of date, as far back as there has
been cost for a whole year.
"""

from datetime import date, timedelta

import pandas as pd

from dashboard.answers import Ask
from dashboard.metrics import periods
from dashboard.metrics.amounts import total, units
from dashboard.metrics.leads import marketing as costs_of, scissors as metrics
from dashboard.metrics.overview.numbers import margin_of
from data_access import organisation
from data_access.leads import marketing
from data_access.pipeline import closing
from data_access.scope import Period, Scope

QUARTERS = 8
ALL_SOURCES = ""  # where a source stands: all of them together; no source is called so

ALARM_KEYS = ("source", "since", "periods_running", "cost_growth", "margin_growth", "cost", "excess", "won")


def years(ask: Ask, scope: Scope) -> list[periods.Days]:
    """The twelve months up to the end of each of the last quarters that ended by the as-of date, in order."""
    fiscal_start = ask(organisation.calendar, None).fiscal_year_start_month
    running = periods.preset("this_quarter", scope.as_of, fiscal_start)
    ended = [running] if running[1] <= scope.as_of else []
    ends = [end for _start, end in [*ended, *periods.earlier(running, QUARTERS)][:QUARTERS]]
    return [(periods.year_before(end + timedelta(days=1)), end) for end in reversed(ends)]


def by_source(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per source and period, all sources together first (ALL_SOURCES): source, start, end, won (deals), cost,
    revenue, margin (base currency units), and what metrics.scissors.indexed adds.

    Revenue and margin are those of the deals won in the period, margin of those that have one. Sources without cost
    are in the whole alone. Empty where the scope asks for what no cost is told apart by, or where there is no cost.
    """
    spans = years(ask, scope)
    whole = scope.but(period=Period(spans[0][0], spans[-1][1]))
    costs = ask(marketing.costs, scope.but(period=Period(date.min, whole.period.end)))
    if marketing.knows_no_cost(scope) or costs.empty:
        return metrics.indexed(pd.DataFrame({"source": [], "start": [], "end": [], "won": []}))
    closed = ask(closing.closed_totals, whole, ("source", "month"))
    won = closed[closed["outcome"] == "won"]
    found = [_of(ALL_SOURCES, costs, won, spans)]
    found += [_of(source, own, won[won["source"] == source], spans) for source, own in costs.groupby("source")]
    return pd.concat(found, ignore_index=True)


def _of(source: str, costs: pd.DataFrame, won: pd.DataFrame, spans: list[periods.Days]) -> pd.DataFrame:
    begun = costs["month"].min().date()
    rows = pd.DataFrame([_facts(costs, won, *span) for span in spans if span[0] >= begun])
    rows.insert(0, "source", source)
    return metrics.indexed(rows)


def _facts(costs: pd.DataFrame, won: pd.DataFrame, start: date, end: date) -> dict:
    of_period = won[(won["month"] >= start.toordinal()) & (won["month"] <= end.toordinal())]
    return {
        "start": pd.Timestamp(start),
        "end": pd.Timestamp(end),
        "won": int(of_period["deals"].sum()),
        "cost": units(costs_of.within(costs, start, end)["amount"].sum()),
        "revenue": total(of_period),
        "margin": margin_of(of_period) if len(of_period) else 0.0,
    }


def alarms(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per source whose cost grew faster than its margin in each of the last three periods or more, the largest
    excess first: ALARM_KEYS, of which source, since (the last day of the period before these), won (deals of the
    latest one), the rest as metrics.scissors.alarm has it."""
    rows = []
    for source, own in by_source(ask, scope).groupby("source", sort=False):
        found = metrics.alarm(own)
        if found is not None:
            since = own["end"].iloc[-found["periods_running"] - 1]
            rows.append({"source": source, "since": since, "won": own["won"].iloc[-1], **found})
    found = pd.DataFrame(rows, columns=list(ALARM_KEYS))
    return found.sort_values("excess", ascending=False, kind="stable", ignore_index=True)
