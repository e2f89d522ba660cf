"""Signals, agreements, extra questions and pages of stages as rows; what people wrote is sealed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, or_, select

from bot.store import stages
from bot.store.tables import agreements, expectations, extra_questions, pages, signals, uploads
from bot.store.transaction import Transaction
from conversations.dossier import (
    Agreement,
    AgreementId,
    Awaits,
    Expectation,
    ExtraQuestion,
    PageRecord,
    Signal,
    SignalId,
    SignalKind,
    SignalState,
    Upload,
    UploadId,
    UploadState,
    Urgency,
)
from conversations.model import ParticipantId, StageId

_STAGES: BindParameter[int] = bindparam("stages", expanding=True)
_PEOPLE: BindParameter[int] = bindparam("people", expanding=True)
_SIGNALS = select(signals).where(signals.c.stage.in_(_STAGES)).order_by(signals.c.at, signals.c.id)
_RECENT_SIGNALS = _SIGNALS.where(
    or_(signals.c.at >= bindparam("since"), signals.c.state == SignalState.OPEN.value)
)
_AGREEMENTS = (
    select(agreements)
    .where(agreements.c.stage.in_(_STAGES), agreements.c.gone.is_(False))
    .order_by(agreements.c.at, agreements.c.id)
)
_EXTRA = (
    select(extra_questions)
    .where(extra_questions.c.stage.in_(_STAGES))
    .order_by(extra_questions.c.stage, extra_questions.c.meeting)
)
_PAGES = select(pages).where(pages.c.stage.in_(_STAGES)).order_by(pages.c.stage, pages.c.page)
_EXPECTATIONS = select(expectations).where(
    expectations.c.participant.in_(_PEOPLE), expectations.c.what.is_not(None)
)
_UPLOADS_OF = select(uploads).where(
    uploads.c.participant.in_(_PEOPLE), uploads.c.state != UploadState.DONE.value
)
_UPLOADS_IN = select(uploads).where(uploads.c.state.in_(bindparam("states", expanding=True)))

# ---- loading: the keys of the students of the stages must be prepared -----------------------------------


async def signals_of(
    tx: Transaction, students: Mapping[StageId, ParticipantId], since: datetime | None = None
) -> list[Signal]:
    """Load the signals of stages; with `since` only those of after it, and those that are open."""
    if since is None:
        rows = await tx.all_in(_SIGNALS, "stages", students)
    else:
        rows = await tx.all_in(_RECENT_SIGNALS, "stages", students, since=since)
    await tx.prepare({students[row.stage] for row in rows})
    return [_signal(tx, row, students[row.stage]) for row in rows]


async def agreements_of(tx: Transaction, students: Mapping[StageId, ParticipantId]) -> list[Agreement]:
    """Load the agreements of stages that were not taken back."""
    rows = await tx.all_in(_AGREEMENTS, "stages", students)
    await tx.prepare({students[row.stage] for row in rows})
    return [_agreement(tx, row, students[row.stage]) for row in rows]


async def extra_questions_of(
    tx: Transaction, students: Mapping[StageId, ParticipantId]
) -> list[ExtraQuestion]:
    """Load the questions that teachers put beside the others."""
    rows = await tx.all_in(_EXTRA, "stages", students)
    await tx.prepare({students[row.stage] for row in rows})
    return [_extra(tx, row, students[row.stage]) for row in rows]


async def pages_of(tx: Transaction, stage_ids: Collection[StageId]) -> list[PageRecord]:
    """Load which pages beside the digests were handed over."""
    rows = await tx.all_in(_PAGES, "stages", stage_ids)
    return [PageRecord(stage=StageId(r.stage), page=r.page, at=r.at, undelivered=r.undelivered) for r in rows]


async def expectations_of(
    tx: Transaction, people: Iterable[ParticipantId]
) -> dict[ParticipantId, Expectation]:
    """Load what people were asked to type; who was asked nothing is absent."""
    rows = await tx.all_in(_EXPECTATIONS, "people", people)
    return {ParticipantId(row.participant): _expectation(row) for row in rows}


async def uploads_of(tx: Transaction, people: Collection[ParticipantId]) -> list[Upload]:
    """Load the files that people sent and that are not done with."""
    return await _uploads(tx, await tx.all_in(_UPLOADS_OF, "people", people))


async def uploads_in(tx: Transaction, *states: UploadState) -> list[Upload]:
    """Load the files in one of these states."""
    return await _uploads(tx, await tx.all_in(_UPLOADS_IN, "states", [s.value for s in states]))


def _signal(tx: Transaction, row: Row[Any], student: int) -> Signal:
    return Signal(
        id=SignalId(row.id),
        stage=StageId(row.stage),
        by=ParticipantId(row.participant),
        kind=SignalKind(row.kind),
        at=row.at,
        urgency=Urgency(row.urgency),
        state=SignalState(row.state),
        text=tx.text(student, "signals", row.id, "text", row.text_sealed),
        acknowledged=row.acknowledged,
        escalated=row.escalated,
    )


def _agreement(tx: Transaction, row: Row[Any], student: int) -> Agreement:
    return Agreement(
        id=AgreementId(row.id),
        stage=StageId(row.stage),
        meeting=row.meeting,
        text=tx.text(student, "agreements", row.id, "text", row.text_sealed) or "",
        at=row.at,
        sent=row.sent,
        gone=row.gone,
    )


def _extra(tx: Transaction, row: Row[Any], student: int) -> ExtraQuestion:
    place = f"{row.stage}:{row.meeting}"
    return ExtraQuestion(
        stage=StageId(row.stage),
        meeting=row.meeting,
        text=tx.text(student, "extra_questions", place, "text", row.text_sealed) or "",
        at=row.at,
    )


def _expectation(row: Row[Any]) -> Expectation:
    return Expectation(
        participant=ParticipantId(row.participant),
        what=Awaits(row.what),
        at=row.at,
        stage=StageId(row.stage) if row.stage is not None else None,
        about=row.about,
    )


async def _uploads(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Upload]:
    await tx.prepare({row.participant for row in rows})
    return [
        Upload(
            id=UploadId(row.id),
            participant=ParticipantId(row.participant),
            file=tx.text(row.participant, "uploads", row.id, "file", row.file_sealed) or "",
            name=tx.text(row.participant, "uploads", row.id, "name", row.name_sealed) or "",
            at=row.at,
            state=UploadState(row.state),
            fingerprint=row.fingerprint,
        )
        for row in rows
    ]


# ---- saving ---------------------------------------------------------------------------------------------


async def save_signals(tx: Transaction, items: Sequence[Signal]) -> None:
    """Make or change signals."""
    students = await _students(tx, items)
    await tx.upsert(signals, [_signal_row(tx, item, students[item.stage]) for item in items])


async def save_agreements(tx: Transaction, items: Sequence[Agreement]) -> None:
    """Make or change agreements; one that was taken back keeps no word."""
    students = await _students(tx, items)
    await tx.upsert(agreements, [_agreement_row(tx, item, students[item.stage]) for item in items])


async def save_extra_questions(tx: Transaction, items: Sequence[ExtraQuestion]) -> None:
    """Make or change extra questions."""
    students = await _students(tx, items)
    await tx.upsert(extra_questions, [_extra_row(tx, item, students[item.stage]) for item in items])


async def save_pages(tx: Transaction, items: Sequence[PageRecord]) -> None:
    """Keep that pages were handed over."""
    rows = [{"stage": p.stage, "page": p.page, "at": p.at, "undelivered": p.undelivered} for p in items]
    await tx.upsert(pages, rows)


async def save_expectations(tx: Transaction, items: Sequence[Expectation]) -> None:
    """Keep what people were asked to type."""
    rows = [
        {
            "participant": item.participant,
            "what": item.what.value if item.what else None,
            "at": item.at,
            "stage": item.stage,
            "about": item.about,
        }
        for item in items
    ]
    await tx.upsert(expectations, rows)


async def save_uploads(tx: Transaction, items: Sequence[Upload]) -> None:
    """Make or change uploads."""
    await tx.prepare({item.participant for item in items})
    rows = [
        {
            "id": item.id,
            "participant": item.participant,
            "file_sealed": tx.seal(item.participant, "uploads", item.id, "file", item.file),
            "name_sealed": tx.seal(item.participant, "uploads", item.id, "name", item.name),
            "at": item.at,
            "state": item.state.value,
            "fingerprint": item.fingerprint,
        }
        for item in items
    ]
    await tx.upsert(uploads, rows)


async def _students(
    tx: Transaction, items: Sequence[Signal] | Sequence[Agreement] | Sequence[ExtraQuestion]
) -> dict[int, int]:
    students = await stages.students(tx, {item.stage for item in items}) if items else {}
    await tx.prepare(set(students.values()))
    return students


def _signal_row(tx: Transaction, item: Signal, student: int) -> dict[str, object]:
    text = tx.seal(student, "signals", item.id, "text", item.text) if item.text else None
    return {
        "id": item.id,
        "stage": item.stage,
        "participant": item.by,
        "kind": item.kind.value,
        "at": item.at,
        "urgency": item.urgency.value,
        "state": item.state.value,
        "text_sealed": text,
        "acknowledged": item.acknowledged,
        "escalated": item.escalated,
    }


def _agreement_row(tx: Transaction, item: Agreement, student: int) -> dict[str, object]:
    text = "" if item.gone else item.text
    return {
        "id": item.id,
        "stage": item.stage,
        "meeting": item.meeting,
        "text_sealed": tx.seal(student, "agreements", item.id, "text", text),
        "at": item.at,
        "sent": item.sent,
        "gone": item.gone,
    }


def _extra_row(tx: Transaction, item: ExtraQuestion, student: int) -> dict[str, object]:
    place = f"{item.stage}:{item.meeting}"
    return {
        "stage": item.stage,
        "meeting": item.meeting,
        "text_sealed": tx.seal(student, "extra_questions", place, "text", item.text),
        "at": item.at,
    }
