"""The database's versions. `upgrade` brings any earlier one to today's; `is_current` says whether it is."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(database: sa.Engine) -> None:
    """Create or change the tables to today's version. Does nothing where they have it."""
    with database.begin() as connection:
        command.upgrade(_config(connection), "head")


def is_current(database: sa.Engine) -> bool:
    """Whether the database has today's tables."""
    with database.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        return found == ScriptDirectory.from_config(_config(connection)).get_current_head()
