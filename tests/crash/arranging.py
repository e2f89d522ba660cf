"""Teachers and trainers who arrange something in several steps, and try again where nothing happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from bot.simulator.phone import Phone
from conversations.buttons import Does, base36
from conversations.dossier import Urgency
from conversations.model import ParticipantId, Stage
from conversations.signals.bell import NOT_NEEDED
from tests.crash.child import SCHOOL
from tests.crash.game import Game, find_button, until

MEETING = "1"
MOVED_TO = "8 oktober 10:00"
MOVED = datetime(2026, 10, 8, 10, tzinfo=SCHOOL.calendar.zone)
PATIENCE = 3.0  # seconds after which somebody taps again
LONG = 20.0  # seconds after which somebody goes on with something else
LATER = timedelta(seconds=61)  # after which the bot sends once more what may not have arrived
Came = Callable[[], bool]


@dataclass(slots=True)
class Arranged:
    """What people arranged, to be found again: each once."""

    held: set[str] = field(default_factory=set)  # stages
    agreements: dict[str, list[str]] = field(default_factory=dict)  # by stage
    moved: set[str] = field(default_factory=set)  # stages
    lines: dict[str, str] = field(default_factory=dict)  # with the bell, by stage
    updates: int = 0


class Arranging:
    """Everybody at their own phone, at the same time; each does one thing after the other."""

    def __init__(self, played: Game, stages: list[Stage], chats: dict[ParticipantId, int]) -> None:
        self.done = Arranged()
        self._game = played
        self._people = {person.phone.user_id: person for person in played.crowd.people}
        self._stages = stages
        self._chats = chats
        self._marks: Iterator[int] = count()

    async def run(self) -> None:
        """Let everybody arrange all they have to; game time passes meanwhile."""
        teachers = {stage.teacher for stage in self._stages}
        passing = asyncio.create_task(self._pass())
        async with asyncio.timeout(600), asyncio.TaskGroup() as everybody:
            for teacher in teachers:
                everybody.create_task(self._tell([s for s in self._stages if s.teacher == teacher]))
            for trainer, stage in {stage.trainer: stage for stage in self._stages}.items():
                everybody.create_task(self._ring(self._phone(trainer), stage))
        passing.cancel()
        with suppress(asyncio.CancelledError):
            await passing

    # ---- what they do ------------------------------------------------------------------------------------

    async def _tell(self, stages: list[Stage]) -> None:
        """As a teacher: say which meetings were held and what was agreed there, and move the last one."""
        *held, moved = sorted(stages, key=lambda stage: stage.code)
        phone = self._phone(moved.teacher)
        for stage in held:
            await self._held(phone, stage)
        await self._move(phone, moved)

    async def _held(self, phone: Phone, stage: Stage) -> None:
        here = (base36(stage.id), MEETING)
        await self._tap(phone, (*here, "held"), _button(phone, *here, "ready"))
        self.done.held.add(stage.code)
        if not await self._tap(phone, (*here, "ready"), _button(phone, *here, "done")):
            return
        agreed = self.done.agreements[stage.code] = []
        for _ in range(2):
            mark = self._mark()
            agreed.append(f"Afgesproken {mark}")
            await self._type(phone, agreed[-1], _message(phone, mark))
        await self._tap(phone, (*here, "done"), _message(phone, "bewaard en verstuurd"))

    async def _move(self, phone: Phone, stage: Stage) -> None:
        if await self._tap(phone, (base36(stage.id), MEETING, "move"), _message(phone, "Typ de dag")):
            self.done.moved.add(stage.code)
            await self._type(phone, MOVED_TO, _message(phone, "donderdag 8 oktober om 10:00"))

    async def _ring(self, phone: Phone, stage: Stage) -> None:
        """As a trainer: ring the bell for one student, and say in a line what it is about."""
        here = base36(stage.id)
        await self._type(phone, "/overleg", _button(phone, here, does=Does.BELL))
        urgent = _button(phone, here, "today", does=Does.BELL)
        await self._tap(phone, (here,), urgent, Does.BELL)
        asked = _button(phone, here, NOT_NEEDED, does=Does.BELL)
        if await self._tap(phone, (here, Urgency.TODAY), asked, Does.BELL):
            self.done.lines[stage.code] = line = f"Bel mij even {self._mark()}"
            await self._type(phone, line, _message(phone, "zin erbij"))

    # ---- how they do it -----------------------------------------------------------------------------------

    async def _tap(self, phone: Phone, parts: tuple[str, ...], came: Came, does: Does = Does.MEETING) -> bool:
        """Tap a button five times, and again while it is there and nothing comes; say whether it came."""
        await _wait(lambda: find_button(phone, does, *parts) is not None, LONG)
        while (found := find_button(phone, does, *parts)) is not None and not came():
            for _ in range(5):
                phone.press(*found)
                self.done.updates += 1
            await _wait(came, PATIENCE)
        return await _wait(came, LONG)

    async def _type(self, phone: Phone, text: str, came: Came) -> None:
        """Write something, once: that it was read may not be told, where the bot dies at it twice."""
        phone.text(text)
        self.done.updates += 1
        await _wait(came, LONG)

    async def _pass(self) -> None:
        """Let a minute pass every now and then, for what the bot sends once more."""
        while True:
            await asyncio.sleep(PATIENCE / 2)
            self._game.clock.jump(self._game.clock() + LATER)

    def _phone(self, who: ParticipantId) -> Phone:
        return self._people[self._chats[who]].phone

    def _mark(self) -> str:
        return f"#{next(self._marks)}#"


def _button(phone: Phone, *parts: str, does: Does = Does.MEETING) -> Came:
    return lambda: find_button(phone, does, *parts) is not None


def _message(phone: Phone, words: str) -> Came:
    """Wait for a message of the bot that is not there yet."""
    before = len(phone.messages)
    return lambda: any(words in m["text"] for m in phone.messages[before:] if m["from"] == "bot")


async def _wait(happened: Came, seconds: float) -> bool:
    with suppress(TimeoutError):
        await until(happened, seconds)
    return happened()
