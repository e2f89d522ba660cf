"""A school's calendar: local time, holidays, quiet hours, workdays, stage days and stage weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from conversations.model import Stage

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
BEFORE_QUIET = timedelta(hours=1)  # what may not wait until after quiet hours comes this long before them
SATURDAY = 5
SUNDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A school holiday, first and last day included."""

    name: str
    begin: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """When nobody is asked anything: from an evening hour until a morning hour, and on Sunday."""

    begin: time = time(20)
    end: time = time(8)
    sunday: bool = True
    resume: time = time(12)  # what a quiet hour pushed on is asked then, on the next day that is not quiet


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolCalendar:
    """What the schedule needs to know of a school's year."""

    zone: ZoneInfo
    public_holidays: frozenset[date]
    school_holidays: tuple[Holiday, ...]
    quiet: QuietHours

    def __hash__(self) -> int:
        """Hash by the part that Python hashes once: thousands of stages share one calendar and its caches."""
        return hash(self.public_holidays)


# ---- local time -----------------------------------------------------------------------------------------


def to_utc(calendar: SchoolCalendar, day: date, clock: time) -> datetime:
    """Give the moment of a wall time: an hour on where spring skips it, the first where autumn repeats it."""
    first = clock.replace(fold=0) if clock.fold else clock
    return datetime.combine(day, first, calendar.zone).astimezone(UTC)


def to_local(calendar: SchoolCalendar, moment: datetime) -> datetime:
    """Give the wall time of a moment."""
    return moment.astimezone(calendar.zone)


# ---- days -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def is_school_holiday(calendar: SchoolCalendar, day: date) -> bool:
    """Tell whether the school is closed for a holiday of its own."""
    return any(holiday.begin <= day <= holiday.end for holiday in calendar.school_holidays)


def is_workday(calendar: SchoolCalendar, day: date) -> bool:
    """Tell whether teachers work: Monday to Friday, no public and no school holiday."""
    return (
        day.weekday() < SATURDAY
        and day not in calendar.public_holidays
        and not is_school_holiday(calendar, day)
    )


@lru_cache(maxsize=4096)
def workdays_before(calendar: SchoolCalendar, day: date, count: int) -> date:
    """Give the workday that lies `count` workdays before a day."""
    while count:
        day -= DAY
        count -= is_workday(calendar, day)
    return day


def workdays_after(calendar: SchoolCalendar, day: date, count: int) -> date:
    """Give the workday that lies `count` workdays after a day."""
    while count:
        day += DAY
        count -= is_workday(calendar, day)
    return day


def is_day_off(calendar: SchoolCalendar, stage: Stage, day: date) -> bool:
    """Tell whether a day is a holiday for the student of a stage."""
    if day in calendar.public_holidays:
        return True
    return not stage.through_holidays and is_school_holiday(calendar, day)


def is_stage_day(calendar: SchoolCalendar, stage: Stage, day: date) -> bool:
    """Tell whether the student is at the company."""
    return (
        day.weekday() in stage.days
        and stage.begin <= day <= stage.end
        and not is_day_off(calendar, stage, day)
    )


# ---- weeks of a stage: week 1 is the week, from Monday, that holds its first day ---------------------------


def monday_of(stage: Stage, week: int) -> date:
    """Give the Monday on which a week of a stage begins."""
    return stage.begin - stage.begin.weekday() * DAY + (week - 1) * WEEK


def week_of(stage: Stage, day: date) -> int:
    """Give the number of the stage week that holds a day; before the first week it is 0 or less."""
    return (day - monday_of(stage, 1)) // WEEK + 1


def stage_week(stage: Stage, day: date) -> tuple[int, int]:
    """Give x and y of "week x of y"; before the first day x is 1, after the last day it is y."""
    total = week_of(stage, stage.end)
    return min(max(week_of(stage, day), 1), total), total


# ---- quiet hours ----------------------------------------------------------------------------------------


def is_quiet_day(calendar: SchoolCalendar, day: date) -> bool:
    """Tell whether a whole day is quiet: Sunday."""
    return calendar.quiet.sunday and day.weekday() == SUNDAY


def is_quiet(calendar: SchoolCalendar, day: date, clock: time) -> bool:
    """Tell whether nobody may be asked anything at a wall time, unless they chose it themselves."""
    quiet = calendar.quiet
    if is_quiet_day(calendar, day):
        return True
    if quiet.begin <= quiet.end:
        return quiet.begin <= clock < quiet.end
    return clock >= quiet.begin or clock < quiet.end


@lru_cache(maxsize=4096)
def allowed_after(calendar: SchoolCalendar, day: date, clock: time, resume: time | None = None) -> datetime:
    """Give the moment itself, or where that is quiet, `resume` on the next day that is not."""
    quiet = calendar.quiet
    if not is_quiet(calendar, day, clock):
        return to_utc(calendar, day, clock)
    if quiet.end < quiet.begin <= clock:
        day += DAY
    while is_quiet_day(calendar, day):
        day += DAY
    return to_utc(calendar, day, resume or quiet.resume)


def allowed_before(calendar: SchoolCalendar, day: date, clock: time) -> datetime:
    """Give the moment itself, or where that is quiet, an hour before that quiet time began."""
    wall = datetime.combine(day, clock)
    while is_quiet(calendar, wall.date(), wall.time()):
        began = datetime.combine(wall.date(), calendar.quiet.begin)
        wall = began - BEFORE_QUIET - (DAY if began > wall else timedelta(0))
    return to_utc(calendar, wall.date(), wall.time())
