"""Questions behind the deals that decide a period: where each open deal stands, and what happened with one lately."""

from datetime import date, timedelta

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.engine import beside, read
from data_access.filters import in_regions, valid_on
from data_access.forecast.looks import STAGE
from data_access.money import base_amount, rate_on
from data_access.names import rep_name
from data_access.schema import activity, activity_day, deal_span, opportunity, rate_span
from data_access.scope import Scope


def open_deals(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per deal open at the end of the as-of date: the deals that `looks.standing` counts in its places.

    opportunity_id, pipeline, track, stage (empty: in no known stage), amount (minor units of the base currency, at the
    as-of date's rate; empty: none, or no rate)
    """
    opened = _standing(scope)
    statement = sa.select(*(opened.c[name] for name in ("opportunity_id", *STAGE, "amount"))).order_by(
        opened.c.opportunity_id
    )
    return read(database, statement)


def lately(database: sa.Engine, scope: Scope, since: date, opportunity_ids: tuple[str, ...]) -> pd.DataFrame:
    """One row per deal of these that is open as of the date: its last touch, and what it was at the end of `since`.

    last_touch_on, last_touch_kind    the latest activity with it that was completed by the as-of date
    created_on         empty where nobody knows
    outcome_before     open, won or lost; empty: it was not there yet, or lay where the person may not look. Of a deal
                       that was open, and beside it as it is now (without `_before`): stage (empty: in no known one),
                       amount (minor units of the base currency, both at the as-of date's rate), expected_close_on,
                       owner_id; and owner_before, the name
    """
    now, then = _standing(scope), deal_span.alias("then")
    may_see = in_regions(then.c.region_id, scope.but(regions=()))
    was_open = then.c.outcome == "open"
    amount = base_amount(then.c.amount, opportunity.c.currency, rate_span.c.rate, deals.base_currency)
    before = {
        "stage_before": then.c.stage,
        "amount_before": amount,
        "expected_close_before": then.c.expected_close_day,
        "owner_id_before": then.c.owner_id,
        "owner_before": rep_name(then.c.owner_id),
    }
    statement = (
        sa.select(
            now.c.opportunity_id,
            now.c.created_day.label("created_on"),
            now.c.stage,
            now.c.amount,
            now.c.expected_close_day.label("expected_close_on"),
            now.c.owner_id,
            then.c.outcome.label("outcome_before"),
            *(sa.case((was_open, column)).label(name) for name, column in before.items()),
        )
        .select_from(
            now.join(opportunity, opportunity.c.opportunity_id == now.c.opportunity_id)
            .outerjoin(then, sa.and_(then.c.opportunity_id == now.c.opportunity_id, valid_on(then, since), may_see))
            .outerjoin(rate_span, rate_on(opportunity.c.currency, scope.as_of.toordinal()))
        )
        .where(now.c.opportunity_id.in_(opportunity_ids))
        .order_by(now.c.opportunity_id)
    )
    days = ("created_on", "expected_close_on", "expected_close_before")
    found = read(database, statement, dict.fromkeys(days, "day"))
    # Joined here: see `lists.deal_list`.
    touches = read(database, _last_touches(scope, opportunity_ids), {"last_touch_on": "day"})
    return beside(found, touches, "opportunity_id")


def _standing(scope: Scope) -> sa.Subquery:
    """The deals open at the end of the as-of date, without present stages, as the forecast looks at them."""
    return deals.open_on(scope.but(last_day=scope.as_of + timedelta(days=1)))


def _last_touches(scope: Scope, opportunity_ids: tuple[str, ...]) -> sa.Select:
    """Each deal's latest activity of those completed by the end of the as-of date: opportunity_id, last_touch_on,
    last_touch_kind."""
    a = activity_day.c
    latest = (activity.c.completed_at.desc(), a.activity_id.desc())
    completed = (
        sa.select(
            a.opportunity_id,
            a.completed_day,
            a.kind,
            sa.func.row_number().over(partition_by=a.opportunity_id, order_by=latest).label("place"),
        )
        .select_from(activity_day.join(activity, activity.c.activity_id == a.activity_id))
        .where(a.opportunity_id.in_(opportunity_ids), a.completed_day <= scope.as_of.toordinal())
        .subquery("completed")
    )
    columns = (completed.c.completed_day.label("last_touch_on"), completed.c.kind.label("last_touch_kind"))
    return sa.select(completed.c.opportunity_id, *columns).where(completed.c.place == 1)
