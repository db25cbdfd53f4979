"""Which copy questions of an engine are answered from."""

import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from data_access.errors import DatabaseUnusable

from .files import Manifest, complete, discard, folder_of

log = logging.getLogger(__name__)

MEMORY_VARIABLE = "DASHBOARD_COPY_MEMORY"
_MEMORY = "1GB"  # of DuckDB; what needs more is written to its folder
_CONNECTIONS = {"pool_size": 10, "max_overflow": 20, "pool_timeout": 10}

_LOOKED_FOR = 2.0  # seconds between two looks for a copy that is not there


@dataclass(frozen=True)
class _Found:
    """What was found of the copy of some facts, and when."""

    facts: str
    copy: sa.Engine | None
    at: float


_found: WeakKeyDictionary[sa.Engine, _Found] = WeakKeyDictionary()


def copy_of(database: sa.Engine) -> sa.Engine | None:
    """The copy that questions of this engine are answered from now, if there is one."""
    known = _found.get(database)
    return known.copy if known else None


def read_from_copy(database: sa.Engine, facts: str, seconds: float | None = None) -> bool:
    """From here on questions about these facts are answered from their copy, each within `seconds`; False where there
    is no complete one, and the database answers."""
    known, now = _found.get(database), time.monotonic()
    if known is None or known.facts != facts or (known.copy is None and now - known.at > _LOOKED_FOR):
        folder = folder_of(database.url)
        manifest = complete(folder, facts) if facts else None
        copy = _opened(folder, manifest, seconds) if manifest else None
        if known is not None and known.copy is not None:
            known.copy.dispose()  # the files of the former one are gone, and their room with who has them open
        known = _found[database] = _Found(facts, copy, now)
    return known.copy is not None


def let_go(database: sa.Engine, copy: sa.Engine) -> None:
    """A copy that failed is asked no more, until there is another, as there may be by now."""
    known = _found.get(database)
    if known is not None and known.copy is copy:
        _found[database] = _Found(known.facts, None, float("inf"))


def _opened(folder: Path, manifest: Manifest, seconds: float | None) -> sa.Engine | None:
    """The engine over a copy; None, and a line in the log, where it is damaged."""
    import duckdb  # some tenths of a second, and some megabytes, which those without a copy need not spend

    from .dialect import Dialect, Session

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
            root.execute(f'CREATE VIEW "{name}" AS FROM "of_{name}"."{name}"')
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
    copy = sa.create_engine(
        "duckdb://",
        creator=session,
        base_currency=manifest.base_currency,
        paramstyle=Dialect.default_paramstyle,
        **_CONNECTIONS,
    )
    sa.event.listen(copy, "engine_disposed", lambda _copy: root.close())
    return copy
