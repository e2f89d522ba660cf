"""What does not leave: pages that did not arrive are told, and questions of who stopped are withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import LostPage
from bot.store.records import Outcome
from conversations.messages import Lane
from conversations.model import Slot
from tests.store.conftest import NOW, School
from tests.store.making import asked, check_in, claimed, parcel, settled, texts

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNREACHABLE])
async def test_a_page_that_did_not_arrive_is_told_once_with_its_moment(
    db: Database, school: School, outcome: Outcome
) -> None:
    """docs/trust.md, 3: the moment finds the record of the digest again."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.kees, lane=Lane.DIGEST, stage=school.first.id)], NOW)
        (page,) = await claimed(tx, NOW + MINUTE)
        told = await settled(tx, page, outcome, NOW + MINUTE)
        again = await outbox.settle(tx, [], NOW + MINUTE)
    lost = LostPage(participant=school.kees, stage=school.first.id, at=NOW, outcome=outcome)
    assert (told.pages, told.undelivered, again.pages) == ((lost,), (), ())


async def test_both_parts_of_a_digest_are_told_when_the_first_was_refused(
    db: Database, school: School
) -> None:
    """The second is not tried."""
    async with db.writing() as tx:
        parts = [parcel(school.kees, lane=Lane.DIGEST, stage=school.first.id) for _ in range(2)]
        await outbox.put(tx, parts, NOW)
        (first,) = await claimed(tx)
        told = await settled(tx, first, Outcome.UNREACHABLE)
    lost = LostPage(participant=school.kees, stage=school.first.id, at=NOW, outcome=Outcome.UNREACHABLE)
    assert told.pages == (lost, lost)


async def test_a_page_that_may_have_arrived_is_not_called_lost(db: Database, school: School) -> None:
    """docs/trust.md, 3: it goes once more, marked, and that is all."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.kees, lane=Lane.DIGEST, stage=school.first.id)], NOW)
        (page,) = await claimed(tx)
        told = await settled(tx, page, Outcome.UNKNOWN)
    assert told.pages == ()


async def test_questions_of_who_stopped_do_not_leave_any_more(db: Database, school: School) -> None:
    """Answers, signals and what waits for others do."""
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))
        slot = Slot(item.id, "aha")
        mine = [
            parcel(school.samira, "vraag", slot=slot),
            parcel(school.samira, "inleiding"),
            parcel(school.samira, "antwoord", Lane.ANSWER),
        ]
        await outbox.put(tx, [*mine, parcel(school.daan, "voor Daan")], NOW)
        withdrawn = await outbox.withdraw(tx, [school.samira])
        left = await texts(tx)
    assert (withdrawn, left) == ({slot: school.samira}, ["antwoord", "voor Daan"])


async def test_a_question_that_may_have_arrived_is_not_called_withdrawn(db: Database, school: School) -> None:
    """It stays open, and its copy does not leave."""
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))
        await outbox.put(tx, [parcel(school.samira, slot=Slot(item.id, "aha"))], NOW)
        (first,) = await claimed(tx)
        await settled(tx, first, Outcome.UNKNOWN)
        await outbox.retry_unknown(tx, NOW + MINUTE)
        assert await outbox.withdraw(tx, [school.samira]) == {}
        assert await texts(tx, NOW + MINUTE) == []
        assert await outbox.counts(tx) == {"unknown": 1}
