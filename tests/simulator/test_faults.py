"""Faults on demand, as a bot meets them over HTTP."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientError, ClientSession

from bot.simulator.faults import Fault, FaultKind, Faults
from bot.simulator.server import Simulator
from bot.simulator.world import Phone, World
from tests.simulator.conftest import Api, until

FIRST = frozenset({1})


@pytest.fixture
async def broken(api: Api) -> AsyncIterator[Api]:
    """A client that keeps no connection: one that breaks is not tried again behind the test's back."""
    async with ClientSession(headers={"Connection": "close"}) as session:
        yield Api(session, api.simulator)


def texts(phone: Phone) -> list[str]:
    """Give the texts on the phone."""
    return [message["text"] for message in phone.messages]


def plan(kind: FaultKind, *, after: bool = False, seconds: float = 1.0) -> Faults:
    """Plan one fault for the first sendMessage."""
    fault = Fault(kind=kind, method="sendMessage", calls=FIRST, after=after, seconds=seconds)
    return Faults([fault])


@pytest.mark.parametrize("after", [False, True])
async def test_a_500_comes_before_or_after_the_deed(
    api: Api, simulator: Simulator, world: World, phone: Phone, after: bool
) -> None:
    """The bot is told 500 both ways; the transcript says what happened in truth."""
    simulator.faults = plan(FaultKind.SERVER_ERROR, after=after)
    assert await api.refusal("sendMessage", chat_id=1001, text="Hoi") == (500, "Internal Server Error")
    assert texts(phone) == ["/start", *["Hoi"] * after]
    (call,) = world.transcript
    assert (call.ok, call.code, call.took_effect) == (False, 500, after)


async def test_a_429_can_be_planned(api: Api, simulator: Simulator, phone: Phone) -> None:
    """It carries the seconds of the plan and sends nothing; the next call is untouched."""
    simulator.faults = plan(FaultKind.TOO_MANY, seconds=7)
    _, answer = await api.answer("sendMessage", chat_id=1001, text="Hoi")
    assert answer["parameters"] == {"retry_after": 7}
    await api.result("sendMessage", chat_id=1001, text="Hoi")
    assert texts(phone) == ["/start", "Hoi"]


async def test_a_502_is_a_page_of_html(api: Api, simulator: Simulator, phone: Phone) -> None:
    """As from the proxy in front of the real server."""
    simulator.faults = plan(FaultKind.BAD_GATEWAY)
    params = {"chat_id": 1001, "text": "Hoi"}
    async with api.session.post(f"{api.root}/sendMessage", json=params) as response:
        assert (response.status, response.content_type) == (502, "text/html")
        assert "502 Bad Gateway" in await response.text()
    assert texts(phone) == ["/start"]


@pytest.mark.parametrize("after", [False, True])
async def test_a_page_of_html_can_come_with_status_200(
    api: Api, simulator: Simulator, world: World, phone: Phone, after: bool
) -> None:
    """As from a network that wants a sign-in, or a proxy: before the deed, or in place of its answer."""
    simulator.faults = plan(FaultKind.PAGE, after=after)
    params = {"chat_id": 1001, "text": "Hoi"}
    async with api.session.post(f"{api.root}/sendMessage", json=params) as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert "<html>" in await response.text()
    assert texts(phone) == ["/start", *["Hoi"] * after]
    (call,) = world.transcript
    assert (call.ok, call.code, call.took_effect) == (None, None, after)
    assert call.fault == ("page after" if after else "page")


@pytest.mark.parametrize("after", [False, True])
async def test_a_reset_comes_before_or_after_the_deed(
    broken: Api, simulator: Simulator, world: World, phone: Phone, after: bool
) -> None:
    """The connection goes without an answer."""
    simulator.faults = plan(FaultKind.RESET, after=after)
    with pytest.raises(ClientError):
        await broken.answer("sendMessage", chat_id=1001, text="Hoi")
    assert texts(phone) == ["/start", *["Hoi"] * after]
    (call,) = world.transcript
    assert (call.ok, call.took_effect) == (None, after)
    assert call.fault == ("reset after" if after else "reset")


async def test_an_answer_can_be_cut_off(broken: Api, simulator: Simulator, phone: Phone) -> None:
    """The message is sent, the connection closes in the middle of the answer."""
    simulator.faults = plan(FaultKind.TRUNCATED)
    with pytest.raises(ClientError):
        await broken.answer("sendMessage", chat_id=1001, text="Hoi")
    assert texts(phone) == ["/start", "Hoi"]


async def test_an_answer_can_be_broken_json(api: Api, simulator: Simulator, phone: Phone) -> None:
    """The message is sent, the answer is complete but can't be read."""
    simulator.faults = plan(FaultKind.BROKEN)
    with pytest.raises(ValueError, match="delimiter"):
        await api.answer("sendMessage", chat_id=1001, text="Hoi")
    assert texts(phone) == ["/start", "Hoi"]


@pytest.mark.usefixtures("phone")
async def test_a_delay_ends_well(api: Api, simulator: Simulator, world: World) -> None:
    """Only late, nothing else."""
    simulator.faults = plan(FaultKind.DELAY, seconds=0.01)
    await api.result("sendMessage", chat_id=1001, text="Hoi")
    (call,) = world.transcript
    assert (call.ok, call.took_effect, call.fault) == (True, True, "delay")


@pytest.mark.parametrize("after", [False, True])
async def test_a_hanging_call_ends_with_the_server(
    broken: Api, simulator: Simulator, world: World, phone: Phone, after: bool
) -> None:
    """No answer comes, before or after the deed; a stop of the simulator does not wait for it."""
    simulator.faults = plan(FaultKind.HANG, after=after)
    call = asyncio.create_task(broken.answer("sendMessage", chat_id=1001, text="Hoi"))
    await until(lambda: len(world.transcript) == 1)
    assert texts(phone) == ["/start", *["Hoi"] * after]
    await simulator.stop()
    with pytest.raises(ClientError):
        await call


async def test_confirmed_updates_can_come_again(api: Api, simulator: Simulator, phone: Phone) -> None:
    """What the bot confirmed is handed out once more, before what is new."""
    first = (await api.updates())[0]["update_id"]
    phone.text("nieuw")
    simulator.faults = Faults([Fault(kind=FaultKind.AGAIN, calls=FIRST)])
    again = await api.updates(offset=first + 1)
    assert [update["message"]["text"] for update in again] == ["/start", "nieuw"]
    assert [u["message"]["text"] for u in await api.updates(offset=first + 1)] == ["nieuw"]


async def test_updates_can_come_in_another_order(api: Api, simulator: Simulator, phone: Phone) -> None:
    """The same updates, not in the order of their numbers."""
    for number in range(9):
        phone.text(str(number))
    simulator.faults = Faults([Fault(kind=FaultKind.SHUFFLED, calls=FIRST)], seed=1)
    shuffled, ordered = await api.updates(), await api.updates()
    assert shuffled != ordered
    assert sorted(shuffled, key=lambda update: update["update_id"]) == ordered


def test_the_same_seed_gives_the_same_faults() -> None:
    """A plan by probability can be repeated, and strikes about as often as it says."""
    faults = [Fault(kind=FaultKind.RESET, probability=0.25)]

    def strikes(seed: int) -> list[bool]:
        plan = Faults(faults, seed=seed)
        return [plan.strike("sendMessage") is not None for _ in range(1000)]

    assert strikes(1) == strikes(1)
    assert strikes(1) != strikes(2)
    assert 200 < sum(strikes(1)) < 300


def test_a_fault_strikes_its_method_only() -> None:
    """Calls are counted per method; faults of updates never strike another method."""
    second = Fault(kind=FaultKind.RESET, method="sendMessage", calls=frozenset({2}))
    again = Fault(kind=FaultKind.AGAIN, probability=1.0)
    plan = Faults([second, again])
    struck = [plan.strike(name) for name in ("sendMessage", "getMe", "getUpdates", "sendMessage", "getMe")]
    assert struck == [None, None, again, second, None]
