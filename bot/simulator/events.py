"""Server-sent events: what the phones show, as it happens."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from aiohttp import web

from bot.simulator.world import World

_MOST_WAITING = 10_000


class EventStreams:
    """Send the world's events to every page that watches; a page that does not read is let go."""

    def __init__(self, world: World, *, heartbeat: float = 15.0) -> None:
        self._heartbeat = heartbeat
        self._watchers: set[asyncio.Queue[str | None]] = set()
        self._world = world

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Send events until the page leaves or the simulator stops."""
        response = web.StreamResponse(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        response.content_type = "text/event-stream"
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._add(queue)
        try:
            with suppress(ConnectionResetError):
                await response.prepare(request)
                await response.write(b": hello\n\n")
                await self._pump(response, queue)
        finally:
            self._remove(queue)
        return response

    def stop(self) -> None:
        """Let every page go."""
        for queue in self._watchers:
            queue.put_nowait(None)

    def tell(self, event: dict[str, Any]) -> None:
        """Send an event to every page."""
        line = f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
        for queue in self._watchers:
            queue.put_nowait(line if queue.qsize() < _MOST_WAITING else None)

    async def _pump(self, response: web.StreamResponse, queue: asyncio.Queue[str | None]) -> None:
        while True:
            try:
                line = await asyncio.wait_for(queue.get(), self._heartbeat)
            except TimeoutError:
                line = ": heartbeat\n\n"
            if line is None:
                return
            await response.write(line.encode())

    def _add(self, queue: asyncio.Queue[str | None]) -> None:
        if not self._watchers:
            self._world.listeners.append(self.tell)
        self._watchers.add(queue)

    def _remove(self, queue: asyncio.Queue[str | None]) -> None:
        self._watchers.discard(queue)
        if not self._watchers:
            self._world.listeners.remove(self.tell)
