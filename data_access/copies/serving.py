"""Which copy questions of an engine are answered from: an engine that reads one says so in its options, so that all
that is asked of it, by whatever thread, is of one version of the facts."""

import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from weakref import finalize

import sqlalchemy as sa

from data_access.errors import DatabaseUnusable

from .files import COPIED, Manifest, complete, discard, folder_of, last_complete

log = logging.getLogger(__name__)

MEMORY_VARIABLE = "DASHBOARD_COPY_MEMORY"
_MEMORY = "1GB"  # of DuckDB; what needs more is written to its folder
_CONNECTIONS = {"pool_size": 10, "max_overflow": 20, "pool_timeout": 10}


@dataclass(eq=False)
class Copy:
    """A complete copy, opened; closed when nothing reads it any more, be there a newer one long since.

    folder      where its files lie
    root        the session of DuckDB that all others are made of
    has_failed  it is asked no more
    """

    manifest: Manifest
    folder: Path
    engine: sa.Engine
    root: Any
    has_failed: bool = False

    @property
    def facts(self) -> str:
        """The stamp of its facts."""
        return self.manifest.facts

    @property
    def loaded_at(self) -> datetime | None:
        """When they were imported, in UTC."""
        return datetime.fromisoformat(self.manifest.loaded_at) if self.manifest.loaded_at else None


_lock = threading.Lock()
_Key = tuple[Path, float | None]
_open: dict[_Key, Copy] = {}  # per folder and time limit the one opened last


def copy_of(database: sa.Engine) -> Copy | None:
    """The copy that this engine's questions are answered from, if it is made for that."""
    return database.get_execution_options().get("copy")


def entries_with(database: sa.Engine) -> str | None:
    """The version of what people enter to read beside its copy; None: the database is asked all that reads any."""
    return database.get_execution_options().get("entries")


def is_former(database: sa.Engine) -> bool:
    """Whether its copy is of earlier facts than the database's."""
    return database.get_execution_options().get("is_former", False)


def without_copy(database: sa.Engine) -> sa.Engine:
    """The same engine, all of whose questions the database answers."""
    return database if copy_of(database) is None else database.execution_options(copy=None, entries=None)


def reading_copy(
    database: sa.Engine, facts: str, seconds: float | None = None, *, entries: str | None = None
) -> sa.Engine | None:
    """The engine with questions about these facts answered from their copy, each within `seconds`; None where there is
    no complete one, and the database answers.

    entries   the version of what people enter, which is read beside it
    """
    key = folder_of(database.url), seconds
    with _lock:
        known = _open.get(key)
        if known is None or known.facts != facts:
            manifest = complete(key[0], facts) if facts else None
            known = _opened(key, manifest) if manifest else None
    return None if known is None or known.has_failed else database.execution_options(copy=known, entries=entries)


def reading_former(
    database: sa.Engine, stamps: Mapping[str, str], entries: str, seconds: float | None = None
) -> sa.Engine | None:
    """The engine with questions about facts answered from the last complete copy, of earlier facts than the database's
    are now; None where there is none, or it is of another database.

    stamps    of the facts now, per table, as `fact_version` has them
    entries   the version of what people enter, which is read beside it
    """
    key = folder_of(database.url), seconds
    with _lock:
        known = _open.get(key)
        manifest = known.manifest if known else last_complete(key[0])
        if manifest is None or not manifest.is_of_former(stamps):
            return None
        known = known or _opened(key, manifest)
    if known is None or known.has_failed:
        return None
    return database.execution_options(copy=known, entries=entries, is_former=True)


def _opened(key: _Key, manifest: Manifest) -> Copy | None:
    """A copy; None, and a line in the log, where it is damaged."""
    import duckdb  # some tenths of a second, and some megabytes, which those without a copy need not spend

    from .dialect import Dialect, Session

    folder, seconds = key
    config: dict[str, Any] = {
        "memory_limit": os.environ.get(MEMORY_VARIABLE) or _MEMORY,
        "temp_directory": str(folder / "spilled"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    try:
        root = duckdb.connect(":memory:", config=config)
    except duckdb.Error as error:
        raise DatabaseUnusable(
            f"{MEMORY_VARIABLE} is {config['memory_limit']!r}. Write how much memory, such as {_MEMORY}."
        ) from error
    try:
        root.execute("SET GLOBAL integer_division = true")  # as the databases divide, so that no cent is halved
        root.execute("SET GLOBAL default_null_order = 'nulls_last_on_asc_first_on_desc'")  # as PostgreSQL does
        for name, file in manifest.files.items():
            path = str(folder / file).replace("'", "''")
            root.execute(f"ATTACH '{path}' AS \"of_{name}\" (READ_ONLY)")
            if name in COPIED:  # of the others the rows that people entered stand beside, see entered.py
                root.execute(f'CREATE VIEW "{name}" AS FROM "of_{name}"."{name}"')
        root.execute("CREATE TABLE data_state AS SELECT $1::BIGINT AS first_day", [manifest.first_day])
    except duckdb.Error as error:
        log.warning("The copy in %s cannot be read, so the database answers: %s", folder, error)
        root.close()
        discard(folder, manifest)
        return None

    def session() -> Session:
        opened = root.cursor()
        if seconds is not None:
            opened.execute(f"SET max_execution_time = {int(seconds * 1000)}")
        return Session(opened)

    sa.dialects.registry.register("duckdb", "data_access.copies.dialect", "Dialect")
    engine = sa.create_engine(
        "duckdb://",
        creator=session,
        base_currency=manifest.base_currency,
        paramstyle=Dialect.default_paramstyle,
        **_CONNECTIONS,
    )
    copy = _open[key] = Copy(manifest, folder, engine, root)
    finalize(copy, _close, engine, root)  # its files have no name by then, and keep their room while they are open
    return copy


def _close(engine: sa.Engine, root: Any) -> None:
    engine.dispose()
    root.close()
