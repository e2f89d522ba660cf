from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store import access, decisions, export, roster, stage_facts
from bot.store.database import Database
from bot.store.export import Exported
from bot.store.roster import CoordinatorRecord
from bot.store.tables import access_log
from conversations.facts import DigestRecord
from conversations.model import CheckInState, Note, Reason, Role, StageId, Status
from tests.store.conftest import NOW, School
from tests.store.making import asked, check_in, reply


async def test_stage_facts_hold_what_was_due_without_its_text(db: Database, school: School) -> None:
    """The schedule sees each stage's own check-ins, light replies, digests and coordinators."""
    async with db.writing() as tx:
        coordinator = CoordinatorRecord(team="Business Events", code="ZON", name="Zoë Nijland")
        await roster.set_coordinators(tx, [coordinator], NOW)
        item = await asked(tx, check_in(school.first, school.samira))
        answer = reply(
            item, text="geheim", choices=("alone",), status=Status.ANSWERED, answered=NOW, source=5
        )
        done = DigestRecord(stage=school.first.id, meeting=1, at=NOW)
        await decisions.save(tx, [answer, done])
        found = await stage_facts.load(tx, [school.first.id, school.second.id, StageId(1)])
    first, second = found[school.first.id], found[school.second.id]
    (zoe,) = first.coordinators
    assert (first.stage, first.check_ins, first.digests) == (school.first, (item,), (done,))
    assert first.replies == (replace(answer, wording="", text=None),)
    assert first.people[zoe].name == "Zoë Nijland"
    assert set(first.people) == {school.samira, school.ingrid, school.kees, zoe}
    assert (second.stage, second.check_ins, second.replies, second.digests) == (school.second, (), (), ())
    assert len(found) == 2


async def test_a_stage_without_coordinator_has_none(db: Database, school: School) -> None:
    """A team without a coordinator stops nothing."""
    async with db.reading() as tx:
        found = await stage_facts.load(tx, [school.first.id])
    assert found[school.first.id].coordinators == ()


async def test_material_holds_everything_said_in_one_stage(db: Database, school: School) -> None:
    """With text, of student and trainer, and nothing of the other stage of the same trainer."""
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))
        hers = await asked(tx, check_in(school.first, school.ingrid, due=NOW + timedelta(days=1)))
        other = await asked(tx, check_in(school.second, school.ingrid))
        answers = [reply(item, text="kassa"), reply(hers, text="zag het"), reply(other, text="over Daan")]
        note = Note(participant=school.samira, stage=school.first.id, text="notitie", source=9, at=NOW)
        await decisions.save(tx, [*answers, note, replace(note, stage=school.second.id, source=10)])
        found = await stage_facts.material(tx, school.first.id)
    assert (found.stage, found.check_ins, found.notes) == (school.first, (item, hers), (note,))
    assert found.replies == (answers[0], answers[1])
    assert set(found.people) == {school.samira, school.ingrid, school.kees}


async def test_export_gives_every_question_that_was_due_in_order(
    db: Database, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked and not asked, from a moment on, however many there are at a time."""
    async with db.writing() as tx:
        before = check_in(school.first, school.samira, "week 0", due=NOW - timedelta(days=7))
        item = check_in(school.first, school.samira, "week 1")
        hers = check_in(school.second, school.ingrid, "week 1")
        none = check_in(
            school.second, school.daan, "week 1", state=CheckInState.NOT_ASKED, reason=Reason.HOLIDAY
        )
        await decisions.claim(tx, [before, item, hers, none])
        answers = [reply(item, "aha", text="x"), reply(item, "transfer", asked=NOW + timedelta(hours=1))]
        await decisions.save(tx, answers)
    rows = [row async for row in export.rows(db, NOW)]
    assert rows == [
        Exported(check_in=item, stage="BPV-1", role=Role.STUDENT, reply=answers[0]),
        Exported(check_in=item, stage="BPV-1", role=Role.STUDENT, reply=answers[1]),
        Exported(check_in=hers, stage="BPV-2", role=Role.TRAINER, reply=None),
        Exported(check_in=none, stage="BPV-2", role=Role.STUDENT, reply=None),
    ]
    monkeypatch.setattr(export, "_AT_ONCE", 2)
    assert [row async for row in export.rows(db, NOW)] == rows
    assert [row.check_in async for row in export.rows(db)] == [before, item, item, hers, none]


async def test_the_access_log_holds_who_did_what_with_which_id(db: Database, school: School) -> None:
    """A line is two ids, a moment and a word."""
    async with db.writing() as tx:
        await access.log(tx, NOW, school.kees, "digest 1", school.first.id)
        await access.log(tx, NOW, None, "export", None)
        rows = await tx.all(access_log.select().order_by(access_log.c.id))
    assert [(row.at, row.actor, row.action, row.subject) for row in rows] == [
        (NOW, school.kees, "digest 1", school.first.id),
        (NOW, None, "export", None),
    ]
