"""The webhook: nothing is stored without the secret, and nothing is confirmed before it is stored."""

import asyncio
import io
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from bot.telegram.announcing import Announcer
from bot.telegram.client import Client
from bot.telegram.poller import ALLOWED_UPDATES
from bot.telegram.webhook import LARGEST_BODY, CannotListen, Webhook
from tests.telegram.conftest import MemoryInbox, PlainServer, until

SECRET = "Xq7-tr_9"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
WORDS = "de directeur huilde"
UPDATE = {"update_id": 7, "message": {"message_id": 1, "chat": {"id": 1001}, "text": WORDS}}


class Telegram:
    """Telegram's end: posts to the webhook, with the secret unless told otherwise."""

    def __init__(self, session: ClientSession, webhook: Webhook, root: str) -> None:
        self.session, self.webhook, self.root = session, webhook, root

    async def bring(
        self, body: Any, *, secret: str | None = SECRET, path: str = "/hook", method: str = "POST"
    ) -> int:
        headers = {} if secret is None else {HEADER: secret}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = self.session.request(method, self.root + path, data=io.BytesIO(data), headers=headers)
        async with request as answer:
            assert await answer.read() == b""
            return answer.status


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
async def telegram(inbox: MemoryInbox) -> AsyncIterator[Telegram]:
    webhook = Webhook(inbox, url="https://school.example/hook", secret=SECRET)
    listen = f"127.0.0.1:{free_port()}"
    async with webhook.serving(listen), ClientSession() as session:
        yield Telegram(session, webhook, f"http://{listen}")


async def test_an_update_is_confirmed_once_it_is_stored(telegram: Telegram, inbox: MemoryInbox) -> None:
    """200 comes after the commit and not before (docs/trust.md, 1 and 14)."""
    inbox.gate.clear()
    bringing = asyncio.create_task(telegram.bring(UPDATE))
    await until(lambda: inbox.asked != [])
    assert not bringing.done()
    inbox.gate.set()
    assert await bringing == 200
    assert {number: json.loads(raw) for number, raw in inbox.stored.items()} == {7: UPDATE}


@pytest.mark.parametrize(
    "how",
    [
        {"secret": None},
        {"secret": ""},
        {"secret": SECRET[:-1]},
        {"secret": SECRET + "x"},
        {"secret": SECRET.lower()},
        {"secret": "geh\xe9im"},
        {"path": "/"},
        {"path": "/hook/"},
        {"path": "/hook2"},
        {"method": "PUT"},
        {"method": "GET"},
    ],
)
async def test_who_does_not_know_secret_and_path_gets_one_and_the_same_answer(
    telegram: Telegram, inbox: MemoryInbox, how: dict[str, str]
) -> None:
    """404 without a word, and nothing is stored (docs/trust.md, 14)."""
    assert await telegram.bring(UPDATE, **how) == 404
    assert inbox.asked == []


async def test_nothing_is_read_of_a_body_that_comes_without_the_secret(
    telegram: Telegram, inbox: MemoryInbox
) -> None:
    """The refusal comes while a large body is still on its way (docs/trust.md, 14)."""
    reader, writer = await asyncio.open_connection(*telegram.root.removeprefix("http://").split(":"))
    writer.write(b"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{")
    status = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    assert status == b"HTTP/1.1 404 Not Found\r\n"
    assert inbox.asked == []


@pytest.fixture
def too_much() -> bytes:
    text = "a" * (LARGEST_BODY + 1)
    return json.dumps(UPDATE | {"more": text}).encode()


async def test_more_than_a_megabyte_is_refused(
    telegram: Telegram, inbox: MemoryInbox, too_much: bytes
) -> None:
    """Whether its size is told or not; exactly a megabyte is taken (docs/trust.md, 14)."""

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(too_much), 65536):
            yield too_much[start : start + 65536]

    headers = {HEADER: SECRET}
    assert await telegram.bring(too_much) == 413
    async with telegram.session.post(f"{telegram.root}/hook", data=in_pieces(), headers=headers) as answer:
        assert answer.status == 413
    assert inbox.asked == []
    fits = json.dumps(UPDATE | {"more": ""}).encode()
    assert await telegram.bring(fits[:-2] + b"a" * (LARGEST_BODY - len(fits)) + b'"}') == 200
    assert list(inbox.stored) == [7]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b"\xff\xfe", b'{"update_id": "7"}', b'"' * 9])
async def test_what_is_no_update_is_answered_and_counted(
    telegram: Telegram, inbox: MemoryInbox, body: bytes
) -> None:
    """Otherwise Telegram would bring it for ever."""
    assert await telegram.bring(body) == 200
    assert (inbox.asked, telegram.webhook.skipped) == ([], 1)


@pytest.mark.parametrize(
    "body",
    [
        b'{"update_id":7,"message":' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001,
        b'{"update_id":7,"message":{"text":"\xff\xfe"}}',
        b'{"update_id":7,"message":{"text":nee}}',
        b'{"update_id":7}',
    ],
)
async def test_what_has_a_number_is_kept_even_if_nobody_can_read_it(
    telegram: Telegram, inbox: MemoryInbox, body: bytes
) -> None:
    """Too deep, no text, no JSON: it is kept for whoever looks later (docs/trust.md, 10)."""
    assert await telegram.bring(body) == 200
    assert list(inbox.stored) == [7]


async def test_while_the_store_is_away_telegram_is_asked_to_come_again(
    telegram: Telegram, inbox: MemoryInbox
) -> None:
    """503, one line in the log for all of it, and no word of what was brought (docs/trust.md, 6 and 17)."""
    inbox.failures = 2
    with capture_logs() as lines:
        assert [await telegram.bring(UPDATE) for _ in range(3)] == [503, 503, 200]
    assert [line["state"] for line in lines] == ["updates can't be stored", "receiving"]
    assert WORDS not in str(lines)
    assert list(inbox.stored) == [7]


async def test_a_container_can_be_asked_whether_it_lives(telegram: Telegram) -> None:
    """/healthz has no content and asks for no secret."""
    assert await telegram.bring(b"", path="/healthz", method="GET", secret=None) == 200


async def test_an_address_in_use_is_told_in_one_line(inbox: MemoryInbox) -> None:
    """The line names the setting."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(CannotListen, match=f"can't listen on {listen} .* set STAGEBOT_LISTEN"):
            async with Webhook(inbox, url="https://a.example/b", secret=SECRET).serving(listen):
                pass


# ---- telling Telegram -----------------------------------------------------------------------------------

URL = "https://school.example/hook"


@asynccontextmanager
async def announcing(client: Client) -> AsyncIterator[None]:
    """Announce the webhook during the block."""
    announcer = Announcer(client, url=URL, secret=SECRET, first_pause=0.01)
    task = asyncio.create_task(announcer.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_telegram_is_told_where_to_bring_what(plain_client: Client, server: PlainServer) -> None:
    """With the secret and the kinds of updates wanted; nothing that waits is dropped."""
    server.answer("setWebhook", '{"ok":true,"result":true}')
    server.answer("getWebhookInfo", json.dumps({"ok": True, "result": {"url": URL}}))
    async with announcing(plain_client):
        await until(lambda: len(server.calls) == 2)
    method, params = server.calls[0]
    assert method == "setWebhook"
    assert params == {
        "url": URL,
        "secret_token": SECRET,
        "allowed_updates": ALLOWED_UPDATES,
        "max_connections": 40,
        "drop_pending_updates": False,
    }


async def test_a_webhook_that_somebody_took_away_is_set_again(
    plain_client: Client, server: PlainServer
) -> None:
    """As by another program that polls with this token."""
    server.answer("setWebhook", '{"ok":true,"result":true}')
    server.answer("getWebhookInfo", '{"ok":true,"result":{"url":""}}')
    with capture_logs() as lines:
        async with announcing(plain_client):
            await until(lambda: [method for method, _ in server.calls].count("setWebhook") == 2)
    assert [line["event"] for line in lines] == ["webhook.gone"]


async def test_an_address_that_telegram_does_not_take_is_told_and_tried_again(
    plain_client: Client, server: PlainServer
) -> None:
    """A name may not resolve for a while: the bot goes on with everything else."""
    refusal = {"ok": False, "error_code": 400, "description": "Bad Request: bad webhook: no such host"}
    server.answer("setWebhook", json.dumps(refusal), 400)
    server.answer("getWebhookInfo", json.dumps({"ok": True, "result": {"url": URL}}))
    with capture_logs() as lines:
        async with announcing(plain_client):
            await until(lambda: len(server.calls) == 3)
            server.answer("setWebhook", '{"ok":true,"result":true}')
            await until(lambda: server.calls[-1][0] == "getWebhookInfo")
            await until(lambda: len(lines) == 2)
    assert [line["state"] for line in lines] == ["Telegram does not take the address", "set"]
    assert SECRET not in str(lines)
