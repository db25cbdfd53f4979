"""a deal closes on the day it says: no table changes, what is derived does"""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Every new version works out all derived tables anew (`data_access.migrations.upgrade`)."""


def downgrade() -> None:
    """As above."""
