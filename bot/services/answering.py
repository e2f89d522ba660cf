"""Answers what people send: a batch at a time, one transaction, a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.services.incoming import Incoming
from bot.services.joining import Doorman
from bot.services.reaching import Reaching
from bot.services.speaking import Speaker
from bot.store import chats, decisions, inbox, outbox, stages
from bot.store.records import Parcel
from bot.store.transaction import Transaction
from conversations.dialogue import References, decide
from conversations.facts import ChatFacts, Entity
from conversations.model import CheckIn, Participant, ParticipantId, Reach, StageId
from conversations.school import School


@dataclass(slots=True)
class Batch:
    """What a batch of events changes, gathered before anything is written."""

    changed: list[Entity] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    wake: set[StageId] = field(default_factory=set)
    gone: dict[ParticipantId, Reach] = field(default_factory=dict)  # who blocked the bot or stopped


@dataclass(frozen=True, slots=True)
class Answering:
    """The use case of a person writing, speaking or pressing."""

    school: School
    speaker: Speaker
    doorman: Doorman
    reaching: Reaching

    async def answer(
        self, tx: Transaction, batch: Sequence[Incoming], done: Sequence[int], now: datetime
    ) -> None:
        """Decide each event in order, then store all changes, parcels and the inbox marks together."""
        facts = await chats.load(tx, _references(batch), now)
        result = Batch()
        for incoming in batch:
            known = facts.get(incoming.chat)
            if known is None or (known.me.reach is Reach.JOINED and self.doorman.is_for(incoming)):
                after = await self.doorman.receive(tx, incoming, known, result.parcels, result.wake, now)
                if after:
                    facts |= await chats.load(tx, {incoming.chat: References()}, now)
                continue
            facts[incoming.chat] = self._decide(known, incoming, result, now)
        await decisions.save(tx, result.changed)
        result.parcels += await self.reaching.tell(tx, result.gone, now)
        await outbox.put(tx, result.parcels, now)
        await stages.wake(tx, dict.fromkeys(result.wake, now))
        await inbox.done(tx, done)

    def _decide(self, known: ChatFacts, incoming: Incoming, result: Batch, now: datetime) -> ChatFacts:
        decision = decide(known, incoming.event, self.school, now)
        after = known.with_changed(decision.changed)
        result.changed += decision.changed
        result.parcels += self.speaker.parcels(decision.out, {known.me.id: after.me}, now)
        result.wake |= _to_wake(known, decision.changed)
        if after.me.reach is not known.me.reach:
            result.gone.pop(after.me.id, None)
            if after.me.reach in (Reach.BLOCKED, Reach.STOPPED):
                result.gone[after.me.id] = after.me.reach
        return after


def _references(batch: Sequence[Incoming]) -> dict[int, References]:
    references: dict[int, References] = {}
    for incoming in batch:
        references.setdefault(incoming.chat, References()).add(incoming.event)
    return references


def _to_wake(known: ChatFacts, changed: Sequence[Entity]) -> set[StageId]:
    """Find the stages whose next moment may have moved: somebody snoozed, paused, moved or came back."""
    if any(isinstance(entity, Participant) for entity in changed):
        return {stage.id for stage in known.stages}
    return {e.stage for e in changed if isinstance(e, CheckIn) and e.snoozed_until is not None}
