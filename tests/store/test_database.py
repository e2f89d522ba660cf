from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import structlog
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import IntegrityError

from bot.store import access, inbox, tables
from bot.store.connections import Connections
from bot.store.database import Database
from bot.store.errors import (
    DatabaseBroken,
    DatabaseMissing,
    DatabaseUnreachable,
    InUse,
    KeysOfAnother,
    SchemaOutdated,
)
from bot.store.records import RawUpdate
from tests.store.conftest import MASTER_KEY, NOW, Files, School


async def _differences(url: str, metadata: MetaData) -> object:
    def compare(connection: Connection) -> object:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)

    connections = Connections(url)
    async with connections.reading() as connection:
        found = await connection.run_sync(compare)
    await connections.close()
    return found


async def test_migrations_make_the_tables_that_the_code_uses(files: Files, db: Database) -> None:
    """Nothing is left to migrate: the migrations and the Table objects say the same."""
    await db.close()
    assert await _differences(files.pair.main, tables.main) == []
    assert await _differences(files.pair.keys, tables.keys) == []


async def test_opening_again_keeps_what_is_there(files: Files, db: Database) -> None:
    """Migrations that ran are not run again."""
    async with db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=1, raw=b"{}")], NOW)
    await db.close()
    again = await files.open()
    async with again.reading() as tx:
        assert await inbox.take(tx, 10) == [RawUpdate(id=1, raw=b"{}")]
    await again.close()


@pytest.mark.sqlite_only
async def test_a_second_owner_is_refused_at_once(files: Files, db: Database) -> None:
    """Two programs on one database end with a clear line for the second; the first goes on."""
    with pytest.raises(InUse, match="in use by another stagebot"):
        await files.open()
    async with db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=1, raw=b"{}")], NOW)


@pytest.mark.sqlite_only
async def test_another_process_is_refused_too_and_may_start_after_the_first(
    files: Files, db: Database
) -> None:
    """The lock holds between processes and goes with its owner."""
    code = (
        "import asyncio, sys\n"
        "from bot.store.database import Database\n"
        "from bot.store.errors import InUse\n"
        "async def main():\n"
        "    try:\n"
        "        db = await Database.open(sys.argv[1], sys.argv[2], bytes(range(32)))\n"
        "    except InUse:\n"
        "        sys.exit(3)\n"
        "    await db.close()\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", code, f"sqlite:///{files.main}", f"sqlite:///{files.keys}"]
    refused = await asyncio.to_thread(subprocess.run, command, check=False)
    await db.close()
    welcome = await asyncio.to_thread(subprocess.run, command, check=False)
    assert (refused.returncode, welcome.returncode) == (3, 0)


async def test_a_second_use_beside_the_owner_reads_and_writes(files: Files, db: Database) -> None:
    """`stagebot digest` and `stagebot invites` work while `stagebot run` runs."""
    async with db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=1, raw=b"a")], NOW)
    beside = await files.open(lock=False)
    async with beside.writing() as tx:
        await access.log(tx, NOW, None, "export", None)
    async with beside.reading() as tx:
        assert await inbox.take(tx, 10) == [RawUpdate(id=1, raw=b"a")]
    await beside.close()


@pytest.mark.sqlite_only
async def test_a_second_use_makes_nothing(files: Files) -> None:
    """Without a database there is a clear line and still no file."""
    with pytest.raises(DatabaseMissing, match="no database here yet"):
        await files.open(lock=False)
    assert list(files.folder.iterdir()) == []


async def test_a_second_use_refuses_tables_of_another_version(files: Files, db: Database) -> None:
    """It does not migrate below a running owner."""
    async with db.writing() as tx:
        await tx.run(text("update alembic_version set version_num = 'main_0'"))
    with pytest.raises(SchemaOutdated, match="tables of version main_0, needed is main_3"):
        await files.open(lock=False)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("which", ["stagebot.db", "keys.db"])
@pytest.mark.parametrize("spoiled", [b"no database at all, " * 50, None])
async def test_a_damaged_database_is_refused(
    files: Files, db: Database, which: str, spoiled: bytes | None
) -> None:
    """Garbage and a file with a hole end in one clear line, never in a silent loss."""
    await db.close()
    path = files.folder / which
    content = path.read_bytes()
    path.write_bytes(spoiled or content[:4096] + bytes(4096) + content[8192:])
    with pytest.raises(DatabaseBroken, match=f"{which}: .*; restore a backup"):
        await files.open()


@pytest.mark.sqlite_only
async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A data directory that is a file gives one line."""
    (tmp_path / "data").write_text("a file")
    with pytest.raises(DatabaseUnreachable, match="data"):
        await Database.open(f"sqlite:///{tmp_path}/data/a.db", f"sqlite:///{tmp_path}/data/b.db", bytes(32))


@pytest.mark.sqlite_only
async def test_a_database_in_memory_is_refused() -> None:
    """What would be lost at the end is not accepted."""
    with pytest.raises(DatabaseUnreachable, match="needs a file"):
        await Database.open("sqlite://", "sqlite://", bytes(32))


@pytest.mark.sqlite_only
async def test_connections_are_set_up_safely(db: Database) -> None:
    """Synchronous FULL, foreign keys on, deleted data overwritten, and two seconds of patience."""
    async with db.writing() as tx:
        names = ["synchronous", "foreign_keys", "secure_delete", "busy_timeout"]
        found = [(await tx.all(text(f"PRAGMA {name}")))[0][0] for name in names]
        (journal,) = (await tx.all(text("PRAGMA journal_mode")))[0]
    wal_is_safe = sqlite3.sqlite_version_info >= (3, 51, 3)
    assert found == [2, 1, 1, 2_000]
    assert journal == {True: "wal", False: "delete"}[wal_is_safe]


async def test_writers_take_turns_and_an_error_undoes_only_its_own(db: Database) -> None:
    """Of twenty writers at once the odd ones fail: the even ones are all there, the odd ones not."""

    async def write(number: int) -> None:
        async with db.writing() as tx:
            await inbox.record(tx, [RawUpdate(id=number, raw=b"{}")], NOW)
            await asyncio.sleep(0)
            assert number % 2 == 0

    ends = await asyncio.gather(*(write(n) for n in range(20)), return_exceptions=True)
    async with db.reading() as tx:
        kept = [update.id for update in await inbox.take(tx, 100)]
    assert kept == list(range(0, 20, 2))
    assert [type(end) for end in ends] == [type(None), AssertionError] * 10


async def test_two_processes_writing_lose_nothing(files: Files, db: Database) -> None:
    """Reading before writing does not end in "database is locked": each waits for the other."""
    beside = await files.open(lock=False)

    async def write(database: Database, numbers: range) -> None:
        for number in numbers:
            async with database.writing() as tx:
                await inbox.counts(tx)
                await inbox.record(tx, [RawUpdate(id=number, raw=b"{}")], NOW)

    await asyncio.gather(write(db, range(20)), write(beside, range(20, 40)))
    async with db.reading() as tx:
        assert await inbox.counts(tx) == {"new": 40}
    await beside.close()


async def test_moments_come_back_in_utc(db: Database) -> None:
    """A moment in any time zone is the same moment after storing, aware and in UTC."""
    amsterdam = timezone(timedelta(hours=2))
    async with db.writing() as tx:
        await access.log(tx, datetime(2026, 9, 7, 16, 30, tzinfo=amsterdam), None, "export", 2)
        (row,) = await tx.all(tables.access_log.select())
    assert (row.at, row.at.tzinfo) == (datetime(2026, 9, 7, 14, 30, tzinfo=UTC), UTC)


async def test_an_error_tells_no_values(db: Database) -> None:
    """The text of a database error holds no parameter."""
    row = {"id": 1, "at": NOW, "actor": 1, "action": "canary-4711", "subject": 2}
    with pytest.raises(IntegrityError) as caught:
        async with db.writing() as tx:
            await tx.insert(tables.access_log, [row, row])
    assert "canary-4711" not in str(caught.value)


async def test_keys_that_are_older_than_main_are_told_of(files: Files, db: Database, school: School) -> None:
    """As after restoring yesterday's keys: one line with how many people that concerns, the others go on."""
    await db.vault.erase([school.daan])
    await db.close()
    with structlog.testing.capture_logs() as lines:
        again = await files.open()
    await again.close()
    assert [line for line in lines if line["event"] == "keys_missing"] == [
        {"event": "keys_missing", "people": 1, "log_level": "error"}
    ]


@pytest.mark.sqlite_only
async def test_keys_that_open_no_name_are_not_sealed_to_a_database_from_before_the_seal(
    files: Files, db: Database, school: School
) -> None:
    """The wrong keys at the first start of a new release are refused, and the right ones fit afterwards."""
    async with db.writing() as tx:
        await tx.run(text("DELETE FROM last_start"))
    await db.close()
    right = files.keys.read_bytes()
    files.keys.unlink()
    other = f"sqlite:///{files.folder}/other.db"
    await (await Database.open(other, f"sqlite:///{files.keys}", MASTER_KEY)).close()
    with pytest.raises(KeysOfAnother):
        await files.open()
    files.keys.write_bytes(right)
    await (await files.open()).close()
    assert school.first.student == school.samira
