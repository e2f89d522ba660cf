"""How much waits for a chat."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, func, select

from bot.store.tables import PENDING, outbox
from bot.store.transaction import Transaction

_WAITING = (
    select(outbox.c.chat_lookup, func.count().label("many"))
    .where(PENDING, outbox.c.chat_lookup.in_(bindparam("lookups", expanding=True)))
    .group_by(outbox.c.chat_lookup)
)


async def answers(tx: Transaction, chats: Collection[int]) -> dict[int, int]:
    """Count what waits to be sent to each of these chats."""
    lookups = {tx.lookup("chat", chat): chat for chat in chats}
    many = {lookups[row.chat_lookup]: row.many for row in await tx.all_in(_WAITING, "lookups", lookups)}
    return {chat: many.get(chat, 0) for chat in chats}
