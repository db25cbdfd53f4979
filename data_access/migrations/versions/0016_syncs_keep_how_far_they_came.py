"""syncs keep how far they came in the tables of another database"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "sync_mark",
        sa.Column("mapping", sa.Text(), primary_key=True),
        sa.Column("source", sa.Text(), primary_key=True),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("imprint", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("sync_mark")
