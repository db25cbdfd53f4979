"""Questions about what deals are worth to us: the five answers about each."""

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.accounts.assessments import as_entered, of_subject
from data_access.engine import read
from data_access.filters import was_withdrawn
from data_access.schema import opening, opportunity_score
from data_access.scope import Scope

QUESTIONS = ("one_off_revenue", "quota_effect", "follow_on", "brand", "morale")
"""Short-term value is the first two, long-term the rest."""

ANSWERS = ("opportunity_id", "question", "score")


def latest_answers(scope: Scope) -> sa.Subquery:
    """One row per (opportunity_id, question): the latest answer as of the date, score 0–10."""
    s = opportunity_score.c
    place = sa.func.row_number().over(
        partition_by=(s.opportunity_id, s.question),
        order_by=[column.desc() for column in (s.assessed_on, *as_entered(opportunity_score))],
    )
    ranked = (
        sa.select(s.opportunity_id, s.question, s.score, place.label("place"))
        .where(s.assessed_on <= scope.as_of, ~was_withdrawn(opportunity_score))
        .subquery("ranked")
    )
    return sa.select(*(ranked.c[name] for name in ANSWERS)).where(ranked.c.place == 1).subquery("answers")


def answers(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (opportunity_id, question) of the deals open as of the date: the latest answer, score 0–10."""
    open_, latest = deals.open_on(scope), latest_answers(scope)
    statement = (
        sa.select(*(latest.c[name] for name in ANSWERS))
        .join(open_, open_.c.opportunity_id == latest.c.opportunity_id)
        .order_by(latest.c.opportunity_id, latest.c.question)
    )
    return read(database, statement)


def scores(database: sa.Engine, scope: Scope, opportunity_id: str) -> pd.DataFrame:
    """One row per answer about a deal up to the as-of date, as `assessments.of_subject`: question, score 0–10."""
    return of_subject(database, scope, opportunity_score, opportunity_id, ("question", "score"))


def judgements(database: sa.Engine, scope: Scope, opportunity_id: str) -> pd.DataFrame:
    """One row per opening of a deal up to the as-of date, as `assessments.of_subject`: position, territory,
    what_changed."""
    return of_subject(database, scope, opening, opportunity_id, ("position", "territory", "what_changed"))
