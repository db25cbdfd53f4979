"""plans have a day of entry; deals close on the day they say, which changes no table but what is derived"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """And all derived tables are worked out anew, as by every new version (`data_access.migrations.upgrade`)."""
    op.add_column("activity_day", sa.Column("created_day", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("activity_day", "created_day")
