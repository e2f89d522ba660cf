"""What PostgreSQL can't store as text never reaches it as text."""

from __future__ import annotations

from pathlib import Path

from bot.cli.playing import playing
from bot.store import inbox
from tests.dialogues.scenery import write_roster
from tests.postgres.server import Pair
from tests.services.school import School

NUL, SURROGATE = "kanarie\0kanarie", "kanarie\ud800"
PRESSES = [f"{letter}:1:{NUL}:{NUL}" for letter in "atkslvpnmzgjqbhcoreuiywxfd"] + [NUL, f"a:1:{NUL}"]
TEXTS = [NUL, f"/start {NUL}", f"/overleg {NUL}", f"/taal {NUL}", SURROGATE]


async def test_nul_in_texts_and_buttons_is_handled_like_anything_else(
    tmp_path: Path, postgres_pair: Pair
) -> None:
    """Nothing is set aside or tried again: what people send is sealed, and what a button says is checked."""
    file = tmp_path / "rooster.csv"
    write_roster(file, {"stage": "BPV-2026-001"})
    async with playing(file, urls=(postgres_pair.main, postgres_pair.keys)) as play:
        school = School(play, (await play.stages())[0])
        await school.join(school.student, school.teacher)
        asked = school.student.messages[-1]["message_id"]
        for data in PRESSES:
            school.student.press(asked, data, forged=True)
        for text in TEXTS:
            school.student.text(text)
        await play.rest()
        async with play.db.reading() as tx:
            assert set(await inbox.counts(tx)) == {"done"}
            assert await inbox.take(tx, 10) == []
