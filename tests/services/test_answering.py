from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path

from structlog.testing import capture_logs

from bot.services.incoming import Incoming
from bot.simulator.phone import Phone
from bot.store import inbox, tables
from bot.store.records import RawUpdate
from tests.services.school import School, a_school, from_bot, last

FIRST_ASKED = "2026-09-10 16:30"
BOTH = "BPV-2026-001, BPV-2026-006"


async def the_other_student(school: School) -> Phone:
    """Give the phone of the student of the second stage."""
    return school.play.world.phone(school.play.chat_of((await school.play.stages())[1].student))


async def test_a_button_of_somebody_else_changes_nothing(tmp_path: Path) -> None:
    """A student who sends the data of another student's button gets a neutral answer, and changes nothing."""
    async with a_school(tmp_path, BOTH, stagedagen="di,wo,do", einde_werkdag="16:30") as school:
        other = await the_other_student(school)
        await school.join(school.student, other)
        await school.jump(FIRST_ASKED)
        mine = [b["data"] for row in school.student.messages[-1]["buttons"] for b in row]
        before = await school.export()
        presses = [other.press(other.messages[-1]["message_id"], data, forged=True) for data in mine]
        await school.play.rest()
        answers = [(other.callback_answer(press) or {}).get("text") for press in presses]
        assert answers == ["Deze knop werkt niet meer. Met /help zie je wat je kunt doen."] * len(mine)
        assert await school.export() == before


async def test_a_button_that_the_bot_never_made_changes_nothing(school: School) -> None:
    """Whatever a tampered app sends is answered, and stored nowhere."""
    await school.join(school.student)
    await school.jump(FIRST_ASKED)
    before, number = await school.export(), school.student.messages[-1]["message_id"]
    forged = ["a", "a:1:who:yes", "s:zzzz:who", "n:1:away", "j:y:code", "m:1:0300", "x" * 64, "💬"]
    presses = [school.student.press(number, data, forged=True) for data in forged]
    await school.play.rest()
    assert None not in [school.student.callback_answer(press) for press in presses]
    assert await school.export() == before


async def test_an_update_that_nobody_understands_holds_up_no_other(school: School) -> None:
    """It is set aside, still sealed, and the next in line gets its turn."""
    await school.join(school.student)
    await school.play.bot.road.record([RawUpdate(id=1, raw=b'{"update_id": 1, "message": {}}')])
    await school.play.bot.road.record([RawUpdate(id=2, raw=b"no JSON at all")])
    school.student.text("Ik wil het over mijn rooster hebben")
    await school.play.rest()
    async with school.play.db.reading() as tx:
        counts = await inbox.counts(tx)
    assert counts["dead"] == 2
    assert last(school.student).startswith("Er staat geen vraag open. Ik bewaar dit")


async def test_an_update_that_was_damaged_in_the_database_holds_up_no_other(school: School) -> None:
    """Bytes that were changed on disk can't be opened: it is set aside, the next in line gets its turn
    (docs/trust.md, 10)."""
    await school.join(school.student)
    async with school.play.db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=1, raw=b"{}")], school.play.clock())
        await tx.run(
            tables.inbox.update().where(tables.inbox.c.id == 1).values(raw_sealed=b"no seal of ours")
        )
    school.student.text("Ik wil het over mijn rooster hebben")
    await school.play.rest()
    async with school.play.db.reading() as tx:
        counts = await inbox.counts(tx)
    assert counts["dead"] == 1
    assert last(school.student).startswith("Er staat geen vraag open. Ik bewaar dit")


async def test_an_update_that_fails_each_time_fails_one_batch_only(school: School) -> None:
    """After that it is tried by itself, and set aside after the third time (docs/trust.md, 10)."""
    await school.join(school.student)
    road, understood = school.play.bot.road, school.play.bot.road.parse

    def misread(update: RawUpdate, now: datetime) -> Incoming | None:
        """Give something that nobody can answer for one update."""
        nothing = Incoming(update=1, chat=school.student.user_id, language=None, event=None)  # type: ignore[arg-type] # that is what can't be answered
        return nothing if update.id == 1 else understood(update, now)

    road.parse = misread
    with capture_logs() as log:
        await road.record([RawUpdate(id=1, raw=b"{}", chat=school.student.user_id)])
        for _ in range(3):
            school.student.text("Ik wil het over mijn rooster hebben")
            await school.play.rest()
    async with school.play.db.reading() as tx:
        counts = await inbox.counts(tx)
    told = Counter(line["event"] for line in log)
    assert (told["batch_failed"], told["update_failed"], counts["dead"]) == (1, 3, 1)
    assert (
        sum(text.startswith("Er staat geen vraag open. Ik bewaar dit") for text in from_bot(school.student))
        == 3
    )


async def test_an_update_that_comes_twice_is_handled_once(school: School) -> None:
    """A channel that repeats itself gets no second answer."""
    await school.join(school.student)
    text = {
        "message_id": 77,
        "date": int(school.play.clock().timestamp()),
        "chat": {"id": school.student.user_id, "type": "private", "first_name": "S"},
        "from": {"id": school.student.user_id, "is_bot": False, "first_name": "S"},
        "text": "Ik wil het over mijn rooster hebben",
    }
    raw = RawUpdate(id=5, raw=json.dumps({"update_id": 5, "message": text}).encode())
    before = len(from_bot(school.student))
    await school.play.bot.road.record([raw])
    await school.play.rest()
    await school.play.bot.road.record([raw, raw])
    await school.play.rest()
    assert len(from_bot(school.student)) == before + 1


async def test_what_many_people_send_at_once_is_answered_to_each(tmp_path: Path) -> None:
    """A batch of several chats mixes nobody up."""
    async with a_school(tmp_path, BOTH, stagedagen="di,wo,do", einde_werkdag="16:30") as school:
        other = await the_other_student(school)
        await school.join(school.student, other)
        await school.jump(FIRST_ASKED)
        await school.press(school.student, "Ja")
        await school.press(other, "Nee")
        school.student.text("Dat ik alleen een groep naar de zaal bracht")
        other.text("Dat ik de eerste gast zelf mocht ontvangen")
        await school.play.rest()
        lines = [(one["stage"], one["question"], one["reply"]) for one in await school.export()]
        assert sorted(line for line in lines if line[2]) == [
            ("BPV-2026-001", "first", "Dat ik alleen een groep naar de zaal bracht"),
            ("BPV-2026-001", "who", ["yes"]),
            ("BPV-2026-006", "first", "Dat ik de eerste gast zelf mocht ontvangen"),
            ("BPV-2026-006", "who", ["no"]),
        ]
