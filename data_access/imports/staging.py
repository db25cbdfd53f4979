"""From frames to the tables: staged in temporary tables, counted, and moved by one statement per table.

The same statements run on SQLite and PostgreSQL. The temporary tables belong to the import's own connection: nobody
else sees or clears them, filling them keeps nobody waiting, and they go with it however it ends.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from data_access.database.bulk import BATCH, fill, indexes_at_the_end
from data_access.engine import reading
from data_access.errors import ImportRefused
from data_access.schema import CONTRACT

from .lots import Lot, columns_of

_LOCK = 7_205_118  # any number of ours: the advisory lock of imports on PostgreSQL
_CACHE = 64 * 1024  # KB of SQLite's pages: rows come in any order of the indexes, whose pages 2 MB do not hold
_PATIENCE = 5  # seconds: a server notices only after a moment that the client with the lock was killed
_BUSY = "Another import into this database is running. Wait until it has ended, then load again."


@dataclass(frozen=True)
class Staged:
    """One table's accepted rows in a temporary table: the columns that the load fills; others stay as they are. Among
    them those `removed` that the load lacks."""

    table: str
    staging: sa.Table
    accepted: int
    removed: int = 0


@contextmanager
def connection_to_look(database: sa.Engine) -> Iterator[sa.Connection]:
    """A connection with temporary tables of its own, which end with it."""
    with reading(database) as connection:
        connection.detach()  # never back to others, with what is temporary on it
        yield connection


@contextmanager
def connection_to_load(database: sa.Engine) -> Iterator[sa.Connection]:
    """The same for one import at a time: with the lock of imports, which goes with the process that holds it."""
    with connection_to_look(database) as connection:
        if connection.dialect.name == "postgresql":  # the lock is the connection's: with one the other is lost
            _take_advisory_lock(connection)
            yield connection
        else:
            with _locked(f"{database.url.database}.import-lock"):
                connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE}")
                connection.rollback()
                yield connection


@contextmanager
def _locked(file: str) -> Iterator[None]:
    """SQLite's own lock, of an empty database beside the one that is filled: the same on every system."""
    try:
        with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise ImportRefused(_BUSY) from error
        raise ImportRefused(f"Cannot lock {file}, as every import does: {error}. Let its folder be written.") from error


def _take_advisory_lock(connection: sa.Connection) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LOCK))):
        connection.rollback()
        if time.monotonic() > deadline:
            raise ImportRefused(_BUSY)
        time.sleep(_PATIENCE / 20)
    connection.commit()


def stage_rows(
    connection: sa.Connection, lot: Lot, rows: pd.DataFrame, progress: Callable[[int], None], is_whole: bool
) -> Staged:
    """Fill a temporary table with the lot's accepted rows, batch by batch."""
    table = CONTRACT[lot.table]
    key = table.info["key"]
    columns = [name for name in columns_of(lot.table) if name in lot.cells or name in key]
    more = ["entry_id"] if "entry_id" in key else []
    more += ["properties"] if len(lot.extra.columns) else []
    with connection.begin():  # what an export has is not removed, unless it says so itself
        tells = (
            "removed_on" in table.c and "removed_on" not in columns and (is_whole or _has_removed(connection, table))
        )
    more += ["removed_on"] if tells else []
    staged = [sa.Column(name, table.c[name].type) for name in columns + more]
    staging = sa.Table(f"staging_{lot.table}", sa.MetaData(), *staged, prefixes=["TEMPORARY"])
    with connection.begin():
        staging.create(connection, checkfirst=False)
        for start in range(0, len(rows), BATCH):  # boxed a batch at a time: a row of Python values is large
            batch = rows.iloc[start : start + BATCH]
            values: list[Sequence] = [_plain(batch[name], table.c[name].info["form"]) for name in columns]
            if "entry_id" in more:  # a row from a file, never one that was entered on a page
                values.append([""] * len(batch))
            if "properties" in more:
                values.append(_properties(lot.extra.loc[batch.index]))
            if "removed_on" in more:
                values.append([None] * len(batch))
            fill(connection, staging, values)
            progress(start + len(batch))
    return Staged(lot.table, staging, len(rows))


def _plain(cells: pd.Series, form: str) -> Sequence:
    """Python values for the driver, None where empty; days and moments as numpy has them."""
    if form in ("date", "moment"):
        return cells.to_numpy("datetime64[D]" if form == "date" else "datetime64[us]")
    if form == "text":
        return cells.astype(object).where(cells.notna(), None).tolist()
    return cells.to_numpy(object, na_value=None).tolist()


def _properties(extra: pd.DataFrame) -> list[dict]:
    names = sorted(extra.columns)  # one order, so that the same properties are the same text
    return [
        {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
        for cells in extra[names].itertuples(index=False, name=None)
    ]


def _has_removed(connection: sa.Connection, table: sa.Table) -> bool:
    return (
        connection.execute(sa.select(sa.literal(1)).where(table.c.removed_on.is_not(None)).limit(1)).first() is not None
    )


def counts(connection: sa.Connection, staged: Staged) -> tuple[int, int]:
    """(rows that are new, rows that differ from those in the table). Refuses where not all accepted rows are there."""
    there = connection.execute(sa.select(sa.func.count()).select_from(staged.staging)).scalar_one()
    _must_be_as_many(staged, "are staged", there, staged.accepted)
    table = CONTRACT[staged.table]
    if is_empty(connection, table):
        return there, 0
    count = sa.func.count()
    return connection.execute(new(staged, count)).scalar_one(), connection.execute(
        differing(staged, count)
    ).scalar_one()


def touched_keys(connection: sa.Connection, staged: Staged, column: str) -> set[str]:
    """The keys of what has a new or a differing row: of deals (column opportunity_id), leads or activities."""
    key = staged.staging.c[column]
    found = (rows(staged, key).distinct() for rows in (new, differing))
    return {touched for statement in found for touched in connection.scalars(statement)}


def absent(connection: sa.Connection, staged: Staged) -> tuple[int, int, str]:
    """Of the table before the load, but for what is removed: (its rows, those that are not among the staged ones, the
    key of the first).

    By sets: what is staged has no index, and looking there for each row would take as many times as long.
    """
    table = CONTRACT[staged.table]
    (key,) = table.info["key"]
    known = sa.select(table.c[key]).where(table.c.removed_on.is_(None))
    gone = known.except_(sa.select(staged.staging.c[key])).subquery("gone")
    there = connection.execute(sa.select(sa.func.count()).select_from(known.subquery("known"))).scalar_one()
    count, first = connection.execute(sa.select(sa.func.count(), sa.func.min(gone.c[key]))).one()
    return there, count, first or ""


def move(connection: sa.Connection, staged: Staged, changes: int) -> None:
    """Insert what is new and update what differs, in one statement; refuses where that is not the counted number."""
    table, staging = CONTRACT[staged.table], staged.staging
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    rows = sa.select(*staging.c).where(sa.true())  # SQLite needs a condition before ON CONFLICT
    insert = dialect.insert(table).from_select(staging.c.keys(), rows)
    key, rest = table.info["key"], _beside_key(staged)
    if rest:
        insert = insert.on_conflict_do_update(
            index_elements=key,
            set_={name: insert.excluded[name] for name in rest},
            where=_any_differs(table, insert.excluded, rest),
        )
    else:
        insert = insert.on_conflict_do_nothing(index_elements=key)
    with indexes_at_the_end(connection, table) if is_empty(connection, table) else nullcontext():
        moved = connection.execute(insert, execution_options={"preserve_rowcount": True}).rowcount
    _must_be_as_many(staged, "were moved", moved, changes)


def is_empty(connection: sa.Connection, table: sa.Table) -> bool:
    """Whether the table has no row."""
    return connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is None


def _must_be_as_many(staged: Staged, what: str, found: int, expected: int) -> None:
    if found != expected:
        raise ImportRefused(
            f"{found:,} rows of `{staged.table}` {what} where {expected:,} should be. Nothing was loaded. "
            "Load again; if it stays, please report it as an error of this program."
        )


def _beside_key(staged: Staged) -> list[str]:
    return [column.name for column in staged.staging.c if column.name not in CONTRACT[staged.table].info["key"]]


def _same_key(staged: Staged):
    table = CONTRACT[staged.table]
    return sa.and_(*(table.c[name] == staged.staging.c[name] for name in table.info["key"]))


def new(staged: Staged, *what) -> sa.Select:
    """Of the staged rows that the table lacks."""
    is_there = sa.select(sa.literal(1)).where(_same_key(staged)).correlate(staged.staging).exists()
    return sa.select(*what).select_from(staged.staging).where(~is_there)


def differing(staged: Staged, *what) -> sa.Select:
    """Of the table's rows that differ from the staged ones of their keys, and of those."""
    table, staging = CONTRACT[staged.table], staged.staging
    return (
        sa.select(*what)
        .select_from(staging.join(table, _same_key(staged)))
        .where(_any_differs(table, staging.c, _beside_key(staged)))
    )


def _any_differs(table: sa.Table, incoming, names: list[str]):
    return sa.or_(
        sa.false(),
        *(_comparable(table.c[name]).is_distinct_from(_comparable(incoming[name])) for name in names),
    )


def _comparable(column):
    # PostgreSQL has no equality of JSON; as text it has, and properties always come in one order.
    return sa.cast(column, sa.Text) if isinstance(column.type, sa.JSON) else column
