from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import IntegrityError

from bot.store import decisions, outbox, people, roster, stages
from bot.store.database import Database
from bot.store.errors import StudentChanged
from bot.store.tables import participants
from conversations.model import Address, Language, Meeting, ParticipantId, Place, Reach, Stage, Track
from conversations.roster import StoredStage
from tests.store.conftest import DAAN, FIRST, INGRID, KEES, NOW, SAMIRA, SECOND, School
from tests.store.making import asked, check_in, parcel, reply

EVERYBODY = [SAMIRA, DAAN, INGRID, KEES]
LATER = NOW + timedelta(hours=1)


@pytest.mark.usefixtures("school")
async def test_what_was_applied_comes_back_for_comparing(db: Database) -> None:
    """Every field of the roster survives, so that importing twice can find no difference."""
    async with db.reading() as tx:
        stored = await roster.stored_stages(tx)
    assert stored == [
        StoredStage(stage=FIRST, student=SAMIRA, trainer=INGRID, teacher=KEES, ended=False),
        StoredStage(stage=SECOND, student=DAAN, trainer=INGRID, teacher=KEES, ended=False),
    ]


async def test_a_stage_is_loaded_as_the_words_of_the_product(db: Database, school: School) -> None:
    """By id and by code it is the same stage, with its meetings in order."""
    async with db.reading() as tx:
        assert await stages.load(tx, [school.first.id]) == {school.first.id: school.first}
        assert await stages.every(tx) == [school.first, school.second]
    assert school.first == Stage(
        id=school.first.id,
        code="BPV-1",
        student=school.samira,
        trainer=school.ingrid,
        teacher=school.kees,
        team="Business Events",
        programme="business-events",
        track=Track.BOL,
        company="Congrescentrum Amstel",
        city="Amsterdam",
        begin=date(2026, 9, 7),
        end=date(2027, 1, 29),
        days=frozenset({1, 2, 3}),
        workday_end=FIRST.workday_end,
        meetings=FIRST.meetings,
    )


async def test_applying_again_changes_no_ids_and_adds_nobody(db: Database, school: School) -> None:
    """The same roster twice is the same people and stages."""
    async with db.writing() as tx:
        await roster.apply(tx, EVERYBODY, [FIRST, SECOND], [], LATER)
        assert await stages.every(tx) == [school.first, school.second]
        assert len(await people.invitees(tx)) == 4


async def test_a_changed_stage_is_looked_at_at_once_and_an_unchanged_one_is_not(
    db: Database, school: School
) -> None:
    """A moved meeting wakes its own stage only."""
    async with db.writing() as tx:
        await stages.wake(tx, {school.first.id: None, school.second.id: None})
        moved = replace(FIRST, meetings=(Meeting(number=1, at=LATER, place=Place.PHONE),))
        await roster.apply(tx, EVERYBODY, [moved], [], LATER)
        assert await stages.due(tx, LATER, 10) == [school.first.id]
        assert (await stages.load(tx, [school.first.id]))[school.first.id].meetings == moved.meetings


async def test_stages_are_due_the_longest_waiting_first(db: Database, school: School) -> None:
    """A tick takes a few at a time, and none before its moment."""
    async with db.writing() as tx:
        await stages.wake(tx, {school.first.id: LATER, school.second.id: NOW})
        assert await stages.next_at(tx) == NOW
        assert await stages.due(tx, NOW, 10) == [school.second.id]
        assert await stages.due(tx, LATER, 10) == [school.second.id, school.first.id]
        assert await stages.due(tx, LATER, 1) == [school.second.id]
        await roster.apply(tx, [], [], ["BPV-2"], LATER)
        await stages.wake_all(tx, LATER + timedelta(hours=1))
        assert await stages.due(tx, LATER, 10) == [school.second.id]


@pytest.mark.usefixtures("school")
async def test_an_ended_stage_can_come_back(db: Database) -> None:
    """Ending is a mark; the same code in a later roster takes it away."""
    async with db.writing() as tx:
        await roster.apply(tx, [], [], ["BPV-1"], LATER)
        assert [s.ended for s in await stages.every(tx)] == [True, False]
        await roster.apply(tx, EVERYBODY, [FIRST], [], LATER)
        assert [s.ended for s in await stages.every(tx)] == [False, False]


async def test_a_person_keeps_the_language_chosen_in_the_chat(db: Database, school: School) -> None:
    """The same roster again does not take it back; a roster that changed its mind does."""
    async with db.writing() as tx:
        known = await people.by_ids(tx, [school.ingrid])
        chosen = replace(known[school.ingrid], language=Language.EN, address=Address.JE)
        await decisions.save(tx, [chosen])
        await roster.apply(tx, EVERYBODY, [], [], LATER)
        assert (await people.by_ids(tx, [school.ingrid]))[school.ingrid] == chosen
        assert [s.trainer for s in await roster.stored_stages(tx)] == [INGRID, INGRID]
        await roster.apply(tx, [replace(INGRID, address=Address.JE, language=Language.EN)], [], [], LATER)
        await roster.apply(tx, [INGRID], [], [], LATER)
        again = (await people.by_ids(tx, [school.ingrid]))[school.ingrid]
    assert (again.language, again.address, again.reach) == (Language.NL, Address.U, Reach.JOINED)


@pytest.mark.usefixtures("school")
async def test_a_stage_cannot_move_to_another_student(db: Database) -> None:
    """Its replies are sealed with the first student's key."""
    with pytest.raises(StudentChanged, match="BPV-1 belongs to another student"):
        async with db.writing() as tx:
            await roster.apply(tx, EVERYBODY, [replace(FIRST, student=DAAN.identity)], [], LATER)


@pytest.mark.usefixtures("school")
async def test_coordinators_are_replaced_as_a_whole(db: Database) -> None:
    """Who is no longer in the school's file is no coordinator any more; a name there may be corrected."""
    first = roster.CoordinatorRecord(team="Zorg", code="ZON", name="Zoe")
    async with db.writing() as tx:
        await roster.set_coordinators(tx, [first, replace(first, team="Business Events")], NOW)
        await roster.set_coordinators(tx, [replace(first, name="Zoë Nijland")], NOW)
        ((team, name),) = [
            (row.team, (await people.by_ids(tx, [ParticipantId(row.participant)])).popitem()[1].name)
            for row in await tx.all(text("select team, participant from coordinators"))
        ]
    assert (team, name) == ("Zorg", "Zoë Nijland")


async def test_erasing_a_student_takes_the_stage_and_nobody_else(db: Database, school: School) -> None:
    """Replies, notes, check-ins and parcels about the student go; the other stage and the people stay."""
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.ingrid))
        await decisions.save(tx, [reply(item, text="over Samira")])
        await outbox.put(tx, [parcel(school.kees, stage=school.first.id), parcel(school.kees)], NOW)
        await tx.run(delete(participants).where(participants.c.id == school.samira))
        counts = [
            (await tx.all(text(f"select count(*) from {table}")))[0][0]  # noqa: S608 (names from this list)
            for table in ("participants", "stages", "meetings", "check_ins", "replies", "outbox")
        ]
    assert counts == [3, 1, 2, 0, 0, 1]


@pytest.mark.parametrize("who", ["ingrid", "kees"])
async def test_a_trainer_or_teacher_of_a_stage_cannot_be_deleted(
    db: Database, school: School, who: str
) -> None:
    """Deleting them would take the student's stage along."""
    person: ParticipantId = getattr(school, who)
    with pytest.raises(IntegrityError):
        async with db.writing() as tx:
            await tx.run(delete(participants).where(participants.c.id == person))
