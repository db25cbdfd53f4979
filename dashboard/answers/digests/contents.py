"""What a digest tells: the numbers of pages, for one person, about a period that is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.attention import handovers, leaks
from dashboard.answers.attention.leaks import Lines
from dashboard.answers.overview import numbers
from dashboard.answers.overview.compared import labels_of
from dashboard.answers.pipeline.deals import deals
from dashboard.metrics import periods, revenue
from data_access import organisation
from data_access.pipeline import closing
from data_access.reps import activities
from data_access.scope import Period, Scope

Cadence = Literal["daily", "weekly", "monthly", "quarterly"]
PERIODS: dict[Cadence, str] = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter"}


@dataclass(frozen=True)
class Digest:
    """What a digest tells.

    scope, before       what it is about, and the like for like period before, as of which the last one was
    now, earlier        the numbers of the overview in both (`overviews_for_people`, without those of tracks)
    quarter             the same of the running fiscal quarter as of the same day, in `in_quarter`
    months              won by month (`numbers.by_month`)
    reps                month to date, by who won: rep, and the columns of `metrics.revenue.by_owner`
    activity            activities_added and completed, each with its number in the period before; None: not known
    won                 the deals won (`answers.pipeline.deals`)
    lines               what asks for attention, and what changed in it since the last one
    """

    cadence: Cadence
    scope: Scope
    before: Scope
    now: Mapping[str, Any]
    earlier: Mapping[str, Any]
    in_quarter: Scope
    quarter: Mapping[str, Any]
    months: pd.DataFrame
    reps: pd.DataFrame
    activity: Mapping[str, tuple[int | None, int | None]]
    won: pd.DataFrame
    lines: Lines


def digest(ask: Ask, scope: Scope, cadence: Cadence) -> Digest:
    """The digest of the period of the scope."""
    period, day = periods.like_for_like((scope.period.start, scope.period.end), scope.as_of)
    before = scope.but(period=Period(*period), as_of=day)
    start_month = ask(organisation.calendar, None).fiscal_year_start_month
    in_quarter = scope.but(period=Period(*periods.preset("this_quarter", scope.as_of, start_month)))
    moments = (scope.moment, before.moment, in_quarter.moment)
    now, earlier, quarter = (one["values"] for one in numbers.overviews_for_people(ask, scope, moments))
    listed = handovers.listed(ask, scope)
    return Digest(
        cadence=cadence,
        scope=scope,
        before=before,
        now=now,
        earlier=earlier,
        in_quarter=in_quarter,
        quarter=quarter,
        months=numbers.by_month(ask, scope),
        reps=reps(ask, month_to_date(scope)),
        activity=activity(ask, scope, before),
        won=deals(ask, scope, "won", norms={}),  # nobody asks a won deal how long it stood
        lines=leaks.lines(listed.leaks, leaks.lines_on(ask, scope, before.as_of), listed.waiting),
    )


def month_to_date(scope: Scope) -> Scope:
    """The same in the month of the as-of date."""
    return scope.but(period=Period(*periods.preset("this_month", scope.as_of)))


def reps(ask: Ask, scope: Scope) -> pd.DataFrame:
    """Who won what in the period: rep (name; empty: nobody owned it), and the columns of `metrics.revenue.by_owner`."""
    found = revenue.by_owner(ask(closing.closed_totals, scope, ("owner", "kind")))
    names = labels_of(ask, scope, "owner")
    return found.assign(rep=[None if pd.isna(owner) else names.get(owner, owner) for owner in found["owner"]])


def activity(ask: Ask, scope: Scope, before: Scope) -> dict[str, tuple[int | None, int | None]]:
    """What was added and done in both periods; None where nobody knows."""
    found: dict[str, tuple[int | None, int | None]] = dict.fromkeys(("activities_added", "completed"), (None, None))
    if ask(activities.entry_days_are_recorded, scope):
        now, then = (ask(activities.added_totals, one, ()) for one in (scope, before))
        found["activities_added"] = int(now["added"].iloc[0]), int(then["added"].iloc[0])
    if ask(activities.activities_are_recorded, scope):
        now, then = (ask(activities.completed_totals, one, ()) for one in (scope, before))
        found["completed"] = int(now["completed"].iloc[0]), int(then["completed"].iloc[0])
    return found
