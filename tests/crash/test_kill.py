"""The bot is killed at any moment, and nothing that people wrote or were asked is lost or doubled.

STAGEBOT_KILLS sets how often it is killed: the long run is the same test with 500.
"""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path

import pytest

from bot.simulator.faults import Fault, FaultKind, Faults
from tests.crash import child, reckoning
from tests.crash.game import (
    STARTER,
    Game,
    as_a_message_arrives,
    as_a_message_leaves,
    for_a_while,
    game,
    whenever,
)

KILLS = int(os.environ.get("STAGEBOT_KILLS", "16"))
SEED = int(os.environ.get("STAGEBOT_SEED", "1"))
TROUBLE = (
    Fault(kind=FaultKind.RESET, probability=0.03),
    Fault(kind=FaultKind.RESET, probability=0.03, after=True),
    Fault(kind=FaultKind.SERVER_ERROR, probability=0.02),
    Fault(kind=FaultKind.BAD_GATEWAY, probability=0.02, after=True),
    Fault(kind=FaultKind.TRUNCATED, probability=0.03),
    Fault(kind=FaultKind.BROKEN, probability=0.02),
    Fault(kind=FaultKind.AGAIN, probability=0.05),
    Fault(kind=FaultKind.TOO_MANY, method="sendMessage", probability=0.01),
)


async def reckon(played: Game) -> reckoning.Books:
    """Set what is stored against what people did; give it for what else a test wants to know."""
    done, shown = played.crowd.done, played.crowd.shown
    async with played.open() as db:
        books = await reckoning.read(db, played.clock())
    assert reckoning.faults_in(played.folder) == []
    assert reckoning.not_for_a_log(played.folder, played.names) == []
    assert books.inbox == {"done": len(done.texts) + done.presses + done.starts}
    assert books.joined == done.joined
    assert books.marks == dict.fromkeys(done.texts, 1)
    assert books.chosen(done.chosen) == done.chosen
    assert books.still_open(done.skipped) == set()
    assert books.shares(done.shared) == {check_in: {share} for check_in, share in done.shared.items()}
    assert books.note_shares(done.notes) == done.notes
    assert books.had == books.planned
    assert books.left_undone == []
    assert books.without_outcome == []
    assert books.put_too_often(shown) == {}
    assert books.outbox.keys() <= {"sent", "expired", "unknown"}
    assert 0 <= len(shown) - books.sent <= books.ambiguous
    return books


def figures(played: Game, books: reckoning.Books) -> str:
    """Say in one line what was played, and how many messages came twice."""
    done, shown = played.crowd.done, played.crowd.shown
    return (
        f"\n{played.kills} kills: {len(done.texts)} texts, {done.presses} presses, "
        f"{len(books.had)} occasions, {len(shown)} messages, {len(shown) - books.sent} of them a second time"
    )


async def test_whenever_the_bot_is_killed_nothing_is_lost_and_nothing_is_doubled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Kill -9 at random moments, and while a message is underway: every text once, every press done."""
    async with game(tmp_path, SEED) as played:
        await played.survive(KILLS, [whenever, as_a_message_arrives, as_a_message_leaves])
        await played.come_to_rest()
        books = await reckon(played)
    with capsys.disabled():
        print(figures(played, books), end=" ")


async def test_a_server_in_trouble_and_a_bot_that_is_killed_lose_and_double_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Resets before and after, 429, 5xx, broken and repeated answers, and kills on top."""
    async with game(tmp_path, SEED) as played:
        played.simulator.faults = Faults(TROUBLE, seed=SEED)
        await played.survive(max(KILLS // 4, 1), [for_a_while])
        await played.come_to_rest()
        books = await reckon(played)
    with capsys.disabled():
        print(figures(played, books), end=" ")


async def test_killed_in_its_first_start_it_starts_the_next_time(tmp_path: Path) -> None:
    """Key, databases and migrations: wherever the first start was cut off, the next one goes on."""
    chance = random.Random(SEED)  # noqa: S311 - repeatable on purpose
    for _ in range(10):
        bot = STARTER.Process(target=child.begin, args=(tmp_path,), daemon=True)
        bot.start()
        await asyncio.sleep(chance.uniform(0, 0.3))
        bot.kill()
        await asyncio.to_thread(bot.join)
    await (await child.open_database(tmp_path)).close()
    assert reckoning.faults_in(tmp_path) == []
