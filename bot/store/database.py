"""Opens the database: lock, check, migrations, vault; then hands out transactions."""

from __future__ import annotations

import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.store.connections import Connections
from bot.store.errors import DatabaseUnreachable, InUse, KeysMissing, SchemaOutdated
from bot.store.keyring import DatabaseKeyring
from bot.store.schema import Schema, upgrade, versions
from bot.store.transaction import Transaction
from bot.store.vault import Vault


class Database:
    """The main database and the vault with its keys, open until `close`."""

    def __init__(self, connections: Connections, vault: Vault, resources: AsyncExitStack) -> None:
        self.vault = vault
        self._connections = connections
        self._resources = resources

    @classmethod
    async def open(cls, url: str, keys_url: str, master_key: bytes, *, lock: bool = True) -> Database:
        """Open both databases.

        With `lock` this process is the owner: a second owner gets InUse at once, missing files are made and
        migrations run. Without it the files must be there and current (DatabaseMissing, SchemaOutdated); it
        may be used beside an owner, for reading and for short writing.
        """
        main, keys = Connections(url, owner=lock), Connections(keys_url, owner=lock)
        resources = AsyncExitStack()
        try:
            if lock:
                _claim_files(main, keys, resources)
            for connections, schema in ((keys, Schema.KEYS), (main, Schema.MAIN)):
                resources.push_async_callback(connections.close)
                await connections.check()
                await _bring_up_to_date(connections, schema, owner=lock)
            vault = Vault(master_key, DatabaseKeyring(keys))
            await vault.start()
        except BaseException:
            await resources.aclose()
            raise
        return cls(main, vault, resources)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """Give a transaction that may write: committed at the end, undone on an error, one at a time."""
        async with self._connections.writing() as connection:
            yield Transaction(connection, self.vault)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Give a transaction to read one moment of the data; keep it short, as it can hold up a writer."""
        async with self._connections.reading() as connection:
            yield Transaction(connection, self.vault)

    async def close(self) -> None:
        """Close all connections and let go of the lock."""
        await self._resources.aclose()


async def _bring_up_to_date(connections: Connections, schema: Schema, *, owner: bool) -> None:
    if owner:
        async with connections.writing() as connection:
            await connection.run_sync(upgrade, schema)
        return
    async with connections.reading() as connection:
        found, needed = await connection.run_sync(versions, schema)
    if found != needed:
        raise SchemaOutdated(connections.place, found, needed)


def _claim_files(main: Connections, keys: Connections, resources: AsyncExitStack) -> None:
    if main.path and keys.path and _holds_anything(main.path) and not _holds_anything(keys.path):
        raise KeysMissing(keys.path, main.path)
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


def _take_lock(path: Path) -> int:
    name = path.with_name(path.name + ".lock")
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
