"""People with phones: they join, answer, press and write, and remember what they did."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.phone import Phone
from bot.simulator.world import World
from conversations.buttons import Does, Press, decode
from conversations.model import CheckInId, Share, Slot
from conversations.question_set import COVER_MARKS, Cover

Buttons = dict[Does, list[tuple[str, Press]]]
"""What can be pressed below a message: for each thing that buttons do, their data."""

IGNORED = 0.15  # of the questions get no answer
TWICE = 0.2  # of the presses are made twice
SHORT = 0.2  # of the texts are so short that an example is asked for
SKIPPED = 0.3  # of a trainer's typed questions
WORDS = "Ik deed vandaag zelf de balie en dat ging goed"


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot as it first appeared on a phone."""

    chat: int
    text: str
    slot: Slot | None


@dataclass(slots=True)
class Person:
    """Somebody with a phone. Students write whatever comes up; trainers swipe, and skip questions."""

    phone: Phone
    code: str
    is_student: bool
    invited: bool = False  # has seen "Ben jij dit?"
    joined: bool = False
    seen: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Done:
    """What people did, to be found again in the database."""

    texts: set[str] = field(default_factory=set)
    chosen: dict[Slot, tuple[str, ...]] = field(default_factory=dict)
    skipped: set[Slot] = field(default_factory=set)
    shared: dict[CheckInId, Share] = field(default_factory=dict)
    notes: dict[tuple[int, int], Share] = field(default_factory=dict)  # chat and own message
    joined: set[int] = field(default_factory=set)  # chats
    presses: int = 0
    starts: int = 0


class Crowd:
    """All people of a game; whatever the bot shows them they react to, one thing at a time."""

    def __init__(self, world: World, people: Sequence[Person], chance: random.Random) -> None:
        self.done = Done()
        self.shown: list[Shown] = []
        self._people = {one.phone.user_id: one for one in people}
        self._chance = chance
        self._to_do: deque[tuple[Person, dict[str, Any]]] = deque()
        world.listeners.append(self._look)

    def knock(self) -> None:
        """Let somebody press START who was not answered yet."""
        waiting = [person for person in self._people.values() if not person.invited]
        if waiting:
            person = self._chance.choice(waiting)
            person.phone.start(person.code)
            self.done.starts += 1

    def act(self) -> None:
        """Let somebody do something: react to what the bot sent, or write of their own accord."""
        if self._to_do:
            self._react(*self._to_do.popleft())
        elif here := [p for p in self._people.values() if p.joined and p.is_student]:
            self._write(self._chance.choice(here))

    def _look(self, event: dict[str, Any]) -> None:
        """Note a message of the bot that is new on somebody's phone."""
        message, person = event.get("message"), self._people.get(event.get("user_id", 0))
        if message is None or person is None or message["from"] != "bot":
            return
        if message["message_id"] not in person.seen:
            person.seen.add(message["message_id"])
            slots = [press.slot for held in _buttons(message).values() for _, press in held]
            slot = slots[0] if slots and Does.BELONGS not in _buttons(message) else None
            self.shown.append(Shown(person.phone.user_id, message["text"], slot))
            self._to_do.append((person, message))

    # ---- reactions -------------------------------------------------------------------------------------

    def _react(self, person: Person, message: dict[str, Any]) -> None:
        buttons = _buttons(message)
        person.joined = person.joined or (person.invited and Does.JOIN not in buttons)
        reactions: list[tuple[Does, Callable[[Person, dict[str, Any], Buttons], None]]] = [
            (Does.JOIN, self._press_first),
            (Does.BELONGS, self._press_first),
            (Does.ANSWER, self._choose),
            (Does.TICK, self._tick),
            (Does.COVER, self._cover),
            (Does.SKIP, self._answer),
            (Does.SHARE, self._share),
            (Does.NOTE, self._note),
        ]
        for does, react in reactions:
            if does in buttons:
                react(person, message, buttons)
                return

    def _press_first(self, person: Person, message: dict[str, Any], buttons: Buttons) -> None:
        """Say "Ja, dat ben ik", or give a text to the first question it could be about."""
        if Does.JOIN in buttons:
            person.invited = True
            self.done.joined.add(person.phone.user_id)
        data, _ = (buttons.get(Does.JOIN) or buttons[Does.BELONGS])[0]
        self._press(person, message, data)

    def _choose(self, person: Person, message: dict[str, Any], buttons: Buttons) -> None:
        data, press = self._chance.choice(buttons[Does.ANSWER])
        if (slot := self._open(press)) is not None:
            self.done.chosen[slot] = (press.parts[2],)
            self._press(person, message, data)

    def _tick(self, person: Person, message: dict[str, Any], buttons: Buttons) -> None:
        """Tick one and say that this was all; a tick that counted twice would be gone again."""
        data, press = self._chance.choice(buttons[Does.TICK])
        if (slot := self._open(press)) is not None:
            self.done.chosen[slot] = (press.parts[2],)
            self._press(person, message, data, once=True)
            self._press(person, message, buttons[Does.READY][0][0])

    def _cover(self, person: Person, message: dict[str, Any], buttons: Buttons) -> None:
        """Tap one task and say that this was all; the others stay as they are shown."""
        data, press = self._chance.choice(buttons[Does.COVER])
        if (slot := self._open(press)) is not None:
            states = _covered(message)
            states[press.parts[2]] = states[press.parts[2]].next
            self.done.chosen[slot] = tuple(f"{task}={state}" for task, state in states.items())
            self._press(person, message, data, once=True)
            self._press(person, message, buttons[Does.READY][0][0])

    def _answer(self, person: Person, message: dict[str, Any], buttons: Buttons) -> None:
        data, press = buttons[Does.SKIP][0]
        slot = self._open(press)
        if slot is None:
            return
        if not person.is_student and self._chance.random() < SKIPPED:
            self.done.skipped.add(slot)
            self._press(person, message, data)
        else:
            swipes = not person.is_student or self._chance.random() < 0.5
            self._write(person, message["message_id"] if swipes else None)

    def _share(self, person: Person, message: dict[str, Any], buttons: Buttons) -> None:
        data, press = self._chance.choice(buttons[Does.SHARE])
        if press.check_in is not None and press.check_in not in self.done.shared:
            self.done.shared[press.check_in] = Share(press.parts[1])
            self._press(person, message, data)

    def _note(self, person: Person, message: dict[str, Any], buttons: Buttons) -> None:
        """Set who reads a note, or say which student it is about; nobody throws one away."""
        offered = {press.parts[1]: (data, press) for data, press in buttons[Does.NOTE]}
        offered.pop("away", None)
        if Share.MEETING in offered:
            data, press = offered[Share.MEETING]
            self.done.notes[person.phone.user_id, int(press.parts[0])] = Share.MEETING
            self._press(person, message, data)
        elif offered:
            self._press(person, message, next(iter(offered.values()))[0])

    # ---- what people do --------------------------------------------------------------------------------

    def _open(self, press: Press) -> Slot | None:
        """Give a button's question, unless the person has dealt with it already or ignores it."""
        slot = press.slot
        dealt = slot is None or slot in self.done.chosen or slot in self.done.skipped
        return None if dealt or self._chance.random() < IGNORED else slot

    def _write(self, person: Person, reply_to: int | None = None) -> None:
        mark = f"#{len(self.done.texts)}#"
        words = "Ja" if self._chance.random() < SHORT else WORDS
        self.done.texts.add(mark)
        person.phone.text(f"{words} {mark}", reply_to)

    def _press(self, person: Person, message: dict[str, Any], data: str, *, once: bool = False) -> None:
        for _ in range(1 if once or self._chance.random() > TWICE else 2):
            person.phone.press(message["message_id"], data)
            self.done.presses += 1


def _covered(message: dict[str, Any]) -> dict[str, Cover]:
    """Read how each task stands from the marks on its button."""
    meaning = {mark: state for state, mark in COVER_MARKS.items()}
    pressed = [(decode(b.get("data", "")), b["text"]) for row in message["buttons"] for b in row]
    return {
        press.parts[2]: meaning[text.split(" ")[0]]
        for press, text in pressed
        if press is not None and press.does is Does.COVER
    }


def _buttons(message: dict[str, Any]) -> Buttons:
    found: Buttons = {}
    for row in message["buttons"]:
        for button in row:
            if (press := decode(button.get("data", ""))) is not None:
                found.setdefault(press.does, []).append((button["data"], press))
    return found
