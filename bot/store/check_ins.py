"""Check-ins and digest records as rows: neither holds a word of anybody."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, bindparam, select

from bot.store.tables import check_ins
from bot.store.transaction import Transaction
from conversations.facts import DigestRecord
from conversations.model import CheckIn, CheckInId, CheckInState, ParticipantId, Reason, StageId

_BY_ID = select(check_ins).where(check_ins.c.id.in_(bindparam("ids", expanding=True)))


async def load(tx: Transaction, ids: Collection[CheckInId]) -> dict[CheckInId, CheckIn]:
    """Load check-ins by id; one that does not exist is absent."""
    return {item.id: item for item in map(check_in, await tx.all_in(_BY_ID, "ids", set(ids)))}


def check_in(row: Row[Any]) -> CheckIn:
    """Read a row of check_ins."""
    return CheckIn(
        id=CheckInId(row.id),
        stage=StageId(row.stage),
        participant=ParticipantId(row.participant),
        occasion=row.occasion,
        question_set=row.question_set,
        version=row.version,
        due=row.due,
        closes=row.closes,
        state=CheckInState(row.state),
        reason=Reason(row.reason) if row.reason is not None else None,
        room=row.room,
        task=row.task,
        opened=row.opened,
        remind_at=row.remind_at,
        snoozed_until=row.snoozed_until,
    )


def check_in_row(item: CheckIn) -> dict[str, object]:
    """Write a row of check_ins."""
    return {
        "id": item.id,
        "stage": item.stage,
        "participant": item.participant,
        "occasion": item.occasion,
        "question_set": item.question_set,
        "version": item.version,
        "due": item.due,
        "closes": item.closes,
        "state": item.state.value,
        "reason": item.reason.value if item.reason is not None else None,
        "room": item.room,
        "task": item.task,
        "opened": item.opened,
        "remind_at": item.remind_at,
        "snoozed_until": item.snoozed_until,
    }


def digest(row: Row[Any]) -> DigestRecord:
    """Read a row of digests."""
    return DigestRecord(
        stage=StageId(row.stage),
        meeting=row.meeting,
        at=row.at,
        addendum_at=row.addendum_at,
        missed=row.missed,
    )


def digest_row(item: DigestRecord) -> dict[str, object]:
    """Write a row of digests."""
    return {
        "stage": item.stage,
        "meeting": item.meeting,
        "at": item.at,
        "addendum_at": item.addendum_at,
        "missed": item.missed,
    }
