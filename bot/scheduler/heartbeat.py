"""Beats every few seconds, and once a day for the cleaning."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import structlog
from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log = structlog.get_logger()

LONGEST_END = 3.0  # seconds
# A beat that is late is still a beat; two that fell together are one (its default drops late ones silently).
BEAT = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


@asynccontextmanager
async def heartbeat(
    tick: Callable[[], Awaitable[object]], clean: Callable[[], Awaitable[object]], *, seconds: float = 5
) -> AsyncIterator[None]:
    """Call `tick` every few seconds and `clean` once a day, for as long as this is open.

    What is underway at the end is waited for: cut off in a transaction it would leave the database locked.
    """
    underway: set[asyncio.Task[object]] = set()
    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=BEAT)
    scheduler.add_job(_whole, "interval", [tick, underway], seconds=seconds)
    scheduler.add_job(_whole, "interval", [clean, underway], hours=24)
    scheduler.add_listener(_failed, EVENT_JOB_ERROR)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        await _end(underway)


async def _whole(work: Callable[[], Awaitable[object]], underway: set[asyncio.Task[object]]) -> None:
    """Do a piece of work that goes on when the scheduler, which ends at once, cancels its job."""
    task = asyncio.ensure_future(work())
    underway.add(task)
    task.add_done_callback(underway.discard)
    with suppress(asyncio.CancelledError):
        await asyncio.shield(task)


async def _end(underway: set[asyncio.Task[object]]) -> None:
    if underway:
        _, late = await asyncio.wait(underway, timeout=LONGEST_END)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _failed(event: JobExecutionEvent) -> None:
    log.error("beat_failed", error=type(event.exception).__name__)
