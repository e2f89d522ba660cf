"""The bot as it runs in a child process that may be killed, and the clock it shares with its parent."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import config
from bot.cli.stagebot import Connection, Stagebot, run_until_stopped
from bot.store.database import Database
from bot.store.vault import read_or_create_master_key
from bot.telegram.pacing import Pace
from config.texts import Texts

TOKEN = "7000000001:SIMULATED-TOKEN"
SCHOOL = config.load()
PACE = Pace(rate=120, chat_seconds=0)
PATIENCE = 0.5  # seconds: a bot that lives this short must reach its read timeout too
BEAT = 0.05  # seconds
DATABASES = "databases"  # the name of a file with the addresses of databases on a server
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SharedClock:
    """A clock for several processes: time flows, and a file says how far it jumped ahead."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_CREAT | os.O_RDWR)
        if os.fstat(self._file).st_size == 0:
            self._set(0)

    def __call__(self) -> datetime:
        """Tell the time, in UTC."""
        (ahead,) = struct.unpack("<q", os.pread(self._file, 8, 0))
        return _EPOCH + timedelta(microseconds=ahead + _running())

    def jump(self, to: datetime) -> None:
        """Set the clock to a moment, for all who share it; it never goes back."""
        if to > self():
            self._set((to - _EPOCH) // timedelta(microseconds=1) - _running())

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _set(self, ahead: int) -> None:
        os.pwrite(self._file, struct.pack("<q", ahead), 0)


def _running() -> int:
    """Give microseconds on the clock that all processes of this machine share."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


async def open_database(folder: Path) -> Database:
    """Open the databases of a folder as `stagebot run` does."""
    key, _ = read_or_create_master_key(folder / "master.key")
    return await Database.open(*databases(folder), key)


def databases(folder: Path) -> tuple[str, str]:
    """Give the two addresses: those that a file in the folder names, or else of files in it."""
    named = folder / DATABASES
    if not named.exists():
        return f"sqlite:///{folder}/stagebot.sqlite3", f"sqlite:///{folder}/keys.sqlite3"
    main, keys = named.read_text().split()
    return main, keys


def connection(url: str) -> Connection:
    """Say how the bot of a game reaches its server: quickly, and soon tired of waiting."""
    return Connection(
        token=TOKEN, api_url=url, pace=PACE, read_timeout=PATIENCE, long_poll=1, first_pause=0.1
    )


def live(folder: Path, url: str) -> None:
    """Run the bot until it is killed, or asked to stop by SIGTERM."""
    _log_to(folder / "log")
    asyncio.run(_live(folder, url))


def begin(folder: Path) -> None:
    """Make key and databases, as the first start does."""
    _log_to(folder / "log")
    asyncio.run(_begin(folder))


async def _live(folder: Path, url: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    db = await open_database(folder)
    clock = SharedClock(folder / "clock")
    async with Stagebot.open(db, SCHOOL, Texts.load(), clock, connection(url)) as bot:
        await run_until_stopped(bot, stop, beat=BEAT)
    clock.close()
    await db.close()


async def _begin(folder: Path) -> None:
    await (await open_database(folder)).close()


def _log_to(file: Path) -> None:
    """Keep what the process says, for the parent to look at."""
    log = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.dup2(log, 1)
    os.dup2(log, 2)
