"""What scripted teachers do: signals, pages, and their meetings, one thing after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.cli.rehearsal import wordings
from bot.cli.rehearsal.habits import Delay
from bot.cli.rehearsal.people import Below, Person, View
from bot.cli.rehearsal.wordings import Style
from conversations.buttons import Does

DOES = frozenset({Does.SIGNAL, Does.PAGE, Does.MEETING})
WAS_HELD = frozenset({"held", "missed", "move"})  # the question after a meeting
MOST_TURNS = 6  # below one message
STAYS_AWAY = 0.2  # the chance that somebody was not at a meeting
AGREES = 0.6  # the chance that something more was agreed
SOONEST, LATEST = 3, 20  # days until a meeting that is moved


def saw(person: Person, view: View, here: list[Below], now: datetime, *, is_new: bool) -> None:
    """See a message with the buttons of a teacher, and plan what to do about it."""
    does, whats = here[0].press.does, {_what(one) for one in here}
    if does is Does.SIGNAL:
        _signal(person, here[0], now, is_new=is_new)
    elif does is Does.PAGE:
        _page(person, here, now, is_new=is_new)
    elif does is Does.CANCEL:
        person.soon(now, partial(_type, person, view["message_id"]))
    elif whats == WAS_HELD and is_new:
        _was_held(person, here, now)
    elif "there" in whats:
        _who_was_there(person, here, now)
    elif whats <= {"done", "undo"}:
        _agreed(person, here, now)
    elif is_new or person.turns[view["message_id"]]:
        _look_around(person, view["message_id"], here, now)


# ---- signals and pages ----------------------------------------------------------------------------------


def _signal(person: Person, seen: Below, now: datetime, *, is_new: bool) -> None:
    if is_new and not person.may(person.habits.never):
        person.later(now, person.random.choice(person.habits.reacts), partial(person.press, seen))


def _page(person: Person, here: Sequence[Below], now: datetime, *, is_new: bool) -> None:
    chances = {"read": person.habits.reads, "contact": 0.15, "extra": 0.3}
    for one in here if is_new else ():
        if person.may(chances[_what(one)]):
            person.later(now, Delay.SOON, person.when_free(one, partial(person.press, one)))


# ---- meetings -------------------------------------------------------------------------------------------


def _was_held(person: Person, here: Sequence[Below], now: datetime) -> None:
    if person.may(person.habits.never / 2):
        return
    one = person.random.choices(here, [{"held": 10, "missed": 1, "move": 1}[_what(o)] for o in here])[0]
    person.later(
        now, person.random.choice(person.habits.reacts), person.when_free(one, partial(person.press, one))
    )


def _who_was_there(person: Person, here: Sequence[Below], now: datetime) -> None:
    """Tick who stayed away, then say that this was all; the ticks change the message, and ask nothing new."""
    if person.pressed is None or person.pressed.parts[-1:] not in (("held",), ("present",)):
        return
    for one in here:
        if _what(one) == "there" and one.press.parts[3] != "teacher" and person.may(STAYS_AWAY):
            person.soon(now, partial(person.press, one))
    ready = next(one for one in here if _what(one) == "ready")
    person.soon(now, partial(person.press, ready))


def _agreed(person: Person, here: Sequence[Below], now: datetime) -> None:
    """Type what was agreed, one a message, then say that this was all."""
    by_what = {_what(one): one for one in here}
    if "undo" in by_what and person.may(0.1):
        person.soon(now, partial(_take_back, person, by_what["undo"]))
    elif ("undo" not in by_what and person.may(0.9)) or ("undo" in by_what and person.may(AGREES)):
        person.soon(now, partial(_agree, person))
    else:
        person.soon(now, partial(_finish, person, by_what["done"]))


def _agree(person: Person, now: datetime) -> None:
    person.goes_on(now)
    person.put_in_words(now, partial(wordings.text, Style.TEACHER), stays=True)


def _take_back(person: Person, undo: Below, now: datetime) -> None:
    last = next((sent for sent in reversed(person.sent.values()) if sent.stays), None)
    if last is not None:
        last.stays = False
    person.goes_on(now)
    person.press(undo, now)


def _finish(person: Person, done: Below, now: datetime) -> None:
    person.press(done, now)
    person.done()


def _look_around(person: Person, message: int, here: Sequence[Below], now: datetime) -> None:
    """Go on with the meetings of a student: move one, change its place, take one off, or stop."""
    if person.turns[message] >= MOST_TURNS or person.may(0.2):
        person.done()
        return
    weights = {"move": 4, "place": 1, "cancel": 2, "later": 0.5, "done": 2, "list": 1, "add": 1, "held": 3}
    one = person.random.choices(here, [weights.get(_what(o), 0.7) for o in here])[0]
    person.soon(now, person.when_free(one, partial(person.press, one)))


# ---- what is typed --------------------------------------------------------------------------------------


def _type(person: Person, message: int, now: datetime) -> None:
    """Type a day and time or a question, as was asked; a wrong day at first, or nothing at all."""
    cancel, before = person.now_below(message), person.pressed
    if not cancel or before is None:
        return
    if person.may(0.1):
        person.press(cancel[0], now)
        person.done()
    elif before.does is Does.PAGE:
        _ask_extra(person, before.parts, now)
        person.done()
    else:
        write = wordings.no_moment if person.may(0.3) else partial(_moment, _day(person, now))
        person.put_in_words(now, write, stays=False)


def _ask_extra(person: Person, about: tuple[str, ...], now: datetime) -> None:
    """Type the extra question; one that was typed before for the same meeting goes."""
    earlier = person.extra.pop(about, None)
    if earlier is not None:
        earlier.stays = False
    person.extra[about] = person.put_in_words(now, wordings.question, stays=True)


def _day(person: Person, now: datetime) -> datetime:
    return now.astimezone(person.zone) + timedelta(days=person.random.randint(SOONEST, LATEST))


def _moment(day: datetime, _word: str, random: Random) -> str:
    return wordings.moment(day.date(), random)


def _what(one: Below) -> str:
    """Name what a button is about."""
    match one.press.does:
        case Does.MEETING:
            return one.press.parts[2] if len(one.press.parts) > 2 else ""
        case Does.PAGE:
            return one.press.parts[2]
        case _:
            return ""
