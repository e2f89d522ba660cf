"""What passes between the store and the two ends of the road: the receiver and the sender."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from conversations.messages import Lane
from conversations.model import ParticipantId, Slot, StageId


@dataclass(frozen=True, slots=True, kw_only=True)
class RawUpdate:
    """An update exactly as the channel delivered it; `attempts` counts the times it was taken up before.

    `chat` is whose it is, as the channel says when it comes in: None where that can't be told.
    """

    id: int
    raw: bytes
    attempts: int = 0
    chat: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Something to send, as plain data: what the outbox keeps.

    `kind` is message, amend, acknowledge or menu. `payload` is JSON-ready: message has text, bold (list of
    [start, length] in characters), buttons (rows of {text, data}); amend has message and buttons, and
    text and bold where the text changes too; acknowledge has press and text or null; menu has commands
    (list of [name, description]).
    `to` is None when the receiver is not known as a participant: then `chat` says where (joining).
    """

    to: ParticipantId | None
    kind: str
    payload: dict[str, Any]
    lane: Lane
    chat: int | None = None
    slot: Slot | None = None
    stage: StageId | None = None
    not_before: datetime | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A parcel claimed for sending (state `sending`, committed), with the chat it goes to."""

    id: int
    chat: int
    parcel: Parcel
    attempts: int


class Outcome(StrEnum):
    """What became of one attempt to send."""

    SENT = "sent"
    RETRY = "retry"  # never written: no attempt reached the server; again at `again_at`
    WAIT = "wait"  # 429: again at `again_at`, no attempt counted
    FAILED = "failed"  # refused for good
    EXPIRED = "expired"
    UNKNOWN = "unknown"  # may have arrived: read timeout, reset after writing, 5xx
    UNREACHABLE = "unreachable"  # 403 and what amounts to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The result of one attempt, to be stored with others in one transaction."""

    id: int
    outcome: Outcome
    message_id: int | None = None
    again_at: datetime | None = None
    detail: str = ""  # an error class or code; never a text or a name
