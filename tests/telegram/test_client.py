"""Every way a call can end has an error of its own, and none of them tells a secret."""

import asyncio
import json
import socket
import traceback
from typing import Any

import pytest
from aiohttp import web
from telegram import InputFile

from bot.simulator.faults import Fault, FaultKind, Faults
from bot.simulator.server import Simulator
from bot.simulator.world import Phone
from bot.telegram.client import Client
from bot.telegram.errors import (
    Ambiguous,
    BotApiError,
    Conflict,
    Gone,
    NeverSent,
    Refused,
    ServerError,
    TooMany,
    Unauthorized,
)
from tests.telegram.conftest import TOKEN, PlainServer

SEND = {"chat_id": 1001, "text": "Hoi"}


def refusal(code: int, description: str, **parameters: Any) -> str:
    """What the Bot API says when it says no."""
    answer = {"ok": False, "error_code": code, "description": description}
    return json.dumps(answer | ({"parameters": parameters} if parameters else {}))


async def failure(client: Client, method: str = "sendMessage", **params: Any) -> BotApiError:
    """Make a call that fails, and give its error."""
    with pytest.raises(BotApiError) as caught:
        await client.call(method, params or SEND)
    return caught.value


async def test_a_call_gives_plain_data(client: Client, samira: Phone) -> None:
    """The result is the dict that the server sent, with numbers and nested objects as they are."""
    markup = {"inline_keyboard": [[{"text": "Ja", "callback_data": "a:1"}]]}
    result = await client.call("sendMessage", SEND | {"reply_markup": markup})
    assert (result["chat"]["id"], result["text"], result["reply_markup"]) == (1001, "Hoi", markup)
    assert samira.messages[-1]["text"] == "Hoi"


async def test_a_file_goes_as_multipart(client: Client, samira: Phone) -> None:
    """A document arrives with its name and all of its bytes."""
    document = InputFile(b"a;b\n1;2\n", filename="overzicht.csv")
    await client.call("sendDocument", {"chat_id": 1001, "document": document, "caption": "Hier"})
    assert samira.messages[-1]["document"] == {"file_name": "overzicht.csv", "size": 8}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, refusal(400, "Bad Request: message text is empty"), Refused),
        (404, refusal(404, "Not Found: method not found"), Refused),
        (413, refusal(413, "Request Entity Too Large"), Refused),
        (400, refusal(400, "Bad Request: chat not found"), Gone),
        (400, refusal(400, "Bad Request: PEER_ID_INVALID"), Gone),
        (403, refusal(403, "Forbidden: bot was blocked by the user"), Gone),
        (403, refusal(403, "Forbidden: user is deactivated"), Gone),
        (403, refusal(403, "Forbidden: bot can't initiate conversation with a user"), Gone),
        (403, "<html>blocked by the school's proxy</html>", ServerError),
        (401, refusal(401, "Unauthorized"), Unauthorized),
        (409, refusal(409, "Conflict: terminated by other getUpdates request"), Conflict),
        (429, refusal(429, "Too Many Requests: retry after 7", retry_after=7), TooMany),
        (429, refusal(429, "Too Many Requests: retry after 0", retry_after=0), TooMany),
        (429, "<html>slow down</html>", TooMany),
        (500, refusal(500, "Internal Server Error"), ServerError),
        (502, "<html>Bad Gateway</html>", ServerError),
        (302, "", ServerError),
        (200, '{"ok":true,"result":{"mess', ServerError),
        (200, "<html>log in to the guest network</html>", ServerError),
        (200, '{"ok":true}', ServerError),
        (200, "[]", ServerError),
        (200, '{"ok":false,"result":{}}', ServerError),
        (200, "[" * 5000, ServerError),
    ],
)
async def test_every_answer_has_its_error(
    server: PlainServer, plain_client: Client, status: int, body: str, kind: type[BotApiError]
) -> None:
    """Status and body together say what is known; a body that is not the Bot API's says nothing."""
    server.answer("sendMessage", body, status)
    assert type(await failure(plain_client)) is kind


async def test_a_malformed_token_is_told_from_an_unknown_method(simulator: Simulator) -> None:
    """Both are 404 at Telegram; every server knows getMe, so there it is the token."""
    async with Client("nonsense", api_url=simulator.url) as client:
        error = await failure(client, "getMe", offset=0)
    assert type(error) is Unauthorized


@pytest.mark.parametrize(("told", "seconds"), [(7, 7), (0, 1), (-3, 1), ("7", 1), (None, 1)])
async def test_too_many_tells_how_long(
    server: PlainServer, plain_client: Client, told: object, seconds: int
) -> None:
    """retry_after counts in whole seconds, one at least, whatever the server makes of it."""
    server.answer("sendMessage", refusal(429, "Too Many Requests", retry_after=told), 429)
    error = await failure(plain_client)
    assert isinstance(error, TooMany)
    assert error.retry_after == seconds


async def test_a_refused_connection_was_never_written() -> None:
    """Nobody listens on the port: nothing can have been sent."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with Client(TOKEN, api_url=f"http://127.0.0.1:{taken.getsockname()[1]}") as client:
            assert type(await failure(client)) is NeverSent


async def test_an_unknown_host_was_never_written() -> None:
    """A name that does not resolve: nothing can have been sent."""
    async with Client(TOKEN, api_url="http://nowhere.invalid") as client:
        assert type(await failure(client)) is NeverSent


async def test_a_closed_client_never_writes(simulator: Simulator) -> None:
    """After closing, a call says so and does not reach the server."""
    async with Client(TOKEN, api_url=simulator.url) as client:
        pass
    assert type(await failure(client)) is NeverSent
    assert list(simulator.world.transcript) == []


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.HANG])
async def test_a_lost_answer_is_ambiguous(
    simulator: Simulator, samira: Phone, kind: FaultKind, after: bool
) -> None:
    """Reset or silence after writing: the caller can't know whether it took effect, and it may have."""
    simulator.faults = Faults([Fault(kind=kind, method="sendMessage", calls=frozenset({1}), after=after)])
    async with Client(TOKEN, api_url=simulator.url, read_timeout=0.2) as client:
        assert type(await failure(client)) is Ambiguous
    assert len(samira.messages) == (2 if after else 1)


@pytest.mark.parametrize("kind", [FaultKind.TRUNCATED, FaultKind.BROKEN])
async def test_half_an_answer_is_ambiguous(
    simulator: Simulator, client: Client, samira: Phone, kind: FaultKind
) -> None:
    """The message arrived although the answer to it can't be read."""
    simulator.faults = Faults([Fault(kind=kind, method="sendMessage", calls=frozenset({1}))])
    assert isinstance(await failure(client), Ambiguous)
    assert len(samira.messages) == 2


async def test_something_that_is_no_http_is_ambiguous() -> None:
    """A server that answers in another language has read the request all the same."""

    async def gibberish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(gibberish, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        async with Client(TOKEN, api_url=f"http://127.0.0.1:{port}") as client:
            assert type(await failure(client)) is Ambiguous


async def test_no_error_tells_the_token_a_text_or_a_description(
    server: PlainServer, plain_client: Client
) -> None:
    """Whatever is printed of an error, its causes included, holds neither secrets nor what people wrote."""

    async def hang(_request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    server.answer("sendMessage", refusal(400, "Bad Request: can't parse GEHEIM"), 400)
    server.answer("editMessageText", "GEHEIM")
    server.handlers["deleteMessage"] = hang
    errors = [
        await failure(plain_client, method, chat_id=1001, text="GEHEIM")
        for method in ("sendMessage", "editMessageText", "deleteMessage")
    ]
    async with Client(TOKEN, api_url="http://127.0.0.1:1") as unreachable:
        errors.append(await failure(unreachable, text="GEHEIM"))
    async with Client(TOKEN, api_url="http://[broken") as wrong:
        errors.append(await failure(wrong, text="GEHEIM"))
    told = "\n".join("".join(traceback.format_exception(error)) + repr(error) for error in errors)
    assert [word for word in (TOKEN, "SIMULATED", "GEHEIM", "1001") if word in told] == []
    assert [str(error) for error in errors[:2]] == ["sendMessage: 400", "editMessageText: broken answer"]
    assert [(error.__cause__, error.__context__) for error in errors] == [(None, None)] * 5
