"""Questions about what one account brings: open deals, receipts, purchases. Refuses as `accounts` does; deals are those
in the person's regions, the account's other facts are whole."""

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.accounts.one_account import read_of
from data_access.filters import seen, valid_on
from data_access.names import rep_name
from data_access.opportunities import openings, worth
from data_access.schema import deal_span, opportunity, payment, purchase
from data_access.scope import Scope


def open_deals(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per deal of the account open as of the date in the person's regions, the largest first:
    opportunity_id, deal, owner, pipeline, track, stage, amount and weighted (minor units of the base currency),
    expected_close_on; and its latest opening: position, territory, is_territory_counted, opening, as in
    `openings.as_of`."""
    whose = _of_person(scope)
    open_ = deals.open_on(whose)
    judged = openings.as_of(open_, whose)
    opened = ("position", "territory", "is_territory_counted", "opening")
    statement = (
        sa.select(
            open_.c.opportunity_id,
            sa.func.coalesce(opportunity.c.name, open_.c.opportunity_id).label("deal"),
            rep_name(open_.c.owner_id).label("owner"),
            open_.c.pipeline,
            open_.c.track,
            open_.c.stage,
            open_.c.amount,
            open_.c.weighted,
            open_.c.expected_close_day.label("expected_close_on"),
            *(judged.c[name] for name in opened),
        )
        .select_from(
            open_.join(opportunity, opportunity.c.opportunity_id == open_.c.opportunity_id).join(
                judged, judged.c.opportunity_id == open_.c.opportunity_id
            )
        )
        .where(opportunity.c.account_id == account_id)
        .order_by(sa.func.coalesce(open_.c.amount, 0).desc(), open_.c.opportunity_id)
    )
    return read_of(database, scope, account_id, statement, {"expected_close_on": "day"})


def deal_values(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per (opportunity_id, question) of the account's deals: the latest answer as of the date, score 0–10."""
    latest = worth.latest_answers(scope)
    statement = (
        sa.select(*(latest.c[name] for name in worth.ANSWERS))
        .join(opportunity, opportunity.c.opportunity_id == latest.c.opportunity_id)
        .where(opportunity.c.account_id == account_id)
        .order_by(latest.c.opportunity_id, latest.c.question)
    )
    return read_of(database, scope, account_id, statement)


def receipts(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per receipt up to the as-of date on the account's deals in the person's regions, the latest first:
    received_on, deal, amount (minor units of the base currency; a refund is negative)."""
    whose = _of_person(scope)
    statement = (
        sa.select(
            payment.c.received_on,
            sa.func.coalesce(opportunity.c.name, payment.c.opportunity_id).label("deal"),
            payment.c.amount,
        )
        .select_from(
            payment.join(opportunity, opportunity.c.opportunity_id == payment.c.opportunity_id).join(
                deal_span,
                sa.and_(deal_span.c.opportunity_id == payment.c.opportunity_id, valid_on(deal_span, scope.as_of)),
            )
        )
        .where(
            opportunity.c.account_id == account_id,
            payment.c.received_on <= scope.as_of,
            seen(deal_span.c.owner_id, deal_span.c.region_id, whose),
        )
        .order_by(payment.c.received_on.desc(), payment.c.opportunity_id, payment.c.sequence)
    )
    return read_of(database, scope, account_id, statement)


def _of_person(scope: Scope) -> Scope:
    """The same day and person, without any filter."""
    return Scope(scope.person, scope.period, scope.as_of, scope.last_day)


def purchases(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per year, category and supplier up to the as-of date's year: year, category, supplier (`us` is us),
    amount (minor units of the base currency)."""
    p = purchase.c
    statement = (
        sa.select(p.year, p.category, p.supplier, p.amount)
        .where(p.account_id == account_id, p.year <= scope.as_of.year)
        .order_by(p.year, p.category, p.supplier)
    )
    return read_of(database, scope, account_id, statement)
