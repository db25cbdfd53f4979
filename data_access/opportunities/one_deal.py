"""Questions about one deal, whole, as of the date: the filters of a scope change nothing here. Each refuses a deal
outside the person's regions of today."""

from datetime import date, datetime, time, timedelta

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.engine import read, reading
from data_access.filters import is_booked_by, segment, track, valid_on
from data_access.money import exact_hours
from data_access.names import region_name, rep_name
from data_access.opportunities import cost_of_sale, openings, worth
from data_access.permitted import must_see
from data_access.schema import (
    account,
    activity,
    contact,
    deal_span,
    opportunity,
    stage,
    stage_entry,
    support_booking,
    support_request,
)
from data_access.scope import Period, Scope


def facts(database: sa.Engine, scope: Scope, opportunity_id: str) -> pd.DataFrame:
    """One row, none before the deal was created: opportunity_id, deal (its name, else its key), account_id, account,
    owner_id, owner, region, pipeline, track, segment, product, source, currency, stage, outcome, amount (minor units of
    the deal's currency), created_on, closed_on, expected_close_on, pushes, stage_since."""
    span, deal = deal_span, opportunity.c
    stage_now = sa.func.coalesce(span.c.stage, span.c.present_stage if scope.is_live else sa.null())
    statement = (
        sa.select(
            deal.opportunity_id,
            sa.func.coalesce(deal.name, deal.opportunity_id).label("deal"),
            deal.account_id,
            account.c.name.label("account"),
            span.c.owner_id,
            rep_name(span.c.owner_id).label("owner"),
            region_name(span.c.region_id).label("region"),
            deal.pipeline,
            track.label("track"),
            segment.label("segment"),
            deal.product,
            deal.source,
            deal.currency,
            stage_now.label("stage"),
            span.c.outcome,
            span.c.amount,
            span.c.created_day.label("created_on"),
            span.c.closed_day.label("closed_on"),
            span.c.expected_close_day.label("expected_close_on"),
            span.c.pushes,
            span.c.stage_since_day.label("stage_since"),
        )
        .select_from(
            span.join(opportunity, deal.opportunity_id == span.c.opportunity_id).outerjoin(
                account, account.c.account_id == deal.account_id
            )
        )
        .where(span.c.opportunity_id == opportunity_id, valid_on(span, scope.as_of))
    )
    days = dict.fromkeys(("created_on", "closed_on", "expected_close_on", "stage_since"), "day")
    return _read(database, scope, opportunity_id, statement, days)


def stays(database: sa.Engine, scope: Scope, opportunity_id: str) -> pd.DataFrame:
    """One row per stay in a stage entered by the as-of date, the earliest first (none without a history): pipeline,
    stage, outcome (of the stage: open, won, lost), entered_on, left_on (empty: still there), days (in it so far),
    target_days (of the stage; empty: none set)."""
    entry, as_of = stage_entry.c, scope.as_of.toordinal()
    is_over = entry.left_day <= as_of
    statement = (
        sa.select(
            opportunity.c.pipeline,
            entry.stage,
            entry.outcome,
            entry.entered_day.label("entered_on"),
            sa.case((is_over, entry.left_day)).label("left_on"),
            (sa.case((is_over, entry.left_day), else_=as_of) - entry.entered_day).label("days"),
            stage.c.target_days,
        )
        .select_from(
            stage_entry.join(opportunity, opportunity.c.opportunity_id == entry.opportunity_id).outerjoin(
                stage, sa.and_(stage.c.pipeline == opportunity.c.pipeline, stage.c.stage == entry.stage)
            )
        )
        .where(entry.opportunity_id == opportunity_id, entry.entered_day <= as_of)
        .order_by(entry.ordinal)
    )
    return _read(database, scope, opportunity_id, statement, {"entered_on": "day", "left_on": "day"})


def stretches(database: sa.Engine, scope: Scope, opportunity_id: str) -> pd.DataFrame:
    """One row per stretch of days without change begun by the as-of date, the earliest first: from_on, stage, amount
    (minor units of the deal's currency), expected_close_on, owner."""
    span = deal_span.c
    statement = (
        sa.select(
            span.from_day.label("from_on"),
            span.stage,
            span.amount,
            span.expected_close_day.label("expected_close_on"),
            rep_name(span.owner_id).label("owner"),
        )
        .where(span.opportunity_id == opportunity_id, span.from_day <= scope.as_of.toordinal())
        .order_by(span.from_day)
    )
    return _read(database, scope, opportunity_id, statement, {"from_on": "day", "expected_close_on": "day"})


def opened(database: sa.Engine, scope: Scope, opportunity_id: str) -> pd.DataFrame:
    """One row: the deal's latest opening as of the date, as `openings.as_of`."""
    of_deal = sa.select(opportunity.c.opportunity_id).where(opportunity.c.opportunity_id == opportunity_id)
    statement = sa.select(openings.as_of(of_deal.subquery("population"), scope))
    return _read(database, scope, opportunity_id, statement.order_by("opportunity_id"), {})


def answers(database: sa.Engine, scope: Scope, opportunity_id: str) -> pd.DataFrame:
    """One row per question about its value: opportunity_id, question, the latest score as of the date."""
    latest = worth.latest_answers(scope)
    statement = sa.select(latest).where(latest.c.opportunity_id == opportunity_id).order_by(latest.c.question)
    return _read(database, scope, opportunity_id, statement, {})


def people(database: sa.Engine, scope: Scope, opportunity_id: str) -> pd.DataFrame:
    """One row per contact with an activity about the deal completed by the as-of date, the most senior first:
    contact_id, name, title, seniority (1 to 5; empty: not known), activities, two_way (how many of these were),
    last_on, last_two_way_on (empty: none)."""
    a, c = activity.c, contact.c
    statement = (
        sa.select(
            c.contact_id,
            c.name,
            c.title,
            c.seniority,
            sa.func.count().label("activities"),
            sa.func.sum(sa.case((a.two_way.is_(True), 1), else_=0)).label("two_way"),
            sa.func.max(a.completed_at).label("last_on"),
            sa.func.max(sa.case((a.two_way.is_(True), a.completed_at))).label("last_two_way_on"),
        )
        .select_from(activity.join(contact, c.contact_id == a.contact_id))
        .where(
            a.opportunity_id == opportunity_id,
            a.completed_at < datetime.combine(scope.as_of + timedelta(days=1), time()),
        )
        .group_by(c.contact_id, c.name, c.title, c.seniority)
        .order_by(sa.func.coalesce(c.seniority, 0).desc(), c.contact_id)
    )
    found = _read(database, scope, opportunity_id, statement, {})
    days = {name: pd.to_datetime(found[name]).dt.normalize() for name in ("last_on", "last_two_way_on")}
    return found.assign(**days)


def requests(database: sa.Engine, scope: Scope, opportunity_id: str) -> pd.DataFrame:
    """One row per request for support made by the as-of date, the latest first: request_id, kind, requested_on,
    needed_by, decision (by that date; empty: open), hours and booked_hours (millionths: asked for, and booked for it in
    any week)."""
    r, b = support_request.c, support_booking.c
    booked = sa.select(sa.func.coalesce(sa.func.sum(exact_hours(b.hours)), 0)).where(
        b.request_id == r.request_id, is_booked_by(scope.as_of)
    )
    is_later = r.decided_on > scope.as_of
    statement = (
        sa.select(
            r.request_id,
            r.kind,
            r.requested_on,
            r.needed_by,
            sa.case((sa.func.coalesce(is_later, sa.false()), sa.null()), else_=r.decision).label("decision"),
            exact_hours(r.hours).label("hours"),
            booked.scalar_subquery().label("booked_hours"),
        )
        .where(r.opportunity_id == opportunity_id, r.requested_on <= scope.as_of)
        .order_by(r.requested_on.desc(), r.request_id)
    )
    return _read(database, scope, opportunity_id, statement, {})


def spent(database: sa.Engine, scope: Scope, opportunity_id: str) -> pd.DataFrame:
    """One row: support_hours, support_cost, activities, activity_cost, without_cost so far, as
    `cost_of_sale.open_deals` has them, whatever became of the deal; and ahead_hours, millionths booked later on."""
    of_deal = sa.select(opportunity.c.opportunity_id).where(opportunity.c.opportunity_id == opportunity_id)
    population, b = of_deal.subquery("population"), support_booking.c
    hours, done = cost_of_sale.support_of(population, scope), cost_of_sale.activities_of(population, scope)
    ahead = sa.select(sa.func.coalesce(sa.func.sum(exact_hours(b.hours)), 0)).where(
        b.opportunity_id == opportunity_id, b.week > scope.as_of, is_booked_by(scope.as_of)
    )
    without_cost = sa.func.coalesce(hours.c.without_cost, 0) + sa.func.coalesce(done.c.without_cost, 0)
    sums = {
        name: sa.func.coalesce(column, 0).label(name)
        for name, column in (
            ("support_hours", hours.c.support_hours),
            ("support_cost", hours.c.support_cost),
            ("activities", done.c.activities),
            ("activity_cost", done.c.activity_cost),
        )
    }
    statement = (
        sa.select(*sums.values(), without_cost.label("without_cost"), ahead.scalar_subquery().label("ahead_hours"))
        .select_from(
            population.outerjoin(hours, hours.c.opportunity_id == population.c.opportunity_id).outerjoin(
                done, done.c.opportunity_id == population.c.opportunity_id
            )
        )
        .order_by("ahead_hours")
    )
    return _read(database, scope, opportunity_id, statement, {})


def closed_alike(database: sa.Engine, scope: Scope, of_track: str, of_segment: str) -> pd.DataFrame:
    """One row per deal of one track and segment closed by the as-of date that the person may see, left-out ones aside,
    the latest first: opportunity_id, deal, account_id, account, pipeline, product, outcome, closed_on, loss_reason,
    amount (minor units of the base currency; empty without one, or without a rate)."""
    ever = Scope(scope.person, Period(date.min, scope.as_of), scope.as_of, scope.last_day)
    closed = deals.closed(ever)
    statement = (
        sa.select(
            closed.c.opportunity_id,
            sa.func.coalesce(opportunity.c.name, closed.c.opportunity_id).label("deal"),
            closed.c.account_id,
            account.c.name.label("account"),
            closed.c.pipeline,
            closed.c.product,
            closed.c.outcome,
            closed.c.closed_day.label("closed_on"),
            opportunity.c.loss_reason,
            closed.c.amount,
        )
        .select_from(
            closed.join(opportunity, opportunity.c.opportunity_id == closed.c.opportunity_id).outerjoin(
                account, account.c.account_id == closed.c.account_id
            )
        )
        .where(closed.c.track == of_track, closed.c.segment == of_segment)
        .order_by(closed.c.closed_day.desc(), closed.c.opportunity_id)
    )
    return read(database, statement, {"closed_on": "day"})


def _read(
    database: sa.Engine, scope: Scope, opportunity_id: str, statement: sa.Select, dtypes: dict[str, str]
) -> pd.DataFrame:
    with reading(database) as connection:
        must_see(connection, scope.person, "opportunity_id", opportunity_id)
    return read(database, statement, dtypes)
