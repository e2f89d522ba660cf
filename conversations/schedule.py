"""The plan of a stage: which occasions it should have, and when. Computed every time, never stored.

An occasion is named "week 7", "meeting 2", "agenda 2", "third 1" or "end". Its moment may move with a
meeting, a holiday or somebody's chosen moment; its name stays, so that what was recorded under it is never
given again.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from conversations.calendar import (
    DAY,
    SchoolCalendar,
    allowed_before,
    is_quiet_day,
    to_local,
    to_utc,
    week_of,
    workdays_before,
)
from conversations.milestones import BEFORE_THIRD, last_day, occasions_of, third_days
from conversations.model import Meeting, MeetingState, Participant, ParticipantId, Role, Stage
from conversations.plan import (
    LATEST,
    NIGHT_ENDS,
    Plan,
    Planned,
    company_days,
    open_moment,
    plan_of,
    without_holidays,
)
from conversations.question_set import Occasion
from conversations.school import School
from conversations.weekly import weeks

TRAINER_TIME = time(16)  # when a trainer is asked who chose no moment
DIGEST_TIME = time(8, 30)
ADDENDUM_TIME = time(8)

TRAINER_OPEN = timedelta(days=7)  # what prepares no meeting
ONE_ROUND = timedelta(days=5)  # what comes this close to a round before a meeting comes with it
BEFORE_MEETING = timedelta(days=7)
BEFORE_DIGEST = timedelta(days=2)  # at least, for a trainer, where a holiday pulls the digest forward
ADDENDUM_BEFORE_MEETING = timedelta(minutes=30)
DIGEST_WORKDAYS = 2
AGENDA_WORKDAYS = 3


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
        _thirds(plan, trainer_has),
        _end(plan, trainer_has),
    )


def planned_meetings(stage: Stage) -> list[Meeting]:
    """Give the meetings that are to be held, by moment: whoever moves one may put it before another."""
    return sorted((m for m in stage.meetings if m.state is MeetingState.PLANNED), key=lambda m: m.at)


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


def agendas(plan: Plan, had: Container[str] = ()) -> Iterator[Planned]:
    """Give the occasions on which the student says what to discuss."""
    for meeting in planned_meetings(plan.stage):
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
    there = (without_holidays(plan, company_days(plan, week)) for week in numbers)
    days = next((days for days in there if days), None)
    if days is not None:
        yield _of_trainer(plan, "week 1", Occasion.FIRST_WEEK, _trainer_after(plan, days[-1]))


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
    for meeting in planned_meetings(plan.stage):
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


def _thirds(plan: Plan, had: Container[str]) -> Iterator[Planned]:
    """Give the occasions a week before one third and two thirds, each with a round close to it as one."""
    if Occasion.THIRD not in occasions_of(plan, Role.TRAINER):
        return
    rounds = [one.due for one in _before_meetings(plan, had)]
    found = []
    for number, day in enumerate(third_days(plan.stage), start=1):
        own = _trainer_before(plan, day - BEFORE_THIRD)
        near = [moment for moment in rounds if abs(moment - own) <= ONE_ROUND]
        due = min(near, key=lambda moment: abs(moment - own), default=own)
        found.append(_of_trainer(plan, f"third {number}", Occasion.THIRD, due))
    yield from sorted((one for one in found if one.occasion not in had), key=lambda one: one.due)


def _end(plan: Plan, had: Container[str]) -> Iterator[Planned]:
    """Give the occasion in the last week on which the trainer looks back."""
    if "end" in had or Occasion.END not in occasions_of(plan, Role.TRAINER):
        return
    due = _trainer_before(plan, max(plan.stage.begin, last_day(plan.calendar, plan.stage) - DAY))
    if to_local(plan.calendar, due).date() >= plan.stage.begin:
        yield _of_trainer(plan, "end", Occasion.END, due)


def _of_trainer(plan: Plan, occasion: str, kind: Occasion, due: datetime) -> Planned:
    return Planned(
        stage=plan.stage.id,
        participant=plan.stage.trainer,
        occasion=occasion,
        kind=kind,
        due=due,
        closes=due + TRAINER_OPEN,
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


def _day(meeting: Meeting, calendar: SchoolCalendar) -> date:
    return to_local(calendar, meeting.at).date()
