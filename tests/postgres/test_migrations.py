"""Every earlier version of the tables, with rows in them, becomes the version of now; on both databases."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, text
from sqlalchemy.types import Boolean, Date, DateTime, LargeBinary, String, Time

from bot.store import tables
from bot.store.connections import Connections
from bot.store.database import Database
from bot.store.schema import Schema, upgrade, versions
from tests.postgres.server import Pair, Server
from tests.store.conftest import MASTER_KEY

KINDS = ("sqlite", "postgresql")
EARLIER = ("main_1", "main_2")
AT = datetime(2026, 9, 21, 8, 0, tzinfo=UTC)
OPENS = """
import asyncio, sys
from bot.store.database import Database
async def main():
    db = await Database.open(sys.argv[1], sys.argv[2], bytes(range(32)))
    await db.close()
asyncio.run(main())
"""
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """Two databases without tables."""
    if request.param == "sqlite":
        yield Pair(main=f"sqlite:///{tmp_path}/main.db", keys=f"sqlite:///{tmp_path}/keys.db")
        return
    server: Server = request.getfixturevalue("postgres")
    with server.pair(migrated=False) as pair:
        yield pair


@pytest.mark.parametrize("version", EARLIER)
async def test_rows_of_an_earlier_version_are_all_there_afterwards(empty: Pair, version: str) -> None:
    """Each table of then has a row; each of its fields is as it was, and each new field has its meaning."""
    await _migrate(empty.main, Schema.MAIN, version)
    async with _writing(empty.main) as connection:
        before = await connection.run_sync(_fill)
    await _migrate(empty.main, Schema.MAIN, "head")
    async with _writing(empty.main) as connection:
        after = await connection.run_sync(_rows)
        differences = await connection.run_sync(_differences)
        assert await connection.run_sync(versions, Schema.MAIN) == ("main_3", "main_3")
    del before["alembic_version"]
    assert _common(before, after) == before
    assert {name: len(after[name]) for name in before} == dict.fromkeys(before, 1)
    assert differences == []


async def test_what_is_new_in_an_earlier_database_means_what_held_until_then(empty: Pair) -> None:
    """Meetings of before are planned as the roster has them; trainers go on; nothing was undelivered."""
    await _migrate(empty.main, Schema.MAIN, "main_1")
    async with _writing(empty.main) as connection:
        await connection.run_sync(_fill)
    await _migrate(empty.main, Schema.MAIN, "head")
    async with _writing(empty.main) as connection:
        after = await connection.run_sync(_rows)
    (meeting,), (stage,), (digest,) = (after[name] for name in ("meetings", "stages", "digests"))
    assert (meeting["roster_at"], meeting["roster_place"]) == (meeting["at"], meeting["place"])
    assert (meeting["state"], meeting["moved"], meeting["asked"], meeting["present"]) == (
        "planned",
        0,
        None,
        "",
    )
    assert (stage["trainer_stopped"], digest["undelivered"]) == (False, False)
    assert after["inbox"][0]["chat_lookup"] is None


async def test_from_nothing_to_the_version_of_now(empty: Pair) -> None:
    """The migrations and the Table objects say the same, in both databases."""
    await (await Database.open(empty.main, empty.keys, MASTER_KEY)).close()
    for url, metadata in ((empty.main, tables.main), (empty.keys, tables.keys)):
        async with _writing(url) as connection:
            assert await connection.run_sync(_differences, metadata) == []


async def test_several_that_start_on_an_empty_server_at_once_make_one_database(postgres: Server) -> None:
    """One migrates and the others wait; there is one system key, and every process opens."""
    with postgres.pair(migrated=False) as pair:
        started = [await _start(pair) for _ in range(4)]
        ends = [await process.communicate() for process in started]
        assert [(one.returncode, err) for one, (_, err) in zip(started, ends, strict=True)] == [(0, b"")] * 4
        keys = postgres.run("SELECT person FROM person_keys", pair.keys.rpartition("/")[2])
        versions_found = postgres.run("SELECT version_num FROM alembic_version", _name(pair.main))
    assert (keys, versions_found) == ([(0,)], [("main_3",)])


async def test_killed_while_it_migrates_leaves_the_earlier_version_whole(postgres: Server) -> None:
    """All or nothing: after kill -9 half-way the tables are as they were, and the next try succeeds."""
    with postgres.pair(migrated=False) as pair:
        await _migrate(pair.keys, Schema.KEYS, "head")
        await _migrate(pair.main, Schema.MAIN, "main_1")
        async with _writing(pair.main) as connection:
            await connection.run_sync(_fill)
            before = await connection.run_sync(_rows)
        blocker = Connections(pair.main)
        async with blocker.writing(alone=False) as holding:
            await holding.execute(text("LOCK TABLE replies"))  # after stages and meetings were changed
            process = await _start(pair)
            await _until_waiting(postgres, _name(pair.main))
            process.kill()
            await process.communicate()
        await blocker.close()
        async with _writing(pair.main) as connection:
            assert await connection.run_sync(_rows) == before
        await _migrate(pair.main, Schema.MAIN, "head")
        assert postgres.run("SELECT version_num FROM alembic_version", _name(pair.main)) == [("main_3",)]


# ---- databases of an earlier version ---------------------------------------------------------------------


async def _migrate(url: str, schema: Schema, to: str) -> None:
    async with _writing(url) as connection:
        await connection.run_sync(upgrade, schema, to)


@asynccontextmanager
async def _writing(url: str) -> AsyncIterator[Any]:
    connections = Connections(url)
    try:
        async with connections.writing() as connection:
            yield connection
    finally:
        await connections.close()


def _fill(connection: Connection) -> Rows:
    """Put a row into each table that there is, with a value in each field."""
    for table in _reflected(connection).sorted_tables:
        if table.name != "alembic_version":
            connection.execute(table.insert(), {c.name: _value(c.type) for c in table.columns})
    return _rows(connection)


def _value(kind: Any) -> object:
    match kind:
        case LargeBinary():
            return b"\x00sealed\xff"
        case String():
            return "café 🔒"
        case Boolean():
            return True
        case DateTime():
            return AT if kind.timezone else AT.replace(tzinfo=None)
        case Date():
            return date(2026, 9, 21)
        case Time():
            return time(16, 30)
        case _:
            return 1


def _rows(connection: Connection) -> Rows:
    return {table.name: _of(connection, table) for table in _reflected(connection).sorted_tables}


def _of(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(table.select()).mappings()]


def _reflected(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    return found


def _common(before: Rows, after: Rows) -> Rows:
    """Give of what is there now the tables and fields that there were before."""
    return {
        name: [{field: row[field] for field in before[name][0]} for row in after[name]] for name in before
    }


def _differences(connection: Connection, metadata: MetaData = tables.main) -> object:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, metadata)


def _name(url: str) -> str:
    return url.rpartition("/")[2]


async def _start(pair: Pair) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", OPENS, pair.main, pair.keys, stdout=PIPE, stderr=PIPE
    )


async def _until_waiting(server: Server, database: str) -> None:
    statement = (
        "SELECT count(*) FROM pg_stat_activity "  # noqa: S608 - our own name
        f"WHERE datname = '{database}' AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(30):
        while server.run(statement) != [(1,)]:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)
