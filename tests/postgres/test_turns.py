"""Several processes on one database: decisions one at a time, claims never twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.store import inbox, outbox, outbox_statements, people, roster, stages
from bot.store.database import Database
from bot.store.records import Parcel, RawUpdate
from conversations.messages import Lane
from tests.postgres.server import Pair, Server
from tests.store.conftest import DAAN, FIRST, INGRID, KEES, MASTER_KEY, NOW, SAMIRA, SECOND

PARCELS = 120
Two = tuple[Database, Database]


@pytest.fixture
async def two(postgres_pair: Pair) -> AsyncIterator[Two]:
    """The same database as two processes have it, with two students who have joined."""
    one = await Database.open(postgres_pair.main, postgres_pair.keys, MASTER_KEY)
    other = await Database.open(postgres_pair.main, postgres_pair.keys, MASTER_KEY)
    async with one.writing() as tx:
        await roster.apply(tx, [SAMIRA, DAAN, INGRID, KEES], [FIRST, SECOND], [], NOW)
        found = await stages.by_codes(tx, ["BPV-1", "BPV-2"])
        for chat, stage in enumerate(found.values(), start=11):
            await people.bind(tx, stage.student, chat)
    yield one, other
    await one.close()
    await other.close()


def _to(chat: int) -> Parcel:
    return Parcel(to=None, kind="message", payload={"text": "hoi"}, lane=Lane.PROMPT, chat=chat)


async def test_two_who_decide_take_turns(two: Two) -> None:
    """What one reads before it writes still holds when it commits: no update is lost between the two."""
    async with two[0].writing() as tx:
        await tx.run(text("CREATE TABLE counted (number int)"))
        await tx.run(text("INSERT INTO counted VALUES (0)"))

    async def count(db: Database) -> None:
        for _ in range(25):
            async with db.writing() as tx:
                ((number,),) = await tx.all(text("SELECT number FROM counted"))
                await asyncio.sleep(0)
                await tx.run(text("UPDATE counted SET number = :next"), {"next": number + 1})

    await asyncio.gather(*(count(db) for db in two))
    async with two[0].reading() as tx:
        assert [tuple(row) for row in await tx.all(text("SELECT number FROM counted"))] == [(50,)]


async def test_who_only_adds_waits_for_nobody(two: Two) -> None:
    """A webhook's update is committed while another process is still deciding (docs/trust.md, 14)."""
    async with two[0].writing():
        async with asyncio.timeout(5):
            async with two[1].writing(alone=False) as tx:
                await inbox.record(tx, [RawUpdate(id=1, raw=b"{}")], NOW)
        async with two[1].reading() as tx:
            assert await inbox.counts(tx) == {"new": 1}


async def test_claims_of_two_processes_never_meet(two: Two) -> None:
    """Of 120 messages to 40 chats each is claimed once, and at most one a chat (docs/trust.md, 2 and 5)."""
    async with two[0].writing() as tx:
        await outbox.put(tx, [_to(n % 40) for n in range(PARCELS)], NOW)

    async def claim(db: Database) -> list[tuple[int, int]]:
        found = []
        for _ in range(10):
            async with db.writing() as tx:
                found += [(one.id, one.chat) for one in await outbox.claim(tx, NOW, 3, ())]
        return found

    claims = await asyncio.gather(*(claim(db) for db in two))
    ids = [number for mine in claims for number, _ in mine]
    chats = [chat for mine in claims for _, chat in mine]
    assert (len(ids), len(set(ids)), sorted(chats)) == (40, 40, list(range(40)))


async def test_candidates_that_another_transaction_holds_are_skipped(two: Two) -> None:
    """Even without taking turns nothing is claimed twice and nobody waits: FOR UPDATE SKIP LOCKED."""
    async with two[0].writing() as tx:
        await outbox.put(tx, [_to(n) for n in range(6)], NOW)
    values = {"now": NOW, "taken": [], "most": 3}
    async with two[0].writing(alone=False) as one, two[1].writing(alone=False) as other:
        mine = [row.id for row in await one.all(outbox_statements.CANDIDATES, values)]
        async with asyncio.timeout(5):
            theirs = [row.id for row in await other.all(outbox_statements.CANDIDATES, values)]
    assert (len(mine), len(theirs), set(mine) & set(theirs)) == (3, 3, set())


async def test_a_reader_sees_one_moment_and_can_not_write(two: Two) -> None:
    """Two looks in one reading are the same, whatever another process commits between them."""
    async with two[0].reading() as tx:
        before = await inbox.counts(tx)
        async with two[1].writing() as writer:
            await inbox.record(writer, [RawUpdate(id=1, raw=b"{}")], NOW)
        after = await inbox.counts(tx)
    with pytest.raises(DBAPIError, match="ReadOnly"):
        async with two[0].reading() as tx:
            await tx.run(text("DELETE FROM inbox"))
    assert (before, after) == ({}, {})


async def test_an_update_that_comes_to_two_processes_is_kept_once(two: Two) -> None:
    """Ten at the same moment: one row (docs/trust.md, 4)."""

    async def record(db: Database) -> None:
        async with db.writing(alone=False) as tx:
            await inbox.record(tx, [RawUpdate(id=7, raw=b"{}")], NOW)

    await asyncio.gather(*(record(two[n % 2]) for n in range(10)))
    async with two[0].reading() as tx:
        assert await inbox.counts(tx) == {"new": 1}


async def test_a_list_may_be_longer_than_the_server_takes_parameters(two: Two) -> None:
    """PostgreSQL takes 32,767 in one statement."""
    async with two[0].reading() as tx:
        found = await tx.all_in(outbox_statements.CHAT_LOOKUPS, "ids", range(-70_000, 0))
    assert found == []


async def test_no_byte_of_an_erased_key_stays_in_the_table(
    postgres: Server, postgres_pair: Pair, two: Two
) -> None:
    """PostgreSQL keeps what was deleted until the table is written anew, which erasing does."""
    keys = postgres_pair.keys.rpartition("/")[2]
    ((person, wrapped),) = postgres.run(
        "SELECT person, wrapped FROM person_keys ORDER BY person DESC LIMIT 1", keys
    )
    before = _table(postgres, keys)
    await two[0].vault.erase([person])
    assert (wrapped in before, wrapped in _table(postgres, keys)) == (True, False)


def _table(server: Server, database: str) -> bytes:
    server.run("CHECKPOINT")
    ((path,),) = server.run("SELECT pg_relation_filepath('person_keys')", database)
    folder = (server.folder / "data" / path).parent
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
