"""Open deals by value and opening, one deal's judgements, losses, key actions, stop-loss."""

import pandas as pd

from dashboard.answers.opportunities import openings as opened
from dashboard.answers.opportunities import stop_loss
from dashboard.answers.opportunities import worth as answers
from dashboard.answers.pipeline import key_actions as actions
from dashboard.answers.pipeline import losses as reasons
from data_access.scope import Scope

from .cache import ask, kept


def valued_deals(scope: Scope) -> pd.DataFrame:
    return kept(answers.valued, scope)


def opening_grid(scope: Scope) -> opened.Grid:
    return kept(opened.grid, scope)


def judged(scope: Scope, opportunity_id: str) -> answers.Judged:
    return answers.judged(ask, scope, opportunity_id)


def losses(scope: Scope) -> reasons.Losses:
    return kept(reasons.of_period, scope)


def key_actions(scope: Scope) -> actions.KeyActions:
    return kept(actions.key_actions_of, scope)


def stop_loss_candidates(scope: Scope) -> pd.DataFrame:
    return kept(stop_loss.candidates, scope)


def stop_loss_left_out(scope: Scope) -> dict[str, int]:
    return kept(stop_loss.left_out, scope)
