"""digests are sent once; the table of subscriptions, which nothing ever wrote, is another"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.drop_table("digest_subscription")
    op.create_table(
        "digest_subscription",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("robot", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("email", "cadence", "robot", name=op.f("pk_digest_subscription")),
        comment="one person's wish for a digest",
    )
    op.create_table(
        "digest_delivery",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("robot", sa.Text(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("data_stamp", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("email", "cadence", "robot", "period_end", name=op.f("pk_digest_delivery")),
        comment="one digest that was sent, so that none is twice",
    )


def downgrade() -> None:
    op.drop_table("digest_delivery")
    op.drop_table("digest_subscription")
    op.create_table(
        "digest_subscription",
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_digest_subscription")),
        comment="one person's wish for a digest",
    )
