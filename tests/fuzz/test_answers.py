"""The process of the bot polls a server that answers whatever it likes: it goes on, and stays small.

STAGEBOT_FUZZ sets how many updates the two tests of this folder hand over, STAGEBOT_SEED repeats a run.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.playing import AT_FULL_SPEED
from bot.store import inbox
from tests.crash.child import open_database
from tests.crash.reckoning import faults_in
from tests.fuzz.aimed import Aims
from tests.fuzz.nasty import CANARY
from tests.fuzz.playing import FIRST_CHAT, School, a_school, memory_of, running, work_of
from tests.fuzz.shapes import Shapes, spoil
from tests.fuzz.wild import Wild, garbled, good, serving

UPDATES = int(os.environ.get("STAGEBOT_FUZZ", "3000")) // 5
SEED = int(os.environ.get("STAGEBOT_SEED", "1"))
A_POLL = 50
LONGEST = 1.0  # seconds until the next good update is answered (docs/trust.md, 10)
STALLED = 10.0  # seconds on a machine that is busy with other things
MOST_MEMORY = 50.0  # megabytes more than after the first tenth
JOINED = 3
GOOD = FIRST_CHAT + JOINED - 1
FAR_APART = 10_000  # ids of good updates


class Attack:
    """Hands over garbled answers, each followed by a good update."""

    def __init__(self, school: School, wild: Wild) -> None:
        self._school, self._wild = school, wild
        self._chance = random.Random(SEED)  # noqa: S311 - repeatable on purpose
        ids = [*range(FIRST_CHAT, GOOD), *range(5_000_001, 5_000_061)]
        people = [{"id": one, "is_bot": False, "first_name": CANARY} for one in ids]
        self._aims = Aims(self._chance, people, self._stamp)
        self._shapes = Shapes(self._chance, people)
        self._next = 1_000_000

    async def round(self) -> float:
        """Hand over some updates and a good one; give the seconds from then until that was answered."""
        self._school.clock.jump(self._school.clock() + timedelta(minutes=1))
        self._wild.put(garbled(self._chance, [self._update() for _ in range(A_POLL)]))
        self._next += FAR_APART
        self._wild.put(good(self._next, {"id": GOOD, "is_bot": False, "first_name": "S"}, self._stamp))
        async with asyncio.timeout(60):
            while True:
                chat, at = await self._wild.heard.get()
                if chat == GOOD and at > (handed := self._wild.handed.get(GOOD, at)):
                    return at - handed

    def _update(self) -> object:
        self._next += 1
        update = (self._aims if self._chance.random() < 0.6 else self._shapes).update()
        named = {"update_id": self._next, **update}
        return named if self._chance.random() < 0.7 else spoil(self._chance, named)

    @property
    def _stamp(self) -> int:
        return int(self._school.clock().timestamp())


def waiting(folder: Path) -> int:
    """Count the updates that the bot has not handled yet."""
    with closing(sqlite3.connect(f"file:{folder}/stagebot.sqlite3?mode=ro", uri=True)) as db:
        found: tuple[int] = db.execute("SELECT count(*) FROM inbox WHERE state = 'new'").fetchone()
        return found[0]


async def test_a_server_that_answers_anything_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cut off, broken, nameless, no list, no JSON, too deep: the process lives and stays small.

    The next good update is answered within a second, and no log holds a word (docs/trust.md, 10 and 17).
    """
    async with a_school(tmp_path) as school, serving() as wild:
        async with running(tmp_path, school.simulator.url):
            await school.join(JOINED)
        async with running(tmp_path, wild.url, AT_FULL_SPEED) as bot:
            attack = Attack(school, wild)
            rounds = UPDATES // A_POLL
            waits = [await attack.round() for _ in range(max(rounds // 10, 2))]
            memory, work = memory_of(bot), work_of(bot)
            waits += [await attack.round() for _ in range(rounds - len(waits))]
            while waiting(tmp_path):  # noqa: ASYNC110 - the other process has no event here
                await asyncio.sleep(0.05)
            grown, worked = memory_of(bot) - memory, (work_of(bot) - work) / rounds
    db = await open_database(tmp_path)
    async with db.reading() as tx:
        counts = await inbox.counts(tx)
    await db.close()
    with capsys.disabled():
        print(
            f"\nseed {SEED}: {counts}; the next good update answered after at most {max(waits):.2f} s "
            f"({worked:.2f} s of work a poll of {A_POLL}); memory {grown:+.1f} MB",
            end=" ",
        )
    assert counts.keys() == {"done", "dead"}
    assert max(waits) < STALLED
    assert sorted(waits)[len(waits) // 2] < LONGEST
    assert worked < LONGEST
    assert grown < MOST_MEMORY
    assert faults_in(tmp_path) == []
    log = (tmp_path / "log").read_text()
    assert [word for word in ("Traceback", CANARY, "_failed") if word in log] == []
