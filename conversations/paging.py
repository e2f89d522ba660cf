"""Cuts a rendered text into messages that fit, with what is bold in it."""

from __future__ import annotations

from itertools import pairwise

LIMIT = 4096  # UTF-16 code units: the narrowest channel we speak through (Bot API: sendMessage)
Span = tuple[int, int]  # start and length in characters
BREAKS = ("\n\n", "\n", " ")


def split(text: str, bold: list[Span], limit: int = LIMIT) -> list[tuple[str, list[Span]]]:
    """Cut at paragraphs, else lines, else words, never inside a character; spans stay where they were."""
    cuts = [0]
    while _units(text[cuts[-1] :]) > limit:
        cuts.append(cuts[-1] + _cut(text[cuts[-1] :], limit))
    pages = [_page(text, bold, begin, end) for begin, end in pairwise([*cuts, len(text)])]
    return [page for page in pages if page[0]] or [("", [])]


def _cut(text: str, limit: int) -> int:
    """Give the place to cut: after the last break that fits, or where the limit falls."""
    most = _fitting(text, limit)
    for mark in BREAKS:
        at = text.rfind(mark, 0, most)
        if at > most // 2:
            return at + len(mark)
    return most


def _fitting(text: str, limit: int) -> int:
    units = 0
    for place, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > limit:
            return place
    return len(text)


def _page(text: str, bold: list[Span], begin: int, end: int) -> tuple[str, list[Span]]:
    piece = text[begin:end].rstrip()
    lead = len(piece) - len(piece.lstrip("\n"))
    first, last = begin + lead, begin + len(piece)
    spans = [
        (max(start, first) - first, min(start + length, last) - max(start, first))
        for start, length in bold
        if start < last and start + length > first
    ]
    return piece[lead:], spans


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
