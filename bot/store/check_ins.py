"""Check-ins and digest records as rows; what a question quotes is sealed with the student's key."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select

from bot.store import stages
from bot.store.tables import check_ins
from bot.store.transaction import Transaction
from conversations.facts import DigestRecord
from conversations.model import CheckIn, CheckInId, CheckInState, ParticipantId, Quote, Reason, StageId

_BY_ID = select(check_ins).where(check_ins.c.id.in_(bindparam("ids", expanding=True)))


async def load(tx: Transaction, ids: Collection[CheckInId]) -> dict[CheckInId, CheckIn]:
    """Load check-ins by id; one that does not exist is absent."""
    return {item.id: item for item in await opened(tx, await tx.all_in(_BY_ID, "ids", set(ids)))}


async def opened(tx: Transaction, rows: Sequence[Row[Any]]) -> list[CheckIn]:
    """Open rows of check-ins, in their order."""
    students = await stages.students(tx, {row.stage for row in rows if row.quotes_sealed is not None})
    await tx.prepare(set(students.values()))
    return [check_in(tx, row, students.get(row.stage)) for row in rows]


def check_in(tx: Transaction, row: Row[Any], student: int | None) -> CheckIn:
    """Read a row of check_ins; the key of the stage's student must be prepared where it quotes anything."""
    sealed = row.quotes_sealed if student is not None else None
    quotes = tx.text(student or 0, "check_ins", row.id, "quotes", sealed)
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
        quotes=tuple(Quote(place=p, text=t, source=s) for p, t, s in json.loads(quotes or "[]")),
        opened=row.opened,
        remind_at=row.remind_at,
        snoozed_until=row.snoozed_until,
    )


def check_in_row(tx: Transaction, item: CheckIn, student: int | None) -> dict[str, object]:
    """Write a row of check_ins; what it quotes is sealed with the prepared key of the stage's student."""
    quotes = json.dumps([[q.place, q.text, q.source] for q in item.quotes]) if item.quotes else None
    sealed = tx.seal(student or 0, "check_ins", item.id, "quotes", quotes) if quotes else None
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
        "quotes_sealed": sealed,
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
        read_at=row.read_at,
        contact_at=row.contact_at,
        undelivered=row.undelivered,
    )


def digest_row(item: DigestRecord) -> dict[str, object]:
    """Write a row of digests."""
    return {
        "stage": item.stage,
        "meeting": item.meeting,
        "at": item.at,
        "addendum_at": item.addendum_at,
        "missed": item.missed,
        "read_at": item.read_at,
        "contact_at": item.contact_at,
        "undelivered": item.undelivered,
    }
