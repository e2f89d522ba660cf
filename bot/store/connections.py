"""Opens connections the safe way: one writer at a time, commits on disk, deleted text overwritten."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.damage import Damage
from bot.store.errors import DatabaseBroken, DatabaseMissing, DatabaseUnreachable
from bot.store.server import engine_for, reason, take_turn, telling_nothing

# Who owns the database tries again by itself, and waits no longer, to leave in time (docs/trust.md, 18).
_BUSY_SECONDS = {True: 2, False: 30}
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
# SQLite 3.7.0-3.51.2 can corrupt a database when two connections reset its write-ahead log.
_WAL_IS_SAFE = sqlite3.sqlite_version_info >= (3, 51, 3)
_BEGIN = "stagebot_begin"
_ONE_MOMENT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_WHOLE, _QUICK = "integrity_check", "quick_check"
_ENCODING = "UTF8"
_OLDEST = 14  # the first that ends a connection without a word from who leads
_ABOUT = text(
    "SELECT current_setting('server_encoding') AS encoding, "
    "current_setting('server_version_num') AS version, current_database() AS name, system_identifier "
    "FROM pg_control_system()"
)


class Connections:
    """The connections to one database."""

    def __init__(self, url: str, *, owner: bool = True) -> None:
        parsed = make_url(url)
        self.url = parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))
        self.path = _file(self.url)
        self.place = str(self.path) if self.path else _place(self.url)
        self.identity: object = self.path  # on a server known after `check`
        self.damage = Damage()
        self._owner = owner
        self._writer = asyncio.Lock()
        self._engine = self._sqlite_engine() if self.path else engine_for(self.url)

    async def check(self, *, whole: bool = True) -> None:
        """Raise when the database can't be opened or is damaged; `whole`: look at everything."""
        if self.path and not self._owner and not self.path.exists():
            raise DatabaseMissing(self.path)
        try:
            await (
                self._check_integrity(_WHOLE if whole else _QUICK) if self.path else self._look_at_server()
            )
        except OperationalError as error:
            raise DatabaseUnreachable(self.place, reason(error)) from error
        except (DBAPIError, sqlite3.DatabaseError) as error:
            raise DatabaseBroken(self.place, reason(error)) from error
        except OSError as error:
            raise DatabaseUnreachable(self.place, reason(error)) from error

    async def _check_integrity(self, check: str) -> None:
        async with self.reading() as connection:
            found = (await connection.execute(text(f"PRAGMA {check}(1)"))).scalar_one()
            if found != "ok":
                raise DatabaseBroken(self.place, f"damaged ({check})")

    async def _look_at_server(self) -> None:
        async with self.reading() as connection:
            found = (await connection.execute(_ABOUT)).one()
        if found.encoding != _ENCODING:
            raise DatabaseUnreachable(self.place, f"its encoding is {found.encoding}, needed is {_ENCODING}")
        if int(found.version) < _OLDEST * 10_000:
            raise DatabaseUnreachable(
                self.place, f"it is PostgreSQL {int(found.version) // 10_000}, needed is {_OLDEST} or newer"
            )
        self.identity = (found.system_identifier, found.name)

    @asynccontextmanager
    async def writing(self, *, alone: bool = True) -> AsyncIterator[AsyncConnection]:
        """Give a connection in a transaction that may write; the others wait their turn, in all processes.

        On a server, who only adds rows and decides nothing need not be `alone`.
        """
        if self.path is None and not alone:
            async with self._transaction() as connection:
                yield connection
            return
        async with self._writer, self._transaction(**{_BEGIN: "BEGIN IMMEDIATE"}) as connection:
            if self.path is None:
                await take_turn(connection)
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection that sees one moment of the data."""
        async with self._transaction(**({} if self.path else _ONE_MOMENT)) as connection:
            yield connection

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection to a server without a transaction; with it go the locks that it took."""
        with self._guard():
            async with self._engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                try:
                    yield connection
                finally:
                    await connection.invalidate()

    @asynccontextmanager
    async def _transaction(self, **options: Any) -> AsyncIterator[AsyncConnection]:
        # A deferred transaction that reads and then writes fails at once when another process writes.
        with self._guard():
            async with self._engine.connect() as connection:
                await connection.execution_options(**options)
                async with connection.begin():
                    yield connection

    def _guard(self) -> AbstractContextManager[None]:
        return self.damage.noting(self.place) if self.path else telling_nothing()

    async def close(self) -> None:
        """Close all connections: one left open would keep the process from ending."""
        await self._engine.dispose()

    def _sqlite_engine(self) -> AsyncEngine:
        engine = create_async_engine(
            self.url,
            hide_parameters=True,
            connect_args={"timeout": _BUSY_SECONDS[self._owner], "isolation_level": None},
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


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


def _place(url: URL) -> str:
    """Name a database on a server without its user and password."""
    host = url.host or url.query.get("host")
    return f"{host}{f':{url.port}' if url.port else ''}/{url.database}"


def _file(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:":
        raise DatabaseUnreachable(str(url), "needs a file: what is kept in memory is lost")
    return Path(url.database)
