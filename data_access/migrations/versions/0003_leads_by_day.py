"""leads by day"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "lead_day",
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("created_day", sa.Integer(), nullable=False),
        sa.Column("created_month", sa.Integer(), nullable=False),
        sa.Column("qualified_day", sa.Integer(), nullable=True),
        sa.Column("accepted_day", sa.Integer(), nullable=True),
        sa.Column("converted_day", sa.Integer(), nullable=True),
        sa.Column("disqualified_day", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("lead_id", name=op.f("pk_lead_day")),
        comment="one lead, its days as numbers, and its region",
    )
    with op.batch_alter_table("lead_day") as batch_op:
        batch_op.create_index("ix_lead_day_created_day", ["created_day"], unique=False)


def downgrade() -> None:
    op.drop_table("lead_day")
