"""Opens connections the safe way: one writer at a time, FULL sync, deleted text overwritten."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.errors import DatabaseBroken, DatabaseMissing, DatabaseUnreachable

_BUSY_SECONDS = 30
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
# SQLite 3.7.0-3.51.2 can corrupt a database when two connections reset its write-ahead log.
_WAL_IS_SAFE = sqlite3.sqlite_version_info >= (3, 51, 3)
_BEGIN = "stagebot_begin"


class Connections:
    """The connections to one database."""

    def __init__(self, url: str, *, owner: bool = True) -> None:
        parsed = make_url(url)
        self.url = parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))
        self.path = _file(self.url)
        self.place = str(self.path) if self.path else self.url.render_as_string(hide_password=True)
        self._owner = owner
        self._writer = asyncio.Lock()
        self._engine = self._sqlite_engine() if self.path else _server_engine(self.url)

    async def check(self) -> None:
        """Raise when the database can't be opened or is damaged."""
        if self.path and not self._owner and not self.path.exists():
            raise DatabaseMissing(self.path)
        try:
            await self._quick_check()
        except OperationalError as error:
            raise DatabaseUnreachable(self.place, str(error.orig)) from error
        except (DatabaseError, sqlite3.DatabaseError) as error:
            raise DatabaseBroken(self.place, str(getattr(error, "orig", error))) from error

    async def _quick_check(self) -> None:
        async with self.reading() as connection:
            if self.path:
                found = (await connection.execute(text("PRAGMA quick_check(1)"))).scalar_one()
                if found != "ok":
                    raise DatabaseBroken(self.place, "damaged (quick_check)")

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection in a transaction that may write; the others wait their turn."""
        # A deferred transaction that reads and then writes fails at once when another process writes.
        async with self._writer, self._engine.connect() as connection:
            await connection.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection that sees one moment of the data."""
        async with self._engine.connect() as connection, connection.begin():
            yield connection

    async def close(self) -> None:
        """Close all connections: one left open would keep the process from ending."""
        await self._engine.dispose()

    def _sqlite_engine(self) -> AsyncEngine:
        engine = create_async_engine(
            self.url, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None}
        )
        event.listen(engine.sync_engine, "connect", self._prepare)
        event.listen(engine.sync_engine, "begin", _begin)
        return engine

    def _prepare(self, connection: Any, _record: object) -> None:  # the driver's own connection, untyped
        try:
            cursor = connection.cursor()
            if self._owner:
                cursor.execute(f"PRAGMA journal_mode={'WAL' if _WAL_IS_SAFE else 'DELETE'}")
            for pragma in ("foreign_keys=ON", "synchronous=FULL", "temp_store=MEMORY", "secure_delete=ON"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.execute("PRAGMA secure_delete")
            self._refuse_unless_overwriting(cursor.fetchall())
            cursor.close()
        except BaseException:
            connection.close()  # its thread would keep the process from ending
            raise

    def _refuse_unless_overwriting(self, secure_delete: list[tuple[int]]) -> None:
        if secure_delete != [(1,)]:
            raise DatabaseUnreachable(self.place, "this SQLite does not overwrite what is deleted")


def _server_engine(url: URL) -> AsyncEngine:
    return create_async_engine(url, hide_parameters=True, pool_pre_ping=True)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


def _file(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:":
        raise DatabaseUnreachable(str(url), "needs a file: what is kept in memory is lost")
    return Path(url.database)
