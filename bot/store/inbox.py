"""Updates as they came in, kept sealed until they have been handled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update

from bot.store.records import RawUpdate
from bot.store.tables import inbox
from bot.store.transaction import Transaction
from bot.store.vault import SYSTEM

_IDS = inbox.c.id.in_(bindparam("ids", expanding=True))
_TAKE = (
    select(inbox.c.id, inbox.c.raw_sealed, inbox.c.attempts)
    .where(inbox.c.state == "new")
    .order_by(inbox.c.received_at, inbox.c.id)
    .limit(bindparam("most"))
)
_DONE = update(inbox).where(_IDS).values(state="done", raw_sealed=None)
_FAILED = update(inbox).where(_IDS).values(attempts=inbox.c.attempts + 1)
_DEAD = update(inbox).where(_IDS).values(state="dead")
_COUNTS = select(inbox.c.state, func.count().label("many")).group_by(inbox.c.state)
_PRUNE = delete(inbox).where(inbox.c.state != "new", inbox.c.received_at < bindparam("before"))


async def record(tx: Transaction, updates: Sequence[RawUpdate], now: datetime) -> None:
    """Keep updates, sealed; one that is known already changes nothing."""
    await tx.prepare([SYSTEM])
    rows = [
        {
            "id": item.id,
            "raw_sealed": tx.seal(SYSTEM, "inbox", item.id, "raw", item.raw),
            "state": "new",
            "attempts": 0,
            "received_at": now,
        }
        for item in updates
    ]
    await tx.insert_or_ignore(inbox, rows)


async def take(tx: Transaction, limit: int) -> list[RawUpdate]:
    """Give what has not been handled, oldest first."""
    rows = await tx.all(_TAKE, {"most": limit})
    await tx.prepare([SYSTEM])
    return [
        RawUpdate(
            id=row.id, raw=tx.open(SYSTEM, "inbox", row.id, "raw", row.raw_sealed), attempts=row.attempts
        )
        for row in rows
    ]


async def done(tx: Transaction, ids: Collection[int]) -> None:
    """Mark as handled, and forget what was in it."""
    await tx.run_in(_DONE, "ids", ids)


async def failed(tx: Transaction, ids: Collection[int]) -> None:
    """Count an attempt that did not succeed."""
    await tx.run_in(_FAILED, "ids", ids)


async def dead(tx: Transaction, ids: Collection[int]) -> None:
    """Set aside for good, still sealed, so that nothing a person wrote is lost."""
    await tx.run_in(_DEAD, "ids", ids)


async def counts(tx: Transaction) -> dict[str, int]:
    """Count updates by state: new, done, dead."""
    return {row.state: row.many for row in await tx.all(_COUNTS)}


async def prune(tx: Transaction, before: datetime) -> int:
    """Forget handled updates that came in before this moment; give how many."""
    return await tx.run(_PRUNE, {"before": before})
