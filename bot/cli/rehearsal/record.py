"""What a rehearsal leaves behind: what people did, what reached their phones, and what was stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from conversations import buttons
from conversations.facts import DigestRecord
from conversations.model import (
    CheckIn,
    CheckInId,
    Note,
    Participant,
    ParticipantId,
    Reply,
    Slot,
    Stage,
    StageId,
)
from conversations.school import School


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message of the bot on somebody's phone, new or changed.

    `by_itself`: the bot sent it and the person had done nothing just before. `slot` is the question it put.
    """

    participant: ParticipantId
    message: int
    at: datetime
    text: str
    by_itself: bool
    changed: bool = False
    slot: Slot | None = None
    stage: StageId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody sent, as it reads after their last edit; `word` is None for a voice message.

    `stays`: it is to be kept. What a teacher types, or somebody who has not joined, is not.
    """

    participant: ParticipantId
    message: int
    at: datetime
    word: str | None
    stays: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that somebody pressed, and whether the bot answered the press."""

    participant: ParticipantId
    at: datetime
    data: str
    acknowledged: bool = True

    @property
    def read(self) -> buttons.Press | None:
        """Give what the button carries."""
        return buttons.decode(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """Something that went wrong between the bot and the Bot API, or an update that was set aside."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A whole rehearsal, as the rules look at it. `words` says who invented which word, edits included."""

    school: School
    begun: datetime
    stages: tuple[Stage, ...]
    people: Mapping[ParticipantId, Participant]
    joined: Mapping[ParticipantId, datetime]
    heard: tuple[Heard, ...]
    told: tuple[Told, ...]
    words: Mapping[str, ParticipantId]
    presses: tuple[Press, ...]
    check_ins: tuple[CheckIn, ...]
    replies: tuple[Reply, ...]
    notes: tuple[Note, ...]
    digests: tuple[DigestRecord, ...]
    lines: tuple[Mapping[str, object], ...]
    mishaps: tuple[Mishap, ...]
    private_heads: tuple[str, ...]  # how a message starts that only the teacher may know, per language

    def stage(self, stage: StageId) -> Stage:
        """Find a stage."""
        return next(s for s in self.stages if s.id == stage)

    def check_in(self, check_in: CheckInId) -> CheckIn | None:
        """Find a check-in."""
        return next((c for c in self.check_ins if c.id == check_in), None)

    def is_private_page(self, text: str) -> bool:
        """Tell a message that only the teacher may know from one that is used in the meeting."""
        return text.startswith(self.private_heads)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A rule that did not hold, where and how: codes and numbers only."""

    rule: str
    where: str
    how: str

    def __str__(self) -> str:
        """Give the one line that is printed."""
        return f"{self.rule}: {self.where}: {self.how}"
