"""Scripted people: a phone, habits, a plan of what to do when, and a diary of what was done."""

from __future__ import annotations

from collections import Counter
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
from bot.cli.rehearsal.wordings import INVENTED, Style
from bot.simulator.world import Phone
from conversations import buttons
from conversations.buttons import Does, Press
from conversations.model import Language, ParticipantId, Role, Slot

Act = Callable[[datetime], None]
View = dict[str, Any]
Agenda = list[tuple[datetime, int]]  # a heap: when somebody does something, and in which chat
PATIENCE = timedelta(minutes=15)  # whoever is in the middle of something does that first, for so long


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
    was: Slot | None = None
    can_change: bool = True


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
    agenda: Agenda = field(default_factory=list)  # everybody's
    joined: datetime | None = None
    acted: datetime | None = None
    screen: dict[int, View] = field(default_factory=dict)
    sent: dict[int, Sent] = field(default_factory=dict)
    presses: list[tuple[datetime, str, str]] = field(default_factory=list)  # when, press, what it carries
    afterthoughts: list[Act] = field(default_factory=list)  # a few seconds after what was just done
    ever: list[Below] = field(default_factory=list)  # every button this person ever saw
    turns: Counter[int] = field(default_factory=Counter)  # presses below a message
    pressed: Press | None = None  # the last button
    hands_over: bool = False  # is about to let somebody else guide a student, and means it
    left: str = ""  # the stage of that student, as buttons have it
    extra: dict[tuple[str, ...], Sent] = field(default_factory=dict)  # questions typed below a page
    answered: set[Slot] = field(default_factory=set)
    beside: set[Slot] = field(default_factory=set)  # where this person typed in place of a button
    _busy: tuple[datetime, Does, str] | None = None
    _plan: list[tuple[datetime, int, Act, bool]] = field(default_factory=list)
    _planned: int = 0
    _invented: int = 0

    # ---- what is to be done, and when -------------------------------------------------------------------

    def will(self, at: datetime, act: Act, *, blocked: bool = False) -> None:
        """Plan to do something; with `blocked` also if the bot is blocked by then."""
        self._planned += 1
        heappush(self._plan, (at, self._planned, act, blocked))
        heappush(self.agenda, (at, self.phone.user_id))

    def soon(self, now: datetime, act: Act) -> None:
        """Plan to do something in a minute."""
        self.will(now + AT_ONCE, act)

    def later(self, now: datetime, delay: Delay, act: Act) -> None:
        """Plan to do something when this person looks at the phone after a while."""
        self.will(look(now, delay.value, self.zone), act)

    def when_free(self, begun: Below, act: Act) -> Act:
        """Do something only once this person is not in the middle of something else."""

        def _act(now: datetime) -> None:
            if self._busy is not None and now - self._busy[0] < PATIENCE and self._busy[1:] != _of(begun):
                self.soon(now, _act)
            else:
                self._busy = (now, *_of(begun))
                act(now)

        return _act

    def goes_on(self, now: datetime) -> None:
        """Still be in the middle of it, however long it takes."""
        if self._busy is not None:
            self._busy = (now, *self._busy[1:])

    def done(self) -> None:
        """Be free for something else."""
        self._busy = None

    def live(self, now: datetime) -> bool:
        """Do what was planned for now, and say whether that was anything."""
        done = False
        while self._plan and self._plan[0][0] <= now:
            _, _, act, blocked = heappop(self._plan)
            if blocked or not self.phone.is_blocked:
                act(now)
                self.acted, done = now, True
        return done

    def may(self, chance: float) -> bool:
        """Throw a die."""
        return self.random.random() < chance

    # ---- what is seen -----------------------------------------------------------------------------------

    def see(self, view: View) -> bool:
        """See a message of the bot, and say whether it is new."""
        is_new = view["message_id"] not in self.screen
        self.screen[view["message_id"]] = view
        self.ever += below(view)
        return is_new

    def now_below(self, message: int) -> list[Below]:
        """Give the buttons below a message, as they are now."""
        return below(self.screen[message])

    # ---- what a hand can do -----------------------------------------------------------------------------

    def write(self, now: datetime, reply_to: int | None = None) -> None:
        """Send a text of one's own."""
        style = Style.ENGLISH if self.language is Language.EN else self.habits.style
        if self.role is Role.STUDENT and self.may(self.habits.alarms):
            style = Style.ALARM
        self.put_in_words(now, partial(wordings.text, style), reply_to=reply_to)

    def put_in_words(
        self,
        now: datetime,
        write: Callable[[str, Random], str],
        *,
        stays: bool | None = None,
        reply_to: int | None = None,
    ) -> Sent:
        """Send a text with a new word in it."""
        self._invented += 1
        word = wordings.invented(self.number, self._invented)
        sent = self.sent[self.send(Kind.TEXT, write(word, self.random), now, reply_to)]
        if word in sent.text:
            sent.words.append(word)
        if stays is not None:
            sent.stays = stays
        return sent

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
        if sent.was is not None:
            return
        self._invented += 1
        word = wordings.invented(self.number, self._invented)
        sent.text = sent.text.replace(sent.words[-1], word) + wordings.correction(self.language)
        sent.words.append(word)
        self.phone.edit(message, sent.text)

    def press(self, one: Below, now: datetime) -> None:
        """Press a button that is or was below a message."""
        self.presses.append((now, self.phone.press(one.message, one.data), one.data))
        self.turns[one.message] += 1
        self.pressed = one.press
        if one.press.does is Does.JOIN and one.press.parts[0] == "y" and self.joined is None:
            self.joined = now
        if one.press.does is Does.LANGUAGE:
            self.language = Language(one.press.parts[0])

    def send(self, kind: Kind, text: str, now: datetime, reply_to: int | None = None) -> int:
        """Send a text as it is."""
        message = self.phone.text(text, reply_to)
        self.sent[message] = Sent(kind, now, text, [], self._is_kept)
        return message

    def gives_up(self, view: View, slot: Slot | None) -> None:
        """Know that what stands in a message, in this person's own words, is kept there no longer."""
        words = set(INVENTED.findall(view["text"] or ""))
        for sent in self.sent.values():
            if words & set(sent.words):
                sent.was = slot

    @property
    def _is_kept(self) -> bool:
        return self.joined is not None and self.role in (Role.STUDENT, Role.TRAINER)


def below(view: View) -> list[Below]:
    """Give the buttons below a message."""
    found = (
        Below(view["message_id"], one["text"], one["data"], press)
        for row in view["buttons"]
        for one in row
        if (press := buttons.decode(one.get("data", ""))) is not None
    )
    return list(found)


def _of(one: Below) -> tuple[Does, str]:
    return one.press.does, ":".join(one.press.parts[:2])
