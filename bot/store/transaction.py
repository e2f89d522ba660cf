"""What the store's functions work with: one transaction, and the keys prepared for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Executable, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.errors import KeyErased
from bot.store.vault import Keys, Vault

T = TypeVar("T")
_MOST_VALUES = 10_000  # in one statement; SQLite and PostgreSQL stop at about 32,000


def chunks(items: Iterable[T], size: int = _MOST_VALUES) -> Iterator[list[T]]:
    """Cut into lists that fit in one `in (...)`; nothing gives no list at all."""
    rest = list(items)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]


class Transaction:
    """A connection inside a transaction, carrying the vault. Ends with the `async with` it came from."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self._connection = connection
        self._keys = Keys()
        self.vault = vault
        self.lookup = vault.lookup

    async def all(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Give all rows of a query."""
        return (await self._connection.execute(statement, values)).all()

    async def all_in(
        self, statement: Executable, name: str, items: Iterable[Any], **values: object
    ) -> list[Row[Any]]:
        """Give the rows of a query whose parameter `name` is a list, however long the list is."""
        return [row for part in chunks(items) for row in await self.all(statement, {**values, name: part})]

    async def run(self, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
        """Carry out one statement and give the number of rows it touched."""
        return (await self._connection.execute(statement, values)).rowcount

    async def run_in(self, statement: Executable, name: str, items: Iterable[Any], **values: object) -> None:
        """Carry out a statement whose parameter `name` is a list, however long the list is."""
        for part in chunks(items):
            await self.run(statement, {**values, name: part})

    async def run_many(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Carry out a statement for each of these rows at once; for none it does nothing."""
        if rows:
            await self._connection.execute(statement, list(rows))

    async def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows; one that exists is an error."""
        await self.run_many(table.insert(), rows)

    async def insert_new(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> set[tuple[Any, ...]]:
        """Insert what is not there yet, by any unique rule; give the primary keys of what went in."""
        if not rows:
            return set()
        statement = _insert_new(table, self._connection.dialect.name)
        return {tuple(row) for row in (await self._connection.execute(statement, list(rows))).all()}

    async def insert_or_ignore(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert what is not there yet, by any unique rule."""
        await self.run_many(insert_or_ignore(table, self._connection.dialect.name), rows)

    async def upsert(
        self, table: Table, rows: Sequence[Mapping[str, Any]], *, keep: tuple[str, ...] = ()
    ) -> None:
        """Insert rows, or replace those with the same primary key, but for the columns to keep."""
        await self.run_many(_upsert(table, self._connection.dialect.name, keep), rows)

    async def create_keys(self, persons: Collection[int]) -> None:
        """Make keys for new persons, kept before anything is sealed with them."""
        await self.vault.create(persons)
        await self.prepare(persons)

    async def prepare(self, persons: Collection[int]) -> None:
        """Have the keys of these persons at hand for `seal` and `open`."""
        if self._keys.missing(persons):
            await self.vault.prepare(self._keys, persons)

    def seal(self, person: int, table: str, row: object, field: str, value: str | bytes) -> bytes:
        """Seal one field with the key of a prepared person."""
        return self._keys.seal(person, table, row, field, value)

    def open(self, person: int, table: str, row: object, field: str, sealed: bytes) -> bytes:
        """Open one sealed field; KeyErased when the key is gone."""
        return self._keys.open(person, table, row, field, sealed)

    def text(self, person: int, table: str, row: object, field: str, sealed: bytes | None) -> str | None:
        """Open a text; None where there is none, or where it was erased with its key."""
        if sealed is None:
            return None
        try:
            return self._keys.open_text(person, table, row, field, sealed)
        except KeyErased:
            return None


@cache
def insert_or_ignore(table: Table, dialect: str) -> Executable:
    """Give the statement that inserts what is not there yet, by any unique rule."""
    return _insert(table, dialect).on_conflict_do_nothing()


@cache
def _insert_new(table: Table, dialect: str) -> Executable:
    return _insert(table, dialect).on_conflict_do_nothing().returning(*table.primary_key)


@cache
def _upsert(table: Table, dialect: str, keep: tuple[str, ...]) -> Executable:
    statement = _insert(table, dialect)
    kept = {*table.primary_key.columns.keys(), *keep}
    own = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in kept}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=own)


def _insert(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    # The one place where the dialects differ in what is written.
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
