"""The outbox is emptied at an even pace, each parcel once, and what became of it is stored."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.simulator.faults import Fault, FaultKind, Faults
from bot.simulator.limits import Limits
from bot.simulator.server import Simulator
from bot.simulator.world import Phone, World
from bot.store.records import Outcome
from bot.telegram.client import Client
from bot.telegram.pacing import Pace
from bot.telegram.sender import Sender
from conversations.messages import Lane
from tests.telegram.conftest import NOW, TOKEN, MemoryOutbox, PlainServer, parcel, until

SENT, WAIT, FAILED = Outcome.SENT, Outcome.WAIT, Outcome.FAILED
FAST = Pace(rate=500, chat_seconds=0)


@asynccontextmanager
async def sending(client: Client, outbox: MemoryOutbox, pace: Pace = FAST) -> AsyncIterator[Sender]:
    """Send during the block, and stop as the program does."""
    sender = Sender(client, outbox, clock=outbox.clock, pace=pace)
    task = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def people(world: World, count: int) -> list[int]:
    """So many people whose chats are open; give their chats."""
    chats = list(range(2001, 2001 + count))
    for chat in chats:
        world.person(chat, "Iemand").start()
    return chats


def fault(kind: FaultKind, call: int, method: str = "sendMessage", **how: Any) -> Faults:
    return Faults([Fault(kind=kind, method=method, calls=frozenset({call}), **how)])


def texts(phone: Phone) -> list[str]:
    """What the bot wrote, in order."""
    return [message["text"] for message in phone.messages if message["from"] == "bot"]


def arrivals(world: World) -> list[int]:
    """The chats that messages arrived in, in order."""
    calls = [call for call in world.transcript if call.method == "sendMessage" and call.took_effect]
    return [call.chat_id or 0 for call in calls]


async def test_a_parcel_arrives_and_its_message_is_known(
    client: Client, samira: Phone, outbox: MemoryOutbox
) -> None:
    """What was left behind is looked at first; the message's id is stored, so that a swipe reply finds it."""
    outbox.put(parcel(1001, "Hoi 👍", payload={"text": "Hoi 👍", "bold": [[4, 1]]}))
    async with sending(client, outbox) as sender:
        await until(lambda: len(outbox.sent) == 1)
        assert sender.idle
    assert texts(samira) == ["Hoi 👍"]
    assert samira.messages[-1]["entities"] == [{"type": "bold", "offset": 4, "length": 2}]
    assert [(sent.outcome, sent.message_id) for sent in outbox.sent] == [
        (SENT, samira.messages[-1]["message_id"])
    ]
    assert (outbox.recovered, outbox.looked_back) == (1, 1)


async def test_every_kind_of_parcel_arrives(client: Client, samira: Phone, outbox: MemoryOutbox) -> None:
    """A message with buttons, the answer to a press on it, other text and buttons, and a menu."""
    buttons = [[{"text": "Ja", "data": "a:1"}]]
    outbox.put(parcel(1001, payload={"text": "Ja?", "buttons": buttons}))
    outbox.put(parcel(1001, kind="menu", payload={"commands": [["hulp", "Hulp"]]}))
    async with sending(client, outbox) as sender:
        await until(lambda: len(outbox.sent) == 2)
        number = samira.messages[-1]["message_id"]
        press = samira.press(number, "a:1")
        outbox.put(parcel(1001, kind="amend", payload={"message": number, "buttons": [], "text": "Ja!"}))
        outbox.put(parcel(1001, kind="acknowledge", payload={"press": press, "text": "Bewaard"}))
        sender.nudge()
        await until(lambda: len(outbox.sent) == 4)
    answer = samira.callback_answer(press)
    assert answer is not None
    assert answer["text"] == "Bewaard"
    assert (samira.messages[-1]["text"], samira.messages[-1]["buttons"]) == ("Ja!", [])
    assert samira.commands == [{"command": "hulp", "description": "Hulp"}]
    assert outbox.outcomes == {number: [SENT] for number in (1, 2, 3, 4)}


async def test_the_rate_is_reached_and_never_exceeded(
    client: Client, simulator: Simulator, world: World, outbox: MemoryOutbox
) -> None:
    """With 30 ms on the way, sends overlap: 28 a second and no 429 from a server that allows 30."""
    simulator.limits = limits = Limits(overall=30)
    simulator.faults = Faults(
        [Fault(kind=FaultKind.DELAY, method="sendMessage", probability=1, seconds=0.03)]
    )
    for chat in people(world, 84):
        outbox.put(parcel(chat))
    loop = asyncio.get_running_loop()
    begin = loop.time()
    async with sending(client, outbox, Pace()):
        await until(lambda: len(outbox.sent) == 84)
    assert {tuple(outcomes) for outcomes in outbox.outcomes.values()} == {(SENT,)}
    assert (limits.refused, limits.peak in (27, 28, 29)) == (0, True)
    assert 84 / (loop.time() - begin) > 26


async def test_answers_overtake_prompts(client: Client, world: World, outbox: MemoryOutbox) -> None:
    """Somebody who writes during a round of prompts is answered within a handful of sends."""
    chats = people(world, 80)
    for chat in chats[:-2]:
        outbox.put(parcel(chat))
    async with sending(client, outbox, Pace(rate=50)) as sender:
        await until(lambda: len(arrivals(world)) == 10)
        outbox.put(parcel(chats[-1], lane=Lane.DIGEST))
        outbox.put(parcel(chats[-2], lane=Lane.ANSWER))
        sender.nudge()
        await until(lambda: chats[-1] in arrivals(world))
    order = arrivals(world)
    assert order.index(chats[-2]) < order.index(chats[-1]) < 16


async def test_a_chat_gets_its_messages_in_order_and_apart(
    client: Client, simulator: Simulator, samira: Phone, outbox: MemoryOutbox
) -> None:
    """A server that allows one message a second in a chat never has to refuse one."""
    simulator.limits = limits = Limits()
    for number in range(3):
        outbox.put(parcel(1001, str(number)))
    async with sending(client, outbox, Pace()):
        await until(lambda: len(outbox.sent) == 3)
    assert (texts(samira), limits.refused) == (["0", "1", "2"], 0)


async def test_too_many_makes_everything_wait(
    client: Client, simulator: Simulator, world: World, outbox: MemoryOutbox
) -> None:
    """Nothing leaves before retry_after is over, then everything does, and nothing twice."""
    simulator.limits = limits = Limits(overall=5, halting=True)
    chats = people(world, 9)
    for chat in chats[1:]:
        outbox.put(parcel(chat))
    async with sending(client, outbox, Pace(rate=20)) as sender:
        await until(lambda: any(sent.outcome is WAIT for sent in outbox.sent))
        outbox.put(parcel(chats[0], lane=Lane.ANSWER))
        sender.nudge()
        await until(lambda: all(SENT in outcomes for outcomes in outbox.outcomes.values()))
    assert sorted(arrivals(world)) == chats
    assert (limits.refused, limits.early) == (1, 0)
    waits = [sent for sent in outbox.sent if sent.outcome is WAIT]
    assert [sent for sent in waits if sent.again_at is None or sent.again_at <= NOW] == []


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.BAD_GATEWAY, FaultKind.HANG])
async def test_a_lost_answer_is_unknown_and_not_repeated(
    simulator: Simulator, samira: Phone, outbox: MemoryOutbox, kind: FaultKind, after: bool
) -> None:
    """Whether or not it arrived, the person does not get it twice, and the next one follows."""
    simulator.faults = fault(kind, 1, after=after)
    outbox.put(parcel(1001, "een"))
    outbox.put(parcel(1001, "twee"))
    async with Client(TOKEN, api_url=simulator.url, read_timeout=0.2) as client, sending(client, outbox):
        await until(lambda: len(outbox.sent) == 2)
    assert outbox.outcomes == {1: [Outcome.UNKNOWN], 2: [SENT]}
    assert texts(samira) == (["een", "twee"] if after else ["twee"])


async def test_what_was_never_written_is_sent_once_the_server_is_back(
    client: Client, simulator: Simulator, samira: Phone, outbox: MemoryOutbox
) -> None:
    """While nobody listens the parcel waits its turn; then it arrives once."""
    port = simulator.port
    await simulator.stop()
    outbox.put(parcel(1001, "een"))
    outbox.put(parcel(1001, "twee"))
    async with sending(client, outbox):
        await until(lambda: len(outbox.sent) >= 1)
        await simulator.start(port=port)
        await until(lambda: len(texts(samira)) == 2)
    assert outbox.outcomes[1][0] is Outcome.RETRY
    assert sorted(texts(samira)) == ["een", "twee"]


async def test_who_is_gone_is_unreachable(
    client: Client, samira: Phone, world: World, outbox: MemoryOutbox
) -> None:
    """Blocked, never started, or deleted: once tried and not again."""
    samira.block()
    world.person(1002, "Nooit begonnen")
    for chat in (1001, 1002, 1003):
        outbox.put(parcel(chat))
    async with sending(client, outbox):
        await until(lambda: len(outbox.sent) == 3)
    assert outbox.outcomes == {number: [Outcome.UNREACHABLE] for number in (1, 2, 3)}


async def test_refused_markup_is_left_out(
    server: PlainServer, plain_client: Client, outbox: MemoryOutbox
) -> None:
    """The text arrives plain; without markup to leave out a refusal is final."""

    async def strict(_request: web.Request) -> web.StreamResponse:
        refused = {"ok": False, "error_code": 400, "description": "Bad Request: can't parse entities"}
        _, params = server.calls[-1]
        if "entities" in params or params["text"] == "nooit":
            return web.json_response(refused, status=400)
        return web.json_response({"ok": True, "result": {"message_id": 9}})

    server.handlers["sendMessage"] = strict
    outbox.put(parcel(1001, payload={"text": "vet", "bold": [[0, 3]]}))
    outbox.put(parcel(1002, payload={"text": "nooit", "bold": [[0, 3]]}))
    async with sending(plain_client, outbox):
        await until(lambda: len(outbox.sent) == 2)
    assert outbox.outcomes == {1: [SENT], 2: [FAILED]}
    assert sorted(params["text"] for _, params in server.calls) == ["nooit", "nooit", "vet", "vet"]


async def test_what_expired_or_can_t_be_sent_never_leaves(
    client: Client, samira: Phone, outbox: MemoryOutbox
) -> None:
    """Each has its outcome, and the ones behind it in the chat go on."""
    outbox.put(parcel(1001, "te laat", expires=NOW - timedelta(seconds=1)))
    outbox.put(parcel(1001, payload={"text": "?", "buttons": [[{"text": "Ja", "data": "x" * 65}]]}))
    outbox.put(parcel(1001, "op tijd", expires=NOW + timedelta(hours=1)))
    async with sending(client, outbox):
        await until(lambda: len(outbox.sent) == 3)
    assert outbox.outcomes == {1: [Outcome.EXPIRED], 2: [FAILED], 3: [SENT]}
    assert texts(samira) == ["op tijd"]


async def test_old_presses_and_vanished_messages_stop_nobody(
    client: Client, samira: Phone, outbox: MemoryOutbox
) -> None:
    """A press that is too old needs no answer any more; a message that is gone can't be changed."""
    outbox.put(parcel(1001, kind="acknowledge", payload={"press": "12345", "text": None}))
    outbox.put(parcel(1001, kind="amend", payload={"message": 999, "buttons": []}))
    outbox.put(parcel(1001, "verder"))
    async with sending(client, outbox):
        await until(lambda: len(outbox.sent) == 3)
    assert outbox.outcomes == {1: [SENT], 2: [FAILED], 3: [SENT]}
    assert texts(samira) == ["verder"]


async def test_something_for_later_leaves_at_its_moment(
    client: Client, samira: Phone, outbox: MemoryOutbox
) -> None:
    """Without a nudge, as soon as its moment has come and not before."""
    moment = outbox.clock() + timedelta(seconds=0.3)
    outbox.put(parcel(1001, "straks", not_before=moment))
    async with sending(client, outbox):
        await until(lambda: len(outbox.sent) == 1)
    assert texts(samira) == ["straks"]
    assert moment <= outbox.clock() < moment + timedelta(seconds=0.5)


async def test_results_survive_a_store_that_fails(
    client: Client, samira: Phone, outbox: MemoryOutbox
) -> None:
    """While the database is locked nothing is sent again, and the result is stored afterwards."""
    outbox.failures = 1
    outbox.put(parcel(1001, "een"))
    async with sending(client, outbox):
        await until(lambda: len(outbox.sent) == 1)
    assert (texts(samira), outbox.outcomes) == (["een"], {1: [SENT]})


async def test_stopping_finishes_what_is_underway_and_hands_back_the_rest(
    client: Client, simulator: Simulator, world: World, outbox: MemoryOutbox
) -> None:
    """Every claimed parcel has an outcome when it ends: sent, or waiting for the next start."""
    simulator.faults = Faults([Fault(kind=FaultKind.DELAY, method="sendMessage", probability=1, seconds=0.3)])
    for chat in people(world, 20):
        outbox.put(parcel(chat))
    async with sending(client, outbox, Pace(rate=20)):
        await until(lambda: len(outbox.sending) > 2)
    outcomes = [sent.outcome for sent in outbox.sent]
    assert outbox.sending == {}
    assert set(outcomes) == {SENT, WAIT}
    assert outcomes.count(SENT) == len(arrivals(world))
    assert len(outbox.waiting) + outcomes.count(SENT) == 20


async def test_stopping_gives_up_on_a_call_that_hangs(
    simulator: Simulator, samira: Phone, outbox: MemoryOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the grace it counts as unknown: it may have arrived."""
    monkeypatch.setattr("bot.telegram.sender._GRACE", 0.1)
    simulator.faults = fault(FaultKind.HANG, 1, after=True)
    outbox.put(parcel(1001, "een"))
    async with Client(TOKEN, api_url=simulator.url) as client, sending(client, outbox):
        await until(lambda: texts(samira) == ["een"])
    assert outbox.outcomes == {1: [Outcome.UNKNOWN]}
