"""imports say by what mapping they came, what they added and removed; the last attempt at a source says how it ended"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

# Of imports before this one nobody wrote these down.
_MORE = {
    "mapping": sa.Text,
    "rows_added": sa.Integer,
    "rows_removed": sa.Integer,
    "newest_on": sa.Date,
}


def upgrade() -> None:
    for name, kind in _MORE.items():
        op.add_column("import_batch", sa.Column(name, kind(), nullable=True))
    op.create_table(
        "load_attempt",
        sa.Column("way", sa.Text(), primary_key=True),
        sa.Column("mapping", sa.Text(), primary_key=True),
        sa.Column("tried_at", sa.DateTime(), nullable=False),
        sa.Column("tried_by", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        comment="one source, and how the last attempt to load it ended",
    )


def downgrade() -> None:
    op.drop_table("load_attempt")
    for name in _MORE:
        op.drop_column("import_batch", name)
