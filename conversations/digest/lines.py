"""Lines of a digest: what somebody said, verbatim and dated, and a row beside another row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from conversations.digest.page import Change
from conversations.messages import Piece, Run, Say
from conversations.visibility import Shown

Line = tuple[Piece, ...]
MARK = Run("• ")
BREAK = Run("\n")
NAME = 40  # characters of a name or a company


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much fits: characters of a quote, its question and a task, lines of a kind, tasks in a line."""

    quote: int
    question: int
    task: int
    rows: int
    tasks: int


def short(text: str, most: int) -> str:
    """Cut a text at a word, with … where something was left out."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    cut = flat[:most].rsplit(" ", maxsplit=1)[0] if " " in flat[:most] else flat[:most]
    return f"{cut.rstrip(' ,;:.')}…"


def in_full(shown: Shown) -> Line:
    """Give everything of an answer: the buttons, and every word or how long somebody spoke."""
    return _answer(shown, [f"“{' / '.join(shown.texts)}”"] if shown.texts else [])


def answer(shown: Shown, most: int) -> Line:
    """Give an answer with at most so many characters of its words."""
    return _answer(shown, [f"“{short(' / '.join(shown.texts), most)}”"] if shown.texts else [])


def _answer(shown: Shown, words: list[str]) -> Line:
    chosen = [", ".join(shown.labels)] if shown.labels else []
    if words or shown.seconds is None:
        return (Run(": ".join([*chosen, *words])),)
    before: Line = (Run(f"{chosen[0]}: "),) if chosen else ()
    return (*before, Say(id="digest.voice", values={"n": str(shown.seconds)}))


def day(when: date) -> Line:
    """Give a day such as 14 sep."""
    return Run(f"{when.day} "), Say(id=f"digest.month_{when.month}")


def weekday(when: date) -> Line:
    """Give a day such as ma 14 sep."""
    return Say(id=f"digest.weekday_{when.weekday()}"), Run(" "), *day(when)


def dated(shown: Shown, beside: Shown | None = None) -> Line:
    """Give the day in brackets, with a mark where it came late; nothing if what stands beside it says so."""
    if beside is not None and (beside.on, beside.late) == (shown.on, shown.late):
        return ()
    late: Line = (Run(", "), Say(id="digest.late")) if shown.late else ()
    return Run(" ("), *day(shown.on), *late, Run(")")


def labelled(text: str, shown: Shown, most: int, values: Mapping[str, str] | None = None) -> Line:
    """Give a short name for the question, and the answer."""
    return Say(id=f"digest.{text}", values=values or {}), Run(" "), *answer(shown, most)


def asked(shown: Shown, size: Size) -> Line:
    """Give the question as it was asked, the answer and the day."""
    question: Line = (Run(short(shown.wording, size.question)), BREAK) if shown.wording else ()
    return (*question, *answer(shown, size.quote), *dated(shown))


def changed(change: Change, most: int) -> Line:
    """Give the answer of now, and that of before where there is one."""
    now, before = change.now, change.before
    if now is None and before is None:
        return (Say(id="digest.nothing"),)
    earlier = (Say(id="digest.before"), Run(" "), *answer(before, most)) if before else ()
    if now is None or before is None:
        return answer(now, most) if now else earlier
    same = not now.texts and now.choices == before.choices
    return (*answer(now, most), Run(" ("), *((Say(id="digest.same"),) if same else earlier), Run(")"))


def joined(lines: Iterable[Line], between: str) -> Line:
    """Put lines one after the other with something between them."""
    pieces: list[Piece] = []
    for number, line in enumerate(lines):
        pieces += [Run(between), *line] if number else [*line]
    return tuple(pieces)
