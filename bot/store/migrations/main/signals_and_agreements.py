"""Signals, agreements and what belongs to a meeting; what a question quotes; rosters sent in the chat."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "main_2"
down_revision = "main_1"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOT_YET = sa.false()


def upgrade() -> None:
    """Add the columns and make the tables."""
    _columns()
    _signals()
    _agreements()
    _pages()
    _expectations()
    _uploads()
    _last_start()


def _columns() -> None:
    """Add columns; those that may not be empty get what held until now."""
    _add("stages", "trainer_stopped", sa.Boolean(create_constraint=False), NOT_YET)
    _add("meetings", "roster_at", sa.DateTime(timezone=True))
    _add("meetings", "roster_place", sa.String())
    _add("meetings", "state", sa.String(), "planned")
    _add("meetings", "moved", sa.SmallInteger(), "0")
    _add("meetings", "asked", sa.DateTime(timezone=True))
    _add("meetings", "present", sa.String(), "")
    op.execute(sa.text("UPDATE meetings SET roster_at = at, roster_place = place"))
    _add("check_ins", "quotes_sealed", sa.LargeBinary())
    _add("replies", "written", sa.DateTime(timezone=True))
    _add("digests", "read_at", sa.DateTime(timezone=True))
    _add("digests", "contact_at", sa.DateTime(timezone=True))
    _add("digests", "undelivered", sa.Boolean(create_constraint=False), NOT_YET)


def _add(table: str, name: str, kind: sa.types.TypeEngine[Any], held: Any = None) -> None:
    op.add_column(table, sa.Column(name, kind, nullable=held is None, server_default=held))


def _stage(*, nullable: bool = False) -> sa.Column[int]:
    return sa.Column("stage", ID, nullable=nullable)


def _of_stage(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_stage"
    return sa.ForeignKeyConstraint(["stage"], ["stages.id"], name=name, ondelete="CASCADE")


def _of_participant(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_participant"
    return sa.ForeignKeyConstraint(["participant"], ["participants.id"], name=name, ondelete="CASCADE")


def _signals() -> None:
    op.create_table(
        "signals",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        _stage(),
        sa.Column("participant", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("acknowledged", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated", sa.DateTime(timezone=True), nullable=True),
        _of_stage("signals"),
        _of_participant("signals"),
        sa.PrimaryKeyConstraint("id", name="pk_signals"),
    )
    op.create_index("ix_signals_stage_at", "signals", ["stage", "at"], unique=False)


def _agreements() -> None:
    op.create_table(
        "agreements",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        _stage(),
        sa.Column("meeting", sa.SmallInteger(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone", sa.Boolean(create_constraint=False), nullable=False),
        _of_stage("agreements"),
        sa.PrimaryKeyConstraint("id", name="pk_agreements"),
    )
    op.create_index("ix_agreements_stage", "agreements", ["stage"], unique=False)
    op.create_table(
        "extra_questions",
        _stage(),
        sa.Column("meeting", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of_stage("extra_questions"),
        sa.PrimaryKeyConstraint("stage", "meeting", name="pk_extra_questions"),
    )


def _pages() -> None:
    op.create_table(
        "pages",
        _stage(),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undelivered", sa.Boolean(create_constraint=False), nullable=False),
        _of_stage("pages"),
        sa.PrimaryKeyConstraint("stage", "page", name="pk_pages"),
    )
    op.create_table(
        "monthly_pages",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "month", name="pk_monthly_pages"),
    )


def _expectations() -> None:
    op.create_table(
        "expectations",
        sa.Column("participant", ID, nullable=False),
        sa.Column("what", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _stage(nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        _of_participant("expectations"),
        _of_stage("expectations"),
        sa.PrimaryKeyConstraint("participant", name="pk_expectations"),
    )


def _uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("participant", ID, nullable=False),
        sa.Column("file_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        _of_participant("uploads"),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
    )
    op.create_index("ix_uploads_participant", "uploads", ["participant"], unique=False)
    op.create_index("ix_uploads_state", "uploads", ["state"], unique=False)


def _last_start() -> None:
    op.create_table(
        "last_start",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_last_start"),
    )
