"""deals are judged in or out of a commit"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "deal_judgement",
        sa.Column("judgement_id", sa.Integer(), nullable=False),
        sa.Column("opportunity_id", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("is_in", sa.Integer(), nullable=True),
        sa.Column("judged_by", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("judgement_id", name=op.f("pk_deal_judgement")),
        comment="one deal judged in or out of the commit of a period; append-only",
    )
    op.create_index("ix_deal_judgement_period", "deal_judgement", ["from_on", "to_on"])


def downgrade() -> None:
    op.drop_index("ix_deal_judgement_period", table_name="deal_judgement")
    op.drop_table("deal_judgement")
