"""What people entered, as it is now, beside the facts of a copy.

What was imported into the same tables is in the copy, so that the rows to read are as many as people typed. They are
read again for each version of what is entered, of the tables that are asked for.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from data_access.errors import DatabaseUnusable
from data_access.schema import metadata

from .files import IMPORTED, columns_of, type_of

if TYPE_CHECKING:
    from .serving import Copy

_KEPT = 12  # versions of what was entered: some are still being asked while the next are

_lock = threading.Lock()
_held: WeakKeyDictionary["Copy", dict[str, set[str]]] = WeakKeyDictionary()  # per copy and version, which tables


def hold(copy: "Copy", rows_of: Callable[[sa.Select], Sequence[sa.Row]], tables: Iterable[str], entries: str) -> str:
    """Puts these tables of the database into the copy's memory, for the first who asks of this version of what was
    entered; gives the schema they stand in. Raises DatabaseUnusable where there is no room, or the copy has failed."""
    import duckdb

    wanted, schema = set(tables), f"entered_{entries}"
    if wanted <= _held.get(copy, {}).get(schema, set()):
        return schema
    with _lock, copy.root.cursor() as memory:
        schemas = _held.setdefault(copy, {})
        try:
            if schema not in schemas:
                memory.execute(f'CREATE SCHEMA "{schema}"')
                schemas[schema] = set()
                for former in list(schemas)[:-_KEPT]:
                    del schemas[former]
                    memory.execute(f'DROP SCHEMA "{former}" CASCADE')
            for name in sorted(wanted - schemas[schema]):
                _put(memory, rows_of, metadata.tables[name], schema)
                schemas[schema].add(name)
        except duckdb.Error as error:
            raise DatabaseUnusable(f"What was entered cannot be put beside it: {error}") from error
    return schema


def _put(memory, rows_of: Callable[[sa.Select], Sequence[sa.Row]], table: sa.Table, schema: str) -> None:
    import pyarrow as pa

    types = {
        "BOOLEAN": pa.bool_(),
        "TIMESTAMP": pa.timestamp("us"),
        "DATE": pa.date32(),
        "DOUBLE": pa.float64(),
        "BIGINT": pa.int64(),
        "VARCHAR": pa.string(),
    }
    columns = columns_of(table)
    asked = sa.select(*columns)
    if table.name in IMPORTED:
        asked = asked.where(table.c.entry_id != "")
    rows = rows_of(asked)
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    kinds = [type_of(column) for column in columns]
    found = pa.table(
        {column.name: pa.array(each, types[kind]) for column, kind, each in zip(columns, kinds, values, strict=True)}
    )
    named = ", ".join(f'"{column.name}" {kind}' for column, kind in zip(columns, kinds, strict=True))
    name = f"typed_{table.name}" if table.name in IMPORTED else table.name
    memory.execute(f'CREATE OR REPLACE TABLE "{schema}"."{name}" ({named})')
    memory.register("found", found)
    memory.execute(f'INSERT INTO "{schema}"."{name}" FROM found')
    memory.unregister("found")
    if table.name in IMPORTED:
        memory.execute(
            f'CREATE VIEW "{schema}"."{table.name}" AS '
            f'FROM "of_{table.name}"."{table.name}" UNION ALL FROM "{schema}"."{name}"'
        )
