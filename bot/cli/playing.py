"""A stagebot against the local simulator: what the demo and the rehearsal have in common."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import config
from bot.cli.errors import Fault
from bot.cli.rostering import read_roster
from bot.cli.stagebot import Connection, Stagebot
from bot.roster.model import Roster
from bot.roster.report import finding_lines
from bot.services import rostering
from bot.services.inviting import Invitation, invite
from bot.simulator.clock import JumpingClock
from bot.simulator.server import Director, Simulator
from bot.simulator.world import World
from bot.store import outbox, stages
from bot.store.database import Database
from bot.store.vault import read_or_create_master_key
from bot.telegram.pacing import Pace
from config.texts import Texts
from conversations.model import ParticipantId, Stage
from conversations.school import School

TOKEN = "1000000001:the-simulator-takes-this-token"  # noqa: S105 (opens nothing but the simulator)
SAMPLE = Path(config.__file__).parent / "samples" / "rooster-2026.csv"
AT_FULL_SPEED = Pace(rate=100_000, chat_seconds=0)
FIRST_CHAT = 1001
IN_MEMORY, PLENTY = Path("/dev/shm"), 2**30  # noqa: S108 (the folder inside it is made unguessable)


@dataclass(slots=True)
class Play:
    """A school in a simulated world: bot, phones and a clock that jumps."""

    school: School
    roster: Roster
    world: World
    clock: JumpingClock
    simulator: Simulator
    db: Database
    bot: Stagebot
    people: list[Invitation]
    folder: Path
    _chats: dict[ParticipantId, int] = field(default_factory=dict)
    _ticked: datetime | None = None

    def chat_of(self, participant: ParticipantId) -> int:
        """Give the chat (and Telegram id) that a participant has in the simulated world."""
        for chat, one in enumerate(self.people[len(self._chats) :], start=FIRST_CHAT + len(self._chats)):
            self._chats[one.participant.id] = chat
        return self._chats[participant]

    async def stages(self) -> list[Stage]:
        """Load all stages."""
        async with self.db.reading() as tx:
            return await stages.every(tx)

    async def next_wake(self) -> datetime | None:
        """Say when the first stage has something due, or a file that was sent is tried again."""
        async with self.db.reading() as tx:
            stage = await stages.next_at(tx)
        return _first(stage, self.bot.clerk.next_at())

    async def invite(self) -> None:
        """Invite who came in with a roster that was sent in the chat, as the administrator would."""
        async with self.db.writing() as tx:
            made = await invite(tx, self.clock(), days=366, renew=False)
        known = {one.participant.id for one in self.people}
        for one in made:
            if one.participant.id not in known:
                self.people.append(one)
                _let_in(self.world, FIRST_CHAT + len(self.people) - 1, one)

    async def rest(self) -> datetime | None:
        """Wait until all that can happen at this moment has happened, and give `next_wake` then."""
        while True:
            await self.world.settled()
            if await self._works():
                continue
            await self.bot.sender.rested()
            async with self.db.reading() as tx:
                stage, parcel = await stages.next_at(tx), await outbox.next_at(tx)
            now = self.clock()
            if self._is_due(stage, now):
                await self.bot.road.tick()
                self._ticked = now
            elif not self.world.updates and (parcel is None or parcel > now):
                return _first(stage, self.bot.clerk.next_at())

    async def _works(self) -> bool:
        """Handle what came in, and tell whether that was anything."""
        if not self.bot.road.idle and await self.bot.road.work():
            return True
        return bool(await self.bot.clerk.work())

    def _is_due(self, stage: datetime | None, now: datetime) -> bool:
        """Tell whether the clock has something to do: once an hour it looks beyond the stages."""
        if stage is not None and stage <= now:
            return True
        return self._ticked is None or f"{now:%Y-%m-%d %H}" != f"{self._ticked:%Y-%m-%d %H}"

    async def jump(self, to: datetime) -> None:
        """Let time pass until a moment, stopping at each moment on the way at which something is due."""
        at = await self.next_wake()
        while at is not None and at <= to:
            if at > self.clock():
                self.clock.jump(at)
            at = await self.rest()
        if to > self.clock():
            self.clock.jump(to)
        await self.rest()


@asynccontextmanager
async def playing(
    file: Path | None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    school_file: Path | None = None,
    urls: tuple[str, str] | None = None,
) -> AsyncIterator[Play]:
    """Open a school with a roster in a world of its own; nothing of it is left afterwards.

    The addresses of two empty databases may be given, main and keys; else they are files of its own.
    """
    school = config.load(school_file)
    roster = read_roster(file or SAMPLE, school)
    if roster.errors:
        raise Fault("\n".join(finding_lines(roster)))
    if not roster.stages:
        raise Fault(f"{file}: no stages in this roster")
    clock = JumpingClock(first_morning(roster, school))
    world = World(clock, expire_by_clock=False)
    with tempfile.TemporaryDirectory(prefix="stagebot-", dir=_quick_folder()) as folder:
        simulator = Simulator(world, token=TOKEN)
        await simulator.start(host, port)
        try:
            async with _bot(Path(folder), urls, school, roster, world, clock, simulator) as play:
                yield play
        finally:
            await simulator.stop()


def _quick_folder() -> Path | None:
    """Give a folder in memory where there is plenty: what nobody keeps need not wait for a disk."""
    roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > PLENTY
    return IN_MEMORY if roomy and os.access(IN_MEMORY, os.W_OK) else None


def first_morning(roster: Roster, school: School) -> datetime:
    """Give eight o'clock on the first day of the first stage in the roster."""
    first = min(stage.begin for stage in roster.stages)
    return datetime(first.year, first.month, first.day, 8, tzinfo=school.calendar.zone)


@asynccontextmanager
async def _bot(
    folder: Path,
    urls: tuple[str, str] | None,
    school: School,
    roster: Roster,
    world: World,
    clock: JumpingClock,
    simulator: Simulator,
) -> AsyncIterator[Play]:
    key, _ = read_or_create_master_key(folder / "master.key")
    files = f"sqlite:///{folder}/stagebot.sqlite3", f"sqlite:///{folder}/keys.sqlite3"
    db = await Database.open(*(urls or files), key)
    try:
        people = await _import(db, roster, school, clock())
        to = Connection(token=TOKEN, api_url=simulator.url, pace=AT_FULL_SPEED)
        async with Stagebot.open(db, school, Texts.load(), clock, to) as bot:
            running = asyncio.create_task(bot.run(beat=None))
            for chat, one in enumerate(people, start=FIRST_CHAT):
                _let_in(world, chat, one)
            yield Play(
                school=school,
                roster=roster,
                world=world,
                clock=clock,
                simulator=simulator,
                db=db,
                bot=bot,
                people=people,
                folder=folder,
            )
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
    finally:
        await db.close()


def _first(*moments: datetime | None) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)


def _let_in(world: World, chat: int, one: Invitation) -> None:
    first, _, last = one.participant.name.partition(" ")
    world.person(chat, first, last, language_code=one.participant.language.value)


async def _import(db: Database, roster: Roster, school: School, now: datetime) -> list[Invitation]:
    async with db.writing() as tx:
        found = await rostering.difference(tx, roster, school)
        await rostering.import_(tx, roster, found, (), school, now)
        return await invite(tx, now, days=366, renew=True)


__all__ = ["AT_FULL_SPEED", "SAMPLE", "Director", "Play", "first_morning", "playing"]
