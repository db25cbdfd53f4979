"""Many rows into one table, the way each database takes them fastest: COPY on PostgreSQL, one INSERT on SQLite."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, cast

import numpy as np
import psycopg
import sqlalchemy as sa
from psycopg import sql

BATCH = 5_000  # rows at a time


def batches(items: Iterable, size: int = BATCH) -> Iterator[list]:
    """The items in lists of `size`, the last one shorter."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch


@contextmanager
def indexes_at_the_end(connection: sa.Connection, table: sa.Table) -> Iterator[None]:
    """Fill a table from nothing: on SQLite its indexes are made once its rows are there, sorted, instead of row by row
    all over the file. They come back as they were, and not at all where what is done in between fails, since its
    transaction ends. On PostgreSQL nobody could read the table meanwhile.
    """
    indexes: Sequence[Any] = ()
    if connection.dialect.name == "sqlite":
        of_table = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
        indexes = connection.exec_driver_sql(of_table, (table.name,)).all()  # without those of keys, which are needed
    quoted = connection.dialect.identifier_preparer.quote
    for name, _ in indexes:
        connection.exec_driver_sql(f"DROP INDEX {quoted(name)}")
    yield
    for _, made_by in indexes:
        connection.exec_driver_sql(made_by)


def fill(connection: sa.Connection, table: sa.Table, columns: Sequence[Sequence[Any]]) -> None:
    """Insert rows given as columns, in the order of the table's, in the Python types of its columns; days and moments
    also as numpy's."""
    write(
        connection, table, zip(*(_bound(connection, *one) for one in zip(table.c, columns, strict=True)), strict=True)
    )


def _bound(connection: sa.Connection, column: sa.Column, values: Sequence[Any]) -> Iterable[Any]:
    """As the driver takes them."""
    if isinstance(values, np.ndarray):
        if connection.dialect.name == "sqlite":  # as SQLAlchemy writes them, at once
            texts = np.datetime_as_string(values).astype(object)
            texts[np.isnat(values)] = None
            is_day = np.datetime_data(values.dtype)[0] == "D"
            return texts.tolist() if is_day else [text and text.replace("T", " ") for text in texts]
        values = values.astype(object).tolist()
    if isinstance(column.type, sa.Boolean):  # the drivers know it, and SQLAlchemy would ask each value what it is
        return values
    bind = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return values if bind is None else map(bind, values)


def write(connection: sa.Connection, table: sa.Table, rows: Iterable[tuple]) -> None:
    """Insert rows of numbers and texts, each in the order of the table's columns.

    SQLAlchemy's own insert makes a dict and a list of every row: half of an import went there.
    """
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
        return
    insert = str(table.insert().compile(dialect=connection.dialect))
    for batch in batches(rows):
        connection.exec_driver_sql(insert, batch)


def _copy(connection: sa.Connection, table: sa.Table, rows: Iterable[tuple]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, table.c.keys()))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    driver = cast(psycopg.Connection, connection.connection.dbapi_connection)
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:  # as if SQLAlchemy had asked
        raise sa.exc.DBAPIError.instance("COPY", None, error, psycopg.Error, dialect=connection.dialect) from error
