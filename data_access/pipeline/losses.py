"""Questions about why deals were lost, to whom, and what went into them."""

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.deal_sums import amount_sums
from data_access.engine import as_named, per_group, read
from data_access.opportunities.cost_of_sale import support_of
from data_access.schema import opportunity
from data_access.scope import Scope


def closed_by_reason(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (track, outcome, loss_reason, region_id, competitor) of the deals closed in the period, the
    qualified-out and duplicate ones too.

    loss_reason, competitor   empty where nobody said; a won deal has no reason
    deals, with_amount, amount, lacks_rate    see deal_sums.amount_sums; at the closing day's rate
    booked_deals, support_hours    deals with a booking by the as-of date, and their hours (millionths)
    """
    closed = deals.closed(scope.but(with_left_out=True))
    hours = support_of(closed, scope)
    reason = sa.case((closed.c.outcome == "lost", sa.func.nullif(opportunity.c.loss_reason, "", type_=sa.Text)))
    groups = {
        "track": closed.c.track,
        "outcome": closed.c.outcome,
        "loss_reason": reason,
        "region_id": closed.c.region_id,
        "competitor": sa.func.nullif(opportunity.c.competitor, "", type_=sa.Text),
    }
    statement = sa.select(
        *as_named(groups.values(), groups),
        *amount_sums(closed),
        sa.func.count(hours.c.support_hours).label("booked_deals"),
        sa.func.coalesce(sa.func.sum(hours.c.support_hours), 0).label("support_hours"),
    ).select_from(
        closed.join(opportunity, opportunity.c.opportunity_id == closed.c.opportunity_id).outerjoin(
            hours, hours.c.opportunity_id == closed.c.opportunity_id
        )
    )
    return read(database, per_group(statement, *groups.values()))
