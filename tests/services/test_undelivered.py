"""What did not arrive: a digest comes again when the teacher is back, and who stopped gets no question."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.services.reaching import Reaching
from bot.services.speaking import Speaker
from bot.store import decisions, outbox, stage_facts
from bot.store.ids import new_id
from bot.store.outbox import LostPage, Settled
from bot.store.records import Outcome, Parcel
from config.texts import Texts
from conversations.dossier import PageRecord
from conversations.facts import DigestRecord
from conversations.messages import Lane
from conversations.model import CheckIn, CheckInId, CheckInState, Key, Reply, Slot, Status
from tests.services.school import School, a_school, from_bot, last

BEFORE, DIGEST = "2026-09-16 12:00", "2026-09-17 08:30"


def digests(school: School) -> list[str]:
    """Give the digests on the teacher's phone, by their first words."""
    return [text for text in from_bot(school.teacher) if text.startswith("Samira · ")]


async def record(school: School) -> DigestRecord:
    """Give the record of the first digest."""
    async with school.play.db.reading() as tx:
        facts = await stage_facts.load(tx, [school.stage.id])
    return facts[school.stage.id].digests[0]


async def test_a_digest_that_a_teacher_could_not_get_comes_once_when_they_are_back(school: School) -> None:
    """docs/trust.md, 3: nobody forgets a page because a phone was off the network of Telegram for a day."""
    await school.join(school.teacher)
    await school.jump(BEFORE)
    school.play.world.chats[school.teacher.user_id].blocked = True  # and the bot does not hear of it
    await school.jump(DIGEST)
    lost = await record(school)
    school.teacher.unblock()
    await school.play.rest()
    await school.jump("2026-09-20 12:00")
    found = await record(school)
    assert (lost.undelivered, found.undelivered, len(digests(school))) == (True, False, 1)


async def test_a_digest_that_comes_too_late_counts_as_missed_so_that_the_next_tells_its_news(
    school: School,
) -> None:
    """docs/trust.md, 3: what was not read is not cut off."""
    await school.join(school.teacher, school.student)
    await school.jump("2026-09-14 12:00")
    school.student.text("Mag ik vaker mee naar de beurs?")
    await school.play.rest()
    school.play.world.chats[school.teacher.user_id].blocked = True
    await school.jump("2026-09-21 11:00")
    missed = await record(school)
    school.teacher.unblock()
    await school.play.rest()
    await school.jump("2026-11-12 09:00")
    told = [text for text in from_bot(school.teacher) if "Mag ik vaker mee naar de beurs?" in text]
    assert (missed.missed, len(told)) == (True, 1)


@pytest.fixture
def reaching() -> Reaching:
    """Give the service."""
    return Reaching(Speaker(Texts.load()))


async def test_of_a_page_that_the_channel_refused_the_coordinator_is_told(
    tmp_path: Path, reaching: Reaching
) -> None:
    """A digest then counts as missed, and is not handed over again and again."""
    async with a_school(tmp_path) as school:
        await school.jump(BEFORE)
        now, stage = school.play.clock(), school.stage
        handed = DigestRecord(stage=stage.id, meeting=1, at=now)
        page = LostPage(participant=stage.teacher, stage=stage.id, at=now, outcome=Outcome.FAILED)
        async with school.play.db.reading() as tx:
            (lead,) = (await stage_facts.load(tx, [stage.id]))[stage.id].coordinators
        phone = school.play.world.phone(school.play.chat_of(lead))
        await school.join(phone)
        async with school.play.db.writing() as tx:
            await decisions.save(tx, [handed])
            await reaching.react(tx, Settled(pages=(page,)), now)
        await school.play.rest()
        found = await record(school)
        assert (found.missed, found.undelivered) == (True, True)
        assert last(phone) == (
            "Kees Wouters kreeg de pagina over Samira El Amrani niet: Telegram weigerde het bericht. "
            "Geef je dit door? Met /voorbereiding kan Kees Wouters de pagina nog eens vragen."
        )


async def test_a_page_that_was_lost_is_marked_and_one_that_arrived_is_not(
    school: School, reaching: Reaching
) -> None:
    """By the moment at which they went out."""
    now, stage = school.play.clock(), school.stage
    third = PageRecord(stage=stage.id, page="third", at=now)
    end = PageRecord(stage=stage.id, page="end", at=now + timedelta(days=1))
    page = LostPage(participant=stage.teacher, stage=stage.id, at=now, outcome=Outcome.UNREACHABLE)
    async with school.play.db.writing() as tx:
        await decisions.save(tx, [third, end])
        await reaching.react(tx, Settled(pages=(page,)), now)
        facts = await stage_facts.load(tx, [stage.id])
    assert {one.page: one.undelivered for one in facts[stage.id].pages} == {"third": True, "end": False}


@pytest.mark.parametrize(
    ("command", "expected"),
    [("/stop", ("unreachable", "stopped")), ("/pauze tot 1 oktober", ("not_asked", "paused"))],
)
async def test_a_question_that_waits_does_not_leave_after_stop_or_a_pause(
    school: School, command: str, expected: tuple[str, str]
) -> None:
    """And it is recorded why it was not asked."""
    await school.join(school.student)
    now = school.play.clock()
    check_in = CheckIn(
        id=CheckInId(new_id(now)),
        stage=school.stage.id,
        participant=school.stage.student,
        occasion="week 30",
        question_set="student/aha",
        version="1",
        due=now,
        closes=now + timedelta(days=5),
        state=CheckInState.OPEN,
        opened=now,
    )
    reply = Reply(
        check_in=check_in.id,
        participant=school.stage.student,
        question="aha",
        key=Key.LEARNING,
        wording="Wat snap je nu?",
        asked=now,
        status=Status.OPEN,
    )
    waits = Parcel(
        to=school.stage.student,
        kind="message",
        payload={"text": "Wat snap je nu?", "bold": [], "buttons": []},
        lane=Lane.PROMPT,
        slot=Slot(check_in.id, "aha"),
        not_before=now + timedelta(hours=1),
    )
    async with school.play.db.writing() as tx:
        await decisions.claim(tx, [check_in])
        await decisions.save(tx, [reply])
        await outbox.put(tx, [waits], now)
    school.student.text(command)
    await school.play.rest()
    await school.wait(timedelta(hours=2))
    (line,) = [line for line in await school.export() if line["occasion"] == "week 30"]
    assert "Wat snap je nu?" not in from_bot(school.student)
    assert (line["status"], line["reason"]) == expected
