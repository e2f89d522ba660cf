"""Days and times as people read them: maandag 23 november, ma 23 nov 10:00."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from conversations.calendar import SchoolCalendar, to_local
from conversations.model import Language

WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    Language.NL: ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    Language.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS: Mapping[Language, tuple[str, ...]] = {
    Language.NL: (
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
    Language.EN: (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_BRIEF_DAY = {Language.NL: 2, Language.EN: 3}  # letters
_MARCH = 3


def in_full(day: date, language: Language) -> str:
    """Write a day such as maandag 23 november."""
    return f"{WEEKDAYS[language][day.weekday()]} {without_weekday(day, language)}"


def without_weekday(day: date, language: Language) -> str:
    """Write a day such as 23 november."""
    return f"{day.day} {MONTHS[language][day.month - 1]}"


def brief(day: date, language: Language) -> str:
    """Write a day such as ma 23 nov."""
    return f"{WEEKDAYS[language][day.weekday()][: _BRIEF_DAY[language]]} {day.day} {_month(day, language)}"


def brief_moment(moment: datetime, calendar: SchoolCalendar, language: Language) -> str:
    """Write a moment as the clock on the wall has it, such as ma 23 nov 10:00."""
    local = to_local(calendar, moment)
    return f"{brief(local.date(), language)} {local:%H:%M}"


def day_and_time(moment: datetime, calendar: SchoolCalendar, language: Language) -> dict[str, str]:
    """Give what stands in the places {day} and {time} of a text."""
    local = to_local(calendar, moment)
    return {"day": in_full(local.date(), language), "time": f"{local:%H:%M}"}


def _month(day: date, language: Language) -> str:
    is_mrt = language is Language.NL and day.month == _MARCH
    return "mrt" if is_mrt else MONTHS[language][day.month - 1][:3]
