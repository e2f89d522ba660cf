"""Fetches updates by long polling and confirms them only once they are stored.

Telegram forgets an update when the next getUpdates names a higher offset. That offset comes from what was
just stored, never from a file: after a quiet week the next update_id may be any number.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

import structlog

from bot.store.leading import clock
from bot.store.records import RawUpdate
from bot.telegram.client import Client
from bot.telegram.errors import BotApiError, Conflict, ServerError, TooMany, Unauthorized
from bot.telegram.fetched import Fetched, salvage, sort_out
from bot.telegram.ports import Inbox, to_the_end

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
_LONGEST_PAUSE = 30.0
_AT_HAND = 2  # doublings of the pause for our own database: people wait for an answer as soon as it is well

_log = structlog.get_logger(__name__)


class Poller:
    """Moves updates from Telegram to the inbox until it is cancelled.

    `recorded` is called after each commit, to wake whoever reads the inbox. Raises Unauthorized when the
    token does not count: then the program can do nothing.
    """

    def __init__(
        self,
        client: Client,
        inbox: Inbox,
        *,
        recorded: Callable[[], None],
        long_poll: int = 25,
        limit: int = 100,
        first_pause: float = 1.0,
    ) -> None:
        self._client, self._inbox, self._recorded = client, inbox, recorded
        self._long_poll, self._limit, self._first_pause = long_poll, limit, first_pause
        self._offset: int | None = None
        self._webhook_gone = False
        self._troubles = 0
        self._state = ""
        self.skipped = 0
        self.heard: float | None = None  # on a clock that nobody sets (seconds)

    async def run(self) -> None:
        """Poll for ever."""
        while True:
            try:
                await self._round()
            except Unauthorized:
                self._tell("the token is not accepted")
                raise
            except TooMany as error:
                self._tell("told to wait")
                await asyncio.sleep(error.retry_after)
            except Conflict as error:
                # Another process uses the token: it is not for us to win, but one of the two may leave.
                self._webhook_gone = False
                await self._trouble("another process polls with this token, or a webhook was set", error)
            except BotApiError as error:
                await self._trouble("away", error)

    async def _round(self) -> None:
        if not self._webhook_gone:
            await self._client.call("deleteWebhook", {})
            self._webhook_gone = True
        fetched = await self._fetch()
        if fetched.nameless:
            self.skipped += fetched.nameless
            _log.warning("update.skipped", count=fetched.nameless)
        if fetched.updates:
            await self._store(fetched.updates)
        elif fetched.nameless:
            await self._trouble("nothing but updates without an id", None)
        else:
            self._fine(None)

    async def _fetch(self) -> Fetched:
        params: dict[str, Any] = {
            "timeout": self._long_poll,
            "limit": self._limit,
            "allowed_updates": ALLOWED_UPDATES,
        }
        if self._offset is not None:
            params["offset"] = self._offset
        try:
            patience = self._long_poll + self._client.read_timeout / 2
            answer = await self._client.call("getUpdates", params, read_timeout=patience)
        except ServerError as error:
            fetched = salvage(error.payload)
            if not fetched.updates:
                raise
            return fetched
        return sort_out(answer)

    async def _store(self, updates: list[RawUpdate]) -> None:
        try:
            await to_the_end(self._inbox.record(updates))
        except Exception as error:  # noqa: BLE001 - whatever keeps the store from committing: nothing is confirmed
            await self._trouble("updates can't be stored", error, _AT_HAND)
            return
        self._fine(updates[-1].id + 1)
        self._recorded()

    def _fine(self, offset: int | None) -> None:
        """Note a good round. After an empty one everything is confirmed, so no offset is needed."""
        self._offset = offset
        self.heard = clock()
        self._troubles = 0
        self._tell("polling")

    async def _trouble(self, state: str, error: Exception | None, doublings: int = 10) -> None:
        self._tell(state, error)
        seconds = pause(self._first_pause, min(self._troubles, doublings))
        self._troubles += 1
        await asyncio.sleep(seconds)

    def _tell(self, state: str, error: Exception | None = None) -> None:
        """Write one line per change."""
        if state == self._state:
            return
        self._state = state
        level = _log.info if state == "polling" else _log.warning
        level("poller.state", state=state, error=type(error).__name__ if error else None)


def pause(first: float, troubles: int) -> float:
    """Give the seconds to wait after so many troubles in a row, not the same for everybody."""
    longest = min(first * 2.0 ** min(troubles, 10), _LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
