"""The composition root: puts store, services, Telegram and heartbeat together, and runs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from bot.scheduler.heartbeat import heartbeat
from bot.services.road import Road
from bot.services.uploading import Clerk
from bot.store.database import Database
from bot.telegram.client import Client
from bot.telegram.files import TelegramFiles
from bot.telegram.pacing import Pace
from bot.telegram.parse import parse
from bot.telegram.poller import Poller
from bot.telegram.ports import to_the_end
from bot.telegram.sender import Sender
from config.texts import Texts
from conversations.school import School

Clock = Callable[[], datetime]

log = structlog.get_logger()


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How to reach the channel, and how fast it may be used."""

    token: str
    api_url: str
    pace: Pace


class Stagebot:
    """A bot that is ready to run: the road with both its ends, and the clerk beside it."""

    def __init__(self, road: Road, client: Client, pace: Pace, clock: Clock) -> None:
        self.road = road
        self.sender = Sender(client, road, clock=clock, pace=pace)
        self.poller = Poller(client, road, recorded=road.arrived.set)
        self.clerk = Clerk(
            db=road.db,
            school=road.answering.school,
            speaker=road.answering.speaker,
            clock=clock,
            files=TelegramFiles(client),
            nudge=self.sender.nudge,
        )
        road.nudge = self._nudged

    def _nudged(self) -> None:
        """Pass on that something was saved: for the sender, and perhaps for the clerk."""
        self.sender.nudge()
        self.clerk.look()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, db: Database, school: School, texts: Texts, clock: Clock, to: Connection
    ) -> AsyncIterator[Stagebot]:
        """Build a bot on an open database."""
        async with Client(to.token, api_url=to.api_url) as client:
            yield cls(Road.build(db, school, texts, clock, parse), client, to.pace, clock)

    async def run(self, *, beat: float | None = 5) -> None:
        """Poll, work, send and beat until cancelled; without a beat somebody else calls `road.tick`."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.sender.run(), name="sender")
            tasks.create_task(self._work(), name="worker")
            tasks.create_task(self._file(), name="clerk")
            tasks.create_task(self.poller.run(), name="poller")
            if beat is not None:
                tasks.create_task(self._beat(beat), name="heartbeat")

    async def _beat(self, seconds: float) -> None:
        async with heartbeat(self._tick, self.road.prune, seconds=seconds):
            await asyncio.Event().wait()

    async def _tick(self) -> None:
        """Do all that is due; each round is a transaction, so that answers get their turn between them."""
        while await self.road.tick():
            pass

    async def _work(self) -> None:
        """Handle updates as they arrive; whatever ails the database, wait and try again."""
        while True:
            try:
                while await to_the_end(self.road.work()):
                    pass
            except Exception as error:  # noqa: BLE001 (a locked or full disk heals by itself; updates stay)
                log.error("work_failed", error=type(error).__name__)
                await asyncio.sleep(1)
            else:
                await self.road.arrived.wait()

    async def _file(self) -> None:
        """Handle the files that people sent, beside everything else."""
        while True:
            try:
                while await to_the_end(self.clerk.work()):
                    pass
            except Exception as error:  # noqa: BLE001 (a locked or full disk heals by itself; files stay)
                log.error("clerk_failed", error=type(error).__name__)
                await asyncio.sleep(1)
            else:
                await self.clerk.wait()


async def run_until_stopped(bot: Stagebot, stop: asyncio.Event, *, beat: float = 5) -> None:
    """Run until somebody asks to stop, then end what is underway."""
    running = asyncio.create_task(bot.run(beat=beat))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not running.done():
        running.cancel()
    with suppress(asyncio.CancelledError):
        await running
