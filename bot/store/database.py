"""Opens the database: lock, check, migrations, vault; then hands out transactions."""

from __future__ import annotations

import fcntl
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import pairing
from bot.store.connections import Connections
from bot.store.errors import (
    DatabaseUnreachable,
    InUse,
    KeysMissing,
    MainMissing,
    SameDatabase,
    SchemaOutdated,
    SchemaUnknown,
)
from bot.store.keyring import DatabaseKeyring
from bot.store.schema import Schema, VersionUnknown, upgrade, versions
from bot.store.server import reason
from bot.store.transaction import Transaction
from bot.store.vault import Vault

log = structlog.get_logger()

First = Callable[[Transaction], Awaitable[None]]


class Database:
    """The main database and the vault with its keys, open until `close`."""

    def __init__(
        self,
        connections: Connections,
        vault: Vault,
        resources: AsyncExitStack,
        first: First | None = None,
    ) -> None:
        self.vault = vault
        self._connections = connections
        self._resources = resources
        self._first = first

    @classmethod
    async def open(cls, url: str, keys_url: str, master_key: bytes, *, lock: bool = True) -> Database:
        """Open both databases.

        With `lock` this process is the owner: a second owner gets InUse at once, missing files are made and
        migrations run. Without it the files must be there and current (DatabaseMissing, SchemaOutdated); it
        may be used beside an owner, for reading and for short writing.
        """
        main, keys = Connections(url, owner=lock), Connections(keys_url, owner=lock)
        keys.damage = main.damage
        begins = main.path is not None and not _holds_anything(main.path)
        resources = AsyncExitStack()
        try:
            if lock:
                _claim_files(main, keys, resources)
            for connections in (keys, main):
                resources.push_async_callback(connections.close)
                # The whole check holds up whoever writes meanwhile; who runs the bot made it at the start.
                await connections.check(whole=lock or not _is_in_use(main.path))
            await _refuse_what_does_not_belong_together(main, keys)
            begins = begins or (main.path is None and await _version(main, Schema.MAIN) is None)
            keyring = DatabaseKeyring(keys)
            await _bring_up_to_date(keys, Schema.KEYS, owner=lock)
            await _refuse_to_begin_anew(begins, keyring, main.place, keys.place)
            await _bring_up_to_date(main, Schema.MAIN, owner=lock)
            vault = Vault(master_key, keyring)
            await vault.start()
            db = cls(main, vault, resources)
            await _refuse_keys_of_another(db, main.place, keys.place, owner=lock)
            if lock:
                await _tell_of_lost_keys(db, keyring)
        except BaseException:
            await resources.aclose()
            raise
        return db

    @property
    def shared(self) -> bool:
        """Say whether several processes may run the bot on this database: it is on a server."""
        return self._connections.path is None

    def beginning_with(self, first: First) -> Database:
        """Give the same database with something to do first in every transaction that writes."""
        return Database(self._connections, self.vault, self._resources, first)

    @asynccontextmanager
    async def writing(self, *, alone: bool = True) -> AsyncIterator[Transaction]:
        """Give a transaction that may write: committed at the end, undone on an error, one at a time.

        On a server one at a time over all processes. Not `alone` is for what only adds rows, such as
        updates that come in: on a server it waits for nobody. (On SQLite every writer waits its turn.)
        """
        async with self._connections.writing(alone=alone) as connection:
            tx = Transaction(connection, self.vault)
            if self._first is not None:
                await self._first(tx)
            yield tx

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Give a transaction to read one moment of the data; keep it short, as it can hold up a writer."""
        async with self._connections.reading() as connection:
            yield Transaction(connection, self.vault)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection to the server outside transactions: what it locked is free when it ends."""
        async with self._connections.session() as connection:
            yield connection

    async def until_damaged(self) -> None:
        """Wait until one of the two turns out to be damaged, and raise DatabaseBroken."""
        await self._connections.damage.wait()

    async def close(self) -> None:
        """Close all connections and let go of the lock."""
        await self._resources.aclose()


async def _refuse_what_does_not_belong_together(main: Connections, keys: Connections) -> None:
    if main.identity == keys.identity:
        raise SameDatabase(keys.place)
    if main.path:
        return
    # Main first: where several start on empty databases at once, the keys are never made after it.
    if await _version(main, Schema.MAIN) and not await _version(keys, Schema.KEYS):
        raise KeysMissing(keys.place, main.place)


async def _refuse_to_begin_anew(begins: bool, keyring: DatabaseKeyring, main: str, keys: str) -> None:
    if begins and await keyring.holds_people():
        raise MainMissing(main, keys)


async def _refuse_keys_of_another(db: Database, main: str, keys: str, *, owner: bool) -> None:
    async with db.reading() as tx:
        known = await pairing.check(tx, main, keys)
    if owner and not known:
        async with db.writing() as tx:
            await pairing.keep(tx, datetime.now(UTC))


async def _tell_of_lost_keys(db: Database, keyring: DatabaseKeyring) -> None:
    holders = await keyring.people()
    async with db.reading() as tx:
        lost = await pairing.without_key(tx, holders)
    if lost:  # nothing can be asked of them or kept; the others go on
        log.error("keys_missing", people=lost)


async def _version(connections: Connections, schema: Schema) -> str | None:
    async with connections.reading() as connection:
        found, _ = await connection.run_sync(versions, schema)
    return found


async def _bring_up_to_date(connections: Connections, schema: Schema, *, owner: bool) -> None:
    async with connections.reading() as connection:
        found, needed = await connection.run_sync(versions, schema)
    if found == needed:
        return
    if not owner:
        raise SchemaOutdated(connections.place, found, needed)
    # On a server several may start at once: the first migrates, the others wait and find it done.
    try:
        async with connections.writing() as connection:
            await connection.run_sync(upgrade, schema)
    except VersionUnknown as error:
        raise SchemaUnknown(connections.place, found, needed) from error
    except DBAPIError as error:
        raise DatabaseUnreachable(connections.place, reason(error)) from error


def _claim_files(main: Connections, keys: Connections, resources: AsyncExitStack) -> None:
    if main.path and keys.path and _holds_anything(main.path) and not _holds_anything(keys.path):
        raise KeysMissing(keys.place, main.place)
    for connections in (main, keys):
        _make_file(connections)
    if main.path:
        resources.callback(os.close, _take_lock(main.path))


def _holds_anything(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _make_file(connections: Connections) -> None:
    if connections.path is None:
        return
    try:
        connections.path.parent.mkdir(parents=True, exist_ok=True)
        if not connections.path.exists():
            # Made here and not by SQLite, so that only this account may read it from the first moment.
            os.close(os.open(connections.path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise DatabaseUnreachable(connections.place, str(error.strerror)) from error


def _is_in_use(path: Path | None) -> bool:
    name = _lock_of(path) if path else None
    if name is None or not name.exists():
        return False
    with name.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _take_lock(path: Path) -> int:
    name = _lock_of(path)
    try:
        lock = os.open(name, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise DatabaseUnreachable(str(name), str(error.strerror)) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise InUse(path) from error
    return lock
