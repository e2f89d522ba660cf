"""What a stage has due now, and when it has something due next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

from conversations.calendar import DAY, allowed_after, is_quiet, is_quiet_day, to_local, to_utc
from conversations.choosing import choose, room
from conversations.duties import Addend, Ask, Close, Due, HandOver, MissDigest, Record, Remind, Wake
from conversations.facts import DigestRecord, StageFacts
from conversations.model import CheckIn, CheckInState, Meeting, ParticipantId, Reach, Reason, Status
from conversations.plan import Planned
from conversations.question_set import Occasion
from conversations.schedule import addendum_at, digest_at
from conversations.school import School
from conversations.view import CHOSEN, View, look

GRACE = timedelta(hours=6)  # what is later than this was missed while the bot was away
REMIND_BEFORE_CLOSING = timedelta(hours=2)
STUDENT_REMINDED = 1  # days after it was asked
TRAINER_REMINDED = 2
STILL_GOOD = timedelta(days=3)  # a digest this much before its moment still serves a meeting that moved
DIGEST_BEFORE_MEETING = timedelta(minutes=30)  # a digest that is late waits no longer for quiet hours to end

ACTIVE = frozenset({CheckInState.OPEN, CheckInState.QUEUED})
UNREACHABLE = {
    Reach.INVITED: Reason.NOT_JOINED,
    Reach.BLOCKED: Reason.BLOCKED,
    Reach.STOPPED: Reason.STOPPED,
}


def due(facts: StageFacts, school: School, now: datetime, grace: timedelta = GRACE) -> list[Due]:
    """Say what is due, in the order in which to carry it out.

    An occasion that was recorded under its name never comes back, whatever happened to its moment. What is
    more than `grace` late was missed while the bot was away: one of it at most is asked, as a catch-up.
    """
    view = look(facts, school, now, grace)
    records, asks = _settle(view)
    return [
        *_closings(view),
        *_digests(view),
        *records,
        *_wakings(view),
        *_reminders(view),
        *_asks(view, asks),
    ]


def next_wake(facts: StageFacts, school: School, now: datetime, grace: timedelta = GRACE) -> datetime | None:
    """Give the first moment from now on at which `due` gives anything, or None when there is none."""
    view = look(facts, school, now, grace)
    moments = sorted({max(now, moment) for moment in _moments(view)})
    return next((moment for moment in moments if _has_any(replace(view, now=moment))), None)


def _has_any(view: View) -> bool:
    records, asks = _settle(view)
    return bool(records or asks) or any(
        True for part in (_closings, _digests, _wakings, _reminders) for _ in part(view)
    )


def _moments(view: View) -> Iterator[datetime]:
    """Give every moment at which something may become due; `next_wake` takes the first that does."""
    for one in view.planned:
        yield one.due
        if one.due <= view.now or not replace(view, now=one.due).is_free(one.participant, one.due):
            yield from (one.due + view.grace, one.closes, view.free_from(one.participant, one.due))
    for check_in in view.facts.check_ins:
        if check_in.state in ACTIVE:
            yield check_in.closes
            for moment in (check_in.remind_at, check_in.snoozed_until):
                if moment is not None:
                    awake = max(moment, _pause_ends(view, check_in.participant))
                    yield from (moment, awake, view.free_from(check_in.participant, awake))
    handed = _handed(view)
    for meeting in view.facts.stage.meetings:
        record = handed.get(meeting.number)
        if record is None:
            moment = digest_at(meeting, view.school)
            yield from (moment, _morning(view, max(view.now, moment)), meeting.at)
        elif record.addendum_at is None:
            yield addendum_at(meeting, view.school)


def _pause_ends(view: View, participant: ParticipantId) -> datetime:
    until = view.facts.people[participant].paused_until
    return view.now if until is None else to_utc(view.school.calendar, until, time(0))


# ---- occasions ------------------------------------------------------------------------------------------


def _settle(view: View) -> tuple[list[Record], list[Planned]]:
    """Divide the occasions that are due into what is recorded and what is asked; the rest waits."""
    records: list[Record] = []
    open_to: dict[ParticipantId, list[Planned]] = {}
    for one in view.planned:
        if one.due > view.now:
            continue
        if (reason := _hindrance(view, one)) is not None:
            records.append(Record(planned=one, reason=reason))
        else:
            open_to.setdefault(one.participant, []).append(one)
    asks: list[Planned] = []
    for theirs in open_to.values():
        on_time = [one for one in theirs if not _is_late(view, one)]
        taken = on_time or theirs[-1:]
        records += [Record(planned=one, reason=Reason.DOWNTIME) for one in theirs if one not in taken]
        asks += [one for one in taken if view.is_free(one.participant, one.due)]
    return records, asks


def _is_late(view: View, one: Planned) -> bool:
    return view.now - one.due >= view.grace


def _hindrance(view: View, one: Planned) -> Reason | None:
    """Say why an occasion can't be asked any more, or not at all."""
    person = view.facts.people[one.participant]
    if one.reason is not None:
        return one.reason
    if view.facts.stage.ended:
        return Reason.STAGE_ENDED
    if person.reach in UNREACHABLE:
        return UNREACHABLE[person.reach]
    if person.paused_until and to_local(view.school.calendar, one.due).date() < person.paused_until:
        return Reason.PAUSED
    if one.closes > view.now:
        return None
    met = any(m.number == one.meeting and m.at <= view.now for m in view.facts.stage.meetings)
    return Reason.MEETING_PASSED if met else Reason.DOWNTIME


def _asks(view: View, asks: list[Planned]) -> Iterator[Ask | Record]:
    given: Counter[ParticipantId] = Counter()
    for one in sorted(asks, key=lambda one: one.kind is Occasion.AGENDA):
        late = _is_late(view, one)
        taken = given[one.participant]
        left = room(view.facts, view.school, one, view.now, given=taken, catch_up=late)
        chosen = choose(view.facts, view.school, one, view.now)
        if left == 0 or chosen is None:
            yield Record(planned=one, reason=Reason.FULL_WEEK if left == 0 else Reason.NO_QUESTION)
            continue
        given[one.participant] += left or 0
        yield Ask(
            planned=one,
            question_set=chosen[0],
            task=chosen[1],
            room=left,
            remind_at=_remind_at(view, one, view.now if late else one.due),
            catch_up=late,
        )


# ---- check-ins that are open ----------------------------------------------------------------------------


def _remind_at(view: View, one: Planned, asked: datetime) -> datetime | None:
    """Give the same time one or two days on; a time in quiet hours was chosen, and holds but for Sunday."""
    calendar = view.school.calendar
    local = to_local(calendar, asked)
    to_student = one.participant == view.facts.stage.student
    day = local.date() + (STUDENT_REMINDED if to_student else TRAINER_REMINDED) * DAY
    if is_quiet(calendar, local.date(), local.time()):
        moment = to_utc(calendar, day + is_quiet_day(calendar, day) * DAY, local.time())
    else:
        moment = allowed_after(calendar, day, local.time())
    if view.plan.is_off(one.participant, to_local(calendar, moment).date()):
        return None
    return moment if moment <= one.closes - REMIND_BEFORE_CLOSING else None


def _closings(view: View) -> Iterator[Close]:
    for check_in in view.facts.check_ins:
        replaced = check_in.participant not in (view.plan.stage.student, view.plan.stage.trainer)
        if check_in.state in ACTIVE and (replaced or check_in.closes <= view.now):
            yield Close(check_in=check_in)


def _wakings(view: View) -> Iterator[Wake]:
    for check_in in _open_to_people(view):
        until = check_in.snoozed_until
        if until is None or not until <= view.now < check_in.closes:
            continue
        if view.now - until < CHOSEN or view.is_free(check_in.participant, until):
            yield Wake(check_in=check_in)


def _reminders(view: View) -> Iterator[Remind]:
    for check_in in _open_to_people(view):
        at = check_in.remind_at
        if at is None or check_in.snoozed_until is not None:
            continue
        last = min(check_in.closes - REMIND_BEFORE_CLOSING, at + view.grace)
        free = at <= view.now <= last and view.is_free(check_in.participant, at)
        if free and _is_untouched(view, check_in):
            yield Remind(check_in=check_in)


def _open_to_people(view: View) -> Iterator[CheckIn]:
    for check_in in view.facts.check_ins:
        if check_in.state is CheckInState.OPEN and view.can_ask(check_in.participant):
            yield check_in


def _is_untouched(view: View, check_in: CheckIn) -> bool:
    replies = (reply for reply in view.facts.replies if reply.check_in == check_in.id)
    return all(reply.status is Status.OPEN for reply in replies)


# ---- digests --------------------------------------------------------------------------------------------


def _digests(view: View) -> Iterator[HandOver | Addend | MissDigest]:
    stage, handed = view.facts.stage, _handed(view)
    there = view.facts.people[stage.teacher].reach is Reach.JOINED and not stage.ended
    for meeting in stage.meetings:
        record = handed.get(meeting.number)
        if record is None and meeting.at <= view.now:
            yield MissDigest(stage=stage.id, meeting=meeting)
        elif record is None and there and _is_digest_time(view, meeting):
            yield HandOver(stage=stage.id, meeting=meeting)
        elif record and there and not record.missed and record.addendum_at is None:
            morning = addendum_at(meeting, view.school)
            if record.at < morning <= view.now < meeting.at:
                yield Addend(stage=stage.id, meeting=meeting)


def _handed(view: View) -> dict[int, DigestRecord]:
    """Give the digests that were handed over; one of long before a meeting that moved since is void."""
    at = {meeting.number: digest_at(meeting, view.school) for meeting in view.facts.stage.meetings}
    return {
        d.meeting: d
        for d in view.facts.digests
        if d.meeting in at and (d.missed or d.at >= at[d.meeting] - STILL_GOOD)
    }


def _is_digest_time(view: View, meeting: Meeting) -> bool:
    """Tell whether to hand over a digest: its time has come, and it is not night unless it can't wait."""
    since = digest_at(meeting, view.school)
    if view.now < since:
        return False
    morning = _morning(view, view.now)
    return morning <= view.now or view.now - since < CHOSEN or morning > meeting.at - DIGEST_BEFORE_MEETING


def _morning(view: View, moment: datetime) -> datetime:
    """Give the moment itself, or where that is quiet, the end of the quiet hours."""
    calendar = view.school.calendar
    local = to_local(calendar, moment)
    if not is_quiet(calendar, local.date(), local.time()):
        return moment
    return allowed_after(calendar, local.date(), local.time(), resume=calendar.quiet.end)
