"""A server that goes away for a while, and locks that nobody holds for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.store import inbox
from bot.store.database import Database
from bot.store.errors import PASSING
from bot.store.records import RawUpdate
from tests.postgres.server import DURABLE, Pair, Server, start
from tests.store.conftest import MASTER_KEY, NOW


@pytest.fixture(scope="module")
def mortal() -> Iterator[Server]:
    """A server of its own, that syncs to disk and may be killed."""
    server = start(*DURABLE)
    yield server
    server.close()


@pytest.fixture
def mortal_pair(mortal: Server) -> Iterator[Pair]:
    with mortal.pair() as pair:
        yield pair


@pytest.fixture
async def db(mortal_pair: Pair) -> AsyncIterator[Database]:
    database = await Database.open(mortal_pair.main, mortal_pair.keys, MASTER_KEY)
    yield database
    await database.close()


async def _record(db: Database, number: int) -> None:
    async with db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=number, raw=b"{}")], NOW)


async def _kept(db: Database) -> list[int]:
    async with db.reading() as tx:
        return [update.id for update in await inbox.take(tx, 1000)]


async def test_what_was_committed_outlives_a_killed_server(mortal: Server, db: Database) -> None:
    """Kill -9 of the server loses nothing that was stored; the bot goes on by itself (docs/trust.md, 1)."""
    for number in range(20):
        await _record(db, number)
    mortal.kill()
    with pytest.raises(PASSING):
        await _record(db, 20)
    mortal.start_again()
    await _record(db, 21)
    assert await _kept(db) == [*range(20), 21]


async def test_a_server_killed_in_a_transaction_is_an_error_that_passes(mortal: Server, db: Database) -> None:
    """What was not committed is undone; it is no fault of the update (docs/trust.md, 6)."""

    async def write() -> None:
        async with db.writing() as tx:
            await inbox.record(tx, [RawUpdate(id=1, raw=b"{}")], NOW)
            mortal.kill()
            await inbox.counts(tx)

    with pytest.raises(PASSING):
        await write()
    mortal.start_again()
    assert await _kept(db) == []


async def test_connections_that_were_cut_are_replaced_without_an_error(mortal: Server, db: Database) -> None:
    """After a restart of the server the first thing that is asked of it succeeds."""
    await _record(db, 1)
    mortal.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'stagebot'")
    await asyncio.sleep(0.1)  # for the news to arrive
    await _record(db, 2)
    assert await _kept(db) == [1, 2]


ENDS = {
    "a lock that another holds": ("SET LOCAL lock_timeout = 50", "LOCK inbox"),
    "a statement that takes too long": ("SET LOCAL statement_timeout = 50", "SELECT pg_sleep(5)"),
    "a server that only reads": ("SET TRANSACTION READ ONLY", "DELETE FROM inbox"),
    "a disk that is full": (
        "SELECT 1",
        "DO $$ BEGIN RAISE EXCEPTION 'No space left' USING ERRCODE = 'disk_full'; END $$",
    ),
    "a deadlock": ("SELECT 1", "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'deadlock_detected'; END $$"),
    "too many connections": (
        "SELECT 1",
        "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'too_many_connections'; END $$",
    ),
}


@pytest.mark.parametrize("end", ENDS)
async def test_what_heals_by_itself_is_known_as_such(db: Database, end: str) -> None:
    """Work waits for it and counts no attempt."""
    before, statement = ENDS[end]

    async def write() -> None:
        async with db.writing() as tx:
            await tx.run(text(before))
            await tx.run(text(statement))

    async with db.reading() as reader:
        await inbox.counts(reader)
        with pytest.raises(OperationalError):
            await write()
    await _record(db, 1)
    assert await _kept(db) == [1]


async def test_a_writer_that_hangs_loses_its_turn(db: Database, mortal_pair: Pair) -> None:
    """Its transaction is ended by the server, so that another process can go on."""
    other = await Database.open(mortal_pair.main, mortal_pair.keys, MASTER_KEY)

    async def hang() -> None:
        async with db.writing() as tx:
            await tx.run(text("SET LOCAL idle_in_transaction_session_timeout = 100"))
            await _record(other, 2)
            await inbox.record(tx, [RawUpdate(id=1, raw=b"{}")], NOW)

    with pytest.raises(PASSING):
        await hang()
    assert await _kept(db) == [2]
    await other.close()


async def test_sessions_are_set_up_safely(db: Database) -> None:
    """Commits are on disk, the clock is UTC, nothing waits for ever."""
    names = [
        "application_name",
        "synchronous_commit",
        "timezone",
        "statement_timeout",
        "lock_timeout",
        "idle_in_transaction_session_timeout",
        "tcp_keepalives_idle",
        "transaction_isolation",
    ]
    async with db.writing() as tx:
        found = [(await tx.all(text(f"SHOW {name}")))[0][0] for name in names]
    assert found == ["stagebot", "on", "UTC", "30s", "30s", "15s", "10", "read committed"]
