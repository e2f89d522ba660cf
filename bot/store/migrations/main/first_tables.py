"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "main_1"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "access_log",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", ID, nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_at", "access_log", ["at"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("raw_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_state_received_at_id", "inbox", ["state", "received_at", "id"], unique=False)
    op.create_table(
        "participants",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("identity_lookup", sa.LargeBinary(), nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("chat_lookup", sa.LargeBinary(), nullable=True),
        sa.Column("chat_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("roster_language", sa.String(), nullable=False),
        sa.Column("roster_address", sa.String(), nullable=False),
        sa.Column("reach", sa.String(), nullable=False),
        sa.Column("moment_time", sa.Time(), nullable=True),
        sa.Column("moment_weekday", sa.SmallInteger(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_participants"),
        sa.UniqueConstraint("chat_lookup", name="uq_participants_chat_lookup"),
        sa.UniqueConstraint("kind", "identity_lookup", name="uq_participants_kind_identity_lookup"),
    )
    op.create_table(
        "coordinators",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("participant", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["participant"], ["participants.id"], name="fk_coordinators_participant", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team", "participant", name="pk_coordinators"),
    )
    op.create_index("ix_coordinators_participant", "coordinators", ["participant"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("participant", ID, nullable=False),
        sa.Column("code_lookup", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant"], ["participants.id"], name="fk_invitations_participant", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("code_lookup", name="uq_invitations_code_lookup"),
    )
    op.create_index("ix_invitations_participant", "invitations", ["participant"], unique=False)
    op.create_table(
        "stages",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("student", ID, nullable=False),
        sa.Column("trainer", ID, nullable=False),
        sa.Column("teacher", ID, nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("track", sa.String(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("begin_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("days", sa.String(), nullable=False),
        sa.Column("workday_end", sa.Time(), nullable=False),
        sa.Column("through_holidays", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("wake_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["student"], ["participants.id"], name="fk_stages_student", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["teacher"], ["participants.id"], name="fk_stages_teacher"),
        sa.ForeignKeyConstraint(["trainer"], ["participants.id"], name="fk_stages_trainer"),
        sa.PrimaryKeyConstraint("id", name="pk_stages"),
        sa.UniqueConstraint("code", name="uq_stages_code"),
    )
    op.create_index("ix_stages_student", "stages", ["student"], unique=False)
    op.create_index("ix_stages_teacher", "stages", ["teacher"], unique=False)
    op.create_index("ix_stages_team", "stages", ["team"], unique=False)
    op.create_index("ix_stages_trainer", "stages", ["trainer"], unique=False)
    op.create_index("ix_stages_wake_at", "stages", ["wake_at"], unique=False)
    op.create_table(
        "check_ins",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("stage", ID, nullable=False),
        sa.Column("participant", ID, nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("question_set", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("room", sa.SmallInteger(), nullable=True),
        sa.Column("task", sa.String(), nullable=True),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["participant"], ["participants.id"], name="fk_check_ins_participant"),
        sa.ForeignKeyConstraint(["stage"], ["stages.id"], name="fk_check_ins_stage", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_check_ins"),
        sa.UniqueConstraint(
            "stage", "participant", "occasion", name="uq_check_ins_stage_participant_occasion"
        ),
    )
    op.create_index("ix_check_ins_due_id", "check_ins", ["due", "id"], unique=False)
    op.create_index("ix_check_ins_participant_state", "check_ins", ["participant", "state"], unique=False)
    op.create_table(
        "digests",
        sa.Column("stage", ID, nullable=False),
        sa.Column("meeting", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("addendum_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["stage"], ["stages.id"], name="fk_digests_stage", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("stage", "meeting", name="pk_digests"),
    )
    op.create_table(
        "meetings",
        sa.Column("stage", ID, nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["stage"], ["stages.id"], name="fk_meetings_stage", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("stage", "number", name="pk_meetings"),
    )
    op.create_table(
        "notes",
        sa.Column("participant", ID, nullable=False),
        sa.Column("source", ID, autoincrement=False, nullable=False),
        sa.Column("stage", ID, nullable=True),
        sa.Column("sealed_for", ID, nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("voice_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("share", sa.String(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant"], ["participants.id"], name="fk_notes_participant", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["stage"], ["stages.id"], name="fk_notes_stage", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("participant", "source", name="pk_notes"),
    )
    op.create_index("ix_notes_stage", "notes", ["stage"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("participant", ID, nullable=True),
        sa.Column("stage", ID, nullable=True),
        sa.Column("sealed_for", ID, nullable=False),
        sa.Column("chat_lookup", sa.LargeBinary(), nullable=True),
        sa.Column("chat_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("slot_check_in", ID, nullable=True),
        sa.Column("slot_question", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unknown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("tell", sa.Boolean(), nullable=True),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant"], ["participants.id"], name="fk_outbox_participant", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["slot_check_in"], ["check_ins.id"], name="fk_outbox_slot_check_in", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["stage"], ["stages.id"], name="fk_outbox_stage", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index(
        "ix_outbox_again",
        "outbox",
        ["again_at"],
        unique=False,
        sqlite_where=sa.text("again_at IS NOT NULL"),
        postgresql_where=sa.text("again_at IS NOT NULL"),
    )
    op.create_index("ix_outbox_participant_message_id", "outbox", ["participant", "message_id"], unique=False)
    op.create_index(
        "ix_outbox_pending_chat",
        "outbox",
        ["chat_lookup", "lane", "again_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_outbox_pending_due",
        "outbox",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_outbox_pending_expires",
        "outbox",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_outbox_pending_order",
        "outbox",
        ["lane", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_outbox_sending",
        "outbox",
        ["chat_lookup"],
        unique=False,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index("ix_outbox_slot_check_in", "outbox", ["slot_check_in"], unique=False)
    op.create_index("ix_outbox_stage", "outbox", ["stage"], unique=False)
    op.create_index(
        "ix_outbox_tell",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("tell IS NOT NULL"),
        postgresql_where=sa.text("tell IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_unknown",
        "outbox",
        ["unknown_at"],
        unique=False,
        sqlite_where=sa.text("unknown_at IS NOT NULL"),
        postgresql_where=sa.text("unknown_at IS NOT NULL"),
    )
    op.create_table(
        "replies",
        sa.Column("check_in", ID, nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("participant", ID, nullable=False),
        sa.Column("sealed_for", ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("wording_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("share", sa.String(), nullable=False),
        sa.Column("answered", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("choices_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("draft_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("voice_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("source", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["check_in"], ["check_ins.id"], name="fk_replies_check_in", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["participant"], ["participants.id"], name="fk_replies_participant"),
        sa.PrimaryKeyConstraint("check_in", "question", name="pk_replies"),
    )
    op.create_index("ix_replies_participant_source", "replies", ["participant", "source"], unique=False)
