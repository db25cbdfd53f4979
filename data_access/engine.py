"""The way to the database: `read` is the only door for questions, `writing` the only one for writes."""

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache, partial
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import sqlalchemy as sa

from . import refusals
from .errors import DatabaseUnusable
from .limits import LONGEST_TEXT, unfit

DATABASE_VARIABLE = "DASHBOARD_DATABASE_URL"
DEFAULT_URL = f"sqlite:///{Path(__file__).resolve().parent.parent / '.data' / 'cockpit.db'}"

# How long a small write waits for an import's final transaction, in milliseconds.
_BUSY_TIMEOUT = 60_000
_FORMS = "Use sqlite:///FILE or postgresql://USER@HOST/NAME."
_WRITES = "writes"  # the option of a connection that marks a transaction as one that writes


def database_url(given: str | None = None) -> str:
    """The URL asked for, else the environment's, else the embedded database beside the code."""
    return given or os.environ.get(DATABASE_VARIABLE) or DEFAULT_URL


@cache
def engine(url: str, *, only_look: bool = False) -> sa.Engine:
    """One engine per URL: SQLite (WAL, for one machine) or PostgreSQL through psycopg 3 (shared).

    A SQLite file that is not there is never made by asking or writing; `provide` makes it. With `only_look` not a
    byte of the file can be changed, and a file or folder that may only be read can be asked.
    """
    parsed = _parsed(url)
    if parsed.drivername != "sqlite":
        return sa.create_engine(parsed, pool_pre_ping=True)
    file = Path(parsed.database).resolve()  # now: the working directory may change before the first connection
    made = sa.create_engine(parsed.set(database=str(file)))
    sa.event.listen(made, "do_connect", partial(_open_sqlite, only_look=only_look))
    sa.event.listen(made, "connect", partial(_prepare_sqlite, only_look=only_look))
    sa.event.listen(made, "begin", _begin_sqlite)
    return made


def provide(url: str) -> sa.Engine:
    """The engine of a URL, its SQLite file made where it is not there yet: for the commands that fill it."""
    parsed = _parsed(url)
    if parsed.drivername == "sqlite":
        file = Path(parsed.database).resolve()
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
        return bool(re.search("://|:[^/]*@", url.database))
    return bool(re.search("@|%40", f"{url.host}{url.database}")) or ":" in f"{url.username}"


def shown(database: sa.Engine) -> str:
    """The database's URL as it may be said: without a password, be it in its query."""
    socket = {name: value for name, value in database.url.query.items() if name == "host"}
    return database.url.set(query=socket).render_as_string()


def _open_sqlite(_dialect, _record, arguments, options, *, only_look: bool) -> sqlite3.Connection:
    """Opens what is there: by itself SQLite would make an empty file in the place of one that was moved away."""
    file = Path(arguments[0])
    how = "mode=ro" if only_look else "mode=rw"
    if only_look and not os.access(file.parent, os.W_OK) and not file.with_name(f"{file.name}-wal").exists():
        how += "&immutable=1"  # nobody writes, and the files of the log, which SQLite would need, cannot be made here
    return sqlite3.connect(f"{file.as_uri()}?{how}", uri=True, **options)


def _prepare_sqlite(connection: sqlite3.Connection, _record, *, only_look: bool) -> None:
    connection.isolation_level = None  # the driver begins no transaction before DDL; `_begin_sqlite` always does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT}")
    if not only_look:
        cursor.execute("PRAGMA journal_mode = WAL")  # others read and write while the app runs
    cursor.execute("PRAGMA synchronous = NORMAL")  # safe with WAL, and far faster
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """A transaction that will write takes the lock at once: one that has read before cannot wait for it later."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")


def holds_nothing(database: sa.Engine) -> bool:
    """Whether there is no file yet, or nothing in the database."""
    if database.dialect.name == "sqlite" and not Path(database.url.database).exists():
        return True
    with reading(database) as connection:
        found = sa.inspect(connection)
        return not found.get_table_names() and not found.get_view_names()


def must_answer(database: sa.Engine) -> None:
    """Raises DatabaseUnusable, in a sentence, where the database cannot be reached."""
    with reading(database):
        pass


@contextmanager
def reading(database: sa.Engine | sa.Connection) -> Iterator[sa.Connection]:
    """A connection for questions; one that is handed in sees also what its transaction has written."""
    with _in_words(database.engine), _connected(database) as connection:
        yield connection


@contextmanager
def writing(database: sa.Engine | sa.Connection) -> Iterator[sa.Connection]:
    """One transaction, whole or not at all: the only door for writes, DDL included.

    On a connection that is in a transaction the writes become part of that one.
    """
    with _in_words(database.engine), _connected(database) as connection:
        if connection.in_transaction():
            yield connection
            return
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def _connected(database: sa.Engine | sa.Connection) -> AbstractContextManager[sa.Connection]:
    return nullcontext(database) if isinstance(database, sa.Connection) else database.connect()


@contextmanager
def _in_words(database: sa.Engine) -> Iterator[None]:
    """What the database refuses becomes a DatabaseUnusable that says what to do; broken rules of ours pass through."""
    try:
        yield
    except sa.exc.IntegrityError:
        raise
    except sa.exc.DatabaseError as error:
        raise DatabaseUnusable(_why_not(database, error)) from error


def _why_not(database: sa.Engine, error: sa.exc.DatabaseError) -> str:
    if database.dialect.name == "sqlite" and not Path(database.url.database).exists():
        return (
            f"There is no database {shown(database)}. Is the path right? `python -m dashboard migrate` makes a new one."
        )
    reason = str(error.orig).strip().splitlines()[0]
    return refusals.SENTENCES[refusals.kind_of(error)].format(database=shown(database), reason=reason)


def rows_of(database: sa.Engine | sa.Connection, statement: sa.Select) -> Sequence[sa.Row]:
    """The rows of a select; raises DatabaseUnusable, saying what to do, where the database does not give them."""
    with reading(database) as connection:
        return connection.execute(statement).all()


def read(database: sa.Engine | sa.Connection, statement: sa.Select, dtypes: Mapping[str, str]) -> pd.DataFrame:
    """The rows of a select, as a frame with exactly the columns and types of `dtypes`, also when empty.

    Types are pandas' own, nullable where a column may be empty (`Int64`, `string`, `boolean`, `Float64`),
    and `day`: an ordinal from the database that becomes a `datetime64[s]`. Raises ValueError where the select calls
    its columns otherwise.
    """
    named = statement.selected_columns.keys()
    if named != list(dtypes):
        raise ValueError(f"The columns of the select are {named}, those of the frame {list(dtypes)}.")
    rows = rows_of(database, statement)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(dtypes)
    return pd.DataFrame(
        {name: _typed(values, dtype) for (name, dtype), values in zip(dtypes.items(), columns, strict=True)}
    )


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


_EPOCH = 719_163  # date(1970, 1, 1).toordinal()
