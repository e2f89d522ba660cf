"""The plan of a stage: which occasions it should have, and when. Computed every time, never stored.

An occasion is named "week 7", "meeting 2" or "agenda 2". Its moment may move with a meeting, a holiday or
somebody's chosen moment; its name stays, so that what was recorded under it is never given again.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from conversations.calendar import (
    DAY,
    SchoolCalendar,
    allowed_after,
    allowed_before,
    is_day_off,
    is_quiet_day,
    is_stage_day,
    monday_of,
    to_local,
    to_utc,
    week_of,
    workdays_before,
)
from conversations.model import Meeting, Participant, ParticipantId, Reason, Role, Stage, StageId
from conversations.question_set import Occasion
from conversations.school import School

TRAINER_TIME = time(16)  # when a trainer is asked who chose no moment
DIGEST_TIME = time(8, 30)
ADDENDUM_TIME = time(8)
NIGHT_ENDS = time(6)  # a working day that ends before this ends the night after

WEEKLY_OPEN = timedelta(days=6)
FIRST_WEEK_OPEN = timedelta(days=7)
BEFORE_MEETING = timedelta(days=7)
BEFORE_DIGEST = timedelta(
    days=2
)  # a trainer has at least this long, also when a holiday pulls the digest forward
ADDENDUM_BEFORE_MEETING = timedelta(minutes=30)
DIGEST_WORKDAYS = 2
AGENDA_WORKDAYS = 3

LATEST = time(23, 59)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One occasion on which a participant should be asked something about a stage.

    `reason` is set when it is to be recorded as not asked from the start. `meeting` is the number of the
    meeting it prepares. `due` and `closes` are UTC.
    """

    stage: StageId
    participant: ParticipantId
    occasion: str
    kind: Occasion
    due: datetime
    closes: datetime
    reason: Reason | None = None
    meeting: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A stage with the two people who are asked, and the school's calendar and question sets."""

    stage: Stage
    student: Participant
    trainer: Participant
    school: School

    @property
    def calendar(self) -> SchoolCalendar:
        """Give the school's calendar."""
        return self.school.calendar

    def is_off(self, participant: ParticipantId, day: date) -> bool:
        """Tell whether somebody is left alone for a holiday: trainers only on public ones."""
        if participant == self.stage.student:
            return is_day_off(self.calendar, self.stage, day)
        return day in self.calendar.public_holidays


def plan_of(stage: Stage, people: Mapping[ParticipantId, Participant], school: School) -> Plan:
    """Find the two people of a stage who are asked."""
    return Plan(stage=stage, student=people[stage.student], trainer=people[stage.trainer], school=school)


def occasions(
    stage: Stage, people: Mapping[ParticipantId, Participant], school: School
) -> tuple[Planned, ...]:
    """Give everything a stage should have from its first to its last day, by moment."""
    planned = (one for stream in streams(plan_of(stage, people, school)) for one in stream)
    return tuple(sorted(planned, key=lambda one: (one.due, one.participant, one.occasion)))


def streams(
    plan: Plan, student_has: Container[str] = (), trainer_has: Container[str] = ()
) -> tuple[Iterator[Planned], ...]:
    """Give the occasions that were not had yet, as lazy streams that are each in order of moment."""
    return (
        weeks(plan, student_has),
        agendas(plan, student_has),
        _first_week(plan, trainer_has),
        _before_meetings(plan, trainer_has),
    )


def digest_at(meeting: Meeting, school: School) -> datetime:
    """Give the moment of a meeting's digest: two workdays before, in the morning."""
    return _digest_for(school.calendar, _day(meeting, school.calendar))


@lru_cache(maxsize=1024)
def _digest_for(calendar: SchoolCalendar, day: date) -> datetime:
    before = workdays_before(calendar, day, DIGEST_WORKDAYS)
    return to_utc(calendar, before, max(DIGEST_TIME, calendar.quiet.end))


def addendum_at(meeting: Meeting, school: School) -> datetime:
    """Give the moment for what came in after the digest: the morning of the meeting."""
    morning = max(ADDENDUM_TIME, school.calendar.quiet.end)
    usual = to_utc(school.calendar, _day(meeting, school.calendar), morning)
    return min(usual, meeting.at - ADDENDUM_BEFORE_MEETING)


# ---- the student ----------------------------------------------------------------------------------------


def weeks(plan: Plan, had: Container[str] = ()) -> Iterator[Planned]:
    """Give the student's weekly occasions."""
    for week in range(1, week_of(plan.stage, plan.stage.end) + 1):
        if (occasion := f"week {week}") in had or not (days := _company_days(plan, week)):
            continue
        due, following = _weekly_due(plan, days), _company_days(plan, week + 1)
        closes = due + WEEKLY_OPEN
        if following:
            closes = min(closes, _weekly_due(plan, following))
        yield Planned(
            stage=plan.stage.id,
            participant=plan.stage.student,
            occasion=occasion,
            kind=_weekly_kind(plan, week),
            due=due,
            closes=closes,
            reason=None if _without_holidays(plan, days) else Reason.HOLIDAY,
        )


def _company_days(plan: Plan, week: int) -> list[date]:
    monday = monday_of(plan.stage, week)
    days = (monday + weekday * DAY for weekday in sorted(plan.stage.days))
    return [day for day in days if plan.stage.begin <= day <= plan.stage.end]


def _without_holidays(plan: Plan, days: list[date]) -> list[date]:
    return [day for day in days if not is_day_off(plan.calendar, plan.stage, day)]


def _weekly_due(plan: Plan, days: list[date]) -> datetime:
    there = _without_holidays(plan, days)
    chosen, last = plan.student.moment, (there or days)[-1]
    if chosen is None:
        return _after_work(plan, there) if there else to_utc(plan.calendar, last, plan.stage.workday_end)
    day = last
    if chosen.weekday is not None:
        wished = last + (chosen.weekday - last.weekday()) * DAY
        if wished > last and not is_day_off(plan.calendar, plan.stage, wished):
            day = wished
    return to_utc(plan.calendar, day, chosen.time)


def _after_work(plan: Plan, days: list[date]) -> datetime:
    """Give the end of the last working day, or what is allowed after it in that week, or else before it."""
    calendar, end = plan.calendar, plan.stage.workday_end
    last = next((day for day in reversed(days) if not is_quiet_day(calendar, day)), days[-1])
    by_night = end < NIGHT_ENDS
    after = allowed_after(calendar, last + DAY if by_night else last, end)
    landed = to_local(calendar, after).date()
    if landed == last or (landed.weekday() > last.weekday() and not _is_off(plan, landed)):
        return after
    before = allowed_before(calendar, last, LATEST if by_night else end)
    while _is_off(plan, day := to_local(calendar, before).date()):
        before = allowed_before(calendar, day - DAY, LATEST)
    first = max(plan.stage.begin, last - last.weekday() * DAY)
    return before if day >= first else open_moment(plan, plan.stage.student, last, end)


def _is_off(plan: Plan, day: date) -> bool:
    return plan.is_off(plan.stage.student, day)


def _weekly_kind(plan: Plan, week: int) -> Occasion:
    """Give FIRST_WEEK for the first week with a stage day, where the school has questions for it."""
    so_far = (monday_of(plan.stage, week) - plan.stage.begin).days
    if any(is_stage_day(plan.calendar, plan.stage, plan.stage.begin + n * DAY) for n in range(so_far)):
        return Occasion.WEEKLY
    asks = any(
        s.role is Role.STUDENT and s.occasion is Occasion.FIRST_WEEK
        for s in plan.school.question_sets.values()
    )
    return Occasion.FIRST_WEEK if asks else Occasion.WEEKLY


def agendas(plan: Plan, had: Container[str] = ()) -> Iterator[Planned]:
    """Give the occasions on which the student says what to discuss."""
    for meeting in plan.stage.meetings:
        if (occasion := f"agenda {meeting.number}") in had:
            continue
        day = workdays_before(plan.calendar, _day(meeting, plan.calendar), AGENDA_WORKDAYS)
        if day >= plan.stage.begin:
            yield Planned(
                stage=plan.stage.id,
                participant=plan.stage.student,
                occasion=occasion,
                kind=Occasion.AGENDA,
                due=_same_day(plan, day),
                closes=digest_at(meeting, plan.school),
                meeting=meeting.number,
            )


def _same_day(plan: Plan, day: date) -> datetime:
    if plan.student.moment is not None:
        return to_utc(plan.calendar, day, plan.student.moment.time)
    end = plan.stage.workday_end
    return allowed_before(plan.calendar, day, LATEST if end < NIGHT_ENDS else end)


# ---- the trainer ----------------------------------------------------------------------------------------


def _first_week(plan: Plan, had: Container[str]) -> Iterator[Planned]:
    if "week 1" in had:
        return
    numbers = range(1, week_of(plan.stage, plan.stage.end) + 1)
    there = (_without_holidays(plan, _company_days(plan, week)) for week in numbers)
    days = next((days for days in there if days), None)
    if days is not None:
        due = _trainer_after(plan, days[-1])
        yield Planned(
            stage=plan.stage.id,
            participant=plan.stage.trainer,
            occasion="week 1",
            kind=Occasion.FIRST_WEEK,
            due=due,
            closes=due + FIRST_WEEK_OPEN,
        )


def _trainer_after(plan: Plan, day: date) -> datetime:
    calendar, moment = plan.calendar, plan.trainer.moment
    if moment is None:
        return open_moment(plan, plan.stage.trainer, day, TRAINER_TIME)
    if moment.weekday is not None:
        day += (moment.weekday - day.weekday()) % 7 * DAY
    while _is_trainer_off(plan, day):
        day += DAY
    return to_utc(calendar, day, moment.time)


def _before_meetings(plan: Plan, had: Container[str]) -> Iterator[Planned]:
    for meeting in plan.stage.meetings:
        if (occasion := f"meeting {meeting.number}") in had:
            continue
        closes = digest_at(meeting, plan.school)
        last = min(
            _day(meeting, plan.calendar) - BEFORE_MEETING,
            to_local(plan.calendar, closes).date() - BEFORE_DIGEST,
        )
        due = _trainer_before(plan, last)
        if to_local(plan.calendar, due).date() >= plan.stage.begin:
            yield Planned(
                stage=plan.stage.id,
                participant=plan.stage.trainer,
                occasion=occasion,
                kind=Occasion.BEFORE_MEETING,
                due=due,
                closes=closes,
                meeting=meeting.number,
            )


def _trainer_before(plan: Plan, day: date) -> datetime:
    calendar, moment = plan.calendar, plan.trainer.moment
    if moment is not None and moment.weekday is not None:
        wished = day - (day.weekday() - moment.weekday) % 7 * DAY
        day = wished if wished >= plan.stage.begin else day
    while _is_trainer_off(plan, day):
        day -= DAY
    if moment is not None:
        return to_utc(calendar, day, moment.time)
    return allowed_before(calendar, day, TRAINER_TIME)


def _is_trainer_off(plan: Plan, day: date) -> bool:
    moment = plan.trainer.moment
    chosen = moment is not None and moment.weekday == day.weekday()
    return day in plan.calendar.public_holidays or (is_quiet_day(plan.calendar, day) and not chosen)


# ---- both -----------------------------------------------------------------------------------------------


def open_moment(
    plan: Plan, participant: ParticipantId, day: date, clock: time, resume: time | None = None
) -> datetime:
    """Give the first moment from a wall time on that is neither quiet nor a holiday; see `allowed_after`."""
    calendar = plan.calendar
    resume = resume or calendar.quiet.resume
    moment = allowed_after(calendar, day, clock, resume)
    while plan.is_off(participant, day := to_local(calendar, moment).date()):
        moment = allowed_after(calendar, day + DAY, resume, resume)
    return moment


def _day(meeting: Meeting, calendar: SchoolCalendar) -> date:
    return to_local(calendar, meeting.at).date()
