"""Hands the teacher a digest two workdays before a meeting, and late answers on the morning itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.services.speaking import Speaker
from bot.store import access, stage_facts
from bot.store.records import Parcel
from bot.store.transaction import Transaction
from conversations import digest
from conversations.duties import Addend, HandOver, MissDigest
from conversations.facts import DigestRecord, Entity, StageFacts
from conversations.messages import Lane, Message, Piece
from conversations.model import Stage
from conversations.school import School


@dataclass(frozen=True, slots=True)
class Preparing:
    """The use case of preparing a meeting."""

    school: School
    speaker: Speaker

    async def carry_out(
        self, tx: Transaction, facts: StageFacts, one: HandOver | Addend | MissDigest, now: datetime
    ) -> tuple[list[Entity], list[Parcel]]:
        """Hand over, add or record as missed; gives what changes and what goes out."""
        stage, number = facts.stage, one.meeting.number
        if isinstance(one, MissDigest):
            return [DigestRecord(stage=stage.id, meeting=number, at=now, missed=True)], []
        material = await stage_facts.material(tx, stage.id)
        if isinstance(one, HandOver):
            # A record of this meeting is of before it moved: it cuts nothing off any more.
            others = tuple(d for d in material.digests if d.meeting != number)
            material = replace(material, digests=others)
            page = digest.build(material, self.school, number, now)
            pages = digest.pages(page, self.speaker.counter(facts.people[stage.teacher]))
            record = DigestRecord(stage=stage.id, meeting=number, at=now)
        else:
            pages = digest.addendum(material, self.school, number)
            earlier = next(d for d in facts.digests if d.meeting == number)
            record = replace(earlier, addendum_at=now)
        if pages:
            action = "digest" if isinstance(one, HandOver) else "addendum"
            await access.log(tx, now, None, f"{action} {number}", stage.id)
        return [record], self._parcels(facts, stage, pages, now)

    def _parcels(
        self, facts: StageFacts, stage: Stage, pages: tuple[tuple[Piece, ...], ...], now: datetime
    ) -> list[Parcel]:
        out = [Message(to=stage.teacher, pieces=pieces, lane=Lane.DIGEST, stage=stage.id) for pieces in pages]
        return self.speaker.parcels(out, {stage.teacher: facts.people[stage.teacher]}, now)
