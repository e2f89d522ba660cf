"""Tokens, methods and parameters: what a call must look like."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.simulator.server import Simulator
from bot.simulator.transcript import Finding
from bot.simulator.world import Phone, World
from tests.simulator.conftest import TOKEN, Api


@pytest.fixture
async def lenient(world: World) -> AsyncIterator[Api]:
    """A simulator that lets pass what the real server ignores."""
    simulator = Simulator(world, token=TOKEN, strict=False)
    await simulator.start()
    async with ClientSession() as session:
        yield Api(session, simulator)
    await simulator.stop()


@pytest.mark.parametrize(
    ("path", "code", "text"),
    [
        ("/bot1:other/getMe", 401, "Unauthorized"),
        ("/botother/getMe", 404, "Not Found"),
        (f"/bot{TOKEN}/getMoney", 404, "Not Found: method not found"),
        (f"/bot{TOKEN}/sendPoll", 501, "Not Implemented: the simulator does not offer method sendPoll"),
    ],
)
async def test_wrong_addresses_are_refused(api: Api, path: str, code: int, text: str) -> None:
    """A wrong token, an unknown method, and one that only Telegram has."""
    async with api.session.get(f"{api.simulator.url}{path}") as response:
        assert response.status == code
        assert await response.json() == {"ok": False, "error_code": code, "description": text}


async def test_method_names_know_no_case(api: Api) -> None:
    """getme is getMe, as at the real server."""
    assert (await api.result("getme"))["is_bot"] is True


@pytest.mark.usefixtures("phone")
async def test_parameters_come_in_any_form(api: Api) -> None:
    """Query, urlencoded form, JSON: the same message."""
    markup = '{"inline_keyboard":[[{"text":"Ja","callback_data":"ja"}]]}'
    params = {"chat_id": "1001", "text": "Hoi é", "reply_markup": markup, "protect_content": "true"}
    async with api.session.get(f"{api.root}/sendMessage", params=params) as response:
        first = (await response.json())["result"]
    async with api.session.post(f"{api.root}/sendMessage", data=params) as response:
        second = (await response.json())["result"]
    third = await api.result("sendMessage", **params)
    assert first["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "ja"
    assert first["has_protected_content"] is True
    assert second == first | {"message_id": 3}
    assert third == first | {"message_id": 4}


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"chat_id"'])
async def test_a_body_that_is_no_json_object_is_refused(api: Api, body: bytes) -> None:
    """Broken JSON and JSON that holds no parameters."""
    headers = {"Content-Type": "application/json"}
    async with api.session.post(f"{api.root}/sendMessage", data=body, headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["description"] == "Bad Request: can't parse JSON object"


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize(
    ("method", "params", "text"),
    [
        ("sendMessage", {"text": "Hoi"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1001}, "message text is empty"),
        ("deleteMessage", {"chat_id": 1001}, "message identifier is not specified"),
        ("getFile", {}, "file_id not specified"),
        ("setMyCommands", {}, 'parameter "commands" is required'),
        ("sendChatAction", {"chat_id": 1001}, 'parameter "action" is required'),
        (
            "deleteMessage",
            {"chat_id": 1001, "message_id": "x"},
            'parameter "message_id" must be of type Integer',
        ),
        (
            "deleteMessage",
            {"chat_id": 1001, "message_id": True},
            'parameter "message_id" must be of type Integer',
        ),
        ("sendMessage", {"chat_id": 1001, "text": "x", "entities": "[{"}, "can't parse entities JSON object"),
        (
            "sendMessage",
            {"chat_id": 1001, "text": "x", "reply_parameters": {"message_id": "1"}},
            "can't parse reply_parameters.message_id: expected Integer",
        ),
    ],
)
async def test_missing_and_mistyped_parameters_are_refused(
    api: Api, method: str, params: dict[str, Any], text: str
) -> None:
    """Each names what is wrong."""
    assert await api.refusal(method, **params) == (400, f"Bad Request: {text}")


async def test_an_unknown_parameter_is_refused_and_noted(api: Api, world: World, phone: Phone) -> None:
    """The strict simulator stops a typing error the real server would swallow, also deep inside."""
    refusal = await api.refusal("sendMessage", chat_id=1001, text="x", disable_preview=True)
    text = "the Bot API has no such parameter"
    assert refusal == (400, f"Bad Request: strict simulator: {text}: disable_preview of sendMessage")
    markup = {"inline_keyboard": [[{"text": "Ja", "callback_data": "ja", "colour": "red"}]]}
    status, _ = await api.refusal("sendMessage", chat_id=1001, text="x", reply_markup=markup)
    assert status == 400
    assert len(phone.messages) == 1
    where = "reply_markup.inline_keyboard.colour"
    assert world.findings == [
        Finding(method="sendMessage", parameter="disable_preview", text=text),
        Finding(method="sendMessage", parameter=where, text="the Bot API has no such field"),
    ]


@pytest.mark.usefixtures("phone")
async def test_a_lenient_simulator_only_notes_it(lenient: Api, world: World) -> None:
    """The call is carried out as at the real server."""
    sent = await lenient.result("sendMessage", chat_id=1001, text="x", disable_preview=True)
    assert sent["text"] == "x"
    assert [finding.parameter for finding in world.findings] == ["disable_preview"]


@pytest.mark.usefixtures("phone")
async def test_a_parameter_that_is_not_served_is_refused(api: Api) -> None:
    """What the simulator would have to ignore in silence, it refuses."""
    refusal = await api.refusal("sendMessage", chat_id=1001, text="x", message_thread_id=3)
    assert refusal == (501, "Not Implemented: the simulator does not serve parameter message_thread_id")


@pytest.mark.usefixtures("phone")
async def test_the_transcript_tells_every_call(api: Api, world: World) -> None:
    """In order, with what the bot was told and whether it took effect."""
    await api.result("sendMessage", chat_id=1001, text="Hoi")
    await api.refusal("sendMessage", chat_id=1001, text="")
    await api.refusal("sendPoll")
    told = [
        (call.number, call.method, call.chat_id, call.ok, call.code, call.took_effect, call.message_id)
        for call in world.transcript
    ]
    assert told == [
        (1, "sendMessage", 1001, True, 200, True, 2),
        (2, "sendMessage", 1001, False, 400, False, None),
        (3, "sendPoll", None, False, 501, False, None),
    ]
    assert world.transcript[1].description == "Bad Request: message text is empty"
