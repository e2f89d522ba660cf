"""Loads what the schedule and the digest look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from sqlalchemy import BindParameter, bindparam, select

from bot.store import check_ins as check_ins_store
from bot.store import dossier, people, replies, stages
from bot.store.check_ins import digest
from bot.store.tables import check_ins, digests, notes
from bot.store.tables import replies as replies_table
from bot.store.transaction import Transaction
from conversations.dossier import Agreement, ExtraQuestion, PageRecord, Signal
from conversations.facts import DigestRecord, Material, StageFacts
from conversations.model import CheckIn, Participant, ParticipantId, Reply, Stage, StageId

T = TypeVar("T", CheckIn, DigestRecord, Signal, Agreement, ExtraQuestion, PageRecord)

_STAGES: BindParameter[int] = bindparam("stages", expanding=True)
_CHECK_INS = select(check_ins).where(check_ins.c.stage.in_(_STAGES)).order_by(check_ins.c.due, check_ins.c.id)
_DIGESTS = select(digests).where(digests.c.stage.in_(_STAGES)).order_by(digests.c.stage, digests.c.meeting)
_REPLIES_OF_STAGE = (
    select(replies_table, check_ins.c.stage)
    .join(check_ins, replies_table.c.check_in == check_ins.c.id)
    .where(check_ins.c.stage.in_(_STAGES))
    .order_by(replies_table.c.asked, replies_table.c.check_in, replies_table.c.question)
)
_NOTES = (
    select(notes)
    .where(notes.c.stage.in_(_STAGES), notes.c.gone.is_(False))
    .order_by(notes.c.at, notes.c.source)
)


async def load(tx: Transaction, stage_ids: Collection[StageId]) -> dict[StageId, StageFacts]:
    """Load what these stages have had; replies come without wording, text or voice."""
    found = await stages.load(tx, stage_ids)
    leads = await people.coordinators(tx, {s.team for s in found.values()})
    had = _by_stage(await check_ins_store.opened(tx, await tx.all_in(_CHECK_INS, "stages", found)))
    asked = {c.participant for held in had.values() for c in held}  # a trainer may have been replaced since
    everyone = asked | {p for s in found.values() for p in (*_three(s), *leads.get(s.team, []))}
    known = await people.by_ids(tx, everyone)
    done = _by_stage(map(digest, await tx.all_in(_DIGESTS, "stages", found)))
    students = {stage.id: stage.student for stage in found.values()}
    await tx.prepare(set(students.values()))
    signals = _by_stage(await dossier.signals_of(tx, students))
    agreed = _by_stage(await dossier.agreements_of(tx, students))
    extra = _by_stage(await dossier.extra_questions_of(tx, students))
    pages = _by_stage(await dossier.pages_of(tx, students.keys()))
    said: dict[StageId, list[Reply]] = defaultdict(list)
    for row in await tx.all_in(_REPLIES_OF_STAGE, "stages", found):
        said[row.stage].append(replies.light(tx, row))
    return {
        stage.id: StageFacts(
            stage=stage,
            people=_of(
                known,
                (*_three(stage), *leads.get(stage.team, []), *(c.participant for c in had[stage.id])),
            ),
            coordinators=tuple(leads.get(stage.team, [])),
            check_ins=tuple(had[stage.id]),
            replies=tuple(said[stage.id]),
            digests=tuple(done[stage.id]),
            signals=tuple(signals[stage.id]),
            agreements=tuple(agreed[stage.id]),
            extra_questions=tuple(extra[stage.id]),
            pages=tuple(pages[stage.id]),
        )
        for stage in found.values()
    }


async def material(tx: Transaction, stage_id: StageId) -> Material:
    """Load everything that was asked and said in one stage, with text; KeyError for no such stage."""
    stage = (await stages.load(tx, [stage_id]))[stage_id]
    one = {"stages": [stage_id]}
    asked = await check_ins_store.opened(tx, await tx.all(_CHECK_INS, one))
    students = {stage.id: stage.student}
    writers = {*_three(stage), *(c.participant for c in asked)}
    return Material(
        stage=stage,
        people=await people.by_ids(tx, writers),
        check_ins=tuple(asked),
        replies=tuple(await replies.opened(tx, await tx.all(_REPLIES_OF_STAGE, one))),
        notes=tuple(await replies.opened_notes(tx, await tx.all(_NOTES, one))),
        digests=tuple(digest(row) for row in await tx.all(_DIGESTS, one)),
        signals=tuple(await dossier.signals_of(tx, students)),
        agreements=tuple(await dossier.agreements_of(tx, students)),
    )


def _three(stage: Stage) -> tuple[ParticipantId, ParticipantId, ParticipantId]:
    return stage.student, stage.trainer, stage.teacher


def _of(
    known: Mapping[ParticipantId, Participant], ids: Iterable[ParticipantId]
) -> dict[ParticipantId, Participant]:
    return {person: known[person] for person in ids}


def _by_stage(items: Iterable[T]) -> dict[StageId, list[T]]:
    groups: dict[StageId, list[T]] = defaultdict(list)
    for item in items:
        groups[item.stage].append(item)
    return groups
