"""A signal through the real road, where several people act in the same moment."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from tests.services.school import a_school, from_bot


async def test_a_line_with_the_bell_takes_no_acknowledgement_back(tmp_path: Path) -> None:
    """The teacher acknowledges while the trainer still types; both come in one batch (P3)."""
    async with a_school(tmp_path) as school:
        await school.join(school.student, school.trainer, school.teacher)
        await school.jump("2026-09-11 12:00")
        school.trainer.text("/overleg")
        await school.play.rest()
        await school.press(school.trainer, "Deze week")
        bell = school.teacher.messages[-1]
        school.teacher.press(bell["message_id"], bell["buttons"][0][0]["data"])
        school.trainer.text("Hij komt steeds te laat")
        await school.play.rest()
        await school.jump("2026-09-17 12:00")
        async with school.play.db.reading() as tx:
            (kept,) = await tx.all(text("SELECT state, escalated FROM signals"))
    assert (kept.state, kept.escalated) == ("acknowledged", None)


async def test_a_line_with_the_bell_is_not_an_answer_about_another_student(tmp_path: Path) -> None:
    """A question about Milan arrives between /overleg about Samira and the line (P3, S3)."""
    async with a_school(tmp_path, "BPV-2026-001, BPV-2026-006") as school:
        await school.join(school.student, school.trainer, school.teacher)
        await school.jump("2026-09-10 15:59")
        school.trainer.text("/overleg")
        await school.play.rest()
        await school.press(school.trainer, "Samira")
        await school.press(school.trainer, "Deze week")
        await school.jump("2026-09-10 16:00")
        school.trainer.text("Hij liegt over de kassa")
        await school.play.rest()
        answers = [line["reply"] for line in await school.export()]
        told = [words for words in from_bot(school.teacher) if "Hij liegt over de kassa" in words]
    assert "Hij liegt over de kassa" not in answers
    assert len(told) == 1


async def test_a_pause_does_not_keep_away_that_a_meeting_is_off(tmp_path: Path) -> None:
    """The message waits for the morning; a pause holds back questions only (P1)."""
    async with a_school(tmp_path) as school:
        await school.join(school.student, school.teacher)
        await school.jump("2026-09-17 21:30")
        school.teacher.text("/gesprek")
        await school.play.rest()
        await school.press(school.teacher, "Gaat niet door")
        await school.press(school.teacher, "Ja, het gaat niet door")
        school.student.text("/pauze tot 1 oktober")
        await school.play.rest()
        await school.jump("2026-09-18 08:05")
        told = [words for words in from_bot(school.student) if "gaat niet door" in words]
    assert len(told) == 1
