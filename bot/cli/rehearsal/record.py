"""What a rehearsal leaves behind: what people did, what reached their phones, and what was stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

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

    `by_itself`: the bot sent it of its own accord, and not because of what the person did just before.
    `slot` is the question it put.
    """

    participant: ParticipantId
    message: int
    at: datetime
    text: str
    by_itself: bool
    changed: bool = False
    slot: Slot | None = None
    stage: StageId | None = None
    is_digest: bool = False


class Kind(Enum):
    """What somebody sends: words of their own, a voice message, or what stands on a button."""

    TEXT = "text"
    VOICE = "voice message"
    LABEL = "label"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody sent. `words` are those that a text held, before and after edits.

    `stays`: it is to be kept. What a teacher types, or somebody who has not joined, is not.
    """

    participant: ParticipantId
    message: int
    at: datetime
    kind: Kind = Kind.TEXT
    words: tuple[str, ...] = ()
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
class Record:
    """A whole rehearsal, as the rules look at it. `notes` holds those that were thrown away too."""

    school: School
    begun: datetime
    stages: tuple[Stage, ...]
    people: Mapping[ParticipantId, Participant]
    joined: Mapping[ParticipantId, datetime]
    heard: tuple[Heard, ...]
    told: tuple[Told, ...]
    presses: tuple[Press, ...]
    check_ins: tuple[CheckIn, ...]
    replies: tuple[Reply, ...]
    notes: tuple[Note, ...]
    digests: tuple[DigestRecord, ...]
    lines: tuple[Mapping[str, object], ...]
    mishaps: tuple[str, ...]  # what went wrong between the bot and the Bot API, and what was set aside
    private_heads: tuple[str, ...]  # patterns of how a message begins that only the teacher may read

    def stage(self, stage: StageId) -> Stage:
        """Find a stage."""
        return next(s for s in self.stages if s.id == stage)

    def check_in(self, check_in: CheckInId) -> CheckIn | None:
        """Find a check-in."""
        return next((c for c in self.check_ins if c.id == check_in), None)

    def is_private_page(self, text: str) -> bool:
        """Tell a message that only the teacher may know from one that is used in the meeting."""
        return any(re.match(head, text) for head in self.private_heads)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A rule that did not hold, where and how: codes and numbers only."""

    rule: str
    where: str
    how: str

    def __str__(self) -> str:
        """Give the one line that is printed."""
        return f"{self.rule}: {self.where}: {self.how}"
