"""PTB's extension point for HTTP, filled with aiohttp, telling exactly what is known about a failed request.

PTB's own mapping throws together 401 and 404, and 429 with 5xx; this one sorts every answer itself.
Errors are raised outside the `except` that caught aiohttp's: those hold the URL, and the URL holds the token.
"""

from __future__ import annotations

import json
from contextlib import AbstractAsyncContextManager
from functools import cache
from typing import Any

import aiohttp
from telegram.request import BaseRequest, RequestData

from bot.store.leading import clock
from bot.telegram.errors import (
    Ambiguous,
    BotApiError,
    Conflict,
    Gone,
    NeverSent,
    Refused,
    ServerError,
    TooLarge,
    TooMany,
    Unauthorized,
)

Seconds = float | None

_JSON = {"Content-Type": "application/json"}
# What Telegram says, with 400 or 403, when a person is lost for good.
_GONE = (
    "bot was blocked by the user",
    "user is deactivated",
    "chat not found",
    "bot can't initiate conversation",
    "peer_id_invalid",
    "bot was kicked",
)
# Every server knows these, so a 404 here speaks of the token: Telegram's answer to a malformed one.
_ALWAYS_THERE = ("getMe", "getUpdates", "deleteWebhook")


class AiohttpRequest(BaseRequest):
    """Carries PTB's requests over aiohttp. Timeouts in seconds; `connections` at the same time at most."""

    def __init__(
        self,
        *,
        connections: int,
        read_timeout: float,
        connect_timeout: float = 10.0,
        pool_timeout: float = 5.0,
        write_timeout: float = 20.0,
    ) -> None:
        self._connections = connections
        self._read, self._write = read_timeout, write_timeout
        self._connect, self._pool = connect_timeout, pool_timeout
        self._session: aiohttp.ClientSession | None = None
        self.told: tuple[str | None, float] | None = (
            None  # the last answer's Date, and when it came (seconds)
        )

    @property
    def read_timeout(self) -> Seconds:
        """Give the default read timeout, as PTB asks for it."""
        return self._read

    async def initialize(self) -> None:
        """Open the connection pool."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read a successful answer; PTB's own writes what it can't read to the log."""
        answer = _parsed(payload)
        if answer is None or answer.get("ok") is not True or "result" not in answer:
            raise ServerError("broken answer", payload)
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request and raise what a status other than 2xx means."""
        if self._session is None:
            raise NeverSent("not connected")
        timeout = _timeout(
            connect=_given(connect_timeout, self._connect),
            pool=_given(pool_timeout, self._pool),
            write=_given(write_timeout, self._write),
            read=_given(read_timeout, self._read),
        )
        request = self._session.request(
            method, url, data=_body(request_data), timeout=timeout, allow_redirects=False
        )
        return 200, await self._answer(request, url.rsplit("/", 1)[-1])

    async def post_json(self, url: str, body: bytes, read_timeout: float) -> Any:
        """Make a call whose parameters are JSON and give its result, without PTB's wrapping on the way."""
        if self._session is None:
            raise NeverSent("not connected")
        timeout = _timeout(connect=self._connect, pool=self._pool, write=self._write, read=read_timeout)
        request = self._session.post(url, data=body, headers=_JSON, timeout=timeout, allow_redirects=False)
        payload = await self._answer(request, url.rsplit("/", 1)[-1])
        return self.parse_json_payload(payload)["result"]

    async def _answer(
        self, request: AbstractAsyncContextManager[aiohttp.ClientResponse], method: str
    ) -> bytes:
        """Carry a request out and give the body of a 2xx answer; anything else is raised."""
        failure: BotApiError
        try:
            async with request as answer:
                self.told = answer.headers.get("Date"), clock()
                status, payload = answer.status, await answer.read()
        except (TimeoutError, OSError, aiohttp.ClientError) as error:
            failure = _lost(error)
        else:
            if 200 <= status <= 299:
                return payload
            failure = _refusal(method, status, payload)
        raise failure

    async def download(self, url: str, most: int, within: float) -> bytes:
        """Fetch a file of at most so many bytes within so many seconds. A redirect is not followed."""
        if self._session is None:
            raise NeverSent("not connected")
        timeout = aiohttp.ClientTimeout(total=within, sock_connect=self._connect)
        failure: BotApiError
        try:
            async with self._session.get(url, timeout=timeout, allow_redirects=False) as answer:
                status, payload = answer.status, await _at_most(answer.content, most)
        except (TimeoutError, OSError, aiohttp.ClientError) as error:
            failure = _lost(error)
        else:
            if status == 200 and len(payload) <= most:
                return payload
            failure = TooLarge("too large") if status == 200 else _refusal("", status, payload)
        raise failure


async def _at_most(content: aiohttp.StreamReader, most: int) -> bytes:
    """Read to the end, or until there is more than wanted."""
    held = bytearray()
    async for part in content.iter_any():
        held += part
        if len(held) > most:
            break
    return bytes(held)


def _given(value: object, default: Seconds) -> Seconds:
    """Take a timeout as PTB hands it over: seconds, None for no limit, or its marker for "the default"."""
    if value is None:
        return None
    return value if isinstance(value, int | float) else default


@cache
def _timeout(*, connect: Seconds, pool: Seconds, write: Seconds, read: Seconds) -> aiohttp.ClientTimeout:
    """Map PTB's four timeouts; aiohttp has none for writing, so that one only counts in the total."""
    waiting = None if connect is None or pool is None else connect + pool
    whole = None if waiting is None or write is None or read is None else waiting + write + read
    return aiohttp.ClientTimeout(total=whole, connect=waiting, sock_connect=connect, sock_read=read)


def _body(data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    if data is None:
        return None
    if not data.contains_files:
        return data.json_parameters
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _lost(error: Exception) -> BotApiError:
    """Tell a request that was never written from one of which nobody knows."""
    name = type(error).__name__
    match error:
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError() | aiohttp.InvalidURL():
            return NeverSent(name)
        case _:
            return Ambiguous(name)


def _refusal(method: str, status: int, payload: bytes) -> BotApiError:
    """Say what a status other than 2xx means; without Telegram's own JSON nothing is certain."""
    answer = _parsed(payload)
    description = str(answer.get("description", "")) if answer else ""
    if status == 429:
        return TooMany(_retry_after(answer))
    if answer is None or answer.get("ok") is not False or not 400 <= status <= 499:
        return ServerError(str(status), payload)
    if status == 401 or (status == 404 and method in _ALWAYS_THERE):
        return Unauthorized(str(status))
    if status == 409:
        return Conflict("409")
    if status == 403 or any(text in description.lower() for text in _GONE):
        return Gone(str(status))
    return Refused(status, description)


def _retry_after(answer: dict[str, Any] | None) -> int:
    parameters = answer.get("parameters") if answer else None
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return max(1, seconds) if isinstance(seconds, int) else 1


def _parsed(payload: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None
