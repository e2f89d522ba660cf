"""Keeps the wrapped keys of persons, in a small database of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, delete, select

from bot.store.connections import Connections
from bot.store.tables import person_keys
from bot.store.transaction import chunks, insert_or_ignore

_LOAD = select(person_keys.c.person, person_keys.c.wrapped).where(
    person_keys.c.person.in_(bindparam("persons", expanding=True))
)
_ERASE = delete(person_keys).where(person_keys.c.person.in_(bindparam("persons", expanding=True)))


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

    async def add(self, wrapped: Mapping[int, bytes]) -> None:
        """Keep new keys; an existing key stays."""
        if not wrapped:
            return
        rows = [{"person": person, "wrapped": key} for person, key in wrapped.items()]
        async with self._connections.writing() as connection:
            await connection.execute(insert_or_ignore(person_keys, connection.dialect.name), rows)

    async def erase(self, persons: Collection[int]) -> None:
        """Forget keys for good; secure_delete overwrites where they were."""
        async with self._connections.writing() as connection:
            for part in chunks(persons):
                await connection.execute(_ERASE, {"persons": part})
