"""The rules of following up: signals are answered or passed on, meetings told of, agreements asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.cli.rehearsal.handing import digests
from bot.cli.rehearsal.record import Broken, Heard, Record
from conversations.calendar import DAY, to_local, workdays_after
from conversations.dossier import Agreement, Signal, SignalKind, SignalState
from conversations.escalations import FOR_A_PERSON, WORKDAYS
from conversations.handovers import HELD_AFTER
from conversations.meetings.pages import STANDING
from conversations.model import CheckInId, Meeting, MeetingState, Role, Stage, StageId
from conversations.quoting import AGREEMENT, SECOND_AGREEMENT

ANSWERED = frozenset({SignalState.ACKNOWLEDGED, SignalState.ESCALATED})
ASKED_AFTER = timedelta(days=5)  # a weekend and holidays later at most
AT_ONCE = timedelta(minutes=10)

# Whose phone tells of a student's signal, by the text.
SIGNAL_TEXTS: Mapping[str, Role] = {
    "signal.student_contact": Role.TEACHER,
    "signal.student_who": Role.TEACHER,
    "signal.seen_student": Role.STUDENT,
    "escalation.told_student": Role.STUDENT,
    "escalation.nobody_student": Role.STUDENT,
    "escalation.absent_told_student": Role.STUDENT,
    "escalation.absent_nobody_student": Role.STUDENT,
    "escalation.contact": Role.COORDINATOR,
    "escalation.consult": Role.COORDINATOR,
    "escalation.hand_over": Role.COORDINATOR,
    "escalation.stop": Role.COORDINATOR,
}


def signals_are_answered(record: Record) -> Iterator[Broken]:
    """The teacher answers a signal, or within two workdays the coordinator is told; of "nee" only counts."""
    for signal in record.signals:
        how = _unanswered(record, signal) if signal.kind in FOR_A_PERSON else _told(signal)
        if how:
            where = f"{record.stage(signal.stage).code}, {signal.kind} of {signal.at:%Y-%m-%d}"
            yield Broken(rule="signals", where=where, how=how)


def _unanswered(record: Record, signal: Signal) -> str | None:
    if signal.kind is SignalKind.WHO:  # when its time is over it is only counted; it may be answered later
        return "is open after the end" if signal.state is SignalState.OPEN else None
    if signal.state not in ANSWERED:
        return f"is {signal.state} after the end"
    first = min((at for at in (signal.acknowledged, signal.escalated) if at is not None), default=None)
    calendar = record.school.calendar
    last = workdays_after(calendar, to_local(calendar, signal.at).date(), WORKDAYS)
    if first is not None and to_local(calendar, first).date() > last:
        return f"was answered after {last}"
    return None


def _told(signal: Signal) -> str | None:
    """Say what is wrong with an offer of help: nobody is to know of it."""
    untold = (SignalState.KEPT, None, None)
    return None if (signal.state, signal.acknowledged, signal.escalated) == untold else "was told to somebody"


def signals_stay_where_they_belong(record: Record) -> Iterator[Broken]:
    """A student's signal is known to the teacher, on escalation to the coordinator, never to a trainer."""
    for heard in record.heard:
        for text, role in SIGNAL_TEXTS.items():
            if record.looks.begins(text, heard.text) and not _belongs(record, heard, text, role):
                where = record.stage(heard.stage).code if heard.stage else "no stage"
                how = f"{text} on another phone, {heard.at:%Y-%m-%d %H:%M}"
                yield Broken(rule="signals", where=where, how=how)


def _belongs(record: Record, heard: Heard, text: str, role: Role) -> bool:
    if role is not Role.COORDINATOR:
        return heard.participant == record.in_stage(heard.stage, role)
    kind = text.partition(".")[2]
    escalated = (
        s.escalated for s in record.signals if (s.stage, s.kind.value) == (heard.stage, kind) and s.escalated
    )
    is_lead = Role.COORDINATOR in record.people[heard.participant].roles
    return is_lead and any(timedelta(0) <= heard.at - at < AT_ONCE for at in escalated)


# ---- meetings -------------------------------------------------------------------------------------------


def meetings_are_told_of(record: Record) -> Iterator[Broken]:
    """Of each meeting that passed it is known what became of it, or the teacher was asked."""
    for stage in record.stages:
        for meeting in stage.meetings:
            passed = record.ended is not None and meeting.at + ASKED_AFTER < record.ended
            if passed and stage.teacher in record.joined and not _is_told_of(meeting):
                where = f"{stage.code}, meeting {meeting.number}"
                yield Broken(rule="meetings", where=where, how="nobody was asked what became of it")


def _is_told_of(meeting: Meeting) -> bool:
    if meeting.state is not MeetingState.PLANNED:
        return True
    return meeting.asked is not None and meeting.asked >= meeting.at + HELD_AFTER - DAY


# ---- agreements -----------------------------------------------------------------------------------------


def agreements_are_asked_about(record: Record) -> Iterator[Broken]:
    """What was agreed and sent is asked about before the next page, or stands there as not asked."""
    asked = _asked(record)
    pages: dict[StageId | None, list[Heard]] = defaultdict(list)
    for heard in digests(record):
        pages[heard.stage].append(heard)
    for agreement in record.agreements:
        stage = record.stage(agreement.stage)
        page = _next_page(record, stage, agreement, pages[stage.id])
        if page is None or (agreement.id in asked and asked[agreement.id] <= page.at):
            continue
        if record.looks.find("digest.block_agreed", page.text) is None:
            where = f"{stage.code}, meeting {agreement.meeting}"
            yield Broken(rule="agreements", where=where, how="an agreement is not asked about and not told")


def _next_page(record: Record, stage: Stage, agreement: Agreement, pages: Sequence[Heard]) -> Heard | None:
    """Give the first page of a later meeting, where the last one that was held is that of the agreement."""
    sent = agreement.sent
    if sent is None:
        return None
    later = [m for m in stage.meetings if m.number > agreement.meeting and m.state in STANDING]
    number = min((m.number for m in later), default=None)
    return next((p for p in pages if p.at > sent and record.meeting_on(p) == number), None)


def _asked(record: Record) -> dict[int, datetime]:
    """Give when each agreement was asked about first."""
    first: dict[int, datetime] = {}
    put: dict[CheckInId, list[tuple[str, datetime]]] = {}
    for reply in record.replies:
        put.setdefault(reply.check_in, []).append((reply.question, reply.asked))
    for check_in in record.check_ins:
        questions = record.school.question_sets.get(check_in.question_set)
        asked = dict(put.get(check_in.id, ()))
        for quote in check_in.quotes if questions else ():
            if quote.place not in (AGREEMENT, SECOND_AGREEMENT):
                continue
            places = [q.id for q in questions.questions if quote.place in q.quotes] if questions else []
            for at in (asked[one] for one in places if one in asked):
                first[quote.source] = min(at, first.get(quote.source, at))
    return first


def agreements_asked(record: Record) -> int:
    """Count the agreements that somebody was asked about."""
    known = {agreement.id for agreement in record.agreements}
    return len(known & _asked(record).keys())
