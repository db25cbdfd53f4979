"""activities by day"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "activity_day",
        sa.Column("activity_id", sa.Text(), nullable=False),
        sa.Column("rep_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("opportunity_id", sa.Text(), nullable=True),
        sa.Column("lead_id", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("two_way", sa.Boolean(), nullable=True),
        sa.Column("has_result", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("completed_day", sa.Integer(), nullable=True),
        sa.Column("completed_week", sa.Integer(), nullable=True),
        sa.Column("completed_month", sa.Integer(), nullable=True),
        sa.Column("planned_day", sa.Integer(), nullable=True),
        sa.Column("first_planned_day", sa.Integer(), nullable=True),
        sa.Column("cancelled_day", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_activity_day")),
        comment="one activity, its days as numbers, whom it was with and where its rep was posted",
    )
    with op.batch_alter_table("activity_day") as batch_op:
        for columns in (
            ["completed_day"],
            ["first_planned_day"],
            ["rep_id", "completed_day"],
            ["account_id", "completed_day"],
            ["opportunity_id"],
            ["lead_id"],
        ):
            batch_op.create_index(f"ix_activity_day_{'_'.join(columns)}", columns, unique=False)


def downgrade() -> None:
    op.drop_table("activity_day")
