"""A simulated world, its server, and a plain HTTP client for the bot's calls."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from bot.simulator.clock import JumpingClock
from bot.simulator.server import Simulator
from bot.simulator.world import Phone, World

TOKEN = "7000000001:SIMULATED-TOKEN"
START = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)


class Api:
    """Call the Bot API as a plain HTTP client would."""

    def __init__(self, session: ClientSession, simulator: Simulator) -> None:
        self.session = session
        self.simulator = simulator

    @property
    def root(self) -> str:
        return f"{self.simulator.url}/bot{TOKEN}"

    async def answer(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        """Call with a JSON body; give the status and the answer."""
        async with self.session.post(f"{self.root}/{method}", json=params) as response:
            return response.status, await response.json()

    async def result(self, method: str, **params: Any) -> Any:
        """Call with a JSON body; give the result of a call that succeeds."""
        _, answer = await self.answer(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **params: Any) -> tuple[int, str]:
        """Call with a JSON body; give the code and the text of a call that is refused."""
        status, answer = await self.answer(method, **params)
        assert answer["error_code"] == status
        return status, answer["description"]

    async def form(self, method: str, form: FormData) -> tuple[int, dict[str, Any]]:
        """Call with a multipart form."""
        async with self.session.post(f"{self.root}/{method}", data=form) as response:
            return response.status, await response.json()

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        """Fetch updates."""
        updates: list[dict[str, Any]] = await self.result("getUpdates", **params)
        return updates


async def until(condition: Callable[[], bool]) -> None:
    """Let the others go on until the condition holds."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the condition has no event of its own
            await asyncio.sleep(0)


@pytest.fixture
def clock() -> JumpingClock:
    return JumpingClock(START)


@pytest.fixture
def world(clock: JumpingClock) -> World:
    return World(clock, seed=7)


@pytest.fixture
def samira(world: World) -> Phone:
    """A person who has the app but has not pressed START."""
    return world.person(1001, "Samira", "El Amrani", "samira")


@pytest.fixture
def phone(samira: Phone) -> Phone:
    """A person whose chat with the bot is open."""
    samira.start()
    return samira


@pytest.fixture
async def simulator(world: World) -> AsyncIterator[Simulator]:
    simulator = Simulator(world, token=TOKEN, webhook_retry=0.01)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def api(simulator: Simulator) -> AsyncIterator[Api]:
    async with ClientSession() as session:
        yield Api(session, simulator)
