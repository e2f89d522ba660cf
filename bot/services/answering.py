"""Answers what people send: a batch at a time, one transaction, a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.services.incoming import Incoming
from bot.services.joining import Doorman
from bot.services.reaching import Reaching
from bot.services.speaking import Speaker
from bot.store import access, chats, decisions, inbox, outbox, stages, tallies
from bot.store.ids import new_ids
from bot.store.records import Parcel
from bot.store.transaction import Transaction
from conversations.desk import Seen
from conversations.dialogue import decide
from conversations.dossier import Agreement, ExtraQuestion, Signal
from conversations.facts import ChatFacts, DigestRecord, Entity
from conversations.loading import References, wants
from conversations.model import (
    CheckIn,
    CheckInState,
    Participant,
    ParticipantId,
    Reach,
    Reason,
    Stage,
    StageId,
)
from conversations.school import School
from conversations.tallies import TeamCounts

IDS = 2  # that one event may use at most
COUNTED = timedelta(minutes=1)


@dataclass(slots=True)
class Batch:
    """What a batch of events changes, gathered before anything is written."""

    changed: list[Entity] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    wake: set[StageId] = field(default_factory=set)
    gone: dict[ParticipantId, Reach] = field(default_factory=dict)  # who blocked the bot or stopped
    seen: list[Seen] = field(default_factory=list)  # whose words were shown to whom
    quiet: dict[ParticipantId, Reason] = field(default_factory=dict)  # who stopped, or paused until a day


@dataclass(frozen=True, slots=True)
class Answering:
    """The use case of a person writing, speaking or pressing."""

    school: School
    speaker: Speaker
    doorman: Doorman
    reaching: Reaching
    _counted: dict[ParticipantId, tuple[datetime | None, tuple[TeamCounts, ...]]] = field(
        default_factory=dict
    )

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
            if (more := wants(known, incoming.event)) is not None:
                # A page is made from what is stored: what was decided before it in this batch goes first.
                await decisions.save(tx, result.changed)
                result.changed.clear()
                known = await chats.widen(tx, known, more, now)
                if more.teams:
                    known = replace(known, teams=await self._count(tx, known.me.id, now))
            facts[incoming.chat] = self._decide(known, incoming, result, now)
        await decisions.save(tx, result.changed)
        if result.quiet:
            await self.reaching.withdraw(tx, result.quiet)
        result.parcels += await self.reaching.tell(tx, result.gone, now)
        await outbox.put(tx, result.parcels, now)
        await stages.wake(tx, dict.fromkeys(result.wake, now))
        for seen in result.seen:
            await access.log(tx, now, seen.by, seen.what, seen.stage)
        await inbox.done(tx, done)

    async def _count(
        self, tx: Transaction, coordinator: ParticipantId, now: datetime
    ) -> tuple[TeamCounts, ...]:
        """Count somebody's teams, once a minute at most: others wait while a large team is counted."""
        at, counted = self._counted.get(coordinator, (None, ()))
        if at is None or not timedelta(0) <= now - at < COUNTED:
            counted = tuple(await tallies.of_coordinator(tx, coordinator, self.school, now))
            self._counted[coordinator] = now, counted
        return counted

    def _decide(self, known: ChatFacts, incoming: Incoming, result: Batch, now: datetime) -> ChatFacts:
        known = replace(known, new_ids=tuple(new_ids(now, IDS)))
        decision = decide(known, incoming.event, self.school, now)
        after = known.with_changed(decision.changed)
        result.changed += decision.changed
        result.parcels += self.speaker.parcels(decision.out, {**known.people, known.me.id: after.me}, now)
        result.seen += decision.seen
        result.wake |= _to_wake(known, decision.changed)
        if after.me.paused_until and after.me.paused_until != known.me.paused_until:
            result.quiet[after.me.id] = Reason.PAUSED
        if after.me.reach is not known.me.reach:
            result.gone.pop(after.me.id, None)
            if after.me.reach in (Reach.BLOCKED, Reach.STOPPED):
                result.gone[after.me.id] = after.me.reach
            if after.me.reach is Reach.STOPPED:
                result.quiet[after.me.id] = Reason.STOPPED
        return after


def _references(batch: Sequence[Incoming]) -> dict[int, References]:
    references: dict[int, References] = {}
    for incoming in batch:
        references.setdefault(incoming.chat, References()).add(incoming.event)
    return references


def _to_wake(known: ChatFacts, changed: Sequence[Entity]) -> set[StageId]:
    """Find the stages whose next moment may have moved: somebody snoozed, paused, moved, signalled ..."""
    if any(isinstance(entity, Participant) for entity in changed):
        return {stage.id for stage in known.stages}
    moved = {e.id for e in changed if isinstance(e, Stage)}
    asked = {e.stage for e in changed if isinstance(e, Signal | ExtraQuestion | Agreement | DigestRecord)}
    return moved | asked | {e.stage for e in changed if isinstance(e, CheckIn) and _moves(known, e)}


def _moves(known: ChatFacts, check_in: CheckIn) -> bool:
    """Tell whether a check-in moves its stage's next moment: snoozed, or the last that a page waits for."""
    stage = known.find_stage(check_in.stage)
    last = stage is not None and check_in.closes.date() >= stage.end
    return check_in.snoozed_until is not None or (last and check_in.state is CheckInState.DONE)
