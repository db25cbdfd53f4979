"""Whether a copy is worth its making."""

import sqlalchemy as sa

from data_access.engine import rows_of
from data_access.schema import fact_version

# Rows of facts. With fewer, the database answers about as fast by itself: planning takes DuckDB longer.
_WORTHWHILE = 1_000_000


def is_worthwhile(database: sa.Engine) -> bool:
    """Whether there are so many facts that questions are answered far sooner from a copy."""
    [(count,)] = rows_of(database, sa.select(sa.func.sum(fact_version.c.row_count)), is_of_facts=True)
    return (count or 0) >= _WORTHWHILE
