"""What a decision looks at: loaded for a whole batch at once, then passed around as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

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

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRecord:
    """That the digest of a meeting was handed to the teacher, or missed. One per stage and meeting."""

    stage: StageId
    meeting: int
    at: datetime
    addendum_at: datetime | None = None  # when late replies were added, the morning of the meeting
    missed: bool = False  # the meeting had passed when its turn came


Entity = Participant | CheckIn | Reply | Note | DigestRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatFacts:
    """All that is needed to answer what happens in one participant's chat.

    `check_ins` are this participant's open and queued ones, those of the last eight days, and those that an
    event of the batch refers to (button, swipe reply, edit); `replies` are theirs, with text. `notes` are
    those without a stage yet and those referred to. `slots` maps the bot's messages that the person replied
    to onto the question they put.
    """

    me: Participant
    stages: tuple[Stage, ...]
    people: Mapping[ParticipantId, Participant]
    check_ins: tuple[CheckIn, ...] = ()
    replies: tuple[Reply, ...] = ()
    notes: tuple[Note, ...] = ()
    slots: Mapping[int, Slot]

    def stage(self, stage: StageId) -> Stage:
        """Find one of this participant's stages."""
        return next(s for s in self.stages if s.id == stage)

    def check_in(self, check_in: CheckInId) -> CheckIn | None:
        """Find a check-in by id among those loaded."""
        return next((c for c in self.check_ins if c.id == check_in), None)

    def replies_to(self, check_in: CheckInId) -> dict[str, Reply]:
        """Give the replies of a check-in by question id."""
        return {r.question: r for r in self.replies if r.check_in == check_in}

    def with_changed(self, changed: Iterable[Entity]) -> ChatFacts:
        """Give the facts as they are after these changes, for the next event in the same chat."""
        facts = self
        for entity in changed:
            match entity:
                case Participant() if entity.id == facts.me.id:
                    facts = replace(facts, me=entity)
                case CheckIn():
                    facts = replace(facts, check_ins=_put(facts.check_ins, entity, lambda c: c.id))
                case Reply():
                    facts = replace(facts, replies=_put(facts.replies, entity, _slot))
                case Note():
                    facts = replace(facts, notes=_put(facts.notes, entity, lambda n: n.source))
                case _:
                    pass
        return facts


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFacts:
    """All that is needed to see what a stage has due.

    `people` holds student, trainer, teacher and the coordinators of the team. `check_ins` are all of the
    stage; `replies` are all of the stage too but light: with choices, without text, wording and voice.
    """

    stage: Stage
    people: Mapping[ParticipantId, Participant]
    coordinators: tuple[ParticipantId, ...]
    check_ins: tuple[CheckIn, ...] = ()
    replies: tuple[Reply, ...] = ()
    digests: tuple[DigestRecord, ...] = ()

    def with_changed(self, changed: Iterable[Entity]) -> StageFacts:
        """Give the facts as they are after these changes, to see what is due next."""
        facts = self
        for entity in changed:
            match entity:
                case CheckIn():
                    facts = replace(facts, check_ins=_put(facts.check_ins, entity, lambda c: c.id))
                case Reply():
                    facts = replace(facts, replies=_put(facts.replies, entity, _slot))
                case DigestRecord():
                    facts = replace(facts, digests=_put(facts.digests, entity, lambda d: d.meeting))
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


def _put(items: tuple[T, ...], item: T, key: Callable[[T], object]) -> tuple[T, ...]:
    return (*(i for i in items if key(i) != key(item)), item)


def _slot(reply: Reply) -> tuple[CheckInId, str]:
    return reply.check_in, reply.question
