"""Another process locks the database: nothing is confirmed meanwhile, and soon after all is well again."""

from __future__ import annotations

import asyncio
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.simulator.server import Simulator
from tests.cli.commands import SAMPLE, Operator, end
from tests.crash.test_stopping import TO_STOP, join, until, write
from tests.trouble.accounts import assert_all_once, at_rest, started

LOCKED = 33.0  # seconds: longer than SQLite is told to wait
SOON = 20.0  # seconds after the lock in which the bot is to have caught up
_LOCKER = """
import sqlite3, sys
held = [sqlite3.connect(file, isolation_level=None) for file in sys.argv[1:]]
for connection in held:
    connection.execute("PRAGMA busy_timeout = 20000")
    connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


async def test_locked_for_longer_than_sqlite_waits_nothing_is_lost_and_people_are_answered_soon_after(
    operator: Operator, telegram: Simulator
) -> None:
    """Both databases are taken by another process for 33 seconds: the bot lives, and confirms nothing
    (docs/trust.md, 6).
    """
    await operator.give("roster", "import", SAMPLE)
    phones = await join(operator, telegram)
    bot = await started(operator, telegram)
    async with locked(operator):
        marks = [write(phones, number) for number in range(60)]
        await asyncio.sleep(LOCKED)
        waiting = len(telegram.world.updates)
    freed = time.monotonic()
    await at_rest(operator, telegram)
    took = time.monotonic() - freed
    bot.terminate()
    said = await end(bot)
    await assert_all_once(operator, telegram, marks, len(marks) + 2 * len(phones))
    assert waiting == 60
    assert said.code == 0
    assert took < SOON


async def test_asked_to_stop_while_the_database_is_locked_it_leaves_in_time(
    operator: Operator, telegram: Simulator
) -> None:
    """SIGTERM beside a lock: out within eight seconds, and the next start has everything
    (docs/trust.md, 6 and 18).
    """
    await operator.give("roster", "import", SAMPLE)
    phones = await join(operator, telegram)
    bot = await started(operator, telegram)
    async with locked(operator):
        marks = [write(phones, number) for number in range(10)]
        await until(lambda: len(telegram.world.updates) == 10)
        await asyncio.sleep(1)
        bot.terminate()
        asked = time.monotonic()
        said = await end(bot)
        took = time.monotonic() - asked
    again = await started(operator, telegram)
    await at_rest(operator, telegram)
    again.terminate()
    await end(again)
    await assert_all_once(operator, telegram, marks, len(marks) + 2 * len(phones))
    assert said.code == 0
    assert took < TO_STOP


@asynccontextmanager
async def locked(operator: Operator) -> AsyncIterator[Process]:
    """Have another process hold both databases, as a backup or somebody with a shell could."""
    files = [operator.data / name for name in ("keys.sqlite3", "stagebot.sqlite3")]
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _LOCKER, *files, stdin=PIPE, stdout=PIPE
    )
    assert other.stdout is not None
    assert await other.stdout.readline() == b"locked\n"
    try:
        yield other
    finally:
        await other.communicate(b"")
