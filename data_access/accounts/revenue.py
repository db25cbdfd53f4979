"""Questions about money after the win: receipts and running contracts."""

from datetime import date

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.engine import read
from data_access.filters import of_deal, seen, valid_on
from data_access.schema import account, deal_span, opportunity, payment
from data_access.scope import Period, Scope


def receipts(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row: rows and amount (minor units of the base currency) received in the period up to the as-of date,
    of deals in scope as of it (a closed deal counts for the owner and region of its closing day)."""
    statement = (
        sa.select(sa.func.count().label("rows"), sa.func.coalesce(sa.func.sum(payment.c.amount), 0).label("amount"))
        .select_from(
            payment.join(deal_span, deal_span.c.opportunity_id == payment.c.opportunity_id)
            .join(opportunity, opportunity.c.opportunity_id == payment.c.opportunity_id)
            .outerjoin(account, account.c.account_id == opportunity.c.account_id)
        )
        .where(
            payment.c.received_on >= scope.period.start,
            payment.c.received_on <= scope.flow_end,
            valid_on(deal_span, scope.as_of),
            seen(deal_span.c.owner_id, deal_span.c.region_id, scope),
            of_deal(scope),
        )
    )
    return read(database, statement, {"rows": "Int64", "amount": "Int64"})


def contracts(database: sa.Engine, scope: Scope, since: date) -> pd.DataFrame:
    """One row per won deal with an account, an amount and both contract dates, in force at any time since a day:
    account_id, amount (minor units of the base currency), starts_on, ends_on."""
    won = deals.closed(scope.but(period=Period(date.min, scope.as_of)))
    statement = (
        sa.select(
            won.c.account_id,
            won.c.amount,
            opportunity.c.contract_starts_on.label("starts_on"),
            opportunity.c.contract_ends_on.label("ends_on"),
        )
        .select_from(won.join(opportunity, opportunity.c.opportunity_id == won.c.opportunity_id))
        .where(
            won.c.outcome == "won",
            won.c.account_id.is_not(None),
            won.c.amount.is_not(None),
            opportunity.c.contract_starts_on <= scope.as_of,
            opportunity.c.contract_ends_on >= since,
        )
        .order_by(won.c.account_id, won.c.opportunity_id)
    )
    return read(
        database,
        statement,
        {"account_id": "object", "amount": "Int64", "starts_on": "datetime64[s]", "ends_on": "datetime64[s]"},
    )
