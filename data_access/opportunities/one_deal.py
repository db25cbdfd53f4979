"""Questions about one deal, whole, as of the date: the filters of a scope change nothing here. Each refuses a deal
outside the person's regions of today."""

import pandas as pd
import sqlalchemy as sa

from data_access.engine import read, reading
from data_access.filters import track, valid_on
from data_access.names import region_name, rep_name
from data_access.permitted import must_see
from data_access.schema import account, deal_span, opportunity, stage, stage_entry
from data_access.scope import Scope


def facts(database: sa.Engine, scope: Scope, opportunity_id: str) -> pd.DataFrame:
    """One row, none before the deal was created: opportunity_id, deal (its name, else its key), account_id, account,
    owner_id, owner, region, pipeline, track, product, source, currency, stage, outcome, amount (minor units of the
    deal's currency), created_on, closed_on, expected_close_on, pushes, stage_since."""
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


def _read(
    database: sa.Engine, scope: Scope, opportunity_id: str, statement: sa.Select, dtypes: dict[str, str]
) -> pd.DataFrame:
    with reading(database) as connection:
        must_see(connection, scope.person, "opportunity_id", opportunity_id)
    return read(database, statement, dtypes)
