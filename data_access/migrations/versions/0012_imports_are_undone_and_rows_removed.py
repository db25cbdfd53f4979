"""an import can be undone; what a source no longer has is removed"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "import_undo",
        sa.Column("undo_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("undo_id", name=op.f("pk_import_undo")),
        comment="what takes back the last import that changed anything, some rows of one table",
    )
    for table in ("opportunity", "lead", "activity"):
        op.add_column(table, sa.Column("removed_on", sa.Date(), nullable=True))
    op.add_column("lead_day", sa.Column("removed_day", sa.Integer(), nullable=True))
    op.add_column("import_batch", sa.Column("undone_at", sa.DateTime(), nullable=True))
    op.add_column("import_batch", sa.Column("undone_by", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("import_batch", "undone_by")
    op.drop_column("import_batch", "undone_at")
    op.drop_column("lead_day", "removed_day")
    for table in ("activity", "lead", "opportunity"):
        op.drop_column(table, "removed_on")
    op.drop_table("import_undo")
