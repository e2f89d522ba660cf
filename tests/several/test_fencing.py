"""Who lost the lead changes nothing, whether it knows it or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.store import inbox, outbox
from bot.store.database import Database
from bot.store.errors import LeadLost
from bot.store.leading import Lead, lead, ringing
from bot.store.records import RawUpdate
from tests.postgres.server import Pair, Server

NOW = datetime(2026, 9, 8, 14, 30, tzinfo=UTC)
MASTER = bytes(range(32))
# Who holds the lock of the lead: PostgreSQL shows its number, "stagebot" as eight bytes, in two halves.
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND classid = x'73746167'::int AND objid = x'65626f74'::int "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def name(pair: Pair) -> str:
    """Give the name of the main database."""
    return pair.main.rsplit("/", 1)[-1]


def cut(server: Server, pair: Pair) -> None:
    """End the connection by which somebody leads."""
    assert server.run(CUT, name(pair)) == [(True,)]


def now() -> datetime:
    return NOW


def nobody() -> None:
    """Be told that something arrived, and do nothing."""


@pytest.fixture
async def db(postgres_pair: Pair) -> AsyncIterator[Database]:
    database = await Database.open(postgres_pair.main, postgres_pair.keys, MASTER)
    yield database
    await database.close()


async def waiting(database: Database) -> list[int]:
    async with database.reading() as tx:
        return [update.id for update in await inbox.take(tx, 10)]


async def test_a_leader_whose_connection_was_cut_can_write_and_claim_nothing(
    db: Database, postgres: Server, postgres_pair: Pair
) -> None:
    """Its term is over as soon as another leads; nothing of what it tries is kept (docs/trust.md, 2, 9)."""
    async with lead(db, now, nobody) as first:
        async with first.db.writing() as tx:
            await inbox.record(tx, [RawUpdate(id=1, raw=b"1")], NOW)
        cut(postgres, postgres_pair)
        async with lead(db, now, nobody) as second:
            with pytest.raises(LeadLost):
                async with first.db.writing() as tx:
                    await inbox.record(tx, [RawUpdate(id=2, raw=b"2")], NOW)
            with pytest.raises(LeadLost):
                async with first.db.writing() as tx:
                    await outbox.claim(tx, NOW, 10, ())
            async with second.db.writing() as tx:
                await inbox.record(tx, [RawUpdate(id=3, raw=b"3")], NOW)
            assert (first.term, second.term) == (1, 2)
            assert (first.holds(), second.holds()) == (False, True)
            assert await waiting(db) == [1, 3]


async def test_a_leader_learns_at_once_that_its_connection_is_gone(
    db: Database, postgres: Server, postgres_pair: Pair
) -> None:
    """It does not send for another second; who waits for the end of the lead is told."""
    async with lead(db, now, nobody) as mine:
        ending = asyncio.create_task(mine.until_lost())
        cut(postgres, postgres_pair)
        with pytest.raises(LeadLost):
            await asyncio.wait_for(ending, 0.5)
        assert not mine.holds()


async def test_the_second_waits_until_the_first_has_left(db: Database) -> None:
    """There is one leader at any time, and the next one is there within two seconds."""
    leads: list[Lead] = []

    async def follow() -> None:
        async with lead(db, now, nobody) as mine:
            leads.append(mine)

    async with lead(db, now, nobody) as first:
        following = asyncio.create_task(follow())
        await asyncio.sleep(1.5)
        assert leads == []
        assert first.holds()
    await asyncio.wait_for(following, 2)
    assert [one.term for one in leads] == [2]


async def test_whoever_fills_the_inbox_wakes_the_leader(db: Database, postgres_pair: Pair) -> None:
    """The word comes with the commit, from any process (docs/trust.md, 14)."""
    arrived = asyncio.Event()
    other = await Database.open(postgres_pair.main, postgres_pair.keys, MASTER)
    async with lead(db, now, arrived.set):
        async with ringing(other).writing() as tx:
            await inbox.record(tx, [RawUpdate(id=1, raw=b"1")], NOW)
            await asyncio.sleep(0.2)
            assert not arrived.is_set()
        await asyncio.wait_for(arrived.wait(), 5)
    await other.close()


async def test_a_file_has_one_process_that_always_leads(tmp_path_factory: pytest.TempPathFactory) -> None:
    """On SQLite the lock on the file has decided before (docs/trust.md, 9)."""
    folder = tmp_path_factory.mktemp("one")
    database = await Database.open(f"sqlite:///{folder}/a.sqlite3", f"sqlite:///{folder}/b.sqlite3", MASTER)
    async with lead(database, now, nobody) as mine:
        assert (mine.holds(), mine.term, mine.quiet) == (True, 0, 0)
        assert mine.db is database
    await database.close()
