"""lines are given to somebody"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "attention_handover",
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("value_at_risk", sa.BigInteger(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("given_to", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("handover_id", name=op.f("pk_attention_handover")),
        comment="one line of Attention given to somebody, until a day; the newest of a line holds",
    )


def downgrade() -> None:
    op.drop_table("attention_handover")
