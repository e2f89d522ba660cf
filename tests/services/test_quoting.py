"""What is quoted to somebody: it stands in the access log, and is sealed like any text."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from bot.store.tables import access_log, check_ins
from tests.services.school import a_school, last

WORDS = "Ik liet haar een uur alleen bij de zeepkraam"
COLUMNS = {"gesprek_1": "2026-09-24 10:00"}
TAPS = ("Voldoende zelfstandig", "Overslaan", "Laten meedoen", "Ja")


async def test_a_quoted_example_is_logged_without_its_words_and_sealed(tmp_path: Path) -> None:
    """K4b: the student reads the trainer's words; the log says who was shown what of which stage."""
    async with a_school(tmp_path, **COLUMNS) as school:
        await school.jump("2026-09-17 15:00")
        await school.join(school.student, school.trainer)
        await school.jump("2026-09-17 16:01")
        for label in TAPS:
            await school.press(school.trainer, label)
        school.trainer.text(WORDS)
        await school.play.rest()
        await school.press(school.trainer, "Ja")
        await school.jump("2026-09-17 16:31")
        assert f"“{WORDS}”" in last(school.student)
        async with school.play.db.reading() as tx:
            rows = await tx.all(select(access_log.c.actor, access_log.c.action, access_log.c.subject))
            sealed = check_ins.c.quotes_sealed
            quotes = await tx.all(select(sealed).where(sealed.is_not(None)))
        stage = school.stage
        assert [tuple(row) for row in rows if "quotes" in row.action] == [
            (stage.student, "quotes voorbeeld", stage.id)
        ]
        assert [b"zeepkraam" in row.quotes_sealed for row in quotes] == [False]
