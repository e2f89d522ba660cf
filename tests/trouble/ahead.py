"""The bot as a process with a clock of its own, which it compares with Telegram's as `stagebot run` does."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import replace
from pathlib import Path

from bot.cli.running import log_to_stderr
from bot.cli.stagebot import Stagebot, run_until_stopped
from config.texts import Texts
from tests.crash import child

OWN_CLOCK = "own-clock"  # the name of its file


def live(folder: Path, url: str) -> None:
    """Run until asked to stop by SIGTERM."""
    child._log_to(folder / "log")
    log_to_stderr()
    asyncio.run(_live(folder, url))


async def _live(folder: Path, url: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    db = await child.open_database(folder)
    clock = child.SharedClock(folder / OWN_CLOCK)
    to = replace(child.connection(url), checks_clock=True)
    async with Stagebot.open(db, child.SCHOOL, Texts.load(), clock, to) as bot:
        await run_until_stopped(bot, stop, beat=child.BEAT)
    clock.close()
    await db.close()
