"""What an import looks at last: whether everything it leaves in the tables can be added up in 64 bits.

Each amount is within its limit by then; here it is their number, or a rate of exchange, that is beyond all sense.
"""

import sqlalchemy as sa

from data_access.database.limits import LARGEST_SUM
from data_access.errors import ImportRefused
from data_access.schema import (
    MONEY_SCALE,
    RATE_SCALE,
    activity,
    activity_cost,
    deal_movement,
    deal_span,
    invoice,
    marketing_cost,
    opportunity,
    payment,
    purchase,
    rate_span,
    support_booking,
    support_person,
    target,
)


def must_add_up(connection: sa.Connection) -> None:
    """Raises ImportRefused where a sum of minor units could pass `LARGEST_SUM`, whatever the question and its day."""
    for what, statement in _SUMS.items():
        total = connection.scalar(statement) or 0
        if total > LARGEST_SUM:
            raise ImportRefused(
                f"{what} add up to some {total / MONEY_SCALE:.1e}, and sums are exact up to "
                f"{LARGEST_SUM // MONEY_SCALE:,} only. Nothing was loaded. Look for amounts, rates or hours that are "
                "too large by some zeros; if they are right, load all amounts in thousands."
            )


def _sum(column) -> sa.Select:
    return sa.select(sa.func.sum(sa.func.abs(sa.cast(column, sa.Float))))  # floats have no end


def _sum_of_deals(source: sa.FromClause, column) -> sa.Select:
    """In the base currency at the highest rate there ever was, or in the deal's if that is more."""
    highest = (
        sa.select(rate_span.c.currency, sa.func.max(rate_span.c.rate).label("rate"))
        .group_by(rate_span.c.currency)
        .subquery("highest")
    )
    factor = sa.case((highest.c.rate > RATE_SCALE, sa.cast(highest.c.rate, sa.Float) / RATE_SCALE), else_=1.0)
    deals = source
    if source is not opportunity:
        deals = source.join(opportunity, opportunity.c.opportunity_id == source.c.opportunity_id)
    return sa.select(sa.func.sum(sa.func.abs(sa.cast(column, sa.Float)) * factor)).select_from(
        deals.outerjoin(highest, highest.c.currency == opportunity.c.currency)
    )


def _largest(column) -> sa.ScalarSelect:
    return sa.select(sa.func.max(sa.cast(column, sa.Float))).scalar_subquery()


# On a day a deal has one amount: the largest it ever had is enough. A bar of the bridge has every move.
_held = (
    sa.select(deal_span.c.opportunity_id, sa.func.max(deal_span.c.amount).label("amount"))
    .group_by(deal_span.c.opportunity_id)
    .subquery("held")
)
_before, _after = (sa.func.coalesce(deal_movement.c[name], 0) for name in ("amount_before", "amount_after"))
_minutes = sa.func.coalesce(activity.c.minutes, _largest(activity_cost.c.default_minutes))

_SUMS = {
    "The amounts of deals (opportunity, opportunity_history, at rates of exchange_rate)": _sum_of_deals(
        _held, _held.c.amount
    ),
    "The changes of deals' amounts (opportunity_history, at rates of exchange_rate)": _sum_of_deals(
        deal_movement, _after - sa.case((deal_movement.c.kind == "amount", _before), else_=0)
    ),
    "The gross margins of deals (opportunity, at rates of exchange_rate)": _sum_of_deals(
        opportunity, opportunity.c.gross_margin
    ),
    "The targets (target)": _sum(target.c.amount),
    "The costs of marketing (marketing_cost)": _sum(marketing_cost.c.amount),
    "The receipts (payment)": _sum(payment.c.amount),
    "The invoices (invoice)": _sum(invoice.c.amount),
    "The purchases of accounts (purchase)": _sum(purchase.c.amount),
    "The costs of support (support_booking, support_person)": sa.select(
        sa.func.sum(support_booking.c.hours) * _largest(support_person.c.hourly_cost)
    ),
    "The costs of activities (activity, activity_cost)": sa.select(
        sa.func.sum(_minutes) / 60 * _largest(activity_cost.c.hourly_cost)
    ),
}
