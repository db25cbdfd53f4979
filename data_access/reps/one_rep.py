"""Questions about one rep. Each refuses a rep posted outside the person's regions today; the region filter and all
other filters of a scope change nothing here."""

import pandas as pd
import sqlalchemy as sa

from data_access.accounts.one_account import as_entered
from data_access.engine import read, reading
from data_access.filters import valid_on, was_withdrawn
from data_access.names import region_name, rep_name
from data_access.permitted import must_see
from data_access.schema import rep, rep_posting, rep_score
from data_access.scope import Scope


def read_of(database: sa.Engine, scope: Scope, rep_id: str, statement: sa.Select) -> pd.DataFrame:
    """The rows of a question about a rep, if the person may see them."""
    with reading(database) as connection:
        must_see(connection, scope.person, "rep_id", rep_id)
    return read(database, statement)


def facts(database: sa.Engine, scope: Scope, rep_id: str) -> pd.DataFrame:
    """One row: the rep as of the date: rep_id, rep (the name), region_id, region, manager (names, else ids), hired_on,
    left_on (empty for who leaves after the as-of date)."""
    statement = (
        sa.select(
            rep.c.rep_id,
            rep.c.name.label("rep"),
            rep_posting.c.region_id,
            region_name(rep_posting.c.region_id).label("region"),
            rep_name(rep_posting.c.manager_id).label("manager"),
            rep.c.hired_on,
            sa.case((rep.c.left_on <= scope.as_of, rep.c.left_on)).label("left_on"),
        )
        .select_from(
            rep.join(rep_posting, sa.and_(rep_posting.c.rep_id == rep.c.rep_id, valid_on(rep_posting, scope.as_of)))
        )
        .where(rep.c.rep_id == rep_id)
    )
    return read_of(database, scope, rep_id, statement)


def soft_scores(database: sa.Engine, scope: Scope, rep_id: str) -> pd.DataFrame:
    """One row per assessment of a soft metric up to the as-of date, in the order in which they hold: metric,
    score 0–10, assessed_on, assessed_by (a rep's name, else as it was written), and who entered it (empty where
    imported): entry_id, entered_by, entered_at, is_withdrawn."""
    s = rep_score.c
    statement = (
        sa.select(
            s.metric,
            s.score,
            s.assessed_on,
            rep_name(s.assessed_by).label("assessed_by"),
            s.entry_id,
            s.entered_by,
            s.entered_at,
            sa.case((was_withdrawn(rep_score), 1), else_=0).label("is_withdrawn"),
        )
        .where(s.rep_id == rep_id, s.assessed_on <= scope.as_of)
        .order_by(s.assessed_on, *as_entered(rep_score), s.metric)
    )
    found = read_of(database, scope, rep_id, statement)
    return found.assign(is_withdrawn=found["is_withdrawn"] == 1)


def latest_soft_scores(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per rep and soft metric of the whole company, by the assessment that holds on the as-of date: rep_id,
    metric, score. For the medians of peers."""
    s = rep_score.c
    order = [column.desc() for column in (s.assessed_on, *as_entered(rep_score))]
    place = sa.func.row_number().over(partition_by=(s.rep_id, s.metric), order_by=order).label("place")
    ranked = (
        sa.select(s.rep_id, s.metric, s.score, place)
        .where(s.assessed_on <= scope.as_of, ~was_withdrawn(rep_score))
        .subquery("ranked")
    )
    statement = (
        sa.select(ranked.c.rep_id, ranked.c.metric, ranked.c.score)
        .where(ranked.c.place == 1)
        .order_by(ranked.c.rep_id, ranked.c.metric)
    )
    return read(database, statement)
