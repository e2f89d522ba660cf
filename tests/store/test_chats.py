from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store import chats, decisions, outbox
from bot.store.database import Database
from bot.store.records import Outcome
from bot.store.transaction import Transaction
from conversations.facts import ChatFacts
from conversations.loading import References
from conversations.model import CheckInState, Note, Slot, Status
from tests.store.conftest import NOW, School
from tests.store.making import asked, check_in, claimed, parcel, reply, settled

LONG_AGO = NOW - timedelta(days=30)


async def load(tx: Transaction, **references: set[int]) -> ChatFacts:
    return (await chats.load(tx, {11: References(**references)}, NOW))[11]  # type: ignore[arg-type]  # plain ints


@pytest.mark.usefixtures("school")
async def test_a_chat_of_nobody_is_absent(db: Database) -> None:
    """An unknown chat gets the neutral answer: there is nothing to load."""
    async with db.reading() as tx:
        assert set(await chats.load(tx, {11: References(), 999: References()}, NOW)) == {11}
        assert await chats.load(tx, {}, NOW) == {}


async def test_everybody_sees_their_own_stages_and_the_people_in_them(db: Database, school: School) -> None:
    """The student has one stage and no other student in it; trainer and teacher have both."""
    async with db.reading() as tx:
        found = await chats.load(tx, {chat: References() for chat in (11, 33, 44)}, NOW)
    assert {chat: f.me.id for chat, f in found.items()} == {
        11: school.samira,
        33: school.ingrid,
        44: school.kees,
    }
    assert [found[chat].stages for chat in (11, 33, 44)] == [
        (school.first,),
        (school.first, school.second),
        (school.first, school.second),
    ]
    assert set(found[11].people) == {school.samira, school.ingrid, school.kees}
    assert set(found[33].people) == {school.samira, school.daan, school.ingrid, school.kees}


async def test_open_queued_and_recent_check_ins_come_with_their_replies(db: Database, school: School) -> None:
    """What was closed over eight days ago is left out, and so is another person's."""
    async with db.writing() as tx:
        old = LONG_AGO
        open_ = await asked(tx, check_in(school.first, school.samira, "week 1", due=old))
        queued = check_in(school.first, school.samira, "week 2", due=old, state=CheckInState.QUEUED)
        closed = check_in(school.first, school.samira, "week 3", due=old, state=CheckInState.DONE)
        recent = check_in(school.first, school.samira, "week 4", state=CheckInState.DONE)
        hers = check_in(school.first, school.ingrid, "week 1")
        await decisions.claim(tx, [queued, closed, recent, hers])
        answers = [
            reply(item, text="tekst", status=Status.ANSWERED) for item in (open_, closed, recent, hers)
        ]
        await decisions.save(tx, answers)
        facts = await load(tx)
    assert facts.check_ins == (open_, queued, recent)
    assert facts.replies == (answers[0], answers[2])


async def test_an_old_check_in_comes_along_when_an_event_refers_to_it(db: Database, school: School) -> None:
    """By a button, by an edit of the answer, and by a swipe reply to its question."""
    async with db.writing() as tx:
        weeks = [
            check_in(school.first, school.samira, f"week {n}", due=LONG_AGO, state=CheckInState.DONE)
            for n in range(4)
        ]
        await decisions.claim(tx, weeks)
        pressed, edited, swiped, other = weeks
        await decisions.save(tx, [reply(edited, text="oud", source=501), reply(other, text="x", source=502)])
        await outbox.put(tx, [parcel(school.samira, slot=Slot(swiped.id, "aha"))], NOW)
        (out,) = await claimed(tx)
        await settled(tx, out, Outcome.SENT, message_id=77)
        facts = await load(tx, check_ins={pressed.id}, sources={501}, replied_to={77, 78})
    assert facts.check_ins == (pressed, edited, swiped)
    assert facts.slots == {77: Slot(swiped.id, "aha")}


async def test_references_of_one_chat_load_nothing_of_another(db: Database, school: School) -> None:
    """Message numbers repeat between chats, and a foreign button gives nothing."""
    async with db.writing() as tx:
        daans = check_in(school.second, school.daan, due=LONG_AGO, state=CheckInState.DONE)
        await decisions.claim(tx, [daans])
        await decisions.save(tx, [reply(daans, text="van Daan", source=501)])
        await decisions.save(
            tx, [Note(participant=school.daan, stage=school.second.id, text="n", source=502, at=NOW)]
        )
        await outbox.put(tx, [parcel(school.daan, slot=Slot(daans.id, "aha"))], NOW)
        (out,) = await claimed(tx)
        await settled(tx, out, Outcome.SENT, message_id=77)
        mine = References(check_ins={daans.id}, replied_to={77}, sources={501, 502})
        found = await chats.load(tx, {11: mine, 22: References()}, NOW)
    assert [(f.check_ins, f.replies, f.slots) for f in found.values()] == [((), (), {})] * 2
    assert found[11].notes == ()


async def test_notes_without_a_stage_and_those_referred_to_come_along(db: Database, school: School) -> None:
    """A note that was settled or thrown away stays out, unless an event is about it."""
    notes = [
        Note(participant=school.ingrid, stage=None, text="welke?", source=1, at=NOW),
        Note(participant=school.ingrid, stage=school.first.id, text="oud", source=2, at=NOW),
        Note(participant=school.ingrid, stage=school.first.id, text="aangepast", source=3, at=NOW),
        Note(participant=school.ingrid, stage=None, text="", source=4, at=NOW, gone=True),
    ]
    async with db.writing() as tx:
        await decisions.save(tx, notes)
        found = await chats.load(tx, {33: References(sources={3})}, NOW)
    assert found[33].notes == (notes[0], notes[2])
