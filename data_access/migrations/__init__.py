"""The database's versions. `upgrade` brings any earlier one to today's; `is_current` says whether it is."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from data_access.derive import ALL, derive
from data_access.engine import reading, writing
from data_access.errors import DatabaseUnusable
from data_access.schema import CONTRACT, metadata
from data_access.versions import raise_version

# Derived tables that versions after this one made, when a migration on SQLite could still end half way.
_MADE_AFTER = {"0001": ("activity_day", "lead_day"), "0002": ("lead_day",)}


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(database: sa.Engine) -> None:
    """Create or change the tables to today's version, and work out from the facts what is derived from them.

    All of it is one transaction. Does nothing where the database has today's version. Raises DatabaseUnusable for the
    version of a newer product, and for tables of our names with rows in them that this product did not make.
    """
    with writing(database) as connection:
        found = _version_of(connection)
        if found == _head(connection):
            return
        _clear_away_half_made(connection, found)
        command.upgrade(_config(connection), "head")
        if found is not None:  # a version that is new to the facts may lack what they say
            derive(connection, ALL)
            raise_version(connection)


def is_current(database: sa.Engine) -> bool:
    """Whether the database has today's tables. Raises DatabaseUnusable for the version of a newer product."""
    with reading(database) as connection:
        return _version_of(connection) == _head(connection)


def _version_of(connection: sa.Connection) -> str | None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {version.revision for version in ScriptDirectory.from_config(_config(connection)).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseUnusable(
            f"The database {connection.engine.url.render_as_string()} was made by a newer version of this product "
            f"({found}; this one knows up to {_head(connection)}). Nothing was changed. Use that version, or another "
            "database."
        )
    return found


def _clear_away_half_made(connection: sa.Connection, found: str | None) -> None:
    """Removes what an interrupted migration of the past left on SQLite, where it was no transaction: tables of a
    version that the database does not have yet, derived or empty. One with somebody's rows is never removed."""
    inspector = sa.inspect(connection)
    tables = inspector.get_table_names()
    copies = [name for name in tables if name.startswith("_alembic_tmp_")]
    if found is None:
        ours = {*metadata.tables, *(f"staging_{name}" for name in CONTRACT)}
        half_made = [name for name in tables if name in ours]
        strange = [name for name in half_made if _has_rows(connection, name)]
        strange += [name for name in inspector.get_view_names() if name in ours]
        if strange:
            raise DatabaseUnusable(
                f"The database {connection.engine.url.render_as_string()} has tables or views that this product did "
                f"not make ({', '.join(sorted(strange)[:5])}). They are left alone, and nothing was changed. "
                "Name an empty database."
            )
    else:
        half_made = [name for name in _MADE_AFTER.get(found, ()) if name in tables]
    for name in (*copies, *half_made):
        connection.execute(sa.schema.DropTable(sa.Table(name, sa.MetaData())))


def _has_rows(connection: sa.Connection, name: str) -> bool:
    return bool(connection.scalar(sa.select(sa.exists().select_from(sa.table(name)))))


def _head(connection: sa.Connection) -> str | None:
    return ScriptDirectory.from_config(_config(connection)).get_current_head()
