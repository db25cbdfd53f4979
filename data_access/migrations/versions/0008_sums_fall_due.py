"""sums fall due"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "invoice",
        sa.Column("opportunity_id", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("properties", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("opportunity_id", "due_on", "sequence", name=op.f("pk_invoice")),
        comment="one sum that falls due, in base currency; receipts of its deal (`payment`) pay the oldest first",
        info={"key": ("opportunity_id", "due_on", "sequence")},
    )


def downgrade() -> None:
    op.drop_table("invoice")
