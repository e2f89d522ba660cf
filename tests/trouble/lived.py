"""A database in which a short stage was lived, to be damaged, and the page it gives while whole."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.playing import SAMPLE, playing
from bot.cli.rehearsal.performing import Cast
from bot.cli.rehearsal.sheets import Sheets
from bot.services.speaking import Speaker
from bot.store import stage_facts, stages
from config.texts import Texts
from conversations import digest as digests
from tests.crash import child

CODE = "BPV-2026-002"
MEETING = 2
MOMENT = datetime(2026, 10, 6, 12, tzinfo=UTC)
FILES = ("stagebot.sqlite3", "keys.sqlite3", "master.key")
PAGE = 4096  # bytes, as SQLite has them
# One stage of the sample, with its last day and two meetings brought forward.
_SHORTENED = {"2027-01-29": "2026-10-23", "2026-11-17 15:00": "2026-10-06 15:00", "2027-01-19": "2026-10-20"}


@dataclass(frozen=True, slots=True)
class Lived:
    """A data folder, of which copies are damaged."""

    folder: Path

    def copy(self, to: Path) -> Path:
        """Give the same files in another folder, replacing those that are there."""
        shutil.rmtree(to, ignore_errors=True)
        to.mkdir(parents=True)
        for name in FILES:
            shutil.copy(self.folder / name, to)
        return to

    def pages(self, name: str) -> int:
        """Count the pages of a file."""
        return (self.folder / name).stat().st_size // PAGE


async def live(folder: Path) -> Lived:
    """Let a whole short stage be lived by people who answer, ask and agree, and keep its data."""
    header, _, second, *_ = SAMPLE.read_text("utf-8").splitlines()
    for usual, other in _SHORTENED.items():
        second = second.replace(usual, other)
    roster = folder / "short.csv"
    roster.write_text(f"{header}\n{second}\n", "utf-8")
    async with playing(roster) as play:
        cast = Cast(play, 1, Sheets.of(roster))
        await cast.assemble()
        await cast.perform()
        await play.rest()
        data = folder / "data"
        shutil.copytree(play.folder, data)
    return Lived(data)


async def page_of(folder: Path) -> list[str]:
    """Give the teacher's page as `stagebot digest` makes it; any StoreError is a refusal."""
    db = await child.open_database(folder)
    try:
        async with db.reading() as tx:
            stage = (await stages.by_codes(tx, [CODE]))[CODE]
            material = await stage_facts.material(tx, stage.id)
        page = digests.build(material, child.SCHOOL, MEETING, MOMENT)
        texts, teacher = Texts.load(), material.people[stage.teacher]
        return [
            texts.render(pieces, teacher)[0]
            for pieces in digests.pages(page, Speaker(texts).counter(teacher))
        ]
    finally:
        await db.close()
