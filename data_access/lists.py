"""The deals behind a number, one row each. They come from the same selects as the number (`deals.py`,
`pipeline.py`), so a list always sums to its tile."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd
import sqlalchemy as sa

from data_access.data.gaps import GAPS
from data_access.pipeline.bridge import stock_day
from data_access.pipeline.funnel import funnel_cohort

from . import deals
from .engine import beside, per_group, read
from .errors import Refused
from .filters import in_regions, in_rest, is_next_step, is_one_of, valid_on
from .schema import account, activity, deal_span, opportunity, region, rep, stage, stage_entry
from .scope import Scope


def deal_list(
    database: sa.Engine,
    scope: Scope,
    what: str,
    pipeline: str | None = None,
    track: str | None = None,
    stage_name: str | None = None,
    rank: int | None = None,
    from_stage: str | None = None,
    region_ids: tuple[str | None, ...] = (),
    loss_reasons: tuple[str | None, ...] = (),
    competitors: tuple[str | None, ...] = (),
    opportunity_ids: tuple[str, ...] = (),
    lacks: tuple[str, ...] = (),
) -> pd.DataFrame:
    """One row per deal (per movement, for a bar of the bridge) behind a number, largest amount first.

    what        a list of BEHIND; what stands at a stage wants pipeline, track, and stage_name or rank, a transition
                from_stage (None: creation) and stage_name
    region_ids  only deals the number credits to exactly these regions (None: to no region), none below them
    loss_reasons, competitors, opportunity_ids     only deals with one of these (None: with none)
    lacks       only deals that lack one of these, by `gaps.GAPS` of the list
    amount      minor units of the base currency as the number counts it (signed, in a bar of the bridge)
    the rest    the deal as it stands as of the date; owner and region are those the number credits
    """
    behind = _behind(scope, what, _Mark(pipeline, track, stage_name, rank, from_stage), lacks)
    owner, place, account_, now = rep.alias("owner"), region.alias("place"), account, deal_span
    as_of = scope.as_of.toordinal()
    stage_now = sa.func.coalesce(now.c.stage, now.c.present_stage if scope.is_live else sa.null())
    is_open = now.c.outcome == "open"
    amount = behind.c.amount
    statement = (
        sa.select(
            behind.c.opportunity_id,
            sa.func.coalesce(opportunity.c.name, behind.c.opportunity_id).label("deal"),
            account_.c.name.label("account"),
            sa.func.coalesce(owner.c.name, behind.c.owner_id).label("owner"),
            sa.func.coalesce(place.c.name, behind.c.region_id).label("region"),
            behind.c.pipeline,
            behind.c.track,
            stage_now.label("stage"),
            now.c.outcome,
            amount,
            behind.c.weighted.label("weighted_amount"),
            now.c.created_day.label("created_on"),
            now.c.closed_day.label("closed_on"),
            now.c.expected_close_day.label("expected_close_on"),
            sa.case((is_open, as_of - now.c.created_day)).label("age_days"),
            stage.c.target_days,
            now.c.pushes,
        )
        .select_from(
            behind.join(opportunity, opportunity.c.opportunity_id == behind.c.opportunity_id)
            .outerjoin(
                now,
                sa.and_(
                    now.c.opportunity_id == behind.c.opportunity_id,
                    valid_on(now, scope.as_of),
                    in_regions(now.c.region_id, scope.but(regions=())),  # a deal that left is theirs to see no more
                ),
            )
            .outerjoin(account_, account_.c.account_id == opportunity.c.account_id)
            .outerjoin(owner, owner.c.rep_id == behind.c.owner_id)
            .outerjoin(place, place.c.region_id == behind.c.region_id)
            .outerjoin(stage, sa.and_(stage.c.pipeline == opportunity.c.pipeline, stage.c.stage == stage_now))
        )
        .order_by(sa.func.abs(sa.func.coalesce(amount, 0)).desc(), behind.c.opportunity_id, amount)
    )
    wanted = {behind.c.region_id: region_ids, behind.c.opportunity_id: opportunity_ids}
    of_losses = {opportunity.c.loss_reason: loss_reasons, opportunity.c.competitor: competitors}
    only = [is_one_of(column, values) for column, values in wanted.items() if values]
    statement = statement.where(*only, *(is_one_of(column, values) for column, values in of_losses.items() if values))
    found = read(database, statement, dict.fromkeys(("created_on", "closed_on", "expected_close_on"), "day"))
    # Joined here: where PostgreSQL takes the deals for few, it numbers all planned activities again for each of them.
    # One statement for both, since a page has several lists.
    keys = sa.select(behind.c.opportunity_id).where(*only)
    both = sa.union_all(_days_in_stage(scope.as_of, keys), _next_steps(scope.as_of, keys)).subquery("both")
    more = read(database, sa.select(both)).groupby("opportunity_id", as_index=False).first()
    open_ = found.loc[found["outcome"] == "open", "opportunity_id"]
    return beside(found, more[more["opportunity_id"].isin(open_)], "opportunity_id")


def _days_in_stage(as_of: date, keys: sa.Select) -> sa.Select:
    """Each of these deals' days in the open stage it is in, over all its stays there, as the stage's norm counts them:
    opportunity_id, days_in_stage, and the columns of `_next_steps`, empty. None without a history."""
    entry, day = stage_entry.c, as_of.toordinal()
    until = sa.case((entry.left_day > day, day), else_=entry.left_day)
    days = sa.cast(sa.func.sum(until - entry.entered_day), sa.Integer)
    empty = (sa.cast(sa.null(), sa.Date).label("next_step_on"), sa.cast(sa.null(), sa.Text).label("next_step_kind"))
    return (
        sa.select(entry.opportunity_id, days.label("days_in_stage"), *empty)
        .where(entry.outcome == "open", entry.entered_day <= day, entry.opportunity_id.in_(keys))
        .group_by(entry.opportunity_id, entry.stage)
        .having(sa.func.max(entry.left_day) > day)
    )


def _next_steps(as_of: date, keys: sa.Select) -> sa.Select:
    """Each of these deals' earliest activity of those planned, by the as-of date, for that day or later, neither done
    nor cancelled: opportunity_id, days_in_stage (empty), next_step_on, next_step_kind."""
    a = activity.c
    planned = (
        sa.select(
            a.opportunity_id,
            a.planned_on,
            a.kind,
            sa.func.row_number()
            .over(partition_by=a.opportunity_id, order_by=(a.planned_on, a.activity_id))
            .label("place"),
        )
        .where(is_next_step(as_of), a.opportunity_id.in_(keys))
        .subquery("planned")
    )
    columns = (planned.c.planned_on.label("next_step_on"), planned.c.kind.label("next_step_kind"))
    days = sa.cast(sa.null(), sa.Integer).label("days_in_stage")
    return sa.select(planned.c.opportunity_id, days, *columns).where(planned.c.place == 1)


@dataclass(frozen=True)
class _Mark:
    """The part of a number whose deals are wanted."""

    pipeline: str | None = None
    track: str | None = None
    stage_name: str | None = None
    rank: int | None = None
    from_stage: str | None = None


WHOLE = _Mark()
"""The whole of a number, for `BEHIND`."""


def lacking(database: sa.Engine, scope: Scope, what: str) -> pd.DataFrame:
    """One row per set of gaps that deals behind a number have in common: a column per gap of `gaps.GAPS` (1 or 0), and
    how many deals they are. Sums of them are what `deal_list` lists as lacking one of some."""
    rows, *conditions = BEHIND[what](scope, WHOLE)
    flags = [sa.case((gap(rows, scope), 1), else_=0).label(name) for name, gap in GAPS[what].items()]
    of_each = sa.select(*flags).where(*conditions).subquery("of_each")
    return read(database, per_group(sa.select(*of_each.c, sa.func.count().label("deals")), *of_each.c))


def _behind(scope: Scope, what: str, mark: _Mark, lacks: tuple[str, ...]) -> sa.Subquery:
    """The deals a number counts: opportunity_id, pipeline, track, owner_id, region_id, amount, weighted."""
    if what not in BEHIND:
        raise Refused(f"There is no list of deals called {what!r}. Lists are {', '.join(BEHIND)}.")
    rows, *conditions = BEHIND[what](scope, mark)
    if lacks:
        conditions.append(sa.or_(*(GAPS[what][gap](rows, scope) for gap in lacks)))
    weighted = rows.c.weighted if "weighted" in rows.c else sa.cast(sa.null(), sa.BigInteger)
    names = ("opportunity_id", "pipeline", "track", "owner_id", "region_id", "amount")
    return (
        sa.select(*(rows.c[name] for name in names), weighted.label("weighted"))
        .where(*conditions, *_narrow(rows, pipeline=mark.pipeline, track=mark.track))
        .subquery("behind")
    )


def _narrow(rows: sa.Subquery, **wanted: str | int | None) -> list:
    return [rows.c[name] == value for name, value in wanted.items() if value is not None]


def _open(scope: Scope, mark: _Mark) -> tuple:
    rows = deals.open_on(scope)
    return rows, *_narrow(rows, stage=mark.stage_name)


def _coverage(scope: Scope, mark: _Mark) -> tuple:
    rows, *at_stage = _open(scope, mark)
    return rows, in_rest(rows.c.expected_close_day, scope), *at_stage


def _closed(scope: Scope, _mark: _Mark, outcome: str | None = None) -> tuple:
    rows = deals.closed(scope)
    return rows, *_narrow(rows, outcome=outcome)


def _created(scope: Scope, _mark: _Mark, is_counted: int | None = None) -> tuple:
    rows = deals.created(scope)
    return rows, *_narrow(rows, is_counted=is_counted)


def _cohort(scope: Scope, _mark: _Mark, outcome: str) -> tuple:
    """What became of the funnel's deals."""
    rows = funnel_cohort(scope)
    return rows, rows.c.outcome == outcome


def _stock(scope: Scope, _mark: _Mark, side: str) -> tuple:
    return (deals.open_on(scope, stock_day(scope, side), rates_of=scope.flow_end),)


def _movement(scope: Scope, _mark: _Mark, bar: str) -> tuple:
    rows = deals.movements(scope)
    return rows, rows.c.bar == bar


def _moves(scope: Scope, mark: _Mark) -> tuple:
    """The cohort's entries into a stage from another, as `pipeline.transitions` counts them: a deal that made
    the move twice stands here twice."""
    if mark.stage_name is None:
        raise Refused("The deals behind 'transition' are those that moved to one stage, and none is named.")
    cohort = funnel_cohort(scope)
    entry = stage_entry.c
    came_from = entry.previous_stage.is_(None) if mark.from_stage is None else entry.previous_stage == mark.from_stage
    made = sa.and_(
        entry.opportunity_id == cohort.c.opportunity_id,
        entry.entered_day <= scope.as_of.toordinal(),
        entry.stage == mark.stage_name,
        came_from,
    )
    return (sa.select(cohort).select_from(cohort.join(stage_entry, made)).subquery("moves"),)


def _at_stage(scope: Scope, mark: _Mark, reading: str) -> tuple:
    """The cohort's deals that a funnel reading counts at a stage, by the same conditions as the counts."""
    if mark.stage_name is None and mark.rank is None:
        raise Refused(f"The deals behind {reading!r} are those of one stage, and none is named.")
    cohort = funnel_cohort(scope)
    if reading == "in_stage_now":
        return cohort, cohort.c.stage == mark.stage_name
    if reading == "reached_at_least":
        return cohort, cohort.c.furthest >= mark.rank
    as_of = scope.as_of.toordinal()
    entry = stage_entry.c
    has_advanced = sa.func.coalesce(entry.advanced_day <= as_of, sa.false())
    still_there = sa.and_(cohort.c.outcome == "open", cohort.c.position <= entry.position)
    more: dict[str, list[sa.ColumnElement[bool]]] = {
        "strict_path": [entry.is_strict],
        "step_advanced": [has_advanced],
        "step_undecided": [~has_advanced, still_there],
        # What is neither advanced nor undecided; a case, since the position of a closed deal may be unknown.
        "step_lost": [~has_advanced, sa.case((still_there, 0), else_=1) == 1],
    }
    entered = sa.exists().where(
        entry.opportunity_id == cohort.c.opportunity_id,
        entry.stage == mark.stage_name,
        entry.is_first,
        entry.entered_day <= as_of,
        *more.get(reading, []),
    )
    is_there = sa.and_(sa.not_(cohort.c.has_history), cohort.c.stage == mark.stage_name)
    if reading == "strict_path":
        is_there = sa.and_(is_there, cohort.c.position == 1)
    counts = entered if reading.startswith("step") else sa.or_(entered, is_there)
    return cohort, counts


BEHIND: dict[str, Callable[[Scope, _Mark], tuple]] = {
    "open": _open,
    "coverage": _coverage,
    "won": partial(_closed, outcome="won"),
    "lost": partial(_closed, outcome="lost"),
    "closed": _closed,
    "created": partial(_created, is_counted=1),
    "pipeline_created": _created,
    "opening": partial(_stock, side="opening"),
    "closing": partial(_stock, side="closing"),
    # The bars of the bridge; three of them mean something else without it.
    **{f"{bar}_bar": partial(_movement, bar=bar) for bar in ("created", "won", "lost")},
    **{
        bar: partial(_movement, bar=bar)
        for bar in ("reopened", "amount_up", "amount_down", "moved_in", "moved_out", "left_out", "removed")
    },
    # The funnel's deals: at a stage, what became of them, and how they moved.
    **{
        reading: partial(_at_stage, reading=reading)
        for reading in (
            *("in_stage_now", "visited", "strict_path", "reached_at_least"),
            *("step_entered", "step_advanced", "step_undecided", "step_lost"),
        )
    },
    "cohort_lost": partial(_cohort, outcome="lost"),
    "cohort_undecided": partial(_cohort, outcome="open"),
    "transition": _moves,
}
"""Every list by the name that `Definition.opens` gives it: the rows, and the conditions that hold for those counted."""
