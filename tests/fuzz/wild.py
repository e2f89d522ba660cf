"""A server that answers getUpdates with whatever comes to its mind, and everything else with a yes."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fuzz.nasty import CANARY, DEEP
from tests.fuzz.shapes import encode

_HEAD, _TAIL = b'{"ok":true,"result":[', b"]}"
_PAGES = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"<html>502 KANARIE-c41d</html>",
    b'{"ok":true}',
    b'{"ok":true,"result":',
)
_RESULTS = (b"null", b"true", b"7", b'"KANARIE-c41d"', b"{}", b'{"update_id":1}', b"[[]]", b'[null,7,"x",{}]')


@dataclass(frozen=True, slots=True)
class Answer:
    """What getUpdates answers; `good` is a chat whose answer is waited for."""

    body: bytes
    status: int = 200
    good: int | None = None


@dataclass(slots=True)
class Wild:
    """The server: what it will answer, and when it handed over a good update and heard of it again."""

    answers: deque[Answer] = field(default_factory=deque)
    handed: dict[int, float] = field(default_factory=dict)
    heard: asyncio.Queue[tuple[int, float]] = field(default_factory=asyncio.Queue)
    url: str = ""
    _more: asyncio.Event = field(default_factory=asyncio.Event)
    _sent: int = 0

    def put(self, answer: Answer) -> None:
        """Answer the next getUpdates so."""
        self.handed.clear()
        self.answers.append(answer)
        self._more.set()

    async def call(self, request: web.Request) -> web.Response:
        """Answer one call."""
        if request.match_info["method"] == "getUpdates":
            return await self._updates()
        if request.match_info["method"] == "sendMessage":
            is_json = request.content_type == "application/json"
            params: Any = await (request.json() if is_json else request.post())
            chat = int(params["chat_id"])
            self.heard.put_nowait((chat, time.monotonic()))
        self._sent += 1
        return web.json_response({"ok": True, "result": {"message_id": self._sent}})

    async def _updates(self) -> web.Response:
        if not self.answers:
            self._more.clear()
            await self._more.wait()
        answer = self.answers.popleft()
        if answer.good is not None:
            self.handed[answer.good] = time.monotonic()
        return web.Response(body=answer.body, status=answer.status, content_type="application/json")


@asynccontextmanager
async def serving() -> AsyncIterator[Wild]:
    """Serve during the block."""
    wild = Wild()
    application = web.Application()
    application.router.add_route("*", "/bot{token}/{method}", wild.call)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    wild.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield wild
    finally:
        wild.put(Answer(_HEAD + _TAIL))
        await runner.cleanup()


def garbled(chance: random.Random, updates: list[Any]) -> Answer:
    """Make an answer that holds these updates, or what is left of it."""
    body = _HEAD + b",".join(encode(update) for update in updates) + _TAIL
    match chance.randrange(12):
        case 0:
            return Answer(body[: chance.randrange(len(body))])
        case 1:
            at = chance.randrange(len(body))
            return Answer(body[:at] + chance.randbytes(3) + body[at + 3 :])
        case 2:
            return Answer(b'{"ok":true,"result":' + chance.choice(_RESULTS) + b"}")
        case 3:
            return Answer(chance.choice(_PAGES), chance.choice((200, 200, 400, 500, 502)))
        case 4:
            return Answer(_HEAD + encode({"update_id": -1, CANARY: DEEP}) + b"," + body[len(_HEAD) :])
        case _:
            return Answer(body)


def good(number: int, person: dict[str, Any], stamp: int) -> Answer:
    """Make an answer with one update, as a person's app brings it about."""
    chat = {"id": person["id"], "type": "private", "first_name": person["first_name"]}
    message = {
        "message_id": number % 2**31,
        "date": stamp,
        "chat": chat,
        "from": person,
        "text": "Het ging goed",
    }
    update = {"update_id": number, "message": message}
    return Answer(json.dumps({"ok": True, "result": [update]}).encode(), good=person["id"])
