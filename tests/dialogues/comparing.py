"""Puts what the bot did beside what a dialogue says, and writes down what really happened."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tests.dialogues.script import DAYS, INDENT, MONTHS, Entry, How
from tests.dialogues.watching import Shown

WIDE = 115  # characters of a line


def told(expected: Sequence[Entry], shown: Sequence[Shown], now: datetime, names: Mapping[int, str]) -> str:
    """Write what happened in a step: as the file has it where that is right, and as it was where not."""
    waiting = list(shown)
    lines: list[str] = []
    for entry in expected:
        found = _take(waiting, entry, names)
        if found is None:
            continue
        early = found.at.replace(second=0, microsecond=0) != now.replace(second=0, microsecond=0)
        right = _matches(entry, found) and not early
        lines.append(entry.raw if right else written(found, now, names[found.chat]))
    rest = (one for one in waiting if one.how is not How.BOT_BUTTONS)
    return "".join([*lines, *(written(one, now, names[one.chat]) for one in rest)])


def written(one: Shown, now: datetime, who: str) -> str:
    """Write something the bot did as a dialogue would."""
    head = f"{one.how.value}>{who}".ljust(len(INDENT) - 1) + " "
    if abs((one.at - now).total_seconds()) >= 60:
        head = f"({moment(one.at.astimezone(now.tzinfo))})\n" + head
    text = one.text.replace("\n", f"\n{INDENT}")
    if one.how is How.BOT_BUTTONS:
        text, below = "", _labels(one, " ") or "[]"
    else:
        below = f"\n{INDENT}{_labels(one, ' ')}"
        below = below if len(below) <= WIDE else f"\n{INDENT}{_labels(one, f'{chr(10)}{INDENT}')}"
    lines = (head + text + below).rstrip().split("\n")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def moment(local: datetime) -> str:
    """Write a moment as a dialogue does."""
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local:%H:%M}"


def difference(expected: str, got: str) -> str:
    """Show where what happened differs from what a dialogue says; empty where it does not."""
    lines = difflib.unified_diff(
        expected.splitlines(), got.splitlines(), "the dialogue", "what happened", lineterm="", n=4
    )
    return "\n".join(lines)


def _labels(one: Shown, between: str) -> str:
    return between.join(" ".join(f"[{label}]" for label in row) for row in one.rows)


def _take(waiting: list[Shown], entry: Entry, names: Mapping[int, str]) -> Shown | None:
    """Take the next of the same kind for the same person; of changed buttons the next that fits."""
    for one in _same_kind(waiting, entry, names):
        if entry.how is not How.BOT_BUTTONS or _matches(entry, one):
            waiting.remove(one)
            return one
    return None


def _same_kind(waiting: Sequence[Shown], entry: Entry, names: Mapping[int, str]) -> Iterable[Shown]:
    return (one for one in waiting if one.how is entry.how and names[one.chat] == entry.who)


def _matches(entry: Entry, one: Shown) -> bool:
    if entry.buttons is not None and entry.buttons != one.labels:
        return False
    if one.how is How.BOT_BUTTONS:
        return entry.buttons is not None or not one.labels
    actual = "\n".join(line.strip() for line in one.text.split("\n"))
    if entry.words.endswith("…") and actual.startswith(entry.words[:-1].rstrip()):
        return True
    return entry.words == actual
