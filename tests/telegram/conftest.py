"""A simulated Telegram, a plain server that answers what it is told to, and a store in memory."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from bot.simulator.clock import JumpingClock
from bot.simulator.server import Simulator
from bot.simulator.world import Phone, World
from bot.store.records import Claimed, Outcome, Parcel, RawUpdate, Sent
from bot.telegram.client import Client
from conversations.messages import Lane

TOKEN = "7000000001:SIMULATED-TOKEN"
NOW = datetime(2026, 9, 8, 14, 30, tzinfo=UTC)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def parcel(chat: int, text: str = "Hoi", **fields: Any) -> Parcel:
    """A parcel for a chat: a message, unless the fields say otherwise."""
    given = {"kind": "message", "payload": {"text": text}, "lane": Lane.PROMPT} | fields
    return Parcel(to=None, chat=chat, **given)


def claimed(chat: int, text: str = "Hoi", *, number: int = 1, attempts: int = 0, **fields: Any) -> Claimed:
    """The same parcel once it is claimed."""
    return Claimed(id=number, chat=chat, parcel=parcel(chat, text, **fields), attempts=attempts)


async def until(condition: Callable[[], bool]) -> None:
    """Let the others go on until the condition holds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - it happens on the other side of HTTP
            await asyncio.sleep(0.002)


class MemoryInbox:
    """The inbox protocol over a dict; it can be told to fail."""

    def __init__(self) -> None:
        self.stored: dict[int, bytes] = {}
        self.asked: list[list[int]] = []
        self.failures = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def record(self, updates: list[RawUpdate]) -> None:
        self.asked.append([update.id for update in updates])
        await self.gate.wait()
        if self.failures:
            self.failures -= 1
            raise OSError("no space left on device")
        for update in updates:
            self.stored.setdefault(update.id, update.raw)


class MemoryOutbox:
    """The outbox protocol over dicts: first lanes first, one parcel a chat, nothing before its moment."""

    def __init__(self, clock: JumpingClock) -> None:
        self.clock = clock
        self.waiting: dict[int, Parcel] = {}
        self.not_before: dict[int, datetime] = {}
        self.sending: dict[int, Parcel] = {}
        self.sent: list[Sent] = []
        self.recovered = 0
        self.looked_back = 0
        self.failures = 0
        self._number = 0

    def put(self, parcel: Parcel) -> int:
        self._number += 1
        self.waiting[self._number] = parcel
        self.not_before[self._number] = parcel.not_before or NOW
        return self._number

    @property
    def outcomes(self) -> dict[int, list[Outcome]]:
        """What became of each parcel, attempt by attempt."""
        return {
            id_: [sent.outcome for sent in self.sent if sent.id == id_] for id_ in range(1, self._number + 1)
        }

    async def claim(self, limit: int, busy: Collection[int]) -> list[Claimed]:
        lanes, now = list(Lane), self.clock()
        due = [number for number in self.waiting if self.not_before[number] <= now]
        line = sorted(due, key=lambda number: (lanes.index(self.waiting[number].lane), number))
        first_of_chat = {self.waiting[number].chat: number for number in reversed(line)}
        chosen = [number for chat, number in first_of_chat.items() if chat not in busy]
        claims = []
        for number in sorted(chosen, key=line.index)[:limit]:
            parcel = self.sending[number] = self.waiting.pop(number)
            claims.append(Claimed(id=number, chat=parcel.chat or 0, parcel=parcel, attempts=0))
        return claims

    async def settle(self, results: Sequence[Sent]) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("database is locked")
        for sent in results:
            parcel = self.sending.pop(sent.id)
            self.sent.append(sent)
            if sent.again_at is not None:
                self.waiting[sent.id], self.not_before[sent.id] = parcel, sent.again_at

    async def next_at(self) -> datetime | None:
        return min((self.not_before[number] for number in self.waiting), default=None)

    async def recover(self) -> None:
        self.recovered += 1

    async def retry_unknown(self) -> None:
        self.looked_back += 1


class PlainServer:
    """Answers each method with what `handlers` holds for it, and notes every call with its parameters."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls.append((method, await request.json()))
        return await self.handlers[method](request)

    def answer(self, method: str, body: bytes | str, status: int = 200) -> None:
        """Answer a method with these bytes from now on."""

        async def handler(_request: web.Request) -> web.StreamResponse:
            return web.Response(status=status, body=body if isinstance(body, bytes) else body.encode())

        self.handlers[method] = handler


@pytest.fixture
def world() -> World:
    return World(JumpingClock(NOW), seed=7)


@pytest.fixture
async def simulator(world: World) -> AsyncIterator[Simulator]:
    simulator = Simulator(world, token=TOKEN)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def client(simulator: Simulator) -> AsyncIterator[Client]:
    async with Client(TOKEN, api_url=simulator.url, read_timeout=2) as client:
        yield client


@pytest.fixture
async def server() -> AsyncIterator[PlainServer]:
    server = PlainServer()
    application = web.Application()
    application.add_routes([web.post("/bot{token}/{method}", server.handle)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest.fixture
async def plain_client(server: PlainServer) -> AsyncIterator[Client]:
    async with Client(TOKEN, api_url=server.url, read_timeout=0.2) as client:
        yield client


@pytest.fixture
def samira(world: World) -> Phone:
    """Somebody whose chat with the bot is open and whose START was fetched."""
    phone = world.person(1001, "Samira", "El Amrani")
    phone.start()
    world.updates.clear()
    return phone


@pytest.fixture
def inbox() -> MemoryInbox:
    return MemoryInbox()


@pytest.fixture
def outbox() -> MemoryOutbox:
    return MemoryOutbox(JumpingClock(NOW, running=True))
