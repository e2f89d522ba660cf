"""Beats every few seconds, and once a day for the cleaning."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog
from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log = structlog.get_logger()

# A beat that is late is still a beat; two that fell together are one (its default drops late ones silently).
BEAT = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


@asynccontextmanager
async def heartbeat(
    tick: Callable[[], Awaitable[object]], clean: Callable[[], Awaitable[object]], *, seconds: float = 5
) -> AsyncIterator[None]:
    """Call `tick` every few seconds and `clean` once a day, for as long as this is open."""
    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=BEAT)
    scheduler.add_job(tick, "interval", seconds=seconds)
    scheduler.add_job(clean, "interval", hours=24)
    scheduler.add_listener(_failed, EVENT_JOB_ERROR)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


def _failed(event: JobExecutionEvent) -> None:
    log.error("beat_failed", error=type(event.exception).__name__)
