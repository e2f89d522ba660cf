"""A day and a time as people type them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.meetings.moments import EARLIEST, LATEST, Typed, read

TODAY = date(2026, 9, 8)  # a Tuesday
OCTOBER = date(2026, 10, 12)

MOMENTS = {
    "12 oktober 10:00": (OCTOBER, time(10)),
    "12-10 10u": (OCTOBER, time(10)),
    "12/10/2026 13.30": (OCTOBER, time(13, 30)),
    "12-10-26 10u30": (OCTOBER, time(10, 30)),
    "12.10 10.00": (OCTOBER, time(10)),
    "2026-10-12 10:00": (OCTOBER, time(10)),
    "ma 12 okt half elf": (OCTOBER, time(10, 30)),
    "Maandag 12e oktober om 10 uur": (OCTOBER, time(10)),
    "12 okt. kwart over tien": (OCTOBER, time(10, 15)),
    "12 okt kwart voor elf": (OCTOBER, time(10, 45)),
    "12 oktober om 10": (OCTOBER, time(10)),
    "12 okotber 10:00": (OCTOBER, time(10)),
    "12 oktober 3 uur": (OCTOBER, time(15)),
    "half twee op 12 oktober": (OCTOBER, time(13, 30)),
    "October 12 at 2 pm": (OCTOBER, time(14)),
    "Monday 12 Oct half past ten": (OCTOBER, time(10, 30)),
    "12 oktober": (OCTOBER, None),
    "12 oktober 25:00": (OCTOBER, None),
    "12 oktober 10:75": (OCTOBER, None),
    "12 oktober 03:00": (OCTOBER, None),
    "1 mrt 9u": (date(2027, 3, 1), time(9)),
    "8 september 15:00": (date(2026, 9, 8), time(15)),
    "7 september 15:00": (date(2027, 9, 7), time(15)),
    "vandaag 16:00": (date(2026, 9, 8), time(16)),
    "morgen 14u": (date(2026, 9, 9), time(14)),
    "overmorgen half drie": (date(2026, 9, 10), time(14, 30)),
    "donderdag 9:30": (date(2026, 9, 10), time(9, 30)),
    "dinsdag 9:30": (date(2026, 9, 15), time(9, 30)),
    "do 9.10 uur": (date(2026, 9, 10), time(9, 10)),
    "volgende week vrijdag 11 uur": (date(2026, 9, 18), time(11)),
    "next week Friday 11:00": (date(2026, 9, 18), time(11)),
    "10:00": (None, time(10)),
    "dinsdag over twee weken 10u": (None, time(10)),
    "31 februari 10:00": (None, time(10)),
    "12 blauw 10:00": (None, time(10)),
    "weet ik nog niet": (None, None),
    "zo rond de herfst": (None, None),
    "": (None, None),
}


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_is_read_as_people_type_it(text: str) -> None:
    """Days in digits and words, Dutch and English; the time as a clock or in words; P1."""
    typed = read(text, TODAY)
    assert (typed.day, typed.clock) == MOMENTS[text]


def test_a_weekday_beside_a_date_is_kept_to_compare() -> None:
    """Somebody who types another weekday than the date has made an error in one of the two."""
    assert read("vrijdag 12 oktober 10:00", TODAY) == Typed(day=OCTOBER, weekday=4, clock=time(10))


@pytest.mark.parametrize(
    ("text", "is_all"), [("11:00", True), ("om 11 uur", True), ("12 blauw 11:00", False), ("", True)]
)
def test_a_time_alone_is_told_from_one_beside_a_day_that_could_not_be_read(text: str, is_all: bool) -> None:
    """Only a time with nothing else may mean the day that it was."""
    assert read(text, TODAY).is_all is is_all


@given(text=st.text(max_size=300))
def test_whatever_is_typed_is_read_or_not(text: str) -> None:
    """No text makes the bot fail, and a time is one at which people meet."""
    typed = read(text, TODAY)
    assert typed.clock is None or EARLIEST <= typed.clock.hour <= LATEST
