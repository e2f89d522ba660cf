"""The page a teacher gets before a meeting (PRODUCT.md, "The digest")."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from conversations.digest.blocks import MARK, Line, blocks, dated, header, quote
from conversations.digest.building import build, late
from conversations.digest.page import Digest
from conversations.facts import Material
from conversations.model import Piece, Role, Run, Say
from conversations.school import School
from conversations.visibility import Shown

__all__ = ["Digest", "addendum", "as_json", "build", "pages"]

Pieces = tuple[Piece, ...]
WORDS = 350  # on the page that is used in the meeting
SIZES = ((200, 3), (150, 3), (110, 3), (80, 2), (50, 2), (30, 1))  # characters of a quote, rows of a block
IN_FULL = 3000


def pages(digest: Digest, words: Callable[[Pieces], int]) -> tuple[Pieces, ...]:
    """Put a digest in words: the page, and where there is any, what only the teacher may know.

    `words` counts the words of rendered pieces; quotes and rows are cut until the page holds 350 at most.
    """
    sizes = (_page(digest, most, rows) for most, rows in SIZES)
    page = next((one for one in sizes if words(one) <= WORDS), _page(digest, *SIZES[-1]))
    return (page, _private(digest.student.first_name, digest.private)) if digest.private else (page,)


def addendum(material: Material, school: School, number: int) -> tuple[Pieces, ...]:
    """Give what came in after the digest went out, 🔒 apart; nothing when nothing came."""
    meeting = next(m for m in material.stage.meetings if m.number == number)
    shared, private = late(material, school, meeting)
    name = material.people[material.stage.student].first_name
    head: Line = (Say(id="digest.addendum", values={"name": name}),)
    told = (_lines([head, *map(_told, shared)]),) if shared else ()
    return (*told, _private(name, private)) if private else told


def as_json(digest: Digest) -> dict[str, Any]:
    """Give the same facts for a program: every text in full, nothing cut."""
    return {
        "stage": digest.stage.code,
        "meeting": digest.meeting.number,
        "at": digest.meeting.at.isoformat(),
        "place": digest.meeting.place.value,
        "week": digest.week,
        "weeks": digest.weeks,
        "student": digest.student.first_name,
        "company": digest.stage.company,
        "answered": {
            role.value: {"answered": count.answered, "asked": count.asked}
            for role, count in digest.counts.items()
        },
        "first": [{"id": say.id, **say.values} for say in digest.first],
        "quotes": [_shown(s) for s in digest.quotes],
        "feelings": [_shown(s) for s in digest.feelings],
        "possibilities": [
            {"id": p.id, "student": p.student, "trainer": p.trainer} for p in digest.possibilities
        ],
        "tasks": [
            {
                "id": t.id,
                "task": t.text,
                "judgement": t.judgement.choices[0] if t.judgement else None,
                "before": t.before,
                "example": t.example,
                "self_view": t.self_view.choices[0] if t.self_view else None,
                "practised": t.practised.choices[0] if t.practised else None,
            }
            for t in digest.tasks
        ],
        "impressions": [_shown(s) for s in digest.impressions],
        "general": _shown(digest.general) if digest.general else None,
        "guidance": {
            name: _shown(shown) if (shown := getattr(digest.guidance, name)) else None
            for name in ("choice", "example", "reason", "helped", "wanted")
        },
        "agenda": [_shown(s) for s in digest.agenda],
        "starters": [{"id": say.id, **say.values} for say in digest.starters],
        "silence": [
            {"role": role.value, "key": key.value, "why": say.id.removeprefix("digest.silence_")}
            for (role, key), say in digest.silence.items()
        ],
        "private": [_shown(s) for s in digest.private],
    }


def _page(digest: Digest, most: int, rows: int) -> Pieces:
    lines: list[Line] = list(header(digest))
    for title, body in blocks(digest, most, rows):
        lines += [(), (replace(title, bold=True),), *body] if body else []
    return _lines(lines)


def _private(name: str, private: Iterable[Shown]) -> Pieces:
    head: list[Line] = [
        (Say(id="digest.private_head", bold=True),),
        (Say(id="digest.private_who", values={"name": name}),),
    ]
    return _lines([*head, *map(_told, private)])


def _told(shown: Shown) -> Line:
    who = Say(id="digest.by_student" if shown.by is Role.STUDENT else "digest.by_trainer")
    asked: Line = (Run(f"{shown.wording}\n"),) if shown.wording else (who, Run("\n"))
    chosen: Line = (Run(f"{', '.join(shown.labels)}. "),) if shown.labels and shown.texts else ()
    return (MARK, *asked, *chosen, quote(shown, IN_FULL), *dated(shown))


def _lines(lines: Iterable[Line]) -> Pieces:
    pieces: list[Piece] = []
    for number, line in enumerate(lines):
        pieces += [Run("\n"), *line] if number else [*line]
    return tuple(pieces)


def _shown(shown: Shown) -> dict[str, Any]:
    return {
        "by": shown.by.value,
        "question": shown.question or None,
        "asked": shown.wording or None,
        "on": shown.on.isoformat(),
        "task": shown.task,
        "choices": list(shown.choices),
        "texts": list(shown.texts),
        "voice_seconds": shown.seconds,
        "late": shown.late,
    }
