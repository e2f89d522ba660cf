"""Saves what was decided: a claim by unique insert, then everything that changed, in bulk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import bindparam, select, update

from bot.store import dossier, stages
from bot.store.check_ins import check_in_row, digest_row
from bot.store.replies import note_row, reply_row
from bot.store.tables import check_ins, digests, notes, participants, replies
from bot.store.tables import stages as stages_table
from bot.store.transaction import Transaction
from conversations.dossier import Agreement, Expectation, ExtraQuestion, PageRecord, Signal, Upload
from conversations.facts import DigestRecord, Entity
from conversations.model import CheckIn, CheckInId, Note, Participant, Reply, Stage, StageId

E = TypeVar("E", bound=Entity)

_CHECK_IN_STUDENTS = (
    select(check_ins.c.id, stages_table.c.student)
    .join(stages_table, check_ins.c.stage == stages_table.c.id)
    .where(check_ins.c.id.in_(bindparam("ids", expanding=True)))
)
_PERSON_COLUMNS = (
    "name_sealed",
    "language",
    "address",
    "reach",
    "moment_time",
    "moment_weekday",
    "paused_until",
)
_UPDATE_PERSON = (
    update(participants)
    .where(participants.c.id == bindparam("person"))
    .values({name: bindparam(name) for name in _PERSON_COLUMNS})
)
_FIXED = {"id", "stage", "participant", "occasion", "offered"}  # no decision changes these
_CHECK_IN_COLUMNS = [name for c in check_ins.columns if (name := c.name) not in _FIXED]
_UPDATE_CHECK_IN = (
    update(check_ins)
    .where(check_ins.c.id == bindparam("check_in"))
    .values({name: bindparam(name) for name in _CHECK_IN_COLUMNS})
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """Whose key seals what belongs to a stage, for who has loaded that anyway."""

    students: Mapping[int, int]  # by stage
    stages: Mapping[CheckInId, StageId]  # of the check-ins that got replies


async def claim(tx: Transaction, items: Sequence[CheckIn]) -> set[CheckInId]:
    """Make check-ins that are due; give those that had not been made before for that occasion."""
    inserted = await tx.insert_new(check_ins, await _check_in_rows(tx, items))
    return {CheckInId(row[0]) for row in inserted}


async def claim_digests(tx: Transaction, items: Sequence[DigestRecord]) -> set[tuple[StageId, int]]:
    """Record digests that are due; give those (stage, meeting) that had no digest before."""
    inserted = await tx.insert_new(digests, [digest_row(item) for item in items])
    return {(StageId(stage), meeting) for stage, meeting in inserted}


async def save(
    tx: Transaction,
    changed: Iterable[Entity],
    *,
    made: Collection[CheckInId] = (),
    owners: Owners | None = None,
) -> None:
    """Store everything that changed; of several versions of one thing, the last.

    Participants and stages must exist, and check-ins but for those that were `made` with this; IntegrityError
    when one of those exists for the same occasion. All else is made where it doesn't exist.
    """
    latest: dict[object, Entity] = {_identity(item): item for item in changed}
    items = list(latest.values())
    await _save_participants(tx, _only(items, Participant))
    await _save_check_ins(tx, _only(items, CheckIn), made, owners)
    await _save_replies(tx, _only(items, Reply), owners)
    await _save_notes(tx, _only(items, Note))
    await tx.upsert(digests, [digest_row(item) for item in _only(items, DigestRecord)])
    await stages.save(tx, _only(items, Stage))
    await dossier.save_signals(tx, _only(items, Signal))
    await dossier.save_agreements(tx, _only(items, Agreement))
    await dossier.save_extra_questions(tx, _only(items, ExtraQuestion))
    await dossier.save_pages(tx, _only(items, PageRecord))
    await dossier.save_expectations(tx, _only(items, Expectation))
    await dossier.save_uploads(tx, _only(items, Upload))


def _identity(item: Entity) -> tuple[object, ...]:
    match item:
        case Reply():
            return Reply, item.check_in, item.question
        case Note():
            return Note, item.participant, item.source
        case DigestRecord() | ExtraQuestion():
            return type(item), item.stage, item.meeting
        case PageRecord():
            return PageRecord, item.stage, item.page
        case Expectation():
            return Expectation, item.participant
        case _:
            return type(item), item.id


def _only(items: Iterable[Entity], kind: type[E]) -> list[E]:
    return [item for item in items if isinstance(item, kind)]


async def _save_participants(tx: Transaction, people: Sequence[Participant]) -> None:
    await tx.prepare([p.id for p in people])
    rows = [
        {
            "person": p.id,
            "name_sealed": tx.seal(p.id, "participants", p.id, "name", p.name),
            "language": p.language.value,
            "address": p.address.value,
            "reach": p.reach.value,
            "moment_time": p.moment.time if p.moment else None,
            "moment_weekday": p.moment.weekday if p.moment else None,
            "paused_until": p.paused_until,
        }
        for p in people
    ]
    await tx.run_many(_UPDATE_PERSON, rows)


async def _save_check_ins(
    tx: Transaction, items: Sequence[CheckIn], made: Collection[CheckInId], owners: Owners | None
) -> None:
    rows = await _check_in_rows(tx, items, owners)
    await tx.insert(check_ins, [row for row in rows if row["id"] in made])
    old = [row for row in rows if row["id"] not in made]
    await tx.run_many(
        _UPDATE_CHECK_IN,
        [{"check_in": row["id"], **{name: row[name] for name in _CHECK_IN_COLUMNS}} for row in old],
    )


async def _check_in_rows(
    tx: Transaction, items: Sequence[CheckIn], owners: Owners | None = None
) -> list[dict[str, object]]:
    quoting = {item.stage for item in items if item.quotes}
    students: Mapping[int, int] = owners.students if owners else await stages.students(tx, quoting)
    await tx.prepare({students[stage] for stage in quoting})
    return [check_in_row(tx, item, students.get(item.stage)) for item in items]


async def _save_replies(tx: Transaction, items: Sequence[Reply], owners: Owners | None) -> None:
    answered = {item.check_in for item in items}
    sealed_for: dict[int, int] = (
        {check_in: owners.students[owners.stages[check_in]] for check_in in answered}
        if owners
        else {row.id: row.student for row in await tx.all_in(_CHECK_IN_STUDENTS, "ids", answered)}
    )
    await tx.prepare(set(sealed_for.values()))
    await tx.upsert(replies, [reply_row(tx, item, sealed_for[item.check_in]) for item in items])


async def _save_notes(tx: Transaction, items: Sequence[Note]) -> None:
    students = await stages.students(tx, {item.stage for item in items if item.stage is not None})
    sealed_for = [students[item.stage] if item.stage is not None else item.participant for item in items]
    await tx.prepare(sealed_for)
    await tx.upsert(notes, [note_row(tx, item, key) for item, key in zip(items, sealed_for, strict=True)])
