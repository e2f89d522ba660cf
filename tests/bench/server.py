"""A Bot API server that does next to nothing, so that what is measured is the bot.

It hands out prepared updates as Telegram does (long poll, a limit, forgotten once the offset passed them),
answers every send with the same prepared message, and refuses with 429 beyond a number in any one second.
The bench tells it on standard input, one JSON object a line, what to do next; it answers on standard output.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any, cast

import uvloop

from tests.bench.updates import FIRST_UPDATE

MOST = 100  # updates in one answer of getUpdates
ME = b'{"id":1,"is_bot":true,"first_name":"Bench","username":"bench_bot"}'
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_NUMBER = {
    name: re.compile(name + rb"\D{1,8}?(-?\d+)") for name in (b"offset", b"limit", b"timeout", b"chat_id")
}


def number(name: bytes, body: bytes, default: int) -> int:
    """Find a number in a body, whether it is JSON or a form."""
    found = _NUMBER[name].search(body)
    return int(found[1]) if found else default


class Telegram:
    """What the server knows: which updates wait, and what was sent when."""

    def __init__(self, updates: list[bytes], *, a_second: int, latency: float) -> None:
        self._updates = updates
        self._a_second, self._latency = a_second, latency
        self._there = self._confirmed = self._shown = 0
        self._news = asyncio.Event()
        self._window: deque[float] = deque()
        self._targets: list[int] = []
        self.handed: list[float] = []  # when each update was first handed out
        self.sent: list[tuple[float, int, bool]] = []  # when, to which chat, whether it was accepted
        self.accepted = 0
        self._polled = False

    def release(self, count: int) -> None:
        """Let so many more updates wait to be fetched."""
        self._there = min(self._there + count, len(self._updates))
        self._news.set()

    def tell(self, sent: int) -> None:
        """Say so once this many messages were accepted."""
        self._targets.append(sent)
        self._reach()

    async def answer(self, method: str, body: bytes) -> tuple[int, bytes]:
        """Give status and body of an answer."""
        if method == "sendmessage":
            return await self._send(number(b"chat_id", body, 0))
        if method == "getupdates":
            return 200, await self._fetch(body)
        return 200, b'{"ok":true,"result":%s}' % (ME if method == "getme" else b"true")

    async def _send(self, chat: int) -> tuple[int, bytes]:
        now = time.monotonic()
        accepted = self._has_room(now)
        self.sent.append((now, chat, accepted))
        if self._latency:
            await asyncio.sleep(self._latency)
        if not accepted:
            return 429, (
                b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1",'
                b'"parameters":{"retry_after":1}}'
            )
        self.accepted += 1
        self._reach()
        return 200, (
            b'{"ok":true,"result":{"message_id":%d,"from":%s,"chat":{"id":%d,"first_name":"A",'
            b'"type":"private"},"date":1789000000,"text":"Opgeslagen."}}' % (len(self.sent), ME, chat)
        )

    def _has_room(self, now: float) -> bool:
        if not self._a_second:
            return True
        while self._window and self._window[0] <= now - 1.0:
            self._window.popleft()
        if len(self._window) >= self._a_second:
            return False
        self._window.append(now)
        return True

    async def _fetch(self, body: bytes) -> bytes:
        if not self._polled:
            self._polled = True
            say({"event": "polled", "at": time.monotonic()})
        self._confirmed = max(self._confirmed, number(b"offset", body, 0) - FIRST_UPDATE)
        if self._confirmed >= self._there:
            await self._wait(number(b"timeout", body, 0))
        until = min(self._there, self._confirmed + min(number(b"limit", body, MOST), MOST))
        self.handed += [time.monotonic()] * (until - len(self.handed))
        return b'{"ok":true,"result":[%s]}' % b",".join(self._updates[self._confirmed : until])

    async def _wait(self, seconds: float) -> None:
        self._news.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            pass

    def _reach(self) -> None:
        while self._targets and self.accepted >= self._targets[0]:
            say({"event": "sent", "count": self._targets.pop(0), "at": time.monotonic()})


class Connection(asyncio.Protocol):
    """Just enough HTTP for clients that name the length of what they send."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._answering: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers go."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is no subclass

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._buffer, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < whole:
                return
            head, body = self._buffer[:end], self._buffer[end + 4 : whole]
            self._buffer = self._buffer[whole:]
            path = head.split(b" ", 2)[1].decode()
            self._begin(path.rsplit("/", 1)[-1].rstrip("_").lower(), body)

    def connection_lost(self, _error: Exception | None) -> None:
        """End what was still to be answered."""
        for task in self._answering:
            task.cancel()

    def _begin(self, method: str, body: bytes) -> None:
        task = asyncio.get_running_loop().create_task(self._answer(method, body))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, method: str, body: bytes) -> None:
        status, content = await self._telegram.answer(method, body)
        assert self._transport is not None
        self._transport.write(
            b"HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            % (status, b"OK" if status == 200 else b"Too Many Requests", len(content))
            + content
        )


def say(event: dict[str, Any]) -> None:
    """Tell the bench something."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


async def _obey(telegram: Telegram) -> None:
    """Do what the bench asks, until it hangs up."""
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        match json.loads(line):
            case {"do": "release", "count": count}:
                telegram.release(count)
            case {"do": "release_after", "seconds": moments}:
                for moment in moments:
                    loop.call_later(moment, telegram.release, 1)
            case {"do": "tell", "sent": sent}:
                telegram.tell(sent)
            case {"do": "report"}:
                say({"event": "report", "handed": telegram.handed, "sent": telegram.sent})


async def serve(updates: list[bytes], *, a_second: int, latency: float) -> None:
    """Serve these updates, each a JSON object."""
    telegram = Telegram(updates, a_second=a_second, latency=latency)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(telegram), "127.0.0.1", 0)
    say({"event": "up", "port": server.sockets[0].getsockname()[1]})
    await _obey(telegram)
    server.close()


def main() -> None:
    """Serve: FILE, sends allowed in a second (0: any), seconds until a send is answered."""
    file, a_second, latency = sys.argv[1:]
    uvloop.run(serve(Path(file).read_bytes().splitlines(), a_second=int(a_second), latency=float(latency)))


if __name__ == "__main__":
    main()
