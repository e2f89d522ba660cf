"""`stagebot export`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path

from bot.cli.opening import opened
from bot.cli.stagebot import utc_now
from bot.services.exporting import lines
from bot.store import access


async def export(config_file: Path | None, since: date | None) -> None:
    """Print one JSON line for every question that was due; note in the access log that it was done."""
    async with opened(config_file) as work:
        zone = work.school.calendar.zone
        moment = datetime.combine(since, time(0), zone).astimezone(UTC) if since else None
        async with work.db.writing() as tx:
            await access.log(tx, utc_now(), None, "export", None)
        async for line in lines(work.db, work.school, moment):
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
