"""Reads a day as people write it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from conversations import days

MONTHS = tuple(zip(*(tuple(map(str.casefold, names)) for names in days.MONTHS.values()), strict=True))
WEEKDAYS = tuple(zip(*(tuple(map(str.casefold, names)) for names in days.WEEKDAYS.values()), strict=True))
_WEEKDAY = re.compile(rf"\b({'|'.join(name for names in WEEKDAYS for name in names)})\b")
_DATE = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2}|[a-z]{3,9})(?:[-/. ]+(\d{4}))?")


def read_date(text: str, today: date) -> date | None:
    """Read "tot 12-10", "12 oktober", "12 oct 2026" or "maandag"; without a year the next such day."""
    words = text.casefold()[:64]
    found = _DATE.search(words)
    if found is None:
        return _next_weekday(words, today)
    day, month, year = found.groups()
    number = int(month) if month.isdigit() else _month(month)
    try:
        wanted = date(int(year) if year else today.year, number, int(day))
        return wanted.replace(year=today.year + 1) if not year and wanted < today else wanted
    except ValueError:
        return None


def _next_weekday(words: str, today: date) -> date | None:
    """Give the first such day after today."""
    found = _WEEKDAY.search(words)
    if found is None:
        return None
    wanted = next(n for n, names in enumerate(WEEKDAYS) if found[0] in names)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _month(name: str) -> int:
    names = (n for n, both in enumerate(MONTHS, start=1) if any(m.startswith(name) for m in both))
    return next(names, 3 if name == "mrt" else 0)
