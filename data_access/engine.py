"""The way to the database: `read` is the only door for questions, `writing` the only one for writes."""

import logging
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import cache, partial
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import unquote
from weakref import WeakKeyDictionary

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from data_access.database import embedded, refusals
from data_access.database.limits import LONGEST_TEXT, unfit
from data_access.database.url import DATABASE_VARIABLE, DEFAULT_URL

from .copies import entered
from .copies.files import COPIED, IMPORTED
from .copies.serving import Copy, copy_of, entries_with, is_former
from .errors import DatabaseUnusable
from .schema import FACTS

log = logging.getLogger(__name__)

Engine = sa.Engine  # by which those name it who ask questions and know no SQL

_FORMS = "Use sqlite:///FILE or postgresql://USER@HOST/NAME."

# How long a question of a page may take, in seconds, and how long it waits for somebody else's lock: far above what
# either takes, since a busy machine is slow, not wrong. A URL's own `options` for PostgreSQL win.
WAITS = {"DASHBOARD_QUESTION_SECONDS": 60, "DASHBOARD_LOCK_SECONDS": 10}
# How long commands wait for a lock, in seconds: through anything but a program that hangs.
_PATIENCE = 60
# Of a hundred that PostgreSQL has, unless told otherwise: whoever waits for a lock holds one, and others need theirs.
_CONNECTIONS = {"pool_size": 10, "max_overflow": 20, "pool_timeout": 10}
# A PostgreSQL server that is gone without a word is noticed after half a minute.
_NETWORK = {"connect_timeout": 5, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}


_LAST_PORT = 65_535
# Of one question: far more than is drawn or listed, and few enough that nobody else's pages go down with it.
MOST_ROWS = 1_000_000
_STATEMENTS = 5_000  # of which it is kept what they read: far more than there are


@cache
def engine(
    url: str, *, only_look: bool = False, seconds: float | None = None, lock_seconds: float = _PATIENCE
) -> sa.Engine:
    """One engine per URL: SQLite (WAL, for one machine) or PostgreSQL through psycopg 3 (shared).

    A SQLite file that is not there is never made by asking or writing; `provide` makes it. With `only_look` not a
    byte of the file can be changed, and a file or folder that may only be read can be asked. A question is given up
    after `seconds`, where there are any, and the wait for a lock after `lock_seconds`.
    """
    parsed = _parsed(url)
    if parsed.drivername == "sqlite":
        return embedded.engine(parsed, only_look, seconds, lock_seconds, **_CONNECTIONS)
    # Translating a question of many columns into machine code (jit) took ten times as long as answering it.
    waits = f"-c jit=off -c lock_timeout={lock_seconds:.3f}s"
    if seconds is not None:
        waits += f" -c statement_timeout={seconds:.3f}s"
    return sa.create_engine(
        parsed,
        pool_pre_ping=True,
        connect_args={name: value for name, value in _NETWORK.items() if name not in parsed.query}
        | {"options": f"{waits} {parsed.query.get('options', '')}"},
        **_CONNECTIONS,
    )


def for_pages(url: str) -> sa.Engine:
    """The engine of people who wait: its questions, and its waits for a lock, have an end (see WAITS)."""
    return engine(url, seconds=question_seconds(), lock_seconds=_seconds("DASHBOARD_LOCK_SECONDS"))


def question_seconds() -> float:
    """How long a question of a page may take."""
    return _seconds("DASHBOARD_QUESTION_SECONDS")


def _seconds(name: str) -> float:
    said = os.environ.get(name) or str(WAITS[name])
    try:
        found = float(said)
    except ValueError:
        found = 0
    if not (isfinite(found) and found > 0):
        raise DatabaseUnusable(f"{name} is {said!r}. Write a number of seconds above 0, such as {WAITS[name]}.")
    return found


def provide(url: str) -> sa.Engine:
    """The engine of a URL, its SQLite file made where it is not there yet: for the commands that fill it."""
    parsed = _parsed(url)
    if parsed.drivername == "sqlite":
        file = Path(parsed.database or "").resolve()
        if url == DEFAULT_URL:
            file.parent.mkdir(exist_ok=True)
        elif not file.parent.is_dir():
            raise DatabaseUnusable(f"There is no folder {file.parent} for the database {file.name}. Make it first.")
        try:
            file.touch(exist_ok=True)
        except OSError as error:
            raise DatabaseUnusable(f"Cannot make the database {file}: {error.strerror}.") from error
    return engine(url)


def _parsed(url: str) -> sa.URL:
    """The URL of a database that can be used here; raises DatabaseUnusable."""
    # A plain postgresql:// would pick psycopg2, which is not installed.
    url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):  # ValueError: a port that is no number
        # It is not repeated, since what cannot be read may hold a password anywhere, or be one.
        raise DatabaseUnusable(f"What --database or {DATABASE_VARIABLE} says is not a database URL. {_FORMS}") from None
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise DatabaseUnusable(f"{parsed.drivername!r} databases are not supported. {_FORMS}")
    if parsed.drivername == "sqlite" and (parsed.host or parsed.database in (None, "", ":memory:")):
        raise DatabaseUnusable(
            "The database must be a file, since several processes share it: sqlite:///FILE, with three slashes, or "
            "four before a path from the root."
        )
    if _may_show_a_password(parsed):
        raise DatabaseUnusable(
            "In the database URL an @ or : stands where none can be. Within a password write @ as %40, : as %3A and "
            f"/ as %2F. {_FORMS}"
        )
    # The driver reads a URL up to a NUL, and would reach another server.
    reason = unfit(unquote(url, errors="surrogateescape"), LONGEST_TEXT)
    if reason:
        raise DatabaseUnusable(f"The database URL {reason}. {_FORMS}")
    return parsed


def _may_show_a_password(url: sa.URL) -> bool:
    """Whether a mistyped URL has one in the name of its user, host or database, which messages repeat."""
    if url.drivername == "sqlite":
        return bool(re.search("://|:[^/]*@", url.database or ""))
    if (url.port or 0) > _LAST_PORT:  # a password of digits, without the @ behind it
        return True
    return bool(re.search("@|%40", f"{url.host}") or re.search("@|%40|:", f"{url.database}")) or (
        re.search("[:;]", f"{url.username}") is not None
    )


def shown(database: sa.Engine) -> str:
    """The database's URL as it may be said: without a password, be it in its query."""
    socket = {name: value for name, value in database.url.query.items() if name == "host"}
    return database.url.set(query=socket).render_as_string()


def holds_nothing(database: sa.Engine) -> bool:
    """Whether there is no file yet, or nothing in the database."""
    if database.dialect.name == "sqlite" and not Path(database.url.database or "").exists():
        return True
    with reading(database) as connection:
        found = sa.inspect(connection)
        return not found.get_table_names() and not found.get_view_names()


def must_answer(database: sa.Engine) -> None:
    """Raises DatabaseUnusable, in a sentence, where the database cannot be reached."""
    with reading(database):
        pass


_here = threading.local()  # of this thread: how often it read more than facts


def entered_was_read() -> int:
    """How often this thread has read what people enter: as long as it stays, all that was asked rests on facts."""
    return getattr(_here, "entered", 0)


def reads_entered() -> None:
    """Something was read that people enter, or may have been."""
    _here.entered = entered_was_read() + 1


@dataclass(frozen=True)
class Sent:
    """One statement as it was sent, with the values of its parameters by their names; and the question it is of."""

    question: str
    statement: str
    parameters: Mapping[str, Any]


@contextmanager
def recorded() -> Iterator[list[Sent]]:
    """What this thread sends meanwhile to answer questions, each statement once, in their order."""
    before, _here.recorded = getattr(_here, "recorded", None), []
    try:
        yield _here.recorded
    finally:
        _here.recorded = before


def is_recorded() -> bool:
    """Whether somebody wants to see what is sent: then nothing kept will do."""
    return getattr(_here, "recorded", None) is not None


@contextmanager
def of_question(name: str) -> Iterator[None]:
    """What is recorded meanwhile is sent for the question of this name."""
    before, _here.question = getattr(_here, "question", ""), name
    try:
        yield
    finally:
        _here.question = before


def _record(connection: sa.Connection, statement: sa.Select) -> None:
    """Writes down a statement that was answered for a question. Parameters are named, though SQLite's driver counts
    them: whoever reads it finds each value."""
    question = getattr(_here, "question", "")
    if not question:  # which version of the data there is, say
        return
    dialect = copy(connection.dialect)
    dialect.paramstyle, dialect.positional = "named", False
    dialect.identifier_preparer = dialect.preparer(dialect)
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    sent = Sent(question, str(compiled), dict(compiled.params))
    if sent not in _here.recorded:
        _here.recorded.append(sent)


@contextmanager
def reading(database: sa.Engine | sa.Connection) -> Iterator[sa.Connection]:
    """A connection for questions; one that is handed in sees also what its transaction has written."""
    reads_entered()
    with _connected(database) as connection:
        yield connection


@contextmanager
def writing(database: sa.Engine | sa.Connection) -> Iterator[sa.Connection]:
    """One transaction, whole or not at all: the only door for writes, DDL included.

    On a connection that is in a transaction the writes become part of that one.
    """
    with _connected(database) as connection:
        if connection.in_transaction():
            yield connection
            return
        connection.execution_options(**{embedded.WRITES: True})
        with connection.begin():
            yield connection
            embedded.must_still_be_there(connection)
        embedded.empty_the_log(connection, after_a_write=True)


@contextmanager
def _connected(database: sa.Engine | sa.Connection) -> Iterator[sa.Connection]:
    with _in_words(database.engine):
        if isinstance(database, sa.Connection):
            yield database
            return
        embedded.must_be_there(database)
        with database.connect() as connection:
            try:
                yield connection
                embedded.empty_the_log(connection, after_a_write=False)
            finally:
                embedded.done_with(connection)


@contextmanager
def _in_words(database: sa.Engine) -> Iterator[None]:
    """What the database refuses becomes a DatabaseUnusable that says what to do; broken rules of ours pass through."""
    try:
        yield
    except sa.exc.IntegrityError:
        raise
    except sa.exc.TimeoutError as error:
        raise _unusable(database, "busy", "all connections are in use") from error
    except sa.exc.DBAPIError as error:
        kind = "away" if embedded.is_elsewhere(database) else refusals.kind_of(error)
        if kind == "no_database":
            embedded.let_go(database)  # a file written over is broken for as long as one connection knows the former
        reason = str(error.orig).strip() or type(error.orig).__name__
        raise _unusable(database, kind, reason.splitlines()[0]) from error


def _unusable(database: sa.Engine, kind: str, reason: str) -> DatabaseUnusable:
    return DatabaseUnusable(refusals.SENTENCES[kind].format(database=shown(database), reason=reason), kind)


def rows_of(
    database: sa.Engine | sa.Connection, statement: sa.Select, *, is_of_facts: bool | None = None
) -> Sequence[sa.Row]:
    """The rows of a select; raises DatabaseUnusable, saying what to do, where the database does not give them.

    is_of_facts   whether no entry of a page changes them; unless it is said, the tables say it
    """
    found = _from_copy(database, statement, bool(is_of_facts), _rows)
    return _from_database(database, statement, is_of_facts) if found is None else found


_Found = TypeVar("_Found")


def _rows(connection: sa.Connection, statement: sa.Select) -> Sequence[sa.Row]:
    rows = connection.execute(statement).all()
    if is_recorded():
        _record(connection, statement)
    return rows


def _columns(connection: sa.Connection, statement: sa.Select) -> Any:
    """The same of a copy, as a table of Arrow: no row of it becomes an object of Python."""
    connection.execute(statement)
    if is_recorded():
        _record(connection, statement)
    session = cast(sa.PoolProxiedConnection, connection.connection).cursor()
    dbapi = cast(Any, connection.dialect.dbapi)
    try:
        return session.columns()
    except dbapi.Error as error:
        raise sa.exc.OperationalError(str(statement), None, error) from error


def _from_database(
    database: sa.Engine | sa.Connection, statement: sa.Select, is_of_facts: bool | None, most: int | None = None
) -> Sequence[sa.Row]:
    """The rows as the database has them; of more than `most` the first ones."""
    with _connected(database) as connection:
        result = connection.execute(statement)
        if not (_is_of_facts(cast(sa.Compiled, result.context.compiled)) if is_of_facts is None else is_of_facts):
            reads_entered()
        if is_recorded():
            _record(connection, statement)
        return result.all() if most is None else result.fetchmany(most)


def _from_copy(
    database: sa.Engine | sa.Connection,
    statement: sa.Select,
    is_of_facts: bool,
    fetch: Callable[[sa.Connection, sa.Select], _Found],
) -> _Found | None:
    """The rows as the reading copy has them, with what people entered beside it; None where it has not all, or fails,
    so that the database answers.

    Where the copy is of earlier facts and fails, nothing is answered: the database would of other facts.
    """
    if isinstance(database, sa.Connection):
        return None
    copy, entries = copy_of(database), entries_with(database)
    if copy is None:
        return None
    tables = _tables_read(statement)
    besides = frozenset() if is_of_facts else tables - COPIED.keys()
    # What is entered and never imported are few rows, some with what no copy has.
    if besides and (entries is None or not tables & (FACTS.keys() | IMPORTED.keys())):
        return None
    if besides:
        reads_entered()
    if not copy.has_failed:
        try:
            schema = ""
            if besides and entries is not None:
                rows = partial(_from_database, database, is_of_facts=True)
                schema = entered.hold(copy, rows, besides, entries)
            return _asked_of(database, copy, statement, schema, fetch)
        except DatabaseUnusable as unusable:
            if unusable.kind in ("slow", "busy"):
                raise
            log.warning("The copy of %s is asked no more: %s", shown(database), unusable)
            copy.has_failed = True
    if not is_former(database):
        return None
    raise _unusable(database, "busy", "the reading copy failed while a newer one is being made")


def _asked_of(
    database: sa.Engine,
    copy: Copy,
    statement: sa.Select,
    schema: str,
    fetch: Callable[[sa.Connection, sa.Select], _Found],
) -> _Found:
    """The rows of a copy, with the tables of `schema` beside its own."""
    with _in_words(database), copy.engine.connect() as connection:
        if not schema:
            return fetch(connection, statement)
        session = cast(sa.PoolProxiedConnection, connection.connection).cursor()
        session.execute(f"SET search_path = '{schema},main'")
        try:
            return fetch(connection, statement)
        finally:
            session.execute("SET search_path = 'main'")


def _tables_of(statement: sa.ClauseElement | None) -> frozenset[str]:
    """Each part is looked at once: SQLAlchemy's own `iterate` walks through a sub-select at each mention of it."""
    seen: dict[int, Any] = {}  # by identity, and held on to: an identity is given anew
    ahead: list[Any] = [] if statement is None else [statement]
    while ahead:
        one = ahead.pop()
        if id(one) not in seen:
            seen[id(one)] = one
            ahead.extend(() if isinstance(one, sa.Table) else one.get_children())
    return frozenset(one.name for one in seen.values() if isinstance(one, sa.Table))


# To walk through a statement takes longer than to run it, so what was seen is kept: by what SQLAlchemy keeps of it, and
# of the copy, which has to be chosen before, by SQLAlchemy's own key.
_of_facts: WeakKeyDictionary[sa.Compiled, bool] = WeakKeyDictionary()
_read: dict[tuple, frozenset[str]] = {}


def _is_of_facts(compiled: sa.Compiled) -> bool:
    """Whether a statement that was run reads nothing that people enter."""
    if compiled not in _of_facts:
        _of_facts[compiled] = _tables_of(compiled.statement) <= FACTS.keys()
    return _of_facts[compiled]


def _tables_read(statement: sa.Select) -> frozenset[str]:
    """The tables a statement reads."""
    key = statement._generate_cache_key()
    known = _read.get(key.key) if key else None
    if known is None:
        known = _tables_of(statement)
        if key and len(_read) < _STATEMENTS:
            _read[key.key] = known
    return known


def read(
    database: sa.Engine | sa.Connection, statement: sa.Select, dtypes: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """The rows of a select, as a frame with its columns in types that follow from theirs (`_DTYPES`), also when empty.

    dtypes   of columns by name, where another is wanted: pandas' own, or `day`, for an ordinal that becomes a
             `datetime64[s]`

    Raises ValueError where `dtypes` names what is no column, or a column has neither a name nor a type of its own, and
    DatabaseUnusable where there are more than MOST_ROWS rows: sums belong into the select.
    """
    wanted = dtypes or {}
    named = statement.selected_columns.items()
    unknown = wanted.keys() - dict(named)
    if unknown:
        raise ValueError(f"The select has no columns {sorted(unknown)}.")
    kinds = {name: wanted.get(name) or _dtype(name, column) for name, column in named}
    table = _from_copy(database, statement, False, _columns)
    if table is not None:
        _must_be_few(database, table.num_rows)
        return pd.DataFrame(
            {name: _of_arrow(column, dtype) for (name, dtype), column in zip(kinds.items(), table.columns, strict=True)}
        )
    rows = _from_database(database, statement, None, most=MOST_ROWS + 1)
    _must_be_few(database, len(rows))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(kinds)
    return pd.DataFrame(
        {name: _typed(values, dtype) for (name, dtype), values in zip(kinds.items(), columns, strict=True)}
    )


def _must_be_few(database: sa.Engine | sa.Connection, rows: int) -> None:
    if rows > MOST_ROWS:
        raise _unusable(database.engine, "many", f"{MOST_ROWS:,}")


def beside(found: pd.DataFrame, more: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows of a question, in their order, with the columns that another has of them: `key` stands there once."""
    merged = found.merge(more, on=key, how="left")
    texts = [name for name in more.columns.drop(key) if more[name].dtype == object]
    return merged.assign(**{name: merged[name].where(merged[name].notna(), None) for name in texts})


# What a column of the database is in a frame: nullable where it may be empty.
_DTYPES = (
    ((sa.String, sa.JSON), "object"),
    (sa.Integer, "Int64"),
    (sa.Float, "float64"),
    ((sa.Date, sa.DateTime), "datetime64[s]"),
)


def _dtype(name: str, column: sa.ColumnElement) -> str:
    for kinds, dtype in _DTYPES:
        if isinstance(column.type, kinds):
            return dtype
    raise ValueError(f"The column {name} of the select has no type of which a frame's follows: {column.type!r}.")


def per_group(statement: sa.Select, *groups: sa.ColumnElement) -> sa.Select:
    """The sums of a select for each group, in the groups' order."""
    return statement.group_by(*groups).order_by(*groups)


def as_named(columns: Iterable[sa.ColumnElement], names: Iterable[str]) -> list[sa.Label]:
    """Columns under the names that `read` is to find."""
    return [column.label(name) for column, name in zip(columns, names, strict=True)]


def _typed(values: tuple, dtype: str) -> pd.Series:
    if dtype == "day":
        days = pd.array(values, dtype="Int64")
        return pd.Series(pd.to_datetime(days - _EPOCH, unit="D"), dtype="datetime64[s]")
    if dtype.startswith("datetime"):
        return pd.Series(pd.to_datetime(pd.Series(values, dtype=object)), dtype=dtype)
    if dtype == "Int64":  # PostgreSQL sums integers to Decimal
        return pd.Series([None if v is None else int(v) for v in values], dtype=dtype)
    return pd.Series(values, dtype=dtype)


def _of_arrow(column: Any, dtype: str) -> pd.Series:
    """A column of Arrow, in the type that `_typed` gives its values."""
    kind = column.type
    if dtype == "Int64" and (pa.types.is_integer(kind) or pa.types.is_decimal(kind)):  # DuckDB sums to decimals
        whole, is_missing = column.cast(pa.int64()), column.is_null().to_numpy()
        return pd.Series(pd.arrays.IntegerArray(whole.fill_null(0).to_numpy(), is_missing))
    if dtype == "object" and pa.types.is_string(kind):
        return pd.Series(column.to_numpy(), dtype="object")
    if dtype == "datetime64[s]" and pa.types.is_date(kind):
        return pd.Series(column.cast(pa.timestamp("s")).to_numpy())
    if dtype == "float64" and pa.types.is_floating(kind):
        return pd.Series(column.to_numpy(), dtype=dtype)
    return _typed(tuple(column.to_pylist()), dtype)


_EPOCH = 719_163  # date(1970, 1, 1).toordinal()
