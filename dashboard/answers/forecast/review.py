"""How well past forecasts did, and people's commits beside them."""

from datetime import date

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.forecast.outlook import forecast, looks
from dashboard.answers.overview.compared import labels_of, places_of
from dashboard.metrics.amounts import ratio, total, units
from dashboard.metrics.forecast import review as metrics
from data_access.forecast import commits as questions
from data_access.forecast import looks as forecasts
from data_access.scope import Period, Scope

MOST_COMMITS = 12  # the latest: each is scored beside a forecast of its own day


def calibration(ask: Ask, scope: Scope, weeks: int) -> pd.DataFrame:
    """See metrics.forecast_review.calibration; of one horizon, as they are never pooled."""
    return metrics.calibration(looks(ask, scope, 7 * weeks))


def errors_by(ask: Ask, scope: Scope, weeks: int, by: str) -> pd.DataFrame:
    """The back-test's errors by region (those right below the chosen one) or owner: key, label, and the columns of
    metrics.forecast_review.errors_by."""
    grouped = looks(ask, scope, 7 * weeks, by=(by,))
    if by == "region":
        places = places_of(ask, scope)
        grouped = [_in_places(look, places) for look in grouped]
    found = metrics.errors_by(looks(ask, scope, 7 * weeks), grouped, by)
    labels = labels_of(ask, scope, by)
    return found.assign(label=[labels.get(key, key) for key in found["key"]])


def _in_places(look, places: dict[str, str]):
    """A look with the compared regions in place of the offices."""
    frames = {
        name: getattr(look, name).assign(region=getattr(look, name)["region"].map(lambda one: places.get(one, one)))
        for name in ("standing", "won_so_far", "won")
    }
    return type(look)(look.period, look.day, company=look.company, **frames)


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
    wanted, found = subject(scope), ask(questions.commits, scope)
    if wanted is None or found.empty:
        return None
    same = [
        (_none(row.region_id), _none(row.rep_id)) == wanted
        and (row.from_on.date(), row.to_on.date()) == (scope.period.start, scope.period.end)
        for row in found.itertuples()
    ]
    held = found[same]
    return None if held.empty else held.assign(amount=held["amount"].map(units)).iloc[-1]


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
    amount, made = units(row.amount), forecast(ask, of_it).expected
    won = total(ask(forecasts.wins, of_it.but(as_of=end), ()))
    errors = [None if one is None or won is None else ratio(one - won, won) for one in (amount, made)]
    return amount, made, won, *errors
