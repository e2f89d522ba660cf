"""After a gap in which Telegram may have dropped presses, open questions are put once more.

Telegram keeps a press for about 150 seconds only, and texts for a day. Who pressed in the gap believes to
have answered (docs/decisions/0019).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.store import check_ins, stages, starts
from bot.store.database import Database
from bot.store.starts import What
from conversations.calendar import SchoolCalendar, allowed_after, is_quiet, to_local

DROPPED = 150.0  # seconds after which Telegram forgets a press that nobody fetched
NOTED = 60.0  # seconds between two notes of when Telegram was heard last

log = structlog.get_logger()


@dataclass(slots=True)
class Returning:
    """Notices that the bot was away: in this process by a clock that nobody sets, before it by a note."""

    db: Database
    calendar: SchoolCalendar
    _heard: float | None = None  # seconds
    _noted: float = float("-inf")

    async def beat(self, heard: float | None, now: datetime) -> int:
        """Take when Telegram was heard last (seconds); give how many questions are put again."""
        if heard is None or heard == self._heard:
            return 0
        away = heard - self._heard if self._heard is not None else await self._away_before(now)
        again = await self._offer(now) if away > DROPPED else 0
        if away > DROPPED or heard - self._noted > NOTED:
            async with self.db.writing() as tx:
                await starts.keep(tx, What.HEARD, "", now)
            self._noted = heard
        self._heard = heard
        return again

    async def _away_before(self, now: datetime) -> float:
        async with self.db.reading() as tx:
            last = await starts.at(tx, What.HEARD)
        return (now - last).total_seconds() if last is not None else 0.0

    async def _offer(self, now: datetime) -> int:
        """Have what is open reminded of once it is not quiet; who did something with it is left alone."""
        async with self.db.writing() as tx:
            found = await check_ins.remind_again(tx, now, _awake(self.calendar, now))
            await stages.wake(tx, dict.fromkeys(found, now))
        log.info("offered_again", check_ins=len(found))
        return len(found)


def _awake(calendar: SchoolCalendar, now: datetime) -> datetime:
    local = to_local(calendar, now)
    if not is_quiet(calendar, local.date(), local.time()):
        return now
    return allowed_after(calendar, local.date(), local.time(), resume=calendar.quiet.end)
