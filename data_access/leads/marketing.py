"""Questions about what the market cost."""

import pandas as pd
import sqlalchemy as sa

from data_access.engine import read
from data_access.filters import in_regions
from data_access.schema import marketing_cost
from data_access.scope import Scope


def costs(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per cost of a month that has days of the period up to the as-of date, whole: month (its first day),
    source, campaign and region_id (empty: none given), amount (minor units of the base currency).

    Cost knows months, sources, campaigns and regions: the caller asks `knows_no_cost` first. Cost without a region is
    the company's: only who sees everything, and chose no region, has it.
    """
    c = marketing_cost.c
    campaign, region_id = (sa.func.nullif(one, "", type_=sa.Text) for one in (c.campaign, c.region_id))
    statement = (
        sa.select(c.month, c.source, campaign.label("campaign"), region_id.label("region_id"), c.amount)
        .where(
            c.month >= scope.period.start.replace(day=1),
            c.month <= scope.flow_end,
            in_regions(region_id, scope),
            c.source == scope.source if scope.source is not None else sa.true(),
        )
        .order_by(c.month, c.source, c.campaign, c.region_id)
    )
    return read(database, statement)


def knows_no_cost(scope: Scope) -> bool:
    """Whether the scope asks for what no cost is told apart by: people, segments, products, pipelines, tracks."""
    return bool(scope.owner or scope.segments or scope.product or scope.pipeline or scope.track)
