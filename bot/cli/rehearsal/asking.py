"""The rules of asking: not too much, not at a bad hour, not on a holiday, not twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.cli.rehearsal.record import Broken, Heard, Press, Record
from conversations.buttons import Does
from conversations.calendar import is_day_off, is_quiet, is_quiet_day, to_local
from conversations.messages import Lane
from conversations.model import CheckIn, CheckInId, ParticipantId, Slot, Stage
from conversations.question_set import Kind, Occasion, Question, QuestionSet

A_WEEK = 2
TAPS, SENTENCES = 3, 1  # a trainer's minimal path before a meeting, a student (promise K3b)
RESTS = timedelta(days=7)  # after "Ik voel me niet goed" in /hulp
CHOSEN = timedelta(minutes=5)  # a message may leave so long after the moment that somebody chose
REMINDED = timedelta(days=3)  # a reminder comes within this time, at the hour of the question
PUT_BY_ITSELF = 2  # once, and one reminder
_TAPS = {Kind.TEXT: 0, Kind.CHOICE: 1, Kind.CHOICES: 2, Kind.COVERAGE: 1}


def two_a_week(record: Record) -> Iterator[Broken]:
    """No student is put more than two questions in a calendar week; follow-ups and gates do not count."""
    students = {stage.student for stage in record.stages}
    put: dict[tuple[ParticipantId, date], set[Slot]] = defaultdict(set)
    seen: set[Slot] = set()
    for heard in sorted(record.heard, key=lambda h: h.at):
        slot = heard.slot
        if slot is None or slot in seen or heard.participant not in students or not _counts(record, slot):
            continue
        seen.add(slot)
        day = to_local(record.school.calendar, heard.at).date()
        put[heard.participant, day - timedelta(days=day.weekday())].add(slot)
    for (participant, week), slots in put.items():
        if len(slots) > A_WEEK:
            where = f"{record.who(participant)}, week of {week}"
            yield Broken(rule="two questions a week", where=where, how=f"{len(slots)} questions")


def three_taps_and_a_sentence(record: Record) -> Iterator[Broken]:
    """What a trainer was asked before a meeting without choosing more is 3 taps and 1 sentence at most."""
    put: dict[CheckInId, set[str]] = defaultdict(set)
    for reply in record.replies:
        if not reply.is_follow_up:
            put[reply.check_in].add(reply.question)
    for check_in in record.check_ins:
        questions = record.school.question_sets.get(check_in.question_set)
        if questions is None or questions.occasion is not Occasion.BEFORE_MEETING:
            continue
        asked = [q for q in questions.questions if q.id in put[check_in.id] and not _is_more(questions, q)]
        sentences = sum(q.kind is Kind.TEXT for q in asked)
        taps = sum(_TAPS[q.kind] for q in asked)
        if taps > TAPS or sentences > SENTENCES:
            where = f"{record.stage(check_in.stage).code}, {check_in.occasion}"
            yield Broken(rule="trainer in a minute", where=where, how=f"{taps} taps, {sentences} sentences")


def _is_more(questions: QuestionSet, question: Question) -> bool:
    """Tell what is only asked of a trainer who chose to answer more."""
    before = questions.question(question.after.question) if question.after else None
    return before is not None and (before.gate or _is_more(questions, before))


def one_follow_up(record: Record) -> Iterator[Broken]:
    """No answer is asked about more than once: for an example, or for one typed line."""
    asked: dict[Slot, set[str]] = defaultdict(set)
    for heard in record.heard:
        if heard.slot is not None and "." in heard.slot.question:
            base, _, suffix = heard.slot.question.partition(".")
            asked[Slot(heard.slot.check_in, base)].add(suffix)
    for slot, suffixes in asked.items():
        if len(suffixes) > 1:
            check_in = record.check_in(slot.check_in)
            code = record.stage(check_in.stage).code if check_in else "a check-in that is gone"
            yield Broken(
                rule="one follow-up", where=f"{code}, {slot.question}", how=", ".join(sorted(suffixes))
            )


def at_a_decent_hour(record: Record) -> Iterator[Broken]:
    """Nothing comes by itself in quiet hours or on a Sunday, unless the person chose that moment."""
    calendar = record.school.calendar
    for heard in _by_themselves(record):
        local = to_local(calendar, heard.at)
        if is_quiet(calendar, local.date(), local.time()) and not _chose(record, heard, local):
            where = f"{record.who(heard.participant)}, {local:%Y-%m-%d %H:%M}"
            yield Broken(rule="quiet hours", where=where, how="a message that nobody asked for")


def not_on_holidays(record: Record) -> Iterator[Broken]:
    """Nothing comes by itself on somebody's holiday, unless they put a question off until that day.

    What somebody else does that day may be told at once: a meeting that moves, a teacher who has read it.
    """
    check_ins = {c.id: c for c in record.check_ins}
    for heard in _by_themselves(record):
        if heard.slot is None and (heard.passed_on or heard.lane is Lane.SIGNAL):
            continue
        day = to_local(record.school.calendar, heard.at).date()
        check_in = check_ins.get(heard.slot.check_in) if heard.slot else None
        theirs = [record.stage(check_in.stage)] if check_in else record.asked_in(heard.participant)
        off = bool(theirs) and all(_is_off(record, stage, heard.participant, day) for stage in theirs)
        if off and not (check_in and _put_off(record, check_in, heard.at)):
            where = f"{record.who(heard.participant)}, {day}"
            yield Broken(rule="holidays", where=where, how="a message on a holiday")


def not_while_paused(record: Record) -> Iterator[Broken]:
    """No question comes by itself to somebody who paused."""
    pauses: dict[ParticipantId, list[tuple[datetime, int]]] = defaultdict(list)
    for press in sorted(record.presses, key=lambda p: p.at):
        if (read := press.read) is not None and read.does is Does.PAUSE:
            pauses[press.participant].append((press.at, int(read.parts[0])))
        elif read is not None and read.does is Does.HELP and read.parts[0] == "distress":
            pauses[press.participant].append((press.at, RESTS.days))
    for heard in _by_themselves(record):
        before = [one for one in pauses[heard.participant] if one[0] <= heard.at]
        if heard.slot is None or not before:
            continue
        at, days = before[-1]
        until = to_local(record.school.calendar, at).date() + timedelta(days=days)
        if to_local(record.school.calendar, heard.at).date() < until:
            where = f"{record.who(heard.participant)}, {heard.at:%Y-%m-%d}"
            yield Broken(rule="paused", where=where, how=f"a question before {until}")


def each_occasion_once(record: Record) -> Iterator[Broken]:
    """No occasion is put twice, but for one reminder and the times that the person put it off."""
    asked: dict[tuple[object, object, str], list[CheckIn]] = defaultdict(list)
    for check_in in record.check_ins:
        asked[check_in.stage, check_in.participant, check_in.occasion].append(check_in)
    for (_, _, occasion), twice in asked.items():
        if len(twice) > 1:
            where = f"{record.stage(twice[0].stage).code}, {occasion}"
            yield Broken(rule="an occasion twice", where=where, how=f"{len(twice)} check-ins")
    put: dict[CheckInId, int] = defaultdict(int)
    for heard in _by_themselves(record):
        if heard.slot is not None:
            put[heard.slot.check_in] += 1
    for check_in in record.check_ins:
        most = PUT_BY_ITSELF + len(_snoozes(record, check_in))
        if put[check_in.id] > most:
            where = f"{record.stage(check_in.stage).code}, {check_in.occasion}"
            how = f"put {put[check_in.id]} times, {most} at most"
            yield Broken(rule="an occasion twice", where=where, how=how)


def _by_themselves(record: Record) -> Iterator[Heard]:
    return (heard for heard in record.heard if heard.by_itself and not heard.changed)


def _counts(record: Record, slot: Slot) -> bool:
    check_in = record.check_in(slot.check_in)
    questions = record.school.question_sets.get(check_in.question_set) if check_in else None
    question = questions.question(slot.question) if questions else None
    return "." not in slot.question and not (question is not None and question.gate)


def _chose(record: Record, heard: Heard, local: datetime) -> bool:
    """Tell whether a message comes at the time, and on a Sunday on the day, that somebody chose."""
    return any(_is_then(record, parts, local) for parts in _chosen(record, heard))


def _chosen(record: Record, heard: Heard) -> list[tuple[str, ...]]:
    """Give the moments that somebody had chosen when this was asked: it may be the reminder, days later."""
    pressed = [p for p in _presses(record, heard.participant, Does.MOMENT) if p.at <= heard.at]
    whole = [
        (p.at, p.read.parts) for p in pressed if p.read and (len(p.read.parts) > 1 or p.read.parts == ("d",))
    ]
    lately = [parts for at, parts in whole if at > heard.at - REMINDED]
    before = [parts for at, parts in whole if at <= heard.at - REMINDED]
    return [parts for parts in (*before[-1:], *lately) if len(parts) > 1]


def _is_then(record: Record, parts: tuple[str, ...], local: datetime) -> bool:
    day, wall = parts
    at = local.replace(hour=int(wall[:2]), minute=int(wall[2:]), second=0, microsecond=0)
    on_day = not is_quiet_day(record.school.calendar, local.date()) or day == str(local.weekday())
    return on_day and at <= local <= at + CHOSEN


def _put_off(record: Record, check_in: CheckIn, at: datetime) -> bool:
    return any(timedelta(0) <= at - press.at <= timedelta(days=2) for press in _snoozes(record, check_in))


def _snoozes(record: Record, check_in: CheckIn) -> list[Press]:
    later = _presses(record, check_in.participant, Does.LATER)
    return [p for p in later if p.read is not None and p.read.check_in == check_in.id]


def _presses(record: Record, participant: ParticipantId, does: Does) -> list[Press]:
    return [p for p in record.presses_of(participant) if p.read is not None and p.read.does is does]


def _is_off(record: Record, stage: Stage, participant: ParticipantId, day: date) -> bool:
    if participant == stage.student:
        return is_day_off(record.school.calendar, stage, day)
    return day in record.school.calendar.public_holidays
