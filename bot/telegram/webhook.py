"""Takes updates that Telegram brings: docs/trust.md, 14.

Nothing is read of a request that does not know the secret, and nothing is answered that tells why it was
refused. 200 is only said once the update is stored: until then Telegram comes again.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.telegram.fetched import Fetched, salvage, sort_out
from bot.telegram.ports import Inbox, to_the_end

LARGEST_BODY = 2**20  # bytes
HEALTH = "/healthz"
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_LONGEST_READ = 20.0  # seconds in which a body must have come
_LONGEST_END = 4.0  # seconds that stopping waits for what is underway

_log = structlog.get_logger(__name__)


class CannotListen(Exception):
    """The address of the webhook can't be listened on."""

    def __init__(self, listen: str, why: str | None) -> None:
        super().__init__(f"can't listen on {listen} for the webhook: {why}; set STAGEBOT_LISTEN")


class Webhook:
    """The bot's own small web server: updates on one path, /healthz for who keeps it running."""

    def __init__(self, inbox: Inbox, *, url: str, secret: str) -> None:
        self._inbox = inbox
        self._path = urlsplit(url).path
        self._secret = secret.encode()
        self._state = ""
        self.skipped = 0

    @asynccontextmanager
    async def serving(self, listen: str) -> AsyncIterator[None]:
        """Listen on host:port for as long as this is open; raise CannotListen where that can't be."""
        host, _, port = listen.rpartition(":")
        application = web.Application(client_max_size=LARGEST_BODY)
        application.add_routes([web.get(HEALTH, self._healthy), web.route("*", "/{anything:.*}", self._take)])
        # A body is taken as it comes: what unpacks to more than it seems has no place here.
        runner = web.AppRunner(
            application,
            access_log=None,
            auto_decompress=False,
            shutdown_timeout=_LONGEST_END,
            keepalive_timeout=75,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        except OSError as error:
            await runner.cleanup()
            raise CannotListen(listen, error.strerror) from error
        try:
            yield
        finally:
            await runner.cleanup()

    async def _healthy(self, _request: web.Request) -> web.Response:
        return web.Response()

    async def _take(self, request: web.Request) -> web.Response:
        if not self._is_telegram(request):
            return _refused(404)
        if (request.content_length or 0) > LARGEST_BODY:
            return _refused(413)
        try:
            async with asyncio.timeout(_LONGEST_READ):
                body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _refused(413)
        except TimeoutError:
            return _refused(408)
        return web.Response(status=await self._keep(body))

    def _is_telegram(self, request: web.Request) -> bool:
        given = request.headers.get(_SECRET, "").encode("utf-8", "surrogateescape")
        knows = hmac.compare_digest(given, self._secret)
        return knows and request.method == "POST" and request.path == self._path

    async def _keep(self, body: bytes) -> int:
        """Store what a body holds and give the status: what can't be stored at all must not come for ever."""
        found = _updates(body)
        if not found.updates:
            self.skipped += 1
            _log.warning("update.skipped", count=1)
            return 200
        try:
            await to_the_end(self._inbox.record(found.updates))
        except Exception as error:  # noqa: BLE001 - whatever keeps the store from committing: it comes again
            self._tell("updates can't be stored", error)
            return 503
        self._tell("receiving")
        return 200

    def _tell(self, state: str, error: Exception | None = None) -> None:
        """Write one line per change."""
        if state == self._state:
            return
        self._state = state
        level = _log.info if state == "receiving" else _log.warning
        level("webhook.state", state=state, error=type(error).__name__ if error else None)


def _updates(body: bytes) -> Fetched:
    """Take the update out of a body; also out of one that is no JSON, or too deep to read."""
    try:
        return sort_out([json.loads(body)])
    except (ValueError, RecursionError):
        return salvage(b'{"result":[' + body + b"]}")


def _refused(status: int) -> web.Response:
    """Answer without a word, and read nothing of what may still come."""
    response = web.Response(status=status)
    response.force_close()
    return response
