"""A school that is played while its bot is killed and started again."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from bot.cli.playing import SAMPLE, first_morning
from bot.cli.rostering import read_roster
from bot.cli.stagebot import Connection, Stagebot
from bot.services import rostering
from bot.services.inviting import Invitation, invite
from bot.simulator.faults import Fault, FaultKind, Faults
from bot.simulator.server import Simulator
from bot.simulator.world import World
from bot.store.database import Database
from config.texts import Texts
from conversations.calendar import is_workday
from conversations.model import Role
from tests.crash import child
from tests.crash.child import PACE, SCHOOL, TOKEN, SharedClock
from tests.crash.crowd import Crowd, Person

FIRST_CHAT = 1001
STAGES = {f"BPV-2026-{number:03}" for number in range(1, 11)}  # whose people take part
MOMENTS = (time(8, 31), time(12, 5), time(16, 35), time(17, 35), time(19, 5))
A_WHILE = timedelta(minutes=2)  # after which what may not have arrived is sent once more
NOON = time(12, 30)

STARTER = multiprocessing.get_context("forkserver")
STARTER.set_forkserver_preload(["tests.crash.child"])  # a start then takes a tenth of a second


@dataclass(slots=True)
class Game:
    """The world in this process, and the bot in another that does not live long."""

    folder: Path
    clock: SharedClock
    world: World
    simulator: Simulator
    crowd: Crowd
    chance: random.Random
    kills: int = 0

    @property
    def names(self) -> set[str]:
        """Give the names of everybody who takes part."""
        return {str(chat.person["first_name"]) for chat in self.world.chats.values()}

    async def survive(self, kills: int, ways: list[Callable[[Game, ForkServerProcess], Any]]) -> None:
        """Play on while the bot is killed so many times, each time in one of these ways."""
        playing = asyncio.create_task(self._play())
        for _ in range(kills):
            bot = self._start()
            await self.chance.choice(ways)(self, bot)
            bot.kill()
            await asyncio.to_thread(bot.join)
            self.kills += 1
        playing.cancel()
        with suppress(asyncio.CancelledError):
            await playing

    async def come_to_rest(self) -> None:
        """Let the bot run without trouble until nothing happens any more."""
        self.simulator.faults = Faults()
        before = self._starts()
        bot = self._start()
        while self._starts() == before or not await self.world.settled():  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.01)
        await self.stop(bot)
        async with self.open() as db:
            for moment in (self.clock() + A_WHILE, self._noon(), self._noon() + A_WHILE):
                await self._rest(db, moment)

    async def stop(self, bot: ForkServerProcess) -> None:
        """Ask the bot to stop; it leaves by itself."""
        bot.terminate()
        await asyncio.to_thread(bot.join, 8)
        assert bot.exitcode == 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Database]:
        """Open the bot's database while no bot runs."""
        db = await child.open_database(self.folder)
        try:
            yield db
        finally:
            await db.close()

    def _start(self) -> ForkServerProcess:
        bot = STARTER.Process(target=child.live, args=(self.folder, self.simulator.url), daemon=True)
        bot.start()
        return bot

    def _starts(self) -> int:
        """Count how often a bot has come so far that it asked for updates."""
        return sum(call.method == "deleteWebhook" for call in self.world.transcript)

    async def _play(self) -> None:
        """Let people act, and every now and then let hours pass."""
        moments = _moments(self.clock())
        while True:
            for _ in range(self.chance.randint(1, 8)):
                self.crowd.act()
                await asyncio.sleep(self.chance.uniform(0.002, 0.03))
            self.clock.jump(next(moments))
            self.crowd.knock()

    async def _rest(self, db: Database, moment: datetime) -> None:
        """Run the bot in this process from a moment on until nothing is left to do at that moment."""
        self.clock.jump(moment)
        to = Connection(token=TOKEN, api_url=self.simulator.url, pace=PACE)
        async with Stagebot.open(db, SCHOOL, Texts.load(), self.clock, to) as bot:
            running = asyncio.create_task(bot.run(beat=None))
            while await self._is_busy(bot):  # noqa: ASYNC110 - looks at more than an event could tell
                await asyncio.sleep(0.01)
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    async def _is_busy(self, bot: Stagebot) -> bool:
        if not await self.world.settled() or await bot.road.work() or await bot.road.tick():
            return True
        at = await bot.road.next_at()
        return not bot.sender.idle or (at is not None and at <= self.clock())

    def _noon(self) -> datetime:
        """Give half past twelve on the next workday, so that nothing has a reason to wait."""
        local = self.clock().astimezone(SCHOOL.calendar.zone)
        day = local.date() + timedelta(days=1)
        while not is_workday(SCHOOL.calendar, day):
            day += timedelta(days=1)
        return datetime.combine(day, NOON, SCHOOL.calendar.zone)


def _moments(start: datetime) -> Iterator[datetime]:
    """Give the moments of each day at which something may be due."""
    local = start.astimezone(SCHOOL.calendar.zone)
    for day in range(10_000):
        for moment in MOMENTS:
            yield datetime.combine(local.date() + timedelta(days=day), moment, local.tzinfo)


@asynccontextmanager
async def game(folder: Path, seed: int) -> AsyncIterator[Game]:
    """Open a world with the people of some stages of the sample roster, who are about to join."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    roster = read_roster(SAMPLE, SCHOOL)
    clock = SharedClock(folder / "clock")
    clock.jump(first_morning(roster, SCHOOL))
    world = World(clock, expire_by_clock=False, seed=seed)
    simulator = Simulator(world, token=TOKEN)
    await simulator.start()
    db = await child.open_database(folder)
    async with db.writing() as tx:
        found = await rostering.difference(tx, roster, SCHOOL)
        await rostering.import_(tx, roster, found, (), SCHOOL, clock())
        invitations = await invite(tx, clock(), days=366, renew=True)
    await db.close()
    crowd = Crowd(world, list(_people(world, invitations)), chance)
    try:
        yield Game(folder, clock, world, simulator, crowd, chance)
    finally:
        await simulator.stop()
        clock.close()


def _people(world: World, invitations: list[Invitation]) -> Iterator[Person]:
    for chat, one in enumerate(invitations, start=FIRST_CHAT):
        if STAGES.isdisjoint(one.stages):
            continue
        phone = world.person(chat, one.participant.first_name, language_code=one.participant.language.value)
        yield Person(phone, one.code or "", Role.STUDENT in one.participant.roles)


# ---- ways to die ----------------------------------------------------------------------------------------


async def whenever(game: Game, _bot: ForkServerProcess) -> None:
    """Be killed at any moment from the start on."""
    await asyncio.sleep(game.chance.uniform(0, 1.5))


async def for_a_while(game: Game, _bot: ForkServerProcess) -> None:
    """Live long enough to get something done in spite of everything."""
    await asyncio.sleep(game.chance.uniform(0.3, 3))


async def as_a_message_arrives(game: Game, bot: ForkServerProcess) -> None:
    """Be killed when the server has delivered a message and the bot does not know yet."""
    left, dead = game.chance.randint(1, 40), asyncio.Event()

    def count(event: dict[str, Any]) -> None:
        nonlocal left
        left -= event["kind"] == "message" and event["message"]["from"] == "bot"
        if left <= 0 and not dead.is_set() and bot.pid is not None:
            os.kill(bot.pid, signal.SIGKILL)
            dead.set()

    game.world.listeners.append(count)
    with suppress(TimeoutError):
        await asyncio.wait_for(dead.wait(), 3)
    game.world.listeners.remove(count)


async def as_a_message_leaves(game: Game, _bot: ForkServerProcess) -> None:
    """Be killed when a message is on its way and has not been delivered."""
    before, faults = len(game.world.transcript), game.simulator.faults
    hang = Fault(kind=FaultKind.HANG, method="sendMessage", calls=frozenset({game.chance.randint(1, 40)}))
    game.simulator.faults = Faults((hang, *faults.faults))
    with suppress(TimeoutError):
        async with asyncio.timeout(3):
            while not _hangs(game.world, before):  # noqa: ASYNC110 - the transcript has no event
                await asyncio.sleep(0.005)
    game.simulator.faults = faults


def _hangs(world: World, since: int) -> bool:
    return any(call.fault == FaultKind.HANG for call in list(world.transcript)[since:])
