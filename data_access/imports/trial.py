"""A move that is only tried: in temporary tables that stand before the real ones under their names, so that every
question asked on this connection meanwhile finds what would be, nobody waits, and nothing can stay."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

_OF_OWN = {"sqlite": "temp", "postgresql": "pg_temp"}  # the schema of a connection's own tables, looked into first
_CACHE = 64 * 1024  # KB of SQLite's pages, as for a real import


@contextmanager
def tried(connection: sa.Connection, tables: Iterable[sa.Table]) -> Iterator[None]:
    """One transaction with tables of its own, filled like these, under their names; then it is rolled back."""
    with connection.begin() as transaction:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA temp.cache_size = -{_CACHE}")
        real = sa.inspect(connection).default_schema_name or ""
        for table in tables:
            _stand_in(connection, table, real)
        if connection.dialect.name == "postgresql":  # what is prepared knows the real ones
            connection.exec_driver_sql("DISCARD PLANS")
        yield
        transaction.rollback()


def _stand_in(connection: sa.Connection, table: sa.Table, real: str) -> None:
    own, there = (
        table.to_metadata(sa.MetaData(), schema=schema) for schema in (_OF_OWN[connection.dialect.name], real)
    )
    connection.execute(sa.schema.CreateTable(own))
    connection.execute(own.insert().from_select(own.c.keys(), sa.select(*there.c)))
    for index in own.indexes:
        index.create(connection)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f'ANALYZE pg_temp."{table.name}"')
