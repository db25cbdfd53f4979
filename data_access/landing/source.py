"""The other database: read in one transaction that can write nothing, so what is read of its tables fits together.

What is there becomes text as a file has it; a moment with a time zone keeps its offset, so that its day is the
organisation's, as of the imports.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2b
from typing import Any, NoReturn

import sqlalchemy as sa

from data_access.engine import engine, reading, shown
from data_access.errors import DatabaseUnusable, ImportRefused

from .tables import Landed, nearest

URL_VARIABLE = "DASHBOARD_SYNC_URL"
# Columns in which the programs that land rows keep their own books.
_BOOKS = ("_dlt_", "_airbyte_", "_fivetran_", "_sdc_")
_DELETED = frozenset({"_fivetran_deleted", "_sdc_deleted_at"})  # of these the ones that say something about a row
_CHUNK = 5_000  # rows on their way at a time
_NO_TABLE, _NO_COLUMN = "42P01", "42703"  # of PostgreSQL


def source_engine(url: str) -> sa.Engine:
    """The engine of the database to read, of which nothing is repeated that may be a password."""
    try:
        return engine(url, only_look=True)
    except DatabaseUnusable as unusable:
        said = str(unusable).replace("--database or DASHBOARD_DATABASE_URL", f"--from or {URL_VARIABLE}")
        raise ImportRefused(f"The database to sync from: {said}") from None


@contextmanager
def snapshot(source: sa.Engine, schema: str) -> Iterator[sa.Connection]:
    """One read-only transaction that sees one state of all tables; names without a schema are those of `schema`."""
    is_postgresql = source.dialect.name == "postgresql"
    if schema and not is_postgresql:
        raise ImportRefused(f"{shown(source)} has no schemas: leave out --schema.")
    with _told_of(source), reading(source) as connection:
        if is_postgresql:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            if is_postgresql:
                connection.execute(sa.text("SET LOCAL TIME ZONE 'UTC'"))
            if schema:
                there = sa.inspect(connection).get_schema_names()
                if schema not in there:
                    raise ImportRefused(f"{shown(source)} has no schema {schema!r}.{nearest(schema, there)}")
                quoted = connection.dialect.identifier_preparer.quote(schema)
                connection.execute(sa.select(sa.func.set_config("search_path", quoted, True)))
            yield connection


@contextmanager
def _told_of(source: sa.Engine) -> Iterator[None]:
    """What the source refuses is told of it: none of its tables is one that `migrate` would make."""
    try:
        yield
    except DatabaseUnusable as unusable:
        said = str(unusable)
        if unusable.kind in _OF_OURS and isinstance(unusable.__cause__, sa.exc.DBAPIError):
            said = f"{shown(source)}: {_reason(unusable.__cause__)}."
        raise ImportRefused(f"The database to sync from could not be read. {said} Nothing was changed.") from unusable


_OF_OURS = ("tables", "another_version", "unusable")


@dataclass(frozen=True)
class Found:
    """A landed table as it is there: `columns` are those to read, of `rows`, which has the cursor, too."""

    name: str
    landed: Landed
    rows: sa.Subquery
    columns: tuple[str, ...]

    @property
    def cursor(self) -> sa.ColumnElement:
        return self.rows.c[self.landed.cursor]


def find(connection: sa.Connection, mapping: str, name: str, landed: Landed) -> Found | None:
    """What a mapping's section names; None where that is optional and not there. Refuses, naming what is missing."""
    where = f'The mapping {mapping} reads [from."{name}"]'
    if landed.table:
        table, _, schema = landed.table[::-1].partition(".")
        table, its_schema = table[::-1], schema[::-1] or None
        inspector = sa.inspect(connection)
        if not inspector.has_table(table, its_schema):
            if landed.optional:
                return None
            there = [*inspector.get_table_names(its_schema), *inspector.get_view_names(its_schema)]
            _refuse(connection, f"{where}: there is no table {landed.table!r}.{nearest(table, there)}")
        quote = connection.dialect.identifier_preparer.quote
        statement = "SELECT * FROM " + ".".join(map(quote, filter(None, (its_schema, table))))
    else:
        statement = landed.select
    try:
        with connection.begin_nested():
            names = list(connection.execute(_text(f"SELECT * FROM ({statement}\n) AS landed LIMIT 0")).keys())
    except sa.exc.DBAPIError as error:
        if landed.optional and _lacks_table(error):
            return None
        _refuse(connection, f"{where}, and its select fails: {_reason(error)}.{_meant(connection, error)}")
    again = sorted({one for one in names if names.count(one) > 1})
    if again:
        _refuse(connection, f"{where}, and its select has the column {', '.join(again)} twice. Name each once.")
    needed = {landed.cursor, *landed.order_by, *(landed.belongs_to.on if landed.belongs_to else ())} - {""}
    for one in sorted(needed - {*names}):
        _refuse(connection, f"{where}: it has no column {one!r}.{nearest(one, names)}")
    rows = _text(f"{statement}\n").columns(*map(sa.column, names)).subquery("landed")
    return Found(name, landed, rows, tuple(one for one in names if one in _DELETED or not one.startswith(_BOOKS)))


def _text(statement: str) -> sa.TextClause:
    """The statement as it is: a colon in it names no parameter."""
    return sa.text(statement.replace(":", r"\:"))


def _refuse(connection: sa.Connection, sentence: str) -> NoReturn:
    raise ImportRefused(f"{sentence} Looked in {shown(connection.engine)}. Nothing was changed.")


def _reason(error: sa.exc.DBAPIError) -> str:
    return (str(error.orig).strip().splitlines() or [type(error.orig).__name__])[0]


def _lacks_table(error: sa.exc.DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", "") == _NO_TABLE or "no such table" in str(error.orig)


def _meant(connection: sa.Connection, error: sa.exc.DBAPIError) -> str:
    """What is nearest to the table or the column that a select names and that is not there."""
    missing = _reason(error).rpartition(":")[2].strip().split()[-1].rpartition(".")[2]
    if getattr(error.orig, "sqlstate", "") in (_NO_TABLE, _NO_COLUMN):
        missing = _reason(error).replace('"', "").split(" does not exist")[0].split()[-1].rpartition(".")[2]
    inspector = sa.inspect(connection)
    there = [*inspector.get_table_names(), *inspector.get_view_names()]
    if _lacks_table(error):
        return nearest(missing, there)
    if getattr(error.orig, "sqlstate", "") == _NO_COLUMN or "no such column" in str(error.orig):
        return nearest(missing, {column["name"] for table in there for column in inspector.get_columns(table)})
    return ""


def from_on(found: Found, seen: Any) -> sa.ColumnElement[bool]:
    """The rows from this value of their cursor on, those of the value itself once more; and those without any."""
    if seen is None or not found.landed.cursor:
        return sa.true()
    return sa.or_(found.cursor >= sa.literal(seen, sa.types.NULLTYPE), found.cursor.is_(None))


def greatest(connection: sa.Connection, found: Found) -> Any:
    """The greatest value of the cursor, in a form that JSON keeps and the database compares with it again."""
    if not found.landed.cursor:
        return None
    value: sa.ColumnElement = sa.func.max(found.cursor)
    if connection.dialect.name == "postgresql":
        value = sa.cast(value, sa.Text)
    try:
        return connection.scalar(sa.select(value))
    except sa.exc.ProgrammingError as error:
        _refuse(connection, f"{found.name}: {found.landed.cursor!r} cannot be its cursor: {_reason(error)}.")


def imprint(connection: sa.Connection, found: Found, which: sa.ColumnElement[bool]) -> str:
    """A text that is another one as soon as one of these rows is another, or is not there. In no order."""
    picked = _picked(found, which)
    if connection.dialect.name == "postgresql":  # there, for it may be a million rows
        whole = picked.subquery("whole")
        text = sa.cast(sa.literal_column("whole"), sa.Text)
        hashed = sa.func.sum(sa.func.hashtextextended(text, 0))
        return ":".join(map(str, connection.execute(sa.select(sa.func.count(), hashed).select_from(whole)).one()))
    count = total = 0
    for row in connection.execute(picked):
        count += 1
        total += int.from_bytes(blake2b(repr(tuple(row)).encode("utf-8", "surrogatepass"), digest_size=8).digest())
    return f"{count}:{total}"


def read(connection: sa.Connection, found: Found, which: sa.ColumnElement[bool]) -> dict[str, list[str | None]]:
    """{column: its cells as text, None where there is nothing} of these rows."""
    columns: list[list[str | None]] = [[] for _ in found.columns]
    texts: list[dict[str, str | None]] = [{} for _ in found.columns]  # one object for what is written alike
    try:
        rows_read = _picked(found, which).order_by(*(found.rows.c[name] for name in found.landed.order_by))
        result = connection.execute(rows_read, execution_options={"stream_results": True})
        for rows in result.partitions(_CHUNK):
            for column, known, values in zip(columns, texts, zip(*rows, strict=True), strict=True):
                column.extend([None if value is None else _alike(known, written(value)) for value in values])
    except sa.exc.DataError as error:  # a moment that is infinite, say
        _refuse(connection, f"{found.name}: a row cannot be read: {_reason(error)}. Leave it out by a select.")
    return dict(zip(found.columns, columns, strict=True))


def _picked(found: Found, which: sa.ColumnElement[bool]) -> sa.Select:
    return sa.select(*(found.rows.c[name] for name in found.columns)).where(which)


def _alike(known: dict[str, str | None], text: str) -> str | None:
    if text not in known:
        known[text] = text.strip() or None
    return known[text]


def written(value: Any) -> str:
    """A value as the contract's files have it; JSON as it is written."""
    kind = type(value)
    if kind is str:
        return value
    if kind is bool:
        return "true" if value else "false"
    if kind is float:
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=written)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)
