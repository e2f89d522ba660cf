"""Reads a dialogue file: a header, then moments, what people do, and what the bot says.

    # K1a: what must hold, with the promises it shows
    stage: BPV-2026-001              one or more rows of the sample roster; other columns may be given too
    first: student/safety           the question set that is put before others
    begins: maandag 14 september 08:00   where not on the first day
    joined: student, trainer         who has joined before it starts

    dinsdag 8 september 16:30        the clock jumps there, through everything on the way
    bot>student      a message, whole; "…" at the end leaves the rest open; [Buttons] where they matter
    student<         a typed text             student&           another one in the same breath
    student~         changes the last text    student~"first"    changes an earlier text
    student^"first"  swipes to an earlier message of the bot and types an answer
    student[Ja]      presses a button         student["first": Ja]  below an earlier message, now or once
    student /vragen  gives a command          student(voice 7s)  or (sticker), (START), (link), (vanishes)
    coordinator(file rooster.csv: stage=BPV-2026-001, BPV-2026-002; gesprek_1=2026-09-28 10:00)
                     sends a file: rows of the sample roster, and columns with another value
    bot toast>student   what pops up          bot edits>student  a message that gets another text
    bot buttons>student other buttons below a message; need not be told
    export> week 1   all lines of the export about an occasion

People are called student, trainer and teacher (of the first stage), coordinator, stranger, or by first name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class How(StrEnum):
    """What a line of a dialogue is."""

    MOMENT = "moment"
    TYPES = "<"
    TYPES_ON = "&"
    EDITS = "~"
    REPLIES = "^"
    PRESSES = "["
    DOES = "("
    BOT_SAYS = "bot"
    BOT_TOASTS = "bot toast"
    BOT_EDITS = "bot edits"
    BOT_BUTTONS = "bot buttons"
    EXPORT = "export"


BY_BOT = frozenset({How.BOT_SAYS, How.BOT_TOASTS, How.BOT_EDITS, How.BOT_BUTTONS})

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
INDENT = " " * 13

_MOMENT = re.compile(rf"({'|'.join(DAYS)}) (\d+) ({'|'.join(MONTHS)}) (\d\d):(\d\d)")
_HEADER = re.compile(r"([a-z_0-9]+): +(.+)")
_BOT = re.compile(r"(bot(?: toast| edits| buttons)?)> ?(\w+)\s+(.*)", re.DOTALL)
_TYPES = re.compile(r"(\w+)(<|&|~|\^)(?:\"([^\"]*)\")?\s+(.*)", re.DOTALL)
_PRESSES = re.compile(r"(\w+)\[(?:\"([^\"]*)\": )?(.+)\](?: × (\d+))?")
_DOES = re.compile(r"(\w+)\((.+)\)")
_COMMAND = re.compile(r"(\w+) (/.*)", re.DOTALL)
_BUTTONS = re.compile(r"(?:\s*\[[^\[\]]+\])+$")
_MANY = re.compile(r"\{(.+) × (\d+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing in a dialogue. `raw` are its lines as they stand in the file, with what precedes them."""

    raw: str
    how: How
    who: str = ""
    words: str = ""
    about: str = ""  # how an earlier message begins
    buttons: tuple[str, ...] | None = None  # None where the file does not tell
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A dialogue file that was read."""

    text: str
    header: dict[str, str]
    head: str
    entries: tuple[Entry, ...]


def read(file: Path) -> Script:
    """Read a dialogue; raise ValueError with file and line for a line that can't be understood."""
    text = file.read_text(encoding="utf-8")
    header: dict[str, str] = {}
    chunks: list[str] = []
    loose = ""
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if line.startswith("#") or not line.strip():
            loose += line
        elif line[0].isspace() and chunks:
            chunks[-1] += loose + line
            loose = ""
        elif not chunks and not _MOMENT.fullmatch(line.rstrip()):
            found = _HEADER.fullmatch(line.strip())
            if found is None:
                raise ValueError(f"{file.name}:{number}: not a header and not a moment: {line.rstrip()}")
            header[found[1]] = found[2]
            loose += line
        else:
            chunks.append(loose + line)
            loose = ""
    head = chunks[0][: chunks[0].rindex("\n", 0, -1) + 1] if chunks else text
    chunks[0] = chunks[0][len(head) :]
    return Script(text=text, header=header, head=head, entries=tuple(_entry(file, chunk) for chunk in chunks))


def split_buttons(text: str) -> tuple[str, tuple[str, ...] | None]:
    """Take the labels in brackets from the end of a message."""
    found = _BUTTONS.search(text)
    if found is None:
        return text, None
    return text[: found.start()].rstrip(), tuple(re.findall(r"\[([^\[\]]+)\]", found[0]))


def _entry(file: Path, raw: str) -> Entry:
    text = _unindented(raw)
    if _MOMENT.fullmatch(text):
        return Entry(raw=raw, how=How.MOMENT, words=text)
    if text.startswith("export> "):
        return Entry(raw=raw, how=How.EXPORT, words=text.removeprefix("export> "))
    if found := _BOT.fullmatch(text):
        words, buttons = split_buttons(found[3])
        return Entry(raw=raw, how=How(found[1]), who=found[2], words=_filled(words), buttons=buttons)
    if found := _TYPES.fullmatch(text):
        about, words = found[3] or "", _filled(found[4])
        return Entry(raw=raw, how=How(found[2]), who=found[1], about=about, words=words)
    if found := _PRESSES.fullmatch(text):
        times = int(found[4] or 1)
        return Entry(
            raw=raw, how=How.PRESSES, who=found[1], about=found[2] or "", words=found[3], times=times
        )
    if found := _COMMAND.fullmatch(text):
        return Entry(raw=raw, how=How.TYPES, who=found[1], words=found[2])
    if found := _DOES.fullmatch(text):
        return Entry(raw=raw, how=How.DOES, who=found[1], words=found[2])
    raise ValueError(f"{file.name}: not understood: {text}")


def _unindented(raw: str) -> str:
    lines = [line.strip() for line in raw.splitlines() if not line.startswith("#")]
    return "\n".join(lines).strip()


def _filled(text: str) -> str:
    """Write out "{😀 × 4096}"."""
    return _MANY.sub(lambda found: found[1] * int(found[2]), text)
