"""Hands the teacher a digest two workdays before a meeting, what came in after it, and two other pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.services.speaking import Speaker
from bot.store import access, stage_facts
from bot.store.records import Parcel
from bot.store.transaction import Transaction
from conversations import digest, seen
from conversations.dossier import PageRecord
from conversations.duties import Addend, HandOver, HandPage, MissDigest
from conversations.facts import DigestRecord, Entity, Material, StageFacts
from conversations.handovers import THIRD
from conversations.messages import Lane, Message, Piece
from conversations.school import School

Preparation = HandOver | Addend | MissDigest | HandPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What a duty comes to: a record, what goes out, and how the access log calls it."""

    record: Entity
    out: tuple[Message, ...] = ()
    called: str = ""


@dataclass(frozen=True, slots=True)
class Preparing:
    """The use case of preparing a meeting."""

    school: School
    speaker: Speaker

    async def carry_out(
        self, tx: Transaction, facts: StageFacts, one: Preparation, now: datetime
    ) -> tuple[list[Entity], list[Parcel]]:
        """Hand over, add or record as missed; gives what changes and what goes out."""
        handed = await self._hand(tx, facts, one, now)
        if handed.out:
            await access.log(tx, now, None, handed.called, facts.stage.id)
        return [handed.record], self.speaker.parcels(handed.out, facts.people, now)

    async def _hand(self, tx: Transaction, facts: StageFacts, one: Preparation, now: datetime) -> Handed:
        match one:
            case MissDigest(stage=stage, meeting=meeting):
                return Handed(record=DigestRecord(stage=stage, meeting=meeting.number, at=now, missed=True))
            case HandPage(stage=stage, page=page, late=True):
                return Handed(record=PageRecord(stage=stage, page=page, at=now))
            case HandPage():
                return self._page(await _material(tx, facts), one, now)
            case HandOver():
                return self._digest(await _material(tx, facts), one, now)
            case Addend():
                return self._addendum(await _material(tx, facts), facts, one, now)

    def _digest(self, material: Material, one: HandOver, now: datetime) -> Handed:
        number, teacher = one.meeting.number, material.stage.teacher
        # A record of this meeting is of before it moved: it cuts nothing off any more.
        others = tuple(d for d in material.digests if d.meeting != number)
        page = digest.build(replace(material, digests=others), self.school, number, now)
        first, *more = digest.messages(page, teacher)
        out = (replace(first, buttons=seen.below(one.stage, number)), *more)
        record = DigestRecord(stage=one.stage, meeting=number, at=now)
        return Handed(record=record, out=out, called=f"digest {number}")

    def _addendum(self, material: Material, facts: StageFacts, one: Addend, now: datetime) -> Handed:
        number = one.meeting.number
        earlier = next(d for d in facts.digests if d.meeting == number)
        return Handed(
            record=replace(earlier, addendum_at=now),
            out=_messages(material, digest.addendum(material, self.school, number)),
            called=f"addendum {number}",
        )

    def _page(self, material: Material, one: HandPage, now: datetime) -> Handed:
        record = PageRecord(stage=one.stage, page=one.page, at=now)
        if one.page == THIRD:
            out = _messages(material, digest.third(material, self.school, now))
        else:
            out = _messages(material, digest.last(material, self.school, now) or ())
        return Handed(record=record, out=out, called=f"page {one.page}")


async def _material(tx: Transaction, facts: StageFacts) -> Material:
    """Load what pages are made from; a digest that never arrived told nothing."""
    material = await stage_facts.material(tx, facts.stage.id)
    return replace(material, digests=tuple(d for d in material.digests if not d.undelivered))


def _messages(material: Material, pages: Iterable[tuple[Piece, ...]]) -> tuple[Message, ...]:
    stage = material.stage
    return tuple(
        Message(to=stage.teacher, pieces=pieces, lane=Lane.DIGEST, stage=stage.id) for pieces in pages
    )
