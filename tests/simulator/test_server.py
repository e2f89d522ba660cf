"""The server: starting, stopping, and a port that is taken."""

import asyncio

import pytest
from aiohttp import ClientConnectionError, ClientSession

from bot.simulator.clock import JumpingClock
from bot.simulator.errors import PortInUse
from bot.simulator.server import Simulator
from bot.simulator.world import Phone, World
from tests.simulator.conftest import START, TOKEN, Api, until


async def test_a_taken_port_is_named(simulator: Simulator) -> None:
    """The error carries the port and says what is the matter; the other server is not harmed."""
    second = Simulator(World(JumpingClock(START)), token=TOKEN)
    with pytest.raises(PortInUse) as caught:
        await second.start(port=simulator.port)
    assert caught.value.port == simulator.port
    assert str(caught.value) == f"port {simulator.port} on 127.0.0.1 is in use by another program"
    await second.stop()


async def test_a_server_comes_back_where_it_was(api: Api, simulator: Simulator, phone: Phone) -> None:
    """Away for a while, then on the same port with everything still there."""
    port = simulator.port
    await simulator.stop()
    with pytest.raises(ClientConnectionError):
        await api.updates()
    phone.text("onderweg")
    await simulator.start(port=port)
    assert [update["message"]["text"] for update in await api.updates()] == ["/start", "onderweg"]


@pytest.mark.usefixtures("phone")
async def test_a_stop_waits_for_nobody(simulator: Simulator, world: World) -> None:
    """Open polls and open event streams end at once, and stopping twice is harmless."""
    async with ClientSession() as session:
        api = Api(session, simulator)
        async with session.get(f"{simulator.url}/client/events") as events:
            offset = (await api.updates())[0]["update_id"] + 1
            poll = asyncio.create_task(api.updates(offset=offset, timeout=50))
            await until(lambda: world.updates.awaited)
            async with asyncio.timeout(3):
                await simulator.stop()
                assert await poll == []
                assert await events.content.read() == b": hello\n\n"
    await simulator.stop()
