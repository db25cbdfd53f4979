"""Which open deals have cost more than they can still be expected to return."""

import pandas as pd

from dashboard.answers import Ask
from dashboard.metrics.opportunities import stop_loss as metrics
from data_access.opportunities import cost_of_sale
from data_access.scope import Scope


def candidates(ask: Ask, scope: Scope, opportunity_ids: tuple[str, ...] = ()) -> pd.DataFrame:
    """One row per open deal in scope of which both sides are known, those furthest above first.

    opportunity_ids    only these, where any are named

    opportunity_id, deal, owner_id, owner, region_id, region
    cost                support_cost + activity_cost, so far (base currency units)
    expected_margin     gross_margin × probability
    is_candidate        whether cost > expected_margin
    support_hours, support_cost, activities, activity_cost, gross_margin, probability    the sum behind both sides
    """
    return metrics.judged(ask(cost_of_sale.open_deals, scope, opportunity_ids))


def left_out(ask: Ask, scope: Scope) -> dict[str, int]:
    """How many open deals cannot be judged; see metrics.stop_loss.left_out."""
    return metrics.left_out(ask(cost_of_sale.open_deals, scope, ()))  # as the candidates ask, so once
