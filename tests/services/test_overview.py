"""S3, the teacher with twenty: /studenten on the real road, readable on a phone and there at once."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import select

from bot.store.tables import access_log
from tests.services.school import a_school, from_bot, last

TWENTY = ", ".join(f"BPV-2026-{n:03}" for n in range(1, 21))
SECONDS = 2.0  # on a busy machine; a fraction of it is usual
LONGEST = 4096


async def test_twenty_students_in_a_moment_and_one_of_them_in_two_taps(tmp_path: Path) -> None:
    """One message with two lines a student, quickly, three weeks on; then the page of who was chosen."""
    async with a_school(tmp_path, TWENTY, docent="Kees Wouters", docent_code="WOK") as school:
        play, teacher = school.play, school.teacher
        await school.join(*(play.world.phone(play.chat_of(one.participant.id)) for one in play.people))
        await school.jump("2026-09-29 12:00")
        before = len(from_bot(teacher))
        teacher.text("/studenten")
        began = time.perf_counter()
        await play.rest()
        took = time.perf_counter() - began
        said = from_bot(teacher)[before:]
        async with play.db.reading() as tx:
            seen = [row.subject for row in await tx.all(select(access_log)) if row.action == "students"]
        assert [text.split("\n\n")[0] for text in said] == ["Je studenten (20)"]
        assert [block.count("\n") for block in said[0].split("\n\n")[1:]] == [1] * 20
        assert len(said[0]) < LONGEST
        assert len(set(seen)) == 20
        assert took < SECONDS
        await school.press(teacher, "Voorbereiding")
        await school.press(teacher, "Daan · 17-11")
        pages = [text for text in from_bot(teacher) if text.startswith("Daan · Eventhuis Noord")]
        assert len(pages) == 2  # of the first meeting, when it was due, and now of the second
        assert "Stagegesprek 2 van 3" in pages[-1]
        assert "Samira" not in last(teacher)
