from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import Connection, text

from bot.store import chats, check_ins, decisions, dossier, roster, schema, stage_facts, stages
from bot.store.connections import Connections
from bot.store.database import Database
from bot.store.ids import new_id
from bot.store.schema import Schema
from bot.store.transaction import Transaction
from conversations.dossier import (
    Agreement,
    AgreementId,
    Awaits,
    Expectation,
    ExtraQuestion,
    PageRecord,
    Signal,
    SignalId,
    SignalKind,
    SignalState,
    Upload,
    UploadId,
    UploadState,
)
from conversations.loading import References, Wants
from conversations.model import MeetingState, Place, Quote, Role, Stage
from conversations.roster import Person
from tests.store.conftest import FIRST, INGRID, KEES, NOW, SAMIRA, Files, School
from tests.store.making import asked, check_in


def _signal(school: School, **other: object) -> Signal:
    made = Signal(
        id=SignalId(new_id(NOW)),
        stage=school.first.id,
        by=school.ingrid,
        kind=SignalKind.CONSULT,
        at=NOW,
        text="Ze komt steeds te laat",
    )
    return replace(made, **other)  # type: ignore[arg-type]  # each test gives the fields it is about


def _agreement(school: School) -> Agreement:
    return Agreement(
        id=AgreementId(new_id(NOW)),
        stage=school.first.id,
        meeting=1,
        text="Samira doet zelf de kassa",
        at=NOW,
    )


async def test_what_belongs_to_a_stage_comes_back_as_it_was(db: Database, school: School) -> None:
    """Signals, agreements, extra questions and pages are all there for the schedule, with their texts."""
    signal, agreement = _signal(school), _agreement(school)
    extra = ExtraQuestion(stage=school.first.id, meeting=1, text="Hoe ging de borrel?", at=NOW)
    page = PageRecord(stage=school.first.id, page="third", at=NOW)
    async with db.writing() as tx:
        await decisions.save(tx, [signal, agreement, extra, page])
        found = await stage_facts.load(tx, [school.first.id, school.second.id])
        material = await stage_facts.material(tx, school.first.id)
    first, second = found[school.first.id], found[school.second.id]
    assert (first.signals, first.agreements) == ((signal,), (agreement,))
    assert (first.extra_questions, first.pages) == ((extra,), (page,))
    assert (second.signals, second.agreements, second.extra_questions, second.pages) == ((), (), (), ())
    assert (material.signals, material.agreements) == ((signal,), (agreement,))


async def test_an_agreement_taken_back_keeps_no_word(db: Database, school: School) -> None:
    """It is no longer read, and its text is written over."""
    agreement = _agreement(school)
    async with db.writing() as tx:
        await decisions.save(tx, [agreement])
        await decisions.save(tx, [replace(agreement, gone=True)])
        row = (await tx.all(text("SELECT * FROM agreements")))[0]
        await tx.prepare([school.samira])
        sealed = tx.text(school.samira, "agreements", agreement.id, "text", row.text_sealed)
        found = await dossier.agreements_of(tx, {school.first.id: school.samira})
    assert (sealed, found) == ("", [])


async def test_texts_and_quotes_are_sealed(db: Database, files: Files, school: School) -> None:
    """Nothing that somebody wrote stands readable in the files."""
    quote = Quote(place="voorbeeld", text="Ik liet haar zelf bellen", source=5)
    extra = ExtraQuestion(stage=school.first.id, meeting=1, text="Hoe ging de borrel?", at=NOW)
    upload = Upload(id=UploadId(7), participant=school.kees, file="AgADBAAD", name="rooster-zorg.csv", at=NOW)
    async with db.writing() as tx:
        await asked(tx, check_in(school.first, school.samira, quotes=(quote,)))
        await decisions.save(tx, [_signal(school), _agreement(school), extra, upload])
    held = files.bytes()
    words = (b"te laat", b"zelf de kassa", b"borrel", b"zelf bellen", b"AgADBAAD", b"rooster-zorg")
    assert [word for word in words if word in held] == []


async def test_a_check_in_keeps_what_it_quotes(db: Database, school: School) -> None:
    """The quoted words come back with the check-in, also after it changed."""
    quotes = (
        Quote(place="afspraak", text="Samira doet de kassa", source=1),
        Quote(place="afspraak_2", text="Elke vrijdag een gesprek", source=2),
    )
    item = check_in(school.first, school.samira, quotes=quotes)
    async with db.writing() as tx:
        await asked(tx, item)
        await decisions.save(tx, [replace(item, opened=NOW)])
        found = await check_ins.load(tx, [item.id])
    assert found[item.id] == replace(item, opened=NOW)


async def test_a_chat_has_its_expectation_and_its_signals(db: Database, school: School) -> None:
    """What somebody was asked to type, and the open or late signals of their own stages only."""
    expected = Expectation(
        participant=school.kees, what=Awaits.AGREEMENT, at=NOW, stage=school.first.id, about="1"
    )
    mine, done = _signal(school), _signal(school, state=SignalState.ACKNOWLEDGED, at=NOW - timedelta(days=90))
    async with db.writing() as tx:
        await decisions.save(tx, [expected, mine, done])
        found = await chats.load(tx, {44: References(), 11: References(), 22: References()}, NOW)
        await decisions.save(tx, [replace(expected, what=None)])
        after = await chats.load(tx, {44: References()}, NOW)
    assert (found[44].expectation, found[44].signals) == (expected, (mine,))
    assert (found[11].expectation, found[11].signals, found[22].signals) == (None, (mine,), ())
    assert after[44].expectation is None


async def test_an_event_gets_only_what_it_wants(db: Database, school: School) -> None:
    """Dossiers and material are of one's own stages, whatever stage a button names."""
    both = frozenset({school.first.id, school.second.id})
    async with db.writing() as tx:
        chat = await chats.load(tx, {11: References(), 44: References()}, NOW)
        hers = await chats.widen(tx, chat[11], Wants(own=True, dossiers=both, material=both), NOW)
        his = await chats.widen(tx, chat[44], Wants(everyone=True), NOW)
    assert [set(hers.materials), set(hers.dossiers)] == [{school.first.id}, {school.first.id}]
    assert [set(his.materials), set(his.dossiers)] == [set(), set(both)]


async def test_uploads_are_found_by_person_and_by_state(db: Database, school: School) -> None:
    """A file that was dealt with is no longer anybody's business."""
    new = Upload(id=UploadId(1), participant=school.kees, file="f1", name="a.csv", at=NOW)
    done = replace(new, id=UploadId(2), state=UploadState.DONE)
    async with db.writing() as tx:
        await decisions.save(tx, [new, done])
        assert await dossier.uploads_of(tx, [school.kees]) == [new]
        assert await dossier.uploads_in(tx, UploadState.NEW) == [new]
        assert await dossier.uploads_in(tx, UploadState.SHOWN) == []


async def test_a_meeting_that_the_teacher_moved_stays_moved(db: Database, school: School) -> None:
    """The same roster again changes nothing; a roster with another date does (docs/trust.md, 4)."""
    first, second = school.first.meetings
    moved = replace(
        first, at=NOW + timedelta(days=20), place=Place.PHONE, moved=1, present=frozenset({Role.STUDENT})
    )
    changed = replace(school.first, meetings=(moved, second), trainer_stopped=True)
    people = [SAMIRA, INGRID, KEES]
    async with db.writing() as tx:
        await decisions.save(tx, [changed])
        stored = await roster.stored_stages(tx)
        await roster.apply(tx, people, [FIRST], [], NOW)
        same = await _stage(tx, school)
        later = replace(FIRST.meetings[0], at=NOW + timedelta(days=30))
        await roster.apply(tx, people, [replace(FIRST, meetings=(later, FIRST.meetings[1]))], [], NOW)
        other = await _stage(tx, school)
    assert stored[0].stage.meetings == FIRST.meetings
    assert (same.meetings, same.trainer_stopped) == ((moved, second), True)
    assert other.meetings == (replace(later, state=MeetingState.PLANNED), second)


async def test_a_meeting_that_the_roster_drops_is_gone_and_one_made_in_the_chat_stays(
    db: Database, school: School
) -> None:
    """The roster says which of its own meetings there are, and nothing about others."""
    made = replace(school.first.meetings[0], number=3, at=NOW + timedelta(days=100))
    async with db.writing() as tx:
        await decisions.save(tx, [replace(school.first, meetings=(*school.first.meetings, made))])
        only_first = replace(FIRST, meetings=FIRST.meetings[:1])
        await roster.apply(tx, [SAMIRA, INGRID, KEES], [only_first], [], NOW)
        found = await _stage(tx, school)
    assert found.meetings == (school.first.meetings[0], made)


async def test_a_meeting_that_was_held_stays_held(db: Database, school: School) -> None:
    """Whatever a later roster says of its date, or that it leaves it out."""
    first, second = school.first.meetings
    held = replace(first, state=MeetingState.HELD, present=frozenset({Role.STUDENT}))
    people = [SAMIRA, INGRID, KEES]
    other = replace(FIRST.meetings[0], at=NOW + timedelta(days=30), place=Place.PHONE)
    rosters = [replace(FIRST, meetings=(other, second)), replace(FIRST, meetings=(second,))]
    found = []
    async with db.writing() as tx:
        await decisions.save(tx, [replace(school.first, meetings=(held, second))])
        for one in rosters:
            await roster.apply(tx, people, [one], [], NOW)
            found.append((await _stage(tx, school)).meetings)
    assert found == [(held, second), (held, second)]


async def test_a_new_trainer_was_not_at_the_meetings_of_the_former(db: Database, school: School) -> None:
    """What was agreed there is for those who were there (P1)."""
    first, second = school.first.meetings
    held = replace(first, state=MeetingState.HELD, present=frozenset({Role.STUDENT, Role.TRAINER}))
    other = Person(kind="trainer", identity="p.nieuw@bedrijf.example", name="Piet Nieuw")
    async with db.writing() as tx:
        await decisions.save(tx, [replace(school.first, meetings=(held, second))])
        await roster.apply(tx, [SAMIRA, INGRID, KEES], [FIRST], [], NOW)
        same = await _stage(tx, school)
        await roster.apply(tx, [SAMIRA, other, KEES], [replace(FIRST, trainer=other.identity)], [], NOW)
        changed = await _stage(tx, school)
    assert same.meetings == (held, second)
    assert changed.meetings == (replace(held, present=frozenset({Role.STUDENT})), second)


@pytest.mark.sqlite_only
async def test_an_earlier_database_is_brought_up_to_date_with_what_it_holds(files: Files) -> None:
    """Meetings of before are planned, as the roster has them; nothing is lost."""
    await (await files.open()).close()
    files.main.unlink()
    connections = Connections(f"sqlite:///{files.main}")
    async with connections.writing() as connection:
        await connection.run_sync(_first_version)
    await connections.close()
    with closing(sqlite3.connect(files.main)) as plain, plain:
        plain.execute("INSERT INTO meetings VALUES (1, 1, '2026-09-21 08:00:00.000000', 'phone')")
    again = await files.open()
    async with again.reading() as tx:
        (row,) = await tx.all(text("SELECT * FROM meetings"))
    await again.close()
    assert (row.number, row.place, row.roster_place, row.state, row.moved) == (
        1,
        "phone",
        "phone",
        "planned",
        0,
    )
    assert row.at == row.roster_at


def _first_version(connection: Connection) -> None:
    config = schema._config(Schema.MAIN)
    config.attributes["connection"] = connection
    command.upgrade(config, "main_1")


async def _stage(tx: Transaction, school: School) -> Stage:
    found = await stages.load(tx, [school.first.id])
    return found[school.first.id]
