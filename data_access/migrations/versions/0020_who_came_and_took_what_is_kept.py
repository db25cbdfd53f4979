"""who came in, was turned away and took which file is kept; somebody's last sign-out is found by an index"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "access_event",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_access_event")),
        comment="one time that somebody came in, was turned away, or took a file",
    )
    op.create_index("ix_access_event_by_action", "access_event", ["by", "action", "subject"])
    op.create_index("ix_audit_event_action_subject", "audit_event", ["action", "subject"])


def downgrade() -> None:
    op.drop_index("ix_audit_event_action_subject", table_name="audit_event")
    op.drop_index("ix_access_event_by_action", table_name="access_event")
    op.drop_table("access_event")
