"""Keeps the wrapped keys of persons, in a small database of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, delete, select, text
from sqlalchemy.exc import ProgrammingError

from bot.store.connections import Connections
from bot.store.tables import person_keys
from bot.store.transaction import chunks, insert_or_ignore
from bot.store.vault import SYSTEM

_LOAD = select(person_keys.c.person, person_keys.c.wrapped).where(
    person_keys.c.person.in_(bindparam("persons", expanding=True))
)
_ANYBODY = select(person_keys.c.person).where(person_keys.c.person != SYSTEM).limit(1)
_EVERYBODY = select(person_keys.c.person).where(person_keys.c.person != SYSTEM)
_ERASE = delete(person_keys).where(person_keys.c.person.in_(bindparam("persons", expanding=True)))
_ANY = select(person_keys.c.person).limit(1)
# PostgreSQL marks a deleted row and leaves its bytes where they are; this table is small.
_WRITE_ANEW = text("VACUUM FULL person_keys")


class DatabaseKeyring:
    """The keys database as the vault sees it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def load(self, persons: Collection[int]) -> Mapping[int, bytes]:
        """Give the wrapped keys there are."""
        found: dict[int, bytes] = {}
        async with self._connections.reading() as connection:
            for part in chunks(persons):
                rows = await connection.execute(_LOAD, {"persons": part})
                found.update((row.person, row.wrapped) for row in rows)
        return found

    async def people(self) -> set[int]:
        """Give everybody who has a key."""
        async with self._connections.reading() as connection:
            return set((await connection.execute(_EVERYBODY)).scalars())

    async def holds_people(self) -> bool:
        """Tell whether there is a key of anybody, beside the system's own."""
        async with self._connections.reading() as connection:
            return (await connection.execute(_ANYBODY)).first() is not None

    async def add(self, wrapped: Mapping[int, bytes]) -> None:
        """Keep new keys; an existing key stays."""
        if not wrapped:
            return
        rows = [{"person": person, "wrapped": key} for person, key in wrapped.items()]
        async with self._connections.writing() as connection:
            await connection.execute(insert_or_ignore(person_keys, connection.dialect.name), rows)

    async def erase(self, persons: Collection[int]) -> None:
        """Forget keys for good; what was there is overwritten, or written anew without them."""
        async with self._connections.writing() as connection:
            for part in chunks(persons):
                await connection.execute(_ERASE, {"persons": part})
        if self._connections.path is None:  # where it is a file, secure_delete has overwritten them
            async with self._connections.session() as connection:
                await connection.execute(_WRITE_ANEW)


async def holds_keys(url: str) -> bool:
    """Say whether a database on a server holds keys; DatabaseUnreachable where that can't be told."""
    connections = Connections(url, owner=False)
    try:
        await connections.check()
        async with connections.reading() as connection:
            return (await connection.execute(_ANY)).first() is not None
    except ProgrammingError:
        return False  # no tables yet
    finally:
        await connections.close()
