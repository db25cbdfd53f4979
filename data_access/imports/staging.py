"""From frames to the tables: staged in small batches, counted, and moved by one statement per table.

The same statements run on SQLite and PostgreSQL.
"""

import os
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from data_access.engine import reading, writing
from data_access.errors import ImportRefused
from data_access.schema import CONTRACT, STAGING

from .lots import Lot, columns_of

_BATCH = 5_000  # rows per short transaction, so that the app's small writes wait milliseconds
_LOCK = 7_205_118  # any number of ours: the advisory lock of imports on PostgreSQL
_PATIENCE = 5  # seconds: a server notices only after a moment that the client with the lock was killed


@dataclass(frozen=True)
class Staged:
    """One table's rows in its staging table; `columns` are those the load fills, others stay as they are."""

    table: str
    columns: tuple[str, ...]


@contextmanager
def one_import_at_a_time(database: sa.Engine):
    """Holds the lock of imports. It goes with the process, so that a killed import leaves none behind."""
    if database.dialect.name == "postgresql":
        with reading(database) as connection:
            _take_advisory_lock(connection)
            try:
                yield
            finally:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(_LOCK)))
                connection.commit()
    elif sys.platform == "win32":
        yield  # no such locks there; SQLite itself still keeps the one transaction whole
    else:
        path = Path(f"{database.url.database}.importing")
        with _locked(path):
            try:
                yield
            finally:
                path.unlink(missing_ok=True)  # while it is still locked: nobody else's


def _locked(path: Path):
    """The file, open and locked; of two imports that begin at once, one is refused."""
    import fcntl

    while True:
        file = path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        except BlockingIOError:
            file.close()
            raise ImportRefused(_BUSY) from None
        except FileNotFoundError:
            pass
        file.close()  # the import that held it removed it between our opening and our locking


def _take_advisory_lock(connection: sa.Connection) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LOCK))):
        connection.rollback()
        if time.monotonic() > deadline:
            raise ImportRefused(_BUSY)
        time.sleep(_PATIENCE / 20)
    connection.commit()


_BUSY = "Another import into this database is running. Wait until it has ended, then load again."


def clear(database: sa.Engine) -> None:
    """Empty the staging tables: of this load, and of earlier ones that were killed."""
    for staging in STAGING.values():
        with writing(database) as connection:
            connection.execute(staging.delete())


def stage_rows(
    database: sa.Engine, lot: Lot, rows: pd.DataFrame, load_id: str, progress: Callable[[int], None]
) -> Staged:
    """Fill the lot's staging table, batch by batch."""
    table = CONTRACT[lot.table]
    key = table.info["key"]
    columns = [name for name in columns_of(lot.table) if name in lot.cells or name in key]
    values = {name: _plain(rows[name], table.c[name].info["form"]) for name in columns}
    if "entry_id" in key:  # a row from a file, never one that was entered on a page
        values["entry_id"] = [""] * len(rows)
    if len(lot.extra.columns):
        values["properties"] = _properties(lot.extra.loc[rows.index])
    lines = range(1, len(rows) + 1)
    insert = STAGING[lot.table].insert()
    names = ["load_id", "line", *values]
    for start in range(0, len(rows), _BATCH):
        part = slice(start, start + _BATCH)
        batch = zip(lines[part], *(column[part] for column in values.values()), strict=True)
        with writing(database) as connection:
            connection.execute(insert, [dict(zip(names, (load_id, *row), strict=True)) for row in batch])
        progress(min(start + _BATCH, len(rows)))
    return Staged(lot.table, tuple(values))


def _plain(cells: pd.Series, form: str) -> list:
    """Python values for the driver, None where empty."""
    if form in ("date", "moment"):
        return cells.to_numpy("datetime64[D]" if form == "date" else "datetime64[us]").astype(object).tolist()
    if form == "text":
        return cells.astype(object).where(cells.notna(), None).tolist()
    return cells.to_numpy(object, na_value=None).tolist()


def _properties(extra: pd.DataFrame) -> list[dict]:
    names = sorted(extra.columns)  # one order, so that the same properties are the same text
    return [
        {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
        for cells in extra[names].itertuples(index=False, name=None)
    ]


def counts(connection: sa.Connection, staged: Staged, load_id: str) -> tuple[int, int]:
    """(rows that are new, rows that differ from those in the table)."""
    table, staging = CONTRACT[staged.table], STAGING[staged.table]
    new = sa.select(sa.func.count()).select_from(staging).where(_is_new(table, staging, load_id))
    return connection.scalar(new), connection.scalar(_differing(staged, load_id, sa.func.count()))


def touched_keys(connection: sa.Connection, staged: Staged, load_id: str, column: str) -> set[str]:
    """The keys of what has a new or a differing row: of deals (column opportunity_id), leads or activities."""
    table, staging = CONTRACT[staged.table], STAGING[staged.table]
    new = sa.select(staging.c[column]).distinct().where(_is_new(table, staging, load_id))
    differing = _differing(staged, load_id, staging.c[column]).distinct()
    return set(connection.scalars(new)) | set(connection.scalars(differing))


def move(connection: sa.Connection, staged: Staged, load_id: str) -> None:
    """Insert what is new and update what differs, in one statement."""
    table, staging = CONTRACT[staged.table], STAGING[staged.table]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    rows = sa.select(*(staging.c[name] for name in staged.columns)).where(staging.c.load_id == load_id)
    insert = dialect.insert(table).from_select(staged.columns, rows)
    key, rest = table.info["key"], _beside_key(staged)
    if rest:
        insert = insert.on_conflict_do_update(
            index_elements=key,
            set_={name: insert.excluded[name] for name in rest},
            where=_any_differs(table, insert.excluded, rest),
        )
    else:
        insert = insert.on_conflict_do_nothing(index_elements=key)
    connection.execute(insert)


def _beside_key(staged: Staged) -> list[str]:
    return [name for name in staged.columns if name not in CONTRACT[staged.table].info["key"]]


def _same_key(table: sa.Table, staging: sa.Table):
    return sa.and_(*(table.c[name] == staging.c[name] for name in table.info["key"]))


def _is_new(table: sa.Table, staging: sa.Table, load_id: str):
    there = sa.select(sa.literal(1)).where(_same_key(table, staging)).correlate(staging)
    return sa.and_(staging.c.load_id == load_id, ~there.exists())


def _differing(staged: Staged, load_id: str, what) -> sa.Select:
    table, staging = CONTRACT[staged.table], STAGING[staged.table]
    return (
        sa.select(what)
        .select_from(staging.join(table, _same_key(table, staging)))
        .where(staging.c.load_id == load_id, _any_differs(table, staging.c, _beside_key(staged)))
    )


def _any_differs(table: sa.Table, incoming, names: list[str]):
    return sa.or_(
        sa.false(),
        *(_comparable(table.c[name]).is_distinct_from(_comparable(incoming[name])) for name in names),
    )


def _comparable(column):
    # PostgreSQL has no equality of JSON; as text it has, and properties always come in one order.
    return sa.cast(column, sa.Text) if isinstance(column.type, sa.JSON) else column
