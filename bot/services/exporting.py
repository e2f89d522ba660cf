"""One line for every question that was due, with what became of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime

from bot.store import export
from bot.store.database import Database
from bot.store.export import Exported
from conversations.model import CheckIn, CheckInState, Key, Reason, Reply, Status
from conversations.question_set import QuestionSet
from conversations.school import School

Line = dict[str, object]


async def lines(db: Database, school: School, since: datetime | None) -> AsyncIterator[Line]:
    """Give every question that was due since a moment, oldest check-in first."""
    held: list[Exported] = []
    async for row in export.rows(db, since):
        if held and row.check_in.id != held[0].check_in.id:
            for line in _of_check_in(held, school):
                yield line
            held = []
        held.append(row)
    for line in _of_check_in(held, school) if held else ():
        yield line


def _of_check_in(rows: Sequence[Exported], school: School) -> Iterator[Line]:
    first = rows[0]
    replies = tuple(row.reply for row in rows if row.reply is not None)
    questions = school.question_sets.get(first.check_in.question_set)
    for line in _lines(first.check_in, replies, questions):
        yield {"stage": first.stage, "role": first.role.value} | line


def _lines(check_in: CheckIn, replies: tuple[Reply, ...], questions: QuestionSet | None) -> Iterator[Line]:
    """Give a check-in's questions: those put, those that were due and were not, or one line when none was."""
    about = {
        "participant": check_in.participant,
        "occasion": check_in.occasion,
        "question_set": check_in.question_set or None,
        "due_at": _moment(check_in.due),
    }
    put = {reply.question for reply in replies}
    for reply in replies:
        yield about | _put(reply, check_in)
    if not replies or check_in.state is not CheckInState.DONE:
        waiting = _not_put(check_in, questions, put)
        yield from (about | _missed(question, check_in) for question in waiting)


def _not_put(check_in: CheckIn, questions: QuestionSet | None, put: set[str]) -> list[str | None]:
    """Name the questions that were due for certain: those that depend on no answer."""
    if questions is None:
        return [] if put else [None]
    places = {quote.place for quote in check_in.quotes}
    left = (q for q in questions.questions if q.id not in put and q.quotes <= places)
    free = [q.id for q in left if q.after is None and not q.gate]
    room = None if check_in.room is None else max(0, check_in.room - len(put))
    return list(free[:room]) if put or free else [None]


def _put(reply: Reply, check_in: CheckIn) -> Line:
    answer: object = reply.text
    if reply.choices:
        answer = (
            list(reply.choices)
            if reply.text is None
            else {"choices": list(reply.choices), "text": reply.text}
        )
    if reply.voice is not None and reply.text is None:
        answer = {"voice_seconds": reply.voice.seconds}
    if reply.key is Key.SURVEY:  # promised without a name: only `stagebot survey` tells what was answered
        answer = None
    return {
        "question": reply.question,
        "asked": reply.wording,
        "asked_at": _moment(reply.asked),
        "answered_at": _moment(reply.answered),
        "reply": answer if reply.has_answer else None,
        "share": reply.share.value,
        "status": reply.status.value,
        "reason": check_in.reason.value if check_in.reason and not reply.has_answer else None,
    }


def _missed(question: str | None, check_in: CheckIn) -> Line:
    unreachable = check_in.state is CheckInState.UNREACHABLE
    waiting = check_in.state in (CheckInState.OPEN, CheckInState.QUEUED)
    reason = check_in.reason or Reason.OTHER_OPEN
    return {
        "question": question,
        "asked": None,
        "asked_at": None,
        "answered_at": None,
        "reply": None,
        "share": None,
        "status": (Status.UNREACHABLE if unreachable else Status.NOT_ASKED).value,
        "reason": (Reason.OTHER_OPEN if waiting else reason).value,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
