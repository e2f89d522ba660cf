"""A school that is played while its bot is killed and started again."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from bot.cli.playing import SAMPLE, first_morning
from bot.cli.rostering import read_roster
from bot.cli.stagebot import Stagebot
from bot.services import rostering
from bot.services.inviting import Invitation, invite
from bot.simulator.faults import FaultKind, Faults
from bot.simulator.phone import Phone
from bot.simulator.server import Simulator
from bot.simulator.world import World
from bot.store.database import Database
from config.texts import Texts
from conversations.buttons import Does, decode
from conversations.calendar import is_workday
from tests.crash import child
from tests.crash.child import SCHOOL, TOKEN, SharedClock
from tests.crash.crowd import Crowd
from tests.crash.doing import Person

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
    seed: int
    kills: int = 0

    @property
    def names(self) -> set[str]:
        """Give the names of everybody who takes part."""
        return {str(chat.person["first_name"]) for chat in self.world.chats.values()}

    @property
    def delivered(self) -> dict[int, int]:
        """Give the chat of each message that was sent, by the simulator's own transcript."""
        return delivered(self.world)

    @property
    def per_chat(self) -> Counter[int]:
        """Count the messages that were sent to each chat, by the simulator's own transcript."""
        return Counter(self.delivered.values())

    def hangs_outlived(self) -> int:
        """Count the polls without an answer after which the same bot polled again."""
        outlived, hangs = 0, False
        for call in self.world.transcript:
            if call.method == "deleteWebhook":
                hangs = False
            elif call.method == "getUpdates":
                outlived += hangs
                hangs = (call.fault or "").startswith(FaultKind.HANG)
        return outlived

    async def survive(self, kills: int, ways: list[Callable[[Game, ForkServerProcess], Any]]) -> None:
        """Play on while the bot is killed so many times, each time in one of these ways."""
        playing = asyncio.create_task(self._play())
        for _ in range(kills):
            bot = self.start()
            await self.chance.choice(ways)(self, bot)
            await self.kill(bot)
        playing.cancel()
        with suppress(asyncio.CancelledError):
            await playing

    async def gather(self) -> None:
        """Let everybody join before anything is killed."""
        bot = self.start()
        for person in self.crowd.people:
            person.phone.start(person.code)
            self.crowd.done.starts += 1
        for person in self.crowd.people:
            message, data = await button_of(person.phone, Does.JOIN)
            person.phone.press(message, data)
            self.crowd.done.presses += 1
            self.crowd.done.joined.add(person.phone.user_id)
        phones = [person.phone for person in self.crowd.people]
        await until(lambda: all(find_button(phone, Does.JOIN) is None for phone in phones))
        await self.stop(bot)

    async def kill(self, bot: ForkServerProcess) -> None:
        """End the bot's process as a power cut does."""
        bot.kill()
        await asyncio.to_thread(bot.join)
        self.kills += 1

    async def come_to_rest(self) -> None:
        """Let the bot run without trouble until nothing happens any more."""
        self.simulator.faults = Faults()
        before = self._starts()
        bot = self.start()
        while self._starts() == before or not await self.world.settled():  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.01)
        await self.stop(bot)
        for moment in (self.clock() + A_WHILE, self._noon(), self._noon() + A_WHILE):
            await self.rest_at(moment)

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

    def start(self) -> ForkServerProcess:
        """Start the bot in a process of its own."""
        bot = STARTER.Process(target=child.live, args=(self.folder, self.simulator.url), daemon=True)
        bot.start()
        return bot

    def _starts(self) -> int:
        """Count how often a bot has come so far that it asked for updates."""
        return sum(call.method == "deleteWebhook" for call in self.world.transcript)

    async def _play(self) -> None:
        """Let people act, and every now and then let hours pass; not while no bot gets anything done."""
        moments = _moments(self.clock())
        while True:
            for _ in range(self.chance.randint(1, 8)):
                self.crowd.act()
                await asyncio.sleep(self.chance.uniform(0.002, 0.03))
            await self.called(self.chance.randint(1, 6), seconds=0.3)
            self.clock.jump(next(moments))
            self.crowd.knock()

    async def awake(self) -> None:
        """Wait until the bot has started, however busy the machine is."""
        await self.called(1, seconds=20)

    async def called(self, times: int, *, seconds: float) -> None:
        """Wait until the bot has called so many times, but no longer than this."""
        enough = len(self.world.transcript) + times
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while len(self.world.transcript) < enough:  # noqa: ASYNC110 - the transcript has no event
                    await asyncio.sleep(0.003)

    async def rest_at(self, moment: datetime) -> None:
        """Run the bot in this process from a moment on until nothing is left to do at that moment."""
        self.clock.jump(moment)
        to = child.connection(self.simulator.url)
        async with self.open() as db, Stagebot.open(db, SCHOOL, Texts.load(), self.clock, to) as bot:
            running = asyncio.create_task(bot.run(beat=None))
            while await self._is_busy(bot):  # noqa: ASYNC110 - looks at more than an event could tell
                await asyncio.sleep(0.02)
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
        yield Game(folder, clock, world, simulator, crowd, chance, seed)
    finally:
        await simulator.stop()
        clock.close()


def delivered(world: World) -> dict[int, int]:
    """Give the chat of each message that the server took, whatever the bot was told of it."""
    return {
        call.message_id: call.chat_id
        for call in world.transcript
        if call.method == "sendMessage" and call.took_effect and call.message_id and call.chat_id
    }


async def until(happened: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for what the bot does in its own process."""
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110 - it has no event here
            await asyncio.sleep(0.01)


async def button_of(phone: Phone, does: Does, *parts: str) -> tuple[int, str]:
    """Wait for a button that is below a message now; give the message and the button's data."""
    await until(lambda: find_button(phone, does, *parts) is not None)
    found = find_button(phone, does, *parts)
    assert found is not None
    return found


def find_button(phone: Phone, does: Does, *parts: str) -> tuple[int, str] | None:
    """Find the last button that does this, and whose parts end so."""
    for message in reversed(phone.messages):
        for button in (button for row in message["buttons"] for button in row):
            press = decode(button.get("data", ""))
            if press and press.does is does and press.parts[len(press.parts) - len(parts) :] == parts:
                return message["message_id"], button["data"]
    return None


def _people(world: World, invitations: list[Invitation]) -> Iterator[Person]:
    for chat, one in enumerate(invitations, start=FIRST_CHAT):
        if STAGES.isdisjoint(one.stages):
            continue
        phone = world.person(chat, one.participant.first_name, language_code=one.participant.language.value)
        yield Person(phone, one.code or "", one.participant.roles)
