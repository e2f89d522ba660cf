"""Whose update waits in the inbox, which process leads, and what was put once more after a gap."""

import sqlalchemy as sa
from alembic import op

revision = "main_3"
down_revision = "main_2"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and make the table."""
    op.add_column("inbox", sa.Column("chat_lookup", sa.LargeBinary()))
    op.add_column(
        "check_ins",
        sa.Column("offered", sa.Boolean(create_constraint=False), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "leader",
        sa.Column("id", ID, primary_key=True, autoincrement=False),
        sa.Column("term", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
