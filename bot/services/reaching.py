"""Acts on what could not be delivered: the question is marked, and somebody who can ask is told once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.services.speaking import Speaker
from bot.store import check_ins, decisions, outbox, people, replies, stages
from bot.store.outbox import Settled
from bot.store.records import Outcome, Parcel
from bot.store.transaction import Transaction
from conversations.joining import leading_role
from conversations.messages import Lane, Message, Say
from conversations.model import (
    CheckIn,
    CheckInState,
    Participant,
    ParticipantId,
    Reach,
    Reason,
    Reply,
    Stage,
    Status,
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reaching:
    """The use case of somebody who can't be reached."""

    speaker: Speaker

    async def react(self, tx: Transaction, settled: Settled, now: datetime) -> None:
        """Mark what was not put, and tell teacher or coordinator who is gone."""
        if settled.undelivered:
            await self._mark(tx, settled)
        if settled.unreachable:
            gone = dict.fromkeys(settled.unreachable, Reach.BLOCKED)
            await outbox.put(tx, await self.tell(tx, gone, now), now)
            theirs = await stages.of_people(tx, settled.unreachable)
            await stages.wake(tx, dict.fromkeys((stage.id for stage in theirs), now))

    async def _mark(self, tx: Transaction, settled: Settled) -> None:
        """End the check-ins whose question never arrived, with the reason; one that did arrive stays open."""
        lost = {u.slot: u.outcome for u in settled.undelivered if u.outcome is not Outcome.EXPIRED}
        lost = {slot: lost[slot] for slot in lost.keys() - await outbox.delivered(tx, lost)}
        held = await check_ins.load(tx, {slot.check_in for slot in lost})
        texts = await replies.of_check_ins(tx, held)
        changed: list[Reply | CheckIn] = []
        for slot, outcome in lost.items():
            check_in, gone = held[slot.check_in], outcome is Outcome.UNREACHABLE
            status = Status.UNREACHABLE if gone else Status.FAILED
            waiting = [r for r in texts.get(slot.check_in, ()) if r.question == slot.question]
            changed += [replace(r, status=status) for r in waiting if r.status is Status.OPEN]
            if check_in.state is CheckInState.OPEN:
                changed.append(_ended(check_in, gone=gone))
        await decisions.save(tx, changed)

    async def tell(self, tx: Transaction, gone: Mapping[ParticipantId, Reach], now: datetime) -> list[Parcel]:
        """Tell the teacher, or else the coordinators, who blocked the bot, can't be reached or stopped."""
        theirs = await stages.of_people(tx, gone) if gone else []
        leads = await people.coordinators(tx, {stage.team for stage in theirs})
        ids = {p for s in theirs for p in (s.student, s.trainer, s.teacher)} | set(gone)
        everyone = await people.by_ids(tx, ids | {lead for held in leads.values() for lead in held})
        parcels: list[Parcel] = []
        for person, reach in gone.items():
            log.info("no_longer_there", participant=person, reach=reach.value)
            for teller in _tellers(person, theirs, leads, everyone):
                message = self._message(teller, everyone[person], reach)
                parcels += self.speaker.parcels([message], everyone, now)
        return parcels

    def _message(self, to: Participant, gone: Participant, reach: Reach) -> Message:
        role = self.speaker.texts.render((Say(id=f"reaching.{leading_role(gone).value}"),), to)[0]
        text = "reaching.stopped" if reach is Reach.STOPPED else "reaching.unreachable"
        said = Say(id=text, values={"name": gone.name, "role": role})
        return Message(to=to.id, pieces=(said,), lane=Lane.SIGNAL)


def _ended(check_in: CheckIn, *, gone: bool) -> CheckIn:
    return replace(
        check_in,
        state=CheckInState.UNREACHABLE if gone else CheckInState.NOT_ASKED,
        reason=Reason.BLOCKED if gone else Reason.NOT_DELIVERED,
        remind_at=None,
        snoozed_until=None,
    )


def _tellers(
    gone: ParticipantId,
    theirs: Collection[Stage],
    leads: dict[str, list[ParticipantId]],
    everyone: dict[ParticipantId, Participant],
) -> list[Participant]:
    """Choose whom to tell: the teachers of the stages, or the coordinators where the teacher is not there."""
    told: dict[ParticipantId, Participant] = {}
    for stage in theirs:
        if gone not in (stage.student, stage.trainer, stage.teacher) or stage.ended:
            continue
        teacher = everyone[stage.teacher]
        there = teacher.id != gone and teacher.reach is Reach.JOINED
        for person in [teacher.id] if there else leads.get(stage.team, []):
            if person != gone and everyone[person].reach is Reach.JOINED:
                told[person] = everyone[person]
    return list(told.values())
