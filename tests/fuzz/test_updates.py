"""Whatever Telegram could hand over, and much that it could not: nothing stops, nothing is lost or told.

STAGEBOT_FUZZ sets how many updates: the long run is the same test with 100,000. STAGEBOT_SEED repeats a run.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select

from bot.store.tables import inbox as inbox_table
from bot.store.tables import outbox as outbox_table
from conversations.buttons import Does
from tests.crash.reckoning import faults_in
from tests.fuzz.aimed import COMMANDS
from tests.fuzz.onslaught import BATCH, Onslaught, Wait, listening, onslaught
from tests.fuzz.shapes import objects

UPDATES = int(os.environ.get("STAGEBOT_FUZZ", "3000"))
SEED = int(os.environ.get("STAGEBOT_SEED", "1"))
LONGEST = 1.0  # seconds until the next good update is answered (docs/trust.md, 10)
STALLED = 10.0  # seconds on a machine that is busy with other things
MINUTE = timedelta(minutes=1)
OFTEN = 10  # batches between two looks at what there is, with half an hour for what is due


async def assail(school: Onslaught) -> list[Wait]:
    """Hand over batch after batch, each followed by a good update; give how long its answer took."""
    play, waits = school.play, []
    for number in range(-(-UPDATES // BATCH)):
        if number % OFTEN == 0:
            await play.jump(play.clock() + OFTEN * 3 * MINUTE)
            await school.look_around()
        await play.bot.road.record(school.batch())
        waits.append(await school.good_update())
        play.clock.jump(play.clock() + MINUTE)
    await play.rest()
    return waits


async def rows(school: Onslaught, table: Any) -> list[Row[Any]]:
    """Give all rows of a table."""
    async with school.play.db.reading() as tx:
        return list(await tx.all(select(table)))


async def test_fuzzed_updates_stop_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every shape of the Bot API, damaged ones, forged buttons, each command and each role, in mid-stage.

    No crash, no stall, the next good update within a second, no word of it in a log at DEBUG. Set aside is
    only what is no update of Telegram's (docs/trust.md, 10 and 17).
    """
    async with onslaught(tmp_path, SEED) as school:
        with listening() as log:
            waits = await assail(school)
        received, parcels = await rows(school, inbox_table), await rows(school, outbox_table)
        broken = faults_in(school.play.folder)
        dead = {row.id for row in received if row.state == "dead"}
        slowest, longest = max(wait.wall for wait in waits), max(wait.used for wait in waits)
        with capsys.disabled():
            print(
                f"\nseed {SEED}: {len(school.sent)} updates, {len(dead)} of them no updates and set aside; "
                f"the next good one answered after at most {slowest:.2f} s, {longest:.2f} s of it work",
                end=" ",
            )
    assert log.failed == []
    assert log.leaks == set()
    assert dead & school.well_formed == set()
    assert dead != set()
    assert {row.state for row in received} == {"done", "dead"}
    assert school.sent - {row.id for row in received} == set()
    assert longest < LONGEST
    assert slowest < STALLED
    assert [row.id for row in parcels if row.state == "failed" and row.kind == "message"] == []
    assert school.play.world.findings == []
    assert broken == []
    assert school.shapes.made == objects()["Update"]["fields"].keys() - {"update_id"}
    assert (school.aims.pressed, school.aims.commands) == (set(Does), set(COMMANDS))
