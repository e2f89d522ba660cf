"""Scripted people: each sees their phone, and does with it what somebody of their habits would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bot.cli.rehearsal import wordings
from bot.cli.rehearsal.habits import AT_ONCE, Delay, Habits, look
from bot.cli.rehearsal.record import Kind
from bot.simulator.world import Phone
from conversations import buttons
from conversations.buttons import Does, Press
from conversations.model import Language, ParticipantId, Role, Slot

Act = Callable[[datetime], None]
View = dict[str, Any]
AT_ONE_S_LEISURE = frozenset({Does.SHARE, Does.NOTE, Does.BELONGS})
SESSION = timedelta(minutes=5)  # somebody who did something so shortly ago is still looking


@dataclass(frozen=True, slots=True)
class Below:
    """A button below a message: where it is, what it says, and what it carries."""

    message: int
    label: str
    data: str
    press: Press


@dataclass(slots=True)
class Sent:
    """What somebody sent, with the invented words it held; none for a voice message or a label."""

    kind: Kind
    at: datetime
    text: str
    words: list[str]
    stays: bool


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with a phone, habits and a plan of what to do when. Keeps a diary of what was done."""

    me: ParticipantId
    number: int  # makes words and choices this person's own
    role: Role
    phone: Phone
    code: str
    habits: Habits
    language: Language
    zone: ZoneInfo
    random: Random
    until: datetime  # does nothing of their own accord after this
    joined: datetime | None = None
    acted: datetime | None = None
    screen: dict[int, View] = field(default_factory=dict)
    sent: dict[int, Sent] = field(default_factory=dict)
    presses: list[tuple[datetime, str, str]] = field(default_factory=list)  # when, press, what it carries
    afterthoughts: list[Act] = field(default_factory=list)  # a few seconds after what was just done
    ever: list[Below] = field(default_factory=list)  # every button this person ever saw
    _plan: list[tuple[datetime, int, Act, bool]] = field(default_factory=list)
    _planned: int = 0
    _invented: int = 0
    _answered: set[Slot] = field(default_factory=set)
    _beside: set[Slot] = field(default_factory=set)  # where this person typed in place of a button

    # ---- what is to be done, and when -------------------------------------------------------------------

    @property
    def next_at(self) -> datetime | None:
        """Say when this person does something next."""
        return self._plan[0][0] if self._plan else None

    def will(self, at: datetime, act: Act, *, blocked: bool = False) -> None:
        """Plan to do something; with `blocked` also if the bot is blocked by then."""
        self._planned += 1
        heappush(self._plan, (at, self._planned, act, blocked))

    def live(self, now: datetime) -> bool:
        """Do what was planned for now, and say whether that was anything."""
        done = False
        while self._plan and self._plan[0][0] <= now:
            _, _, act, blocked = heappop(self._plan)
            if blocked or not self.phone.is_blocked:
                act(now)
                self.acted, done = now, True
        return done

    def saw(self, view: View, now: datetime) -> None:
        """See a message of the bot, new or changed, and plan what to do about it."""
        earlier = self.screen.get(view["message_id"])
        self.screen[view["message_id"]] = view
        below = self.below(view)
        self.ever += below
        does = {one.press.does for one in below}
        if earlier is not None and Does.MOMENT not in does:
            return
        if Does.SKIP in does:
            self._consider(view["message_id"], now)
        elif Does.JOIN in does:
            self.will(now + AT_ONCE, partial(self.press, below[0]))
        elif does & AT_ONE_S_LEISURE and not self._may(self.habits.shares):
            return
        elif below:
            self.will(now + AT_ONCE, partial(self._pick, below))

    @staticmethod
    def below(view: View) -> list[Below]:
        """Give the buttons below a message, as they are now."""
        found = (
            Below(view["message_id"], one["text"], one["data"], press)
            for row in view["buttons"]
            for one in row
            if (press := buttons.decode(one.get("data", ""))) is not None
        )
        return list(found)

    def _consider(self, message: int, now: datetime) -> None:
        """Plan to answer a question, to put it off, to skip it, or nothing at all."""
        looking = self.acted is not None and now - self.acted < SESSION
        if not self._may(0.95 if looking else self.habits.answers):
            return
        at = now + AT_ONCE if looking else self._look(now, self.random.choice(self.habits.delays))
        reaction = self._answer
        if self._may(self.habits.skips):
            reaction = partial(self._press_one, Does.SKIP)
        elif self._may(self.habits.snoozes):
            reaction = partial(self._press_one, Does.LATER)
        self.will(at, partial(reaction, message))

    def _look(self, now: datetime, delay: Delay) -> datetime:
        return look(now, delay.value, self.zone)

    def _may(self, chance: float) -> bool:
        return self.random.random() < chance

    # ---- answering --------------------------------------------------------------------------------------

    def _answer(self, message: int, now: datetime) -> None:
        """Answer a question by its buttons, or where it has none by words."""
        below = self.below(self.screen[message])
        slot = next((one.press.slot for one in below if one.press.slot), None)
        if slot is None or slot in self._answered:
            return
        self._answered.add(slot)
        choices = [one for one in below if one.press.does is Does.ANSWER]
        ticks = [one for one in below if one.press.does is Does.TICK]
        if ticks:
            self._tick(message, ticks, now)
        elif choices:
            self._choose(choices, slot, now)
        else:
            self._put_in_words(now)

    def _choose(self, choices: list[Below], slot: Slot, now: datetime) -> None:
        chosen = self.random.choice(choices)
        if slot not in self._beside and self._may(self.habits.fumbles):
            fumble = self.random.choice((self._type_label, self._type_beside))
            fumble(chosen, slot, now)
            return
        self.press(chosen, now)
        if self._may(self.habits.fumbles):
            self.press(chosen, now)
        if self._may(self.habits.wavers):
            other = self.random.choice(choices)
            self.will(self._look(now, Delay.NEXT_DAY), partial(self.press, other))

    def _type_label(self, chosen: Below, _slot: Slot, now: datetime) -> None:
        self._send(Kind.LABEL, chosen.label, now)

    def _type_beside(self, _chosen: Below, slot: Slot, now: datetime) -> None:
        """Type where a button was expected; the question is put again then, and gets its button."""
        self._answered.discard(slot)
        self._beside.add(slot)
        self.write(now)

    def _tick(self, message: int, ticks: list[Below], now: datetime) -> None:
        ready = next(o for o in self.below(self.screen[message]) if o.press.does is Does.READY)
        if self._may(self.habits.fumbles):
            self.press(ready, now)  # before anything was ticked
        for one in self.random.sample(ticks, self.random.randint(1, len(ticks) - 1)):
            self.press(one, now)
        if not self._may(self.habits.fumbles):
            self.press(ready, now)

    def _put_in_words(self, now: datetime) -> None:
        if self._may(self.habits.speaks):
            self.speak(now)
        elif self._may(self.habits.swipes) and (older := self._older_question()):
            self.random.choice((self.write, self.speak))(now, older)
        else:
            self.write(now)
            if self._may(self.habits.in_two):
                self.afterthoughts.append(self.write)

    def _older_question(self) -> int | None:
        asked = [m for m, view in self.screen.items() if self._takes_words(view)]
        return self.random.choice(asked[-6:]) if asked else None

    def _takes_words(self, view: View) -> bool:
        does = {one.press.does for one in self.below(view)}
        return Does.SKIP in does and not does & {Does.ANSWER, Does.TICK}

    # ---- what a hand can do -----------------------------------------------------------------------------

    def write(self, now: datetime, reply_to: int | None = None) -> None:
        """Send a text of one's own."""
        word = self._word()
        style = wordings.Style.ENGLISH if self.language is Language.EN else self.habits.style
        self.sent[self._send(Kind.TEXT, wordings.text(style, word, self.random), now, reply_to)].words.append(
            word
        )

    def speak(self, now: datetime, reply_to: int | None = None) -> None:
        """Send a voice message."""
        message = self.phone.voice(self.random.randint(3, 50), reply_to)
        self.sent[message] = Sent(Kind.VOICE, now, "", [], self._is_kept)

    def command(self, name: str, _now: datetime) -> None:
        """Give a command."""
        self.phone.text(f"/{name}")

    def edit(self, message: int, _now: datetime) -> None:
        """Change a text that was sent before, into one with another word."""
        sent = self.sent[message]
        word = self._word()
        sent.text = sent.text.replace(sent.words[-1], word) + wordings.correction(self.language)
        sent.words.append(word)
        self.phone.edit(message, sent.text)

    def press(self, one: Below, now: datetime) -> None:
        """Press a button that is or was below a message."""
        self.presses.append((now, self.phone.press(one.message, one.data), one.data))
        if one.press.does is Does.JOIN and one.press.parts[0] == "y" and self.joined is None:
            self.joined = now
        if one.press.does is Does.LANGUAGE:
            self.language = Language(one.press.parts[0])

    def _press_one(self, does: Does, message: int, now: datetime) -> None:
        fitting = [one for one in self.below(self.screen[message]) if one.press.does is does]
        if fitting:
            self.press(self.random.choice(fitting), now)

    def _pick(self, below: list[Below], now: datetime) -> None:
        self.press(self.random.choice(below), now)

    def _send(self, kind: Kind, text: str, now: datetime, reply_to: int | None = None) -> int:
        message = self.phone.text(text, reply_to)
        self.sent[message] = Sent(kind, now, text, [], self._is_kept)
        return message

    def _word(self) -> str:
        self._invented += 1
        return wordings.invented(self.number, self._invented)

    @property
    def _is_kept(self) -> bool:
        return self.joined is not None and self.role in (Role.STUDENT, Role.TRAINER)
