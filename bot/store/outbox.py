"""What is to be sent: put here with the decision, claimed one a chat, settled with its outcome.

pending -> sending -> sent | failed | expired | unreachable | unknown, and back to pending for another
attempt. An unknown message is put again once, after a minute; what is unknown twice stays so.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row

from bot.store import outbox_statements as sql
from bot.store import stages
from bot.store.errors import KeyErased
from bot.store.ids import new_ids
from bot.store.records import Claimed, Outcome, Parcel, Sent
from bot.store.tables import outbox
from bot.store.transaction import Transaction
from bot.store.vault import SYSTEM
from conversations.messages import Lane
from conversations.model import CheckInId, ParticipantId, Slot, StageId

_LANES = tuple(Lane)  # in the order in which they leave
_REPEAT_AFTER = timedelta(minutes=1)
_LONGEST_REST = timedelta(hours=1)  # between two attempts; longer was said by a clock that ran ahead
_AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)  # whatever the clock says: it may be set back
MOST_REPEATS = 5  # of what may be done twice
_LOST = {Outcome.FAILED, Outcome.EXPIRED, Outcome.UNREACHABLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A message of a question that will not reach its participant: failed, expired or unreachable."""

    participant: ParticipantId
    slot: Slot
    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LostPage:
    """A digest or another page of a stage that will not reach its teacher; `at` is when it was put here."""

    participant: ParticipantId
    stage: StageId
    at: datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a service has to act on after settling: who became unreachable, and what was lost."""

    unreachable: tuple[ParticipantId, ...] = ()
    undelivered: tuple[Undelivered, ...] = ()
    pages: tuple[LostPage, ...] = ()


async def put(
    tx: Transaction,
    parcels: Sequence[Parcel],
    now: datetime,
    students: Mapping[int, int] | None = None,
) -> None:
    """Queue parcels in this order; one for a participant without a chat waits until there is one.

    Who has loaded the stages tells their students, whose keys seal what is about them.
    """
    owner_of: Mapping[int, int] = (
        students
        if students is not None
        else await stages.students(tx, {p.stage for p in parcels if p.stage is not None})
    )
    people = {p.to for p in parcels if p.to is not None}
    chats = {row.id: row.chat_lookup for row in await tx.all_in(sql.CHAT_LOOKUPS, "ids", people)}
    owners = [owner_of[p.stage] if p.stage is not None else p.to or SYSTEM for p in parcels]
    await tx.prepare({SYSTEM, *owners})
    ids = new_ids(now, len(parcels))
    rows = [
        _row(tx, row_id, parcel, owner, chats, now)
        for row_id, parcel, owner in zip(ids, parcels, owners, strict=True)
    ]
    await tx.insert(outbox, rows)


def _row(
    tx: Transaction, row_id: int, parcel: Parcel, owner: int, chats: dict[int, bytes | None], now: datetime
) -> dict[str, object]:
    stray = parcel.chat if parcel.to is None else None
    return {
        "id": row_id,
        "participant": parcel.to,
        "stage": parcel.stage,
        "sealed_for": owner,
        "chat_lookup": tx.lookup("chat", stray) if stray is not None else chats.get(parcel.to or SYSTEM),
        "chat_sealed": tx.seal(SYSTEM, "outbox", row_id, "chat", str(stray)) if stray is not None else None,
        "kind": parcel.kind,
        "lane": _LANES.index(parcel.lane),
        "payload_sealed": tx.seal(owner, "outbox", row_id, "payload", json.dumps(parcel.payload)),
        "slot_check_in": parcel.slot.check_in if parcel.slot else None,
        "slot_question": parcel.slot.question if parcel.slot else None,
        "state": "pending",
        "attempts": 0,
        "due_at": parcel.not_before or (_AT_ONCE if parcel.lane is Lane.ANSWER else now),
        "expires_at": parcel.expires,
        "repeated": False,
        "detail": "",
    }


async def claim(tx: Transaction, now: datetime, limit: int, busy: Collection[int]) -> list[Claimed]:
    """Mark as `sending` what may leave now and give it, in the order of lanes and then of age.

    At most one parcel a chat, none for a `busy` chat or one with a parcel in flight, and none before an
    earlier one of the same chat and lane that waits for another attempt. What has expired is marked so.
    """
    await tx.run(sql.EXPIRE, {"now": now})
    rows = await _next(tx, now, limit, {tx.lookup("chat", chat) for chat in busy})
    await tx.prepare(
        {SYSTEM, *(row.sealed_for for row in rows), *(row.participant or SYSTEM for row in rows)}
    )
    claimed, unreadable = [], []
    for row in rows:
        try:
            claimed.append(_claimed(tx, row))
        except KeyErased:
            unreadable.append(row.id)
    await tx.run_in(sql.MARK_SENDING, "ids", [item.id for item in claimed])
    await tx.run_in(sql.MARK_ERASED, "ids", unreadable)
    return claimed


async def _next(tx: Transaction, now: datetime, limit: int, taken: set[bytes]) -> list[Row[Any]]:
    taken |= {row.chat_lookup for row in await tx.all(sql.IN_FLIGHT)}
    rows: list[Row[Any]] = []
    most = limit * 2
    while len(rows) < limit:
        found = await tx.all(sql.CANDIDATES, {"now": now, "taken": list(taken), "most": most})
        for row in found:
            if row.chat_lookup not in taken and len(rows) < limit:
                taken.add(row.chat_lookup)
                rows.append(row)
        if len(found) < most:
            break
    return rows


def _claimed(tx: Transaction, row: Row[Any]) -> Claimed:
    if row.participant is None:
        chat = tx.open(SYSTEM, "outbox", row.id, "chat", row.chat_sealed)
    else:
        chat = tx.open(row.participant, "participants", row.participant, "chat", row.person_chat)
    payload = json.loads(tx.open(row.sealed_for, "outbox", row.id, "payload", row.payload_sealed))
    lane = _LANES[row.lane]
    if row.repeated and lane is Lane.DIGEST:
        payload["possibly_double"] = True
    parcel = Parcel(
        to=ParticipantId(row.participant) if row.participant is not None else None,
        kind=row.kind,
        payload=payload,
        lane=lane,
        chat=int(chat) if row.participant is None else None,
        slot=_slot(row) if row.slot_question else None,
        stage=StageId(row.stage) if row.stage is not None else None,
        not_before=row.due_at,
        expires=row.expires_at,
    )
    return Claimed(id=row.id, chat=int(chat), parcel=parcel, attempts=row.attempts)


async def settle(tx: Transaction, results: Sequence[Sent], now: datetime) -> Settled:
    """Store outcomes of attempts, and tell what a service has to act on.

    Told once, also about what `claim` or an earlier settle marked: call it with no results now and then.
    """
    await tx.run_many(sql.SENT, [_values(r) for r in results if r.outcome is Outcome.SENT])
    again = [r for r in results if r.outcome in (Outcome.RETRY, Outcome.WAIT)]
    await tx.run_many(
        sql.AGAIN,
        [
            {
                "parcel": r.id,
                "again": r.again_at or now,
                "more": int(r.outcome is Outcome.RETRY),
                "why": r.detail,
            }
            for r in again
        ],
    )
    unknown = [{"parcel": r.id, "at": now, "why": r.detail} for r in results if r.outcome is Outcome.UNKNOWN]
    await tx.run_many(sql.UNKNOWN, unknown)
    await tx.run_many(
        sql.LOST,
        [{"parcel": r.id, "to": r.outcome.value, "why": r.detail} for r in results if r.outcome in _LOST],
    )
    unreachable = await _give_up_on(tx, [r.id for r in results if r.outcome is Outcome.UNREACHABLE])
    untold = await tx.all(sql.UNTOLD)
    await tx.run_in(sql.MARK_TOLD, "ids", [row.id for row in untold])
    return Settled(
        unreachable=unreachable,
        undelivered=tuple(_undelivered(row) for row in untold if row.slot_question is not None),
        pages=tuple(_lost_page(row) for row in untold if row.slot_question is None),
    )


def _values(result: Sent) -> dict[str, object]:
    return {"parcel": result.id, "message": result.message_id, "why": result.detail}


async def _give_up_on(tx: Transaction, parcels: Sequence[int]) -> tuple[ParticipantId, ...]:
    if not parcels:
        return ()
    rows = await tx.all_in(sql.RECEIVERS, "ids", parcels)
    people = sorted({ParticipantId(row.participant) for row in rows})
    await tx.run_in(sql.BLOCK, "people", people)
    await tx.run_in(sql.GIVE_UP, "people", people)
    return tuple(people)


def _undelivered(row: Row[Any]) -> Undelivered:
    return Undelivered(
        participant=ParticipantId(row.participant),
        slot=_slot(row),
        outcome=Outcome(row.state),
        detail=row.detail,
    )


def _lost_page(row: Row[Any]) -> LostPage:
    return LostPage(
        participant=ParticipantId(row.participant),
        stage=StageId(row.stage),
        at=row.due_at,
        outcome=Outcome(row.state),
    )


def _slot(row: Row[Any]) -> Slot:
    return Slot(CheckInId(row.slot_check_in), row.slot_question)


async def delivered(tx: Transaction, slots: Collection[Slot]) -> set[Slot]:
    """Say for which of these questions a message did arrive, such as before a lost reminder."""
    rows = await tx.all_in(sql.DELIVERED, "ids", {slot.check_in for slot in slots})
    return {_slot(row) for row in rows} & set(slots)


async def withdraw(tx: Transaction, people: Collection[ParticipantId]) -> dict[Slot, ParticipantId]:
    """Let no question leave any more that waits for these people; give those that never left."""
    rows = await tx.all_in(sql.WITHDRAW, "people", people) if people else []
    return {
        _slot(row): ParticipantId(row.participant)
        for row in rows
        if row.slot_question is not None and row.state == Outcome.EXPIRED.value
    }


async def recover(tx: Transaction, now: datetime) -> int:
    """At start: what was left in `sending` may have arrived; give how many.

    A message is unknown then. To change one or acknowledge a press twice is as once: that goes again.
    """
    rows = await tx.all(sql.LEFT_SENDING)
    messages = [row.id for row in rows if row.kind == "message" or row.attempts >= MOST_REPEATS]
    again = [row.id for row in rows if row.id not in messages]
    await tx.run_many(sql.UNKNOWN, [{"parcel": n, "at": now, "why": "interrupted"} for n in messages])
    await tx.run_many(
        sql.AGAIN, [{"parcel": n, "again": now, "more": 1, "why": "interrupted"} for n in again]
    )
    return len(rows)


async def retry_unknown(tx: Transaction, now: datetime) -> int:
    """Queue once more the messages that are unknown for a minute; give how many.

    What waits for a moment that only a clock that ran ahead can have named waits no longer.
    """
    await tx.run(sql.AGAIN_NOW, {"now": now, "latest": now + _LONGEST_REST})
    await tx.run(sql.UNKNOWN_NOW, {"now": now})
    return await tx.run(sql.REPEAT, {"before": now - _REPEAT_AFTER})


async def next_at(tx: Transaction) -> datetime | None:
    """Say when the first parcel may leave, expires or is to be repeated, but for chats with one in flight."""
    (row,) = await tx.all(sql.NEXT)
    repeat = row.unknown + _REPEAT_AFTER if row.unknown is not None else None
    return min((at for at in (row.due, row.again, row.expires, repeat) if at is not None), default=None)


async def counts(tx: Transaction) -> dict[str, int]:
    """Count parcels by state; "retry" are those pending after an attempt."""
    return {row.named: row.many for row in await tx.all(sql.COUNTS)}
