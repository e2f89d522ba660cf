"""Local time, holidays, quiet hours and stage weeks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.calendar import (
    QuietHours,
    allowed_after,
    allowed_before,
    is_quiet,
    is_stage_day,
    is_workday,
    stage_week,
    to_local,
    to_utc,
    week_of,
    workdays_before,
)
from tests.conversations.stages import a_calendar, a_stage, wall

CALENDAR = a_calendar()
DAYS = st.dates(date(2026, 8, 1), date(2027, 8, 31))
CLOCKS = st.times().map(lambda t: t.replace(second=0, microsecond=0))


def test_a_wall_time_that_spring_skips_comes_an_hour_later() -> None:
    """02:30 does not exist on 28 March 2027: it is 03:30 summer time."""
    assert wall(to_utc(CALENDAR, date(2027, 3, 28), time(2, 30))) == "Sun 2027-03-28 03:30"


def test_a_wall_time_that_autumn_repeats_is_the_first_of_the_two() -> None:
    """02:30 comes twice on 25 October 2026: the first is still summer time."""
    assert to_utc(CALENDAR, date(2026, 10, 25), time(2, 30)).isoformat() == "2026-10-25T00:30:00+00:00"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 18), True),
        (date(2026, 9, 19), False),  # Saturday
        (date(2026, 10, 12), False),  # autumn holiday
        (date(2027, 5, 17), False),  # Whit Monday
    ],
)
def test_teachers_work_from_monday_to_friday_but_for_holidays(day: date, expected: bool) -> None:
    """A workday is no weekend, no school holiday and no public holiday."""
    assert is_workday(CALENDAR, day) == expected


def test_two_workdays_before_a_monday_is_the_thursday_before_it() -> None:
    """A weekend is stepped over."""
    assert workdays_before(CALENDAR, date(2026, 9, 21), 2) == date(2026, 9, 17)


def test_two_workdays_before_the_monday_after_a_school_holiday_lie_before_it() -> None:
    """A holiday is stepped over as a weekend is."""
    assert workdays_before(CALENDAR, date(2026, 10, 19), 2) == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("day", "usual", "through_holidays"),
    [
        (date(2026, 9, 8), True, True),
        (date(2026, 9, 7), False, False),  # a Monday
        (date(2026, 10, 13), False, True),  # autumn holiday
        (date(2026, 12, 24), False, True),
        (date(2026, 12, 25), False, False),  # Christmas, for everyone
        (date(2026, 9, 1), False, False),  # before the first day
        (date(2027, 2, 2), False, False),  # after the last day
    ],
)
def test_stage_days_are_the_days_at_the_company(day: date, usual: bool, through_holidays: bool) -> None:
    """School holidays are no stage days unless the stage goes on; public holidays never are."""
    days = frozenset({1, 2, 3, 4})
    stages = (a_stage(days=days), a_stage(days=days, through_holidays=True))
    assert [is_stage_day(CALENDAR, stage, day) for stage in stages] == [usual, through_holidays]


def test_week_one_is_the_week_of_the_first_day_from_its_monday() -> None:
    """A stage that begins on a Thursday is in week 2 four days later."""
    stage = a_stage(begin=date(2026, 9, 10))
    days = [date(2026, 9, 6), date(2026, 9, 7), date(2026, 9, 13), date(2026, 9, 14)]
    assert [week_of(stage, day) for day in days] == [0, 1, 1, 2]


def test_a_week_outside_the_stage_is_shown_as_its_first_or_last() -> None:
    """Nobody reads "week 0 of 21" or "week 23 of 21"."""
    days = [date(2026, 8, 1), date(2026, 9, 17), date(2027, 2, 14)]
    assert [stage_week(a_stage(), day) for day in days] == [(1, 21), (2, 21), (21, 21)]


@pytest.mark.parametrize(
    ("wish", "after", "before"),
    [
        ("2026-09-08 16:30", "Tue 2026-09-08 16:30", "Tue 2026-09-08 16:30"),
        ("2026-09-08 08:00", "Tue 2026-09-08 08:00", "Tue 2026-09-08 08:00"),
        ("2026-09-08 20:00", "Wed 2026-09-09 12:00", "Tue 2026-09-08 19:00"),
        ("2026-09-08 22:30", "Wed 2026-09-09 12:00", "Tue 2026-09-08 19:00"),
        ("2026-09-08 06:00", "Tue 2026-09-08 12:00", "Mon 2026-09-07 19:00"),
        ("2026-09-12 22:30", "Mon 2026-09-14 12:00", "Sat 2026-09-12 19:00"),
        ("2026-09-13 15:00", "Mon 2026-09-14 12:00", "Sat 2026-09-12 19:00"),
        ("2026-09-14 07:00", "Mon 2026-09-14 12:00", "Sat 2026-09-12 19:00"),
    ],
)
def test_a_quiet_moment_moves_on_to_noon_or_back_to_the_evening(wish: str, after: str, before: str) -> None:
    """Evening, night and Sunday are quiet: on goes to `resume`, back goes to an hour before."""
    asked = datetime.fromisoformat(wish)
    moved = (
        allowed_after(CALENDAR, asked.date(), asked.time()),
        allowed_before(CALENDAR, asked.date(), asked.time()),
    )
    assert tuple(wall(moment) for moment in moved) == (after, before)


def test_a_school_may_leave_sunday_and_the_evening_free() -> None:
    """Quiet hours that begin and end at the same time are none."""
    calendar = a_calendar(quiet=QuietHours(begin=time(0), end=time(0), sunday=False))
    assert wall(allowed_after(calendar, date(2026, 9, 13), time(23))) == "Sun 2026-09-13 23:00"


@given(DAYS, CLOCKS)
def test_moved_moments_are_never_quiet_and_never_in_the_wrong_direction(day: date, clock: time) -> None:
    """Whatever the day, also where the clock changes: before <= wish <= after, both allowed."""
    after, before = allowed_after(CALENDAR, day, clock), allowed_before(CALENDAR, day, clock)
    local = [to_local(CALENDAR, moment) for moment in (after, before)]
    assert [is_quiet(CALENDAR, moment.date(), moment.time()) for moment in local] == [False, False]
    assert before <= to_utc(CALENDAR, day, clock) <= after


@given(DAYS, st.integers(1, 12))
def test_as_many_workdays_lie_between_as_were_counted(day: date, count: int) -> None:
    """Counting back n workdays passes exactly n of them, the last one included."""
    found = workdays_before(CALENDAR, day, count)
    between = [found + timedelta(days=n) for n in range((day - found).days)]
    assert [is_workday(CALENDAR, found), sum(is_workday(CALENDAR, d) for d in between)] == [True, count]
