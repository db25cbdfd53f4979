"""Questions about the open pipeline, the funnel and the time in stages."""

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data_access import deals, filters
from data_access.deal_sums import amount_sums, group_column, grouped
from data_access.engine import as_named, per_group, read
from data_access.schema import stage, stage_entry
from data_access.scope import Moment, Scope


def open_totals(
    database: sa.Engine, scope: Scope, by: Sequence[str] = ("track",), moments: Sequence[Moment] = ()
) -> pd.DataFrame:
    """One row per group of the deals open as of the date; of moments, as in `closing`, one per moment and group.

    deals, with_amount, amount, lacks_rate    at the as-of date's rate
    weighted               amount × the probability of the deal's stage, rounded per deal; minor units
    unweighted             deals with an amount but no probability: above 0, the weighted amount is no data
    closing_*              the first four again, of those expected to close in the rest of the period (from the
                           day after the as-of date; overdue deals are not in it)
    """
    opened = deals.open_on(scope, moments=filters.moments_table(moments) if moments else None)
    close = opened.c.expected_close_day
    if moments:
        by, is_in_rest = ("moment", *by), sa.and_(close >= opened.c.rest_day, close <= opened.c.end_day)
    else:
        is_in_rest = filters.in_rest(close, scope)
    in_rest = sa.case((is_in_rest, 1), else_=0)
    sums = (
        *amount_sums(opened),
        sa.func.coalesce(sa.func.sum(opened.c.weighted), 0).label("weighted"),
        sa.func.sum(opened.c.unweighted).label("unweighted"),
        sa.func.sum(in_rest).label("closing_deals"),
        sa.func.sum(in_rest * opened.c.has_amount).label("closing_with_amount"),
        sa.func.coalesce(sa.func.sum(in_rest * opened.c.amount), 0).label("closing_amount"),
        sa.func.sum(in_rest * opened.c.lacks_rate).label("closing_lacks_rate"),
    )
    return grouped(database, opened, by, sums)


def stages(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per stage of the pipelines in scope: pipeline, stage, position, kind, probability (billionths),
    target_days; in the order of position."""
    statement = sa.select(
        stage.c.pipeline, stage.c.stage, stage.c.position, stage.c.kind, stage.c.probability, stage.c.target_days
    ).order_by(stage.c.pipeline, stage.c.position, stage.c.stage)
    if scope.pipeline is not None:
        statement = statement.where(stage.c.pipeline == scope.pipeline)
    return read(database, statement)


def funnel_cohort(scope: Scope) -> sa.Subquery:
    """The funnel's population, one row per deal: created in the period and counted, with its furthest rank."""
    cohort = deals.created(scope)
    furthest = (
        sa.select(stage_entry.c.opportunity_id, sa.func.max(stage_entry.c.position).label("position"))
        .where(stage_entry.c.entered_day <= scope.as_of.toordinal())
        .group_by(stage_entry.c.opportunity_id)
        .subquery("furthest")
    )
    return (
        sa.select(cohort, sa.func.coalesce(furthest.c.position, cohort.c.position).label("furthest"))
        .select_from(cohort.outerjoin(furthest, furthest.c.opportunity_id == cohort.c.opportunity_id))
        .where(cohort.c.is_counted == 1)
        .subquery("cohort")
    )


def _entered(scope: Scope, cohort: sa.Subquery):
    """The cohort's stays in stages that began by the as-of date."""
    return cohort.join(
        stage_entry,
        sa.and_(
            stage_entry.c.opportunity_id == cohort.c.opportunity_id,
            stage_entry.c.entered_day <= scope.as_of.toordinal(),
        ),
    )


def reached(database: sa.Engine, scope: Scope, by: Sequence[str] = ()) -> pd.DataFrame:
    """One row per (pipeline, track, *by, outcome, stage, furthest) of the deals created in the period.

    outcome, stage     as of the date; stage is empty where it is not known
    furthest           the highest rank ever reached (K + 1: won; empty: none known)
    deals              how many
    latest             created_day of the youngest of them
    """
    cohort = funnel_cohort(scope)
    groups = [cohort.c[group_column(name)] for name in ("pipeline", "track", *by)]
    groups += [cohort.c.outcome, cohort.c.stage, cohort.c.furthest]
    names = ("pipeline", "track", *by, "outcome", "stage", "furthest")
    counts = (sa.func.count().label("deals"), sa.func.max(cohort.c.created_day).label("latest"))
    statement = sa.select(*as_named(groups, names), *counts)
    return read(database, per_group(statement, *groups))


def stage_visits(database: sa.Engine, scope: Scope, by: Sequence[str] = ()) -> pd.DataFrame:
    """One row per (pipeline, track, *by, stage) of the deals created in the period, first entries only.

    visited      deals that ever entered the stage. One without history has entered the stage it is in
    strict       … and every earlier stage before, first entries in order
    entered      deals with history that ever entered it
    advanced     … and later reached a higher rank
    undecided    … and have not, being still open at this rank or a lower one
    """
    cohort = funnel_cohort(scope)
    entry = stage_entry.c
    has_advanced = sa.func.coalesce(entry.advanced_day <= scope.as_of.toordinal(), sa.false())
    is_undecided = sa.and_(~has_advanced, cohort.c.outcome == "open", cohort.c.position <= entry.position)
    dimensions = ("pipeline", "track", *by)

    def columns_of(stage_column, visited, strict, entered, advanced, undecided):
        return (
            *(cohort.c[group_column(name)].label(name) for name in dimensions),
            stage_column.label("stage"),
            visited.label("visited"),
            strict.label("strict"),
            entered.label("entered"),
            advanced.label("advanced"),
            undecided.label("undecided"),
        )

    one, none = sa.literal(1), sa.literal(0)
    with_history = (
        sa.select(
            *columns_of(
                entry.stage,
                one,
                sa.case((entry.is_strict, 1), else_=0),
                one,
                sa.case((has_advanced, 1), else_=0),
                sa.case((is_undecided, 1), else_=0),
            )
        )
        .select_from(_entered(scope, cohort))
        .where(entry.is_first)
    )
    without_history = sa.select(
        *columns_of(cohort.c.stage, one, sa.case((cohort.c.position == 1, 1), else_=0), none, none, none)
    ).where(sa.not_(cohort.c.has_history), cohort.c.stage.is_not(None))
    visits = sa.union_all(with_history, without_history).subquery("visits")
    groups = [visits.c[name] for name in (*dimensions, "stage")]
    facts = ("visited", "strict", "entered", "advanced", "undecided")
    statement = sa.select(*groups, *(sa.func.sum(visits.c[name]).label(name) for name in facts))
    return read(database, per_group(statement, *groups))


def _stays(scope: Scope, cohort: sa.Subquery) -> sa.Subquery:
    """One row per deal and open stage: the days over all its stays up to the as-of date, and whether the last
    of them goes on."""
    as_of = scope.as_of.toordinal()
    entry = stage_entry.c
    goes_on = sa.case((entry.left_day > as_of, 1), else_=0)
    until = sa.case((entry.left_day > as_of, as_of), else_=entry.left_day)
    return (
        sa.select(
            cohort.c.opportunity_id,
            entry.stage,
            sa.func.sum(until - entry.entered_day).label("days"),
            sa.func.max(goes_on).label("still_there"),
        )
        .select_from(_entered(scope, cohort))
        .where(entry.outcome == "open")
        .group_by(cohort.c.opportunity_id, entry.stage)
        .subquery("stays")
    )


def stage_days(database: sa.Engine, scope: Scope, by: Sequence[str] = ()) -> pd.DataFrame:
    """One row per (pipeline, track, *by, stage, days, still_there) of the deals created in the period.

    days           whole days in the stage, summed over the deal's stays, up to the as-of date
    still_there    1: the deal is in the stage as of the date, so its stay is not over
    deals          how many. Deals without history have no time in stage
    """
    cohort = funnel_cohort(scope)
    stays = _stays(scope, cohort)
    groups = [cohort.c[group_column(name)] for name in ("pipeline", "track", *by)]
    groups += [stays.c.stage, stays.c.days, stays.c.still_there]
    names = ("pipeline", "track", *by, "stage", "days", "still_there")
    statement = sa.select(*as_named(groups, names), sa.func.count().label("deals")).select_from(
        cohort.join(stays, stays.c.opportunity_id == cohort.c.opportunity_id)
    )
    return read(database, per_group(statement, *groups))


def transitions(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (pipeline, track, from_stage, to_stage) of the deals created in the period.

    from_stage    empty: the creation
    entries       moves from one stage to the other, backward, skipping, closing and reopening ones included
    """
    cohort = funnel_cohort(scope)
    groups = [cohort.c.pipeline, cohort.c.track, stage_entry.c.previous_stage, stage_entry.c.stage]
    names = ("pipeline", "track", "from_stage", "to_stage")
    statement = sa.select(*as_named(groups, names), sa.func.count().label("entries")).select_from(
        _entered(scope, cohort)
    )
    return read(database, per_group(statement, *groups))
