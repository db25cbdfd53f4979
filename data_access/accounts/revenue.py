"""Questions about money after the win: receipts, what is overdue, and running contracts."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.engine import read
from data_access.filters import moments_table, of_deal, seen, valid_on
from data_access.names import region_name, rep_name
from data_access.schema import account, deal_span, invoice, opportunity, payment
from data_access.scope import Moment, Scope


def receipts(database: sa.Engine, scope: Scope, moments: Sequence[Moment]) -> list[int | None]:
    """What was received in the period of each moment up to its as-of date, of deals in scope as of it (a closed deal
    counts for the owner and region of its closing day), in minor units of the base currency; None: nothing was."""
    received = [
        sa.and_(
            payment.c.received_on >= one.start, payment.c.received_on <= one.flow_end, valid_on(deal_span, one.as_of)
        )
        for one in moments
    ]
    statement = (
        sa.select(
            *(sa.func.sum(sa.case((is_so, payment.c.amount))).label(f"of_{n}") for n, is_so in enumerate(received))
        )
        .select_from(
            payment.join(deal_span, deal_span.c.opportunity_id == payment.c.opportunity_id)
            .join(opportunity, opportunity.c.opportunity_id == payment.c.opportunity_id)
            .outerjoin(account, account.c.account_id == opportunity.c.account_id)
        )
        .where(sa.or_(*received), seen(deal_span.c.owner_id, deal_span.c.region_id, scope), of_deal(scope))
    )
    [found] = read(database, statement).itertuples(index=False)
    return [None if pd.isna(amount) else int(amount) for amount in found]


def are_recorded(database: sa.Engine, _scope: None = None) -> pd.DataFrame:
    """One row: receipts and invoices: 1 where the organisation has any, else 0. The same for everybody."""
    tables = {"receipts": payment, "invoices": invoice}
    has_any = [sa.case((sa.exists().select_from(table), 1), else_=0).label(name) for name, table in tables.items()]
    return read(database, sa.select(*has_any).order_by(*has_any))


def received_of_won(database: sa.Engine, scope: Scope) -> int:
    """What was received by the as-of date of the deals won in the period that have an amount, in minor units of the
    base currency."""
    won = deals.closed(scope)
    statement = (
        sa.select(sa.func.coalesce(sa.func.sum(payment.c.amount), 0).label("amount"))
        .select_from(won.join(payment, payment.c.opportunity_id == won.c.opportunity_id))
        .where(won.c.outcome == "won", won.c.has_amount == 1, payment.c.received_on <= scope.as_of)
    )
    return int(read(database, statement.order_by("amount"))["amount"].iloc[0])


def overdue(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per invoice that fell due before the as-of date and is not paid in full by it, the longest due first.
    What was received of a deal, refunds taken off, pays its invoices in the order in which they fall due. Deals are in
    scope as of the date, as in `receipts`.

    opportunity_id, account_id; deal, account, owner, region (names, else ids)
    due_on
    amount, unpaid      minor units of the base currency: the whole, and what is left of it
    """
    i = invoice.c
    received = (
        sa.select(payment.c.opportunity_id, sa.func.sum(payment.c.amount).label("amount"))
        .where(payment.c.received_on <= scope.as_of)
        .group_by(payment.c.opportunity_id)
        .subquery("received")
    )
    due_so_far = sa.func.sum(i.amount).over(
        partition_by=i.opportunity_id, order_by=(i.due_on, i.sequence), rows=(None, 0)
    )
    due = (
        sa.select(i.opportunity_id, i.due_on, i.sequence, i.amount, due_so_far.label("so_far"))
        .where(i.due_on < scope.as_of)
        .subquery("due")
    )
    left = due.c.so_far - sa.func.coalesce(received.c.amount, 0)
    statement = (
        sa.select(
            due.c.opportunity_id,
            opportunity.c.account_id,
            sa.func.coalesce(opportunity.c.name, due.c.opportunity_id).label("deal"),
            sa.func.coalesce(account.c.name, opportunity.c.account_id).label("account"),
            rep_name(deal_span.c.owner_id).label("owner"),
            region_name(deal_span.c.region_id).label("region"),
            due.c.due_on,
            due.c.amount,
            sa.case((left < due.c.amount, left), else_=due.c.amount).label("unpaid"),
        )
        .select_from(
            due.join(
                deal_span,
                sa.and_(deal_span.c.opportunity_id == due.c.opportunity_id, valid_on(deal_span, scope.as_of)),
            )
            .join(opportunity, opportunity.c.opportunity_id == due.c.opportunity_id)
            .outerjoin(account, account.c.account_id == opportunity.c.account_id)
            .outerjoin(received, received.c.opportunity_id == due.c.opportunity_id)
        )
        .where(left > 0, due.c.amount > 0, seen(deal_span.c.owner_id, deal_span.c.region_id, scope), of_deal(scope))
        .order_by(due.c.due_on, due.c.opportunity_id, due.c.sequence)
    )
    return read(database, statement)


def contracts(database: sa.Engine, scope: Scope, days: Sequence[date], since: date) -> pd.DataFrame:
    """One row per day and deal that was won as of it with an account, an amount and both contract dates, in force at
    any time between a day `since` and the last of those: day (its place among `days`), account_id, amount (minor units
    of the base currency), starts_on, ends_on."""
    won = deals.closed(scope, moments_table([Moment(date.min, day, day) for day in days]))
    statement = (
        sa.select(
            won.c.moment.label("day"),
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
            opportunity.c.contract_starts_on <= max(days),
            opportunity.c.contract_ends_on >= since,
        )
        .order_by(won.c.moment, won.c.account_id, won.c.opportunity_id)
    )
    return read(database, statement)
