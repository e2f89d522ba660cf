"""Question sets: what may be asked, of whom, on which occasion, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from conversations.model import Key, Reply, Role, Wording


class Kind(StrEnum):
    """How a question is answered: typed or spoken, one button, or several buttons and [Klaar]."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"


class Occasion(StrEnum):
    """When a question set may be put."""

    WEEKLY = "weekly"  # after the last stage day of the week
    FIRST_WEEK = "first_week"
    BEFORE_MEETING = "before_meeting"  # 7 days before
    AGENDA = "agenda"  # 3 workdays before a meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One button of a question. `alone` unticks the others ("Niets hiervan")."""

    id: str
    label: Wording
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Ask only when an earlier question got one of these choices; no choices means: any answer."""

    question: str
    choices: frozenset[str] = frozenset()

    def holds(self, replies: Mapping[str, Reply]) -> bool:
        """Say whether the earlier question was answered so."""
        reply = replies.get(self.question)
        if reply is None or not reply.has_answer:
            return False
        return not self.choices or not self.choices.isdisjoint(reply.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, one message. `example` asks once more when the answer is under 20 characters."""

    id: str
    kind: Kind
    key: Key
    text: Wording
    choices: tuple[Choice, ...] = ()
    after: Condition | None = None
    example: Wording | None = None
    always_private: bool = False
    gate: bool = False  # "Nog één vraag?": steers, and is no answer to show or count


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """A file of a few questions for one role, with the key each belongs to.

    `name` is "student/aha"; `version` is a hash of the file. Weeks count from 1; `from_week` and `until_week`
    are inclusive. `order` breaks ties between sets that are equally needed.
    """

    name: str
    version: str
    role: Role
    key: Key
    occasion: Occasion
    questions: tuple[Question, ...]
    from_week: int = 1
    until_week: int | None = None
    order: int = 0
    every: int | None = None  # at least this many weeks between two times
    uses_task: bool = False  # some wording holds {taak}

    def question(self, question_id: str) -> Question | None:
        """Find a question by id; a follow-up's id finds the question it belongs to."""
        base = question_id.split(".", maxsplit=1)[0]
        return next((q for q in self.questions if q.id == base), None)


def next_question(questions: QuestionSet, replies: Mapping[str, Reply]) -> Question | None:
    """Say what comes next: the first question that applies and was not put yet.

    A skipped question counts as put; what depends on it does not apply.
    """
    return next(
        (
            q
            for q in questions.questions
            if q.id not in replies and (q.after is None or q.after.holds(replies))
        ),
        None,
    )
