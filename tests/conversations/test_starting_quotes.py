"""What a starter quotes: words that somebody can tell more about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversations.digest import starting
from conversations.model import Status
from tests.conversations.telling import Asked, a_digest, of_student, of_trainer, the_material, visited


def quoted(*said: Asked) -> list[str]:
    """Give what the starters quote, in their order."""
    page = a_digest(the_material(*said, stage=visited()))
    return [say.values["text"] for say in starting.openings(page) if "text" in say.values]


def with_example(short: str, example: str | None) -> Asked:
    """Answer in short, and then the question for an example."""
    one = of_student("aha", "2026-09-10 16:30", aha=short)
    status = Status.ANSWERED if example else Status.SKIPPED
    more = replace(one.replies[0], question="aha.example", text=example, status=status)
    return replace(one, replies=(*one.replies, more))


@pytest.mark.parametrize(
    "short", ["Prima", "Leuk", "Weet ik niet", "  goed  ", "niks bijzonders", "ging wel gewoon ok"]
)
def test_a_very_short_answer_is_quoted_by_what_was_told_after_it(short: str) -> None:
    """Nobody can tell more about "Fine"."""
    assert quoted(with_example(short, "Ik stond alleen bij de balie")) == ["Ik stond alleen bij de balie"]


def test_a_very_short_answer_alone_is_not_quoted() -> None:
    """The starter is about the older answer that does tell something, or is another starter."""
    older = of_student("aha", "2026-09-08 16:30", aha="De badges liggen op alfabet")
    assert quoted(older, with_example("Leuk", None)) == ["De badges liggen op alfabet"]
    assert quoted(with_example("Leuk", None)) == []


def test_a_longer_answer_is_quoted_by_its_own_words() -> None:
    """The follow-up stands on the page behind it."""
    assert quoted(with_example("De badges op alfabet", "Bij de open dag")) == ["De badges op alfabet"]


def test_the_same_holds_for_a_trainers_example() -> None:
    """ "Gewoon" says nothing to ask about."""
    assert quoted(of_trainer("2026-09-14 09:00", strategy=("show",), guided="Gewoon")) == []
