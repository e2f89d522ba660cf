"""Loads what decisions in chats look at: a handful of statements for a whole batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import BindParameter, and_, bindparam, or_, select

from bot.store import check_ins as check_ins_store
from bot.store import dossier, people, replies, stage_facts, stages
from bot.store.tables import check_ins, notes, outbox
from bot.store.tables import replies as replies_table
from bot.store.transaction import Transaction
from conversations.dossier import Expectation, Signal
from conversations.facts import ChatFacts
from conversations.loading import References, Wants
from conversations.model import (
    CheckIn,
    CheckInId,
    CheckInState,
    Note,
    Participant,
    ParticipantId,
    Reply,
    Slot,
    Stage,
)

T = TypeVar("T", CheckIn, Reply, Note)

_RECENT = timedelta(days=8)
_LATELY = timedelta(days=60)  # signals that were dealt with so long ago are no longer loaded
_OPEN_STATES = [CheckInState.OPEN.value, CheckInState.QUEUED.value]
_PEOPLE: BindParameter[int] = bindparam("people", expanding=True)

_SLOTS = select(
    outbox.c.participant, outbox.c.message_id, outbox.c.slot_check_in, outbox.c.slot_question
).where(
    outbox.c.participant.in_(_PEOPLE),
    outbox.c.message_id.in_(bindparam("messages", expanding=True)),
    outbox.c.slot_check_in.is_not(None),
)
_REPLIED = select(replies_table.c.participant, replies_table.c.source, replies_table.c.check_in).where(
    replies_table.c.participant.in_(_PEOPLE),
    replies_table.c.source.in_(bindparam("sources", expanding=True)),
)
_CHECK_INS = (
    select(check_ins)
    .where(
        check_ins.c.participant.in_(_PEOPLE),
        or_(
            check_ins.c.state.in_(bindparam("states", expanding=True)),
            check_ins.c.due >= bindparam("since"),
            check_ins.c.id.in_(bindparam("ids", expanding=True)),
        ),
    )
    .order_by(check_ins.c.due, check_ins.c.id)
)
_NOTES = (
    select(notes)
    .where(
        notes.c.participant.in_(_PEOPLE),
        or_(
            and_(notes.c.stage.is_(None), notes.c.gone.is_(False)),
            notes.c.source.in_(bindparam("sources", expanding=True)),
        ),
    )
    .order_by(notes.c.participant, notes.c.source)
)


@dataclass(slots=True)
class _Batch:
    """The rows of all chats together, by participant."""

    slots: dict[ParticipantId, dict[int, Slot]]
    check_ins: dict[ParticipantId, list[CheckIn]]
    replies: dict[ParticipantId, list[Reply]]
    notes: dict[ParticipantId, list[Note]]
    expectations: dict[ParticipantId, Expectation]
    signals: list[Signal]


async def widen(tx: Transaction, facts: ChatFacts, wants: Wants, now: datetime) -> ChatFacts:
    """Add what an event wants beside the facts of its chat; only of the person's own stages and teams.

    Stages and signals are read again: somebody else in the same batch may have changed them.
    """
    mine = [s.id for s in facts.stages if (wants.everyone and not s.ended) or s.id in wants.dossiers]
    dossiers = await stage_facts.load(tx, mine) if mine else {}
    own = [s.id for s in facts.stages if s.student == facts.me.id] if wants.own else []
    wanted = [s.id for s in facts.stages if s.id in wants.material]
    materials = {stage: await stage_facts.material(tx, stage) for stage in dict.fromkeys([*own, *wanted])}
    uploads = await dossier.uploads_of(tx, [facts.me.id]) if wants.uploads else []
    fresh = await stages.load(tx, [s.id for s in facts.stages])
    students = {s.id: s.student for s in fresh.values() if not s.ended}
    return replace(
        facts,
        stages=tuple(fresh[s.id] for s in facts.stages),
        signals=tuple(await dossier.signals_of(tx, students, now - _LATELY)),
        dossiers=dossiers,
        materials=materials,
        uploads=tuple(uploads),
    )


async def load(tx: Transaction, chats: Mapping[int, References], now: datetime) -> dict[int, ChatFacts]:
    """Load the facts of these chats; a chat of nobody is absent."""
    me = await people.by_chats(tx, chats)
    refs = {person.id: chats[chat] for chat, person in me.items()}
    if not refs:
        return {}
    mine = await _stages_by_person(tx, refs)
    others = {p for held in mine.values() for s in held for p in (s.student, s.trainer, s.teacher)}
    known = await people.by_ids(tx, others - refs.keys()) | {person.id: person for person in me.values()}
    batch = await _batch(tx, refs, mine, now)
    return {chat: _facts(person, mine.get(person.id, []), known, batch) for chat, person in me.items()}


async def _stages_by_person(
    tx: Transaction, refs: Mapping[ParticipantId, References]
) -> dict[ParticipantId, list[Stage]]:
    mine: dict[ParticipantId, list[Stage]] = defaultdict(list)
    for stage in await stages.of_people(tx, refs.keys()):
        for person in refs.keys() & {stage.student, stage.trainer, stage.teacher}:
            mine[person].append(stage)
    return mine


async def _batch(
    tx: Transaction,
    refs: Mapping[ParticipantId, References],
    mine: Mapping[ParticipantId, Sequence[Stage]],
    now: datetime,
) -> _Batch:
    students = {s.id: s.student for held in mine.values() for s in held if not s.ended}
    slots = await _slots(tx, refs)
    asked = await _check_ins(tx, refs, slots, now)
    answers = await replies.of_check_ins(tx, [c.id for c in asked])
    return _Batch(
        slots=slots,
        check_ins=_grouped(asked),
        replies=_grouped(r for held in answers.values() for r in held),
        notes=_grouped(await _notes(tx, refs)),
        expectations=await dossier.expectations_of(tx, refs),
        signals=await dossier.signals_of(tx, students, now - _LATELY),
    )


async def _check_ins(
    tx: Transaction,
    refs: Mapping[ParticipantId, References],
    slots: Mapping[ParticipantId, Mapping[int, Slot]],
    now: datetime,
) -> list[CheckIn]:
    answered = await _answered_from(tx, refs)
    wanted = {
        person: r.check_ins | answered[person] | {slot.check_in for slot in slots.get(person, {}).values()}
        for person, r in refs.items()
    }
    since = now - _RECENT
    values = {"states": _OPEN_STATES, "since": since, "ids": list(set().union(*wanted.values()))}
    loaded = await check_ins_store.opened(tx, await tx.all_in(_CHECK_INS, "people", refs, **values))
    # What only another chat of the batch refers to stays out.
    return [
        c for c in loaded if c.state.value in _OPEN_STATES or c.due >= since or c.id in wanted[c.participant]
    ]


async def _notes(tx: Transaction, refs: Mapping[ParticipantId, References]) -> list[Note]:
    sources = {s for r in refs.values() for s in r.sources}
    rows = await tx.all_in(_NOTES, "people", refs, sources=list(sources))
    mine = [r for r in rows if r.source in refs[r.participant].sources or (r.stage is None and not r.gone)]
    return await replies.opened_notes(tx, mine)


async def _slots(
    tx: Transaction, refs: Mapping[ParticipantId, References]
) -> dict[ParticipantId, dict[int, Slot]]:
    messages = [m for r in refs.values() for m in r.replied_to]
    slots: dict[ParticipantId, dict[int, Slot]] = defaultdict(dict)
    if messages:
        for row in await tx.all_in(_SLOTS, "people", refs, messages=messages):
            # Message ids are of one chat: another person in the batch may have meant the same number.
            if row.message_id in refs[row.participant].replied_to:
                slot = Slot(CheckInId(row.slot_check_in), row.slot_question)
                slots[row.participant][row.message_id] = slot
    return slots


async def _answered_from(
    tx: Transaction, refs: Mapping[ParticipantId, References]
) -> dict[ParticipantId, set[CheckInId]]:
    found: dict[ParticipantId, set[CheckInId]] = defaultdict(set)
    sources = {s for r in refs.values() for s in r.sources}
    if sources:
        for row in await tx.all_in(_REPLIED, "people", refs, sources=list(sources)):
            if row.source in refs[row.participant].sources:
                found[row.participant].add(CheckInId(row.check_in))
    return found


def _grouped(items: Iterable[T]) -> dict[ParticipantId, list[T]]:
    groups: dict[ParticipantId, list[T]] = defaultdict(list)
    for item in items:
        groups[item.participant].append(item)
    return groups


def _facts(
    me: Participant, held: list[Stage], known: Mapping[ParticipantId, Participant], batch: _Batch
) -> ChatFacts:
    around = {me.id} | {p for s in held for p in (s.student, s.trainer, s.teacher)}
    mine = {s.id for s in held}  # what somebody was asked about a stage that is another's now stays out
    asked = tuple(c for c in batch.check_ins.get(me.id, ()) if c.stage in mine)
    known_ids = {c.id for c in asked}
    return ChatFacts(
        me=me,
        stages=tuple(held),
        people={person: known[person] for person in around},
        check_ins=asked,
        replies=tuple(r for r in batch.replies.get(me.id, ()) if r.check_in in known_ids),
        notes=tuple(batch.notes.get(me.id, ())),
        slots=batch.slots.get(me.id, {}),
        expectation=batch.expectations.get(me.id),
        signals=tuple(s for s in batch.signals if s.stage in mine),
    )
