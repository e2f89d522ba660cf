"""Plays a dialogue on the real road: real simulator over HTTP, a real database, a clock that jumps."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path

from bot.cli.playing import Play, playing
from bot.services import exporting
from bot.simulator.phone import Phone
from tests.databases import elsewhere
from tests.dialogues.comparing import told
from tests.dialogues.scenery import STRANGER, names, write_roster, write_school
from tests.dialogues.script import BY_BOT, DAYS, MONTHS, Entry, How, Script
from tests.dialogues.watching import Watch

TO_THINK = timedelta(seconds=20)  # before somebody does something
BREATH = timedelta(seconds=2)  # between two texts sent in the same breath


@asynccontextmanager
async def theatre(script: Script, folder: Path) -> AsyncIterator[Theatre]:
    """Open a world with the stages of a dialogue, and let in who has joined before it starts."""
    file = folder / "rooster.csv"
    write_roster(file, script.header)
    school = write_school(folder, script.header.get("first"))
    with elsewhere() as urls:
        async with playing(file, school_file=school, urls=urls) as play:
            yield await _opened(play, script)


async def _opened(play: Play, script: Script) -> Theatre:
    play.world.person(STRANGER, "Onbekende")
    opened = Theatre(play=play, names=await names(play), watch=Watch(play.clock))
    if "begins" in script.header:
        await play.jump(opened.moment(script.header["begins"]))
    for who in filter(None, re.split(r",\s*", script.header.get("joined", ""))):
        await opened.join(who)
    play.world.listeners.append(opened.watch.see)
    return opened


@dataclass(slots=True)
class Theatre:
    """The stages of a dialogue with its people; `names` gives the chat of everyone."""

    play: Play
    names: dict[str, int]
    watch: Watch
    _presses: list[tuple[Phone, str]] = field(default_factory=list)
    _own: dict[int, dict[int, str]] = field(default_factory=dict)  # chat -> own message -> its text at first

    async def join(self, who: str) -> None:
        """Let somebody join by the link they were given."""
        phone = self.phone(who)
        phone.start(self._code(who))
        await self.play.rest()
        phone.press(phone.messages[-1]["message_id"], phone.messages[-1]["buttons"][0][0]["data"])
        await self.play.rest()

    async def perform(self, script: Script) -> str:
        """Play a dialogue to its end and write it down as it really went."""
        went = [script.head]
        entries = list(script.entries)
        while entries:
            acts = self._next_acts(entries)
            expected = list(takewhile(lambda entry: entry.how in BY_BOT, entries))
            del entries[: len(expected)]
            try:
                result = await self._carry_out(acts)
            except LookupError as error:
                return "".join([*went, *(act.raw for act in acts), f"!! {error.args[0]}\n"])
            called = {chat: self._called(chat, expected) for chat in self.names.values()}
            went += [result, told(expected, self.watch.take(), self._local_now(), called)]
        return "".join(went)

    def phone(self, who: str) -> Phone:
        """Give somebody's phone."""
        if who not in self.names:
            raise LookupError(f"nobody is called {who}")
        return self.play.world.phone(self.names[who])

    def _next_acts(self, entries: list[Entry]) -> list[Entry]:
        """Take a moment, or what somebody does with what follows in the same breath."""
        acts = [entries.pop(0)]
        while entries and entries[0].how is How.TYPES_ON:
            acts.append(entries.pop(0))
        return acts

    async def _carry_out(self, acts: Sequence[Entry]) -> str:
        if acts[0].how is How.EXPORT:
            return await self._exported(acts[0])
        if acts[0].how is How.MOMENT:
            await self.play.jump(self.moment(acts[0].words))
        else:
            self.play.clock.jump(self.play.clock() + TO_THINK)
            for act in acts:
                self._act(act)
                self.play.clock.jump(self.play.clock() + BREATH * (len(acts) > 1))
            await self.play.rest()
        for phone, press in self._presses:
            answer = phone.callback_answer(press)
            if answer is None:
                raise LookupError("a press was not acknowledged")
            if answer.get("text"):
                self.watch.toast(phone.user_id, answer["text"])
        self._presses.clear()
        return "".join(act.raw for act in acts)

    def _act(self, act: Entry) -> None:
        phone = self.phone(act.who)
        match act.how:
            case How.TYPES | How.TYPES_ON:
                self._keep(phone, phone.text(act.words), act.words)
            case How.EDITS:
                phone.edit(self._own_message(phone, act.about), act.words)
            case How.REPLIES if found := re.fullmatch(r"\(voice (\d+)s\)", act.words):
                phone.voice(int(found[1]), self.watch.message(phone.user_id, act.about))
            case How.REPLIES:
                number = self.watch.message(phone.user_id, act.about)
                self._keep(phone, phone.text(act.words, number), act.words)
            case How.PRESSES:
                number, data = self.watch.button(phone.user_id, act.words, act.about)
                self._presses += [(phone, phone.press(number, data)) for _ in range(act.times)]
            case _:
                self._do(phone, act)

    def _do(self, phone: Phone, act: Entry) -> None:
        what, _, more = act.words.partition(" ")
        match what:
            case "voice":
                phone.voice(int(more.rstrip("s")))
            case "sticker":
                phone.sticker()
            case "photo":
                phone.photo()
            case "file":
                name, _, columns = more.partition(": ")
                phone.document(name, self._file(columns))
            case "START":
                phone.start(None)
            case "link":
                phone.start(self._code(more.removeprefix("of ")) if more in self._links() else more)
            case "blocks":
                phone.block()
            case "returns":
                phone.unblock()
            case "vanishes":
                phone.deactivate()
            case _:
                raise LookupError(f"nobody can do ({act.words})")

    def _file(self, columns: str) -> bytes:
        """Make a roster as a dialogue describes it; where it describes none, a file that is no roster."""
        if not columns:
            return b"%PDF"
        file = self.play.folder / "sent.csv"
        write_roster(file, dict(column.split("=", 1) for column in columns.split("; ")))
        return file.read_bytes()

    def _keep(self, phone: Phone, number: int, text: str) -> None:
        self._own.setdefault(phone.user_id, {})[number] = text

    def _own_message(self, phone: Phone, about: str) -> int:
        mine = [n for n, text in self._own.get(phone.user_id, {}).items() if text.startswith(about)]
        if not mine:
            raise LookupError(f'no own message that begins with "{about}"')
        return mine[-1]

    def _links(self) -> set[str]:
        return {f"of {who}" for who in self.names}

    def _code(self, who: str) -> str:
        codes = {self.play.chat_of(one.participant.id): one.code for one in self.play.people}
        code = codes.get(self.names[who])
        if code is None:
            raise LookupError(f"{who} has no link")
        return code

    def _called(self, chat: int, expected: Sequence[Entry]) -> str:
        """Give the name under which a dialogue knows a chat, preferring the one it just used."""
        mine = [who for who, number in self.names.items() if number == chat]
        return next((entry.who for entry in expected if entry.who in mine), mine[0])

    def _local_now(self) -> datetime:
        return self.play.clock().astimezone(self.play.school.calendar.zone)

    def moment(self, words: str) -> datetime:
        """Give the next moment that is written so."""
        weekday, day, month, wall = words.split(" ")
        hour, minute = wall.split(":")
        now = self._local_now()
        wanted = now.replace(
            month=MONTHS.index(month) + 1,
            day=int(day),
            hour=int(hour),
            minute=int(minute),
            second=0,
            microsecond=0,
        )
        if wanted < now:
            wanted = wanted.replace(year=now.year + 1)
        if DAYS[wanted.weekday()] != weekday:
            raise LookupError(f"{wanted:%d-%m-%Y} is not a {weekday}")
        return wanted

    async def _exported(self, act: Entry) -> str:
        occasion = act.words.splitlines()[0]
        lines = [
            _export_line(line)
            async for line in exporting.lines(self.play.db, self.play.school, None)
            if line["occasion"] == occasion
        ]
        got = "\n".join([occasion, *lines])
        return act.raw if got == act.words else f"export> {got.replace(chr(10), chr(10) + ' ' * 8)}\n"


def _export_line(line: exporting.Line) -> str:
    what = " ".join(str(line[part]) for part in ("role", "question") if line[part])
    why = f" ({line['reason']})" if line["reason"] else ""
    shared = " 💬" if line["share"] == "meeting" else ""
    reply = f"{shared} {json.dumps(line['reply'], ensure_ascii=False)}" if line["reply"] else ""
    return f"{what}: {line['status']}{why}{reply}"
