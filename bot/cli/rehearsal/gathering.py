"""Gathers the record of a rehearsal: what the phones saw, what was stored, what the simulator noted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import func, select

from bot.cli.playing import Play
from bot.cli.rehearsal.following import SIGNAL_TEXTS
from bot.cli.rehearsal.people import Person
from bot.cli.rehearsal.performing import Cast, Glimpse
from bot.cli.rehearsal.record import Heard, Looks, Press, Record, Told
from bot.services.exporting import lines
from bot.store import dossier, people, replies, stage_facts
from bot.store.tables import inbox, monthly_pages, notes, outbox
from bot.store.transaction import Transaction
from config.texts import Texts
from conversations.messages import Lane
from conversations.model import CheckInId, Note, ParticipantId, Slot, StageId, Wording

LOOKED_FOR = (
    "digest.private_head",
    "digest.header_meeting",
    "digest.block_agreed",
    *SIGNAL_TEXTS,
)
_NUMBER = r"(?P<n>\d+)"
FORBIDDEN = 403  # what the Bot API says of a person who has left
NOT_MODIFIED = "message is not modified"  # and of a press on a button that is gone
ENDS_WELL = ("sent", "expired", "unreachable")
_PARCELS = select(
    outbox.c.participant,
    outbox.c.message_id,
    outbox.c.lane,
    outbox.c.stage,
    outbox.c.slot_check_in,
    outbox.c.slot_question,
).where(outbox.c.kind == "message", outbox.c.message_id.is_not(None))
_ENDS = select(outbox.c.state, func.count().label("many")).group_by(outbox.c.state)
_UPDATES = select(inbox.c.state, func.count().label("many")).group_by(inbox.c.state)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What the outbox knows of a message: the lane it took, its stage and the question it put."""

    lane: Lane
    stage: StageId | None
    slot: Slot | None


async def gather(play: Play, cast: Cast, begun: datetime) -> Record:
    """Gather the record of a rehearsal that has come to its end."""
    held = await play.stages()
    students = {stage.id: stage.student for stage in held}
    async with play.db.reading() as tx:
        material = [await stage_facts.material(tx, stage.id) for stage in held]
        everyone = await people.by_ids(tx, [person.me for person in cast.people.values()])
        parcels = await _parcels(tx)
        kept = await _notes(tx)
        ends = await _others(tx)
        await tx.prepare(set(students.values()))
        extra = await dossier.extra_questions_of(tx, students)
        pages = await dossier.pages_of(tx, students)
        monthly = [(row.team, row.month) for row in await tx.all(select(monthly_pages))]
    return Record(
        school=play.school,
        begun=begun,
        ended=play.clock(),
        stages=tuple(held),
        people=everyone,
        joined={p.me: p.joined for p in cast.people.values() if p.joined is not None},
        heard=tuple(_heard(glimpse, parcels) for glimpse in cast.glimpses),
        told=tuple(told for person in cast.people.values() for told in _told(person)),
        presses=tuple(press for person in cast.people.values() for press in _presses(person)),
        check_ins=tuple(c for one in material for c in one.check_ins),
        replies=tuple(r for one in material for r in one.replies),
        notes=tuple(kept),
        digests=tuple(d for one in material for d in one.digests),
        lines=tuple([line async for line in lines(play.db, play.school, None)]),
        mishaps=(*ends, *_refusals(play)),
        looks=_looks(),
        signals=tuple(s for one in material for s in one.signals),
        agreements=tuple(a for one in material for a in one.agreements),
        extra_questions=tuple(extra),
        pages=tuple(pages),
        monthly=tuple(monthly),
    )


def _heard(glimpse: Glimpse, parcels: dict[tuple[ParticipantId, int], Parcel]) -> Heard:
    parcel = parcels.get((glimpse.participant, glimpse.message))
    asked_for = parcel is None or parcel.lane is Lane.ANSWER
    return Heard(
        participant=glimpse.participant,
        message=glimpse.message,
        at=glimpse.at,
        text=glimpse.text,
        by_itself=glimpse.by_itself or not asked_for,
        passed_on=glimpse.passed_on,
        changed=glimpse.changed,
        slot=parcel.slot if parcel else None,
        stage=parcel.stage if parcel else None,
        lane=parcel.lane if parcel else None,
    )


def _told(person: Person) -> Iterator[Told]:
    for message, sent in person.sent.items():
        yield Told(
            participant=person.me,
            message=message,
            at=sent.at,
            kind=sent.kind,
            words=tuple(sent.words),
            stays=sent.stays,
            was=sent.was,
        )


def _presses(person: Person) -> Iterator[Press]:
    for at, press, data in person.presses:
        answered = person.phone.callback_answer(press) is not None
        yield Press(participant=person.me, at=at, data=data, acknowledged=answered)


def _refusals(play: Play) -> Iterator[str]:
    refused = Counter(
        f"{call.method} was refused: {call.code} {call.description}"
        for call in play.world.transcript
        if call.ok is False and call.code != FORBIDDEN and NOT_MODIFIED not in (call.description or "")
    )
    yield from (f"{text} ({times} times)" for text, times in refused.items())
    found = Counter(f"{one.text}: {one.parameter} of {one.method}" for one in play.world.findings)
    yield from (f"{text} ({times} times)" for text, times in found.items())


def _looks() -> Looks:
    texts = Texts.load().by_id
    return Looks(by_id={one: tuple(map(_pattern, _every(texts[one]))) for one in LOOKED_FOR})


def _every(wording: Wording) -> tuple[str, ...]:
    return (wording.nl, wording.en, *((wording.nl_u,) if wording.nl_u else ()))


def _pattern(wording: str) -> str:
    """Give the pattern of a text: a {place} is anything, a number where it is {n}; it ends at its line."""
    parts = re.split(r"\{(\w+)\}", wording)
    words = (re.escape(part) for part in parts[::2])
    places = (_NUMBER if place == "n" else ".+" for place in parts[1::2])
    return "".join(one for pair in zip_longest(words, places, fillvalue="") for one in pair)


async def _parcels(tx: Transaction) -> dict[tuple[ParticipantId, int], Parcel]:
    lanes = list(Lane)
    return {
        (ParticipantId(row.participant), row.message_id): Parcel(
            lane=lanes[row.lane],
            stage=StageId(row.stage) if row.stage is not None else None,
            slot=Slot(CheckInId(row.slot_check_in), row.slot_question) if row.slot_question else None,
        )
        for row in await tx.all(_PARCELS)
        if row.participant is not None
    }


async def _notes(tx: Transaction) -> list[Note]:
    return await replies.opened_notes(tx, await tx.all(select(notes)))


async def _others(tx: Transaction) -> list[str]:
    """Give what did not end well: messages, and updates that were not handled."""
    sent = [
        f"{row.many} messages are {row.state}" for row in await tx.all(_ENDS) if row.state not in ENDS_WELL
    ]
    read = [f"{row.many} updates are {row.state}" for row in await tx.all(_UPDATES) if row.state != "done"]
    return [*sent, *read]
