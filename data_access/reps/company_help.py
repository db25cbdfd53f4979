"""Questions about what the company gives its reps: leads, and help across units. Of the whole company, as in
`life_stage`: the caller shows the reps the person may see."""

import pandas as pd
import sqlalchemy as sa

from data_access.engine import per_group, read
from data_access.filters import in_flow
from data_access.schema import activity_day, assignment, deal_span, lead, product, region, region_within
from data_access.scope import Scope


def leads_received(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per rep who received leads in the period up to the as-of date: rep_id, leads.

    Received is what was assigned to the rep to own in the period; each lead counts once per rep. A lead that was never
    assigned to anybody counts for its owner of today, on the day of its creation; one that is removed by the as-of date
    for nobody.
    """
    a = assignment.c
    is_owner = sa.and_(a.subject_kind == "lead", a.role == "owner", a.rep_id.is_not(None))
    days = scope.period.start, scope.flow_end
    removed = sa.select(lead.c.lead_id).where(lead.c.removed_on <= scope.as_of)
    assigned = sa.select(a.subject_id.label("lead_id"), a.rep_id).where(
        is_owner, a.from_on.between(*days), a.subject_id.not_in(removed)
    )
    owned = sa.select(lead.c.lead_id, lead.c.owner_id).where(
        lead.c.owner_id.is_not(None),
        lead.c.lead_id.not_in(removed),
        lead.c.created_on.between(*days),
        ~sa.exists().where(is_owner, a.subject_id == lead.c.lead_id),
    )
    received = sa.union(assigned, owned).subquery("received")
    statement = sa.select(received.c.rep_id, sa.func.count().label("leads"))
    return read(database, per_group(statement, received.c.rep_id))


def help_across_units(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per rep with collaborations completed in the period on deals of another unit: rep_id, helped.

    A unit is a region directly below the root. The rep's unit and the deal's are those of the day it was done; where
    either lies in no unit, it is no help across units.
    """
    units = _units()
    of_rep, of_deal = units.alias("of_rep"), units.alias("of_deal")
    a = activity_day.c
    on_the_day = sa.and_(
        deal_span.c.opportunity_id == a.opportunity_id,
        deal_span.c.from_day <= a.completed_day,
        deal_span.c.to_day > a.completed_day,
    )
    statement = (
        sa.select(a.rep_id, sa.func.count().label("helped"))
        .select_from(
            activity_day.join(deal_span, on_the_day)
            .join(of_rep, of_rep.c.region_id == a.region_id)
            .join(of_deal, of_deal.c.region_id == deal_span.c.region_id)
        )
        .where(a.origin == "collaboration", in_flow(a.completed_day, scope), of_rep.c.unit_id != of_deal.c.unit_id)
    )
    return read(database, per_group(statement, a.rep_id))


def _units() -> sa.Subquery:
    """One row per region that lies in a unit: region_id, unit_id."""
    unit, root = region.alias("unit"), region.alias("root")
    return (
        sa.select(region_within.c.region_id, unit.c.region_id.label("unit_id"))
        .select_from(
            region_within.join(unit, unit.c.region_id == region_within.c.ancestor_id).join(
                root, root.c.region_id == unit.c.parent_id
            )
        )
        .where(root.c.parent_id.is_(None))
        .subquery("units")
    )


def units(database: sa.Engine, _scope: None = None) -> pd.DataFrame:
    """One row per region that lies in a unit: region_id, unit_id, unit (its name). The same for everybody."""
    units = _units()
    statement = (
        sa.select(units.c.region_id, units.c.unit_id, region.c.name.label("unit"))
        .select_from(units.join(region, region.c.region_id == units.c.unit_id))
        .order_by(units.c.region_id)
    )
    return read(database, statement)


def solutions(database: sa.Engine, _scope: None = None) -> pd.DataFrame:
    """One row per product: product, solution (empty: not known). The same for everybody."""
    statement = sa.select(product.c.product, product.c.solution).order_by(product.c.product)
    return read(database, statement)
