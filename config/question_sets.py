"""Reads question sets: one TOML file each, in a folder per role; adding one is adding a file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from config.findings import HERE, Faults, has_errors
from config.question_checks import QUOTES, Head, Item, check_items
from config.reading import SHORT_NAME, Entry, ShortName, Table, named, parse, read_bytes, validated, wrong
from config.wordings import WordingTable, places
from conversations.model import Key, Role, Wording
from conversations.question_set import Choice, Condition, Kind, Occasion, Question, QuestionSet

SHIPPED = HERE / "question_sets"
MOST_QUESTIONS = 500
MOST_CHOICES = 10
ROLES = (Role.STUDENT, Role.TRAINER)

_FILE_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


def _table_of(after: object) -> object:
    """Take `after = "aha"` for `after = {question = "aha"}`."""
    return {"question": after} if isinstance(after, str) else after


Week = Annotated[int, Field(ge=1, le=520)]


class ChoiceTable(Entry):
    """[[question.choice]]: a button."""

    id: ShortName = Field(description=SHORT_NAME)
    label: WordingTable = Field(description="label.nl and label.en")
    alone: bool = Field(False, description="true or false")


class AfterTable(Entry):
    """The earlier question, and the choices, that a question depends on."""

    question: str = Field(description="the id of an earlier question")
    choices: list[str] = Field([], description="a list of choice ids")


class QuestionTable(Entry):
    """[[question]]: one message."""

    id: ShortName = Field(description=SHORT_NAME)
    text: WordingTable = Field(description="text.nl and text.en")
    kind: Annotated[Kind, Field(strict=False)] = Field(Kind.TEXT, description=f"one of {', '.join(Kind)}")
    key: Annotated[Key, Field(strict=False)] | None = Field(None, description=f"one of {', '.join(Key)}")
    choice: list[ChoiceTable] = Field(
        [], max_length=MOST_CHOICES, description=f"at most {MOST_CHOICES} choices"
    )
    after: Annotated[AfterTable, BeforeValidator(_table_of)] | None = Field(
        None, description='an id, or { question = "...", choices = ["..."] }'
    )
    example: WordingTable | None = Field(None, description="example.nl and example.en")
    always_private: bool = Field(False, description="true or false")
    gate: bool = Field(False, description="true or false")


class SetTable(Entry):
    """A whole file, but for its questions, which are read one by one."""

    role: Annotated[Role, Field(strict=False)] = Field(description="student or trainer")
    key: Annotated[Key, Field(strict=False)] = Field(description=f"one of {', '.join(Key)}")
    occasion: Annotated[Occasion, Field(strict=False)] = Field(description=f"one of {', '.join(Occasion)}")
    order: int = Field(0, description="a whole number")
    from_week: Week = Field(1, description="a week from 1")
    until_week: Week | None = Field(None, description="a week from 1")
    every: Week | None = Field(None, description="a number of weeks from 1")
    urgent: bool = Field(False, description="true or false")
    question: list[Any] = Field(
        min_length=1, max_length=MOST_QUESTIONS, description=f"1 to {MOST_QUESTIONS} [[question]] tables"
    )

    @model_validator(mode="after")
    def _weeks_in_order(self) -> SetTable:
        if self.until_week is not None and self.until_week < self.from_week:
            raise wrong("has until_week before from_week", "weeks in order")
        return self


# ---- reading --------------------------------------------------------------------------------------------


def read_folder(folder: Path, faults: Faults) -> dict[str, QuestionSet]:
    """Read the question sets of a folder with a folder per role; by name, such as "student/aha"."""
    found: dict[str, QuestionSet] = {}
    for path in sorted(folder.rglob("*.toml")):
        at = faults.among(path)
        if path.parent.parent != folder or path.parent.name not in ROLES:
            at.error("", "is in the wrong folder", "question_sets/student/ or question_sets/trainer/")
        elif not _FILE_NAME.fullmatch(path.stem):
            at.error("", "has a file name that is not a name", "1 to 32 of a-z, 0-9 and _, a letter first")
        elif (one := read_file(path, at)) is not None:
            found[one.name] = one
    return found


def read_file(path: Path, faults: Faults) -> QuestionSet | None:
    """Read one question set; None when it has errors, which are then all among the faults."""
    raw = read_bytes(path, faults)
    data = None if raw is None else parse(raw, faults)
    if raw is None or data is None:
        return None
    before = len(faults.found)
    role = Role(path.parent.name)
    head = validated(SetTable, data, faults)
    items = _read_items(data, head.key if head else Key.AGENDA, faults)
    if head and head.role is not role:
        faults.error("role", f"is {head.role.value!r}", f"{role.value!r}, as the file's folder says")
    check_items(items, Head(role, head.occasion if head else None, head.urgent if head else False), faults)
    if head is None or has_errors(faults.found[before:]):
        return None
    questions = tuple(item.question for item in items if item.question)
    return QuestionSet(
        name=f"{role.value}/{path.stem}",
        version=hashlib.sha256(raw).hexdigest()[:12],
        role=role,
        key=head.key,
        occasion=head.occasion,
        questions=questions,
        from_week=head.from_week,
        until_week=head.until_week,
        order=head.order,
        every=head.every,
        uses_task=any("taak" in places(text.nl) for text in _wordings(questions)),
        urgent=head.urgent,
    )


def _read_items(data: Table, key: Key, faults: Faults) -> list[Item]:
    """Read the questions one by one, so that a fault in one does not hide those of the others."""
    listed = data.get("question")
    if not isinstance(listed, list) or len(listed) > MOST_QUESTIONS:
        return []
    items = []
    for n, raw in enumerate(listed):
        where = f"question{named(raw, n)}"
        table = validated(QuestionTable, raw, faults, where)
        name = raw.get("id") if isinstance(raw, dict) else None
        items.append(Item(id=name, where=where, question=_question(table, key) if table else None))
    return items


def _question(table: QuestionTable, key: Key) -> Question:
    return Question(
        id=table.id,
        kind=table.kind,
        key=table.key or key,
        text=table.text.wording(),
        choices=tuple(Choice(id=c.id, label=c.label.wording(), alone=c.alone) for c in table.choice),
        after=Condition(question=table.after.question, choices=frozenset(table.after.choices))
        if table.after
        else None,
        example=table.example.wording() if table.example else None,
        always_private=table.always_private,
        gate=table.gate,
        quotes=places(table.text.nl) & QUOTES[Role.STUDENT],
    )


def _wordings(questions: Sequence[Question]) -> list[Wording]:
    return [text for q in questions for text in (q.text, q.example) if text]
