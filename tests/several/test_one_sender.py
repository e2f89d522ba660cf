"""Among several processes one sends, also where the leader is killed, paused or cut off in a round.

Each process finds the simulated Telegram at an address of its own, so that it can be seen who sends.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.simulator.limits import Limits
from bot.store import outbox
from bot.store.records import Parcel
from bot.store.tables import outbox as outbox_table
from bot.telegram.pacing import Pace
from conversations.messages import Lane
from tests.crash.game import A_WHILE
from tests.postgres.server import Pair, Server
from tests.several.fleet import Fleet, Member, fleet
from tests.several.fronts import Observer
from tests.several.test_fencing import cut

MANY = 80  # people to write to
FIRST = 5001  # the chat of the first of them
RATE = 20  # a second: two at once would send more than Telegram takes, a test that is slow would not
SECOND = 1.0
TO_TAKE_OVER = 15.0  # seconds; a leader of whom nothing is heard for six seconds loses the lead


@pytest.fixture
async def round_(tmp_path: Path, postgres_pair: Pair) -> AsyncIterator[tuple[Fleet, Observer, Member]]:
    """Three processes in the middle of a round of messages, and the one of them that leads."""
    async with fleet(tmp_path, postgres_pair, 1, pace=Pace(rate=RATE)) as played:
        played.simulator.limits = Limits(overall=30, per_chat=1.0)
        observer = Observer(played.simulator.url)
        played.urls = {number: await observer.address(number) for number in (1, 2, 3)}
        for chat in range(FIRST, FIRST + MANY):
            played.world.person(chat, "Iemand").start()
        played.world.updates.clear()
        for _ in range(3):
            played.begin()
        await played.until(lambda: all(one.said for one in played.members))
        leader = await played.leader()
        await write_to_all(played)
        await played.until(lambda: len(observer.sends()) >= MANY // 3)
        yield played, observer, leader
        await observer.close()


async def write_to_all(played: Fleet) -> None:
    """Put one message for each person into the outbox, as a command beside the bot would."""
    parcels = [
        Parcel(to=None, chat=chat, kind="message", payload={"text": f"Hoi #{chat}#"}, lane=Lane.PROMPT)
        for chat in range(FIRST, FIRST + MANY)
    ]
    async with played.open() as db, db.writing() as tx:
        await outbox.put(tx, parcels, played.clock())


async def come_to_the_end(played: Fleet) -> Counter[int]:
    """Wait until everybody has a message, also what is sent once more after a while; count them by chat."""
    await played.leader()
    await asyncio.sleep(2)
    played.clock.jump(played.clock() + A_WHILE)
    await played.until(lambda: len(Counter(played.delivered.values())) == MANY)
    await played.leave()
    return Counter(played.delivered.values())


async def repeated(played: Fleet) -> int:
    """Count the messages of which nobody could know whether they had arrived."""
    async with played.open() as db, db.reading() as tx:
        rows = await tx.all(select(outbox_table.c.repeated))
    return sum(row.repeated for row in rows)


def takes_turns(observer: Observer) -> list[int]:
    """Say which processes sent, one after the other."""
    return [by for by, _ in groupby(observer.sends(), key=lambda call: call.by)]


def longest_silence(observer: Observer) -> float:
    """Give the longest time between two messages, in seconds."""
    times = [call.at for call in observer.sends()]
    return max(after - before for before, after in pairwise(times))


async def test_when_the_leader_is_killed_the_rate_holds_over_all_processes(
    round_: tuple[Fleet, Observer, Member],
) -> None:
    """In no second do both together send more than Telegram takes (docs/trust.md, 2 and 5)."""
    played, observer, leader = round_
    await played.fell(leader)
    got = await come_to_the_end(played)
    assert played.simulator.limits is not None
    assert (played.simulator.limits.refused, played.simulator.limits.peak <= 30) == (0, True)
    assert played.simulator.limits.peak > RATE // 2
    assert len(takes_turns(observer)) == 2
    assert longest_silence(observer) >= SECOND
    assert sum(got.values()) - MANY <= await repeated(played) < RATE


async def test_a_leader_that_was_paused_sends_nothing_more_when_it_comes_back(
    round_: tuple[Fleet, Observer, Member], capsys: pytest.CaptureFixture[str]
) -> None:
    """SIGSTOP: the server takes its lead away; SIGCONT: it stands by (docs/trust.md, 2, 5, 9)."""
    played, observer, leader = round_
    pid, stopped_at = leader.process.pid or 0, time.monotonic()
    os.kill(pid, signal.SIGSTOP)
    others = [one for one in played.members if one is not leader]
    await played.until(lambda: any(one.term for one in others))
    took = time.monotonic() - stopped_at
    await played.until(lambda: len(observer.sends(stopped_at + SECOND)) > 5)
    os.kill(pid, signal.SIGCONT)
    continued_at = time.monotonic()
    await played.until(lambda: leader.said[-1]["event"] == "standing_by")
    got = await come_to_the_end(played)
    assert played.simulator.limits is not None
    assert played.simulator.limits.refused == 0
    assert [call for call in observer.calls if call.by == leader.number and call.at > continued_at] == []
    assert len(takes_turns(observer)) == 2
    assert [line["event"] for line in leader.said if line["event"].startswith("lead")] == [
        "leading",
        "lead_lost",
    ]
    assert sum(got.values()) - MANY <= await repeated(played) < RATE
    with capsys.disabled():
        print(f"\npaused: another led after {took:.1f} s", end=" ")
    assert took < TO_TAKE_OVER


async def test_a_leader_whose_connection_is_cut_stops_sending_before_another_begins(
    round_: tuple[Fleet, Observer, Member], postgres: Server, postgres_pair: Pair
) -> None:
    """It knows at once; a second passes before anybody sends (docs/trust.md, 2, 5, 9)."""
    played, observer, leader = round_
    cut(postgres, postgres_pair)
    await played.until(lambda: any(one.term == 2 for one in played.members))
    got = await come_to_the_end(played)
    assert played.simulator.limits is not None
    assert played.simulator.limits.refused == 0
    assert len(takes_turns(observer)) <= 2
    assert longest_silence(observer) >= SECOND
    assert sum(got.values()) - MANY <= await repeated(played) < RATE
    assert [line["term"] for line in leader.said if line["event"] == "lead_lost"] == [1]
