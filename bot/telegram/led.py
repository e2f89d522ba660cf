"""A client for one who may lose the lead: it calls Telegram while it leads, and not once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.telegram.client import Client
from bot.telegram.errors import NeverSent


class LedClient(Client):
    """A client whose calls are never sent, and say so, where `holds` does not say that we lead."""

    def __init__(self, token: str, *, api_url: str, read_timeout: float, holds: Callable[[], bool]) -> None:
        super().__init__(token, api_url=api_url, read_timeout=read_timeout)
        self._holds = holds

    async def call(self, method: str, params: dict[str, Any], *, read_timeout: float | None = None) -> Any:
        """Call a method as any client does, while we lead; raise NeverSent otherwise."""
        if not self._holds():
            error = NeverSent("another process leads")
            error.method = method
            raise error
        return await super().call(method, params, read_timeout=read_timeout)
