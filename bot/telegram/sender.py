"""Empties the outbox: claims, sends with overlapping calls at an even pace, and stores what came of it."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.store.records import Claimed, Outcome, Sent
from bot.telegram.client import Client
from bot.telegram.errors import BotApiError, NeverSent, Refused, Unsendable
from bot.telegram.pacing import Pace, Pacer, Queue
from bot.telegram.ports import Clock, Outbox, to_the_end
from bot.telegram.render import Call, render
from bot.telegram.verdict import delivered, judge, pause_after

_MOST_IN_FLIGHT = 64
_MOST_WAITING = 200
_EXPRESS = 4  # claimed after a nudge even when enough is waiting: the first lanes come first
_GATHER = 0.05  # seconds to let results come together under load
_IDLE = 15.0  # seconds between two looks at the outbox when nothing calls for one
_SHORTEST_REST = 0.05
_REST_FOR_BUSY_CHATS = 1.0
_STORE_AGAIN = 1.0
_GRACE = 5.0  # seconds that stopping waits for calls underway
_LAST_STORE = 2.0
_WORTH_A_LINE = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.UNREACHABLE)

_log = structlog.get_logger(__name__)


class Sender:
    """The only one who talks to people: run it once, nudge it when the outbox has something new.

    Cancelling `run` lets what is underway finish for five seconds, hands back the rest, and stores it all.
    """

    def __init__(self, client: Client, outbox: Outbox, *, clock: Clock, pace: Pace | None = None) -> None:
        pace = pace or Pace()
        self._client, self._outbox, self._clock = client, outbox, clock
        self._batch = min(max(8, pace.rate // 2), _MOST_WAITING)
        self._pacer = Pacer(pace.rate)
        self._queue = Queue(pace.chat_seconds)
        self._flights: set[asyncio.Task[None]] = set()
        self._landed: list[tuple[Claimed, Sent]] = []
        self._plain: set[int] = set()
        self._hold = 0.0  # loop time before which nothing leaves
        self._unconnected = 0
        self._next_at: datetime | None = None
        self._all_claimed = False  # what may leave now and is not claimed waits for a busy chat
        self._unknown_at = 0.0
        self._nudged = False
        self._state = "sending"
        self._wake, self._urgent, self._changed = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._at_rest = asyncio.Event()

    @property
    def idle(self) -> bool:
        """Tell whether nothing is waiting here, underway or still to be stored."""
        return self._at_rest.is_set()

    async def rested(self) -> None:
        """Wait until nothing is waiting here, underway or still to be stored."""
        await self._at_rest.wait()

    def nudge(self) -> None:
        """Say that the outbox may hold something new."""
        self._nudged = True
        self._at_rest.clear()
        self._wake.set()
        self._urgent.set()

    async def run(self) -> None:
        """Send for ever."""
        await self._outbox.recover()
        workers = [asyncio.create_task(self._exchanging()), asyncio.create_task(self._launching())]
        try:
            await asyncio.gather(*workers)
        finally:
            deadline = asyncio.get_running_loop().time() + _GRACE
            for worker in workers:
                if not worker.cancelling():  # a second time would cut off what is to be stored first
                    worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            await self._finish(deadline)

    # ---- between the outbox and the queue --------------------------------------------------------------

    async def _exchanging(self) -> None:
        while True:
            self._at_rest.clear()
            try:
                await to_the_end(self._exchange())
            except Exception as error:  # noqa: BLE001 - whatever ails the store, results are kept until it is well
                self._tell("the outbox can't be used", error)
                await asyncio.sleep(_STORE_AGAIN)
            else:
                if self._is_empty and not self._nudged:
                    self._at_rest.set()
                await self._rest()

    async def _exchange(self) -> None:
        await self._settle()
        now = asyncio.get_running_loop().time()
        if now >= self._unknown_at:
            await self._outbox.retry_unknown()
            self._unknown_at = now + _IDLE
        if now < self._hold:
            return
        nudged, self._nudged = self._nudged, False
        room = max(self._batch - self._queue.ready(now), _EXPRESS if nudged else 0)
        if room > 0 and len(self._queue) < _MOST_WAITING:
            parcels = await self._outbox.claim(room, self._queue.busy)
            for claimed in parcels:
                self._queue.add(claimed)
            self._all_claimed = len(parcels) < room
            self._next_at = await self._outbox.next_at()
            self._changed.set()

    async def _settle(self) -> None:
        landed = list(self._landed)
        if not landed:
            return
        await self._outbox.settle([sent for _, sent in landed])
        del self._landed[: len(landed)]
        for claimed, _ in landed:
            self._queue.free(claimed.chat)
        self._changed.set()
        _report(landed)

    @property
    def _is_empty(self) -> bool:
        return not (self._queue or self._flights or self._landed)

    async def _rest(self) -> None:
        """Wait until there is a reason to look again, and under load a moment longer for more of them."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._longest_rest()):
                await self._wake.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(0 if self._is_empty else _GATHER):
                await self._urgent.wait()
        self._wake.clear()
        self._urgent.clear()

    def _longest_rest(self) -> float:
        held = self._hold - asyncio.get_running_loop().time()
        if held > 0:
            return min(held, _IDLE)
        if self._next_at is None:
            return _IDLE
        shortest = _REST_FOR_BUSY_CHATS if self._all_claimed else _SHORTEST_REST
        seconds = (self._next_at - self._clock()).total_seconds()
        return min(seconds, _IDLE) if seconds > 0 else shortest

    # ---- between the queue and Telegram ----------------------------------------------------------------

    async def _launching(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            at = self._turn()
            if at is not None and at <= loop.time():
                self._launch(loop.time())
                continue
            self._changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(at):
                    await self._changed.wait()

    def _turn(self) -> float | None:
        """Say when the next call may begin; None when something else must happen first."""
        first = self._queue.next_at()
        if first is None or len(self._flights) >= _MOST_IN_FLIGHT:
            return None
        return max(first, self._hold, self._pacer.ready_at)

    def _launch(self, now: float) -> None:
        claimed = self._queue.pick(now)
        if self._queue.ready(now) <= self._batch // 2:
            self._wake.set()
        expires = claimed.parcel.expires
        if expires is not None and expires <= self._clock():
            self._land(claimed, Sent(id=claimed.id, outcome=Outcome.EXPIRED))
            return
        try:
            call = render(claimed, plain=claimed.id in self._plain)
        except Unsendable as error:
            _log.error("parcel.unsendable", parcel=claimed.id, why=error.why)
            self._land(claimed, Sent(id=claimed.id, outcome=Outcome.FAILED, detail="Unsendable"))
            return
        self._pacer.take(now)
        flight = asyncio.create_task(self._send(claimed, call))
        self._flights.add(flight)
        flight.add_done_callback(self._flown)

    def _flown(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        self._changed.set()
        if not self._flights and not self._queue:
            self._urgent.set()

    async def _send(self, claimed: Claimed, call: Call) -> None:
        try:
            result = await self._client.call(call.method, call.params)
        except asyncio.CancelledError:
            self._land(claimed, Sent(id=claimed.id, outcome=Outcome.UNKNOWN, detail="stopped"))
            raise
        except BotApiError as error:
            self._failed(claimed, call, error)
        else:
            self._answered()
            self._land(claimed, delivered(claimed, result))

    def _failed(self, claimed: Claimed, call: Call, error: BotApiError) -> None:
        if isinstance(error, NeverSent) and asyncio.get_running_loop().time() >= self._hold:
            self._unconnected += 1  # once for all that were underway together
        pause = pause_after(error, self._unconnected)
        sent = judge(claimed, error, self._clock(), _spread())
        if isinstance(error, Refused) and sent.outcome is Outcome.FAILED and call.has_entities:
            self._plain.add(claimed.id)
            self._queue.land(claimed, asyncio.get_running_loop().time())
            self._queue.free(claimed.chat)
            self._queue.add(claimed)
            return
        self._land(claimed, sent)
        if pause:
            self._pause(pause, error)
        else:
            self._answered()

    def _pause(self, seconds: float, error: BotApiError) -> None:
        """Send nothing for a while, and hand back what is waiting: it was not attempted."""
        self._hold = max(self._hold, asyncio.get_running_loop().time() + seconds)
        self._tell("waiting", error)
        self._hand_back(self._clock() + timedelta(seconds=seconds))

    def _hand_back(self, again_at: datetime) -> None:
        self._landed += [
            (claimed, Sent(id=claimed.id, outcome=Outcome.WAIT, again_at=again_at))
            for claimed in self._queue.release()
        ]

    def _answered(self) -> None:
        self._unconnected = 0
        if asyncio.get_running_loop().time() >= self._hold:
            self._tell("sending")

    def _land(self, claimed: Claimed, sent: Sent) -> None:
        self._queue.land(claimed, asyncio.get_running_loop().time())
        self._plain.discard(claimed.id)
        self._landed.append((claimed, sent))
        self._wake.set()

    # ---- the end, and the log --------------------------------------------------------------------------

    async def _finish(self, deadline: float) -> None:
        if self._flights:
            await asyncio.wait(self._flights, timeout=deadline - asyncio.get_running_loop().time())
        late = list(self._flights)
        for flight in late:
            flight.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        self._hand_back(self._clock())
        try:
            async with asyncio.timeout(_LAST_STORE):
                await self._settle()
        except Exception as error:  # noqa: BLE001 - the next start finds them as sending, and calls them unknown
            self._tell("the last results can't be stored", error)

    def _tell(self, state: str, error: Exception | None = None) -> None:
        """Write one line per change."""
        if state == self._state:
            return
        self._state = state
        level = _log.info if state == "sending" else _log.warning
        level("sender.state", state=state, error=type(error).__name__ if error else None)


def _spread() -> float:
    return random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, guards nothing


def _report(landed: list[tuple[Claimed, Sent]]) -> None:
    counts: dict[str, Any] = Counter(str(sent.outcome) for _, sent in landed)
    _log.debug("outbox.settled", **counts)
    for claimed, sent in landed:
        if sent.outcome in _WORTH_A_LINE and claimed.parcel.kind == "message":
            _log.warning("parcel.not_sent", parcel=sent.id, outcome=str(sent.outcome), detail=sent.detail)
