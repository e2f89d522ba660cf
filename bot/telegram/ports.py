"""What the two ends of the road need from the store; the services fill it in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.store.records import Claimed, RawUpdate, Sent

Clock = Callable[[], datetime]
"""Gives the time, aware and in UTC."""

_LONGEST_END = 3.0  # seconds that stopping waits for the store
_T = TypeVar("_T")


class Inbox(Protocol):
    """Where updates go before Telegram may forget them."""

    async def record(self, updates: list[RawUpdate]) -> None:
        """Store updates, those that are there already excepted, and return once they are committed."""


class Outbox(Protocol):
    """Where parcels wait, and where is written what became of them."""

    async def claim(self, limit: int, busy: Collection[int]) -> list[Claimed]:
        """Mark what may leave now as sending, first lanes first, none for a busy chat, and commit."""

    async def settle(self, results: Sequence[Sent]) -> None:
        """Store what became of attempts, in one transaction."""

    async def next_at(self) -> datetime | None:
        """Say when the next parcel may leave; None when none waits for a moment."""

    async def recover(self) -> None:
        """Mark what a process left behind while sending as unknown."""

    async def retry_unknown(self) -> None:
        """Put what may have been lost, and may be sent twice, back in line."""


async def to_the_end(work: Coroutine[Any, Any, _T]) -> _T:
    """Await work with the store; cancelling does not cut it off half-way, but waits a while for its end."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=_LONGEST_END)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
