"""What the program and the school's files were when the bot last started."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.store.tables import last_start
from bot.store.transaction import Transaction

_ONLY = 1  # there is one row
_LAST = select(last_start.c.fingerprint)


async def last(tx: Transaction) -> str | None:
    """Give the fingerprint of the last start; None where there was none."""
    return next((row.fingerprint for row in await tx.all(_LAST)), None)


async def keep(tx: Transaction, fingerprint: str, now: datetime) -> None:
    """Keep the fingerprint of this start."""
    await tx.upsert(last_start, [{"id": _ONLY, "fingerprint": fingerprint, "at": now}])
