"""A signal through the real road, where several people act in the same moment."""

from __future__ import annotations

from pathlib import Path

import pytest
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


@pytest.mark.parametrize(
    ("belongs", "kept", "told"),
    [
        ("Bij het overleg over Samira", [], 1),
        ("Samira El Amrani", ["Hij liegt over de kassa"], 0),
        ("Geen van deze: bewaar het los", [], 0),
    ],
)
async def test_a_line_after_the_bell_is_asked_about_where_a_question_came_between(
    tmp_path: Path, belongs: str, kept: list[str], told: int
) -> None:
    """A weekly question came between /overleg and the line: the bot asks which one it answers (P3, S3)."""
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
        assert "Er staan meer vragen open" in from_bot(school.trainer)[-1]
        await school.press(school.trainer, belongs)
        answers = [line["reply"] for line in await school.export()]
        heard = [words for words in from_bot(school.teacher) if "Hij liegt over de kassa" in words]
    assert [one for one in answers if one == "Hij liegt over de kassa"] == kept
    assert len(heard) == told


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
