"""Carries out what is due, as the service does, and walks through a stage from one moment to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from conversations.dossier import PageRecord, SignalState
from conversations.due import due, next_wake
from conversations.duties import (
    Addend,
    Ask,
    AskHeld,
    Close,
    Due,
    Escalate,
    HandOver,
    HandPage,
    MissDigest,
    Record,
    Remind,
    Wake,
)
from conversations.facts import DigestRecord, Entity, StageFacts
from conversations.model import CheckIn, CheckInId, CheckInState, Meeting, Reply, Stage, Status
from conversations.school import School
from tests.conversations.stages import a_reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What was due at a moment."""

    now: datetime
    dues: tuple[Due, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What people do with a question: answer it at once, or never; and put it off first."""

    answers: bool = True
    snooze: timedelta | None = None


def carry_out(facts: StageFacts, dues: list[Due], now: datetime, habit: Habit) -> StageFacts:
    """Record what was due. Asked questions are all put at once."""
    for one in dues:
        match one:
            case Ask():
                facts = _asked(facts, one, now, habit)
            case Record():
                facts = _changed(facts, one.check_in(_new_id(facts)))
            case Remind(check_in=check_in):
                facts = _changed(facts, replace(check_in, remind_at=None))
            case Wake(check_in=check_in):
                facts = _changed(facts, replace(check_in, snoozed_until=None))
            case Close(check_in=check_in):
                facts = _changed(facts, replace(check_in, state=CheckInState.EXPIRED))
            case _:
                facts = facts.with_changed((_of_staff(facts, one, now),))
    return facts


def _of_staff(facts: StageFacts, one: Due, now: datetime) -> Entity:
    """Record what was due to the teacher or the coordinators."""
    match one:
        case HandOver(stage=stage, meeting=meeting):
            return DigestRecord(stage=stage, meeting=meeting.number, at=now)
        case MissDigest(stage=stage, meeting=meeting):
            return DigestRecord(stage=stage, meeting=meeting.number, at=now, missed=True)
        case Addend(meeting=meeting):
            handed = next(d for d in facts.digests if d.meeting == meeting.number)
            return replace(handed, addendum_at=now)
        case HandPage(stage=stage, page=page):
            return PageRecord(stage=stage, page=page, at=now)
        case AskHeld(meeting=meeting):
            return _asked_about(facts.stage, meeting, now)
        case Escalate(signal=signal):
            return replace(signal, state=SignalState.ESCALATED, escalated=now)
        case _:
            raise AssertionError(one)


def walk(
    facts: StageFacts,
    school: School,
    start: datetime,
    habit: Habit,
    arrive: Callable[[datetime], datetime] = lambda moment: moment,
) -> Iterator[tuple[Step, StageFacts]]:
    """Go from each moment to the next until nothing is due any more; `arrive` may come later than planned."""
    now = start
    while (moment := next_wake(facts, school, now)) is not None:
        now = arrive(moment)
        dues = due(facts, school, now)
        facts = carry_out(facts, dues, now, habit)
        yield Step(now=now, dues=tuple(dues)), facts


def _asked(facts: StageFacts, ask: Ask, now: datetime, habit: Habit) -> StageFacts:
    state = CheckInState.DONE if habit.answers else CheckInState.OPEN
    until = now + habit.snooze if habit.snooze else None
    check_in = replace(ask.check_in(_new_id(facts)), state=state, opened=now, snoozed_until=until)
    first = a_reply(check_in, key=ask.question_set.key)
    reply = first if habit.answers else replace(first, status=Status.OPEN, answered=None)
    put: tuple[Reply, ...] = tuple(replace(reply, question=f"q{n}") for n in range(ask.room or 1))
    return replace(_changed(facts, check_in), replies=(*facts.replies, *put))


def _changed(facts: StageFacts, check_in: CheckIn) -> StageFacts:
    return replace(facts, check_ins=(*(c for c in facts.check_ins if c.id != check_in.id), check_in))


def _asked_about(stage: Stage, meeting: Meeting, now: datetime) -> Stage:
    meetings = (replace(m, asked=now) if m.number == meeting.number else m for m in stage.meetings)
    return replace(stage, meetings=tuple(meetings))


def _new_id(facts: StageFacts) -> CheckInId:
    return CheckInId(max((c.id for c in facts.check_ins), default=0) + 1)
