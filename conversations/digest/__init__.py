"""The page a teacher gets before a meeting (PRODUCT.md, "The digest")."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from conversations.digest.blocks import blocks, header
from conversations.digest.building import build, late
from conversations.digest.data import as_json
from conversations.digest.lines import BREAK, MARK, Line, Size, dated, in_full, joined
from conversations.digest.page import Digest
from conversations.facts import Material
from conversations.messages import Piece, Run, Say
from conversations.model import Role
from conversations.school import School
from conversations.visibility import Shown

__all__ = ["Digest", "addendum", "as_json", "build", "pages"]

Pieces = tuple[Piece, ...]
WORDS = 350  # on the page that is used in the meeting
SIZES = tuple(
    Size(quote=quote, question=question, task=task, rows=rows, tasks=tasks)
    for quote, question, task, rows, tasks in (
        *((200, 300, 80, 3, 3), (160, 200, 80, 3, 2), (130, 150, 80, 3, 1), (110, 100, 80, 3, 1)),
        *((95, 80, 80, 2, 1), (80, 60, 80, 2, 0), (65, 60, 80, 2, 0), (55, 50, 60, 2, 0)),
        *((50, 45, 60, 2, 0), (45, 40, 60, 2, 0), (40, 40, 60, 1, 0), (35, 40, 60, 1, 0)),
        *((30, 30, 40, 1, 0), (20, 30, 40, 1, 0), (10, 20, 20, 1, 0), (5, 10, 10, 1, 0)),
    )
)


def pages(digest: Digest, words: Callable[[Pieces], int]) -> tuple[Pieces, ...]:
    """Put a digest in words: the page, and where there is any, what only the teacher may know.

    `words` counts the words of rendered pieces; quotes and rows are cut until the page holds 350 at most.
    """
    sizes = (_page(digest, size) for size in SIZES)
    page = next((one for one in sizes if words(one) <= WORDS), _page(digest, SIZES[-1]))
    return (page, _private(digest.student.first_name, digest.private)) if digest.private else (page,)


def addendum(material: Material, school: School, number: int) -> tuple[Pieces, ...]:
    """Give what came in after the digest went out, 🔒 apart; nothing when nothing came."""
    meeting = next(m for m in material.stage.meetings if m.number == number)
    shared, private = late(material, school, meeting)
    name = material.people[material.stage.student].first_name
    head: Line = (Say(id="digest.addendum", values={"name": name}, bold=True),)
    told = (joined([head, *(_told(material, s) for s in shared)], "\n"),) if shared else ()
    return (*told, _private(name, private)) if private else told


def _page(digest: Digest, size: Size) -> Pieces:
    lines: list[Line] = list(header(digest))
    for title, body in blocks(digest, size):
        lines += [(), (replace(title, bold=True),), *body] if body else []
    return joined(lines, "\n")


def _private(name: str, private: Iterable[Shown]) -> Pieces:
    head: Line = (Say(id="digest.private_head", values={"name": name}, bold=True),)
    questions = ((s, Run(s.wording) if s.wording else Say(id="digest.unasked")) for s in private)
    return joined([head, *((MARK, asked, *_answer(shown)) for shown, asked in questions)], "\n")


def _told(material: Material, shown: Shown) -> Line:
    """Give one answer in full, with who gave it and the question as it was asked."""
    student = shown.by is Role.STUDENT
    name = material.people[material.stage.student].first_name
    if not shown.wording:
        who = name if student else material.people[material.stage.trainer].name
        return (MARK, Say(id="digest.wants", values={"name": who}), *_answer(shown))
    by: Piece = Run(name) if student else Say(id="digest.trainer_first")
    return (MARK, by, Run(f": {shown.wording}"), *_answer(shown))


def _answer(shown: Shown) -> Line:
    return (BREAK, *in_full(shown), *dated(shown))
