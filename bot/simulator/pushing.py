"""Sends updates to the bot's webhook: several at a time, those of one lane one after the other.

As Telegram's own server does it: what one person writes is one lane and what they press another, so that a
press may overtake a text, but a text never another text. What fails holds up its lane and no other.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.simulator.world import World

_PATIENCE = ClientTimeout(total=60)
Lane = tuple[str, int]


@dataclass(slots=True, kw_only=True)
class Webhook:
    """Where the bot wants its updates, and the last thing that went wrong there."""

    url: str
    secret: str | None
    max_connections: int
    error_at: int | None = None
    error: str | None = None


class Pusher:
    """Deliver what waits until stopped; a delivery that failed is repeated after `retry_pause` seconds."""

    def __init__(self, world: World, hook: Webhook, *, retry_pause: float) -> None:
        self.hook = hook
        self._world = world
        self._updates = world.updates
        self._retry_pause = retry_pause
        self._underway: dict[Lane, asyncio.Task[None]] = {}
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End what is underway; what was not taken goes on waiting."""
        tasks = [self._running, *self._underway.values()]
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        secret = self.hook.secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        async with ClientSession(headers=headers, timeout=_PATIENCE) as session:
            while True:
                self._launch(session)
                arrival = self._updates.arrival()
                await asyncio.wait({arrival, *self._underway.values()}, return_when=asyncio.FIRST_COMPLETED)
                arrival.cancel()

    def _launch(self, session: ClientSession) -> None:
        """Begin the first delivery of each lane that has none underway, as far as connections allow."""
        self._underway = {lane: task for lane, task in self._underway.items() if not task.done()}
        busy = set(self._underway)
        for update in self._updates.waiting():
            if len(self._underway) >= self.hook.max_connections:
                break
            lane = _lane(update)
            if lane not in busy:
                busy.add(lane)
                self._underway[lane] = asyncio.create_task(self._deliver(session, update))

    async def _deliver(self, session: ClientSession, update: dict[str, Any]) -> None:
        if await self._taken(session, update):
            self._updates.confirm(update["update_id"])
        else:
            await asyncio.sleep(self._retry_pause)

    async def _taken(self, session: ClientSession, update: dict[str, Any]) -> bool:
        try:
            async with session.post(self.hook.url, json=update, allow_redirects=False) as response:
                if response.status // 100 == 2:
                    return True
                error = f"Wrong response from the webhook: {response.status} {response.reason}"
        except TimeoutError:
            error = "Read timeout expired"
        except ClientError:
            error = "Connection refused"
        self.hook.error, self.hook.error_at = error, self._world.now()
        return False


def _lane(update: dict[str, Any]) -> Lane:
    kind = next(key for key in update if key != "update_id")
    body = update[kind]
    if kind in ("message", "edited_message"):
        return "messages", body["chat"]["id"]
    return kind, body["from"]["id"]
