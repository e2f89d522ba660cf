"""One of several processes that run the bot of a game, each with a log of its own."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

from bot.cli.running import log_to_stderr
from bot.cli.stagebot import Connection, Hook, until_stopped
from bot.cli.turns import Turns
from bot.telegram.pacing import Pace
from config.texts import Texts
from tests.crash.child import BEAT, SCHOOL, SharedClock, connection, open_database


def live(folder: Path, url: str, number: int, hook: Hook | None, pace: Pace) -> None:
    """Run beside the others until killed, or asked to stop by SIGTERM."""
    log = os.open(log_of(folder, number), os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.dup2(log, 1)
    os.dup2(log, 2)
    log_to_stderr()
    asyncio.run(_live(folder, replace(connection(url), hook=hook, pace=pace)))


def log_of(folder: Path, number: int) -> Path:
    """Name the file in which a process says what it does."""
    return folder / f"log.{number}"


async def _live(folder: Path, to: Connection) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    db = await open_database(folder)
    clock = SharedClock(folder / "clock")
    turns = Turns(db=db, school=SCHOOL, texts=Texts.load(), clock=clock, to=to, beat=BEAT)
    await until_stopped(turns.run(), stop)
    clock.close()
    await db.close()
