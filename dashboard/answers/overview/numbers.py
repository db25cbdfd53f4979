"""The executive's numbers."""

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd

from dashboard.answers import Ask
from dashboard.metrics import periods
from dashboard.metrics.accounts import retention
from dashboard.metrics.amounts import Counted, units
from dashboard.metrics.definitions.reports import REPORTS
from dashboard.metrics.overview import numbers as metrics
from dashboard.metrics.revenue import by_kind as revenue_by_kind, net_won
from data_access import organisation
from data_access.accounts import revenue
from data_access.pipeline import closing, funnel, targets
from data_access.scope import Moment, Period, Scope


def facts(ask: Ask, scope: Scope, by: tuple[str, ...] = ()) -> metrics.Facts:
    """The additive facts of the overview, per track and per group `by`: without distributions in any group but a month,
    and by month without open deals, which stand on a day."""
    groups = ("track", *by)
    target_groups = tuple(name for name in by if name in ("region", "owner", "month"))
    has_target = _has_target(scope) and len(target_groups) == len(by)
    is_whole, of_months = not by, by == ("month",)
    return metrics.Facts(
        closed=ask(closing.closed_totals, scope, groups),
        won_amounts=ask(closing.won_amounts, scope, groups) if is_whole or of_months else _none("amount"),
        won_cycles=ask(closing.won_cycles, scope, groups) if is_whole or of_months else _none("cycle_days"),
        created=ask(closing.created_totals, scope, groups),
        opened=_none() if of_months else ask(funnel.open_totals, scope, groups),
        target=ask(targets.target_totals, scope, target_groups) if has_target else None,
        has_rest=scope.as_of < scope.period.end,
        knows_creation=ask(organisation.knows_creation, None),
    )


def _none(*columns: str) -> pd.DataFrame:
    """No rows, of nothing that was asked."""
    return pd.DataFrame({name: pd.Series(dtype="Int64") for name in ("track", *columns, "deals")})


def target(ask: Ask, scope: Scope) -> float | None:
    """The target of the overview alone."""
    return metrics.target_of(ask(targets.target_totals, scope, ()) if _has_target(scope) else None)


def _has_target(scope: Scope) -> bool:
    return not scope.asks_beyond_people_regions_months


def overview(ask: Ask, scope: Scope) -> dict[str, dict]:
    """The numbers of `report overview`: {"values": …, "by_track": {track: the numbers never pooled}}."""
    return metrics.overview(facts(ask, scope))


def counted(ask: Ask, scope: Scope, key: str) -> Counted | None:
    """Of how many deals a number of the cards is made, asked of nothing but what it is made of; None of another."""
    if key in ("won_amount", "win_rate_count"):
        closed = ask(closing.closed_totals, scope, ("track",))
        if key == "win_rate_count":
            return metrics.counted(closed, by_amount=False)
        return metrics.counted(closed[closed["outcome"] == "won"])
    if key == "pipeline_created_amount":
        knows_creation = ask(organisation.knows_creation, None)
        return metrics.counted(ask(closing.created_totals, scope, ("track",))) if knows_creation else None
    if key not in ("open_amount", "coverage"):
        return None
    opened = ask(funnel.open_totals, scope, ("track",))
    if key == "open_amount":
        return metrics.counted(opened)
    # What is left to win is no count of deals, and yet a part of what was asked for this number.
    ask(closing.closed_totals, scope, ("track",))
    target(ask, scope)
    return metrics.counted(opened, "closing_")


def facts_at(ask: Ask, scope: Scope, moments: tuple[Moment, ...]) -> list[metrics.Facts]:
    """The facts of the overview at several moments, each question asked once; what was closed stands per kind too."""
    frames = {
        "closed": _at(ask(closing.closed_totals, scope, ("track", "kind"), moments), moments),
        "won_amounts": _at(ask(closing.won_amounts, scope, ("track",), moments), moments),
        "won_cycles": _at(ask(closing.won_cycles, scope, ("track",), moments), moments),
        "created": _at(ask(closing.created_totals, scope, ("track",), moments), moments),
        "opened": _at(ask(funnel.open_totals, scope, ("track",), moments), moments),
        "target": [None] * len(moments),
    }
    if _has_target(scope):
        frames["target"] = _at(ask(targets.target_totals, scope, (), moments), moments)
    knows_creation = ask(organisation.knows_creation, None)
    return [
        metrics.Facts(
            **{name: frame[place] for name, frame in frames.items()},
            has_rest=moment.as_of < moment.end,
            knows_creation=knows_creation,
        )
        for place, moment in enumerate(moments)
    ]


def _at(found: pd.DataFrame, moments: Sequence[Moment]) -> list[pd.DataFrame]:
    """The rows of each moment."""
    return [found[found["moment"] == place].drop(columns="moment") for place in range(len(moments))]


def overview_for_people(ask: Ask, scope: Scope) -> dict[str, dict]:
    """`overviews_for_people` of the scope's own moment."""
    return overviews_for_people(ask, scope, (scope.moment,))[0]


def overviews_for_people(ask: Ask, scope: Scope, moments: tuple[Moment, ...]) -> list[dict[str, dict]]:
    """`overview` at each of these moments, with what only the page shows: in values pacing, pacing_basis, won_by_kind,
    net_won_amount, and the keys of `_after_the_win`; in values and by_track needed_coverage (none in values where
    several tracks occur).
    """
    facts = facts_at(ask, scope, (*moments, *(_year_to(moment) for moment in moments)))
    found = [metrics.overview(one) for one in facts]
    paces = _paces(ask, scope, moments, [one["values"]["attainment"] for one in found[: len(moments)]])
    afterwards = _after_the_win(ask, scope, moments)
    return [
        _for_people(*one)
        for one in zip(found, found[len(moments) :], facts[: len(moments)], paces, afterwards, strict=False)
    ]


def _for_people(found: dict, year: dict, facts: metrics.Facts, pace: tuple, afterwards: dict) -> dict[str, dict]:
    # 1 ÷ win rate by value over the twelve months up to the as-of date, per track that occurs.
    needed = {track: metrics.needed_coverage(values["win_rate_amount"]) for track, values in year["by_track"].items()}
    more = {
        "pacing": pace[0],
        "pacing_basis": pace[1],
        "needed_coverage": next(iter(needed.values())) if len(needed) == 1 else None,
        "won_by_kind": revenue_by_kind(facts.closed),
        "net_won_amount": net_won(facts.closed),
        **afterwards,
    }
    by_track = {track: values | {"needed_coverage": needed.get(track)} for track, values in found["by_track"].items()}
    return {"values": found["values"] | more, "by_track": by_track}


def year_to(scope: Scope) -> Scope:
    """The same question about the twelve months up to the as-of date."""
    start, end, as_of = _year_to(scope.moment)
    return scope.but(period=Period(start, end), as_of=as_of)


def _year_to(moment: Moment) -> Moment:
    return Moment(*periods.preset("trailing_12_months", moment.as_of), moment.as_of)


def _paces(
    ask: Ask, scope: Scope, moments: Sequence[Moment], attained: Sequence[float | None]
) -> list[tuple[float | None, str]]:
    """Attainment ÷ the share usually won by this day of the period; and what that share rests on."""
    first_day = ask(organisation.calendar, None).first_day
    before = [
        [days for days in periods.earlier((one.start, one.end), 8) if first_day is not None and days[0] >= first_day]
        for one in moments
    ]
    asked = {
        Moment(past[-1][0], past[0][1], one.as_of): None for one, past in zip(moments, before, strict=True) if past
    }
    none = pd.Series(dtype="Int64")
    nothing = pd.DataFrame({"day": pd.Series(dtype="datetime64[s]"), "amount": none, "lacks_rate": none})
    by_day = (
        dict(zip(asked, _at(ask(closing.won_by_day, scope, tuple(asked)), tuple(asked)), strict=True)) if asked else {}
    )
    found = []
    for one, past, attainment in zip(moments, before, attained, strict=True):
        gone = max((one.flow_end - one.start).days + 1, 0)
        won = by_day[Moment(past[-1][0], past[0][1], one.as_of)] if past else nothing
        found.append(metrics.pacing(attainment, won, past, gone, (one.end - one.start).days + 1))
    return found


def _after_the_win(ask: Ask, scope: Scope, moments: Sequence[Moment]) -> list[dict[str, float | None]]:
    """Collected cash of each period, and what stays of the year before: repeat purchases, GRR and NRR."""
    years = [_year_to(moment) for moment in moments]
    ended = [year.start - timedelta(days=1) for year in years]
    years_before = [
        Moment(*periods.preset("trailing_12_months", end), one.as_of) for end, one in zip(ended, moments, strict=True)
    ]
    won = ask(closing.accounts_won, scope, (*years_before, *years))
    received = ask(revenue.receipts, scope, tuple(moments))
    in_force = ask(revenue.contracts, scope, tuple(one.as_of for one in moments), min(ended))
    found = []
    for place, one in enumerate(moments):
        amount = received[place]
        gross, net = retention.retention(in_force[in_force["day"] == place], ended[place], one.as_of)
        found.append(
            {
                "collected_amount": None if amount is None else units(amount),
                "repeat_purchase_rate": retention.repeat_rate(won[place], won[len(moments) + place]),
                "gross_retention": gross,
                "net_retention": net,
            }
        )
    return found


def by_month(ask: Ask, scope: Scope, months: int = 13) -> pd.DataFrame:
    """One row per month, the last being the as-of month: the overview's numbers of that month alone.

    month (first day), is_partial (the as-of date lies before its end), and the keys of `overview` that a month
    has: flows of the month as they stand on the as-of date, stocks at its end. Numbers that are never pooled over
    tracks stand per track as well: win_rate_count_large, ….
    """
    latest = periods.preset("this_month", scope.as_of)
    spans = [*reversed(periods.earlier(latest, months - 1)), latest]
    whole = facts(ask, scope.but(period=Period(spans[0][0], latest[1])), ("month",))
    ends = tuple(Moment(*days, min(days[1], scope.as_of)) for days in spans)
    rows = []
    for days, opened in zip(spans, _at(ask(funnel.open_totals, scope, ("track",), ends), ends), strict=True):
        found = metrics.overview(whole.in_month(days[0].toordinal(), opened, has_rest=days[1] > scope.as_of))
        of_tracks = {
            f"{key}_{track}": numbers[key] for track, numbers in found["by_track"].items() for key in metrics.PER_TRACK
        }
        row = found["values"] | of_tracks
        rows.append({"month": pd.Timestamp(days[0]), "is_partial": days[1] > scope.as_of, **row})
    return pd.DataFrame(rows).astype(dict.fromkeys(REPORTS["overview.values"], float))
