"""Additive facts over a population of `deals.py`, grouped: the one place where deals become sums."""

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data_access.engine import as_named, per_group, read
from data_access.errors import Refused

GROUPS = ("region", "owner", "source", "product", "segment", "kind", "pipeline", "track")
_COLUMNS = {"region": "region_id", "owner": "owner_id"}
_NUMBERS = (
    "moment",
    "month",
    "amount",
    "cycle_days",
)  # groups that are no names: for moments, months and distributions


def group_column(name: str) -> str:
    """The column of a population by which people group: `region` is region_id, and so on."""
    if name not in GROUPS and name not in _NUMBERS and name not in ("outcome", "bar"):
        raise Refused(f"Deals cannot be grouped by {name!r}. Groups are {', '.join(GROUPS)}.")
    return _COLUMNS.get(name, name)


def amount_sums(population: sa.Subquery) -> tuple:
    """deals; with_amount: of them, those that have one; amount: theirs (minor units of the base currency, those without
    a rate aside); lacks_rate: deals whose amount has none. A total with lacks_rate above 0 is no data."""
    return (
        sa.func.count().label("deals"),
        sa.func.sum(population.c.has_amount).label("with_amount"),
        sa.func.coalesce(sa.func.sum(population.c.amount), 0).label("amount"),
        sa.func.sum(population.c.lacks_rate).label("lacks_rate"),
    )


def grouped(
    database: sa.Engine,
    population: sa.FromClause,
    by: Sequence[str],
    sums: Sequence[sa.Label],
    *conditions,
) -> pd.DataFrame:
    """One row per group, in the groups' order: the group columns under the names people use, then the sums."""
    columns = [population.c[group_column(name)] for name in by]
    statement = sa.select(*as_named(columns, by), *sums).select_from(population).where(*conditions)
    return read(database, per_group(statement, *columns))
