"""Wordings in every language, and what makes them easy to read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Annotated

from pydantic import AfterValidator, Field

from config.findings import Faults
from config.reading import Entry, unknown, wrong
from conversations.model import Wording

LONGEST_QUESTION = 300  # characters
LONGEST_LABEL = 30
MOST_SENTENCES = 2
MOST_WORDS = 15  # in a Dutch sentence

_PLACE = re.compile(r"\{([a-z_0-9]+)\}")
_BRACE = re.compile(r"[{}]")
_SENTENCE_END = re.compile(r"[.?!…]+[\"”’)]*(?:\s+|$)")
_INFORMAL = re.compile(r"\b(?:je|jij|jou|jouw)\b", re.IGNORECASE)
_FORMAL = re.compile(r"\b(?:u|uw)\b", re.IGNORECASE)


def _is_text(text: str) -> str:
    if not text.strip():
        raise wrong("is empty", "a text")
    if any(unicodedata.category(c) == "Cc" and c != "\n" for c in text):
        raise wrong("has a control character", "plain text")
    return text


Words = Annotated[str, AfterValidator(_is_text)]


class WordingTable(Entry):
    """One sentence per language, as `text.nl`, `text.nl_u` and `text.en`."""

    nl: Words = Field(description="the Dutch text")
    en: Words = Field(description="the English text")
    nl_u: Words | None = Field(None, description="the Dutch text with u")

    def wording(self) -> Wording:
        """Give the wording as the program uses it."""
        return Wording(nl=self.nl, en=self.en, nl_u=self.nl_u)


def forms(wording: Wording) -> dict[str, str]:
    """Give the texts of a wording by the name of the form they are in."""
    found = {"nl": wording.nl, "nl_u": wording.nl_u, "en": wording.en}
    return {form: text for form, text in found.items() if text is not None}


def places(text: str) -> frozenset[str]:
    """Name the {places} in a text."""
    return frozenset(_PLACE.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in a text's places; braces in a value stay as they are."""
    return _PLACE.sub(lambda place: values[place.group(1)], text)


def check_places(
    wording: Wording, where: str, faults: Faults, allowed: AbstractSet[str] | None = None
) -> None:
    """Check that the {places} are known and equal in every language; None allows any."""
    texts = forms(wording)
    for form, text in texts.items():
        if _BRACE.search(_PLACE.sub("", text)):
            faults.error(f"{where}.{form}", "has half a place", "places such as {voornaam}")
    strange = {
        (form, p)
        for form, text in texts.items()
        for p in places(text)
        if p not in ({p} if allowed is None else allowed)
    }
    for form, place in sorted(strange):
        faults.error(f"{where}.{form}", *unknown(f"has the unknown place {{{place}}}", place, allowed or ()))
    first = _listed(places(wording.nl))
    for form, text in texts.items():
        if not strange and _listed(places(text)) != first:
            faults.error(
                f"{where}.{form}", f"has the places {_listed(places(text))}", f"those of nl: {first}"
            )


def check_label(wording: Wording, where: str, faults: Faults) -> None:
    """Check that a label fits on a button."""
    for form, text in forms(wording).items():
        if len(text) > LONGEST_LABEL:
            faults.error(
                f"{where}.{form}", f"has {len(text)} characters", f"at most {LONGEST_LABEL} on a button"
            )


def check_question(wording: Wording, where: str, faults: Faults) -> None:
    """Check the length of a question, its sentences and its Dutch words."""
    for form, text in forms(wording).items():
        at = f"{where}.{form}"
        if len(text) > LONGEST_QUESTION:
            faults.error(at, f"has {len(text)} characters", f"at most {LONGEST_QUESTION}")
        sentences = [s for s in _SENTENCE_END.split(text) if s.strip()]
        if len(sentences) > MOST_SENTENCES:
            faults.warn(at, f"has {len(sentences)} sentences", f"at most {MOST_SENTENCES}")
        longest = max(len(s.split()) for s in sentences) if sentences else 0
        if form != "en" and longest > MOST_WORDS:
            faults.warn(at, f"has a sentence of {longest} words", f"at most {MOST_WORDS}")


def check_informal(wording: Wording, where: str, faults: Faults) -> None:
    """Check that the plain Dutch text says je."""
    if _FORMAL.search(wording.nl):
        faults.error(f"{where}.nl", "says u or uw", "je; the form with u goes in nl_u")


def check_formal(wording: Wording, where: str, faults: Faults, *, always: bool) -> None:
    """Check that a trainer's text is also written with u: always, or where it speaks to the trainer."""
    if wording.nl_u is None:
        if always or _INFORMAL.search(wording.nl):
            faults.error(f"{where}.nl_u", "is missing", "the Dutch text with u")
    elif _INFORMAL.search(wording.nl_u):
        faults.error(f"{where}.nl_u", "says je, jij, jou or jouw", "u or uw")


def _listed(names: AbstractSet[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"
