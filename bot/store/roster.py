"""What a roster says, as stored: people by their identity at the school, stages by their code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, select, update

from bot.store import stages as stage_store
from bot.store.errors import StudentChanged
from bot.store.ids import new_ids
from bot.store.tables import coordinators, meetings, participants, stages
from bot.store.transaction import Transaction
from conversations.model import (
    Address,
    Language,
    Meeting,
    MeetingState,
    ParticipantId,
    Place,
    Reach,
    Role,
    Track,
)
from conversations.roster import Person, StageRow, StoredStage

_PEOPLE = select(participants)
_BY_IDENTITY = select(
    participants, exists().where(stages.c.teacher == participants.c.id).label("is_teacher")
).where(participants.c.identity_lookup.in_(bindparam("lookups", expanding=True)))
_STAGES = select(stages).order_by(stages.c.code)
_BY_CODE = select(stages).where(stages.c.code.in_(bindparam("codes", expanding=True)))
_UPDATE_PERSON = (
    update(participants)
    .where(participants.c.id == bindparam("person"))
    .values(
        {
            name: bindparam(name)
            for name in ("name_sealed", "language", "address", "roster_language", "roster_address")
        }
    )
)
_UPDATE_STAGE = (
    update(stages)
    .where(stages.c.id == bindparam("stage"))
    .values({c.name: bindparam(c.name) for c in stages.columns if c.name not in ("id", "code", "student")})
)
_IN_ROSTER = (
    select(meetings).where(meetings.c.roster_at.is_not(None)).order_by(meetings.c.stage, meetings.c.number)
)
_MEETINGS = select(meetings).where(meetings.c.stage.in_(bindparam("ids", expanding=True)))
_OURS = ("at", "place", "state", "moved", "asked", "present")  # what is not the roster's to say any more
_SET_PRESENT = (
    update(meetings)
    .where(meetings.c.stage == bindparam("of_stage"), meetings.c.number == bindparam("of_number"))
    .values(present=bindparam("there"))
)
_DROP_MEETING = delete(meetings).where(
    meetings.c.stage == bindparam("of_stage"), meetings.c.number == bindparam("of_number")
)
_END = (
    update(stages)
    .where(stages.c.code.in_(bindparam("codes", expanding=True)))
    .values(ended=True, wake_at=bindparam("now"))
)
_DROP_COORDINATORS = delete(coordinators)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinatorRecord:
    """The coordinator of a team; a code that is a docent_code too makes them the same person."""

    team: str
    code: str = field(repr=False)
    name: str = field(repr=False)


async def stored_stages(tx: Transaction) -> list[StoredStage]:
    """Load all stages with their people, by code, to compare a roster with."""
    people = await _people(tx, await tx.all(_PEOPLE))
    planned: dict[int, list[Meeting]] = defaultdict(list)
    for row in await tx.all(_IN_ROSTER):
        planned[row.stage].append(_as_in_roster(row))
    return [_stored(row, people, tuple(planned[row.id])) for row in await tx.all(_STAGES)]


def _as_in_roster(row: Row[Any]) -> Meeting:
    return Meeting(number=row.number, at=row.roster_at, place=Place(row.roster_place))


async def _people(tx: Transaction, rows: Sequence[Row[Any]]) -> dict[int, Person]:
    await tx.prepare([row.id for row in rows])
    return {
        row.id: Person(
            kind=row.kind,
            identity=tx.text(row.id, "participants", row.id, "identity", row.identity_sealed) or "",
            name=tx.text(row.id, "participants", row.id, "name", row.name_sealed) or "",
            language=Language(row.roster_language),
            address=Address(row.roster_address),
        )
        for row in rows
    }


def _stored(row: Row[Any], people: Mapping[int, Person], planned: tuple[Meeting, ...]) -> StoredStage:
    student, trainer, teacher = people[row.student], people[row.trainer], people[row.teacher]
    record = StageRow(
        code=row.code,
        student=student.identity,
        trainer=trainer.identity,
        teacher=teacher.identity,
        team=row.team,
        programme=row.programme,
        track=Track(row.track),
        company=row.company,
        city=row.city,
        begin=row.begin_date,
        end=row.end_date,
        days=stage_store.days_from(row.days),
        workday_end=row.workday_end,
        meetings=planned,
        through_holidays=row.through_holidays,
        language=Language(row.language),
    )
    return StoredStage(stage=record, student=student, trainer=trainer, teacher=teacher, ended=row.ended)


async def apply(
    tx: Transaction,
    people: Sequence[Person],
    changed: Sequence[StageRow],
    ended: Collection[str],
    now: datetime,
) -> None:
    """Store people and stages that are new or changed, and end stages by code; each is looked at at once.

    `people` must hold the three of every stage in `changed`.
    What a person chose in the chat (language, form of address) stays, unless the roster itself changed it.
    Raise StudentChanged for a code that belongs to another student.
    """
    ids = await _save_people(tx, people, now)
    await _save_stages(tx, changed, ids, now)
    await tx.run_in(_END, "codes", ended, now=now)


async def set_coordinators(tx: Transaction, records: Sequence[CoordinatorRecord], now: datetime) -> None:
    """Make these the coordinators of the teams, and nobody else."""
    people = {r.code: Person(kind="teacher", identity=r.code, name=r.name) for r in records}
    known = await _known(tx, people.values())
    # A teacher's name is the roster's: the school's own file may spell it otherwise.
    teachers = {key for key, row in known.items() if row.is_teacher}
    ids = await _save_people(tx, [p for p in people.values() if _key(tx, p) not in teachers], now)
    ids |= {key: ParticipantId(known[key].id) for key in teachers}
    await tx.run(_DROP_COORDINATORS)
    rows = {(r.team, ids[_key(tx, people[r.code])]) for r in records}
    await tx.insert(coordinators, [{"team": team, "participant": person} for team, person in sorted(rows)])


PersonKey = tuple[str, bytes]


def _key(tx: Transaction, person: Person) -> PersonKey:
    return person.kind, tx.lookup(person.kind, person.identity)


async def _known(tx: Transaction, people: Iterable[Person]) -> dict[PersonKey, Row[Any]]:
    rows = await tx.all_in(_BY_IDENTITY, "lookups", {_key(tx, p)[1] for p in people})
    return {(row.kind, row.identity_lookup): row for row in rows}


async def _save_people(
    tx: Transaction, people: Sequence[Person], now: datetime
) -> dict[PersonKey, ParticipantId]:
    by_key = {_key(tx, p): p for p in people}
    known = await _known(tx, people)
    new = [key for key in by_key if key not in known]
    ids = dict(zip(new, map(ParticipantId, new_ids(now, len(new))), strict=True))
    await tx.create_keys(list(ids.values()))
    await tx.insert(participants, [_new_person(tx, ids[key], key, by_key[key]) for key in new])
    await tx.prepare([row.id for row in known.values()])
    await tx.run_many(_UPDATE_PERSON, [_changed_person(tx, row, by_key[key]) for key, row in known.items()])
    return ids | {key: ParticipantId(row.id) for key, row in known.items()}


def _new_person(tx: Transaction, new: ParticipantId, key: PersonKey, person: Person) -> dict[str, object]:
    return {
        "id": new,
        "kind": person.kind,
        "identity_lookup": key[1],
        "identity_sealed": tx.seal(new, "participants", new, "identity", person.identity),
        "name_sealed": tx.seal(new, "participants", new, "name", person.name),
        "language": person.language.value,
        "address": person.address.value,
        "roster_language": person.language.value,
        "roster_address": person.address.value,
        "reach": Reach.INVITED.value,
    }


def _changed_person(tx: Transaction, row: Row[Any], person: Person) -> dict[str, object]:
    language, address = person.language.value, person.address.value
    return {
        "person": row.id,
        "name_sealed": tx.seal(row.id, "participants", row.id, "name", person.name),
        "language": language if language != row.roster_language else row.language,
        "address": address if address != row.roster_address else row.address,
        "roster_language": language,
        "roster_address": address,
    }


async def _save_stages(
    tx: Transaction, records: Sequence[StageRow], ids: Mapping[PersonKey, ParticipantId], now: datetime
) -> None:
    known = {row.code: row for row in await tx.all_in(_BY_CODE, "codes", {r.code for r in records})}
    rows = [{**_stage_row(tx, record, ids), "wake_at": now} for record in records]
    for row in rows:
        before = known.get(row["code"])
        if before is not None and before.student != row["student"]:
            raise StudentChanged(row["code"])
        # A trainer who stopped guiding stays so until the roster names another.
        row["trainer_stopped"] = (
            before is not None and before.trainer_stopped and before.trainer == row["trainer"]
        )
    new = [row for row in rows if row["code"] not in known]
    stage_ids = {code: row.id for code, row in known.items()}
    stage_ids |= dict(zip((row["code"] for row in new), new_ids(now, len(new)), strict=True))
    await tx.insert(stages, [{**row, "id": stage_ids[row["code"]]} for row in new])
    old = [{**row, "stage": stage_ids[row["code"]]} for row in rows if row["code"] in known]
    await tx.run_many(_UPDATE_STAGE, old)
    await _save_meetings(tx, {stage_ids[record.code]: record.meetings for record in records})
    replaced = [row["stage"] for row in old if known[row["code"]].trainer != row["trainer"]]
    await _forget_trainer(tx, replaced)


async def _forget_trainer(tx: Transaction, replaced: Sequence[int]) -> None:
    """Take the trainer of now out of meetings with a former one: agreements are for who was there."""
    rows = [row for row in await tx.all_in(_MEETINGS, "ids", replaced) if row.present]
    await tx.run_many(
        _SET_PRESENT,
        [
            {
                "of_stage": row.stage,
                "of_number": row.number,
                "there": ",".join(role for role in row.present.split(",") if role != Role.TRAINER.value),
            }
            for row in rows
        ],
    )


async def _save_meetings(tx: Transaction, planned: Mapping[int, tuple[Meeting, ...]]) -> None:
    """Make the meetings as the roster has them; one that it says nothing new of stays as the teacher left it.

    A meeting that was held stays as it was, and one that the teacher made in the chat is not dropped.
    """
    known = {(row.stage, row.number): row for row in await tx.all_in(_MEETINGS, "ids", planned)}
    named = {(stage, m.number): m for stage, its in planned.items() for m in its}
    dropped = [place for place, row in known.items() if place not in named and row.roster_at is not None]
    held = {place for place, row in known.items() if row.state == MeetingState.HELD.value}
    news = {place: m for place, m in named.items() if place not in known or _is_news(known[place], m)}
    gone = [
        {"of_stage": stage, "of_number": number} for stage, number in dropped if (stage, number) not in held
    ]
    await tx.run_many(_DROP_MEETING, gone)
    await tx.upsert(meetings, [_as_named(place, m) for place, m in news.items() if place not in held])
    seen = [_as_named(place, m) for place, m in news.items() if place in held]
    await tx.upsert(meetings, seen, keep=_OURS)


def _as_named(place: tuple[int, int], meeting: Meeting) -> dict[str, object]:
    row = stage_store.meeting_row(place[0], meeting)
    return {**row, "roster_at": meeting.at, "roster_place": meeting.place.value}


def _is_news(row: Row[Any], meeting: Meeting) -> bool:
    return (row.roster_at, row.roster_place) != (meeting.at, meeting.place.value)


def _stage_row(tx: Transaction, record: StageRow, ids: Mapping[PersonKey, ParticipantId]) -> dict[str, Any]:
    return {
        "code": record.code,
        "student": ids["student", tx.lookup("student", record.student)],
        "trainer": ids["trainer", tx.lookup("trainer", record.trainer)],
        "teacher": ids["teacher", tx.lookup("teacher", record.teacher)],
        "team": record.team,
        "programme": record.programme,
        "track": record.track.value,
        "company": record.company,
        "city": record.city,
        "begin_date": record.begin,
        "end_date": record.end,
        "days": stage_store.digits_from(record.days),
        "workday_end": record.workday_end,
        "through_holidays": record.through_holidays,
        "language": record.language.value,
        "ended": False,
    }
