"""Updates as they came in, kept sealed until they have been handled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, or_, select, update

from bot.store.errors import SealBroken
from bot.store.records import RawUpdate
from bot.store.tables import inbox
from bot.store.transaction import Transaction
from bot.store.vault import SYSTEM

SHARE = 20  # updates of one chat in a batch, so that a flood holds up nobody else
NEAR = 500  # between the numbers of two updates of one line
REFUSED_KEPT = 5_000  # ids of what was over somebody's budget: the newest, in case they come again

_IDS = inbox.c.id.in_(bindparam("ids", expanding=True))
_TAKE = (
    select(inbox.c.id, inbox.c.raw_sealed, inbox.c.attempts, inbox.c.chat_lookup)
    .where(inbox.c.state == "new")
    .order_by(inbox.c.received_at, inbox.c.id)
    .limit(bindparam("most"))
)
_TAKE_OTHERS = _TAKE.where(
    or_(inbox.c.chat_lookup.is_(None), inbox.c.chat_lookup.not_in(bindparam("full", expanding=True)))
)
_DONE = update(inbox).where(_IDS).values(state="done", raw_sealed=None)
_FAILED = update(inbox).where(_IDS).values(attempts=inbox.c.attempts + 1)
_DEAD = update(inbox).where(_IDS).values(state="dead")
_COUNTS = select(inbox.c.state, func.count().label("many")).group_by(inbox.c.state)
_LAST_REFUSED = (
    select(inbox.c.received_at)
    .where(inbox.c.state == "refused")
    .order_by(inbox.c.received_at.desc(), inbox.c.id.desc())
    .limit(1)
    .offset(REFUSED_KEPT)
)
_FORGET_REFUSED = delete(inbox).where(
    inbox.c.state == "refused", inbox.c.received_at <= _LAST_REFUSED.scalar_subquery()
)
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
            "chat_lookup": tx.lookup("chat", item.chat) if item.chat is not None else None,
        }
        for item in updates
    ]
    await tx.insert_or_ignore(inbox, rows)


async def refuse(tx: Transaction, ids: Collection[int], now: datetime) -> None:
    """Keep nothing but the ids of updates over somebody's budget, and of those the newest few thousand."""
    rows = [{"id": one, "state": "refused", "attempts": 0, "received_at": now} for one in ids]
    if rows:
        await tx.insert_or_ignore(inbox, rows)
        await tx.run(_FORGET_REFUSED)


async def take(tx: Transaction, limit: int) -> list[RawUpdate]:
    """Give what has not been handled, oldest first, and so many of one chat at most."""
    rows = _in_order(await _fairly(tx, limit))
    if not rows:
        return []
    await tx.prepare([SYSTEM])
    return [RawUpdate(id=row.id, raw=_opened(tx, row), attempts=row.attempts) for row in rows]


def _opened(tx: Transaction, row: Row[Any]) -> bytes:
    """Open an update; one that was damaged is empty, and holds up no other."""
    try:
        return tx.open(SYSTEM, "inbox", row.id, "raw", row.raw_sealed)
    except SealBroken:
        return b""


def _in_order(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Order by number what overtook each other on its way to a webhook (decision 22).

    Only numbers that are near belong to one line: after a quiet week Telegram starts at any number.
    """
    lines: list[list[Row[Any]]] = []
    for row in rows:
        if lines and abs(row.id - lines[-1][-1].id) < NEAR:
            lines[-1].append(row)
        else:
            lines.append([row])
    return [row for line in lines for row in sorted(line, key=lambda one: int(one.id))]


async def _fairly(tx: Transaction, limit: int) -> list[Row[Any]]:
    """Look past the chats that have had their share; without a flood that is one look."""
    taken: list[Row[Any]] = []
    full: set[bytes] = set()
    while True:
        most = limit - len(taken)
        rows = await tx.all(_TAKE_OTHERS if full else _TAKE, {"most": most, "full": list(full)})
        held = Counter([row.chat_lookup for row in rows])
        over = {chat for chat, many in held.items() if many > SHARE and chat is not None}
        if not over:
            return [*taken, *rows]
        if len(rows) < most:
            return taken + _shares(rows, over)
        taken += _shares([row for row in rows if row.chat_lookup in over], over)
        full |= over


def _shares(rows: Sequence[Row[Any]], over: Collection[bytes]) -> list[Row[Any]]:
    """Give the rows in their order, and of the chats in `over` the first few."""
    seen: Counter[bytes] = Counter()
    found = []
    for row in rows:
        seen[row.chat_lookup] += 1
        if row.chat_lookup not in over or seen[row.chat_lookup] <= SHARE:
            found.append(row)
    return found


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
    """Count updates by state: new, done, dead, refused."""
    return {row.state: row.many for row in await tx.all(_COUNTS)}


async def prune(tx: Transaction, before: datetime) -> int:
    """Forget handled updates that came in before this moment; give how many."""
    return await tx.run(_PRUNE, {"before": before})
