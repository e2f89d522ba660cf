"""Reads a day and a time as people type them: "12 oktober 10:00", "ma 12 okt half elf", "morgen 14u"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from difflib import get_close_matches

from conversations.calendar import DAY, SUNDAY, WEEK
from conversations.days import MONTHS, WEEKDAYS
from conversations.model import Language

LONGEST = 200  # characters that are looked at
EARLIEST, LATEST = 7, 21  # hours in which people meet
_AFTERNOON = 7  # "2 uur" is two in the afternoon, "8 uur" eight in the morning
_CLOSE = 0.75  # how much a misspelt month must look like one
_LONG_WORD = 5  # letters; a shorter word is not taken for a misspelt month
_CENTURY = 2000

_NUMBERS = (
    ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"),
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_HOURS = {word: n for words in _NUMBERS for n, word in enumerate(words, start=1)}
_HOUR = rf"(\d{{1,2}}|{'|'.join(_HOURS)})"
_MONTHS = {name.casefold(): n for names in MONTHS.values() for n, name in enumerate(names, start=1)}
_DAYS = {name.casefold(): n for names in WEEKDAYS.values() for n, name in enumerate(names)}
_BRIEF_DAYS = {
    **{name[:3].casefold(): n for n, name in enumerate(WEEKDAYS[Language.EN])},
    # "zo" is left out: it means "so" as well.
    **{name[:2]: n for n, name in enumerate(WEEKDAYS[Language.NL]) if n != SUNDAY},
}

_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:e|de|ste|st|nd|rd|th)?[ -]+(?:of )?([a-z]{3,12})\b\.?(?: +(20\d\d)\b)?"
)
_MONTH_DAY = re.compile(r"\b([a-z]{3,12})\.? +(\d{1,2})(?:st|nd|rd|th)?\b(?![:.]\d)(?:,? +(20\d\d)\b)?")
_DIGITS = re.compile(r"(?<![\d:.])(\d{1,2})[-/](\d{1,2})(?:[-/](\d{4}|\d{2}))?(?!\d)")
_DOTS = re.compile(r"(?<![\d:])(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?(?!\d)")
_NEAR = (
    (re.compile(r"\b(?:overmorgen|day after tomorrow)\b"), 2),
    (re.compile(r"\b(?:morgen(?:ochtend|middag|avond)?|tomorrow)\b"), 1),
    (re.compile(r"\b(?:vandaag|vanmiddag|today)\b"), 0),
)
_WEEKDAY = re.compile(rf"\b({'|'.join([*_DAYS, *_BRIEF_DAYS])})(?:ochtend|middag|avond)?\b\.?")
_NEXT_WEEK = re.compile(r"\b(?:volgende week|next week)\b")
_FAR_WEEK = re.compile(r"\b(?:over|weken|weeks?|week)\b")

_BEFORE_HALF = re.compile(rf"\bhalf +{_HOUR}\b")
_QUARTERS = (
    (re.compile(rf"\bhalf past +{_HOUR}\b"), 30),
    (re.compile(rf"\b(?:kwart over|quarter past) +{_HOUR}\b"), 15),
    (re.compile(rf"\b(?:kwart voor|quarter to) +{_HOUR}\b"), -15),
)
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})(?: *(?:[:.h]|uur|u) *)(\d{2})(?![\d:])(?: *uur)?(?: *([ap])\.?m\b)?"
)
_WHOLE = re.compile(rf"\b{_HOUR} *(?:uur|u|h|o'clock)\b")
_PM = re.compile(r"\b(\d{1,2}) *([ap])\.?m\b")
_BARE = re.compile(r"(?:\b(?:om|at) +)?(?<![\d:.])\b(\d{1,2})\b *$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What could be read of a day and a time; None for what could not.

    `weekday` is the one that was named beside a date. `is_all` tells that nothing else stood there.
    """

    day: date | None = None
    weekday: int | None = None
    clock: time | None = None
    is_all: bool = False


def read(text: str, today: date) -> Typed:
    """Read what somebody typed; a day without a year is the next such day."""
    rest = " ".join(text.casefold()[:LONGEST].split()).replace("é", "e")
    weekday = _weekday(rest)
    day, rest = _day(rest, weekday, today)
    clock, rest = _clock(rest)
    return Typed(day=day, weekday=weekday, clock=clock, is_all=not re.sub(r"\b(?:om|at)\b|\W", "", rest))


# ---- the day --------------------------------------------------------------------------------------------


def _day(text: str, weekday: int | None, today: date) -> tuple[date | None, str]:
    near = next(((m, days) for pattern, days in _NEAR if (m := pattern.search(text))), None)
    forms = (_ISO, _DAY_MONTH, _MONTH_DAY, _DIGITS, *(() if near or weekday is not None else (_DOTS,)))
    for form in forms:
        for found in form.finditer(text):
            day = _date(form, found, today)
            if day is not None:
                return day, _without(text, found)
    if near is not None:
        return today + near[1] * DAY, _without(text, near[0])
    if weekday is not None:
        return _next(text, weekday, today), _NEXT_WEEK.sub(" ", _WEEKDAY.sub(" ", text))
    return None, text


def _date(form: re.Pattern[str], found: re.Match[str], today: date) -> date | None:
    first, second, third = found.groups()
    if form is _ISO:
        first, third = third, first
    if form is _MONTH_DAY:
        first, second = second, first
    month = int(second) if second.isdecimal() else _month(second)
    year = int(third) if third else None
    if year is not None and year < _CENTURY:
        year += _CENTURY
    return _that_day(int(first), month, year, today)


def _that_day(number: int, month: int, year: int | None, today: date) -> date | None:
    try:
        day = date(year or today.year, month, number)
        return day.replace(year=day.year + 1) if year is None and day < today else day
    except ValueError:
        return None


def _month(name: str) -> int:
    """Give the number of a month, also where it is cut short or misspelt; 0 for another word."""
    if name == "mrt":
        return 3
    begins = next((n for month, n in _MONTHS.items() if month.startswith(name)), 0)
    close = get_close_matches(name, _MONTHS, n=1, cutoff=_CLOSE) if len(name) >= _LONG_WORD else []
    return begins or (_MONTHS[close[0]] if close else 0)


def _weekday(text: str) -> int | None:
    found = _WEEKDAY.search(text)
    return None if found is None else (_DAYS | _BRIEF_DAYS)[found[1]]


def _next(text: str, weekday: int, today: date) -> date | None:
    if _NEXT_WEEK.search(text):
        return today - today.weekday() * DAY + WEEK + weekday * DAY
    if _FAR_WEEK.search(text):  # "dinsdag over twee weken": better to ask than to guess
        return None
    return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)


# ---- the time -------------------------------------------------------------------------------------------


def _clock(text: str) -> tuple[time | None, str]:
    for pattern, minutes in _QUARTERS:
        if found := pattern.search(text):
            return _time(_hour(found[1]), minutes), _without(text, found)
    if found := _BEFORE_HALF.search(text):
        return _time(_hour(found[1]), -30), _without(text, found)
    if found := _CLOCK.search(text):
        return _time(_hour(found[1], found[3]), int(found[2])), _without(text, found)
    if found := _PM.search(text):
        return _time(_hour(found[1], found[2]), 0), _without(text, found)
    if found := _WHOLE.search(text) or _BARE.search(text):
        return _time(_hour(found[1]), 0), _without(text, found)
    return None, text


def _hour(word: str, half: str | None = None) -> int:
    """Give the hour of the day that people mean: between seven in the morning and ten in the evening."""
    hour = _HOURS.get(word) or int(word)
    if half == "p" and hour < 12:
        return hour + 12
    is_afternoon = half is None and not word.startswith("0") and hour < _AFTERNOON
    return hour + 12 if is_afternoon else hour


def _time(hour: int, minutes: int) -> time | None:
    """Give the time so many minutes after an hour, unless nobody meets then."""
    total = hour * 60 + minutes
    is_usual = EARLIEST * 60 <= total < (LATEST + 1) * 60 and minutes < 60
    return time(total // 60, total % 60) if is_usual else None


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}".strip()
