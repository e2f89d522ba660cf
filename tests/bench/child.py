"""The real stagebot in a process of its own, on a prepared database and with a clock that can be set."""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import mmap
import signal
import struct
import sys
import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop

import config
from bot.cli.memory import look_less_often
from bot.cli.stagebot import Connection, until_stopped
from bot.cli.turns import Turns
from bot.telegram.pacing import Pace
from config.texts import Texts
from tests.bench.places import opened
from tests.bench.processes import quietly

TOKEN = "1:a"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = struct.Struct("<d")  # seconds


class SharedClock:
    """A clock for two processes: time flows, and a file says how far it is from the time there is."""

    def __init__(self, file: Path) -> None:
        with file.open("r+b") as opened_file:
            self._ahead = mmap.mmap(opened_file.fileno(), _AHEAD.size)

    @classmethod
    def make(cls, file: Path, at: datetime) -> SharedClock:
        """Make the file of a clock, and set it."""
        file.write_bytes(bytes(_AHEAD.size))
        clock = cls(file)
        clock.set(at)
        return clock

    def __call__(self) -> datetime:
        """Tell the time, in UTC."""
        (ahead,) = _AHEAD.unpack_from(self._ahead)
        return _EPOCH + timedelta(seconds=time.time() + ahead)

    def set(self, at: datetime) -> None:
        """Set it, for both."""
        _AHEAD.pack_into(self._ahead, 0, (at - _EPOCH).total_seconds() - time.time())


async def live(folder: Path, api_url: str, rate: int) -> None:
    """Run until SIGTERM, as `stagebot run` does but for the clock, and for a pace that no setting allows."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    to = Connection(token=TOKEN, api_url=api_url, pace=Pace(rate=rate))
    async with opened(folder) as db:
        clock = SharedClock(folder / "clock")
        turns = Turns(db=db, school=config.load(), texts=Texts.load(), clock=clock, to=to)
        look_less_often()
        await until_stopped(turns.run(), stop)


def stagebot(
    folder: Path, url: str, rate: int, *, profile: Path | None = None, uvloop: bool = False
) -> list[str]:
    """Give the command that runs it."""
    where = ["--profile", str(profile)] if profile else []
    loop = ["--uvloop"] if uvloop else []
    return [sys.executable, "-m", "tests.bench.child", str(folder), url, str(rate), *where, *loop]


def main() -> None:
    """Run it: FOLDER URL RATE, and --profile FILE for where the CPU goes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("url")
    parser.add_argument("rate", type=int)
    parser.add_argument("--profile", type=Path)
    parser.add_argument("--uvloop", action="store_true")
    given = parser.parse_args()
    quietly()
    profile = cProfile.Profile() if given.profile else None
    with profile or nullcontext():
        run = uvloop.run if given.uvloop else asyncio.run
        run(live(given.folder, given.url, given.rate))
    if profile:
        profile.dump_stats(given.profile)


if __name__ == "__main__":
    main()
