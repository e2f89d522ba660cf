"""Tells Telegram where to bring the updates, and keeps it told."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from bot.telegram.client import Client
from bot.telegram.errors import BotApiError, Refused, TooMany, Unauthorized
from bot.telegram.poller import ALLOWED_UPDATES, pause

MOST_CONNECTIONS = 40  # deliveries at once, Telegram's own default
LOOK_EVERY = 60.0  # seconds
_LONGEST_WHY = 100  # characters

_log = structlog.get_logger(__name__)


class Announcer:
    """Sets the webhook and looks every minute whether it still stands, until it is cancelled.

    Raises Unauthorized when the token does not count.
    """

    def __init__(self, client: Client, *, url: str, secret: str, first_pause: float = 1.0) -> None:
        self._client, self._url, self._secret = client, url, secret
        self._first_pause = first_pause
        self._is_set = False
        self._troubles = 0
        self._state = ""

    async def run(self) -> None:
        """Keep the webhook set for ever."""
        while True:
            try:
                await self._round()
            except Unauthorized:
                self._tell("the token is not accepted")
                raise
            except TooMany as error:
                await asyncio.sleep(error.retry_after)
            except Refused as error:
                # Its words are about our address alone: a name that does not resolve, no https.
                await self._trouble("Telegram does not take the address", error.description[:_LONGEST_WHY])
            except BotApiError as error:
                await self._trouble("away", type(error).__name__)
            else:
                self._troubles = 0
                await asyncio.sleep(LOOK_EVERY)

    async def _trouble(self, state: str, why: str) -> None:
        self._tell(state, why)
        await asyncio.sleep(pause(self._first_pause, self._troubles))
        self._troubles += 1

    async def _round(self) -> None:
        if not self._is_set:
            await self._set()
        info = await self._client.call("getWebhookInfo", {})
        if info.get("url") != self._url:
            _log.warning("webhook.gone")  # another program uses this token
            await self._set()
        elif info.get("pending_update_count") and info.get("last_error_message"):
            self._tell("Telegram can't deliver", str(info["last_error_message"])[:_LONGEST_WHY])
        else:
            self._tell("set")

    async def _set(self) -> None:
        params: dict[str, Any] = {
            "url": self._url,
            "secret_token": self._secret,
            "allowed_updates": ALLOWED_UPDATES,
            "max_connections": MOST_CONNECTIONS,
            "drop_pending_updates": False,
        }
        await self._client.call("setWebhook", params)
        self._is_set = True

    def _tell(self, state: str, why: str | None = None) -> None:
        """Write one line per change."""
        if state == self._state:
            return
        self._state = state
        level = _log.info if state == "set" else _log.warning
        level("webhook.announced", state=state, error=why)
