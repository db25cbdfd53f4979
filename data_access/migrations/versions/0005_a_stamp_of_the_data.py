"""a stamp of the data"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("data_state", sa.Column("stamp", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("data_state") as batch_op:
        batch_op.drop_column("stamp")
