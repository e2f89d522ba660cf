"""What a decision looks at: loaded for a whole batch at once, then passed around as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from conversations.dossier import Agreement, Expectation, ExtraQuestion, PageRecord, Signal, Upload
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
from conversations.tallies import TeamCounts

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRecord:
    """That the digest of a meeting was handed to the teacher, or missed. One per stage and meeting."""

    stage: StageId
    meeting: int
    at: datetime
    addendum_at: datetime | None = None  # when late replies were added, the morning of the meeting
    missed: bool = False  # the meeting had passed when its turn came
    read_at: datetime | None = None  # when the teacher said so (promise P5)
    contact_at: datetime | None = None  # when the teacher said to get in touch
    undelivered: bool = False  # it did not arrive, and goes again once the teacher can be reached


Entity = (
    Participant
    | Stage
    | CheckIn
    | Reply
    | Note
    | DigestRecord
    | Signal
    | Agreement
    | ExtraQuestion
    | Expectation
    | PageRecord
    | Upload
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFacts:
    """All that is needed to see what a stage has due.

    `people` holds student, trainer, teacher and the coordinators of the team. `check_ins` are all of the
    stage; `replies` are all of the stage too but light: with choices, without text, wording and voice. Only
    what a question may quote (a trainer's example of guidance) has its text.
    """

    stage: Stage
    people: Mapping[ParticipantId, Participant]
    coordinators: tuple[ParticipantId, ...]
    check_ins: tuple[CheckIn, ...] = ()
    replies: tuple[Reply, ...] = ()
    digests: tuple[DigestRecord, ...] = ()
    signals: tuple[Signal, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    extra_questions: tuple[ExtraQuestion, ...] = ()
    pages: tuple[PageRecord, ...] = ()

    def with_changed(self, changed: Iterable[Entity]) -> StageFacts:
        """Give the facts as they are after these changes, to see what is due next."""
        new: dict[str, Any] = {}  # by field: made anew once, however much changed
        for entity in changed:
            match entity:
                case Stage():
                    new["stage"] = entity
                case CheckIn():
                    new["check_ins"] = _put(new.get("check_ins", self.check_ins), entity, _ID)
                case Reply():
                    new["replies"] = _put(new.get("replies", self.replies), entity, _SLOT)
                case DigestRecord():
                    new["digests"] = _put(new.get("digests", self.digests), entity, _MEETING)
                case Signal():
                    new["signals"] = _put(new.get("signals", self.signals), entity, _ID)
                case PageRecord():
                    new["pages"] = _put(new.get("pages", self.pages), entity, _PAGE)
                case _:
                    pass
        return replace(self, **new) if new else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a digest is made from: a stage with everything that was asked and said, with text."""

    stage: Stage
    people: Mapping[ParticipantId, Participant]
    check_ins: tuple[CheckIn, ...]
    replies: tuple[Reply, ...]
    notes: tuple[Note, ...]
    digests: tuple[DigestRecord, ...]
    signals: tuple[Signal, ...] = ()
    agreements: tuple[Agreement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatFacts:
    """All that is needed to answer what happens in one participant's chat.

    `check_ins` are this participant's open and queued ones, those of the last eight days, and those that an
    event of the batch refers to (button, swipe reply, edit); `replies` are theirs, with text. `notes` are
    those without a stage yet and those referred to. `slots` maps the bot's messages that the person replied
    to onto the question they put. `signals` are those of these stages that are open, recent or referred to.
    The last three are there for what asks for them (see `loading.wants`): the stages in full, with text
    where a page is made from it, and what a coordinator's teams count.
    """

    me: Participant
    stages: tuple[Stage, ...]
    people: Mapping[ParticipantId, Participant]
    check_ins: tuple[CheckIn, ...] = ()
    replies: tuple[Reply, ...] = ()
    notes: tuple[Note, ...] = ()
    slots: Mapping[int, Slot]
    expectation: Expectation | None = None
    signals: tuple[Signal, ...] = ()
    uploads: tuple[Upload, ...] = ()
    dossiers: Mapping[StageId, StageFacts] = field(default_factory=dict)
    materials: Mapping[StageId, Material] = field(default_factory=dict)
    teams: tuple[TeamCounts, ...] = ()
    new_ids: tuple[int, ...] = (1, 2)  # for what an event makes: a signal, an agreement, an upload

    def stage(self, stage: StageId) -> Stage:
        """Find one of this participant's stages."""
        return next(s for s in self.stages if s.id == stage)

    def find_stage(self, stage: int | None) -> Stage | None:
        """Find one of this participant's stages, where the id may be anybody's."""
        return next((s for s in self.stages if s.id == stage), None)

    def check_in(self, check_in: CheckInId) -> CheckIn | None:
        """Find one of this participant's check-ins by id among those loaded."""
        for found in self.check_ins:
            if found.id == check_in:
                return found
        of_old = (c for one in self.materials.values() for c in one.check_ins if c.participant == self.me.id)
        return next((c for c in of_old if c.id == check_in), None)

    def replies_to(self, check_in: CheckInId) -> dict[str, Reply]:
        """Give the replies of a check-in by question id."""
        return {r.question: r for r in self.replies if r.check_in == check_in}

    def with_changed(self, changed: Iterable[Entity]) -> ChatFacts:
        """Give the facts as they are after these changes, for the next event in the same chat."""
        new: dict[str, Any] = {}  # by field: made anew once, however much changed
        for entity in changed:
            match entity:
                case Participant() if entity.id == self.me.id:
                    new["me"] = entity
                case Stage():
                    stages = new.get("stages", self.stages)
                    new["stages"] = tuple(entity if s.id == entity.id else s for s in stages)
                case CheckIn() if entity.participant == self.me.id:
                    new["check_ins"] = _put(new.get("check_ins", self.check_ins), entity, _ID)
                case Reply() if entity.participant == self.me.id:
                    new["replies"] = _put(new.get("replies", self.replies), entity, _SLOT)
                case Note():
                    new["notes"] = _put(new.get("notes", self.notes), entity, _SOURCE)
                case Signal():
                    new["signals"] = _put(new.get("signals", self.signals), entity, _ID)
                case Expectation():
                    new["expectation"] = entity if entity.what else None
                case Upload():
                    new["uploads"] = _put(new.get("uploads", self.uploads), entity, _ID)
                case _:
                    pass
        return replace(self, **new) if new else self


_ID, _SLOT = attrgetter("id"), attrgetter("check_in", "question")
_MEETING, _PAGE, _SOURCE = attrgetter("meeting"), attrgetter("page"), attrgetter("source")


def _put(items: tuple[T, ...], item: T, key: Callable[[T], object]) -> tuple[T, ...]:
    own = key(item)
    return (*(i for i in items if key(i) != own), item)
