"""Making a copy: what changed since the last one is read in one transaction, by columns, into files of DuckDB.

In a process of its own: the driver that reads by columns brings its own SQLite, and two of them in one process lose
each other's locks on a file.
"""

import fcntl
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import adbc_driver_manager.dbapi
import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import duckdb
import sqlalchemy as sa

from data_access.deals import DEFAULT_BASE_CURRENCY
from data_access.errors import DatabaseUnusable
from data_access.names import folded
from data_access.schema import FOREVER

from .files import (
    COPIED,
    FOLDED,
    FOLDER_VARIABLE,
    IMPORTED,
    SEARCHED,
    Manifest,
    columns_of,
    complete,
    file_of,
    folder_of,
    type_of,
    write,
)

Progress = Callable[[str, int, int], None]

# A value of each type as SQLite holds it. Its driver takes the type of a column from the first rows it meets, and
# fails where a later one is otherwise: so the first row is one of these.
_SAMPLES = {"BOOLEAN": "0", "TIMESTAMP": "''", "DATE": "''", "DOUBLE": "0.5", "BIGINT": f"{FOREVER}", "VARCHAR": "''"}


def make(url: sa.URL, progress: Progress = lambda table, done, total: None) -> Manifest:
    """Make the copy of the facts as they are now, or find it made. Waits for who makes one of the same database.

    Raises DatabaseUnusable where the database cannot be read or has no facts, or the folder cannot be written.
    """
    folder = folder_of(url)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(folder / ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with closing(_connected(url)) as source, source.cursor() as cursor:
                return _made(folder, cursor, is_embedded=url.get_backend_name() == "sqlite", progress=progress)
    except (OSError, duckdb.Error, adbc_driver_manager.dbapi.Error) as error:
        raise DatabaseUnusable(
            f"The reading copy could not be made in {folder}: {str(error).splitlines()[0]} The database answers "
            f"without it, as before. Is there room, and may it be written? {FOLDER_VARIABLE} names another folder.",
            "disk",
        ) from error


def _connected(url: sa.URL):
    """A connection that reads by columns, in one transaction that sees one version."""
    if url.get_backend_name() == "sqlite":
        return adbc_driver_sqlite.dbapi.connect(f"{Path(url.database or '').resolve().as_uri()}?mode=ro")
    source = adbc_driver_postgresql.dbapi.connect(
        url.set(drivername="postgresql").render_as_string(hide_password=False)
    )
    with source.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    return source


def _made(folder: Path, cursor: Any, is_embedded: bool, progress: Progress) -> Manifest:
    cursor.execute("SELECT facts_stamp, first_day, last_day FROM data_state WHERE facts_stamp IS NOT NULL")
    found = cursor.fetchone()
    if found is None:
        raise DatabaseUnusable("There are no facts yet to make a copy of. Import some.")
    manifest = complete(folder, found[0])
    if manifest is not None:
        return manifest
    cursor.execute("SELECT table_name, stamp FROM fact_version")
    stamps = dict(cursor.fetchall())
    cursor.execute("SELECT value FROM setting WHERE name = 'base_currency'")
    currency = cursor.fetchone()
    cursor.execute("SELECT max(imported_at) FROM import_batch WHERE undone_at IS NULL")
    loaded_at = cursor.fetchone()[0]
    files = {name: file_of(name, stamps.get(name, "empty")) for name in COPIED}
    # A database from before their stamps were kept has rows without one.
    files |= {name: file_of(name, stamps.get(name, found[0])) for name in IMPORTED}
    for done, (name, file) in enumerate(files.items()):
        progress(name, done, len(files))
        if not (folder / file).exists():
            _copy(cursor, name, folder / file, is_embedded)
    manifest = Manifest.of(
        facts=found[0],
        files=files,
        base_currency=currency[0] if currency else DEFAULT_BASE_CURRENCY,
        first_day=found[1],
        last_day=found[2],
        loaded_at=str(loaded_at) if loaded_at else None,
    )
    write(folder, manifest)
    return manifest


def _copy(cursor: Any, name: str, target: Path, is_embedded: bool) -> None:
    """One table, or its imported rows, into a file that has its name once it is whole."""
    table = (COPIED | IMPORTED)[name]
    columns = {f'"{column.name}"': type_of(column) for column in columns_of(table)}
    rows = f'SELECT 0 AS is_sample, {", ".join(columns)} FROM "{table.name}"'
    if name in IMPORTED:
        rows += " WHERE entry_id = ''"
    if is_embedded:
        samples = (f"{_SAMPLES[kind]} AS {name}" for name, kind in columns.items())
        rows = f"SELECT 1 AS is_sample, {', '.join(samples)} UNION ALL {rows}"
    unfinished = target.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with duckdb.connect(str(unfinished), config={"memory_limit": "1GB"}) as copy:
        made = [" ".join(column) for column in columns.items()]
        typed = [f"CAST({name} AS {kind}) AS {name}" for name, kind in columns.items()]
        wanted = ["*"]
        if name in SEARCHED:
            copy.create_function("folded", folded, ["VARCHAR"], "VARCHAR")
            made.append(f"name{FOLDED} VARCHAR")
            wanted.append(f"folded({SEARCHED[name]})")
        copy.execute(f'CREATE TABLE "{table.name}" ({", ".join(made)})')
        cursor.execute(rows)
        found = cursor.fetch_record_batch()
        copy.register("found", found)
        found_typed = f"(SELECT {', '.join(typed)} FROM found WHERE is_sample = 0)"
        copy.execute(f'INSERT INTO "{table.name}" SELECT {", ".join(wanted)} FROM {found_typed}')
    os.chmod(unfinished, 0o600)
    unfinished.replace(target)
