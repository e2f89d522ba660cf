"""Tells whether main and keys belong together: with keys of another database all texts would read empty."""

from __future__ import annotations

from datetime import datetime

from bot.store import starts
from bot.store.errors import KeysOfAnother, SealBroken
from bot.store.starts import What
from bot.store.transaction import Transaction
from bot.store.vault import SYSTEM

_SEAL = (SYSTEM, "last_start", What.KEYS.value, "fingerprint")


async def check(tx: Transaction, main: str, keys: str) -> bool:
    """Raise KeysOfAnother where a seal of the right keys does not open; False where there is none yet."""
    found = await starts.last(tx, What.KEYS)
    if found is None:
        return False
    await tx.prepare([SYSTEM])
    try:
        tx.open(*_SEAL, bytes.fromhex(found))
    except (SealBroken, ValueError) as error:
        raise KeysOfAnother(keys, main) from error
    return True


async def keep(tx: Transaction, now: datetime) -> None:
    """Leave a seal in main that only these keys open."""
    await tx.prepare([SYSTEM])
    await starts.keep(tx, What.KEYS, tx.seal(*_SEAL, b"").hex(), now)
