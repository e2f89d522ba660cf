"""Question sets: what may be asked, of whom, on which occasion, and what comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from conversations.model import Key, Reply, Role, Wording


class Kind(StrEnum):
    """How a question is answered: typed or spoken, one button, several buttons and [Klaar], or coverage.

    COVERAGE has a button for each exam task of the programme; a tap gives the task its next state.
    """

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    COVERAGE = "coverage"


class Cover(StrEnum):
    """What somebody says of one exam task, in the order in which taps go round (promise P2)."""

    NOT_YET = "not_yet"
    WITH_HELP = "with_help"
    ALONE = "alone"
    IMPOSSIBLE = "impossible"

    @property
    def next(self) -> Cover:
        """Give the state that a tap makes of this one."""
        states = list(Cover)
        return states[(states.index(self) + 1) % len(states)]


COVER_MARKS = {Cover.NOT_YET: "▫", Cover.WITH_HELP: "🤝", Cover.ALONE: "✅", Cover.IMPOSSIBLE: "✖"}


def covers(choices: Iterable[str]) -> dict[str, Cover]:
    """Read the answer to a coverage question, "task=state" each, as states by task id."""
    pairs = (choice.partition("=") for choice in choices)
    return {task: Cover(state) for task, _, state in pairs if state in set(Cover)}


class Occasion(StrEnum):
    """When a question set may be put."""

    WEEKLY = "weekly"  # after the last stage day of the week
    FIRST_WEEK = "first_week"
    BEFORE_MEETING = "before_meeting"  # 7 days before
    AGENDA = "agenda"  # 3 workdays before a meeting
    THIRD = "third"  # at one third and at two thirds of the stage (promise P2)
    END = "end"  # in the last two weeks (promise P8)


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
    quotes: frozenset[str] = frozenset()  # the places in its text that quotes fill, such as "voorbeeld"


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
    urgent: bool = False  # goes before the others where it fits and is rested
    quotes: frozenset[str] = field(init=False, repr=False, compare=False)  # all places that quotes fill
    covers_tasks: bool = field(init=False, repr=False, compare=False)  # asks about all exam tasks at once

    def __post_init__(self) -> None:
        """Note once what its questions say of the whole."""
        object.__setattr__(self, "quotes", frozenset(place for q in self.questions for place in q.quotes))
        object.__setattr__(self, "covers_tasks", any(q.kind is Kind.COVERAGE for q in self.questions))

    def question(self, question_id: str) -> Question | None:
        """Find a question by id; a follow-up's id finds the question it belongs to."""
        base = question_id.split(".", maxsplit=1)[0]
        return next((q for q in self.questions if q.id == base), None)


def next_question(
    questions: QuestionSet, replies: Mapping[str, Reply], quotes: Collection[str] = ()
) -> Question | None:
    """Say what comes next: the first question that applies and was not put yet.

    A skipped question counts as put; what depends on it does not apply. A question with a place that none of
    the `quotes` fills is not asked. A gate with nothing to ask behind it is passed over.
    """
    left = (q for q in questions.questions if q.id not in replies and q.quotes.issubset(quotes))
    return next(
        (q for q in left if not _is_idle(questions, q, quotes) and _applies(questions, q, replies, quotes)),
        None,
    )


def _applies(
    questions: QuestionSet, question: Question, replies: Mapping[str, Reply], quotes: Collection[str]
) -> bool:
    if question.after is None:
        return True
    before = questions.question(question.after.question)
    if before is not None and before.id not in replies and _is_idle(questions, before, quotes):
        return _applies(questions, before, replies, quotes)
    return question.after.holds(replies)


def _is_idle(questions: QuestionSet, question: Question, quotes: Collection[str]) -> bool:
    """Tell a gate behind which there is nothing that can be asked but other gates."""
    return question.gate and not any(
        q.after is not None and q.after.question == question.id and q.quotes.issubset(quotes)
        for q in questions.questions
        if not q.gate
    )
