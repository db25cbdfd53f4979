"""The way to the database: `engine(url)`, and `read`, the only door for questions."""

import os
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from .errors import DatabaseUnusable

DATABASE_VARIABLE = "DASHBOARD_DATABASE_URL"
DEFAULT_URL = f"sqlite:///{Path(__file__).resolve().parent.parent / '.data' / 'cockpit.db'}"

# How long a small write waits for an import's final transaction, in milliseconds.
_BUSY_TIMEOUT = 60_000


def database_url(given: str | None = None) -> str:
    """The URL asked for, else the environment's, else the embedded database beside the code."""
    return given or os.environ.get(DATABASE_VARIABLE) or DEFAULT_URL


@cache
def engine(url: str) -> sa.Engine:
    """One engine per URL: SQLite (WAL, for one machine) or PostgreSQL through psycopg 3 (shared)."""
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
    if parsed.drivername == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise DatabaseUnusable("The database must be a file, since several processes share it.")
        file = Path(parsed.database).resolve()  # now: the working directory may change before the first connection
        if url == DEFAULT_URL:
            file.parent.mkdir(exist_ok=True)
        elif not file.parent.is_dir():
            raise DatabaseUnusable(f"There is no folder {file.parent} for the database {file.name}. Make it first.")
        made = sa.create_engine(parsed.set(database=str(file)))
        sa.event.listen(made, "connect", _prepare_sqlite)
        return made
    return sa.create_engine(parsed, pool_pre_ping=True)


def _prepare_sqlite(connection, _record) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT}")
    cursor.execute("PRAGMA journal_mode = WAL")  # others read and write while the app runs
    cursor.execute("PRAGMA synchronous = NORMAL")  # safe with WAL, and far faster
    cursor.close()


def must_answer(database: sa.Engine) -> None:
    """Raises DatabaseUnusable, in a sentence, where the database cannot be reached."""
    try:
        with database.connect():
            pass
    except sa.exc.OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise DatabaseUnusable(
            f"Cannot reach {database.url.render_as_string()}: {reason}. Check host, port, user and password."
        ) from error


def rows_of(database: sa.Engine, statement: sa.Select) -> Sequence[sa.Row]:
    """The rows of a select; raises DatabaseUnusable, saying what to do, where the database does not give them."""
    try:
        with database.connect() as connection:
            return connection.execute(statement).all()
    except sa.exc.OperationalError as error:
        raise DatabaseUnusable(
            f"The database {database.url.render_as_string()} does not answer: {error.orig}. "
            "Is it running, and has `python -m dashboard migrate` been run?"
        ) from error
    except sa.exc.ProgrammingError as error:
        raise DatabaseUnusable(
            f"The database {database.url.render_as_string()} lacks what a question needs: {error.orig}. "
            "`python -m dashboard check` says what is missing."
        ) from error


def read(database: sa.Engine, statement: sa.Select, dtypes: Mapping[str, str]) -> pd.DataFrame:
    """The rows of a select, as a frame with exactly the columns and types of `dtypes`, also when empty.

    Types are pandas' own, nullable where a column may be empty (`Int64`, `string`, `boolean`, `Float64`),
    and `day`: an ordinal from the database that becomes a `datetime64[s]`.
    """
    rows = rows_of(database, statement)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(dtypes)
    return pd.DataFrame(
        {name: _typed(values, dtype) for (name, dtype), values in zip(dtypes.items(), columns, strict=True)}
    )


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
