from __future__ import annotations

from datetime import timedelta

from bot.store import inbox, tables
from bot.store.database import Database
from bot.store.records import RawUpdate
from tests.store.conftest import NOW, Files

CANARY = b"dit is een geheim van een kanarie"


async def test_updates_are_taken_oldest_first_whatever_their_ids(db: Database) -> None:
    """After a quiet week Telegram starts at any number: what came first goes first."""
    async with db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=901, raw=b"1"), RawUpdate(id=902, raw=b"2")], NOW)
        await inbox.record(tx, [RawUpdate(id=5, raw=b"3")], NOW + timedelta(seconds=1))
        assert [u.raw for u in await inbox.take(tx, 2)] == [b"1", b"2"]
        assert [u.id for u in await inbox.take(tx, 10)] == [901, 902, 5]


async def test_the_same_update_again_changes_nothing(db: Database) -> None:
    """Ten deliveries are one row, also after it was handled."""
    async with db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=1, raw=b"first")] * 5, NOW)
        await inbox.record(tx, [RawUpdate(id=1, raw=b"other")], NOW)
        assert await inbox.take(tx, 10) == [RawUpdate(id=1, raw=b"first")]
        await inbox.done(tx, [1])
        await inbox.record(tx, [RawUpdate(id=1, raw=b"first")], NOW)
        assert await inbox.take(tx, 10) == []
        assert await inbox.counts(tx) == {"done": 1}


async def test_attempts_are_counted_and_a_dead_update_is_set_aside(db: Database) -> None:
    """A failed update comes again with its count; a dead one does not come again."""
    async with db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=1, raw=b"1"), RawUpdate(id=2, raw=b"2")], NOW)
        await inbox.failed(tx, [1])
        await inbox.failed(tx, [1, 2])
        assert [u.attempts for u in await inbox.take(tx, 10)] == [2, 1]
        await inbox.dead(tx, [1])
        assert [u.id for u in await inbox.take(tx, 10)] == [2]
        assert await inbox.counts(tx) == {"dead": 1, "new": 1}


async def test_a_raw_update_is_never_readable_in_the_file(files: Files, db: Database) -> None:
    """Not while it waits, not while it is dead, not after it was handled."""
    async with db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=n, raw=CANARY) for n in range(50)], NOW)
    waiting = files.bytes()
    async with db.writing() as tx:
        await inbox.done(tx, range(49))
        await inbox.dead(tx, [49])
    assert (waiting.count(CANARY), files.bytes().count(CANARY)) == (0, 0)


async def test_blanking_removes_the_sealed_bytes_too(files: Files, db: Database) -> None:
    """Somebody who finds the key later finds nothing to open."""
    async with db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=1, raw=CANARY)], NOW)
        ((sealed,),) = await tx.all(tables.inbox.select().with_only_columns(tables.inbox.c.raw_sealed))
    async with db.writing() as tx:
        await inbox.done(tx, [1])
    await db.close()
    assert sealed not in files.bytes()


async def test_pruning_keeps_what_is_new_or_recent(db: Database) -> None:
    """Ids of handled updates go after a month; what was never handled stays."""
    async with db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=n, raw=b"x") for n in (1, 2)], NOW - timedelta(days=40))
        await inbox.record(tx, [RawUpdate(id=3, raw=b"x")], NOW - timedelta(days=20))
        await inbox.done(tx, [1, 3])
        assert await inbox.prune(tx, NOW - timedelta(days=30)) == 1
        assert await inbox.counts(tx) == {"new": 1, "done": 1}
