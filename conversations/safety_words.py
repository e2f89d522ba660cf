"""The safety net: words that suggest danger (docs/product.md, "When it is serious").

It finds words and understands nothing. Each word of a text is looked up once; only terms of which the most
telling word may be there are looked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

GAP = 2  # other words that may stand between two words of a term, where it has ".."
LEAST = 2  # letters of a word in a term
_START = 3  # letters that terms are looked up by
_END = ""  # what stands for the end of a sentence among the words of a text

_WORD_OR_END = re.compile(r"[a-z0-9]+|[.!?,;:\n]")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_DROPPED = re.compile("['’‘`´]")


class Danger(StrEnum):
    """What words may be about, the most pressing first."""

    DISTRESS = "distress"
    VIOLENCE = "violence"
    DISCRIMINATION = "discrimination"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a term in its spellings; a stem fits whatever letters follow it."""

    whole: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Give all spellings, stems too."""
        return (*self.whole, *self.stems)

    def fits(self, word: str) -> bool:
        """Tell whether a word of a text is this one."""
        return word in self.whole or word.startswith(self.stems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words in a row. `gaps` are those before which others may stand; `ends`: only where a sentence ends."""

    words: tuple[Word, ...]
    gaps: frozenset[int] = frozenset()
    ends: bool = False
    danger: Danger | None = None  # None where it takes away the alarm


@dataclass(frozen=True, slots=True)
class SafetyWords:
    """The terms by the letters that their most telling word begins with."""

    by_start: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, terms: Iterable[Term]) -> SafetyWords:
        """Put terms in an index."""
        index: dict[str, list[Term]] = defaultdict(list)
        for term in terms:
            # The longest: "ik" stands in most texts, and "dood" in few.
            telling = max((word.spellings for word in term.words), key=lambda held: min(map(len, held)))
            for start in {spelling[:_START] for spelling in telling}:
                index[start].append(term)
        return cls({start: tuple(held) for start, held in index.items()})

    def notice(self, text: str) -> Danger | None:
        """Find the most pressing danger that a text's words may be about; None for most texts."""
        words = words_of(text)
        found = [
            (term, at, end)
            for term in self._candidates(words)
            for at in range(len(words))
            if (end := _end_of(term, words, at)) is not None
        ]
        if not found:
            return None
        harmless = {n for term, at, end in found if term.danger is None for n in range(at, end)}
        alarms = {term.danger for term, at, end in found if harmless.isdisjoint(range(at, end))}
        return next((danger for danger in Danger if danger in alarms), None)

    def _candidates(self, words: Sequence[str]) -> list[Term]:
        """Give the terms of which the most telling word may be in a text, each once."""
        # A stem may be shorter than what terms are looked up by.
        starts = {word[:length] for word in words for length in range(LEAST, _START + 1)}
        held = {id(term): term for start in starts for term in self.by_start.get(start, ())}
        return list(held.values())


def words_of(text: str) -> list[str]:
    """Give the words of a text in small letters without accents; an empty one where a sentence ends."""
    found = _WORD_OR_END.findall(folded(text))
    return [word if word[0].isalnum() else _END for word in found] + [_END]


def folded(text: str) -> str:
    """Write a text in small letters, without accents, apostrophes and drawn-out letters ("dooood")."""
    if text.isascii():
        return _DRAWN_OUT.sub(r"\1\1", _DROPPED.sub("", text.lower()))
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf"))
    return _DRAWN_OUT.sub(r"\1\1", _DROPPED.sub("", kept))


def _end_of(term: Term, words: list[str], at: int, nth: int = 0) -> int | None:
    """Give where a term ends that begins at a word, or None where it does not stand there."""
    if not term.words[nth].fits(words[at]):
        return None
    after = at + 1
    if nth + 1 == len(term.words):
        return None if term.ends and words[after] != _END else after
    for _ in range(GAP + 1 if nth + 1 in term.gaps else 1):
        if words[after] == _END:
            return None
        end = _end_of(term, words, after, nth + 1)
        if end is not None:
            return end
        after += 1
    return None
