"""Checks the moment that a teacher typed for a meeting, and says plainly what is wrong with it."""

from __future__ import annotations

from datetime import date, datetime

from conversations import days
from conversations.calendar import DAY, SUNDAY, WEEK, is_day_off, is_workday, to_local
from conversations.meetings.desk import MeetingDesk
from conversations.meetings.pages import STANDING
from conversations.messages import Say

USUAL = "10:00"  # the time in an example
_SHORTEST_MONTH = 28


def objection(at: MeetingDesk, moment: datetime, weekday: int | None) -> Say | None:
    """Say why the meeting can't be at a moment, or why its weekday is another; None where all is well."""
    day = to_local(at.school.calendar, moment).date()
    language = at.facts.me.language
    written = {"day": days.without_weekday(day, language)}
    if weekday not in (None, day.weekday()):
        named = {"weekday": days.WEEKDAYS[language][day.weekday()]}
        return Say(id="meetings.other_weekday", values=written | named)
    if moment <= at.now or _is_over(at, day):
        return Say(id="meetings.is_past", values=written)
    if not at.stage.begin <= day <= at.stage.end:
        return Say(id="meetings.outside", values=_period(at, day))
    if day.weekday() == SUNDAY or is_day_off(at.school.calendar, at.stage, day):
        return Say(id=f"meetings.{'sunday' if day.weekday() == SUNDAY else 'holiday'}", values=written)
    return _out_of_order(at, moment)


def example(at: MeetingDesk) -> Say:
    """Give an example of what to type: a workday that could be."""
    day = max(to_local(at.school.calendar, at.now).date() + WEEK, at.stage.begin)
    while day < at.stage.end and not is_workday(at.school.calendar, day):
        day += DAY
    words = days.without_weekday(min(day, at.stage.end), at.facts.me.language)
    return Say(id="meetings.example", values={"example": f"{words} {USUAL}"})


def _is_over(at: MeetingDesk, day: date) -> bool:
    """Tell that a day of the stage that has gone was meant: the next such day is a year on, after the end."""
    year_before = day.replace(year=day.year - 1, day=min(day.day, _SHORTEST_MONTH))
    return day > at.stage.end and at.stage.begin <= year_before < to_local(at.school.calendar, at.now).date()


def _out_of_order(at: MeetingDesk, moment: datetime) -> Say | None:
    """Refuse a moment before an earlier meeting or after a later one: each builds on the one before."""
    for other in at.stage.meetings:
        is_wrong = moment <= other.at if other.number < at.number else moment >= other.at
        if other.state in STANDING and other.number != at.number and is_wrong:
            when = days.brief_moment(other.at, at.school.calendar, at.facts.me.language)
            text = "before_earlier" if other.number < at.number else "after_later"
            return Say(id=f"meetings.{text}", values={"n": str(other.number), "when": when})
    return None


def _period(at: MeetingDesk, day: date) -> dict[str, str]:
    dates = {"day": day, "begin": at.stage.begin, "end": at.stage.end}
    language = at.facts.me.language
    return {name: f"{days.without_weekday(one, language)} {one.year}" for name, one in dates.items()}
