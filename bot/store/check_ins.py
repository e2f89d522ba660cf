"""Check-ins and digest records as rows; what a question quotes is sealed with the student's key."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update

from bot.store import stages
from bot.store.tables import check_ins
from bot.store.transaction import Transaction
from conversations.facts import DigestRecord
from conversations.model import CheckIn, CheckInId, CheckInState, ParticipantId, Quote, Reason, StageId

_STATES, _REASONS = {one.value: one for one in CheckInState}, {one.value: one for one in Reason}
_BY_ID = select(check_ins).where(check_ins.c.id.in_(bindparam("ids", expanding=True)))

_REMIND_AGAIN = (
    update(check_ins)
    .where(
        check_ins.c.state == CheckInState.OPEN.value,
        check_ins.c.snoozed_until.is_(None),
        check_ins.c.closes > bindparam("now"),
        check_ins.c.offered.is_(False),
        or_(check_ins.c.remind_at.is_(None), check_ins.c.remind_at < bindparam("now")),
    )
    .values(remind_at=bindparam("awake"), offered=True)
    .returning(check_ins.c.stage)
)


async def load(tx: Transaction, ids: Collection[CheckInId]) -> dict[CheckInId, CheckIn]:
    """Load check-ins by id; one that does not exist is absent."""
    return {item.id: item for item in await opened(tx, await tx.all_in(_BY_ID, "ids", set(ids)))}


async def remind_again(tx: Transaction, now: datetime, awake: datetime) -> list[StageId]:
    """Have what is open and waits for no reminder reminded of at a moment, once ever; give the stages."""
    return [StageId(row.stage) for row in await tx.all(_REMIND_AGAIN, {"now": now, "awake": awake})]


async def opened(tx: Transaction, rows: Sequence[Row[Any]]) -> list[CheckIn]:
    """Open rows of check-ins, in their order."""
    students = await stages.students(tx, {row.stage for row in rows if row.quotes_sealed is not None})
    await tx.prepare(set(students.values()))
    return [check_in(tx, row, students.get(row.stage)) for row in rows]


def check_in(tx: Transaction, row: Row[Any], student: int | None) -> CheckIn:
    """Read a row of check_ins; the key of the stage's student must be prepared where it quotes anything."""
    return CheckIn(
        id=CheckInId(row.id),
        stage=StageId(row.stage),
        participant=ParticipantId(row.participant),
        occasion=row.occasion,
        question_set=row.question_set,
        version=row.version,
        due=row.due,
        closes=row.closes,
        state=_STATES[row.state],
        reason=_REASONS[row.reason] if row.reason is not None else None,
        room=row.room,
        task=row.task,
        quotes=_quotes(tx, row, student) if row.quotes_sealed is not None and student is not None else (),
        opened=row.opened,
        remind_at=row.remind_at,
        snoozed_until=row.snoozed_until,
    )


def _quotes(tx: Transaction, row: Row[Any], student: int) -> tuple[Quote, ...]:
    quotes = tx.text(student, "check_ins", row.id, "quotes", row.quotes_sealed)
    return tuple(Quote(place=p, text=t, source=s) for p, t, s in json.loads(quotes or "[]"))


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
