"""What the allocation of support over the coming weeks is made from: requests, people, their absences and bookings.

Everything is the whole company's: people serve more than one region, so a plan of one region alone would give it
hours that others count on. `is_shown` says which requests the scope shows. A scope's period is the coming weeks.
"""

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.engine import read
from data_access.filters import is_booked_by, of_deal, seen
from data_access.names import rep_name
from data_access.schema import (
    account,
    opportunity,
    region_within,
    support_booking,
    support_person,
    support_request,
)
from data_access.scope import Scope, company


def requests(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per request that still wants hours: asked by the as-of date, neither declined nor withdrawn by then,
    needed no earlier than the period begins, on a deal open as of the date.

    request_id, opportunity_id, deal, account, owner_id, owner, region_id    the deal's as of the date
    kind, skill (empty: any), requested_on, needed_by (empty: no deadline)
    hours             as requested
    given             of them, booked for it in weeks whose Monday is the as-of date or earlier
    priority          1 to 3, 3 the highest; empty: none given
    is_granted        1 where it was granted by the as-of date, else 0
    gross_margin      minor units of the base currency at the as-of rate; empty without one, or without a rate
    has_margin        1 or 0
    probability       of the stage the deal is in, in billionths; empty where unknown
    is_shown          1 where the scope shows the deal
    """
    opened = deals.open_on(company(scope))
    is_shown = sa.and_(seen(opened.c.owner_id, opened.c.region_id, scope), of_deal(scope))
    r, booked = support_request.c, _booked_before(scope)
    is_decided = sa.and_(r.decision.is_not(None), sa.or_(r.decided_on.is_(None), r.decided_on <= scope.as_of))
    statement = (
        sa.select(
            r.request_id,
            r.opportunity_id,
            sa.func.coalesce(opportunity.c.name, r.opportunity_id).label("deal"),
            account.c.name.label("account"),
            opened.c.owner_id,
            rep_name(opened.c.owner_id).label("owner"),
            opened.c.region_id,
            r.kind,
            r.skill,
            r.requested_on,
            r.needed_by,
            r.hours,
            sa.func.coalesce(booked.c.hours, 0.0).label("given"),
            r.priority,
            sa.case((sa.and_(is_decided, r.decision == "granted"), 1), else_=0).label("is_granted"),
            opened.c.gross_margin,
            opened.c.has_margin,
            opened.c.probability,
            sa.case((is_shown, 1), else_=0).label("is_shown"),
        )
        .select_from(
            support_request.join(opened, opened.c.opportunity_id == r.opportunity_id)
            .join(opportunity, opportunity.c.opportunity_id == r.opportunity_id)
            .outerjoin(account, account.c.account_id == opportunity.c.account_id)
            .outerjoin(booked, booked.c.request_id == r.request_id)
        )
        .where(
            r.requested_on <= scope.as_of,
            sa.or_(r.needed_by.is_(None), r.needed_by >= scope.period.start),
            sa.not_(sa.and_(is_decided, sa.func.coalesce(r.decision, "").in_(("declined", "withdrawn")))),
        )
        .order_by(r.request_id)
    )
    return read(database, statement)


def _booked_before(scope: Scope) -> sa.Subquery:
    """One row per request with bookings up to the as-of date: request_id, hours."""
    b = support_booking.c
    return (
        sa.select(b.request_id, sa.func.sum(b.hours).label("hours"))
        .where(b.week <= scope.as_of, b.request_id != "", is_booked_by(scope.as_of))
        .group_by(b.request_id)
        .subquery("booked_before")
    )


def bookings(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per booking from the period's start on, also beyond its end: resource_id, opportunity_id, request_id (''
    for none), week, hours, is_locked (1 or 0)."""
    b = support_booking.c
    statement = (
        sa.select(
            b.resource_id,
            b.opportunity_id,
            b.request_id,
            b.week,
            b.hours,
            sa.case((b.locked.is_(True), 1), else_=0).label("is_locked"),
        )
        .where(b.week >= scope.period.start, is_booked_by(scope.as_of))
        .order_by(b.week, b.resource_id, b.opportunity_id, b.request_id)
    )
    return read(database, statement)


def reached(database: sa.Engine, _scope: None = None) -> pd.DataFrame:
    """One row per region with a supporter and a region in it (itself included): ancestor_id, region_id. The same for
    everybody: it says nothing about deals."""
    w = region_within.c
    bases = sa.select(support_person.c.region_id)
    statement = (
        sa.select(w.ancestor_id, w.region_id).where(w.ancestor_id.in_(bases)).order_by(w.ancestor_id, w.region_id)
    )
    return read(database, statement)
