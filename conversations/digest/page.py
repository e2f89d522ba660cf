"""A digest as data: what the teacher gets before a meeting, before it is put in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from conversations.messages import Say
from conversations.model import Key, Meeting, Participant, Role, Stage
from conversations.visibility import Shown

BOTH = (Role.STUDENT, Role.TRAINER)
LEVELS = {"not_seen": 0, "not_done": 0, "practising": 1, "sufficient": 2, "good": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many questions somebody answered, of how many that were put."""

    answered: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The last answer to a question since the last digest, and the last one before that."""

    now: Shown | None
    before: Shown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Key 1: two quotes with what belongs to them, the feelings over time, and whether the work suits."""

    quotes: tuple[Shown, ...]
    transfers: tuple[Shown, ...]  # where else a moment of insight can be used
    feelings: tuple[Shown, ...]
    felt_before: Shown | None
    fits: Change
    whys: tuple[Shown, ...]  # why a task felt so, why the work suits


@dataclass(frozen=True, slots=True, kw_only=True)
class Possibility:
    """One of the four possibilities, as student and trainer see it; None where nobody may say."""

    id: str
    label: str
    student: bool | None
    trainer: bool | None
    is_old: bool  # the trainer said so before the last meeting

    @property
    def differs(self) -> bool:
        """Tell whether both said something, and not the same."""
        return None not in (self.student, self.trainer) and self.student is not self.trainer


class Progress(StrEnum):
    """What is known of a task since the stage began."""

    DONE = "done"
    NOT_YET = "not_yet"
    IMPOSSIBLE = "impossible"
    PRIVATE = "private"  # it stands in the separate message
    UNHEARD = "unheard"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """A task of the programme as trainer and student see it, each with a moment that shows it."""

    id: str
    text: str
    progress: Progress
    judgement: Change
    self_view: Change
    example: Shown | None  # the trainer's
    own_example: Shown | None  # the student's

    @property
    def gap(self) -> int:
        """Give how many steps judgement and self-view are apart; 0 unless both are of this time."""
        trainer, student = _level(self.judgement.now), _level(self.self_view.now)
        return abs(trainer - student) if trainer is not None and student is not None else 0

    @property
    def lacks_example(self) -> bool:
        """Tell whether the trainer judged a task without naming a moment (promise K3a)."""
        judged = self.judgement.now
        return judged is not None and judged.choices != ("not_seen",) and self.example is None


def _level(shown: Shown | None) -> int | None:
    return LEVELS.get(shown.choices[0]) if shown is not None and shown.choices else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """Key 4: the trainer's choice with example and reason, and how the student saw it."""

    choice: Shown | None
    judged: Shown | None  # the judgement given beside the choice
    example: Shown | None
    reason: Shown | None
    helped: Shown | None
    wanted: Shown | None
    who: Shown | None  # whether the student knows whom to ask (promise P4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The page for one meeting: the blocks of PRODUCT.md, "The digest".

    `answers` is everything said since the last digest that may be used in the meeting, oldest first; the
    blocks choose from it. `others` are answers to questions that the blocks do not know by name.
    """

    stage: Stage
    meeting: Meeting
    on: date  # local day of the meeting
    time: str  # local
    week: int
    weeks: int
    student: Participant
    trainer: Participant
    counts: Mapping[Role, Count]
    answers: tuple[Shown, ...]
    first: tuple[Say, ...] = ()
    learning: Learning
    chores: int  # how often the student chose "niets hiervan" or "weinig hulp"
    possibilities: tuple[Possibility, ...]
    wish: Shown | None
    tasks: tuple[TaskView, ...]
    impressions: tuple[Shown, ...]
    general: Change
    guidance: Guidance
    others: Mapping[Key, tuple[Shown, ...]]
    agenda: tuple[Shown, ...]
    starters: tuple[Say, ...] = ()
    silence: Mapping[tuple[Role, Key], Say]
    private: tuple[Shown, ...]

    def task_text(self, shown: Shown) -> str:
        """Give the words of the task that an answer is about; empty for none."""
        return next((task.text for task in self.tasks if task.id == shown.task), "")
