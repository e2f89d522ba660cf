from __future__ import annotations

from datetime import timedelta

import pytest

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


async def test_updates_that_overtook_each_other_are_put_in_order(db: Database) -> None:
    """A webhook is brought several at once: what waits together goes by number (decision 22)."""
    async with db.writing() as tx:
        for later, number in enumerate((903, 901, 904, 902)):
            await inbox.record(tx, [RawUpdate(id=number, raw=b"")], NOW + timedelta(milliseconds=later))
        assert [u.id for u in await inbox.take(tx, 10)] == [901, 902, 903, 904]


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


@pytest.mark.sqlite_only
async def test_blanking_removes_the_sealed_bytes_too(files: Files, db: Database) -> None:
    """Somebody who finds the key later finds nothing to open."""
    async with db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=1, raw=CANARY)], NOW)
        ((sealed,),) = await tx.all(tables.inbox.select().with_only_columns(tables.inbox.c.raw_sealed))
    async with db.writing() as tx:
        await inbox.done(tx, [1])
    await db.close()
    assert sealed not in files.bytes()


def of(chat: int | None, *ids: int) -> list[RawUpdate]:
    """Updates of one chat."""
    return [RawUpdate(id=number, raw=b"x", chat=chat) for number in ids]


async def test_a_chat_with_many_updates_does_not_hold_up_the_others(db: Database) -> None:
    """Each has its share of a batch; within a chat the order stays (docs/trust.md, 11)."""
    flood = of(7, *range(1, 101)) + of(8, *range(101, 201))
    async with db.writing() as tx:
        await inbox.record(tx, flood, NOW)
        await inbox.record(tx, of(1, 300, 301) + of(2, 302), NOW + timedelta(seconds=1))
        first = [u.id for u in await inbox.take(tx, 60)]
        await inbox.done(tx, first)
        second = [u.id for u in await inbox.take(tx, 60)]
    assert first == [*range(1, 21), *range(101, 121), 300, 301, 302]
    assert second == [*range(21, 41), *range(121, 141)]


async def test_updates_of_no_chat_have_no_share_to_keep_to(db: Database) -> None:
    """What came in before chats were known waits in one line: nobody overtakes themselves there."""
    async with db.writing() as tx:
        await inbox.record(tx, of(None, *range(1, 51)), NOW)
        assert [u.id for u in await inbox.take(tx, 40)] == list(range(1, 41))


async def test_of_what_was_refused_only_the_newest_ids_are_kept(db: Database) -> None:
    """A flood of hours is a few thousand rows; one that comes again is known (docs/trust.md, 11)."""
    async with db.writing() as tx:
        for second in range(12):
            ids = range(second * 500, (second + 1) * 500)
            await inbox.refuse(tx, ids, NOW + timedelta(seconds=second))
        await inbox.record(tx, of(7, 5999), NOW + timedelta(seconds=13))
        assert await inbox.counts(tx) == {"refused": inbox.REFUSED_KEPT}


async def test_an_update_that_was_damaged_holds_up_no_other(db: Database) -> None:
    """It is given empty, so that it can be set aside."""
    async with db.writing() as tx:
        await inbox.record(tx, of(1, 1, 2), NOW)
        await tx.run(tables.inbox.update().where(tables.inbox.c.id == 1).values(raw_sealed=b"no seal"))
        assert [u.raw for u in await inbox.take(tx, 10)] == [b"", b"x"]


async def test_pruning_keeps_what_is_new_or_recent(db: Database) -> None:
    """Ids of handled updates go after a month; what was never handled stays."""
    async with db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=n, raw=b"x") for n in (1, 2)], NOW - timedelta(days=40))
        await inbox.record(tx, [RawUpdate(id=3, raw=b"x")], NOW - timedelta(days=20))
        await inbox.done(tx, [1, 3])
        assert await inbox.prune(tx, NOW - timedelta(days=30)) == 1
        assert await inbox.counts(tx) == {"new": 1, "done": 1}
