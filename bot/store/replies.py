"""Replies and notes as rows: what people wrote, sealed field by field.

Text whose key was erased reads as None, or as empty where the model asks for a text.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select

from bot.store.tables import replies
from bot.store.transaction import Transaction
from conversations.model import (
    CheckInId,
    Key,
    Note,
    ParticipantId,
    Reply,
    Share,
    StageId,
    Status,
    Voice,
)

# Read by the ten thousands in one tick: looking a value up costs a tenth of making an enum of it.
_KEYS, _SHARES, _STATUSES = (
    {k.value: k for k in Key},
    {s.value: s for s in Share},
    {s.value: s for s in Status},
)
QUOTED = frozenset({"guided"})  # a trainer's example of guidance, for "herken je dit?" (promise K4b)
_OF_CHECK_INS = (
    select(replies)
    .where(replies.c.check_in.in_(bindparam("ids", expanding=True)))
    .order_by(replies.c.asked, replies.c.check_in, replies.c.question)
)


async def of_check_ins(tx: Transaction, ids: Collection[CheckInId]) -> dict[CheckInId, list[Reply]]:
    """Load the replies of check-ins, with text, in the order in which they were asked."""
    found: dict[CheckInId, list[Reply]] = defaultdict(list)
    for reply in await opened(tx, await tx.all_in(_OF_CHECK_INS, "ids", set(ids))):
        found[reply.check_in].append(reply)
    return dict(found)


async def opened(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Reply]:
    """Open rows of replies, in their order."""
    await tx.prepare({row.sealed_for for row in rows})
    return [_reply(tx, row) for row in rows]


def _reply(tx: Transaction, row: Row[Any]) -> Reply:
    place = f"{row.check_in}:{row.question}"

    def field(name: str, sealed: bytes | None) -> str | None:
        return tx.text(row.sealed_for, "replies", place, name, sealed) if sealed is not None else None

    return Reply(
        check_in=CheckInId(row.check_in),
        participant=ParticipantId(row.participant),
        question=row.question,
        key=Key(row.key),
        wording=field("wording", row.wording_sealed) or "",
        asked=row.asked,
        status=Status(row.status),
        share=Share(row.share),
        answered=row.answered,
        text=field("text", row.text_sealed),
        choices=_list(field("choices", row.choices_sealed)),
        draft=_list(field("draft", row.draft_sealed)),
        voice=_voice(field("voice", row.voice_sealed)),
        source=row.source,
        written=row.written,
    )


def light(tx: Transaction, row: Row[Any]) -> Reply:
    """Read a row of replies with its choices, but without wording, text or voice; keys must be prepared.

    Only what a question may quote to somebody else keeps its text.
    """
    question, text, choices = row.question, None, None
    place = f"{row.check_in}:{question}"
    if row.choices_sealed is not None:
        choices = tx.text(row.sealed_for, "replies", place, "choices", row.choices_sealed)
    if question in QUOTED:
        text = tx.text(row.sealed_for, "replies", place, "text", row.text_sealed)
    return Reply(
        check_in=row.check_in,
        participant=row.participant,
        question=question,
        key=_KEYS[row.key],
        wording="",
        asked=row.asked,
        status=_STATUSES[row.status],
        share=_SHARES[row.share],
        answered=row.answered,
        text=text,
        choices=_list(choices),
        source=row.source,
        written=row.written,
    )


def reply_row(tx: Transaction, item: Reply, sealed_for: int) -> dict[str, object]:
    """Write a row of replies, sealed with a prepared person's key."""
    place = f"{item.check_in}:{item.question}"

    def field(name: str, value: str | None) -> bytes | None:
        return tx.seal(sealed_for, "replies", place, name, value) if value is not None else None

    return {
        "check_in": item.check_in,
        "question": item.question,
        "participant": item.participant,
        "sealed_for": sealed_for,
        "key": item.key.value,
        "wording_sealed": field("wording", item.wording),
        "asked": item.asked,
        "status": item.status.value,
        "share": item.share.value,
        "answered": item.answered,
        "text_sealed": field("text", item.text),
        "choices_sealed": field("choices", _listed(item.choices)),
        "draft_sealed": field("draft", _listed(item.draft)),
        "voice_sealed": field("voice", _voiced(item.voice)),
        "source": item.source,
        "written": item.written,
    }


async def opened_notes(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Note]:
    """Open rows of notes, in their order."""
    await tx.prepare({row.sealed_for for row in rows})
    return [_note(tx, row) for row in rows]


def _note(tx: Transaction, row: Row[Any]) -> Note:
    place = f"{row.participant}:{row.source}"
    return Note(
        participant=ParticipantId(row.participant),
        stage=StageId(row.stage) if row.stage is not None else None,
        text=tx.text(row.sealed_for, "notes", place, "text", row.text_sealed) or "",
        source=row.source,
        at=row.at,
        share=Share(row.share),
        voice=_voice(tx.text(row.sealed_for, "notes", place, "voice", row.voice_sealed)),
        gone=row.gone,
    )


def note_row(tx: Transaction, item: Note, sealed_for: int) -> dict[str, object]:
    """Write a row of notes, sealed with a prepared person's key; one that is gone keeps no word."""
    place = f"{item.participant}:{item.source}"
    voice = _voiced(item.voice) if not item.gone else None
    return {
        "participant": item.participant,
        "source": item.source,
        "stage": item.stage,
        "sealed_for": sealed_for,
        "text_sealed": tx.seal(sealed_for, "notes", place, "text", item.text if not item.gone else ""),
        "voice_sealed": tx.seal(sealed_for, "notes", place, "voice", voice) if voice else None,
        "at": item.at,
        "share": item.share.value,
        "gone": item.gone,
    }


def _listed(values: tuple[str, ...]) -> str | None:
    return json.dumps(values) if values else None


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()


def _voiced(voice: Voice | None) -> str | None:
    return json.dumps([voice.file, voice.seconds]) if voice else None


def _voice(text: str | None) -> Voice | None:
    if not text:
        return None
    file, seconds = json.loads(text)
    return Voice(file=file, seconds=seconds)
