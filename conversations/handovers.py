"""What a teacher is due: digests and pages, and the question whether a meeting was held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from conversations.calendar import (
    DAY,
    SchoolCalendar,
    is_quiet,
    is_quiet_day,
    is_workday,
    to_local,
    to_utc,
    workdays_after,
)
from conversations.duties import Addend, AskHeld, HandOver, HandPage, MissDigest
from conversations.facts import DigestRecord
from conversations.milestones import third_days
from conversations.model import CheckIn, CheckInState, Key, Meeting, Reach
from conversations.schedule import DIGEST_TIME, MOMENTS, addendum_at, digest_at
from conversations.view import CHOSEN, View, morning

THIRD, END = "third", "end"  # the pages beside the digests

STILL_GOOD = timedelta(days=3)  # a digest this much before its moment still serves a meeting that moved
DIGEST_BEFORE_MEETING = timedelta(minutes=30)  # a digest that is late waits no longer for quiet hours to end
HELD_AFTER = timedelta(hours=2)  # after a meeting began, the teacher is asked whether it was held
HELD_TIME = time(9)  # in the morning at the earliest
LONG_AGO = timedelta(days=14)  # what a teacher was due before this is told no more


def handovers(view: View) -> Iterator[HandOver | Addend | MissDigest | HandPage | AskHeld]:
    """Give what is due to the teacher of a stage."""
    yield from _digests(view)
    yield from _pages(view)
    yield from _held(view)


def moments(view: View) -> Iterator[datetime]:
    """Give every moment at which something may become due to the teacher."""
    handed = _handed(view)
    for meeting in view.meetings:
        record = handed.get(meeting.number)
        if record is None:
            at = digest_at(meeting, view.school)
            yield from (at, morning(view, max(view.now, at)), meeting.at)
        elif record.addendum_at is None:
            yield addendum_at(meeting, view.school)
        if not _was_asked(meeting):
            yield _open_from(view.school.calendar, max(view.now, meeting.at + HELD_AFTER))
    for at in _page_moments(view).values():
        since = view.now if view.facts.stage.ended else max(view.now, at)
        yield from (_office_from(view.school.calendar, since), at + LONG_AGO)


# ---- digests --------------------------------------------------------------------------------------------


def _digests(view: View) -> Iterator[HandOver | Addend | MissDigest]:
    stage, handed, there = view.facts.stage, _handed(view), _is_there(view) and not view.facts.stage.ended
    for meeting in view.meetings:
        record = handed.get(meeting.number)
        if record is None and meeting.at <= view.now:
            yield MissDigest(stage=stage.id, meeting=meeting)
        elif record is None and there and _is_digest_time(view, meeting):
            yield HandOver(stage=stage.id, meeting=meeting)
        elif record and there and not record.missed and record.addendum_at is None:
            since = addendum_at(meeting, view.school)
            if record.at < since <= view.now < meeting.at:
                yield Addend(stage=stage.id, meeting=meeting)


def _handed(view: View) -> dict[int, DigestRecord]:
    """Give the digests that need no other: one of long before a meeting that moved is void, as a lost one."""
    meetings = {meeting.number: meeting for meeting in view.facts.stage.meetings}
    records = (record for record in view.facts.digests if record.meeting in meetings)
    return {r.meeting: r for r in records if _still_holds(view, r, meetings[r.meeting])}


def _still_holds(view: View, record: DigestRecord, meeting: Meeting) -> bool:
    if record.missed and not record.undelivered:
        return record.at >= meeting.at
    in_time = record.at >= digest_at(meeting, view.school) - STILL_GOOD
    return in_time and (record.missed or not record.undelivered)


def _is_digest_time(view: View, meeting: Meeting) -> bool:
    """Tell whether to hand over a digest: its time has come, and it is not night unless it can't wait."""
    since = digest_at(meeting, view.school)
    if view.now < since:
        return False
    awake = morning(view, view.now)
    return awake <= view.now or view.now - since < CHOSEN or awake > meeting.at - DIGEST_BEFORE_MEETING


def _is_there(view: View) -> bool:
    return view.facts.people[view.facts.stage.teacher].reach is Reach.JOINED


# ---- pages beside the digests ---------------------------------------------------------------------------


def _pages(view: View) -> Iterator[HandPage]:
    """Give the pages whose time has come, in office hours; what is long past is only recorded."""
    stage = view.facts.stage
    for page, at in _page_moments(view).items():
        if view.now >= at + LONG_AGO:
            yield HandPage(stage=stage.id, page=page, late=True)
        elif (at <= view.now or stage.ended) and _is_there(view) and _is_office(view):
            yield HandPage(stage=stage.id, page=page)


def _page_moments(view: View) -> dict[str, datetime]:
    """Say from when on each page may be handed over that is still to come.

    The last page waits for the meetings and questions that are still to come; a stage that was ended before
    its last day waits for nothing, not even for that moment.
    """
    had = {record.page for record in view.facts.pages if not record.undelivered}
    found: dict[str, datetime] = {}
    thirds = third_days(view.facts.stage)
    if THIRD not in had and thirds and not view.facts.stage.ended:
        found[THIRD] = _office_opens(view.school.calendar, thirds[0])
    if END not in had and (view.facts.stage.ended or not _goes_on(view)):
        found[END] = _end(view)
    return found


def _end(view: View) -> datetime:
    """Give the morning of the first workday after the last stage day and the last meeting."""
    calendar = view.school.calendar
    days = [to_local(calendar, meeting.at).date() for meeting in view.meetings]
    day = workdays_after(calendar, max([view.course.last_day, *days]), 1)
    return to_utc(calendar, day, _opening(calendar))


def _goes_on(view: View) -> bool:
    """Tell whether anything is still to be asked, or open, of which the teacher would read the answer."""
    active = (c for c in view.facts.check_ins if c.state in (CheckInState.OPEN, CheckInState.QUEUED))
    return bool(view.planned) or any(_is_read(view, check_in) for check_in in active)


def _is_read(view: View, check_in: CheckIn) -> bool:
    found = view.school.question_sets.get(check_in.question_set)
    return found is None or any(question.key is not Key.SURVEY for question in found.questions)


def _opening(calendar: SchoolCalendar) -> time:
    return max(DIGEST_TIME, calendar.quiet.end)


def _is_office(view: View) -> bool:
    return _office_from(view.school.calendar, view.now) == view.now


@lru_cache(maxsize=MOMENTS)
def _office_opens(calendar: SchoolCalendar, day: date) -> datetime:
    """Give the first moment in office hours from a day on."""
    return _office_from(calendar, to_utc(calendar, day, time(0)))


def _office_from(calendar: SchoolCalendar, moment: datetime) -> datetime:
    """Give the moment itself, or where that is outside office hours, the next workday's morning."""
    local = to_local(calendar, moment)
    day, clock, opening = local.date(), local.time(), _opening(calendar)
    if is_workday(calendar, day) and clock >= opening and not is_quiet(calendar, day, clock):
        return moment
    before = is_workday(calendar, day) and clock < opening
    return to_utc(calendar, day if before else workdays_after(calendar, day, 1), opening)


# ---- meetings -------------------------------------------------------------------------------------------


def _held(view: View) -> Iterator[AskHeld]:
    """Ask whether a meeting was held that nobody said anything about."""
    if not _is_there(view) or view.facts.stage.ended:
        return
    for meeting in view.meetings:
        passed = meeting.at + HELD_AFTER <= view.now < meeting.at + LONG_AGO
        if passed and not _was_asked(meeting) and _open_from(view.school.calendar, view.now) == view.now:
            yield AskHeld(stage=view.facts.stage.id, meeting=meeting)


def _was_asked(meeting: Meeting) -> bool:
    """Tell whether the teacher was asked about the meeting where it is now: one that moved is asked again."""
    return meeting.asked is not None and meeting.asked >= meeting.at


@lru_cache(maxsize=MOMENTS)
def _open_from(calendar: SchoolCalendar, moment: datetime) -> datetime:
    """Give the moment itself, or where that is early, quiet or a public holiday, the morning after it."""
    local, resume = to_local(calendar, moment), max(HELD_TIME, calendar.quiet.end)
    day, early = local.date(), local.time() < resume
    if not early and not is_quiet(calendar, day, local.time()) and day not in calendar.public_holidays:
        return moment
    day = day if early else day + DAY
    while is_quiet_day(calendar, day) or day in calendar.public_holidays:
        day += DAY
    return to_utc(calendar, day, resume)
