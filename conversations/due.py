"""What a stage has due now, and when it has something due next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from conversations import escalations, handovers
from conversations.calendar import DAY, allowed_after, is_quiet, is_quiet_day, to_local, to_utc
from conversations.choosing import choose, enough, room
from conversations.dossier import SignalKind, Urgency
from conversations.duties import Ask, Close, Due, Record, Remind, Wake
from conversations.facts import StageFacts
from conversations.model import CheckIn, CheckInState, ParticipantId, Reach, Reason, Status
from conversations.plan import Planned
from conversations.question_set import Occasion
from conversations.school import School
from conversations.view import CHOSEN, View, look

GRACE = timedelta(hours=6)  # what is later than this was missed while the bot was away
REMIND_BEFORE_CLOSING = timedelta(hours=2)
STUDENT_REMINDED = 1  # days after it was asked
TRAINER_REMINDED = 2
OF_MEETINGS = frozenset({"agenda", "meeting"})  # occasions that prepare one

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
        *handovers.handovers(view),
        *escalations.escalations(view),
        *records,
        *_wakings(view),
        *_reminders(view),
        *_asks(view, asks),
    ]


def next_wake(facts: StageFacts, school: School, now: datetime, grace: timedelta = GRACE) -> datetime | None:
    """Give the first moment from now on at which `due` gives anything, or None when there is none."""
    view = look(facts, school, now, grace)
    moments = sorted({max(now, moment) for moment in _moments(view)})
    return next((moment for moment in moments if _has_any(view.at(moment))), None)


def _has_any(view: View) -> bool:
    records, asks = _settle(view)
    return bool(records or asks) or any(True for part in _PARTS for _ in part(view))


def _moments(view: View) -> Iterator[datetime]:
    """Give every moment at which something may become due; `next_wake` takes the first that does."""
    for one in view.planned:
        yield one.due
        on = to_local(view.school.calendar, one.due).date()
        # A moment in quiet hours was chosen, and holds; a day off never does.
        if one.due <= view.now or view.plan.is_off(one.participant, on):
            yield from (one.due + view.grace, one.closes, view.free_from(one.participant, one.due))
    for check_in in view.facts.check_ins:
        if check_in.state in ACTIVE:
            yield check_in.closes
            for moment in (check_in.remind_at, check_in.snoozed_until):
                if moment is not None:
                    awake = max(moment, _pause_ends(view, check_in.participant))
                    yield from (moment, awake, view.free_from(check_in.participant, awake))
    yield from handovers.moments(view)
    yield from escalations.moments(view)


def _pause_ends(view: View, participant: ParticipantId) -> datetime:
    until = view.facts.people[participant].paused_until
    days = [day + DAY for day in _days_of_rest(view, participant)] + ([] if until is None else [until])
    return to_utc(view.school.calendar, max(days), time(0)) if days else view.now


def _days_of_rest(view: View, participant: ParticipantId) -> list[date]:
    """List the days on which somebody was offered help for something that can't wait."""
    return [
        to_local(view.school.calendar, s.at).date()
        for s in view.facts.signals
        if (s.kind, s.urgency, s.by) == (SignalKind.OFFER, Urgency.TODAY, participant)
    ]


def _rests(view: View, participant: ParticipantId) -> bool:
    """Tell whether somebody is left alone today: no ordinary question comes by itself after such an offer."""
    days = _days_of_rest(view, participant)
    return bool(days) and to_local(view.school.calendar, view.now).date() in days


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
        taken = on_time or [max(theirs, key=_weight)]
        records += [Record(planned=one, reason=Reason.DOWNTIME) for one in theirs if one not in taken]
        asks += [one for one in taken if view.is_free(one.participant, one.due)]
    return records, asks


def _is_late(view: View, one: Planned) -> bool:
    return view.now - one.due >= view.grace


def _weight(one: Planned) -> tuple[datetime, bool]:
    """Order what was missed: the newest counts, and of one round what prepares a meeting."""
    return one.due, one.meeting is not None


def _hindrance(view: View, one: Planned) -> Reason | None:
    """Say why an occasion can't be asked any more, or not at all."""
    person = view.facts.people[one.participant]
    if one.reason is not None:
        return one.reason
    if view.facts.stage.ended:
        return Reason.STAGE_ENDED
    if not view.is_asked(one.participant):
        return Reason.HANDED_OVER
    if person.reach in UNREACHABLE:
        return UNREACHABLE[person.reach]
    if _rests(view, one.participant):
        return Reason.PAUSED
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
        questions, task, quotes = chosen
        left = enough(view.facts, questions, one, view.now, left)
        given[one.participant] += left or 0
        yield Ask(
            planned=one,
            question_set=questions,
            task=task,
            quotes=quotes,
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
    """Close what waits first, so that closing what is open does not open it."""
    active = [check_in for check_in in view.facts.check_ins if check_in.state in ACTIVE]
    for check_in in sorted(active, key=lambda one: one.state is CheckInState.OPEN):
        if not view.is_asked(check_in.participant):
            yield Close(check_in=check_in, reason=Reason.HANDED_OVER)
        elif view.facts.stage.ended:
            yield Close(check_in=check_in, reason=Reason.STAGE_ENDED)
        elif check_in.closes <= view.now:
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
        if free and _is_untouched(view, check_in) and _prepares_something(view, check_in):
            yield Remind(check_in=check_in)


def _open_to_people(view: View) -> Iterator[CheckIn]:
    for check_in in view.facts.check_ins:
        if check_in.state is not CheckInState.OPEN:
            continue
        if view.can_ask(check_in.participant) and not _rests(view, check_in.participant):
            yield check_in


def _is_untouched(view: View, check_in: CheckIn) -> bool:
    replies = (reply for reply in view.facts.replies if reply.check_in == check_in.id)
    return all(reply.status is Status.OPEN for reply in replies)


def _prepares_something(view: View, check_in: CheckIn) -> bool:
    """Tell whether the meeting that a check-in prepares is still to be held; most prepare none."""
    name, _, number = check_in.occasion.partition(" ")
    planned = {str(meeting.number) for meeting in view.meetings}
    return name not in OF_MEETINGS or number in planned


_PARTS = (_closings, handovers.handovers, escalations.escalations, _wakings, _reminders)
