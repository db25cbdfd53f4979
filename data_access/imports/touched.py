"""Which derived rows an import, or its undoing, makes anew."""

from collections.abc import Mapping, Set

import sqlalchemy as sa

from data_access.database.bulk import BATCH
from data_access.database.versions import raise_version
from data_access.derive import ALL, Touched
from data_access.schema import DERIVED, ENTERED_TOO, FACTS, activity, opportunity

# What the derived tables of every deal, or of every activity, rest on.
CONCERNS_ALL = ("stage", "rep", "rep_history", "region")
# Whose changes touch which keys.
TOUCHES = {
    "opportunity": "opportunity_id",
    "opportunity_history": "opportunity_id",
    "lead": "lead_id",
    "activity": "activity_id",
}
# From this share of the deals, or of the activities, deriving all anew is faster than looking the touched ones up.
_MANY = 1 / 3


def to_derive(connection: sa.Connection, changed: Set[str], touched: Mapping[str, set]) -> Touched:
    """What the changes concern; everything where much changed. `changed`: the tables; `touched`: keys per column."""
    deals, leads, activities = (touched[name] for name in ("opportunity_id", "lead_id", "activity_id"))
    if _are_many(connection, deals, opportunity):
        return ALL
    few_activities = None if _are_many(connection, activities, activity) else activities
    return Touched(deals, leads, few_activities, targets="target" in changed)


def raise_facts(connection: sa.Connection, changed: Set[str]) -> None:
    """A new version of the data: of the tables that changed, and of what is derived of any."""
    raise_version(connection, changed & FACTS.keys() | DERIVED.keys(), changed & ENTERED_TOO.keys())


def _are_many(connection: sa.Connection, touched: set, table: sa.Table) -> bool:
    if len(touched) <= BATCH:
        return False
    in_all = connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    return len(touched) > _MANY * in_all
