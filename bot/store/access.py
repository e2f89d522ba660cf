"""The access log: who did what with whose data, without a word of it."""

from __future__ import annotations

from datetime import datetime

from bot.store.ids import new_id
from bot.store.tables import access_log
from bot.store.transaction import Transaction
from conversations.model import ParticipantId


async def log(
    tx: Transaction, at: datetime, actor: ParticipantId | None, action: str, subject: int | None
) -> None:
    """Write one line: `actor` None is the operator or stagebot itself, `subject` a stage or participant."""
    row = {"id": new_id(at), "at": at, "actor": actor, "action": action, "subject": subject}
    await tx.insert(access_log, [row])
