"""The composition root: puts store, services, Telegram and heartbeat together, and runs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog

from bot.scheduler.heartbeat import heartbeat
from bot.services.returning import Returning
from bot.services.road import Road
from bot.services.uploading import Clerk
from bot.store.database import Database
from bot.store.leading import Lead
from bot.store.leading import clock as running
from bot.telegram.announcing import Announcer
from bot.telegram.client import Client
from bot.telegram.clockcheck import ClockCheck
from bot.telegram.files import TelegramFiles
from bot.telegram.led import LedClient
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
class Hook:
    """Where Telegram brings updates, the secret it brings along, and the host:port that it reaches so."""

    url: str
    secret: str
    listen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How to reach the channel, how fast it may be used, and how long to wait for it (seconds)."""

    token: str
    api_url: str
    pace: Pace
    read_timeout: float = 20.0
    long_poll: int = 25
    first_pause: float = 1.0  # after trouble with polling
    hook: Hook | None = None  # in place of polling
    checks_clock: bool = False  # by the server's: not where a clock is turned on purpose


class Stagebot:
    """A bot that is ready to run: the road with both its ends, and the clerk beside it."""

    def __init__(
        self, road: Road, client: Client, to: Connection, clock: Clock, lead: Lead | None = None
    ) -> None:
        self.road = road
        self.lead = lead
        self.sender = Sender(client, road, clock=clock, pace=to.pace)
        self.source: Poller | Announcer = (
            Announcer(client, url=to.hook.url, secret=to.hook.secret, first_pause=to.first_pause)
            if to.hook
            else Poller(
                client, road, recorded=self._arrived, long_poll=to.long_poll, first_pause=to.first_pause
            )
        )
        self.clerk = Clerk(
            db=road.db,
            school=road.answering.school,
            speaker=road.answering.speaker,
            clock=clock,
            files=TelegramFiles(client),
            nudge=self.sender.nudge,
        )
        self.returning = Returning(road.db, road.answering.school.calendar)
        self._clock = clock
        self._believes = ClockCheck(client.told).passes if to.checks_clock else _always
        road.nudge = self._nudged

    def _arrived(self) -> None:
        """Pass on that something was put into the inbox."""
        self.road.arrived.set()

    def _nudged(self) -> None:
        """Pass on that something was saved: for the sender, and perhaps for the clerk."""
        self.sender.nudge()
        self.clerk.look()

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        db: Database,
        school: School,
        texts: Texts,
        clock: Clock,
        to: Connection,
        *,
        lead: Lead | None = None,
    ) -> AsyncIterator[Stagebot]:
        """Build a bot on an open database; with `lead` it runs for as long as this process leads."""
        road = Road.build(db, school, texts, clock, parse)
        async with _client(to, lead) as client:
            yield cls(road, client, to, clock, lead)

    async def run(self, *, beat: float | None = 5) -> None:
        """Poll, work, send and beat until cancelled; without a beat somebody else calls `road.tick`."""
        async with asyncio.TaskGroup() as tasks:
            if self.lead is not None:
                tasks.create_task(self.lead.until_lost(), name="lead")
            tasks.create_task(self.road.db.until_damaged(), name="damage")
            tasks.create_task(self._send(), name="sender")
            tasks.create_task(self._work(), name="worker")
            tasks.create_task(self._file(), name="clerk")
            tasks.create_task(self.source.run(), name="source")
            if beat is not None:
                tasks.create_task(self._beat(beat), name="heartbeat")

    async def _beat(self, seconds: float) -> None:
        async with heartbeat(self._tick, self.road.prune, seconds=seconds):
            await asyncio.Event().wait()

    async def _send(self) -> None:
        """Send; who takes over from another lets the second pass in which that one may have sent."""
        if self.lead is not None:
            await asyncio.sleep(self.lead.quiet)
        await self.sender.run()

    async def _tick(self) -> None:
        """Do all that is due; each round is a transaction, so that answers get their turn between them."""
        self.road.arrived.set()  # no update waits for ever, even if nobody rang
        if not self._believes(self._clock()):
            return
        heard = self.source.heard if isinstance(self.source, Poller) else running()
        await self.returning.beat(heard, self._clock())
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


def _client(to: Connection, lead: Lead | None) -> Client:
    if lead is None:
        return Client(to.token, api_url=to.api_url, read_timeout=to.read_timeout)
    return LedClient(to.token, api_url=to.api_url, read_timeout=to.read_timeout, holds=lead.holds)


def _always(_now: datetime) -> bool:
    return True


async def run_until_stopped(bot: Stagebot, stop: asyncio.Event, *, beat: float = 5) -> None:
    """Run a bot until somebody asks to stop, then end what is underway."""
    await until_stopped(bot.run(beat=beat), stop)


async def until_stopped(work: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """Do this until somebody asks to stop, then end what is underway."""
    running = asyncio.create_task(work)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not running.done():
        running.cancel()
    with suppress(asyncio.CancelledError):
        await running
