"""Checks that need more than one field: within a question set, and over all sets of a school."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from config.findings import Faults
from config.reading import unknown
from config.wordings import check_formal, check_informal, check_label, check_places, check_question
from conversations.model import Key, Role, Wording
from conversations.question_set import Kind, Occasion, Question, QuestionSet

PLACES = frozenset({"voornaam", "taak", "bedrijf"})
QUOTES = {  # places that are filled with what somebody else said, where there is any
    Role.STUDENT: frozenset({"voorbeeld", "afspraak", "afspraak_2", "vraag"}),
    Role.TRAINER: frozenset({"afspraak", "afspraak_2"}),
}
MOST_FOR_STUDENT = 2  # questions a set (docs/product.md: two a week)
LEAST_CHOICES = 2
WEEKLY_KEYS = (Key.LEARNING, Key.POTENTIAL, Key.JUDGEMENT, Key.GUIDANCE)
TRAINER_KEYS = (Key.POTENTIAL, Key.JUDGEMENT, Key.GUIDANCE)  # key 1 is about what the student tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question as it stands in its file; `question` is None when it has a fault of its own."""

    id: object
    where: str
    question: Question | None


@dataclass(frozen=True, slots=True)
class Head:
    """What a set's questions are checked against; `occasion` is None where it has a fault of its own."""

    role: Role
    occasion: Occasion | None
    urgent: bool


# ---- one set --------------------------------------------------------------------------------------------


def check_items(items: Sequence[Item], head: Head, faults: Faults) -> None:
    """Check the questions of a set, each by itself, against the earlier ones, and against the set."""
    role = head.role
    _check_ids([item.id for item in items], "question", faults)
    _check_head(head, items, faults)
    for n, item in enumerate(items):
        if item.question:
            _check_question(item.question, item.where, role, faults)
            _check_after(item.question, items[:n], item.where, faults)
    counting = [item for item in items if not (item.question and item.question.gate)]
    if role is Role.STUDENT and len(counting) > MOST_FOR_STUDENT:
        faults.error(
            "question",
            f"has {len(counting)} questions that count",
            f"at most {MOST_FOR_STUDENT} for a student",
        )


def _check_head(head: Head, items: Sequence[Item], faults: Faults) -> None:
    if head.occasion is None:
        return
    if head.urgent and head.occasion is not Occasion.WEEKLY:
        faults.error("urgent", f"belongs to occasion {head.occasion.value!r}", 'occasion = "weekly"')
    at_end = head.occasion is Occasion.END
    expected = "survey: it is for the school, without a name" if at_end else "a key that the teacher reads"
    for item in items:
        if item.question and (item.question.key is Key.SURVEY) is not at_end:
            problem = f"is {item.question.key.value!r} on the occasion {head.occasion.value!r}"
            faults.error(f"{item.where}.key", problem, expected)


def _check_text(
    text: Wording, where: str, role: Role, faults: Faults, allowed: AbstractSet[str] = PLACES
) -> None:
    check_question(text, where, faults)
    check_places(text, where, faults, allowed)
    check_informal(text, where, faults)
    if role is Role.TRAINER:
        check_formal(text, where, faults, always=True)


def _check_question(question: Question, where: str, role: Role, faults: Faults) -> None:
    _check_text(question.text, f"{where}.text", role, faults, PLACES | QUOTES[role])
    if question.example:
        _check_text(question.example, f"{where}.example", role, faults)
        if question.kind is not Kind.TEXT:
            faults.error(f"{where}.example", "belongs to a question with buttons", 'kind = "text"')
    _check_choices(question, where, role, faults)
    if question.gate and question.kind is not Kind.CHOICE:
        faults.error(f"{where}.gate", f"belongs to kind {question.kind.value!r}", 'kind = "choice"')


def _check_choices(question: Question, where: str, role: Role, faults: Faults) -> None:
    if question.kind is Kind.TEXT and question.choices:
        faults.error(f"{where}.kind", "is 'text', but there are choices", "choice or choices")
    if question.kind is Kind.COVERAGE and question.choices:
        faults.error(f"{where}.choice", "belongs to buttons of your own", "none: the tasks are the buttons")
    if question.kind in (Kind.CHOICE, Kind.CHOICES) and len(question.choices) < LEAST_CHOICES:
        faults.error(
            f"{where}.choice", f"has {len(question.choices)} items", f"at least {LEAST_CHOICES} choices"
        )
    _check_ids([choice.id for choice in question.choices], f"{where}.choice", faults)
    for choice in question.choices:
        at = f"{where}.choice.{choice.id}"
        check_label(choice.label, f"{at}.label", faults)
        check_places(choice.label, f"{at}.label", faults, frozenset())
        check_informal(choice.label, f"{at}.label", faults)
        if role is Role.TRAINER:
            check_formal(choice.label, f"{at}.label", faults, always=False)
        if choice.alone and question.kind is not Kind.CHOICES:
            faults.error(f"{at}.alone", f"belongs to kind {question.kind.value!r}", 'kind = "choices"')


def _check_after(question: Question, earlier: Sequence[Item], where: str, faults: Faults) -> None:
    after = question.after
    if after is None:
        return
    names = [item.id for item in earlier if isinstance(item.id, str)]
    if after.question not in names:
        faults.error(
            f"{where}.after", *unknown(f"{after.question!r} is no earlier question", after.question, names)
        )
        return
    before = next(item.question for item in earlier if item.id == after.question)
    known = {choice.id for choice in before.choices} if before else after.choices
    for choice in sorted(after.choices - known):
        faults.error(
            f"{where}.after", *unknown(f"{choice!r} is no choice of {after.question!r}", choice, known)
        )


def _check_ids(ids: Sequence[object], where: str, faults: Faults) -> None:
    for name, times in Counter(i for i in ids if isinstance(i, str)).items():
        if times > 1:
            faults.error(f"{where}.{name}.id", f"is there {times} times", "an id of its own")


# ---- all sets of a school -------------------------------------------------------------------------------


def check_keys(sets: Mapping[str, QuestionSet], faults: Faults) -> None:
    """Check that no key is left without questions."""
    weekly = _keys(sets, Role.STUDENT, Occasion.WEEKLY)
    for key in WEEKLY_KEYS:
        if key not in weekly:
            faults.warn("student", f"has no weekly question with key {key.value!r}", "at least one")
    if Key.AGENDA not in _keys(sets, Role.STUDENT, Occasion.AGENDA):
        faults.warn("student", "has no question on the occasion 'agenda'", "one, with key 'agenda'")
    trainer = {key for occasion in Occasion for key in _keys(sets, Role.TRAINER, occasion)}
    for key in TRAINER_KEYS:
        if key not in trainer:
            faults.warn("trainer", f"has no question with key {key.value!r}", "at least one")


def _keys(sets: Mapping[str, QuestionSet], role: Role, occasion: Occasion) -> set[Key]:
    fitting = [s for s in sets.values() if s.role is role and s.occasion is occasion]
    return {q.key for s in fitting for q in s.questions if not q.gate}
