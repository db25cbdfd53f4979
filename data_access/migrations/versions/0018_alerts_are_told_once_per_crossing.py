"""people are told when a number crosses a threshold, or a line of Attention is new: each crossing once"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("robot", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=True),
        sa.Column("threshold", sa.Float(), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("seen_as", sa.Text(), nullable=True),
        sa.Column("seen_value", sa.Float(), nullable=True),
        sa.Column("seen_lines", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("pk_alert")),
        comment="one person's wish to be told of a number or a rule of Attention, and what was seen last",
    )
    op.create_index("ix_alert_email", "alert", ["email"])
    op.create_table(
        "alert_crossing",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("look", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("lines", sa.JSON(), nullable=True),
        sa.Column("before_on", sa.Date(), nullable=False),
        sa.Column("before_value", sa.Float(), nullable=True),
        sa.Column("begun_at", sa.DateTime(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("alert_id", "look", name=op.f("pk_alert_crossing")),
        comment="one crossing of an alert, so that it is told, and none twice",
    )


def downgrade() -> None:
    op.drop_table("alert_crossing")
    op.drop_index("ix_alert_email", table_name="alert")
    op.drop_table("alert")
