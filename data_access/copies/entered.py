"""What people entered, as it is now, beside the facts of a copy: for questions that join both while newer facts wait.

Everything else that people enter is asked of the database itself. Only there the facts are newer than the copy's, and
a deal judged would be counted with an amount that the rest of the page does not know.
"""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from data_access.schema import metadata

from .files import type_of

if TYPE_CHECKING:
    from .serving import Copy

_KEPT = 3  # versions of what was entered: some are still being asked while the next is

_lock = threading.Lock()
_held: WeakKeyDictionary["Copy", dict[str, set[str]]] = WeakKeyDictionary()  # per copy and version, which tables


def hold(copy: "Copy", source: sa.Connection, tables: Iterable[str], stamp: str) -> str:
    """Puts these tables of the database into the copy's memory, for the first who asks of this version of what was
    entered; gives the schema they stand in."""
    with _lock:
        schemas = _held.setdefault(copy, {})
        schema = f"entered_{stamp}"
        with copy.root.cursor() as memory:
            if schema not in schemas:
                memory.execute(f'CREATE SCHEMA "{schema}"')
                schemas[schema] = set()
                for former in list(schemas)[:-_KEPT]:
                    memory.execute(f'DROP SCHEMA "{former}" CASCADE')
                    del schemas[former]
            for name in sorted(set(tables) - schemas[schema]):
                _put(memory, source, metadata.tables[name], f'"{schema}"."{name}"')
                schemas[schema].add(name)
    return schema


def _put(memory, source: sa.Connection, table: sa.Table, target: str) -> None:
    import pyarrow as pa

    types = {
        "BOOLEAN": pa.bool_(),
        "TIMESTAMP": pa.timestamp("us"),
        "DATE": pa.date32(),
        "DOUBLE": pa.float64(),
        "BIGINT": pa.int64(),
        "VARCHAR": pa.string(),
    }
    columns = [column for column in table.c if not isinstance(column.type, sa.JSON)]  # which no join reads
    rows = source.execute(sa.select(*columns)).all()
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    kinds = [type_of(column) for column in columns]
    found = pa.table(
        {column.name: pa.array(each, types[kind]) for column, kind, each in zip(columns, kinds, values, strict=True)}
    )
    named = ", ".join(f'"{column.name}" {kind}' for column, kind in zip(columns, kinds, strict=True))
    memory.execute(f"CREATE TABLE {target} ({named})")
    memory.register("found", found)
    memory.execute(f"INSERT INTO {target} FROM found")
    memory.unregister("found")
