"""How scripted people answer a question: with its buttons, in words, by voice, later, or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from bot.cli.rehearsal.habits import AT_ONCE, Delay, look
from bot.cli.rehearsal.people import Act, Below, Person, View, below
from bot.cli.rehearsal.record import Kind
from conversations.buttons import Does
from conversations.model import Slot

SESSION = timedelta(minutes=5)  # somebody who did something so shortly ago is still looking
YES_OR_NO = ("yes", "no")  # one more question, and whether the student may read an example
MOST_TAPS = 3  # in a list of tasks


def consider(person: Person, message: int, now: datetime) -> None:
    """Plan to answer a question, to put it off, to skip it, or nothing at all."""
    looking = person.acted is not None and now - person.acted < SESSION
    if not person.may(0.95 if looking else person.habits.answers):
        return
    delay = person.random.choice(person.habits.delays)
    at = now + AT_ONCE if looking else look(now, delay.value, person.zone)
    reaction: Act = partial(_answer, person, message)
    if person.may(person.habits.skips):
        reaction = partial(_press_one, person, Does.SKIP, message)
    elif person.may(person.habits.snoozes):
        reaction = partial(_press_one, person, Does.LATER, message)
    person.will(at, reaction)


def _answer(person: Person, message: int, now: datetime) -> None:
    """Answer a question by its buttons, or where it has none by words."""
    here = person.now_below(message)
    slot = next((one.press.slot for one in here if one.press.slot), None)
    if slot is None or slot in person.answered:
        return
    person.answered.add(slot)
    choices = [one for one in here if one.press.does is Does.ANSWER]
    ticks = [one for one in here if one.press.does in (Does.TICK, Does.COVER)]
    if ticks:
        _tick(person, message, ticks, now)
    elif choices:
        _choose(person, choices, slot, now)
    else:
        _put_in_words(person, now)


def _choose(person: Person, choices: list[Below], slot: Slot, now: datetime) -> None:
    yes = next((one for one in choices if one.press.parts[2] == "yes"), None)
    willing = yes is not None and len(choices) == len(YES_OR_NO) and person.may(person.habits.willing)
    chosen = yes if yes is not None and willing else person.random.choice(choices)
    if slot not in person.beside and person.may(person.habits.fumbles):
        fumble = person.random.choice((_type_label, _type_beside))
        fumble(person, chosen, slot, now)
        return
    person.press(chosen, now)
    if person.may(person.habits.fumbles):
        person.press(chosen, now)
    if person.may(person.habits.wavers):
        other = person.random.choice(choices)
        person.later(now, Delay.NEXT_DAY, partial(person.press, other))


def _type_label(person: Person, chosen: Below, _slot: Slot, now: datetime) -> None:
    person.send(Kind.LABEL, chosen.label, now)


def _type_beside(person: Person, _chosen: Below, slot: Slot, now: datetime) -> None:
    """Type where a button was expected; the question is put again then, and gets its button."""
    person.answered.discard(slot)
    person.beside.add(slot)
    person.write(now)


def _tick(person: Person, message: int, ticks: list[Below], now: datetime) -> None:
    ready = next(o for o in person.now_below(message) if o.press.does is Does.READY)
    if person.may(person.habits.fumbles):
        person.press(ready, now)  # before anything was ticked
    most = min(MOST_TAPS, len(ticks) - 1) if ticks[0].press.does is Does.COVER else len(ticks) - 1
    for one in person.random.sample(ticks, person.random.randint(1, most)):
        person.press(one, now)
    if not person.may(person.habits.fumbles):
        person.press(ready, now)


def _put_in_words(person: Person, now: datetime) -> None:
    if person.may(person.habits.speaks):
        person.speak(now)
    elif person.may(person.habits.swipes) and (older := _older_question(person)):
        person.random.choice((person.write, person.speak))(now, older)
    else:
        person.write(now)
        if person.may(person.habits.in_two):
            person.afterthoughts.append(person.write)


def _older_question(person: Person) -> int | None:
    asked = [m for m, view in person.screen.items() if _takes_words(view)]
    return person.random.choice(asked[-6:]) if asked else None


def _takes_words(view: View) -> bool:
    does = {one.press.does for one in below(view)}
    return Does.SKIP in does and not does & {Does.ANSWER, Does.TICK, Does.COVER}


def _press_one(person: Person, does: Does, message: int, now: datetime) -> None:
    fitting = [one for one in person.now_below(message) if one.press.does is does]
    if fitting:
        person.press(person.random.choice(fitting), now)
