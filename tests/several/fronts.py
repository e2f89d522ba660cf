"""Servers before servers: one before Telegram that sees who calls when, one before several webhooks."""

from __future__ import annotations

import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientSession, web


@dataclass(frozen=True, slots=True)
class Seen:
    """A call as it came by: when it began (monotonic seconds), by which process, and which method."""

    at: float
    by: int
    method: str


@dataclass(slots=True)
class Observer:
    """Stands before the simulated Telegram, with an address for each process."""

    target: str
    calls: list[Seen] = field(default_factory=list)
    _runners: list[web.AppRunner] = field(default_factory=list)

    async def address(self, number: int) -> str:
        """Give the address at which this process finds Telegram."""

        async def forward(request: web.Request) -> web.Response:
            self.calls.append(Seen(time.monotonic(), number, request.path.rsplit("/", 1)[-1]))
            return await _forwarded(request, self.target + request.path_qs)

        runner, url = await _serve(forward)
        self._runners.append(runner)
        return url

    def sends(self, since: float = 0.0) -> list[Seen]:
        """Give the messages that were sent, in the order in which they came by."""
        return [call for call in self.calls if call.method == "sendMessage" and call.at >= since]

    async def close(self) -> None:
        """Stop serving."""
        for runner in self._runners:
            await runner.cleanup()


@asynccontextmanager
async def balancer(listens: Sequence[str]) -> AsyncIterator[str]:
    """Hand each delivery to the next of these addresses; 502 where nobody listens, as a plain proxy does."""
    turns = itertools.cycle(listens)

    async def forward(request: web.Request) -> web.Response:
        return await _forwarded(request, f"http://{next(turns)}{request.path_qs}")

    runner, url = await _serve(forward)
    yield url
    await runner.cleanup()


async def _forwarded(request: web.Request, url: str) -> web.Response:
    session: ClientSession = request.app[_SESSION]
    headers = {name: value for name, value in request.headers.items() if name not in _HOP}
    try:
        async with session.request(
            request.method, url, data=await request.read(), headers=headers, allow_redirects=False
        ) as answer:
            kind = answer.headers.get("Content-Type", "text/plain")
            return web.Response(
                status=answer.status, body=await answer.read(), headers={"Content-Type": kind}
            )
    except (TimeoutError, ClientError, ConnectionError):
        return web.Response(status=502)


_SESSION = web.AppKey("session", ClientSession)
_HOP = frozenset({"Host", "Content-Length", "Connection", "Transfer-Encoding"})


async def _serve(handler: object) -> tuple[web.AppRunner, str]:
    application = web.Application(client_max_size=64 * 2**20)
    application.router.add_route("*", "/{anything:.*}", handler)  # type: ignore[arg-type] # a plain handler
    application.cleanup_ctx.append(_session)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


async def _session(application: web.Application) -> AsyncIterator[None]:
    async with ClientSession() as session:
        application[_SESSION] = session
        yield
