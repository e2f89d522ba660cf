"""One person who sends a thousand messages a second keeps nobody waiting, and nothing grows without end.

STAGEBOT_FLOOD sets for how many seconds the flood lasts: the long run is the same test with 60.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.services.flooding import BURST, PAUSE
from bot.simulator.phone import Phone
from bot.store import inbox
from bot.store.inbox import REFUSED_KEPT
from tests.crash.child import open_database
from tests.crash.reckoning import faults_in
from tests.fuzz.playing import School, a_school, converse, flood, memory_of, p95, running

SECONDS = float(os.environ.get("STAGEBOT_FLOOD", "6"))
PER_SECOND = 1000
OTHERS = 10
LONGEST = 2.0  # seconds that others may wait, 95 of 100 (docs/trust.md, 11)
MOST_MEMORY = 50.0  # megabytes more than before (docs/trust.md, 11)
POLL = 100  # updates that come with one poll
TOLD = "Er kwam in korte tijd heel veel van je binnen."
CANARY = "KANARIE-7f3a"


@dataclass(slots=True)
class Figures:
    """What a flood did."""

    sent: int
    waits: list[float]
    calm: list[float]  # waits before the flood
    grown: float  # megabytes
    told: int
    after: str  # the answer to the flooder's first message after the pause


async def figures_of(school: School, do: Callable[[Phone, int], object]) -> Figures:
    """Let one person flood while others converse; then wait for the end of the pause."""
    async with running(school.folder, school.simulator.url) as bot:
        flooder, *others = await school.join(OTHERS + 1)
        calm = await all_converse(school, others, 2)
        before = memory_of(bot)
        flooding = asyncio.create_task(flood(lambda number: do(flooder, number), PER_SECOND, SECONDS))
        waits = await all_converse(school, others, SECONDS)
        sent = await flooding
        await school.world.settled(60)
        grown = memory_of(bot) - before
        heard = school.ear.texts[flooder.user_id]
        async with asyncio.timeout(60):
            while not any(text.startswith(TOLD) for text in heard):  # noqa: ASYNC110 - it has no event here
                await asyncio.sleep(0.1)
        school.clock.jump(school.clock() + PAUSE + timedelta(seconds=1))
        await quiet(heard)
        await school.ear.after(flooder, lambda: flooder.text("Ik ben er weer"))
    told = sum(text.startswith(TOLD) for text in heard)
    return Figures(sent, waits, calm, grown, told, heard[-1])


async def quiet(heard: list[str]) -> None:
    """Wait until a second passes in which somebody hears nothing new."""
    count = -1
    while count != len(heard):
        count = len(heard)
        await asyncio.sleep(1)


async def all_converse(school: School, phones: list[Phone], seconds: float) -> list[float]:
    """Let people converse with the bot for so long; give how long the answers took."""
    waits = await asyncio.gather(*(converse(school.ear, phone, seconds) for phone in phones))
    return [wait for theirs in waits for wait in theirs]


async def stored(school: School) -> dict[str, int]:
    """Count the updates that are stored, by state."""
    db = await open_database(school.folder)
    async with db.reading() as tx:
        counts = await inbox.counts(tx)
    await db.close()
    return counts


def write(phone: Phone, number: int) -> None:
    """Write one of a thousand messages."""
    phone.text(f"{CANARY} {number}")


def press(phone: Phone, number: int) -> None:
    """Press a button that was there once, or never."""
    phone.press(phone.messages[0]["message_id"] + 1, f"z:{7 + number % 3}", forged=True)


@pytest.mark.parametrize("do", [write, press])
async def test_one_person_who_floods_keeps_nobody_waiting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], do: Callable[[Phone, int], object]
) -> None:
    """A thousand texts or presses a second: others wait no longer than two seconds, the memory and the number
    of rows stay small, the flooder is told once and can go on after the pause (docs/trust.md, 11)."""
    async with a_school(tmp_path) as school:
        found = await figures_of(school, do)
        counts = await stored(school)
    with capsys.disabled():
        print(
            f"\n{do.__name__}: {found.sent} in {SECONDS:.0f} s; p95 of {len(found.waits)} answers to others "
            f"{p95(found.waits):.2f} s (before: {p95(found.calm):.2f} s); memory {found.grown:+.1f} MB; "
            f"kept {counts}; told {found.told} time(s)",
            end=" ",
        )
    assert found.sent >= 0.95 * PER_SECOND * SECONDS
    assert p95(found.waits) < LONGEST + p95(found.calm)  # what they waited before is the machine's
    assert found.grown < MOST_MEMORY
    assert found.told == 1
    assert found.after.startswith("Er staat geen vraag open. Ik bewaar dit")
    assert counts.keys() == {"done", "refused"}
    assert counts["refused"] <= REFUSED_KEPT + POLL
    assert counts["done"] <= BURST + len(found.waits) + len(found.calm) + 2 * (OTHERS + 1) + 1
    assert faults_in(tmp_path) == []
    log = (tmp_path / "log").read_text()
    assert [word for word in ("Traceback", CANARY) if word in log] == []
    lines = log.count("updates_refused")  # as it began, and then one a minute at most
    assert 2 <= lines <= 3 + SECONDS // 60
