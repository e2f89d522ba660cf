"""A school whose bot runs in a process of its own, and what others and a flooder do there."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from bot.cli.playing import SAMPLE, first_morning
from bot.cli.rostering import read_roster
from bot.cli.stagebot import Connection, Stagebot, run_until_stopped
from bot.services import rostering
from bot.services.inviting import Invitation, invite
from bot.simulator.phone import Phone
from bot.simulator.server import Simulator
from bot.simulator.world import World
from bot.telegram.pacing import Pace
from config.texts import Texts
from tests.crash.child import SCHOOL, TOKEN, SharedClock, open_database

PACE = Pace(chat_seconds=0.04)  # as in production, but that nobody waits minutes for a flooder's answers
FIRST_CHAT = 1001
_PAGE, _TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
_STARTER = multiprocessing.get_context("forkserver")


# ---- the bot ---------------------------------------------------------------------------------------------


def live(folder: Path, url: str, pace: Pace) -> None:
    """Run the bot until it is asked to stop by SIGTERM; what it says goes to a file."""
    log = os.open(folder / "log", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.dup2(log, 1)
    os.dup2(log, 2)
    asyncio.run(_live(folder, url, pace))


async def _live(folder: Path, url: str, pace: Pace) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    db, clock = await open_database(folder), SharedClock(folder / "clock")
    to = Connection(token=TOKEN, api_url=url, pace=pace, first_pause=0.02)
    async with Stagebot.open(db, SCHOOL, Texts.load(), clock, to) as bot:
        await run_until_stopped(bot, stop, beat=1)
    clock.close()
    await db.close()


@asynccontextmanager
async def running(folder: Path, url: str, pace: Pace = PACE) -> AsyncIterator[ForkServerProcess]:
    """Run the bot during the block; at the end it leaves by itself."""
    bot = _STARTER.Process(target=live, args=(folder, url, pace), daemon=True)
    bot.start()
    try:
        yield bot
        bot.terminate()
        await asyncio.to_thread(bot.join, 8)
        assert bot.exitcode == 0
    finally:
        bot.kill()
        await asyncio.to_thread(bot.join)


def memory_of(process: ForkServerProcess) -> float:
    """Give the megabytes that a process has in use."""
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * _PAGE / 1e6


def work_of(process: ForkServerProcess) -> float:
    """Give the seconds of work that a process has done; what a busy machine adds does not count."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


# ---- the people ------------------------------------------------------------------------------------------


class Ear:
    """Hears what the bot says to each person."""

    def __init__(self, world: World) -> None:
        self.texts: dict[int, list[str]] = defaultdict(list)
        self._spoken: dict[int, asyncio.Event] = defaultdict(asyncio.Event)
        world.listeners.append(self._hear)

    def _hear(self, event: dict[str, Any]) -> None:
        message = event.get("message")
        if message is not None and message["from"] == "bot":
            self.texts[event["user_id"]].append(message["text"])
            self._spoken[event["user_id"]].set()

    async def after(self, phone: Phone, act: Callable[[], object]) -> float:
        """Let somebody do something, and give how many seconds the answer took."""
        spoken = self._spoken[phone.user_id]
        spoken.clear()
        asked = time.monotonic()
        act()
        async with asyncio.timeout(60):
            await spoken.wait()
        return time.monotonic() - asked


@dataclass(frozen=True, slots=True)
class School:
    """The simulated world, and who was invited."""

    folder: Path
    clock: SharedClock
    world: World
    simulator: Simulator
    ear: Ear
    invited: list[Invitation]

    async def join(self, count: int) -> list[Phone]:
        """Let the first so many students press START and say that it is they."""
        phones = []
        students = [one for one in self.invited if "student" in one.participant.roles]
        for chat, one in enumerate(students[:count], start=FIRST_CHAT):
            phone = self.world.person(chat, one.participant.first_name)
            code = one.code
            await self.ear.after(phone, lambda phone=phone, code=code: phone.start(code))  # type: ignore[misc] # mypy can't type defaults
            await self.ear.after(phone, lambda phone=phone: _press_first(phone))  # type: ignore[misc] # as above
            phones.append(phone)
        return phones


def _press_first(phone: Phone) -> None:
    message = phone.messages[-1]
    phone.press(message["message_id"], message["buttons"][0][0]["data"])


async def converse(ear: Ear, phone: Phone, seconds: float) -> list[float]:
    """Let somebody write, read the answer and write again for so long; give how long each answer took."""
    waits: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        text = f"Vandaag deed ik dit zelf, keer {len(waits)}"
        waits.append(await ear.after(phone, lambda text=text: phone.text(text)))  # type: ignore[misc] # as above
        await asyncio.sleep(0.25)
    return waits


async def flood(do: Callable[[int], object], per_second: int, seconds: float) -> int:
    """Do something so many times a second for so many seconds; give how often it was done."""
    done, begin = 0, time.monotonic()
    while (passed := time.monotonic() - begin) < seconds:
        for number in range(done, int(passed * per_second)):
            do(number)
            done = number + 1
        await asyncio.sleep(0.005)
    return done


def p95(waits: list[float]) -> float:
    """Give what 95 of 100 waits stay below, in seconds."""
    return sorted(waits)[int(len(waits) * 0.95)]


@asynccontextmanager
async def a_school(folder: Path) -> AsyncIterator[School]:
    """Open a world with the people of the sample roster, who are about to join."""
    roster = read_roster(SAMPLE, SCHOOL)
    clock = SharedClock(folder / "clock")
    clock.jump(first_morning(roster, SCHOOL))
    world = World(clock, expire_by_clock=False, seed=1)
    simulator = Simulator(world, token=TOKEN)
    await simulator.start()
    db = await open_database(folder)
    async with db.writing() as tx:
        found = await rostering.difference(tx, roster, SCHOOL)
        await rostering.import_(tx, roster, found, (), SCHOOL, clock())
        invited = await invite(tx, clock(), days=366, renew=True)
    await db.close()
    try:
        yield School(folder, clock, world, simulator, Ear(world), invited)
    finally:
        await simulator.stop()
        clock.close()
