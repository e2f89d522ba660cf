"""The page a teacher gets before a meeting (docs/product.md, "The digest"), and what comes beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import overload

from conversations.digest.adding import addendum, apart, last
from conversations.digest.blocks import blocks, header
from conversations.digest.building import build
from conversations.digest.data import as_json
from conversations.digest.lines import MARK, Detail, Line, Pieces, Size, joined
from conversations.digest.page import Digest
from conversations.digest.third import third
from conversations.messages import Lane, Message
from conversations.model import ParticipantId

__all__ = ["Digest", "addendum", "as_json", "build", "last", "messages", "pages", "third"]

WORDS = 350  # on the page that is used in the meeting
SIZES = tuple(  # from all there is to what always fits; the order is told in docs/starters.md
    Size(detail=detail, quote=quote, question=question, task=task, rows=rows, tasks=tasks, visit=visit)
    for detail, quote, question, task, rows, tasks, visit in (
        (Detail.ALL, 200, 300, 80, 3, 3, 3),
        (Detail.ALL, 140, 150, 80, 3, 2, 3),
        (Detail.ALL, 100, 90, 80, 3, 1, 3),
        (Detail.MUCH, 110, 80, 80, 2, 1, 2),
        (Detail.LITTLE, 110, 80, 80, 2, 1, 2),
        (Detail.LITTLE, 75, 60, 80, 2, 1, 2),
        (Detail.BARE, 110, 60, 60, 2, 1, 2),
        (Detail.BARE, 75, 60, 60, 2, 1, 1),
        (Detail.BARE, 60, 45, 60, 2, 1, 1),
        (Detail.BARE, 50, 45, 60, 2, 1, 1),
        (Detail.BARE, 50, 40, 60, 2, 0, 1),
        (Detail.BARE, 40, 40, 60, 2, 0, 1),
        (Detail.BARE, 40, 40, 60, 1, 0, 1),
        (Detail.BARE, 30, 30, 40, 1, 0, 1),
        (Detail.BARE, 10, 10, 20, 1, 0, 1),
        (Detail.BARE, 5, 10, 10, 1, 0, 0),
    )
)


@dataclass(frozen=True, slots=True)
class Shorter(Sequence[Pieces]):
    """The page in every size but the fullest, each put in words when it is looked at: few are."""

    digest: Digest

    def __len__(self) -> int:
        return len(SIZES) - 1

    @overload
    def __getitem__(self, number: int) -> Pieces: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Pieces, ...]: ...
    def __getitem__(self, number: int | slice) -> Pieces | tuple[Pieces, ...]:
        """Give the page in one size, or in several."""
        sizes = SIZES[1:][number]
        return _page(self.digest, sizes) if isinstance(sizes, Size) else tuple(map(self._page, sizes))

    def _page(self, size: Size) -> Pieces:
        return _page(self.digest, size)


def messages(digest: Digest, to: ParticipantId) -> tuple[Message, ...]:
    """Give a digest as messages: the page, of which the reader gets the fullest that fits, and 🔒 apart."""
    page, stage = _page(digest, SIZES[0]), digest.stage.id
    shorter = Shorter(digest)
    return (
        Message(to=to, pieces=page, lane=Lane.DIGEST, stage=stage, words=WORDS, shorter=shorter),
        *(Message(to=to, pieces=pieces, lane=Lane.DIGEST, stage=stage) for pieces in _private(digest)),
    )


def pages(digest: Digest, words: Callable[[Pieces], int]) -> tuple[Pieces, ...]:
    """Put a digest in words: the page, and where there is any, what only the teacher may know.

    `words` counts the words of rendered pieces; quotes and rows are cut until the page holds 350 at most.
    """
    sizes = (_page(digest, size) for size in SIZES)
    page = next((one for one in sizes if words(one) <= WORDS), _page(digest, SIZES[-1]))
    return (page, *_private(digest))


def _private(digest: Digest) -> tuple[Pieces, ...]:
    return (apart(digest.student.first_name, digest.private),) if digest.private else ()


def _page(digest: Digest, size: Size) -> Pieces:
    lines: list[Line] = list(header(digest))
    for title, body in blocks(digest, size):
        lines += [(), (replace(title, bold=True),), *body] if body else []
    pieces = joined(lines, "\n")
    return pieces if size.detail > Detail.BARE else tuple(piece for piece in pieces if piece != MARK)
