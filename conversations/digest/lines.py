"""Lines of a digest: what somebody said, verbatim and dated, and a row beside another row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from conversations.coverage import SAID, State
from conversations.digest.page import Change, Digest
from conversations.messages import Piece, Run, Say
from conversations.model import Role
from conversations.question_set import COVER_MARKS, Cover, covers
from conversations.visibility import Shown

Line = tuple[Piece, ...]
Pieces = tuple[Piece, ...]
MARK = Run("• ")
BREAK = Run("\n")
NAME = 40  # characters of a name or a company


class Detail(IntEnum):
    """How much of what matters less a page still holds."""

    BARE = 0
    LITTLE = 1
    MUCH = 2
    ALL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much fits: characters of a quote, its question and a task; lines of a kind, tasks in a line.

    A page with less detail leaves out what matters least, so that what it does quote still says something.
    """

    quote: int
    question: int
    task: int
    rows: int
    tasks: int
    visit: int  # lines on what to look at
    detail: Detail


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
    if states := covers(shown.choices):
        said: Line = (Run(f": {words[0]}"),) if words else ()
        return (*_listed(states, shown.labels), *said)
    chosen = [", ".join(shown.labels)] if shown.labels else []
    if words or shown.seconds is None:
        return (Run(": ".join([*chosen, *words])),)
    before: Line = (Run(f"{chosen[0]}: "),) if chosen else ()
    return (*before, Say(id="digest.voice", values={"n": str(shown.seconds)}))


def _listed(states: Mapping[str, Cover], labels: Sequence[str]) -> Line:
    """Give a list of tasks in words: "Met hulp: een draaiboek maken · Nog niet: gasten ontvangen"."""
    names: dict[Cover, list[str]] = {}
    for state, label in zip(states.values(), labels, strict=False):
        names.setdefault(state, []).append(label.removeprefix(COVER_MARKS[state]).strip())
    rows: list[Line] = [
        (Say(id=f"digest.state_{state.value}"), Run(f": {', '.join(names[state])}"))
        for state in (Cover(one) for one in State if one in SAID)
        if state in names
    ]
    return joined(rows, " · ")


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
    return Run(" ("), *day(shown.on), *marks(shown), Run(")")


def marks(shown: Shown) -> Line:
    """Say that an answer came late, or from a trainer who was replaced since."""
    late: Line = (Run(", "), Say(id="digest.late")) if shown.late else ()
    return (*late, Run(", "), Say(id="digest.former")) if shown.former else late


def by_former(shown: Shown) -> Line:
    """Say below an answer without a day that it came from a trainer who was replaced since."""
    return (Run(" ("), Say(id="digest.former"), Run(")")) if shown.former else ()


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
    last = (Say(id="digest.before"), Run(" "), *answer(before, most)) if before else ()
    if now is None or before is None:
        return (
            (*answer(now, most), *by_former(now)) if now else (*last, *(by_former(before) if before else ()))
        )
    same = not now.texts and now.choices == before.choices and now.former is before.former
    earlier = (Say(id="digest.same"),) if same else last
    return (*answer(now, most), *by_former(now), Run(" ("), *earlier, Run(")"))


def joined(lines: Iterable[Line], between: str) -> Line:
    """Put lines one after the other with something between them."""
    pieces: list[Piece] = []
    for number, line in enumerate(lines):
        pieces += [Run(between), *line] if number else [*line]
    return tuple(pieces)


def who(page: Digest, role: Role, *, first: bool = False) -> Piece:
    """Name somebody in a line, or as its first word."""
    if role is Role.STUDENT:
        return Run(page.student.first_name)
    return Say(id="digest.trainer_first" if first else "digest.trainer")


def named(tasks: Sequence[str], most: int) -> Line:
    """Give the names of tasks in brackets, at most so many, and how many more there are."""
    rest: list[Line] = [(more(len(tasks) - most),)] if len(tasks) > most else []
    return (
        (Run(" ("), *joined([*((Run(task),) for task in tasks[:most]), *rest], "; "), Run(")"))
        if most
        else ()
    )


def more(number: int) -> Say:
    """Say how many more there are than fit."""
    return Say(id="digest.more", values={"n": str(number)})
