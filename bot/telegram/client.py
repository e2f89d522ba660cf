"""The Bot API as one call: a method and its parameters in, the result as plain data out."""

from __future__ import annotations

import json
import logging
from types import TracebackType
from typing import Any, Self

from telegram import Bot, InputFile

from bot.telegram.errors import Ambiguous, BotApiError
from bot.telegram.transport import AiohttpRequest

TELEGRAM = "https://api.telegram.org"
_MOST_CONNECTIONS = 100


class Client:
    """The Bot API for one token and one server, with PTB's bot for files; use it as `async with`."""

    def __init__(self, token: str, *, api_url: str = TELEGRAM, read_timeout: float = 20.0) -> None:
        _silence_ptb()
        url = api_url.rstrip("/")
        self._read_timeout = read_timeout
        self._methods = f"{url}/bot{token}"
        self._files = f"{url}/file/bot{token}"
        self._polls = AiohttpRequest(connections=1, read_timeout=read_timeout)
        self._calls = AiohttpRequest(connections=_MOST_CONNECTIONS, read_timeout=read_timeout)
        self._bot = Bot(
            token,
            base_url=f"{url}/bot",
            base_file_url=f"{url}/file/bot",
            request=self._calls,
            get_updates_request=self._polls,
        )

    @property
    def read_timeout(self) -> float:
        """Give the seconds after which an answer is taken for lost."""
        return self._read_timeout

    def told(self) -> tuple[str | None, float] | None:
        """Give the Date of the last answer, and when that came (seconds, by `leading.clock`)."""
        found = [one.told for one in (self._polls, self._calls) if one.told is not None]
        return max(found, key=lambda told: told[1], default=None)

    async def __aenter__(self) -> Self:
        await self._polls.initialize()
        await self._calls.initialize()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._polls.shutdown()
        await self._calls.shutdown()

    async def call(self, method: str, params: dict[str, Any], *, read_timeout: float | None = None) -> Any:
        """Call a method and give its result, or raise a BotApiError that says what is known."""
        failure: BotApiError
        try:
            return await self._post(method, params, read_timeout or self._read_timeout)
        except BotApiError as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - whatever went wrong below, nobody knows what the server got
            failure = Ambiguous(type(error).__name__)
        failure.method = method
        raise failure

    async def _post(self, method: str, params: dict[str, Any], read_timeout: float) -> Any:
        """Send plain data as JSON; PTB makes a form of what holds a file (decision 23)."""
        if any(isinstance(value, InputFile) for value in params.values()):
            # PTB warns when a method exists on Bot too, and drops underscores on the way: hence the last one.
            return await self._bot.do_api_request(f"{method}_", api_kwargs=params, read_timeout=read_timeout)
        transport = self._polls if method == "getUpdates" else self._calls
        return await transport.post_json(
            f"{self._methods}/{method}", json.dumps(params).encode(), read_timeout
        )

    async def download(self, path: str, most: int, *, within: float = 60.0) -> bytes:
        """Fetch a file that getFile named, of at most so many bytes within so many seconds."""
        failure: BotApiError
        try:
            return await self._calls.download(f"{self._files}/{path}", most, within)
        except BotApiError as error:
            failure = error
        failure.method = "download"
        raise failure


def _silence_ptb() -> None:
    """Keep the token and all contents out of the log: PTB writes both at DEBUG."""
    logging.getLogger("telegram.Bot").addFilter(_drop)


def _drop(_record: logging.LogRecord) -> bool:
    return False
