"""What the program and the school's files were when the bot last started."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum

from sqlalchemy import bindparam, select

from bot.store.tables import last_start
from bot.store.transaction import Transaction

_LAST = select(last_start.c.fingerprint).where(last_start.c.id == bindparam("what"))

_AT = select(last_start.c.at).where(last_start.c.id == bindparam("what"))


class What(IntEnum):
    """What may have changed since the last start; each has a row."""

    PLANS = 1
    MENUS = 2
    KEYS = 3  # a seal, see `pairing`
    HEARD = 4  # when Telegram was heard last


async def last(tx: Transaction, what: What) -> str | None:
    """Give the fingerprint of the last start; None where there was none."""
    return next((row.fingerprint for row in await tx.all(_LAST, {"what": what.value})), None)


async def at(tx: Transaction, what: What) -> datetime | None:
    """Give the moment at which this was kept last; None where it never was."""
    return next((row.at for row in await tx.all(_AT, {"what": what.value})), None)


async def keep(tx: Transaction, what: What, fingerprint: str, now: datetime) -> None:
    """Keep the fingerprint of this start."""
    await tx.upsert(last_start, [{"id": what.value, "fingerprint": fingerprint, "at": now}])
