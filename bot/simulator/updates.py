"""The updates that wait until the bot has confirmed them."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

KEPT = 24 * 3600.0
"""Seconds an update is kept for a bot that does not fetch it."""
PRESS_KEPT = 150.0
"""Seconds a button press is kept, and can be answered."""
_IDLE_BEFORE_NEW_IDS = timedelta(days=7)
_FURTHEST_AHEAD = 10
_FAR = 1_000_000
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    update: dict[str, Any]
    until: float


class UpdateQueue:
    """Keep what happened until the bot has confirmed it, or until it is too old.

    `age` gives seconds on the time line by which updates grow old. After a week without updates the
    next update_id is any number, as at Telegram.
    """

    def __init__(self, clock: Callable[[], datetime], age: Callable[[], float], seed: int | None) -> None:
        self._clock = clock
        self._age = age
        self._random = random.Random(seed)  # noqa: S311 - numbers of updates are no secret
        self._next_id = 0
        self._next_id = self._any_id()
        self._last_at = clock()
        self._queue: deque[_Waiting] = deque()
        self._first_until = float("inf")
        self._waiters: set[asyncio.Future[None]] = set()
        self._empty = asyncio.Event()
        self._empty.set()
        self.confirmed: deque[dict[str, Any]] = deque(maxlen=20)
        self.allowed: frozenset[str] | None = None

    def __len__(self) -> int:
        self._expire()
        return len(self._queue)

    def add(self, kind: str, body: dict[str, Any]) -> int | None:
        """Queue what happened and give its update_id; None for a kind the bot does not want."""
        if kind in _NOT_BY_DEFAULT if self.allowed is None else kind not in self.allowed:
            return None
        self._expire()
        update_id = self._new_id()
        until = self._age() + (PRESS_KEPT if kind == "callback_query" else KEPT)
        self._first_until = min(self._first_until, until)
        self._queue.append(_Waiting(update={"update_id": update_id, kind: body}, until=until))
        self._empty.clear()
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()
        return update_id

    def take(self, offset: int, limit: int) -> list[dict[str, Any]]:
        """Confirm all before the offset and give the updates from there on.

        A negative offset counts from the end of the queue. An offset far beyond the next update_id
        confirms nothing: it belongs to numbers from before a quiet week.
        """
        self._expire()
        if offset < 0:
            while len(self._queue) > -offset:
                self._confirm()
        elif offset <= self._next_id + _FURTHEST_AHEAD:
            while self._queue and self._queue[0].update["update_id"] < offset:
                self._confirm()
        self._note_empty()
        return [waiting.update for waiting, _ in zip(self._queue, range(limit), strict=False)]

    def waiting(self) -> Iterator[dict[str, Any]]:
        """Give the updates that wait, oldest first."""
        self._expire()
        return (waiting.update for waiting in tuple(self._queue))

    def confirm(self, update_id: int) -> None:
        """Take an update as delivered, wherever in the queue it is; one that is gone already stays so."""
        for place, waiting in enumerate(self._queue):
            if waiting.update["update_id"] == update_id:
                self.confirmed.append(waiting.update)
                del self._queue[place]
                break
        self._note_empty()

    def clear(self) -> None:
        """Drop everything that waits."""
        self._queue.clear()
        self._note_empty()

    @property
    def awaited(self) -> bool:
        """Say whether the bot waits for an update at this moment."""
        return bool(self._waiters)

    def arrival(self) -> asyncio.Future[None]:
        """Give a future that is done when the next update arrives."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        waiter.add_done_callback(self._waiters.discard)
        return waiter

    async def emptied(self) -> None:
        """Wait until nothing waits for the bot any more."""
        self._expire()
        await self._empty.wait()

    def allow(self, kinds: list[str]) -> None:
        """Queue only these kinds from now on; an empty list means Telegram's default."""
        self.allowed = frozenset(kinds) or None

    def _confirm(self) -> None:
        self.confirmed.append(self._queue.popleft().update)

    def _expire(self) -> None:
        now = self._age()
        if now <= self._first_until:
            return
        self._queue = deque(waiting for waiting in self._queue if waiting.until >= now)
        self._first_until = min((waiting.until for waiting in self._queue), default=float("inf"))
        self._note_empty()

    def _note_empty(self) -> None:
        if not self._queue:
            self._empty.set()

    def _new_id(self) -> int:
        now = self._clock()
        if not self._queue and now - self._last_at >= _IDLE_BEFORE_NEW_IDS:
            self._next_id = self._any_id()
        self._last_at = now
        self._next_id += 1
        return self._next_id - 1

    def _any_id(self) -> int:
        """Choose a number far from the last one, so that no offset of before can hit it."""
        while True:
            number = self._random.randrange(100_000_000, 1_000_000_000)
            if abs(number - self._next_id) > _FAR:
                return number
