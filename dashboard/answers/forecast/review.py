"""How well past forecasts did, and people's commits beside them."""

from datetime import date

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.forecast.outlook import course, courses, forecast
from dashboard.answers.overview.compared import labels_of
from dashboard.answers.regions import Level, level
from dashboard.metrics.amounts import ratio, total, units
from dashboard.metrics.forecast import review as metrics
from dashboard.metrics.forecast.outlook import Course
from data_access.forecast import commits as questions, looks as forecasts
from data_access.scope import Period, Scope

MOST_COMMITS = 12  # the latest: each is scored beside a forecast of its own day


def calibration(ask: Ask, scope: Scope, weeks: int) -> pd.DataFrame:
    """See metrics.forecast_review.calibration; of one horizon, as they are never pooled."""
    return metrics.calibration(courses(ask, scope)[weeks])


def errors_by(ask: Ask, scope: Scope, weeks: int, by: str) -> pd.DataFrame:
    """The back-test's errors by region (those right below the chosen one) or owner: key, label, and the columns of
    metrics.forecast_review.errors_by."""
    grouped = course(ask, scope, 7 * weeks, (by,))
    if by == "region":
        grouped = placed(grouped, level(ask, scope))
    found = metrics.errors_by(courses(ask, scope)[weeks], grouped, by)
    labels = labels_of(ask, scope, by)
    return found.assign(label=[labels.get(key, key) for key in found["key"]])


def placed(grouped: Course, regions: Level) -> Course:
    """The looks and periods with the compared regions in place of the offices."""
    return grouped.each(lambda frame: frame.assign(region=regions.of(frame["region"])))


def subject(scope: Scope) -> tuple[str | None, str | None] | None:
    """Whom a commit under these filters would be for: (region, None), (None, rep), or both None: the whole company.
    None: nobody's, since a commit knows a region or a rep and nothing else."""
    regions = scope.regions or scope.person.regions or ()
    if scope.asks_beyond_people_regions_months or (scope.owner is None and len(regions) > 1):
        return None
    return (None, scope.owner) if scope.owner else (regions[0] if regions else None, None)


def held_commit(ask: Ask, scope: Scope) -> pd.Series | None:
    """The commit that holds for what is looked at and its period: a row of `data_access.forecast.commits.commits`,
    amount in units; None: nobody committed."""
    wanted = subject(scope)
    held = None if wanted is None else held_commits(ask, scope).get(wanted)
    return None if held is None else pd.Series(dict(held) | {"amount": units(held["amount"])})


def held_commits(ask: Ask, scope: Scope) -> dict[tuple[str | None, str | None], dict]:
    """The commits that hold for the period, of all in scope, by whose they are (as `subject` says it): rows of
    `data_access.forecast.commits.commits`."""
    found = ask(questions.commits, scope)
    of_period = found["from_on"].eq(pd.Timestamp(scope.period.start)) & found["to_on"].eq(
        pd.Timestamp(scope.period.end)
    )
    return {
        (_none(row["region_id"]), _none(row["rep_id"])): row  # the last one of each
        for row in found[of_period].to_dict("records")
    }


def _none(value) -> str | None:
    return None if pd.isna(value) else value


def scored_commits(ask: Ask, scope: Scope) -> pd.DataFrame:
    """The commits of periods that ended by the as-of date, the latest first, each beside what the forecast said on its
    day: region, rep, from_on, to_on, committed_by, committed_at, amount, forecast (empty: none could be made), won (as
    of the period's end), error_share and forecast_error_share ((amount − won) ÷ won)."""
    found = ask(questions.commits, scope)
    found = found[found["to_on"].dt.date <= scope.as_of].iloc[::-1].head(MOST_COMMITS).reset_index(drop=True)
    rows = [_scored(ask, scope, row) for row in found.itertuples()]
    numbers = pd.DataFrame(
        rows, columns=["amount", "forecast", "won", "error_share", "forecast_error_share"], dtype=float
    )
    return pd.concat([found.drop(columns="amount"), numbers], axis=1)


def _scored(ask: Ask, scope: Scope, row) -> tuple:
    end: date = row.to_on.date()
    of_it = Scope(
        scope.person,
        Period(row.from_on.date(), end),
        row.committed_at.date(),
        scope.last_day,
        regions=() if pd.isna(row.region_id) else (row.region_id,),
        owner=_none(row.rep_id),
    )
    amount, made = units(row.amount), forecast(ask, of_it, alone=True).expected
    won = total(ask(forecasts.wins, of_it, (of_it.but(as_of=end).moment,)))
    errors = [None if one is None or won is None else ratio(one - won, won) for one in (amount, made)]
    return amount, made, won, *errors
