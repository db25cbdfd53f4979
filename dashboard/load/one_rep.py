"""One rep."""

from datetime import date

import pandas as pd

from dashboard.answers.reps import one_rep as answers
from data_access.pipeline import funnel
from data_access.scope import Scope

from .cache import ask, kept


def rep(scope: Scope, rep_id: str) -> pd.Series:
    return answers.facts(ask, scope, rep_id)


def rep_target(scope: Scope, rep_id: str) -> dict:
    return kept(answers.target, answers.of_rep(scope, rep_id), rep_id)


def rep_attained(scope: Scope, rep_id: str) -> answers.Attained:
    return kept(answers.attained, answers.of_rep(scope, rep_id), rep_id)


def rep_accounts(scope: Scope, rep_id: str) -> pd.DataFrame:
    return kept(answers.owned_accounts, answers.of_rep(scope, rep_id), rep_id)


def rep_calendar(scope: Scope, rep_id: str) -> pd.DataFrame:
    return kept(answers.calendar, answers.of_rep(scope, rep_id), rep_id)


def rep_day(scope: Scope, rep_id: str, day: date) -> pd.DataFrame:
    return answers.day_activities(ask, scope, rep_id, day)


def rep_profile(scope: Scope, rep_id: str) -> answers.Profile:
    return kept(answers.profile, answers.of_rep(scope, rep_id), rep_id)


def rep_soft_scores(scope: Scope, rep_id: str) -> pd.DataFrame:
    return answers.soft_scores(ask, scope, rep_id)


def rep_best_matching(scope: Scope, rep_id: str) -> tuple[tuple[str, ...], pd.DataFrame]:
    return kept(answers.best_matching, answers.of_rep(scope, rep_id), rep_id)


def stage_positions(scope: Scope) -> dict[tuple[str, str], int]:
    """(pipeline, stage) -> its position."""
    stages = ask(funnel.stages, scope)
    return {(row.pipeline, row.stage): int(row.position) for row in stages.itertuples(index=False)}
