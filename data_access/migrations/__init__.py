"""The database's versions. `upgrade` brings any earlier one to today's; `is_current` says whether it is."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from data_access.derive import ALL, derive
from data_access.engine import reading, writing
from data_access.versions import raise_version


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(database: sa.Engine) -> None:
    """Create or change the tables to today's version, and work out from the facts what is derived from them.

    Does nothing where the database has it.
    """
    with writing(database) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        command.upgrade(_config(connection), "head")
        if found not in (None, _head(connection)):  # a version that is new to the facts may lack what they say
            derive(connection, ALL)
            raise_version(connection)


def is_current(database: sa.Engine) -> bool:
    """Whether the database has today's tables."""
    with reading(database) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        return found == _head(connection)


def _head(connection: sa.Connection) -> str | None:
    return ScriptDirectory.from_config(_config(connection)).get_current_head()
