"""Acts on what could not be delivered: the question is marked, and somebody who can ask is told once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.services.speaking import Speaker
from bot.store import check_ins, decisions, outbox, people, replies, stage_facts, stages
from bot.store.outbox import LostPage, Settled
from bot.store.records import Outcome, Parcel
from bot.store.transaction import Transaction
from conversations.dossier import PageRecord
from conversations.duties import CANNOT_BE_REACHED
from conversations.facts import DigestRecord, Entity, StageFacts
from conversations.joining import leading_role
from conversations.messages import Lane, Message, Say
from conversations.model import (
    CheckIn,
    CheckInState,
    Participant,
    ParticipantId,
    Reach,
    Reason,
    Stage,
    StageId,
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
        if settled.pages:
            await outbox.put(tx, await self._lose(tx, settled.pages, now), now)
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
        changed: list[Entity] = []
        for slot, outcome in lost.items():
            check_in, gone = held[slot.check_in], outcome is Outcome.UNREACHABLE
            status = Status.UNREACHABLE if gone else Status.FAILED
            waiting = [r for r in texts.get(slot.check_in, ()) if r.question == slot.question]
            changed += [replace(r, status=status) for r in waiting if r.status is Status.OPEN]
            if check_in.state is CheckInState.OPEN:
                changed.append(_ended(check_in, Reason.BLOCKED if gone else Reason.NOT_DELIVERED))
        await decisions.save(tx, changed)

    async def _lose(self, tx: Transaction, pages: Collection[LostPage], now: datetime) -> list[Parcel]:
        """Mark digests and pages that did not arrive.

        What somebody unreachable missed goes again when they are back. What the channel refused it would
        refuse again: the coordinators are told, and a digest counts as missed, so that the next one tells it.
        """
        lost = {(page.stage, page.at): page.outcome for page in pages}
        facts = await stage_facts.load(tx, {page.stage for page in pages})
        records: list[DigestRecord | PageRecord] = []
        for held in facts.values():
            records += [*held.digests, *held.pages]
        changed = [after for one in records if (after := _undelivered(one, lost)) is not None]
        await decisions.save(tx, changed)
        refused = {page.stage for page in pages if page.outcome is Outcome.FAILED}
        return [one for stage in sorted(refused & facts.keys()) for one in self._refused(facts[stage], now)]

    def _refused(self, facts: StageFacts, now: datetime) -> list[Parcel]:
        """Tell the coordinators that a teacher did not get a page."""
        log.error("page_refused", stage=facts.stage.id)
        people, stage = facts.people, facts.stage
        names = {"teacher": people[stage.teacher].name, "student": people[stage.student].name}
        said = Say(id="reaching.page_lost", values=names)
        leads = [lead for lead in facts.coordinators if people[lead].reach is Reach.JOINED]
        out = [Message(to=lead, pieces=(said,), lane=Lane.SIGNAL) for lead in leads]
        return self.speaker.parcels(out, people, now)

    async def withdraw(self, tx: Transaction, people: Mapping[ParticipantId, Reason]) -> None:
        """Let no question leave any more that waits for who stopped or paused, and record why."""
        waiting = await outbox.withdraw(tx, people.keys())
        never = waiting.keys() - await outbox.delivered(tx, waiting)
        held = await check_ins.load(tx, {slot.check_in for slot in never})
        texts = await replies.of_check_ins(tx, held)
        changed: list[Entity] = []
        for slot in never:
            check_in, reason = held[slot.check_in], people[waiting[slot]]
            stopped = reason in CANNOT_BE_REACHED
            status = Status.UNREACHABLE if stopped else Status.NOT_ASKED
            asked = [r for r in texts.get(slot.check_in, ()) if r.question == slot.question]
            changed += [replace(r, status=status) for r in asked if r.status is Status.OPEN]
            if check_in.state is CheckInState.OPEN:
                changed.append(_ended(check_in, reason))
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


def _ended(check_in: CheckIn, reason: Reason) -> CheckIn:
    return replace(
        check_in,
        state=CheckInState.UNREACHABLE if reason in CANNOT_BE_REACHED else CheckInState.NOT_ASKED,
        reason=reason,
        remind_at=None,
        snoozed_until=None,
    )


def _undelivered(
    one: DigestRecord | PageRecord, lost: Mapping[tuple[StageId, datetime], Outcome]
) -> Entity | None:
    """Give a record as it is after what went out at its moment was lost; None where nothing changes."""
    outcome = lost.get((one.stage, one.at))
    refused = outcome is Outcome.FAILED
    if isinstance(one, PageRecord):
        return None if outcome is None or refused else replace(one, undelivered=True)
    if outcome is not None:
        return replace(one, undelivered=True, missed=refused)
    added = lost.get((one.stage, one.addendum_at)) if one.addendum_at else None
    return replace(one, addendum_at=None) if added is Outcome.UNREACHABLE else None


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
