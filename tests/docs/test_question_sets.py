"""The page on question sets names what there is."""

from __future__ import annotations

from pathlib import Path

from config.question_checks import PLACES, QUOTES
from config.question_sets import AfterTable, ChoiceTable, QuestionTable, SetTable
from conversations.model import Key, Role
from conversations.question_set import Kind, Occasion

PAGE = (Path(__file__).parents[2] / "docs" / "question-sets.md").read_text(encoding="utf-8")


def test_every_field_kind_and_place_is_told() -> None:
    """Whoever writes a set finds all there is to write."""
    tables = (SetTable, QuestionTable, ChoiceTable, AfterTable)
    fields = {name for table in tables for name in table.model_fields} - {"question"}
    words = {*fields, *Key, *Occasion, *Kind}
    places = {f"{{{place}}}" for place in PLACES | QUOTES[Role.STUDENT]}
    assert {word for word in words | places if f"`{word}`" not in PAGE} == set()
