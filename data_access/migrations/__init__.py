"""The database's versions. `upgrade` brings any earlier one to today's, whole or not at all; `must_be_current` says
what to do where a database has another one: what every command asks first is asked without Alembic, whose import takes
a quarter of a second."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data_access.database.versions import raise_version
from data_access.engine import reading, shown, writing
from data_access.errors import DatabaseUnusable
from data_access.schema import ENTERED_TOO, FACTS

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent
_LOCK = 7_205_119  # any number of ours: the advisory lock of migrations on PostgreSQL
_VERSION_TABLE = "alembic_version"
_VERSION = sa.table(_VERSION_TABLE, sa.column("version_num")).c.version_num
_COPY = "_alembic_tmp_"  # how Alembic begins the name of a table's copy while it changes the table on SQLite


def upgrade(database: sa.Engine) -> None:
    """Create or change the tables to today's version, and work out from the facts what is derived from them.

    All of it is one transaction. Does nothing where the database has today's version. Raises DatabaseUnusable for the
    version of a newer product, and for tables of our names that this product did not make.
    """
    if is_current(database):  # asked without a writer's lock: what may only be read can be served
        return
    from alembic import command

    from data_access.derive import ALL, derive

    with writing(database) as connection:
        if connection.dialect.name == "postgresql":  # of two servers that start at once, one makes the tables
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        found = _version_of(connection)
        if found == _head():
            return
        for name in _half_made(connection, found):
            connection.execute(sa.schema.DropTable(sa.Table(name, sa.MetaData())))
        command.upgrade(_config(connection), "head")
        if found is not None:  # a version that is new to the facts may lack what they say
            derive(connection, ALL)
            raise_version(connection, FACTS, ENTERED_TOO)


def is_current(database: sa.Engine) -> bool:
    """Whether the database has today's tables. Raises DatabaseUnusable for the version of a newer product."""
    return version_of(database) == _head()


def version_of(database: sa.Engine) -> str | None:
    """The version of the tables; None where there are none yet. Raises DatabaseUnusable as `is_current` does."""
    with reading(database) as connection:
        return _version_of(connection)


def must_be_current(database: sa.Engine) -> None:
    """Raises DatabaseUnusable, saying what to do, unless the database has today's tables."""
    if is_current(database):
        return
    with reading(database) as connection:
        _half_made(connection, _version_of(connection))  # what `migrate` would not touch is said at once
    raise DatabaseUnusable(
        f"{shown(database)} does not have today's tables. Run `python -m dashboard migrate`.", "tables"
    )


def _version_of(connection: sa.Connection) -> str | None:
    has_versions = sa.inspect(connection).has_table(_VERSION_TABLE)
    found = connection.scalars(sa.select(_VERSION)).all() if has_versions else []
    if len(found) > 1 or not set(found) <= set(_versions()):
        raise DatabaseUnusable(
            f"The database {shown(connection.engine)} was made by a newer version of this product, or by another one "
            f"({', '.join(sorted(found))}; this one knows up to {_head()}). Nothing was changed. Use that version, or "
            "another database.",
            "another_version",
        )
    return found[0] if found else None


def _half_made(connection: sa.Connection, found: str | None) -> list[str]:
    """The tables that an interrupted migration of the past left on SQLite, where it was no transaction.

    Such a table belongs to a version that the database does not have yet, has that version's columns and no rows, in a
    database where versions are kept; or it is Alembic's copy of a table that is there. Raises DatabaseUnusable for a
    table or view with such a name that is anything else: it is somebody's.
    """
    inspector = sa.inspect(connection)
    tables, views = set(inspector.get_table_names()), set(inspector.get_view_names())
    if not (tables | views) - {_VERSION_TABLE}:
        return []  # as every new database: what versions hold takes seconds to find out
    later = [_tables_by_version()[version] for version in _after(found)]
    known = set(_tables_by_version()[found]) if found else set()
    early = sorted((tables | views) & {name for made in later for name in made} - known)
    copies = sorted(name for name in tables if name.startswith(_COPY))
    strange = [name for name in early if name in views or not _is_as_made(connection, name, later)]
    strange += [name for name in copies if name.removeprefix(_COPY) not in tables]
    if _VERSION_TABLE not in tables:
        strange, copies = early, []
    if strange:
        raise DatabaseUnusable(
            f"The database {shown(connection.engine)} has tables or views that this product did not make "
            f"({', '.join(strange[:5])}{', …' if strange[5:] else ''}). They are left alone, and nothing was changed. "
            "Name an empty database, or one of its schemas."
        )
    return early + copies


def _is_as_made(connection: sa.Connection, name: str, versions: list[dict[str, frozenset[str]]]) -> bool:
    """Whether a table has the columns of one of the versions, and no rows."""
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    made = any(set(table.columns.keys()) == version.get(name) for version in versions)
    return made and connection.execute(sa.select(table).limit(1)).first() is None


@cache
def _tables_by_version() -> dict[str, dict[str, frozenset[str]]]:
    """Each version's tables with their columns, as they make them one after another in memory."""
    from alembic import command

    memory, made = sa.create_engine("sqlite://"), {}
    with memory.begin() as connection:
        for version in _versions():
            command.upgrade(_config(connection), version)
            made[version] = _columns(connection)
    memory.dispose()
    return made


def _columns(memory: sa.Connection) -> dict[str, frozenset[str]]:
    """The tables of a database in memory with their columns, without all else that reflecting them would ask."""
    found: dict[str, set[str]] = {}
    for table, column in memory.exec_driver_sql(
        "select made.name, has.name from sqlite_master made join pragma_table_info(made.name) has "
        "where made.type = 'table'"
    ):
        found.setdefault(table, set()).add(column)
    return {table: frozenset(columns) for table, columns in found.items() if table != _VERSION_TABLE}


def _after(found: str | None) -> list[str]:
    return _versions()[_versions().index(found) + 1 if found else 0 :]


@cache
def _versions() -> list[str]:
    """All versions, oldest first: what the names of their files begin with."""
    return sorted(file.name.partition("_")[0] for file in (_FOLDER / "versions").glob("[0-9]*.py"))


def _head() -> str:
    return _versions()[-1]


def _config(connection: sa.Connection | None = None) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config
