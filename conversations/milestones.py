"""What happens once in the course of a stage: at one third, at two thirds, and at its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from conversations.calendar import DAY, SchoolCalendar, is_stage_day, week_of
from conversations.model import Role, Stage
from conversations.plan import Plan, company_days, without_holidays
from conversations.question_set import Occasion

SHORT = 6  # a stage of fewer weeks has no thirds
BEFORE_THIRD = timedelta(days=7)  # so that what is answered can be reported at the third itself
LAST_WEEKS = 2  # in which the student is asked to look back


def third_days(stage: Stage) -> tuple[date, ...]:
    """Give the days on which one third and two thirds of a stage are over; none for a short stage."""
    if week_of(stage, stage.end) < SHORT:
        return ()
    length = stage.end - stage.begin
    return tuple(stage.begin + length * n // 3 for n in (1, 2))


def last_day(calendar: SchoolCalendar, stage: Stage) -> date:
    """Give the last day on which the student is at the company, or the end of a stage without any."""
    length = (stage.end - stage.begin).days
    days = (stage.end - n * DAY for n in range(length + 1))
    return next((day for day in days if is_stage_day(calendar, stage, day)), stage.end)


def special_weeks(plan: Plan) -> dict[int, Occasion]:
    """Say in which weeks the student is asked what belongs to a third or the end, if the school asks that."""
    last = week_of(plan.stage, plan.stage.end)
    asked = occasions_of(plan, Role.STUDENT)
    found: dict[int, Occasion] = {}
    if Occasion.THIRD in asked:
        starts = (week_of(plan.stage, day - BEFORE_THIRD) for day in third_days(plan.stage))
        for start in starts:
            found |= dict.fromkeys(_there(plan, range(start, last + 1), 1), Occasion.THIRD)
    if Occasion.END in asked:
        found |= dict.fromkeys(_there(plan, range(last, 0, -1), LAST_WEEKS), Occasion.END)
    return found


def occasions_of(plan: Plan, role: Role) -> frozenset[Occasion]:
    """Say for which occasions the school has question sets for a role."""
    return plan.school.asked_on[role]


def _there(plan: Plan, weeks: range, count: int) -> Iterator[int]:
    """Give the first weeks of a row in which the student is at the company."""
    return islice((week for week in weeks if without_holidays(plan, company_days(plan, week))), count)
