"""The forecast, how well it did, and people's commits."""

import pandas as pd

from dashboard.answers.forecast import outlook as forecasts
from dashboard.answers.forecast import review as reviews
from dashboard.metrics.amounts import MINOR_UNITS
from dashboard.metrics.forecast.outlook import Forecast
from data_access.engine import database_url, for_pages
from data_access.forecast import commits
from data_access.pipeline import closing
from data_access.scope import Scope

from .cache import ask, kept, now


def forecast(scope: Scope) -> Forecast:
    return kept(forecasts.forecast, scope)


def forecast_tests(scope: Scope) -> dict[int, pd.DataFrame]:
    return kept(forecasts.back_tests, scope)


def forecast_calibration(scope: Scope, weeks: int) -> pd.DataFrame:
    return kept(reviews.calibration, scope, weeks)


def forecast_errors_by(scope: Scope, weeks: int, by: str) -> pd.DataFrame:
    return kept(reviews.errors_by, scope, weeks, by)


def won_by_day(scope: Scope) -> pd.DataFrame:
    return ask(closing.won_by_day, scope)


def held_commit(scope: Scope) -> pd.Series | None:
    return kept(reviews.held_commit, scope)


def scored_commits(scope: Scope) -> pd.DataFrame:
    return kept(reviews.scored_commits, scope)


def commit(scope: Scope, amount: float) -> int:
    """Commits, as the person of the scope, to an amount (units) for what it looks at; gives the commit's id."""
    region_id, rep_id = reviews.subject(scope)
    return commits.commit(
        for_pages(database_url()), scope.person, scope.period, round(amount * MINOR_UNITS),
        region_id=region_id, rep_id=rep_id, at=now(),
    )  # fmt: skip


def withdraw_commit(scope: Scope, commit_id: int) -> None:
    commits.withdraw(for_pages(database_url()), scope.person, commit_id, at=now())
