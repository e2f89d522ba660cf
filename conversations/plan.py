"""A stage as the schedule sees it, and what the schedule is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from conversations.calendar import DAY, SchoolCalendar, allowed_after, is_day_off, monday_of, to_local
from conversations.model import Participant, ParticipantId, Reason, Stage, StageId
from conversations.question_set import Occasion
from conversations.school import School

NIGHT_ENDS = time(6)  # a working day that ends before this ends the night after
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

    def about(self, stage: StageId, participant: ParticipantId) -> Planned:
        """Give the same occasion of another stage, for another participant."""
        return Planned(
            stage=stage,
            participant=participant,
            occasion=self.occasion,
            kind=self.kind,
            due=self.due,
            closes=self.closes,
            reason=self.reason,
            meeting=self.meeting,
        )


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


def company_days(plan: Plan, week: int) -> list[date]:
    """Give the days of a stage week that the student would be at the company, holidays included."""
    monday = monday_of(plan.stage, week)
    days = (monday + weekday * DAY for weekday in sorted(plan.stage.days))
    return [day for day in days if plan.stage.begin <= day <= plan.stage.end]


def without_holidays(plan: Plan, days: list[date]) -> list[date]:
    """Keep the days that are no holiday for the student."""
    return [day for day in days if not is_day_off(plan.calendar, plan.stage, day)]


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
