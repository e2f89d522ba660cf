"""Telegram may forget an update only once it is stored."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.simulator.clock import JumpingClock
from bot.simulator.faults import Fault, FaultKind, Faults
from bot.simulator.server import Simulator
from bot.simulator.world import Phone, World
from bot.telegram.client import Client
from bot.telegram.errors import Unauthorized
from bot.telegram.poller import ALLOWED_UPDATES, Poller
from tests.telegram.conftest import TOKEN, MemoryInbox, PlainServer, until


def texts(inbox: MemoryInbox) -> list[str]:
    """The texts of what is stored, in the order of arrival."""
    return [json.loads(raw)["message"]["text"] for raw in inbox.stored.values()]


def make(
    client: Client, inbox: MemoryInbox, recorded: Callable[[], None] = lambda: None, **how: Any
) -> Poller:
    return Poller(client, inbox, recorded=recorded, first_pause=0.01, **how)


@asynccontextmanager
async def polling(poller: Poller) -> AsyncIterator[asyncio.Task[None]]:
    """Poll during the block, and stop as the program does."""
    task = asyncio.create_task(poller.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_what_people_send_is_stored_and_then_confirmed(
    client: Client, samira: Phone, inbox: MemoryInbox, world: World
) -> None:
    """Everything arrives once, in order, whoever waits is woken, and Telegram has nothing left."""
    wakes: list[int] = []
    samira.text("een")
    samira.text("twee")
    async with polling(make(client, inbox, lambda: wakes.append(len(inbox.stored)))):
        await until(lambda: len(inbox.stored) == 2)
        samira.text("drie")
        assert await world.settled()
    assert texts(inbox) == ["een", "twee", "drie"]
    assert wakes == [2, 3]
    assert inbox.asked[0] == list(inbox.stored)[:2]


async def test_nothing_is_confirmed_before_it_is_stored(
    client: Client, samira: Phone, inbox: MemoryInbox, world: World
) -> None:
    """While the commit is underway the update is still Telegram's."""
    inbox.gate.clear()
    samira.text("een")
    async with polling(make(client, inbox)):
        await until(lambda: inbox.asked != [])
        assert len(world.updates) == 1
        inbox.gate.set()
        assert await world.settled()
    assert texts(inbox) == ["een"]


async def test_updates_come_again_when_storing_fails(
    client: Client, samira: Phone, inbox: MemoryInbox, world: World
) -> None:
    """A full disk or a locked database loses nothing, and heals by itself."""
    inbox.failures = 3
    samira.text("een")
    async with polling(make(client, inbox)):
        assert await world.settled()
    assert texts(inbox) == ["een"]
    assert len(inbox.asked) == 4


async def test_stopping_while_storing_loses_and_doubles_nothing(
    client: Client, samira: Phone, inbox: MemoryInbox, world: World
) -> None:
    """A commit that was begun is finished; the next start fetches the rest."""
    inbox.gate.clear()
    samira.text("een")
    async with polling(make(client, inbox)) as task:
        await until(lambda: inbox.asked != [])
        task.cancel()
        samira.text("twee")
        inbox.gate.set()
        await asyncio.gather(task, return_exceptions=True)
    assert texts(inbox) == ["een"]
    async with polling(make(client, inbox)):
        assert await world.settled()
    assert texts(inbox) == ["een", "twee"]


async def test_stopping_in_a_long_poll_is_immediate(
    client: Client, simulator: Simulator, inbox: MemoryInbox
) -> None:
    """Nobody waits for the 25 seconds of an open poll."""
    async with polling(make(client, inbox)) as task:
        await until(lambda: len(simulator.world.transcript) == 1)
        async with asyncio.timeout(1):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


async def test_a_webhook_is_taken_away_first(client: Client, samira: Phone, inbox: MemoryInbox) -> None:
    """A webhook that was set earlier blocks polling; what waited for it is kept."""
    await client.call("setWebhook", {"url": "http://127.0.0.1:9/hook"})
    samira.text("een")
    async with polling(make(client, inbox)):
        await until(lambda: texts(inbox) == ["een"])
    assert (await client.call("getWebhookInfo", {}))["url"] == ""


async def test_network_trouble_passes(
    client: Client, simulator: Simulator, samira: Phone, inbox: MemoryInbox, world: World
) -> None:
    """Whatever fails on the way, each update is stored once and no poll is given up."""
    kinds = (
        FaultKind.RESET,
        FaultKind.BAD_GATEWAY,
        FaultKind.SERVER_ERROR,
        FaultKind.TRUNCATED,
        FaultKind.BROKEN,
    )
    simulator.faults = Faults(
        [Fault(kind=kind, method="getUpdates", calls=frozenset({i + 1})) for i, kind in enumerate(kinds)]
    )
    for number in range(10):
        samira.text(str(number))
    async with polling(make(client, inbox, limit=3)):
        assert await world.settled()
    assert texts(inbox) == [str(number) for number in range(10)]


async def test_updates_that_come_again_or_out_of_order_are_stored_once(
    client: Client, simulator: Simulator, samira: Phone, inbox: MemoryInbox, world: World
) -> None:
    """The server may repeat and shuffle; the ids decide."""
    again = Fault(kind=FaultKind.AGAIN, method="getUpdates", probability=0.4)
    shuffled = Fault(kind=FaultKind.SHUFFLED, method="getUpdates", probability=0.6)
    simulator.faults = Faults([again, shuffled], seed=3)
    for number in range(20):
        samira.text(str(number))
    async with polling(make(client, inbox, limit=4)):
        assert await world.settled()
    assert sorted(texts(inbox), key=int) == [str(number) for number in range(20)]


async def test_ids_that_begin_anew_after_a_quiet_week_are_fetched(
    client: Client, samira: Phone, inbox: MemoryInbox, world: World
) -> None:
    """After a week without updates the next update_id is any number, also a lower one."""
    assert isinstance(world.clock, JumpingClock)
    async with polling(make(client, inbox, long_poll=1)):
        for week in range(5):
            world.clock.jump(world.clock() + timedelta(days=8))
            samira.text(str(week))
            assert await world.settled()
    assert texts(inbox) == ["0", "1", "2", "3", "4"]
    assert sorted(inbox.stored) != list(inbox.stored)


async def test_a_second_poller_does_not_stop_the_first(
    client: Client, simulator: Simulator, samira: Phone, inbox: MemoryInbox, world: World
) -> None:
    """With the same token in use elsewhere polling goes on, and what this one gets is stored."""
    elsewhere = MemoryInbox()
    async with (
        Client(TOKEN, api_url=simulator.url) as other,
        polling(make(client, inbox)),
        polling(make(other, elsewhere)),
    ):
        await until(lambda: any(call.code == 409 for call in world.transcript))
        samira.text("een")
        assert await world.settled()
    assert "een" in texts(inbox) + texts(elsewhere)


async def test_a_token_that_does_not_count_ends_it(simulator: Simulator, inbox: MemoryInbox) -> None:
    """The program can do nothing without a token, so the poller says so and stops."""
    async with Client("7000000001:WRONG", api_url=simulator.url) as client:
        with pytest.raises(Unauthorized):
            await make(client, inbox).run()


async def test_too_many_is_obeyed(server: PlainServer, plain_client: Client, inbox: MemoryInbox) -> None:
    """After a 429 the next poll waits for as long as it was told."""
    times: list[float] = []

    async def updates(_request: web.Request) -> web.StreamResponse:
        times.append(asyncio.get_running_loop().time())
        answer = {"ok": False, "error_code": 429, "description": "", "parameters": {"retry_after": 1}}
        return web.json_response(answer, status=429)

    server.answer("deleteWebhook", '{"ok":true,"result":true}')
    server.handlers["getUpdates"] = updates
    async with polling(make(plain_client, inbox)):
        await until(lambda: len(times) == 2)
    assert times[1] - times[0] >= 1


async def test_poison_does_not_stop_polling(
    server: PlainServer, plain_client: Client, inbox: MemoryInbox
) -> None:
    """Updates without an id are skipped and counted, those too deep to read are kept as they are."""
    deep = '{"update_id":2,"message":' + "[" * 5000 + "]" * 5000 + "}"
    answers = ['[{"odd":1},{"update_id":1}]', f"[{deep}]", '[{"update_id":3}]', "[]"]
    offsets: list[object] = []

    async def updates(_request: web.Request) -> web.StreamResponse:
        offsets.append(server.calls[-1][1].get("offset"))
        result = answers[min(len(offsets), len(answers)) - 1]
        return web.Response(text=f'{{"ok":true,"result":{result}}}')

    server.answer("deleteWebhook", '{"ok":true,"result":true}')
    server.handlers["getUpdates"] = updates
    poller = make(plain_client, inbox)
    async with polling(poller):
        await until(lambda: len(offsets) > 4)
    assert (list(inbox.stored), poller.skipped) == ([1, 2, 3], 1)
    assert inbox.stored[2] == deep.encode()
    assert offsets[:5] == [None, 2, 3, 4, None]


async def test_the_poll_asks_for_what_the_bot_reads(
    server: PlainServer, plain_client: Client, inbox: MemoryInbox
) -> None:
    """Kinds of update, batch size and length of the poll are told to Telegram; nothing is dropped."""
    server.answer("deleteWebhook", '{"ok":true,"result":true}')
    server.answer("getUpdates", '{"ok":true,"result":[]}')
    async with polling(make(plain_client, inbox)):
        await until(lambda: len(server.calls) > 1)
    asked = {"timeout": 25, "limit": 100, "allowed_updates": ALLOWED_UPDATES}
    assert server.calls[:2] == [("deleteWebhook", {}), ("getUpdates", asked)]


async def test_recording_that_never_ends_does_not_keep_the_program(
    client: Client, samira: Phone, inbox: MemoryInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database locked by somebody else is given up after a while when stopping; nothing was confirmed."""
    monkeypatch.setattr("bot.telegram.ports._LONGEST_END", 0.05)
    inbox.gate.clear()
    samira.text("een")
    async with polling(make(client, inbox)) as task:
        await until(lambda: inbox.asked != [])
        async with asyncio.timeout(1):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    assert inbox.stored == {}
