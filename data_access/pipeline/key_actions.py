"""Questions about the key actions of stages: what was done for open deals, and for those that closed."""

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.engine import read
from data_access.schema import account, activity, activity_day, key_action, opportunity, rep, stage, stage_entry
from data_access.scope import Scope


def of_open_deals(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (deal open as of the date, key action of the stage it is in), the largest deal first, in the
    order of the actions: opportunity_id, deal, account, owner, pipeline, track, stage, stage_position, key_action,
    position; amount (minor units of the base currency); done_on (the first time it was done for the deal, in whatever
    stage; empty: not by the as-of date)."""
    open_ = deals.open_on(scope)
    done = _done(scope)
    statement = (
        sa.select(
            open_.c.opportunity_id,
            sa.func.coalesce(opportunity.c.name, open_.c.opportunity_id).label("deal"),
            account.c.name.label("account"),
            sa.func.coalesce(rep.c.name, open_.c.owner_id).label("owner"),
            open_.c.pipeline,
            open_.c.track,
            open_.c.stage,
            open_.c.position.label("stage_position"),
            key_action.c.key_action,
            key_action.c.position,
            open_.c.amount,
            done.c.day.label("done_on"),
        )
        .select_from(
            open_.join(opportunity, opportunity.c.opportunity_id == open_.c.opportunity_id)
            .join(
                key_action, sa.and_(key_action.c.pipeline == open_.c.pipeline, key_action.c.stage == open_.c.stage)
            )
            .outerjoin(account, account.c.account_id == opportunity.c.account_id)
            .outerjoin(rep, rep.c.rep_id == open_.c.owner_id)
            .outerjoin(
                done,
                sa.and_(
                    done.c.opportunity_id == open_.c.opportunity_id, done.c.key_action == key_action.c.key_action
                ),
            )
        )
        .order_by(
            sa.func.coalesce(open_.c.amount, 0).desc(), open_.c.opportunity_id, key_action.c.position,
            key_action.c.key_action,
        )
    )  # fmt: skip
    names = dict.fromkeys(("opportunity_id", "deal", "account", "owner", "pipeline", "track", "stage"), "object")
    rest = {"stage_position": "Int64", "key_action": "object", "position": "Int64", "amount": "Int64"}
    return read(database, statement, names | rest | {"done_on": "day"})


def of_closed_deals(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (pipeline, track, stage, key action, is_done, outcome) of the deals closed in the period that ever
    entered the stage, deals without history aside: deals, how many.

    is_done     1 where the action was done for the deal by its closing day, in whatever stage
    position    of the action; stage_position of the stage
    """
    closed, done = deals.closed(scope), _done(scope)
    is_done = sa.case((done.c.day <= closed.c.closed_day, 1), else_=0)
    groups = {
        "pipeline": (closed.c.pipeline, "object"),
        "track": (closed.c.track, "object"),
        "stage_position": (stage.c.position, "Int64"),
        "stage": (key_action.c.stage, "object"),
        "position": (key_action.c.position, "Int64"),
        "key_action": (key_action.c.key_action, "object"),
        "is_done": (is_done, "Int64"),
        "outcome": (closed.c.outcome, "object"),
    }
    columns = [column for column, _dtype in groups.values()]
    named = [column.label(name) for name, (column, _dtype) in groups.items()]
    entered = sa.and_(  # one row per deal and stage
        stage_entry.c.opportunity_id == closed.c.opportunity_id,
        stage_entry.c.is_first,
        stage_entry.c.entered_day <= closed.c.closed_day,
    )
    statement = (
        sa.select(*named, sa.func.count().label("deals"))
        .select_from(
            closed.join(stage_entry, entered)
            .join(
                key_action,
                sa.and_(key_action.c.pipeline == closed.c.pipeline, key_action.c.stage == stage_entry.c.stage),
            )
            .join(stage, sa.and_(stage.c.pipeline == key_action.c.pipeline, stage.c.stage == key_action.c.stage))
            .outerjoin(
                done,
                sa.and_(done.c.opportunity_id == closed.c.opportunity_id, done.c.key_action == key_action.c.key_action),
            )
        )
        .group_by(*columns)
        .order_by(*columns)
    )
    return read(database, statement, {name: dtype for name, (_column, dtype) in groups.items()} | {"deals": "Int64"})


def _done(scope: Scope) -> sa.Subquery:
    """One row per (opportunity_id, key_action) done by the as-of date: day, that of the first time."""
    return (
        sa.select(
            activity_day.c.opportunity_id,
            activity.c.key_action,
            sa.func.min(activity_day.c.completed_day).label("day"),
        )
        .select_from(activity_day.join(activity, activity.c.activity_id == activity_day.c.activity_id))
        .where(
            activity.c.key_action.is_not(None),
            activity_day.c.opportunity_id.is_not(None),
            activity_day.c.completed_day <= scope.as_of.toordinal(),
        )
        .group_by(activity_day.c.opportunity_id, activity.c.key_action)
        .subquery("done")
    )
