"""Makes things to store."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store import decisions, outbox
from bot.store.ids import new_id
from bot.store.records import Claimed, Outcome, Parcel, Sent
from bot.store.transaction import Transaction
from conversations.messages import Lane
from conversations.model import CheckIn, CheckInId, CheckInState, Key, ParticipantId, Reply, Stage, Status
from tests.store.conftest import NOW


def check_in(stage: Stage, participant: ParticipantId, occasion: str = "week 1", **other: object) -> CheckIn:
    values: dict[str, object] = {
        "id": CheckInId(new_id(NOW)),
        "stage": stage.id,
        "participant": participant,
        "occasion": occasion,
        "question_set": "student/aha",
        "version": "abc123",
        "due": NOW,
        "closes": NOW + timedelta(days=5),
        "state": CheckInState.OPEN,
    }
    return CheckIn(**{**values, **other})  # type: ignore[arg-type]  # each test gives the fields it is about


def reply(to: CheckIn, question: str = "aha", **other: object) -> Reply:
    values: dict[str, object] = {
        "check_in": to.id,
        "participant": to.participant,
        "question": question,
        "key": Key.LEARNING,
        "wording": "Wat kun of snap je nu beter dan vorige week?",
        "asked": to.due,
        "status": Status.OPEN,
    }
    return Reply(**{**values, **other})  # type: ignore[arg-type]  # each test gives the fields it is about


async def asked(tx: Transaction, item: CheckIn, *replies: Reply) -> CheckIn:
    await decisions.claim(tx, [item])
    await decisions.save(tx, replies)
    return item


def parcel(to: ParticipantId | None, text: str = "Hoi", lane: Lane = Lane.PROMPT, **other: object) -> Parcel:
    values: dict[str, object] = {"to": to, "kind": "message", "payload": {"text": text}, "lane": lane}
    return Parcel(**{**values, **other})  # type: ignore[arg-type]  # each test gives the fields it is about


async def claimed(tx: Transaction, now: datetime = NOW, limit: int = 10) -> list[Claimed]:
    return await outbox.claim(tx, now, limit, ())


async def texts(tx: Transaction, now: datetime = NOW, limit: int = 10) -> list[str]:
    return [item.parcel.payload["text"] for item in await claimed(tx, now, limit)]


async def settled(
    tx: Transaction, item: Claimed, outcome: Outcome, now: datetime = NOW, **other: object
) -> outbox.Settled:
    sent = Sent(id=item.id, outcome=outcome, **other)  # type: ignore[arg-type]  # each test gives the fields it is about
    return await outbox.settle(tx, [sent], now)
