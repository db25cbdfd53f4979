"""bookings of support and goals of accounts have a day of entry, from which on they are known"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("support_booking", sa.Column("booked_on", sa.Date(), nullable=True))
    op.add_column("account_goal", sa.Column("created_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("account_goal", "created_on")
    op.drop_column("support_booking", "booked_on")
