"""When the student is asked every week: after the last stage day, or at the moment they chose."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import date, datetime, timedelta

from conversations.calendar import (
    DAY,
    allowed_after,
    allowed_before,
    is_day_off,
    is_quiet_day,
    is_stage_day,
    monday_of,
    to_local,
    to_utc,
    week_of,
)
from conversations.milestones import occasions_of, special_weeks
from conversations.model import Reason, Role
from conversations.plan import LATEST, NIGHT_ENDS, Plan, Planned, company_days, open_moment, without_holidays
from conversations.question_set import Occasion

WEEKLY_OPEN = timedelta(days=6)


def weeks(plan: Plan, had: Container[str] = ()) -> Iterator[Planned]:
    """Give the student's weekly occasions."""
    special = special_weeks(plan)
    for week in range(1, week_of(plan.stage, plan.stage.end) + 1):
        if (occasion := f"week {week}") in had or not (days := company_days(plan, week)):
            continue
        due, following = _weekly_due(plan, days), company_days(plan, week + 1)
        closes = due + WEEKLY_OPEN
        if following:
            closes = min(closes, _weekly_due(plan, following))
        yield Planned(
            stage=plan.stage.id,
            participant=plan.stage.student,
            occasion=occasion,
            kind=_weekly_kind(plan, week, special),
            due=due,
            closes=closes,
            reason=None if without_holidays(plan, days) else Reason.HOLIDAY,
        )


def _weekly_due(plan: Plan, days: list[date]) -> datetime:
    there = without_holidays(plan, days)
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


def _weekly_kind(plan: Plan, week: int, special: Mapping[int, Occasion]) -> Occasion:
    """Give FIRST_WEEK for the first week with a stage day, and what is special, where the school asks it."""
    so_far = (monday_of(plan.stage, week) - plan.stage.begin).days
    if any(is_stage_day(plan.calendar, plan.stage, plan.stage.begin + n * DAY) for n in range(so_far)):
        return special.get(week, Occasion.WEEKLY)
    asks = Occasion.FIRST_WEEK in occasions_of(plan, Role.STUDENT)
    return Occasion.FIRST_WEEK if asks else special.get(week, Occasion.WEEKLY)
