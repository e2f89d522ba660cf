"""The bot is killed at any moment, and nothing that people wrote or were asked is lost or doubled.

STAGEBOT_KILLS sets how often it is killed in quiet, and a quarter of that in trouble: 80 and 20 in the
short form, 500 and 125 in the long one (`make torture`). STAGEBOT_SEED plays another game.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from bot.simulator.faults import Fault, FaultKind, Faults
from tests.crash import child, reckoning
from tests.crash.dying import (
    as_a_message_arrives,
    as_a_message_leaves,
    as_it_starts,
    for_a_while,
    whenever,
)
from tests.crash.game import STARTER, Game, game

KILLS = int(os.environ.get("STAGEBOT_KILLS", "80"))
SEED = int(os.environ.get("STAGEBOT_SEED", "1"))
TROUBLE = (
    Fault(kind=FaultKind.AGAIN, probability=0.1),
    Fault(kind=FaultKind.SHUFFLED, probability=0.1),
    Fault(kind=FaultKind.HANG, method="getUpdates", probability=0.03),
    Fault(kind=FaultKind.HANG, probability=0.01),
    Fault(kind=FaultKind.HANG, probability=0.01, after=True),
    Fault(kind=FaultKind.TOO_MANY, probability=0.01),
    Fault(kind=FaultKind.SERVER_ERROR, probability=0.01),
    Fault(kind=FaultKind.SERVER_ERROR, probability=0.01, after=True),
    Fault(kind=FaultKind.BAD_GATEWAY, probability=0.01),
    Fault(kind=FaultKind.BAD_GATEWAY, probability=0.01, after=True),
    Fault(kind=FaultKind.PAGE, probability=0.01),
    Fault(kind=FaultKind.PAGE, probability=0.01, after=True),
    Fault(kind=FaultKind.DELAY, probability=0.03, seconds=0.2),
    Fault(kind=FaultKind.RESET, probability=0.02),
    Fault(kind=FaultKind.RESET, probability=0.02, after=True),
    Fault(kind=FaultKind.TRUNCATED, probability=0.02),
    Fault(kind=FaultKind.BROKEN, probability=0.02),
)


async def reckon(played: Game) -> reckoning.Books:
    """Set what is stored against what people did and saw; give it for what else a test wants to know."""
    done, shown = played.crowd.done, played.crowd.shown
    async with played.open() as db:
        books = await reckoning.read(db, played.clock())
    assert reckoning.faults_in(played.folder) == []
    assert reckoning.not_for_a_log(played.folder, played.names) == []
    assert books.inbox == {"done": done.updates}
    assert books.joined == done.joined
    assert books.marks == dict.fromkeys(done.texts, 1)
    assert books.voices == dict.fromkeys(done.voices, 1)
    assert books.bells == sorted(done.bells.items())
    assert done.acknowledged - books.acknowledged == set()
    assert books.chosen(done.chosen) == done.chosen
    assert books.still_open(done.skipped) == set()
    assert books.shares(done.shared) == {check_in: {share} for check_in, share in done.shared.items()}
    assert books.note_shares(done.notes) == done.notes
    assert books.had == books.planned
    assert books.left_undone == []
    assert books.outcomes.keys() == books.planned.keys()
    assert {"lost", "pending"} & set(books.outcomes.values()) == set()
    assert books.put_too_often(shown) == {}
    assert books.outbox.keys() <= {"sent", "expired", "unknown"}
    assert played.delivered.keys() >= set(books.believed)
    assert len(books.believed) == len(set(books.believed))
    assert len(played.delivered) == len(shown)
    assert books.too_many(played.per_chat) == {}
    return books


def figures(played: Game, books: reckoning.Books) -> str:
    """Say what was played, what became of all that was due, and how many messages came twice."""
    done, shown = played.crowd.done, played.crowd.shown
    ends = Counter(books.outcomes.values())
    struck = Counter(call.fault for call in played.world.transcript if call.fault)
    did = (
        f"{len(done.texts)} texts, {done.edits} changed, {len(done.voices)} spoken, {done.presses} presses, "
        f"{len(done.bells)} bells"
    )
    sent = books.repeated
    most = len(shown) - len(books.believed)  # some of these came once, and only that is not known
    again = len(reckoning.seen_twice(shown))
    lines = (
        f"{played.kills} kills, seed {played.seed}: {done.updates} updates, {did}; lost 0, doubled 0",
        f"{len(shown)} messages, {sent} sent again: {again} questions came twice, in all {most} at most",
        f"{len(books.planned)} occasions = {_listed(ends)}",
        f"faults: {_listed(struck)}",
    )
    return "\n".join(("", *lines))


def _listed(counts: Counter[str]) -> str:
    return " + ".join(f"{many} {name}" for name, many in counts.most_common())


async def test_whenever_the_bot_is_killed_nothing_is_lost_and_nothing_is_doubled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Kill -9 at random moments, and while a message is underway: every text once, every press done.

    Nobody is asked twice, and all that was due has its outcome (docs/trust.md, 1, 2, 3 and 4).
    """
    async with game(tmp_path, SEED) as played:
        await played.survive(KILLS, [as_it_starts, whenever, as_a_message_arrives, as_a_message_leaves])
        await played.come_to_rest()
        books = await reckon(played)
    with capsys.disabled():
        print(figures(played, books), end=" ")


async def test_a_server_in_trouble_and_a_bot_that_is_killed_lose_and_double_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every kind of fault, each seen to strike, and kills on top (docs/trust.md, 1, 2, 3 and 4).

    A poll whose answer never came was given up by the bot itself: it polled again in the same life.
    """
    async with game(tmp_path, SEED) as played:
        played.simulator.faults = Faults(TROUBLE, seed=SEED)
        await played.survive(max(KILLS // 4, 1), [for_a_while])
        await played.come_to_rest()
        books = await reckon(played)
    struck = {call.fault for call in played.world.transcript}
    assert struck >= {fault.name for fault in TROUBLE}
    assert played.hangs_outlived() > 0
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
