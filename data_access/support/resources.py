"""Questions about support: who may be booked, who is, what is asked for, and how deals are served."""

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.database.days import day_of
from data_access.engine import beside, per_group, read
from data_access.filters import counts_as_lost, in_regions, is_booked_by, of_deal, seen, track, valid_on
from data_access.money import exact_hours
from data_access.names import region_name, rep_name
from data_access.opportunities.cost_of_sale import support_of
from data_access.schema import (
    account,
    deal_span,
    opportunity,
    support_absence,
    support_booking,
    support_person,
    support_request,
)
from data_access.scope import Scope


def kept(database: sa.Engine, _scope: Scope | None = None) -> pd.DataFrame:
    """One row: people, requests, bookings, each how many there are in the whole company. What rests on a table
    without rows is no data."""
    kinds = {"people": support_person, "requests": support_request, "bookings": support_booking}
    statement = sa.select(
        *(sa.select(sa.func.count()).select_from(table).scalar_subquery().label(name) for name, table in kinds.items())
    )  # fmt: skip
    return read(database, statement)


# --- people and their weeks ---------------------------------------------------------------------------


def people(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per support person or pool in the scope's regions, in the order of their keys. Filters on deals, and
    the period, change nothing.

    resource_id, person (the name), kind, region_id, region (its name, else its id), reach (own, any), skills
    weekly_hours               millionths of an hour
    active_from, active_to     both days inside; empty: from always, without end
    """
    p = support_person.c
    statement = (
        sa.select(
            p.resource_id,
            p.name.label("person"),
            p.kind,
            p.region_id,
            region_name(p.region_id).label("region"),
            p.reach,
            p.skills,
            exact_hours(p.weekly_hours).label("weekly_hours"),
            p.active_from,
            p.active_to,
        )
        .where(in_regions(p.region_id, scope))
        .order_by(p.resource_id)
    )
    return read(database, statement)


def booked_weeks(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per person in the scope's regions and week with a booking whose Monday lies in the period, also after
    the as-of date: resource_id, week (its Monday), hours (millionths)."""
    return _by_week(database, scope, support_booking, is_booked_by(scope.as_of))


def absent_weeks(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """The same of absences: resource_id, week, hours away (millionths)."""
    return _by_week(database, scope, support_absence)


def _by_week(database: sa.Engine, scope: Scope, table: sa.Table, *further: sa.ColumnElement[bool]) -> pd.DataFrame:
    statement = (
        sa.select(table.c.resource_id, table.c.week, sa.func.sum(exact_hours(table.c.hours)).label("hours"))
        .select_from(table.join(support_person, support_person.c.resource_id == table.c.resource_id))
        .where(
            in_regions(support_person.c.region_id, scope),
            table.c.week.between(scope.period.start, scope.period.end),
            *further,
        )
    )
    return read(database, per_group(statement, table.c.resource_id, table.c.week))


def bookings(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per booking of a person in the scope's regions in a week whose Monday lies in the period: the rows
    behind `booked_weeks`, latest week first.

    resource_id, person, kind, region_id (the person's), week, hours (millionths), request_id, is_locked, is_done
    opportunity_id, deal, account, owner, outcome    as of the date; all empty where the deal is not the asker's to
                                                     see: its hours count, what it is does not show
    """
    b, now = support_booking.c, deal_span
    is_theirs = sa.and_(
        now.c.opportunity_id == b.opportunity_id,
        valid_on(now, scope.as_of),
        in_regions(now.c.region_id, scope.but(regions=())),
    )
    statement = (
        sa.select(
            b.resource_id,
            support_person.c.name.label("person"),
            support_person.c.kind,
            support_person.c.region_id,
            b.week,
            exact_hours(b.hours).label("hours"),
            sa.case((now.c.opportunity_id.is_not(None), b.request_id)).label("request_id"),
            sa.case((b.locked, 1), else_=0).label("is_locked"),
            sa.case((b.done, 1), else_=0).label("is_done"),
            now.c.opportunity_id,
            sa.func.coalesce(opportunity.c.name, now.c.opportunity_id).label("deal"),
            account.c.name.label("account"),
            rep_name(now.c.owner_id).label("owner"),
            now.c.outcome,
        )
        .select_from(
            support_booking.join(support_person, support_person.c.resource_id == b.resource_id)
            .outerjoin(now, is_theirs)
            .outerjoin(opportunity, opportunity.c.opportunity_id == now.c.opportunity_id)
            .outerjoin(account, account.c.account_id == opportunity.c.account_id)
        )
        .where(
            in_regions(support_person.c.region_id, scope),
            b.week.between(scope.period.start, scope.period.end),
            is_booked_by(scope.as_of),
        )
        .order_by(b.week.desc(), b.resource_id, b.opportunity_id, b.request_id)
    )
    return read(database, statement)


# --- requests -----------------------------------------------------------------------------------------


def _is_decided(scope: Scope):
    """Whether a request is decided by the as-of date. A decision without a day was made at an unknown time: by then."""
    r = support_request.c
    undated = sa.and_(r.decided_on.is_(None), r.decision.is_not(None))
    return sa.or_(undated, sa.and_(r.decided_on.is_not(None), r.decided_on <= scope.as_of))


def open_requests(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per request made and not decided by the as-of date, by its deal's owner and region of that date, the
    soonest needed first.

    request_id, kind, skill, priority, requested_on, needed_by
    hours, booked_hours     millionths: asked for, and booked for it in any week
    opportunity_id, deal, account, owner_id, owner, region_id, region, outcome (open, won, lost)
    amount, weighted        of an open deal, as `deals.open_on`; empty of a closed one
    """
    r, now = support_request.c, deal_span
    booked = (
        sa.select(support_booking.c.request_id, sa.func.sum(exact_hours(support_booking.c.hours)).label("hours"))
        .where(is_booked_by(scope.as_of))
        .group_by(support_booking.c.request_id)
        .subquery("booked")
    )
    is_open = sa.and_(r.requested_on <= scope.as_of, ~_is_decided(scope))
    statement = (
        sa.select(
            r.request_id,
            r.kind,
            r.skill,
            r.priority,
            r.requested_on,
            r.needed_by,
            exact_hours(r.hours).label("hours"),
            sa.func.coalesce(booked.c.hours, 0).label("booked_hours"),
            r.opportunity_id,
            sa.func.coalesce(opportunity.c.name, r.opportunity_id).label("deal"),
            account.c.name.label("account"),
            now.c.owner_id,
            rep_name(now.c.owner_id).label("owner"),
            now.c.region_id,
            region_name(now.c.region_id).label("region"),
            now.c.outcome,
        )
        .select_from(
            support_request.join(opportunity, opportunity.c.opportunity_id == r.opportunity_id)
            .outerjoin(account, account.c.account_id == opportunity.c.account_id)
            .outerjoin(now, sa.and_(now.c.opportunity_id == r.opportunity_id, valid_on(now, scope.as_of)))
            .outerjoin(booked, booked.c.request_id == r.request_id)
        )
        .where(
            is_open,
            seen(now.c.owner_id, now.c.region_id, scope),
            of_deal(scope),
        )
        .order_by(sa.case((r.needed_by.is_(None), 1), else_=0), r.needed_by, r.request_id)
    )
    found = read(database, statement)
    # Joined here: SQLite reads all open deals again for each request.
    opened = deals.open_on(scope)
    amounts = (
        sa.select(opened.c.opportunity_id, opened.c.amount, opened.c.weighted)
        .where(opened.c.opportunity_id.in_(sa.select(r.opportunity_id).where(is_open)))
        .order_by(opened.c.opportunity_id)
    )
    worth = read(database, amounts)
    return beside(found, worth, "opportunity_id")


def needed_requests(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per kind of the requests needed by a day of the period up to the as-of date, made and not withdrawn by
    the as-of date, by their deals' owners and regions of the day they were needed by.

    kind; needed, how many; met: of them, those granted by the as-of date with all hours booked in weeks whose Monday is
    needed_by or earlier, as `metrics.support.resources.met_in_time` has it of a single one
    """
    r, now = support_request.c, deal_span.c
    in_time, decided = _booked_in_time(scope), _is_decided(scope)
    has_hours = sa.func.coalesce(in_time.c.hours, 0) >= exact_hours(r.hours)
    is_met = sa.and_(decided, r.decision == "granted", has_hours)
    that_day = sa.and_(
        now.opportunity_id == r.opportunity_id,
        valid_on(deal_span, day_of(r.needed_by)),
    )
    was_there = now.from_day.is_not(None)
    shown = sa.and_(was_there, seen(now.owner_id, now.region_id, scope))
    if scope.person.sees_everything and not scope.regions and scope.owner is None:
        shown = sa.or_(shown, ~was_there)  # the deal was not there that day, and has neither owner nor region then
    statement = (
        sa.select(
            r.kind,
            sa.func.count().label("needed"),
            sa.func.sum(sa.case((is_met, 1), else_=0)).label("met"),
        )
        .select_from(
            support_request.join(opportunity, opportunity.c.opportunity_id == r.opportunity_id)
            .outerjoin(account, account.c.account_id == opportunity.c.account_id)
            .outerjoin(deal_span, that_day)
            .outerjoin(in_time, in_time.c.request_id == r.request_id)
        )
        .where(
            r.needed_by.between(scope.period.start, scope.flow_end),
            r.requested_on <= scope.as_of,
            sa.or_(r.decision.is_(None), r.decision != "withdrawn", ~decided),
            of_deal(scope),
            shown,
        )
    )
    return read(database, per_group(statement, r.kind))


def _booked_in_time(scope: Scope) -> sa.Subquery:
    """One row per request with bookings by the as-of date in weeks whose Monday is needed_by or earlier: request_id,
    hours."""
    r, b = support_request.c, support_booking.c
    return (
        sa.select(b.request_id, sa.func.sum(exact_hours(b.hours)).label("hours"))
        .select_from(support_booking.join(support_request, r.request_id == b.request_id))
        .where(b.week <= r.needed_by, is_booked_by(scope.as_of))
        .group_by(b.request_id)
        .subquery("in_time")
    )


def judged_requests(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per request, made and not withdrawn by the as-of date, whose deal was open in a known stage at the end of
    the day it was needed by and is closed as of the date, losses that are left out aside. In the order of their keys.

    request_id, opportunity_id, kind, pipeline, track
    stage                   of the day it was needed by
    hours, booked_hours     millionths: asked for, and booked for it in weeks whose Monday is needed_by or earlier
    is_granted, is_won      as of the date
    """
    r, ended, then = support_request.c, deal_span.alias("ended"), deal_span.c
    in_time, decided = _booked_in_time(scope), _is_decided(scope)
    stays = (  # a row per stay in a stage, not per change of owner or amount
        sa.select(
            then.opportunity_id,
            then.stage,
            sa.func.min(then.from_day).label("from_day"),
            sa.func.max(then.to_day).label("to_day"),
        )
        .where(then.outcome == "open", then.stage.is_not(None))
        .group_by(then.opportunity_id, then.stage, then.stage_since_day)
        .subquery("stays")
    )
    statement = (
        sa.select(
            r.request_id,
            r.opportunity_id,
            r.kind,
            opportunity.c.pipeline,
            track.label("track"),
            stays.c.stage,
            exact_hours(r.hours).label("hours"),
            sa.func.coalesce(in_time.c.hours, 0).label("booked_hours"),
            sa.case((sa.and_(decided, r.decision == "granted"), 1), else_=0).label("is_granted"),
            sa.case((ended.c.outcome == "won", 1), else_=0).label("is_won"),
        )
        .select_from(
            support_request.join(opportunity, opportunity.c.opportunity_id == r.opportunity_id)
            .outerjoin(account, account.c.account_id == opportunity.c.account_id)
            .join(ended, sa.and_(ended.c.opportunity_id == r.opportunity_id, valid_on(ended, scope.as_of)))
            .join(stays, sa.and_(stays.c.opportunity_id == r.opportunity_id, valid_on(stays, day_of(r.needed_by))))
            .outerjoin(in_time, in_time.c.request_id == r.request_id)
        )
        .where(
            sa.or_(ended.c.outcome == "won", sa.and_(ended.c.outcome == "lost", counts_as_lost(scope))),
            r.needed_by <= scope.as_of,
            r.requested_on <= scope.as_of,
            sa.or_(r.decision.is_(None), r.decision != "withdrawn", ~decided),
            seen(ended.c.owner_id, ended.c.region_id, scope),
            of_deal(scope),
        )
        .order_by(r.request_id)
    )
    found = read(database, statement)
    return found.assign(is_granted=found["is_granted"] == 1, is_won=found["is_won"] == 1)


# --- deals and the support they get -------------------------------------------------------------------


def served_deals(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per deal open on the as-of date, in the order of their keys.

    opportunity_id, deal, account, owner_id, owner, region_id, region, track
    amount, weighted     minor units of the base currency; weighted (amount × the stage's probability) is its worth
    hours                millionths booked in weeks whose Monday is the as-of date or earlier; 0 without a booking
    """
    opened = deals.open_on(scope)
    hours = support_of(opened, scope)
    statement = (
        sa.select(
            opened.c.opportunity_id,
            sa.func.coalesce(opportunity.c.name, opened.c.opportunity_id).label("deal"),
            account.c.name.label("account"),
            opened.c.owner_id,
            rep_name(opened.c.owner_id).label("owner"),
            opened.c.region_id,
            region_name(opened.c.region_id).label("region"),
            opened.c.track,
            opened.c.amount,
            opened.c.weighted,
            sa.func.coalesce(hours.c.support_hours, 0).label("hours"),
        )
        .select_from(
            opened.join(opportunity, opportunity.c.opportunity_id == opened.c.opportunity_id)
            .outerjoin(account, account.c.account_id == opportunity.c.account_id)
            .outerjoin(hours, hours.c.opportunity_id == opened.c.opportunity_id)
        )
        .order_by(opened.c.opportunity_id)
    )
    return read(database, statement)
