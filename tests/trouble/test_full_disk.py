"""The disk is full: what is not stored is not confirmed, nothing is sent twice, and it heals by itself."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from bot.simulator.faults import Fault, FaultKind, Faults
from bot.simulator.server import Simulator
from tests.cli.commands import SAMPLE, Operator, end, line_of
from tests.crash import reckoning
from tests.crash.test_stopping import join, until, write
from tests.trouble.accounts import assert_all_once, at_rest, polls_since, started
from tests.trouble.disks import Disk, Limit, limit, small_disk

SLOW = Fault(kind=FaultKind.DELAY, method="sendMessage", probability=1, seconds=0.2)
DISKS = pytest.mark.parametrize("on", [small_disk, limit])
On = Callable[[Path], AbstractContextManager[Disk]]


@DISKS
async def test_on_a_full_disk_nothing_is_confirmed_and_all_is_stored_once_there_is_room(
    operator: Operator, telegram: Simulator, on: On
) -> None:
    """Messages wait at Telegram, the process lives, and what it could not note is not sent again
    (docs/trust.md, 6).
    """
    with on(operator.data) as disk:
        await operator.give("roster", "import", SAMPLE)
        phones = await join(operator, telegram)
        bot = await started(operator, telegram)
        telegram.faults = Faults([SLOW])
        marks = [write(phones, number) for number in range(20)]
        await until(lambda: any(call.fault for call in telegram.world.transcript))
        filling = asyncio.create_task(keep_full(disk, bot))
        await line_of(bot, "can't be used")
        marks += [write(phones, number) for number in range(20, 60)]
        await line_of(bot, "can't be stored")
        waiting = len(telegram.world.updates)
        await polls_since(telegram, 2)
        still_waiting = len(telegram.world.updates)
        filling.cancel()
        disk.free(bot.pid)
        await at_rest(operator, telegram)
        bot.terminate()
        said = await end(bot)
        await assert_all_once(operator, telegram, marks, len(marks) + 2 * len(phones))
    assert (waiting, still_waiting) == (40, 40)
    assert said.code == 0


async def keep_full(disk: Disk, bot: Process) -> None:
    """Take whatever room comes free, for as long as this runs."""
    while True:
        disk.fill(bot.pid)
        await asyncio.sleep(0.01)


async def test_a_command_on_a_full_disk_says_so_in_one_line_and_does_nothing(operator: Operator) -> None:
    """The keys of new people can't be written: no traceback, nobody is imported by half, and with room it
    goes as if nothing had happened (docs/trust.md, 4 and 6).
    """
    await operator.give("export")
    disk = Limit()
    process = await operator.start("roster", "import", SAMPLE)
    disk.fill(process.pid)
    full = await end(process)
    again = await operator.give("roster", "import", SAMPLE)
    assert full.code == 1
    assert full.err == ["the database can't be used now: disk I/O error; nothing of this command was done"]
    assert again.out[-1:] == ["24 new, 0 changed, 0 missing, 0 unchanged"]
    assert reckoning.faults_in(operator.data) == []
