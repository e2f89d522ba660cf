"""Reads the safety net: words that suggest danger, as a school may edit them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from config.findings import HERE, Faults
from config.reading import Entry, read_toml, validated
from conversations.safety_words import LEAST, Danger, SafetyWords, Term, Word, folded

SHIPPED = HERE / "safety_words.toml"
MOST_TERMS = 500  # a list
MOST_WORDS = 8  # a term

_SPELLING = re.compile(r"[a-z0-9]{2,}\*?|[a-z0-9]")
_GAP = ".."
A_TERM = '1 to 8 words such as "wil .. niet|nie meer leven", in small letters, the first of 2 or more'
A_LIST = "a list of terms"


class WordsTable(Entry):
    """[nl] or [en]: the terms of one language."""

    distress: list[str] = Field(min_length=1, max_length=MOST_TERMS, description=A_LIST)
    violence: list[str] = Field(min_length=1, max_length=MOST_TERMS, description=A_LIST)
    discrimination: list[str] = Field(min_length=1, max_length=MOST_TERMS, description=A_LIST)
    unless: list[str] = Field([], max_length=MOST_TERMS, description=A_LIST)


class WordsFile(Entry):
    """A whole file."""

    nl: WordsTable = Field(description="[nl] with distress, violence and discrimination")
    en: WordsTable = Field(description="[en] with distress, violence and discrimination")


def read_safety_words(own: Path | None, faults: Faults) -> SafetyWords:
    """Read a school's own file where it is there, or else the shipped one; note every term that is wrong."""
    path = own if own is not None and own.exists() else SHIPPED
    at = faults.among(path)
    data = read_toml(path, at)
    table = None if data is None else validated(WordsFile, data, at)
    return SafetyWords.of(_terms(table, at)) if table else SafetyWords()


def _terms(file: WordsFile, faults: Faults) -> Iterator[Term]:
    for language in WordsFile.model_fields:
        table = getattr(file, language)
        for name in WordsTable.model_fields:
            danger = None if name == "unless" else Danger(name)
            for number, text in enumerate(getattr(table, name), start=1):
                term = parse(text, danger)
                if term is None:
                    faults.error(f"{language}.{name}[{number}]", f"is {text[:40]!r}", A_TERM)
                else:
                    yield term


def parse(text: str, danger: Danger | None = None) -> Term | None:
    """Read a term: | between spellings, * after a stem, .. for other words, . where a sentence ends.

    None for what is none.
    """
    ends = text.endswith(".") and not text.endswith(_GAP)
    parts = text.removesuffix(".").split() if ends else text.split()
    words: list[Word] = []
    gaps: set[int] = set()
    for part in parts:
        if part == _GAP:
            gaps.add(len(words))
            continue
        spellings = part.split("|")
        if not all(_SPELLING.fullmatch(one) and folded(one) == one for one in spellings):
            return None
        words.append(
            Word(
                whole=frozenset(one for one in spellings if not one.endswith("*")),
                stems=tuple(one[:-1] for one in spellings if one.endswith("*")),
            )
        )
    if not 1 <= len(words) <= MOST_WORDS or gaps & {0, len(words)}:
        return None
    if any(len(spelling) < LEAST for spelling in words[0].whole):
        return None
    return Term(words=tuple(words), gaps=frozenset(gaps), ends=ends, danger=danger)
