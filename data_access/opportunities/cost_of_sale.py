"""What selling a deal has cost so far: support hours × the person's hourly cost, activities × their kind's cost."""

from datetime import datetime, time, timedelta

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.engine import per_group, read
from data_access.filters import is_booked_by, is_left_out_loss
from data_access.money import cost_of_hours, cost_of_minutes, exact_hours, weighted_signed
from data_access.names import region_name, rep_name
from data_access.schema import activity, activity_cost, opportunity, support_booking, support_person
from data_access.scope import Scope


def open_deals(database: sa.Engine, scope: Scope, opportunity_ids: tuple[str, ...] = ()) -> pd.DataFrame:
    """One row per deal open on the as-of date (of these, where any are named), in the order of their keys.

    opportunity_id, deal (its name, else its key), owner_id, owner, region_id, region    as of the date
    support_hours       millionths of hours booked in weeks whose Monday is the as-of date or earlier
    support_cost        minor units: each booking's hours × the person's hourly cost, rounded half up
    activities          completed by the as-of date
    activity_cost       minor units: each activity's minutes (else the usual minutes of its kind) ÷ 60 × its kind's
                        hourly cost, both as valid on the day it was completed, rounded half up
    without_cost        bookings and activities whose cost nobody knows; they are not in the sums
    gross_margin        minor units of the base currency at the as-of rate; empty without one, or without a rate
    probability         of the stage it is in, in billionths; empty where unknown
    expected_margin     gross_margin × probability, rounded half up by its size
    """
    opened = deals.open_on(scope)
    if opportunity_ids:
        opened = sa.select(opened).where(opened.c.opportunity_id.in_(opportunity_ids)).subquery("named")
    hours, done = support_of(opened, scope), activities_of(opened, scope)
    without_cost = sa.func.coalesce(hours.c.without_cost, 0) + sa.func.coalesce(done.c.without_cost, 0)
    statement = (
        sa.select(
            opened.c.opportunity_id,
            sa.func.coalesce(opportunity.c.name, opened.c.opportunity_id).label("deal"),
            opened.c.owner_id,
            rep_name(opened.c.owner_id).label("owner"),
            opened.c.region_id,
            region_name(opened.c.region_id).label("region"),
            sa.func.coalesce(hours.c.support_hours, 0).label("support_hours"),
            sa.func.coalesce(hours.c.support_cost, 0).label("support_cost"),
            sa.func.coalesce(done.c.activities, 0).label("activities"),
            sa.func.coalesce(done.c.activity_cost, 0).label("activity_cost"),
            without_cost.label("without_cost"),
            opened.c.gross_margin,
            opened.c.probability,
            weighted_signed(opened.c.gross_margin, opened.c.probability).label("expected_margin"),
        )
        .select_from(
            opened.join(opportunity, opportunity.c.opportunity_id == opened.c.opportunity_id)
            .outerjoin(hours, hours.c.opportunity_id == opened.c.opportunity_id)
            .outerjoin(done, done.c.opportunity_id == opened.c.opportunity_id)
        )
        .order_by(opened.c.opportunity_id)
    )
    return read(database, statement)


def by_outcome(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per outcome of the deals closed in the period, left-out ones too, and of those open on the as-of date.

    outcome        won, lost, qualified_out, duplicate (lost for these reasons), open
    deals          and their support_hours, support_cost, activities, activity_cost, without_cost so far: as of the
                   date, not of their closing, as `open_deals` has them
    """
    closed, opened = deals.closed(scope.but(with_left_out=True)), deals.open_on(scope)
    is_left_out = sa.and_(closed.c.outcome == "lost", is_left_out_loss)
    outcome = sa.case((is_left_out, opportunity.c.loss_reason), else_=closed.c.outcome)
    of_closed = closed.join(opportunity, opportunity.c.opportunity_id == closed.c.opportunity_id)
    population = sa.union_all(
        sa.select(closed.c.opportunity_id, outcome.label("outcome")).select_from(of_closed),
        sa.select(opened.c.opportunity_id, sa.literal("open")),
    ).subquery("population")
    hours, done = support_of(population, scope), activities_of(population, scope)

    def total(column):
        return sa.func.coalesce(sa.func.sum(column), 0)

    statement = sa.select(
        population.c.outcome,
        sa.func.count().label("deals"),
        total(hours.c.support_hours).label("support_hours"),
        total(hours.c.support_cost).label("support_cost"),
        total(done.c.activities).label("activities"),
        total(done.c.activity_cost).label("activity_cost"),
        (total(hours.c.without_cost) + total(done.c.without_cost)).label("without_cost"),
    ).select_from(
        population.outerjoin(hours, hours.c.opportunity_id == population.c.opportunity_id).outerjoin(
            done, done.c.opportunity_id == population.c.opportunity_id
        )
    )
    return read(database, per_group(statement, population.c.outcome))


def support_of(population: sa.Subquery, scope: Scope) -> sa.Subquery:
    """One row per deal of the population with a booking so far: opportunity_id, support_hours, support_cost,
    without_cost, as `open_deals` has them."""
    b, cost = support_booking.c, support_person.c.hourly_cost
    lacks = sa.and_(b.hours > 0, cost.is_(None))
    return (
        sa.select(
            b.opportunity_id,
            sa.func.sum(exact_hours(b.hours)).label("support_hours"),
            sa.func.coalesce(sa.func.sum(cost_of_hours(b.hours, cost)), 0).label("support_cost"),
            sa.func.sum(sa.case((lacks, 1), else_=0)).label("without_cost"),
        )
        .select_from(support_booking.outerjoin(support_person, support_person.c.resource_id == b.resource_id))
        .where(
            b.week <= scope.as_of,
            is_booked_by(scope.as_of),
            b.opportunity_id.in_(sa.select(population.c.opportunity_id)),
        )
        .group_by(b.opportunity_id)
        .subquery("hours")
    )


def activities_of(population: sa.Subquery, scope: Scope) -> sa.Subquery:
    """One row per deal of the population with a completed activity so far: opportunity_id, activities,
    activity_cost, without_cost, as `open_deals` has them.

    From the activities themselves: their moments compare with the dates of the costs, ordinals do not."""
    a, costs = activity.c, _costs()
    valid = sa.and_(
        costs.c.kind == a.kind,
        costs.c.valid_from <= a.completed_at,  # a day stands before every moment of it
        sa.or_(costs.c.valid_to.is_(None), a.completed_at < costs.c.valid_to),
    )
    minutes = sa.func.coalesce(a.minutes, costs.c.default_minutes)
    return (
        sa.select(
            a.opportunity_id,
            sa.func.count().label("activities"),
            sa.func.coalesce(sa.func.sum(cost_of_minutes(minutes, costs.c.hourly_cost)), 0).label("activity_cost"),
            (sa.func.count() - sa.func.count(costs.c.kind)).label("without_cost"),
        )
        .select_from(activity.outerjoin(costs, valid))
        .where(
            a.completed_at < datetime.combine(scope.as_of + timedelta(days=1), time()),
            a.opportunity_id.in_(sa.select(population.c.opportunity_id)),
        )
        .group_by(a.opportunity_id)
        .subquery("done")
    )


def _costs() -> sa.Subquery:
    """One row per stretch of days in which a kind of activity has a cost: kind, hourly_cost, default_minutes,
    valid_from, and valid_to, the first day of the next one (empty: still valid)."""
    c = activity_cost.c
    valid_to = sa.func.lead(c.valid_from).over(partition_by=c.kind, order_by=c.valid_from)
    return sa.select(c.kind, c.hourly_cost, c.default_minutes, c.valid_from, valid_to.label("valid_to")).subquery(
        "costs"
    )
