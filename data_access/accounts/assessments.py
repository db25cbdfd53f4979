"""What people judged about an account, a deal or a rep: every assessment, and the order in which they hold.

By day, on one day the imported one first, then as they were entered; the last one that is not withdrawn holds.
"""

import pandas as pd
import sqlalchemy as sa

from data_access.copies.files import columns_of
from data_access.engine import as_named, read, reading
from data_access.filters import was_withdrawn
from data_access.names import rep_name
from data_access.permitted import must_see
from data_access.scope import Scope


def of_subject(
    database: sa.Engine, scope: Scope, table: sa.Table, subject_id: str, columns: tuple[str, ...]
) -> pd.DataFrame:
    """One row per assessment about a subject up to the as-of date, in the order in which they hold: the columns asked
    for, assessed_on, assessed_by (a rep's name, else as it was written) where the table has it, and who entered it
    (empty where imported): entry_id, entered_by, entered_at, is_withdrawn. Refuses as `permitted.must_see` does."""
    t, subject = table.c, table.info["key"][0]
    with reading(database) as connection:
        must_see(connection, scope.person, subject, subject_id)
    judge = {"assessed_by": rep_name(t.assessed_by)} if "assessed_by" in t else {}
    statement = (
        sa.select(
            *(t[name] for name in columns),
            t.assessed_on,
            *as_named(judge.values(), judge),
            *entry_columns(table),
        )
        .where(t[subject] == subject_id, t.assessed_on <= scope.as_of)
        .order_by(t.assessed_on, *as_entered(table))
    )
    return with_flag(read(database, statement))


def latest(table: sa.Table, by: tuple[str, ...], scope: Scope) -> sa.Subquery:
    """The assessments that hold as of the date, one per value of the columns `by`, with the table's columns but
    what an import carried beside them. Of several on one day, the one entered last on a page; an imported one stands
    before those."""
    t = table.c
    entered = [column.desc() for column in as_entered(table)]
    place = sa.func.row_number().over(partition_by=[t[name] for name in by], order_by=[t.assessed_on.desc(), *entered])
    ranked = (
        sa.select(*columns_of(table), place.label("place"))
        .where(t.assessed_on <= scope.as_of, ~was_withdrawn(table))
        .subquery("ranked")
    )
    return sa.select(ranked).where(ranked.c.place == 1).subquery("held")


def entry_columns(table: sa.Table) -> tuple:
    """Who entered a row, and whether it was taken back: entry_id, entered_by, entered_at, is_withdrawn (1 or 0)."""
    t = table.c
    return t.entry_id, t.entered_by, t.entered_at, sa.case((was_withdrawn(table), 1), else_=0).label("is_withdrawn")


def as_entered(table: sa.FromClause) -> tuple:
    """Imported rows first, then those of pages, in the order in which they were entered."""
    t = table.c
    return sa.case((t.entered_at.is_(None), 0), else_=1), t.entered_at, t.entry_id


def with_flag(found: pd.DataFrame) -> pd.DataFrame:
    return found.assign(is_withdrawn=found["is_withdrawn"] == 1)
