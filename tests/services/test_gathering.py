from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import config
from bot.services.road import FULL, Road
from bot.store.database import Database
from bot.store.records import RawUpdate
from bot.telegram.parse import parse
from config.texts import Texts

NOW = datetime(2026, 9, 10, 14, 31, tzinfo=UTC)


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Road]:
    """Give a road of which nobody empties the inbox but the test."""
    db = await Database.open(f"sqlite:///{tmp_path / 'main'}", f"sqlite:///{tmp_path / 'keys'}", bytes(32))
    yield Road.build(db, config.load(), Texts.load(), lambda: NOW, parse)
    await db.close()


def a_poll(first: int, count: int) -> list[RawUpdate]:
    """Give updates of which the bot needs nothing."""
    return [RawUpdate(id=n, raw=b'{"update_id": %d}' % n) for n in range(first, first + count)]


async def test_two_full_polls_are_one_batch(road: Road) -> None:
    """Whoever begins to work after the first waits for the second (decision 23)."""
    await road.record(a_poll(1, FULL))
    work = asyncio.create_task(road.work())
    await road.record(a_poll(1 + FULL, FULL))
    assert await work == 2 * FULL


async def test_a_full_poll_that_is_the_last_is_handled_all_the_same(road: Road) -> None:
    """Nobody waits longer than a moment for what does not come, and only once (docs/trust.md, 1)."""
    await road.record(a_poll(1, FULL))
    assert [await road.work(), await road.work()] == [FULL, 0]


async def test_a_poll_that_is_not_full_waits_for_no_other(road: Road) -> None:
    """What came in is handled at once: the next poll is not part of it."""
    await road.record(a_poll(1, FULL - 1))
    handled = await road.work()
    await road.record(a_poll(FULL, 1))
    assert [handled, await road.work()] == [FULL - 1, 1]


async def test_a_full_poll_that_could_not_be_stored_holds_up_nothing(road: Road) -> None:
    """After it failed, what had come in before it is handled (docs/trust.md, 1)."""
    await road.record(a_poll(1, 1))
    unstorable = [RawUpdate(id=2**70, raw=b"{}")] * FULL
    with pytest.raises(Exception, match="too large"):
        await road.record(unstorable)
    assert await road.work() == 1
