"""What a rehearsal leaves behind: what people did, what reached their phones, and what was stored."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import lru_cache

from conversations import buttons
from conversations.dossier import Agreement, ExtraQuestion, PageRecord, Signal
from conversations.facts import DigestRecord
from conversations.messages import Lane
from conversations.model import (
    CheckIn,
    CheckInId,
    Note,
    Participant,
    ParticipantId,
    Reply,
    Role,
    Slot,
    Stage,
    StageId,
)
from conversations.school import School


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message of the bot on somebody's phone, new or changed.

    `by_itself`: the bot sent it of its own accord, and not because of what the person did just before.
    `passed_on`: somebody else did something at that moment, of which this may tell. `slot` is the question
    it put.
    """

    participant: ParticipantId
    message: int
    at: datetime
    text: str
    by_itself: bool
    passed_on: bool = False
    changed: bool = False
    slot: Slot | None = None
    stage: StageId | None = None
    lane: Lane | None = None

    @property
    def is_digest(self) -> bool:
        """Tell a page from everything else."""
        return self.lane is Lane.DIGEST


OWN_NOTE = "~"  # the question of a slot that is a note: the number before it is that of the own message


class Kind(Enum):
    """What somebody sends: words of their own, a voice message, or what stands on a button."""

    TEXT = "text"
    VOICE = "voice message"
    LABEL = "label"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody sent. `words` are those that a text held, before and after edits.

    `stays`: it is to be kept. What a teacher types of their own accord, or somebody who has not joined, is
    not. `was` is where the person saw it kept before they changed it or took it away (see `OWN_NOTE`).
    """

    participant: ParticipantId
    message: int
    at: datetime
    kind: Kind = Kind.TEXT
    words: tuple[str, ...] = ()
    stays: bool = True
    was: Slot | None = None


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
        return _read(self.data)


@lru_cache(maxsize=100_000)
def _read(data: str) -> buttons.Press | None:
    return buttons.decode(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """How some texts look on a phone, in every language: patterns, by the id of the text."""

    by_id: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, text_id: str, text: str) -> re.Match[str] | None:
        """Find a text in what was on a phone."""
        found = (re.search(pattern, text) for pattern in self.by_id[text_id])
        return next((match for match in found if match), None)

    def begins(self, text_id: str, text: str) -> bool:
        """Tell whether a message begins with a text."""
        return any(re.match(pattern, text) for pattern in self.by_id[text_id])


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
    looks: Looks
    ended: datetime | None = None
    signals: tuple[Signal, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    extra_questions: tuple[ExtraQuestion, ...] = ()
    pages: tuple[PageRecord, ...] = ()
    monthly: tuple[tuple[str, str], ...] = ()  # team and month of each page for a coordinator
    _stages: dict[StageId, Stage] = field(init=False, repr=False, compare=False, default_factory=dict)
    _check_ins: dict[CheckInId, CheckIn] = field(init=False, repr=False, compare=False, default_factory=dict)
    _presses: dict[ParticipantId, list[Press]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _whose: dict[ParticipantId, list[tuple[str, Stage]]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Look everything up once: the rules ask for it again and again."""
        self._stages.update((stage.id, stage) for stage in reversed(self.stages))
        self._check_ins.update((check_in.id, check_in) for check_in in reversed(self.check_ins))
        for press in self.presses:
            self._presses.setdefault(press.participant, []).append(press)
        for stage in self.stages:
            for role, one in (
                ("student", stage.student),
                ("trainer", stage.trainer),
                ("teacher", stage.teacher),
            ):
                self._whose.setdefault(one, []).append((role, stage))

    def stage(self, stage: StageId) -> Stage:
        """Find a stage."""
        return self._stages[stage]

    def check_in(self, check_in: CheckInId) -> CheckIn | None:
        """Find a check-in."""
        return self._check_ins.get(check_in)

    def presses_of(self, participant: ParticipantId) -> Sequence[Press]:
        """Give the buttons that somebody pressed."""
        return self._presses.get(participant, ())

    def asked_in(self, participant: ParticipantId) -> list[Stage]:
        """Give the stages in which somebody is a student or a trainer."""
        found = {stage.id: stage for role, stage in self._whose.get(participant, ()) if role != "teacher"}
        return list(found.values())

    def who(self, participant: ParticipantId) -> str:
        """Say who somebody is without a name: the role and the first stage."""
        for role, stage in self._whose.get(participant, ()):
            return f"{role} of {stage.code}"
        return "a coordinator"

    def in_stage(self, stage: StageId | None, role: Role) -> ParticipantId | None:
        """Give who has a role in a stage."""
        one = self._stages.get(stage) if stage is not None else None
        if one is None:
            return None
        return {Role.STUDENT: one.student, Role.TRAINER: one.trainer, Role.TEACHER: one.teacher}.get(role)

    def is_private_page(self, text: str) -> bool:
        """Tell a message that only the teacher may know from one that is used in the meeting."""
        return self.looks.begins("digest.private_head", text)

    def meeting_on(self, heard: Heard) -> int | None:
        """Give the number of the meeting that a page prepares; None for what is no such page."""
        if not heard.is_digest or heard.changed or heard.stage is None or self.is_private_page(heard.text):
            return None
        found = self.looks.find("digest.header_meeting", heard.text)
        return int(found["n"]) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A rule that did not hold, where and how: codes and numbers only."""

    rule: str
    where: str
    how: str

    def __str__(self) -> str:
        """Give the one line that is printed."""
        return f"{self.rule}: {self.where}: {self.how}"
