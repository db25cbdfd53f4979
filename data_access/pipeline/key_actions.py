"""Questions about the key actions of stages: what was done for open deals, and for those that closed."""

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.engine import as_named, per_group, read
from data_access.names import rep_name
from data_access.schema import account, activity, activity_day, key_action, opportunity, stage, stage_entry
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
            rep_name(open_.c.owner_id).label("owner"),
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
    return read(database, statement, {"done_on": "day"})


def first_stays(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (pipeline, track, stage, days, still_there) of first stays in stages that have key actions, by deals
    closed in the period or open as of the date: deals, how many."""
    as_of = scope.as_of.toordinal()
    everybody = sa.union_all(
        *(sa.select(each.c.opportunity_id, each.c.pipeline, each.c.track) for each in _closed_and_open(scope))
    ).subquery("everybody")
    goes_on = sa.case((stage_entry.c.left_day > as_of, 1), else_=0)
    days = sa.case((stage_entry.c.left_day > as_of, as_of), else_=stage_entry.c.left_day) - stage_entry.c.entered_day
    has_actions = sa.exists().where(
        key_action.c.pipeline == everybody.c.pipeline, key_action.c.stage == stage_entry.c.stage
    )
    groups = [everybody.c.pipeline, everybody.c.track, stage_entry.c.stage, days, goes_on]
    names = ("pipeline", "track", "stage", "days", "still_there")
    statement = (
        sa.select(*as_named(groups, names), sa.func.count().label("deals"))
        .select_from(everybody.join(stage_entry, stage_entry.c.opportunity_id == everybody.c.opportunity_id))
        .where(stage_entry.c.is_first, stage_entry.c.entered_day <= as_of, has_actions)
    )
    return read(database, per_group(statement, *groups))


def _closed_and_open(scope: Scope) -> tuple[sa.Subquery, sa.Subquery]:
    return deals.closed(scope), deals.open_on(scope)


def at_landmarks(database: sa.Engine, scope: Scope, landmarks: tuple[tuple[str, str, str, int], ...]) -> pd.DataFrame:
    """One row per (pipeline, track, stage, key action, is_done, outcome) of the deals closed in the period whose first
    stay in the stage lasted longer than its landmark: deals, how many.

    landmarks   pipeline, track, stage, days
    is_done     1 where the action was done for the deal from entering the stage up to that day of the stay
    position    of the action; stage_position of the stage
    """
    closed, stay = deals.closed(scope), stage_entry.c
    mark = _landmark(closed, landmarks)
    is_done = sa.exists().where(
        activity_day.c.activity_id == activity.c.activity_id,
        activity_day.c.opportunity_id == stay.opportunity_id,
        activity.c.key_action == key_action.c.key_action,
        activity_day.c.completed_day.between(stay.entered_day, stay.entered_day + mark),
    )
    rows = (
        sa.select(
            closed.c.pipeline,
            closed.c.track,
            stage.c.position.label("stage_position"),
            stay.stage,
            key_action.c.position,
            key_action.c.key_action,
            sa.case((is_done, 1), else_=0).label("is_done"),
            closed.c.outcome,
        )
        .select_from(
            closed.join(stage_entry, stay.opportunity_id == closed.c.opportunity_id)
            .join(key_action, sa.and_(key_action.c.pipeline == closed.c.pipeline, key_action.c.stage == stay.stage))
            .join(stage, sa.and_(stage.c.pipeline == key_action.c.pipeline, stage.c.stage == key_action.c.stage))
        )
        .where(stay.is_first, stay.entered_day <= closed.c.closed_day, stay.left_day - stay.entered_day > mark)
        .subquery("stays")
    )
    names = ("pipeline", "track", "stage", "key_action", "outcome", "stage_position", "position", "is_done")
    groups = [rows.c[name] for name in names]
    statement = sa.select(*groups, sa.func.count().label("deals"))
    return read(database, per_group(statement, *groups))


def _landmark(closed: sa.Subquery, landmarks: Sequence[tuple[str, str, str, int]]):
    """The days of the deal's pipeline and track and of the stage entered; empty: none."""
    found = [
        (sa.and_(closed.c.pipeline == pipeline, closed.c.track == track, stage_entry.c.stage == named), days)
        for pipeline, track, named, days in landmarks
    ]
    return sa.case(*found) if found else sa.cast(None, sa.Integer)


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
