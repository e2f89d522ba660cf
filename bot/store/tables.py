"""The tables, named after the nouns of the product; only the vault opens a column that ends in _sealed.

`sealed_for` says whose key sealed a row: the student of the stage it belongs to, else the participant
themselves, else 0 (the system).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Time,
    UniqueConstraint,
    false,
    literal_column,
)
from sqlalchemy.types import TypeDecorator, TypeEngine


@lru_cache(maxsize=4096)
def _to_text(value: datetime | None) -> str | None:
    return (
        None if value is None else value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    )


@lru_cache(maxsize=4096)
def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


class Utc(TypeDecorator[datetime]):
    """A moment in UTC: aware going in, aware coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """Write it for SQLite, as text, in one step: a row has several."""
        return _to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read SQLite's text in one step; the same moment stands in many rows, and is made once."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite has no time zones, so there it goes in without."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Give an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# In SQLite only INTEGER is the table's own key; BIGINT would cost a second index.
Id: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

main = MetaData(naming_convention=_NAMES)
keys = MetaData(naming_convention=_NAMES)


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=False)


def _stage(*, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    reference = ForeignKey("stages.id", ondelete="CASCADE")
    return Column("stage", Id, reference, nullable=nullable, primary_key=primary_key)


def _participant(*, primary_key: bool = False, nullable: bool = False) -> Column[int]:
    reference = ForeignKey("participants.id", ondelete="CASCADE")
    return Column("participant", Id, reference, primary_key=primary_key, nullable=nullable)


participants = Table(
    "participants",
    main,
    _id(),
    Column("kind", String, nullable=False),  # student, trainer or teacher: what the identity is
    Column("identity_lookup", LargeBinary, nullable=False),
    Column("identity_sealed", LargeBinary, nullable=False),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("chat_lookup", LargeBinary, unique=True),
    Column("chat_sealed", LargeBinary),
    Column("language", String, nullable=False),  # as the person has it now
    Column("address", String, nullable=False),
    Column("roster_language", String, nullable=False),  # as the roster last said
    Column("roster_address", String, nullable=False),
    Column("reach", String, nullable=False),
    Column("moment_time", Time),
    Column("moment_weekday", SmallInteger),
    Column("paused_until", Date),
    UniqueConstraint("kind", "identity_lookup"),
)

# Erasing a student takes the stages along. A trainer or teacher can't be deleted while a stage has them.
stages = Table(
    "stages",
    main,
    _id(),
    Column("code", String, nullable=False, unique=True),
    Column("student", Id, ForeignKey("participants.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("trainer", Id, ForeignKey("participants.id"), nullable=False, index=True),
    Column("teacher", Id, ForeignKey("participants.id"), nullable=False, index=True),
    Column("team", String, nullable=False, index=True),
    Column("programme", String, nullable=False),
    Column("track", String, nullable=False),
    Column("company", String, nullable=False),
    Column("city", String, nullable=False),
    Column("begin_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    Column("days", String, nullable=False),  # "034": Monday, Thursday, Friday
    Column("workday_end", Time, nullable=False),
    Column("through_holidays", Boolean(create_constraint=False), nullable=False),
    Column("language", String, nullable=False),
    Column("ended", Boolean(create_constraint=False), nullable=False),
    Column("trainer_stopped", Boolean(create_constraint=False), nullable=False),
    Column("wake_at", Utc, index=True),
)

meetings = Table(
    "meetings",
    main,
    _stage(primary_key=True),
    Column("number", SmallInteger, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("place", String, nullable=False),
    Column("roster_at", Utc),  # as the roster last said; None where the teacher made the meeting
    Column("roster_place", String),
    Column("state", String, nullable=False),
    Column("moved", SmallInteger, nullable=False),
    Column("asked", Utc),
    Column("present", String, nullable=False),  # "student,teacher"
)

coordinators = Table(
    "coordinators",
    main,
    Column("team", String, primary_key=True),
    Column(
        "participant", Id, ForeignKey("participants.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
)

invitations = Table(
    "invitations",
    main,
    _id(),
    Column("participant", Id, ForeignKey("participants.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("code_lookup", LargeBinary, nullable=False, unique=True),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("used_at", Utc),
    Column("revoked_at", Utc),
)

check_ins = Table(
    "check_ins",
    main,
    _id(),
    _stage(),
    Column("participant", Id, ForeignKey("participants.id"), nullable=False),
    Column("occasion", String, nullable=False),
    Column("question_set", String, nullable=False),
    Column("version", String, nullable=False),
    Column("due", Utc, nullable=False),
    Column("closes", Utc, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String),
    Column("room", SmallInteger),
    Column("task", String),
    Column("quotes_sealed", LargeBinary),  # with the key of the stage's student
    Column("opened", Utc),
    Column("remind_at", Utc),
    Column("snoozed_until", Utc),
    # put once more because the bot was away: only the store looks at it
    Column("offered", Boolean(create_constraint=False), nullable=False, server_default=false()),
    UniqueConstraint("stage", "participant", "occasion"),
    Index(None, "participant", "state"),
    Index(None, "due", "id"),
)

replies = Table(
    "replies",
    main,
    Column("check_in", Id, ForeignKey("check_ins.id", ondelete="CASCADE"), primary_key=True),
    Column("question", String, primary_key=True),
    Column("participant", Id, ForeignKey("participants.id"), nullable=False),
    Column("sealed_for", Id, nullable=False),
    Column("key", String, nullable=False),
    Column("wording_sealed", LargeBinary, nullable=False),
    Column("asked", Utc, nullable=False),
    Column("status", String, nullable=False),
    Column("share", String, nullable=False),
    Column("answered", Utc),
    Column("text_sealed", LargeBinary),
    Column("choices_sealed", LargeBinary),
    Column("draft_sealed", LargeBinary),
    Column("voice_sealed", LargeBinary),
    Column("source", Id),
    Column("written", Utc),
    Index(None, "participant", "source"),
)

notes = Table(
    "notes",
    main,
    _participant(primary_key=True),
    Column("source", Id, primary_key=True, autoincrement=False),
    _stage(nullable=True),
    Column("sealed_for", Id, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("voice_sealed", LargeBinary),
    Column("at", Utc, nullable=False),
    Column("share", String, nullable=False),
    Column("gone", Boolean(create_constraint=False), nullable=False),
    Index(None, "stage"),
)

digests = Table(
    "digests",
    main,
    _stage(primary_key=True),
    Column("meeting", SmallInteger, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("addendum_at", Utc),
    Column("missed", Boolean(create_constraint=False), nullable=False),
    Column("read_at", Utc),
    Column("contact_at", Utc),
    Column("undelivered", Boolean(create_constraint=False), nullable=False),
)

signals = Table(
    "signals",
    main,
    _id(),
    _stage(),
    _participant(),
    Column("kind", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("urgency", String, nullable=False),
    Column("state", String, nullable=False),
    Column("text_sealed", LargeBinary),  # with the key of the stage's student
    Column("acknowledged", Utc),
    Column("escalated", Utc),
    Index(None, "stage", "at"),
)

agreements = Table(
    "agreements",
    main,
    _id(),
    _stage(),
    Column("meeting", SmallInteger, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),  # with the key of the stage's student
    Column("at", Utc, nullable=False),
    Column("sent", Utc),
    Column("gone", Boolean(create_constraint=False), nullable=False),
    Index(None, "stage"),
)

extra_questions = Table(
    "extra_questions",
    main,
    _stage(primary_key=True),
    Column("meeting", SmallInteger, primary_key=True, autoincrement=False),
    Column("text_sealed", LargeBinary, nullable=False),  # with the key of the stage's student
    Column("at", Utc, nullable=False),
)

pages = Table(
    "pages",
    main,
    _stage(primary_key=True),
    Column("page", String, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("undelivered", Boolean(create_constraint=False), nullable=False),
)

expectations = Table(
    "expectations",
    main,
    _participant(primary_key=True),
    Column("what", String),
    Column("at", Utc, nullable=False),
    _stage(nullable=True),
    Column("about", String, nullable=False),
)

uploads = Table(
    "uploads",
    main,
    _id(),
    _participant(),
    Column("file_sealed", LargeBinary, nullable=False),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("at", Utc, nullable=False),
    Column("state", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Index(None, "participant"),
    Index(None, "state"),
)

monthly_pages = Table(
    "monthly_pages",
    main,
    Column("team", String, primary_key=True),
    Column("month", String, primary_key=True),  # "2026-10"
    Column("at", Utc, nullable=False),
)

# One row: what the program and the school's files were when it last started.
last_start = Table(
    "last_start",
    main,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("fingerprint", String, nullable=False),
    Column("at", Utc, nullable=False),
)

inbox = Table(
    "inbox",
    main,
    _id(),
    Column("raw_sealed", LargeBinary),
    Column("state", String, nullable=False),  # new, done, dead
    Column("attempts", SmallInteger, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("chat_lookup", LargeBinary),  # None where an update is of no chat, or came before release 0.3
    Index(None, "state", "received_at", "id"),
)

# One row at most: which process leads, where several share a database. A new leader raises the term.
leader = Table(
    "leader",
    main,
    _id(),
    Column("term", BigInteger, nullable=False),
    Column("since", Utc, nullable=False),
)

# States: pending, sending, sent, failed, expired, unreachable, unknown. Pending with attempts is a retry.
outbox = Table(
    "outbox",
    main,
    _id(),
    _participant(nullable=True),
    _stage(nullable=True),
    Column("sealed_for", Id, nullable=False),
    Column("chat_lookup", LargeBinary),  # None while the receiver has not joined: then it waits
    Column("chat_sealed", LargeBinary),  # only where the receiver is no participant
    Column("kind", String, nullable=False),
    Column("lane", SmallInteger, nullable=False),  # place in the order of lanes
    Column("payload_sealed", LargeBinary),
    Column("slot_check_in", Id, ForeignKey("check_ins.id", ondelete="CASCADE"), index=True),
    Column("slot_question", String),
    Column("state", String, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("again_at", Utc),  # after a refusal: until then it also holds up what comes behind it
    Column("expires_at", Utc),
    Column("unknown_at", Utc),
    Column("repeated", Boolean(create_constraint=False), nullable=False),  # put again after unknown
    Column("tell", Boolean(create_constraint=False)),  # its end is still to be reported
    Column("message_id", Id),
    Column("detail", String, nullable=False),
    Index(None, "participant", "message_id"),
    Index(None, "stage"),
)


def _only(name: str, condition: ColumnElement[bool], *columns: Column[Any]) -> None:
    """Index only the rows that are underway: with years of sent ones it stays as small and as quick."""
    Index(f"ix_outbox_{name}", *columns, sqlite_where=condition, postgresql_where=condition)


PENDING: ColumnElement[bool] = outbox.c.state == literal_column("'pending'")  # as the indexes have it
_only("pending_order", PENDING, outbox.c.lane, outbox.c.id)
_only("pending_due", PENDING, outbox.c.due_at)
_only("pending_expires", PENDING, outbox.c.expires_at)
_only("pending_chat", PENDING, outbox.c.chat_lookup, outbox.c.lane, outbox.c.again_at)
_only("again", outbox.c.again_at.is_not(None), outbox.c.again_at)
_only("sending", outbox.c.state == literal_column("'sending'"), outbox.c.chat_lookup)
_only("unknown", outbox.c.unknown_at.is_not(None), outbox.c.unknown_at)
_only("tell", outbox.c.tell.is_not(None), outbox.c.id)

access_log = Table(
    "access_log",
    main,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False, index=True),
    Column("actor", Id),  # None: the operator, or stagebot itself
    Column("action", String, nullable=False),
    Column("subject", Id),
)

person_keys = Table(
    "person_keys",
    keys,
    Column("person", Id, primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, nullable=False),
)
