"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "keys_1"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "person_keys",
        sa.Column("person", ID, autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_person_keys"),
    )
