"""The way to the database: `read` is the only door for questions, `writing` the only one for writes."""

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache, partial
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from .errors import DatabaseUnusable

DATABASE_VARIABLE = "DASHBOARD_DATABASE_URL"
DEFAULT_URL = f"sqlite:///{Path(__file__).resolve().parent.parent / '.data' / 'cockpit.db'}"

# How long a small write waits for an import's final transaction, in milliseconds.
_BUSY_TIMEOUT = 60_000
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
    except sa.exc.ArgumentError as error:
        raise DatabaseUnusable(
            f"{url!r} is not a database URL. Use sqlite:///FILE or postgresql://USER@HOST/NAME."
        ) from error
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise DatabaseUnusable(
            f"{parsed.drivername!r} databases are not supported. Use sqlite:///FILE or postgresql://…"
        )
    if parsed.drivername == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise DatabaseUnusable("The database must be a file, since several processes share it.")
    return parsed


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
    except sa.exc.ProgrammingError as error:
        raise DatabaseUnusable(
            f"The database {database.url.render_as_string()} lacks what a question needs: {error.orig}. "
            "`python -m dashboard check` says what is missing."
        ) from error
    except sa.exc.DatabaseError as error:
        raise DatabaseUnusable(_why_not(database, str(error.orig).strip().splitlines()[0])) from error


def _why_not(database: sa.Engine | sa.Connection, reason: str) -> str:
    url = database.engine.url
    shown = url.render_as_string()
    if database.dialect.name == "sqlite" and not Path(url.database).exists():
        return f"There is no database {shown}. Is the path right? `python -m dashboard migrate` makes a new one."
    if reason.startswith("connection"):
        return f"Cannot reach {shown}: {reason}. Check host, port, user and password."
    return f"The database {shown} does not answer: {reason}. Has `python -m dashboard migrate` been run?"


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
