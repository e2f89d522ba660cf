"""The plan of a stage: which occasions it should have, and when. Computed every time, never stored.

An occasion is named "week 7", "meeting 2", "agenda 2", "third 1" or "end". Its moment may move with a
meeting, a holiday or somebody's chosen moment; its name stays, so that what was recorded under it is never
given again.

What depends on no meeting is the same for all stages with the same dates: it is computed once for them, as a
`Course` (docs/decisions/0024).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from conversations.calendar import SchoolCalendar, allowed_before, to_local, to_utc, workdays_before
from conversations.milestones import last_day, special_weeks
from conversations.model import Meeting, MeetingState, Participant, ParticipantId, Role, Stage
from conversations.plan import LATEST, NIGHT_ENDS, Plan, Planned, plan_of
from conversations.question_set import Occasion
from conversations.rounds import before_meeting, first_week, looking_back, of_trainer, thirds
from conversations.school import School
from conversations.weekly import weeks

DIGEST_TIME = time(8, 30)
ADDENDUM_TIME = time(8)

ONE_ROUND = timedelta(days=5)  # what comes this close to a round before a meeting comes with it
ADDENDUM_BEFORE_MEETING = timedelta(minutes=30)
DIGEST_WORKDAYS = 2
AGENDA_WORKDAYS = 3
COURSES = 1024  # kept at a time: a school has far fewer, until everybody chooses a moment of their own
MOMENTS = 8192  # of meetings


def occasions(
    stage: Stage, people: Mapping[ParticipantId, Participant], school: School
) -> tuple[Planned, ...]:
    """Give everything a stage should have from its first to its last day, by moment."""
    planned = (one for stream in streams(plan_of(stage, people, school)) for one in stream)
    return tuple(sorted(planned, key=lambda one: (one.due, one.participant, one.occasion)))


def streams(
    plan: Plan,
    student_has: Container[str] = (),
    trainer_has: Container[str] = (),
    course: Course | None = None,
) -> tuple[Iterator[Planned], ...]:
    """Give the occasions that were not had yet, as lazy streams that are each in order of moment."""
    course, student, trainer = course or course_of(plan), plan.stage.student, plan.stage.trainer
    meetings = [_around(course, m.number, m.at) for m in planned_meetings(plan.stage)]
    rounds = [one.before for one in meetings if one.before and one.before.occasion not in trainer_has]
    once = (course.first_week, course.looking_back)
    return (
        _given(plan, student, course.weeks, student_has),
        _given(plan, student, (one.agenda for one in meetings if one.agenda), student_has),
        _given(plan, trainer, rounds),
        _thirds(plan, course, [one.due for one in rounds], trainer_has),
        *(_given(plan, trainer, (one,), trainer_has) for one in once if one),
    )


def agenda_moments(plan: Plan, had: Container[str] = ()) -> list[datetime]:
    """Give the moments at which the student is asked what to discuss, and was not asked yet."""
    course = course_of(plan)
    found = (_around(course, m.number, m.at).agenda for m in planned_meetings(plan.stage))
    return [one.due for one in found if one and one.occasion not in had]


def _given(
    plan: Plan, to: ParticipantId, planned: Iterable[Planned], had: Container[str] = ()
) -> Iterator[Planned]:
    return (one.about(plan.stage.id, to) for one in planned if one.occasion not in had)


def _thirds(plan: Plan, course: Course, rounds: list[datetime], had: Container[str]) -> Iterator[Planned]:
    """Give the occasions a week before one third and two thirds, each with a round close to it as one."""
    found = []
    for number, own in enumerate(course.thirds, start=1):
        if (occasion := f"third {number}") not in had:
            near = [moment for moment in rounds if abs(moment - own) <= ONE_ROUND]
            due = min(near, key=lambda moment: abs(moment - own), default=own)
            found.append(of_trainer(plan, occasion, Occasion.THIRD, due))
    return iter(sorted(found, key=lambda one: one.due))


# ---- meetings -------------------------------------------------------------------------------------------


def planned_meetings(stage: Stage) -> list[Meeting]:
    """Give the meetings that are to be held, by moment: whoever moves one may put it before another."""
    return sorted((m for m in stage.meetings if m.state is MeetingState.PLANNED), key=lambda m: m.at)


def digest_at(meeting: Meeting, school: School) -> datetime:
    """Give the moment of a meeting's digest: two workdays before, in the morning."""
    return _digest_for(school.calendar, meeting.at)


@lru_cache(maxsize=MOMENTS)
def _digest_for(calendar: SchoolCalendar, meeting: datetime) -> datetime:
    before = workdays_before(calendar, to_local(calendar, meeting).date(), DIGEST_WORKDAYS)
    return to_utc(calendar, before, max(DIGEST_TIME, calendar.quiet.end))


def addendum_at(meeting: Meeting, school: School) -> datetime:
    """Give the moment for what came in after the digest: the morning of the meeting."""
    morning = max(ADDENDUM_TIME, school.calendar.quiet.end)
    usual = to_utc(school.calendar, to_local(school.calendar, meeting.at).date(), morning)
    return min(usual, meeting.at - ADDENDUM_BEFORE_MEETING)


# ---- what stages with the same dates have in common -----------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Course:
    """What is the same for all stages with the same dates, and people who chose the same moments.

    `plan` is one of theirs, without names; whoever takes an occasion from here says whose it is (`about`).
    """

    plan: Plan
    weeks: tuple[Planned, ...]
    first_week: Planned | None
    thirds: tuple[datetime, ...]
    looking_back: Planned | None
    special: Mapping[int, Occasion]
    last_day: date


@dataclass(frozen=True, slots=True)
class _Dates:
    """A plan, seen only for what a course depends on."""

    seen: tuple[object, ...]
    plan: Plan = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What is asked before a meeting: of the student, and of the trainer."""

    agenda: Planned | None
    before: Planned | None


def course_of(plan: Plan) -> Course:
    """Give what a plan has in common with others."""
    stage, asked_on = plan.stage, plan.school.asked_on
    seen = (
        plan.calendar,
        (stage.begin, stage.end, stage.days, stage.workday_end, stage.through_holidays),
        (plan.student.moment, plan.trainer.moment),
        (asked_on[Role.STUDENT], asked_on[Role.TRAINER]),
    )
    return _course(_Dates(seen, plan))


@lru_cache(maxsize=COURSES)
def _course(dates: _Dates) -> Course:
    of_one = dates.plan
    plan = replace(
        of_one,
        stage=replace(of_one.stage, code="", company="", city="", meetings=()),
        student=replace(of_one.student, name=""),
        trainer=replace(of_one.trainer, name=""),
    )
    return Course(
        plan=plan,
        weeks=tuple(weeks(plan)),
        first_week=first_week(plan),
        thirds=thirds(plan),
        looking_back=looking_back(plan),
        special=special_weeks(plan),
        last_day=last_day(plan.calendar, plan.stage),
    )


@lru_cache(maxsize=MOMENTS)
def _around(course: Course, number: int, at: datetime) -> _Around:
    plan = course.plan
    day, closes = to_local(plan.calendar, at).date(), _digest_for(plan.calendar, at)
    return _Around(
        agenda=_agenda(plan, number, day, closes), before=before_meeting(plan, number, day, closes)
    )


def _agenda(plan: Plan, number: int, meeting: date, closes: datetime) -> Planned | None:
    """Give the occasion on which the student says what to discuss, unless the stage had not begun by then."""
    day = workdays_before(plan.calendar, meeting, AGENDA_WORKDAYS)
    if day < plan.stage.begin:
        return None
    return Planned(
        stage=plan.stage.id,
        participant=plan.stage.student,
        occasion=f"agenda {number}",
        kind=Occasion.AGENDA,
        due=_same_day(plan, day),
        closes=closes,
        meeting=number,
    )


def _same_day(plan: Plan, day: date) -> datetime:
    if plan.student.moment is not None:
        return to_utc(plan.calendar, day, plan.student.moment.time)
    end = plan.stage.workday_end
    return allowed_before(plan.calendar, day, LATEST if end < NIGHT_ENDS else end)
