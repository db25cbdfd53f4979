"""plans have a day of entry"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("activity_day", sa.Column("created_day", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("activity_day", "created_day")
