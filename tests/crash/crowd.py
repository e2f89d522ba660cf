"""People with phones: they join, answer, press and write, and remember what they did."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from bot.simulator.world import World
from conversations.buttons import Does, Press, decode
from conversations.dossier import Urgency
from conversations.model import Role, Share, Slot
from conversations.question_set import COVER_MARKS, Cover
from conversations.signals.bell import NOT_NEEDED
from tests.crash.doing import Done, Person, Shown

Buttons = dict[Does, list[tuple[str, Press]]]
"""What can be pressed below a message: for each thing that buttons do, their data."""

IGNORED = 0.15  # of the questions get no answer
TAPS = (1, 1, 1, 1, 1, 1, 1, 2, 2, 5)  # how often somebody taps the same button
NEW = 0.1  # of the moments somebody follows a link for the first time
SPOKEN = 0.1  # of what students say
EDITED = 0.08  # of the moments somebody changes what they wrote last
RUNG = 0.02  # of the moments a trainer rings the bell
SHORT = 0.2  # of the texts are so short that an example is asked for
SKIPPED = 0.3  # of a trainer's typed questions
WORDS = "Ik deed vandaag zelf de balie en dat ging goed"


class Crowd:
    """All people of a game; whatever the bot shows them they react to, one thing at a time."""

    def __init__(self, world: World, people: Sequence[Person], chance: random.Random) -> None:
        self.done = Done()
        self.shown: list[Shown] = []
        self._people = {one.phone.user_id: one for one in people}
        self._chance = chance
        self._to_do: deque[tuple[Person, dict[str, Any]]] = deque()
        world.listeners.append(self._look)

    @property
    def people(self) -> list[Person]:
        """Give everybody who takes part."""
        return list(self._people.values())

    def knock(self) -> None:
        """Let somebody press START who was not answered yet."""
        waiting = [person for person in self._people.values() if not person.invited]
        if waiting:
            person = self._chance.choice(waiting)
            person.phone.start(person.code)
            self.done.starts += 1

    def act(self) -> None:
        """Let somebody do something: react to what the bot sent, or write of their own accord."""
        if self._chance.random() < NEW:
            self.knock()
        elif self._chance.random() < EDITED:
            self._edit()
        elif self._chance.random() < RUNG:
            self._ring()
        elif self._to_do:
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
        elif (asks := tuple(_data(message, Does.BELL))) and asks not in person.asked:
            person.asked.add(asks)  # for whom the bell is was chosen, now the same message asks when
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
            (Does.BELL, self._bell),
            (Does.SIGNAL, self._acknowledge),
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
            self._press(person, message, data, taps=1)
            self._press(person, message, buttons[Does.READY][0][0])

    def _cover(self, person: Person, message: dict[str, Any], buttons: Buttons) -> None:
        """Tap one task and say that this was all; the others stay as they are shown."""
        data, press = self._chance.choice(buttons[Does.COVER])
        if (slot := self._open(press)) is not None:
            states = _covered(message)
            states[press.parts[2]] = states[press.parts[2]].next
            self.done.chosen[slot] = tuple(f"{task}={state}" for task, state in states.items())
            self._press(person, message, data, taps=1)
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

    def _bell(self, person: Person, message: dict[str, Any], buttons: Buttons) -> None:
        """Say for whom, how soon, and then what it is about; for each student the bell is rung once."""
        data, press = self._chance.choice(buttons[Does.BELL])
        stage, what = press.stage or 0, press.parts[1] if len(press.parts) > 1 else ""
        if what == NOT_NEEDED:
            self._write(person)
        elif stage not in self.done.bells:
            if what:
                self.done.bells[stage] = Urgency(what)
            self._press(person, message, data)

    def _acknowledge(self, person: Person, message: dict[str, Any], buttons: Buttons) -> None:
        data, press = buttons[Does.SIGNAL][0]
        if self._chance.random() > IGNORED:
            self.done.acknowledged.add(press.number or 0)
            self._press(person, message, data, taps=5)

    # ---- what people do --------------------------------------------------------------------------------

    def _open(self, press: Press) -> Slot | None:
        """Give a button's question, unless the person has dealt with it already or ignores it."""
        slot = press.slot
        dealt = slot is None or slot in self.done.chosen or slot in self.done.skipped
        return None if dealt or self._chance.random() < IGNORED else slot

    def _write(self, person: Person, reply_to: int | None = None) -> None:
        if person.is_student and self._chance.random() < SPOKEN:
            seconds = 1000 + len(self.done.voices)
            self.done.voices.add(seconds)
            person.phone.voice(seconds, reply_to)
            return
        words, mark = "Ja" if self._chance.random() < SHORT else WORDS, self._mark()
        number = person.phone.text(f"{words} {mark}", reply_to)
        person.last = (number, mark) if person.is_student else None  # a line with a bell can't be changed

    def _edit(self) -> None:
        """Let somebody change the last thing they wrote."""
        writers = [person for person in self._people.values() if person.last is not None]
        if writers and (last := (person := self._chance.choice(writers)).last) is not None:
            self.done.texts.remove(last[1])
            person.last = (last[0], self._mark())
            self.done.edits += 1
            person.phone.edit(last[0], f"{WORDS} {person.last[1]}")

    def _mark(self) -> str:
        mark = f"#{self.done.marks}#"
        self.done.texts.add(mark)
        self.done.marks += 1
        return mark

    def _ring(self) -> None:
        trainers = [p for p in self._people.values() if p.joined and Role.TRAINER in p.roles]
        if trainers:
            self._chance.choice(trainers).phone.text("/overleg")
            self.done.commands += 1

    def _press(self, person: Person, message: dict[str, Any], data: str, *, taps: int = 0) -> None:
        for _ in range(taps or self._chance.choice(TAPS)):
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


def _data(message: dict[str, Any], does: Does) -> list[str]:
    return [data for data, _ in _buttons(message).get(does, [])]


def _buttons(message: dict[str, Any]) -> Buttons:
    found: Buttons = {}
    for row in message["buttons"]:
        for button in row:
            if (press := decode(button.get("data", ""))) is not None:
                found.setdefault(press.does, []).append((button["data"], press))
    return found
