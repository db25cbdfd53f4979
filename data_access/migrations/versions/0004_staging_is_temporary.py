"""staging is temporary: an import makes its own tables, which end with its connection"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_STAGED = (
    "account",
    "account_goal",
    "account_need",
    "account_score",
    "activity",
    "activity_cost",
    "assignment",
    "closeness_score",
    "contact",
    "exchange_rate",
    "key_action",
    "lead",
    "marketing_cost",
    "opening",
    "opportunity",
    "opportunity_history",
    "opportunity_score",
    "payment",
    "product",
    "purchase",
    "region",
    "rep",
    "rep_history",
    "rep_score",
    "stage",
    "support_absence",
    "support_booking",
    "support_person",
    "support_request",
    "target",
)


def upgrade() -> None:
    for name in _STAGED:
        op.drop_table(f"staging_{name}")


def downgrade() -> None:
    tables = sa.inspect(op.get_bind())
    for name in _STAGED:
        op.create_table(
            f"staging_{name}",
            sa.Column("load_id", sa.Text(), nullable=False),
            sa.Column("line", sa.Integer(), nullable=False),
            *(sa.Column(column["name"], column["type"]) for column in tables.get_columns(name)),
            sa.PrimaryKeyConstraint("load_id", "line", name=op.f(f"pk_staging_{name}")),
            comment=f"rows of `{name}` on their way in",
        )
