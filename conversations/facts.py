"""What a decision looks at: loaded for a whole batch at once, then passed around as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

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
        facts = self
        for entity in changed:
            match entity:
                case Stage():
                    facts = replace(facts, stage=entity)
                case CheckIn():
                    facts = replace(facts, check_ins=_put(facts.check_ins, entity, lambda c: c.id))
                case Reply():
                    facts = replace(facts, replies=_put(facts.replies, entity, _slot))
                case DigestRecord():
                    facts = replace(facts, digests=_put(facts.digests, entity, lambda d: d.meeting))
                case Signal():
                    facts = replace(facts, signals=_put(facts.signals, entity, lambda s: s.id))
                case PageRecord():
                    facts = replace(facts, pages=_put(facts.pages, entity, lambda p: p.page))
                case _:
                    pass
        return facts


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
        of_old = (c for one in self.materials.values() for c in one.check_ins if c.participant == self.me.id)
        return next((c for c in (*self.check_ins, *of_old) if c.id == check_in), None)

    def replies_to(self, check_in: CheckInId) -> dict[str, Reply]:
        """Give the replies of a check-in by question id."""
        return {r.question: r for r in self.replies if r.check_in == check_in}

    def with_changed(self, changed: Iterable[Entity]) -> ChatFacts:
        """Give the facts as they are after these changes, for the next event in the same chat."""
        facts = self
        for entity in changed:
            match entity:
                case Participant() if entity.id == self.me.id:
                    facts = replace(facts, me=entity)
                case Stage():
                    stages = tuple(entity if s.id == entity.id else s for s in facts.stages)
                    facts = replace(facts, stages=stages)
                case CheckIn() if entity.participant == self.me.id:
                    facts = replace(facts, check_ins=_put(facts.check_ins, entity, lambda c: c.id))
                case Reply() if entity.participant == self.me.id:
                    facts = replace(facts, replies=_put(facts.replies, entity, _slot))
                case Note():
                    facts = replace(facts, notes=_put(facts.notes, entity, lambda n: n.source))
                case Signal():
                    facts = replace(facts, signals=_put(facts.signals, entity, lambda s: s.id))
                case Expectation():
                    facts = replace(facts, expectation=entity if entity.what else None)
                case Upload():
                    facts = replace(facts, uploads=_put(facts.uploads, entity, lambda u: u.id))
                case _:
                    pass
        return facts


def _put(items: tuple[T, ...], item: T, key: Callable[[T], object]) -> tuple[T, ...]:
    return (*(i for i in items if key(i) != key(item)), item)


def _slot(reply: Reply) -> tuple[CheckInId, str]:
    return reply.check_in, reply.question
