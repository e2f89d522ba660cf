"""How scripted people are: how often they answer and when, and what they like to do besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from bot.cli.rehearsal.wordings import Style

NOON, EVENING = time(12, 20), time(17, 20)
LOOKS = (EVENING, EVENING, NOON, EVENING, EVENING, NOON, None)
"""When people look at their phones, from Monday to Sunday: all together, so that the clock stops seldom."""
AT_ONCE = timedelta(minutes=1)


class Delay(Enum):
    """How long somebody takes before they look at a question."""

    SOON = timedelta(minutes=5)
    HOURS = timedelta(hours=3)
    NEXT_DAY = timedelta(hours=20)
    DAYS = timedelta(days=5)
    WEEK = timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Somebody's chances, between 0 and 1, and the delays they choose from."""

    style: Style
    delays: Sequence[Delay]
    answers: float = 0.9  # reacts to a question at all
    skips: float = 0.05
    snoozes: float = 0.05
    speaks: float = 0.05
    in_two: float = 0.1  # sends an answer in two messages
    swipes: float = 0.08  # answers an older question by a swipe
    fumbles: float = 0.1  # types where a button is expected, presses twice, forgets [Klaar]
    wavers: float = 0.1  # chooses another button the next day
    shares: float = 0.5  # chooses 💬 or 🔒 below a finished check-in
    strays: float = 0.6  # does something of their own accord, a week
    willing: float = 0.6  # says yes to one more question at once; others as it comes
    confides: float = 0.4  # lets the teacher be asked to call, where help offers that
    alarms: float = 0.01  # writes words that the safety net knows
    reads: float = 0.8  # presses [Gelezen] below a page
    reacts: Sequence[Delay] = (Delay.SOON,)  # how long a signal waits; see `never`
    never: float = 0.1  # leaves a signal, or the question whether a meeting was held, as it is


S, H, N, D, W = Delay.SOON, Delay.HOURS, Delay.NEXT_DAY, Delay.DAYS, Delay.WEEK
STUDENTS = (
    Habits(style=Style.PLAIN, delays=(S, S, H), shares=0.9),
    Habits(style=Style.SLOPPY, delays=(S, N, W), answers=0.7, in_two=0.3, alarms=0.04),
    Habits(style=Style.SHORT, delays=(S, H, N), skips=0.3, strays=0.3),
    Habits(style=Style.LEARNER, delays=(H, N), fumbles=0.3, shares=0.7, confides=0.8),
    Habits(style=Style.PLAIN, delays=(S, H), speaks=0.5, in_two=0.0),
    Habits(style=Style.SLOPPY, delays=(N, W), answers=0.3, strays=0.1, alarms=0.05),
    Habits(style=Style.PLAIN, delays=(S, H, N), snoozes=0.5, wavers=0.3),
    Habits(style=Style.SLOPPY, delays=(S, H, W), fumbles=0.5, swipes=0.4, wavers=0.4, strays=1.0),
)
TRAINERS = (
    Habits(style=Style.TRAINER, delays=(S, N), answers=1.0, skips=0.0, snoozes=0.0, willing=0.9),
    Habits(style=Style.TRAINER, delays=(H, W), speaks=0.3, fumbles=0.3, swipes=0.3),
    Habits(style=Style.TRAINER, delays=(N, N, W), answers=0.6, snoozes=0.3, skips=0.2),
    Habits(style=Style.TRAINER, delays=(S, H), in_two=0.3, wavers=0.3),
)
TEACHERS = (
    Habits(style=Style.TEACHER, delays=(S,), strays=0.5, reacts=(S, S, H, N)),
    Habits(style=Style.TEACHER, delays=(S, N), strays=0.6, reacts=(S, N, D), never=0.3, reads=0.5),
)
COORDINATORS = (Habits(style=Style.PLAIN, delays=(S,), strays=0.4),)


def look(after: datetime, least: timedelta, zone: ZoneInfo) -> datetime:
    """Give the first moment at which people look at their phones, at least so long after a moment."""
    local = (after + least).astimezone(zone)
    days = (local.date() + timedelta(days=n) for n in range(len(LOOKS) + 1))
    looks = ((day, at) for day in days if (at := LOOKS[day.weekday()]) is not None)
    return next(moment for day, at in looks if (moment := datetime.combine(day, at, zone)) >= local)
