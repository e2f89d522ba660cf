"""Tells whether main and keys belong together: with keys of another database all texts would read empty."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from bot.store import starts
from bot.store.errors import KeysOfAnother, SealBroken
from bot.store.starts import What
from bot.store.tables import participants
from bot.store.transaction import Transaction
from bot.store.vault import SYSTEM

_SEAL = (SYSTEM, "last_start", What.KEYS.value, "fingerprint")
_PEOPLE = select(participants.c.id)
_NAMES = select(participants.c.id, participants.c.name_sealed).order_by(participants.c.id.desc()).limit(50)


async def check(tx: Transaction, main: str, keys: str) -> bool:
    """Raise KeysOfAnother where a seal of the right keys does not open; False where there is none yet.

    A database from before the seal must open some name at least: the seal is not made with wrong keys.
    """
    found = await starts.last(tx, What.KEYS)
    if found is None:
        if not await _opens_a_name(tx):
            raise KeysOfAnother(keys, main)
        return False
    await tx.prepare([SYSTEM])
    try:
        tx.open(*_SEAL, bytes.fromhex(found))
    except (SealBroken, ValueError) as error:
        raise KeysOfAnother(keys, main) from error
    return True


async def without_key(tx: Transaction, holders: Collection[int]) -> int:
    """Count the people whose key is missing, as after restoring keys that are older than main."""
    return sum(row.id not in holders for row in await tx.all(_PEOPLE))


async def _opens_a_name(tx: Transaction) -> bool:
    rows = await tx.all(_NAMES)
    await tx.prepare([row.id for row in rows])
    try:
        names = [tx.text(row.id, "participants", row.id, "name", row.name_sealed) for row in rows]
    except SealBroken:
        return False
    return not rows or any(name is not None for name in names)


async def keep(tx: Transaction, now: datetime) -> None:
    """Leave a seal in main that only these keys open."""
    await tx.prepare([SYSTEM])
    await starts.keep(tx, What.KEYS, tx.seal(*_SEAL, b"").hex(), now)
