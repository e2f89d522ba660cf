"""A school with the rows of the sample roster that a test is about, played on the real road."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cli.playing import Play, playing
from bot.cli.rostering import read_roster
from bot.roster.model import Roster
from bot.services import exporting
from bot.simulator.phone import Phone
from conversations.model import Stage
from tests.databases import elsewhere
from tests.dialogues.scenery import write_roster


@dataclass(frozen=True, slots=True)
class School:
    """A school of a test: its play, its first stage, and everybody's phone."""

    play: Play
    stage: Stage

    @property
    def student(self) -> Phone:
        """Give the student's phone."""
        return self.play.world.phone(self.play.chat_of(self.stage.student))

    @property
    def trainer(self) -> Phone:
        """Give the trainer's phone."""
        return self.play.world.phone(self.play.chat_of(self.stage.trainer))

    @property
    def teacher(self) -> Phone:
        """Give the teacher's phone."""
        return self.play.world.phone(self.play.chat_of(self.stage.teacher))

    def code_of(self, phone: Phone) -> str:
        """Give the invitation code of somebody."""
        codes = {self.play.chat_of(one.participant.id): one.code for one in self.play.people}
        return codes[phone.user_id] or ""

    async def join(self, *phones: Phone) -> None:
        """Let people join."""
        for phone in phones:
            phone.start(self.code_of(phone))
            await self.play.rest()
            await self.press(phone, "Ja, dat ben ik")

    async def press(self, phone: Phone, label: str) -> None:
        """Let somebody press a button below the newest message."""
        message = phone.messages[-1]
        buttons = {one["text"]: one["data"] for row in message["buttons"] for one in row}
        phone.press(message["message_id"], buttons[label])
        await self.play.rest()

    async def jump(self, wall: str) -> None:
        """Let time pass until a wall time."""
        local = datetime.fromisoformat(wall).replace(tzinfo=self.play.school.calendar.zone)
        await self.play.jump(local)

    async def wait(self, time: timedelta) -> None:
        """Let some time pass."""
        await self.play.jump(self.play.clock() + time)

    async def export(self, since: datetime | None = None) -> list[dict[str, Any]]:
        """Give the lines of the export."""
        return [dict(line) async for line in exporting.lines(self.play.db, self.play.school, since)]


@asynccontextmanager
async def a_school(folder: Path, stages: str = "BPV-2026-001", **columns: str) -> AsyncIterator[School]:
    """Open a school with these stages; columns of the roster may get another value."""
    file = folder / "rooster.csv"
    write_roster(file, {"stage": stages, **columns})
    with elsewhere() as urls:
        async with playing(file, urls=urls) as play:
            yield School(play, (await play.stages())[0])


def a_roster(school: School, folder: Path, stages: str = "BPV-2026-001", **columns: str) -> Roster:
    """Read and check a roster of these stages."""
    file = folder / "ander-rooster.csv"
    write_roster(file, {"stage": stages, **columns})
    return read_roster(file, school.play.school)


def last(phone: Phone) -> str:
    """Give the newest message on a phone."""
    return str(phone.messages[-1]["text"])


def from_bot(phone: Phone) -> list[str]:
    """Give what the bot said to somebody."""
    return [str(message["text"]) for message in phone.messages if message["from"] == "bot"]
