"""A chat in which a person does whatever can be done, and the facts as they are after each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import config
from conversations import asking, buttons
from conversations.buttons import Does, base36
from conversations.desk import Decision, lay_out
from conversations.dialogue import decide
from conversations.dossier import Awaits
from conversations.events import Commanded, Edited, Event, Pressed, Said, SentOther, Spoke
from conversations.facts import ChatFacts, Material
from conversations.loading import wants
from conversations.messages import Amend, Lane, Message
from conversations.model import CheckIn, CheckInId, CheckInState, ParticipantId, Role, Stage, StageId, Voice
from tests.conversations.stages import STUDENT, TRAINER, a_person, a_stage, at, the_people

SCHOOL = config.load()
START = at("2026-09-10 16:30")
OTHER = ParticipantId(9)  # another student of the same trainer
BIG = 2**62  # ids are as large as a database's
STUDENT_SETS = (
    "student/aha",
    "student/possibilities",
    "student/task_feeling",
    "student/agenda",
    "student/safety",
    "student/coverage",
)
TRAINER_SETS = ("trainer/first_impression", "trainer/before_meeting", "trainer/coverage")
THEIRS = CheckInId(77)  # somebody else's
FORGED = (
    f"a:{base36(THEIRS)}:aha:yes",
    f"s:{base36(THEIRS)}:aha",
    f"v:{base36(THEIRS)}:meeting",
    f"p:101:{base36(THEIRS)}:aha",
    "n:101:99",
    "zz",
)
A_MINUTE = timedelta(minutes=1)  # between one doing and the next, mostly
COMMANDS = (
    "vragen",
    "antwoorden",
    "waarom",
    "help",
    "taal",
    "gesprek",
    "moment",
    "pauze",
    "privacy",
    "onzin",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something a person did, what was decided about it, and the facts and the person's texts around it."""

    event: Event
    decision: Decision
    before: ChatFacts
    after: ChatFacts
    now: datetime
    texts: dict[int, str]

    @property
    def messages(self) -> list[Message]:
        """Give the new messages that went out."""
        return [one for one in self.decision.out if isinstance(one, Message)]


@dataclass(slots=True)
class Chat:
    """One person's chat. `texts` are what the person wrote and did not throw away, by own message."""

    facts: ChatFacts
    now: datetime = START
    sent: list[Message | Amend] = field(default_factory=list)
    pressable: list[tuple[int, str]] = field(default_factory=list)  # every button that was ever shown
    texts: dict[int, str] = field(default_factory=dict)
    last_message: int = 100
    asked: int = 0

    def play(self, doings: list[tuple[str, int]]) -> list[Step]:
        """Let the person, or the clock, do one thing after another; give what the person did."""
        steps = []
        for count, (what, number) in enumerate(doings):
            self.now += A_MINUTE * bool(number % 7)
            words = f"Woorden {count}{' die lang genoeg zijn' * (number % 2)}"
            event = DOINGS[what](self, number, words)
            if event is not None:
                before, decision = self.facts, self.happens(event)
                steps.append(
                    Step(
                        event=event,
                        decision=decision,
                        before=before,
                        after=self.facts,
                        now=self.now,
                        texts=dict(self.texts),
                    )
                )
        return steps

    def ask(self, which: int) -> None:
        """Let something become due for this person."""
        self.asked += 1
        sets = STUDENT_SETS if Role.STUDENT in self.facts.me.roles else TRAINER_SETS
        stages = self.facts.stages
        stage = stages[self.asked % len(stages)]
        check_in = CheckIn(
            id=CheckInId(BIG + self.asked),
            stage=stage.id,
            participant=self.facts.me.id,
            occasion=f"week {self.asked}",
            question_set=sets[which % len(sets)],
            version="1",
            due=self.now,
            closes=self.now + timedelta(days=6),
            state=CheckInState.QUEUED,
            room=2 if self.facts.me.id == STUDENT else None,
            task="guests",
        )
        self.take(asking.open_round(self.facts.with_changed((check_in,)), [check_in], SCHOOL, self.now))

    def close(self) -> None:
        """Let every check-in that is open expire, as the clock does."""
        for check_in in self.facts.check_ins:
            if check_in.state is CheckInState.OPEN and check_in.participant == self.facts.me.id:
                self.now = max(self.now, check_in.closes)
                desk = lay_out(self.facts, check_in.id, SCHOOL, self.now, Lane.PROMPT)
                self.take(asking.close(desk))

    def says(self, text: str, to: int | None = None) -> Said:
        """Type a text, as a swipe reply to one of the bot's messages where one is given."""
        self.last_message += 1
        self.texts[self.last_message] = text
        return Said(message=self.last_message, text=text, at=self.now, reply_to=to)

    def edits(self, which: int, text: str) -> Edited | None:
        """Change a text that was sent before."""
        if not self.texts:
            return None
        message = sorted(self.texts)[which % len(self.texts)]
        self.texts[message] = text
        return Edited(message=message, text=text, at=self.now)

    def presses(self, which: int) -> Pressed | None:
        """Press a button that was shown at some time: of the last four messages, or of any before them."""
        if not self.pressable:
            return None
        numbers = sorted({number for number, _ in self.pressable})
        back = which % 5
        number = numbers[-1 - back] if back < min(4, len(numbers)) else numbers[which % len(numbers)]
        there = list(dict.fromkeys(data for owner, data in self.pressable if owner == number))
        message, data = number, there[which // 5 % len(there)]
        press = buttons.decode(data)
        if press is not None and press.does is Does.NOTE and press.parts[1] == "away":
            self.texts.pop(int(press.parts[0]), None)
        return Pressed(press=str(len(self.sent)), data=data, message=message, at=self.now)

    def forges(self, data: str) -> Pressed:
        """Press a button that the bot never made."""
        return Pressed(press="forged", data=data, message=1, at=self.now)

    def speaks(self, to: int | None = None) -> Spoke:
        """Send a voice message."""
        self.last_message += 1
        voice = Voice(file=f"voice-{self.last_message}", seconds=7)
        return Spoke(message=self.last_message, voice=voice, at=self.now, reply_to=to)

    def commands(self, which: int, argument: str) -> Commanded:
        """Give a command."""
        self.last_message += 1
        name = COMMANDS[which % len(COMMANDS)]
        return Commanded(message=self.last_message, name=name, argument=argument, at=self.now)

    def sends_sticker(self) -> SentOther:
        """Send something that the bot does not read."""
        self.last_message += 1
        return SentOther(message=self.last_message, kind="sticker", at=self.now)

    def happens(self, event: Event) -> Decision:
        """Let the bot decide about an event, and take what it decides."""
        before = self.facts
        decision = decide(widened(before, event), event, SCHOOL, self.now)
        self.take(decision)
        if replaces(before, event):
            self.texts = {m: t for m, t in self.texts.items() if not places_of(t, before) or self._keeps(t)}
        return decision

    def _keeps(self, text: str) -> bool:
        return places_of(text, self.facts) > 0

    def take(self, decision: Decision) -> None:
        """Apply a decision, and show what goes out on the person's phone."""
        self.facts = self.facts.with_changed(decision.changed)
        slots = dict(self.facts.slots)
        for one in decision.out:
            if not isinstance(one, Message | Amend):
                continue
            self.sent.append(one)
            number = one.message if isinstance(one, Amend) else len(self.sent)
            if isinstance(one, Message) and one.slot is not None:
                slots[number] = one.slot
            self.pressable += [(number, button.data) for row in one.buttons for button in row]
        self.facts = replace(self.facts, slots=slots)


def a_chat(who: ParticipantId, *, stages: int = 1) -> Chat:
    """Give the chat of the student or the trainer of so many stages."""
    other = replace(a_person(STUDENT, name="Milan Bakker"), id=OTHER)
    mine = [a_stage()]
    if stages > 1:
        second = a_stage(id=StageId(2), code="BPV-2026-006", company="Hotel IJzicht")
        mine.append(second if who == STUDENT else replace(second, student=OTHER))
    people = the_people() | {OTHER: other}
    facts = ChatFacts(me=people[who], stages=tuple(mine), people=people, slots={})
    return Chat(facts=facts)


def widened(facts: ChatFacts, event: Event) -> ChatFacts:
    """Give the facts with what an event wants beside them: what the person said in their own stages."""
    wanted = wants(facts, event)
    if wanted is None or not wanted.own:
        return facts
    own = [_material(facts, stage) for stage in facts.stages if stage.student == facts.me.id]
    return replace(facts, materials={material.stage.id: material for material in own})


def _material(facts: ChatFacts, stage: Stage) -> Material:
    check_ins = tuple(c for c in facts.check_ins if c.stage == stage.id)
    ids = {c.id for c in check_ins}
    return Material(
        stage=stage,
        people=facts.people,
        check_ins=check_ins,
        replies=tuple(r for r in facts.replies if r.check_in in ids),
        notes=tuple(n for n in facts.notes if n.stage == stage.id and not n.gone),
        digests=(),
    )


def replaces(facts: ChatFacts, event: Event) -> bool:
    """Tell an event by which somebody takes own words away, or puts others in their place."""
    press = buttons.decode(event.data) if isinstance(event, Pressed) else None
    if press is not None:
        return press.does is Does.OWN_ANSWER and press.parts[2] == "gone"
    expected = facts.expectation
    typing = isinstance(event, Said | Spoke) and expected is not None
    return typing and expected is not None and expected.what is Awaits.NEW_ANSWER


def places_of(text: str, facts: ChatFacts) -> int:
    """Count where a text is kept: in replies and in notes that were not thrown away."""
    return sum(reply.text == text for reply in facts.replies) + sum(
        note.text == text and not note.gone for note in facts.notes
    )


def _waits(chat: Chat, number: int) -> None:
    chat.now += timedelta(minutes=17 * number)


DOINGS: Mapping[str, Callable[[Chat, int, str], Event | None]] = {
    "ask": lambda chat, number, _: chat.ask(number),
    "close": lambda chat, _number, _words: chat.close(),
    "wait": lambda chat, number, _: _waits(chat, number),
    "says": lambda chat, _, words: chat.says(words),
    "replies": lambda chat, number, words: chat.says(words, to=number % (len(chat.sent) + 1)),
    "edits": lambda chat, number, words: chat.edits(number, words),
    "presses": lambda chat, number, _: chat.presses(number),
    "forges": lambda chat, number, _: chat.forges(FORGED[number % len(FORGED)]),
    "speaks": lambda chat, number, _: chat.speaks(to=number % (len(chat.sent) + 1) or None),
    "commands": lambda chat, number, _: chat.commands(number, "tot 12 oktober" if number % 3 else ""),
    "sticker": lambda chat, _number, _words: chat.sends_sticker(),
}

__all__ = ["DOINGS", "SCHOOL", "STUDENT", "TRAINER", "Chat", "Step", "a_chat", "places_of", "widened"]
