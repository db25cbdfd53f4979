"""The executive's numbers."""

from datetime import timedelta

import pandas as pd

from dashboard.answers import Ask
from dashboard.metrics import periods
from dashboard.metrics.accounts import retention
from dashboard.metrics.amounts import total, units
from dashboard.metrics.definitions.reports import REPORTS
from dashboard.metrics.overview import numbers as metrics
from data_access import organisation
from data_access.accounts import revenue
from data_access.pipeline import closing, funnel, targets
from data_access.scope import Period, Scope


def facts(ask: Ask, scope: Scope, by: tuple[str, ...] = ()) -> metrics.Facts:
    """The additive facts of the overview, per track and per group `by` (by month, all but the open deals)."""
    groups = ("track", *by)
    dated = groups if by == ("month",) else ("track",)
    target_groups = tuple(name for name in by if name in ("region", "owner", "month"))
    has_target = _has_target(scope) and len(target_groups) == len(by)
    return metrics.Facts(
        closed=ask(closing.closed_totals, scope, groups),
        won_amounts=ask(closing.won_amounts, scope, dated),
        won_cycles=ask(closing.won_cycles, scope, dated),
        created=ask(closing.created_totals, scope, groups),
        opened=ask(funnel.open_totals, scope, ("track",) if by == ("month",) else groups),
        target=ask(targets.target_totals, scope, target_groups) if has_target else None,
        has_rest=scope.as_of < scope.period.end,
        knows_creation=ask(organisation.knows_creation, None),
    )


def target(ask: Ask, scope: Scope) -> float | None:
    """The target of the overview alone."""
    return metrics.target_of(ask(targets.target_totals, scope, ()) if _has_target(scope) else None)


def _has_target(scope: Scope) -> bool:
    return not scope.asks_beyond_people_regions_months


def overview(ask: Ask, scope: Scope) -> dict[str, dict]:
    """The numbers of `report overview`: {"values": …, "by_track": {track: the numbers never pooled}}."""
    return metrics.overview(facts(ask, scope))


def overview_for_people(ask: Ask, scope: Scope) -> dict[str, dict]:
    """`overview`, with what only the page shows: in values pacing, pacing_basis, won_by_kind, and the keys of
    `after_the_win`; in values and by_track needed_coverage (none in values where several tracks occur)."""
    found = overview(ask, scope)
    needed = needed_coverage(ask, scope)
    pace, basis = pacing(ask, scope, found["values"]["attainment"])
    more = {
        "pacing": pace,
        "pacing_basis": basis,
        "needed_coverage": next(iter(needed.values())) if len(needed) == 1 else None,
        "won_by_kind": revenue_kinds(ask, scope),
        **after_the_win(ask, scope),
    }
    by_track = {track: values | {"needed_coverage": needed.get(track)} for track, values in found["by_track"].items()}
    return {"values": found["values"] | more, "by_track": by_track}


def year_to(scope: Scope) -> Scope:
    """The same question about the twelve months up to the as-of date."""
    return scope.but(period=Period(*periods.preset("trailing_12_months", scope.as_of)))


def needed_coverage(ask: Ask, scope: Scope) -> dict[str, float | None]:
    """1 ÷ win rate by value over the twelve months up to the as-of date, per track that occurs."""
    found = overview(ask, year_to(scope))["by_track"]
    return {track: metrics.needed_coverage(values["win_rate_amount"]) for track, values in found.items()}


def pacing(ask: Ask, scope: Scope, attainment: float | None) -> tuple[float | None, str]:
    """Attainment ÷ the share usually won by this day of the period; and what that share rests on."""
    span = scope.period.start, scope.period.end
    first_day = ask(organisation.calendar, None).first_day
    before = [days for days in periods.earlier(span, 8) if first_day is not None and days[0] >= first_day]
    gone = max((scope.flow_end - scope.period.start).days + 1, 0)
    if before:
        whole = scope.but(period=Period(before[-1][0], before[0][1]))
        by_day = ask(closing.won_by_day, whole)
    else:
        none = pd.Series(dtype="Int64")
        by_day = pd.DataFrame({"day": pd.Series(dtype="datetime64[s]"), "amount": none, "lacks_rate": none})
    return metrics.pacing(attainment, by_day, before, gone, scope.period.days)


def revenue_kinds(ask: Ask, scope: Scope) -> dict[str, float | None]:
    """Won amount by kind: new, upsell, cross_sell, renewal, and unknown where none is given."""
    closed = ask(closing.closed_totals, scope, ("kind",))
    won = closed[closed["outcome"] == "won"]
    kinds = won["kind"].fillna("unknown")
    return {kind: total(won[kinds == kind]) for kind in ("new", "upsell", "cross_sell", "renewal", "unknown")}


def after_the_win(ask: Ask, scope: Scope) -> dict[str, float | None]:
    """Collected cash of the period, and what stays of the year before: repeat purchases, GRR and NRR."""
    received = ask(revenue.receipts, scope).iloc[0]
    last_year = year_to(scope)
    ended = last_year.period.start - timedelta(days=1)
    year_before = last_year.but(period=Period(*periods.preset("trailing_12_months", ended)))
    gross, net = retention.retention(ask(revenue.contracts, scope, ended), ended, scope.as_of)
    return {
        "collected_amount": units(received["amount"]) if received["rows"] else None,
        "repeat_purchase_rate": retention.repeat_rate(
            ask(closing.accounts_won, year_before), ask(closing.accounts_won, last_year)
        ),
        "gross_retention": gross,
        "net_retention": net,
    }


def by_month(ask: Ask, scope: Scope, months: int = 13) -> pd.DataFrame:
    """One row per month, the last being the as-of month: the overview's numbers of that month alone.

    month (first day), is_partial (the as-of date lies before its end), and the keys of `overview` that a month
    has: flows of the month as they stand on the as-of date, stocks at its end. Numbers that are never pooled over
    tracks stand per track as well: win_rate_count_large, ….
    """
    latest = periods.preset("this_month", scope.as_of)
    spans = [*reversed(periods.earlier(latest, months - 1)), latest]
    whole = facts(ask, scope.but(period=Period(spans[0][0], latest[1])), ("month",))
    rows = []
    for days in spans:
        of_month = scope.but(period=Period(*days), as_of=min(days[1], scope.as_of))
        opened = ask(funnel.open_totals, of_month)
        found = metrics.overview(whole.in_month(days[0].toordinal(), opened, has_rest=days[1] > scope.as_of))
        of_tracks = {
            f"{key}_{track}": numbers[key] for track, numbers in found["by_track"].items() for key in metrics.PER_TRACK
        }
        row = found["values"] | of_tracks
        rows.append({"month": pd.Timestamp(days[0]), "is_partial": days[1] > scope.as_of, **row})
    return pd.DataFrame(rows).astype(dict.fromkeys(REPORTS["overview.values"], float))
