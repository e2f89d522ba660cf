"""Notes that a database turned out to be damaged while it was in use (docs/trust.md, 7)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError

from bot.store.errors import DatabaseBroken

_BASE = 0xFF  # the part of SQLite's code that names the kind of error
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Damage:
    """What main and keys have in common: once one of them is damaged, neither is to be used any more."""

    def __init__(self) -> None:
        self._found: DatabaseBroken | None = None
        self._noted = asyncio.Event()

    @contextmanager
    def noting(self, place: str) -> Iterator[None]:
        """Turn SQLite's word for damage into DatabaseBroken, and remember it."""
        try:
            yield
        except (DatabaseError, sqlite3.DatabaseError) as error:
            said = error.orig if isinstance(error, DatabaseError) else error
            if getattr(said, "sqlite_errorcode", 0) & _BASE not in _DAMAGED:
                raise
            self._found = DatabaseBroken(place, str(said))
            self._noted.set()
            raise self._found from error

    async def wait(self) -> None:
        """Wait until damage is found, and raise it: who runs is to stop, as nothing read is certain."""
        await self._noted.wait()
        assert self._found is not None  # noqa: S101 - set before the event
        raise self._found
