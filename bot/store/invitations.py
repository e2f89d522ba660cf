"""Invitation codes: 128 bits, one use, kept only as a hash, expiring and revocable."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from bot.store import people
from bot.store.ids import new_ids
from bot.store.tables import invitations
from bot.store.transaction import Transaction
from conversations.model import Participant, ParticipantId

_CODE_BYTES = 16  # 22 characters of base64url
_IS_OPEN = (
    invitations.c.used_at.is_(None),
    invitations.c.revoked_at.is_(None),
    invitations.c.expires_at > bindparam("now"),
)
_REVOKE = (
    update(invitations)
    .where(
        invitations.c.participant.in_(bindparam("people", expanding=True)),
        invitations.c.used_at.is_(None),
        invitations.c.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("now"))
)
_FIND = select(invitations.c.participant).where(invitations.c.code_lookup == bindparam("code"), *_IS_OPEN)
_USE = (
    update(invitations)
    .where(invitations.c.code_lookup == bindparam("code"), *_IS_OPEN)
    .values(used_at=bindparam("now"))
)


async def create(
    tx: Transaction, participants: Collection[ParticipantId], now: datetime, days: int
) -> dict[ParticipantId, str]:
    """Make a code for each participant, valid for so many days; earlier codes stop working."""
    await revoke(tx, participants, now)
    codes = {person: secrets.token_urlsafe(_CODE_BYTES) for person in participants}
    rows = [
        {
            "id": row_id,
            "participant": person,
            "code_lookup": tx.lookup("invitation", code),
            "created_at": now,
            "expires_at": now + timedelta(days=days),
        }
        for row_id, (person, code) in zip(new_ids(now, len(codes)), codes.items(), strict=True)
    ]
    await tx.insert(invitations, rows)
    return codes


async def revoke(tx: Transaction, participants: Collection[ParticipantId], now: datetime) -> None:
    """Make the open codes of these participants worthless."""
    await tx.run_in(_REVOKE, "people", participants, now=now)


async def find(tx: Transaction, code: str, now: datetime) -> Participant | None:
    """Say whose open code this is; None for wrong, used, expired and revoked alike."""
    rows = await tx.all(_FIND, {"code": tx.lookup("invitation", code), "now": now})
    found = await people.by_ids(tx, [row.participant for row in rows])
    return next(iter(found.values()), None)


async def use(tx: Transaction, code: str, now: datetime) -> bool:
    """Use a code up; False when it was not open (any more): of several at once one wins."""
    return await tx.run(_USE, {"code": tx.lookup("invitation", code), "now": now}) == 1
