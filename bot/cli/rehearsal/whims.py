"""What people do of their own accord: join, wander about, block the bot, come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.cli.rehearsal.habits import AT_ONCE, look
from bot.cli.rehearsal.people import Act, Person
from conversations.model import Role

COMMANDS = ("vragen", "waarom", "taal", "moment", "pauze", "help", "privacy", "onzin")
OWN_COMMANDS = {
    Role.STUDENT: ("hulp", "wie", "antwoorden", "antwoorden", "gesprek", "gesprek", "vragen"),
    Role.TRAINER: (*4 * ("overleg",), "uitleg", "studenten", "vragen"),
    Role.TEACHER: (*3 * ("gesprek",), *2 * ("voorbereiding",), "studenten", "taal", "onzin", "overleg"),
    Role.COORDINATOR: (*3 * ("stand",), "taal", "privacy", "studenten"),
}
WEEKLY = timedelta(days=6)
NO_CODE = "AAAAAAAAAAAAAAAAAAAAAA"  # as long as a real one


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What happens to somebody once: when they join, and when they turn away and come back, in days."""

    joins: timedelta = timedelta(0)
    lost: bool = False  # presses START without a code, and with a wrong one, before the right one
    blocks: timedelta | None = None
    stops: timedelta | None = None
    returns: timedelta | None = None
    hands_over: timedelta | None = None  # lets somebody else guide a student from then on


def fate_of(role: Role, number: int) -> Fate:
    """Give each their own: most join on the first day and stay."""
    days = timedelta(days=1)
    student = {
        3: Fate(joins=24 * days),
        5: Fate(joins=2 * days, lost=True),
        8: Fate(blocks=60 * days),
        11: Fate(blocks=40 * days, returns=65 * days),
        14: Fate(stops=50 * days, returns=75 * days),
        17: Fate(joins=9 * days),
        20: Fate(lost=True, stops=80 * days),
    }
    trainer = {
        2: Fate(joins=12 * days),
        4: Fate(blocks=30 * days, returns=120 * days),
        5: Fate(lost=True),
        6: Fate(hands_over=75 * days),
    }
    fates = {Role.STUDENT: student, Role.TRAINER: trainer}
    return fates.get(role, {}).get(number, Fate())


def set_out(person: Person, fate: Fate, begun: datetime) -> None:
    """Plan what a person does without being asked."""
    at = begun + fate.joins
    if fate.lost:
        person.will(at, lambda _: _start(person, None))
        person.will(at + timedelta(minutes=1), lambda _: _start(person, NO_CODE))
        at += timedelta(minutes=2)
    person.will(at, lambda _: _start(person, person.code))
    _plan_to_stray(person, at)
    if fate.blocks is not None:
        before = look(begun, fate.blocks, person.zone) - AT_ONCE  # not in the middle of something
        person.will(before, lambda _: person.phone.block())
    if fate.stops is not None:
        person.will(look(begun, fate.stops, person.zone), partial(person.command, "stop"))
    if fate.hands_over is not None:
        person.will(look(begun, fate.hands_over, person.zone), partial(_hand_over, person))
    if fate.returns is not None:
        person.will(look(begun, fate.returns, person.zone), lambda _: _start(person, None), blocked=True)


def _start(person: Person, code: str | None) -> None:
    person.phone.start(code)


def _hand_over(person: Person, now: datetime) -> None:
    person.hands_over = True
    person.command("studenten", now)


def _stray(person: Person, now: datetime) -> None:
    """Do something that nobody asked for, and plan to do so again in some week."""
    person.random.choice(_whims(person))(now)
    _plan_to_stray(person, now)


def _plan_to_stray(person: Person, now: datetime) -> None:
    weeks = 1
    while person.random.random() > person.habits.strays:
        weeks += 1
    at = look(now, weeks * WEEKLY, person.zone)
    if at < person.until:
        person.will(at, partial(_stray, person))


def _whims(person: Person) -> Sequence[Act]:
    own = partial(person.command, person.random.choice(OWN_COMMANDS[person.role]))
    if person.role in (Role.TEACHER, Role.COORDINATOR):
        return (*4 * (own,), person.write)
    command = partial(person.command, person.random.choice(COMMANDS))
    whims: list[Act] = [command, *3 * (own,), person.write, person.write]
    whims += [lambda _: _send_other(person), person.speak]
    if mine := [m for m, sent in person.sent.items() if sent.words and sent.can_change and not sent.was]:
        whims += 2 * [partial(person.edit, person.random.choice(mine[-8:]))]
    if person.ever:
        whims += 3 * [partial(person.press, person.random.choice(person.ever))]
    return whims


def _send_other(person: Person) -> None:
    person.random.choice((person.phone.photo, person.phone.sticker))()
