"""Beats every few seconds, and once a day for the cleaning."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log = structlog.get_logger()

LONGEST_END = 3.0  # seconds
FIRST_CLEANING = timedelta(minutes=10)
# A beat that is late is still a beat; two that fell together are one (its default drops late ones silently).
BEAT = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


@asynccontextmanager
async def heartbeat(
    tick: Callable[[], Awaitable[object]], clean: Callable[[], Awaitable[object]], *, seconds: float = 5
) -> AsyncIterator[None]:
    """Call `tick` every few seconds and `clean` once a day, first soon, for as long as this is open.

    What is underway at the end is waited for: cut off in a transaction it would leave the database locked.
    """
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a beat while one is underway is no news
    underway: set[asyncio.Task[None]] = set()
    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=BEAT)
    scheduler.add_job(_whole, "interval", [tick, underway], seconds=seconds)
    # Soon after the start as well: a bot that starts anew each day would never get to it.
    soon = datetime.now(UTC) + FIRST_CLEANING
    scheduler.add_job(_whole, "interval", [clean, underway], hours=24, next_run_time=soon)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        await _end(underway)


async def _whole(work: Callable[[], Awaitable[object]], underway: set[asyncio.Task[None]]) -> None:
    """Do a piece of work that goes on when the scheduler, which ends at once, cancels its job."""
    task = asyncio.create_task(_told(work))
    underway.add(task)
    task.add_done_callback(underway.discard)
    with suppress(asyncio.CancelledError):
        await asyncio.shield(task)


async def _told(work: Callable[[], Awaitable[object]]) -> None:
    """Do it, and say in one line that it failed: the scheduler would write a traceback."""
    try:
        await work()
    except Exception as error:  # noqa: BLE001 (the next beat does what this one could not)
        log.error("beat_failed", error=type(error).__name__)


async def _end(underway: set[asyncio.Task[None]]) -> None:
    if underway:
        _, late = await asyncio.wait(underway, timeout=LONGEST_END)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
