"""The months and school years that counts are given by, in local time. A school year begins on 1 August."""

from __future__ import annotations

from datetime import date, datetime, time

from conversations.calendar import SchoolCalendar, is_workday, to_local, to_utc
from conversations.tallies import Period

AUGUST = 8
PAGE_TIME = time(9)  # of the first workday of a month


def school_year(day: date) -> int:
    """Give the year in which the school year of a day began."""
    return day.year if day.month >= AUGUST else day.year - 1


def month_before(month: str, back: int = 1) -> str:
    """Give the name of the month so many months before one: "2026-12" is one before "2027-01"."""
    year, number = map(int, month.split("-"))
    year, index = divmod(year * 12 + number - 1 - back, 12)
    return f"{year:04}-{index + 1:02}"


def months(calendar: SchoolCalendar, now: datetime) -> tuple[Period, ...]:
    """Give the months up to and with this one, from August of the school year before that of last month."""
    today = to_local(calendar, now).date()
    first = date(in_year(month_before(f"{today:%Y-%m}")) - 1, AUGUST, 1)
    count = (today.year - first.year) * 12 + today.month - first.month + 1
    begins = [_month_on(first, ahead) for ahead in range(count + 1)]
    moments = [to_utc(calendar, begin, time(0)) for begin in begins]
    return tuple(
        Period(name=f"{begin:%Y-%m}", begin=moments[n], end=moments[n + 1])
        for n, begin in enumerate(begins[:-1])
    )


def in_year(month: str) -> int:
    """Give the year in which the school year of a month began."""
    year, number = map(int, month.split("-"))
    return year if number >= AUGUST else year - 1


def page_month(calendar: SchoolCalendar, now: datetime) -> str | None:
    """Give the month whose page may go out now: last month, from nine o'clock on the first workday of this.

    It goes on a workday and outside quiet hours, also when it is late; nothing is due before that morning.
    """
    local = to_local(calendar, now)
    quiet = calendar.quiet
    evening = quiet.begin if quiet.begin > PAGE_TIME else time.max
    if not is_workday(calendar, local.date()) or not PAGE_TIME <= local.time() < evening:
        return None
    return month_before(f"{local:%Y-%m}")


def _month_on(first: date, ahead: int) -> date:
    year, index = divmod(first.year * 12 + first.month - 1 + ahead, 12)
    return date(year, index + 1, 1)
