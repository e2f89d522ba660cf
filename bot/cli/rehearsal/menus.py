"""What scripted people do with the buttons below what is no question: wander through menus, and type."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from bot.cli.rehearsal import desks, replying
from bot.cli.rehearsal.people import Below, Person, View, below
from conversations.buttons import Does, Press

AT_ONE_S_LEISURE = frozenset({Does.SHARE, Does.NOTE, Does.BELONGS})
MENUS = frozenset({Does.HELP, Does.OWN_ANSWER, Does.OWN_PAGE, Does.BELL, Does.GUIDE, Does.EXPLAIN})
MOST_TURNS = 5  # below one message
ENOUGH = 0.4  # the chance that one page of many is enough
STOPS = 0.25  # the chance that somebody has seen enough

# How likely each is to be pressed, by what a button does and what it is about; what is not here counts as 1.
WEIGHTS: Mapping[tuple[Does, str], float] = {
    (Does.HELP, "distress"): 0.4,
    (Does.HELP, "work"): 2,
    (Does.HELP, "teacher"): 2,
    (Does.HELP, "menu"): 0.3,
    (Does.OWN_ANSWER, "list"): 0.4,
    (Does.OWN_ANSWER, "gone"): 2,
    (Does.OWN_PAGE, "preview"): 3,
    (Does.BELL, "none"): 0.4,
    (Does.GUIDE, "undo"): 1000,
    (Does.GUIDE, "stay"): 1,
    (Does.UPLOAD, "n"): 0.1,
    (Does.PREPARE, "k"): 0.2,
    (Does.PREPARE, "m"): 0.2,
    (Does.CANCEL, ""): 0.3,
}
UNDONE = frozenset({"undo", "handed", "ended"})  # who began this goes on at once


def saw(person: Person, view: View, now: datetime) -> None:
    """See a message of the bot, new or changed, and plan what to do about it."""
    is_new, here = person.see(view), below(view)
    does, message = {one.press.does for one in here}, view["message_id"]
    if Does.OWN_ANSWER in does or does & MENUS:
        _wander(person, view, here, now)
    elif does & desks.DOES or (
        does == {Does.CANCEL} and person.pressed and person.pressed.does in desks.DOES
    ):
        desks.saw(person, view, here, now, is_new=is_new)
    elif does == {Does.CANCEL}:
        person.soon(now, partial(_type, person, message))
    elif not is_new and Does.MOMENT not in does:
        return
    elif Does.SKIP in does:
        replying.consider(person, message, now)
    elif Does.JOIN in does:
        person.soon(now, partial(person.press, here[0]))
    elif (does & AT_ONE_S_LEISURE and not person.may(person.habits.shares)) or (
        Does.PREPARE in does and person.may(ENOUGH)
    ):
        return
    elif here:
        person.soon(now, partial(_choose, person, message))


# ---- menus ----------------------------------------------------------------------------------------------


def _wander(person: Person, view: View, here: list[Below], now: datetime) -> None:
    """Plan to press one of the buttons, or leave it at this."""
    message, here = view["message_id"], [one for one in here if not _is_over(person, one.press)]
    if not here:
        return
    turns, whats = person.turns[message], {_what(one.press) for one in here}
    enough = turns >= MOST_TURNS or (turns and person.may(STOPS))
    if enough and not whats & UNDONE:
        return
    if Does.BELL in {one.press.does for one in here} and whats == {"none"} and not person.may(0.3):
        person.soon(now, partial(_type_line, person))
        return
    person.soon(now, partial(_choose, person, message))


def _choose(person: Person, message: int, now: datetime) -> None:
    here = [one for one in person.now_below(message) if not _is_over(person, one.press)]
    if not here:
        return
    one = person.random.choices(here, [_weight(person, one.press) for one in here])[0]
    what = _what(one.press)
    if (one.press.does, what) == (Does.OWN_ANSWER, "gone"):
        person.gives_up(person.screen[message], one.press.slot)
    if what in ("handed", "ended") and person.hands_over:
        person.hands_over, person.left = False, one.press.parts[0]
    person.press(one, now)


def _weight(person: Person, press: Press) -> float:
    what = _what(press)
    if press.does is Does.GUIDE and person.hands_over:
        return 1000 if what in ("", "hand", "handed") else 0.001
    if (press.does, what) == (Does.HELP, "yes"):
        return 4 * person.habits.confides
    return WEIGHTS.get((press.does, what), 1)


def _is_over(person: Person, press: Press) -> bool:
    """Tell the button that would take back what was meant."""
    return (press.does, _what(press), press.parts[0] if press.parts else "") == (
        Does.GUIDE,
        "undo",
        person.left,
    )


def _what(press: Press) -> str:
    """Name what a button is about, apart from whose it is."""
    match press.does:
        case Does.HELP | Does.EXPLAIN | Does.TEAM:
            return press.parts[0]
        case Does.OWN_ANSWER:
            return press.parts[2]
        case Does.PREPARE:
            return press.parts[1][:1] if len(press.parts) > 1 else ""
        case Does.OWN_PAGE | Does.BELL | Does.GUIDE | Does.UPLOAD:
            return press.parts[1] if len(press.parts) > 1 else ""
        case _:
            return ""


# ---- what is typed --------------------------------------------------------------------------------------


def _type(person: Person, message: int, now: datetime) -> None:
    """Type what was asked for, or let it be."""
    cancel, before = person.now_below(message), person.pressed
    if not cancel:
        return
    if before is None or person.may(0.15):
        person.press(cancel[0], now)
        return
    if before.does is Does.OWN_ANSWER:
        person.gives_up(person.screen[message], before.slot)
    person.write(now)


def _type_line(person: Person, now: datetime) -> None:
    """Type what a bell is about; the teacher has it then, and a change comes too late."""
    person.write(now)
    list(person.sent.values())[-1].can_change = False
