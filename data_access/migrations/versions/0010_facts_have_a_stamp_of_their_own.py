"""the facts have a stamp of their own, and each of their tables"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("data_state", sa.Column("facts_stamp", sa.Text(), nullable=True))
    op.create_table(
        "fact_version",
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", name=op.f("pk_fact_version")),
        comment="one table of facts: since when it is as it is, and how long",
    )


def downgrade() -> None:
    op.drop_table("fact_version")
    op.drop_column("data_state", "facts_stamp")
