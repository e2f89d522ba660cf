"""What is kept about a stage beside check-ins and replies: signals, agreements, what a text was asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from conversations.model import ParticipantId, StageId

SignalId = NewType("SignalId", int)
AgreementId = NewType("AgreementId", int)
UploadId = NewType("UploadId", int)


class SignalKind(StrEnum):
    """What somebody signals."""

    CONSULT = "consult"  # the trainer rings the bell: /overleg (promise P3)
    CONTACT = "contact"  # the student agreed that the teacher is asked to get in touch: /hulp
    WHO = "who"  # the student does not know whom to ask (promise P4)
    HAND_OVER = "hand_over"  # the trainer says that somebody else guides this student from now on
    STOP = "stop"  # the trainer stops guiding this student
    OFFER = "offer"  # help was offered after words that suggest danger; nobody is told


class Urgency(StrEnum):
    """How soon somebody wants to hear."""

    TODAY = "today"
    WEEK = "week"


class SignalState(StrEnum):
    """Where a signal stands. KEPT is told to nobody, and only counted."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A request for contact, or something that needs a person now. Only the teacher reads `text`."""

    id: SignalId
    stage: StageId
    by: ParticipantId
    kind: SignalKind
    at: datetime
    urgency: Urgency = Urgency.WEEK
    state: SignalState = SignalState.OPEN
    text: str | None = field(default=None, repr=False)
    acknowledged: datetime | None = None
    escalated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What was agreed in a meeting, as the teacher typed it (promise P1)."""

    id: AgreementId
    stage: StageId
    meeting: int
    text: str = field(repr=False)
    at: datetime
    sent: datetime | None = None  # to those who were present
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraQuestion:
    """One question that the teacher has put to the student beside the others; one a meeting (promise P5)."""

    stage: StageId
    meeting: int
    text: str = field(repr=False)
    at: datetime


class Awaits(StrEnum):
    """What the bot asked somebody to type outside a check-in."""

    MEETING_MOMENT = "meeting_moment"
    AGREEMENT = "agreement"
    EXTRA_QUESTION = "extra_question"
    NEW_ANSWER = "new_answer"
    AGENDA = "agenda"
    BELL_TEXT = "bell_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The text that somebody was asked to type: the next one they send is it, for as long as it is fresh.

    One a participant; `what` is None when nothing is awaited any more. `about` says what it is for, in the
    words of the feature that asked: a meeting's number, a slot.
    """

    participant: ParticipantId
    what: Awaits | None
    at: datetime
    stage: StageId | None = None
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """That a page beside the digests was handed to the teacher: "third" or "end". One each a stage."""

    stage: StageId
    page: str
    at: datetime
    undelivered: bool = False  # it did not arrive, and goes again once the teacher can be reached


class UploadState(StrEnum):
    """Where a roster sent in the chat stands."""

    NEW = "new"
    SHOWN = "shown"
    WANTED = "wanted"  # [Importeren] was pressed
    DONE = "done"  # imported, refused or left


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A roster that a coordinator sent as a file. `fingerprint` tells what difference was shown."""

    id: UploadId
    participant: ParticipantId
    file: str = field(repr=False)  # the channel's id of the file
    name: str = field(repr=False)
    at: datetime
    state: UploadState = UploadState.NEW
    fingerprint: str = ""
