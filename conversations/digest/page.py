"""A digest as data: what the teacher gets before a meeting, before it is put in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from conversations.model import Key, Meeting, Participant, Role, Say, Stage
from conversations.visibility import Shown

BOTH = (Role.STUDENT, Role.TRAINER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many questions somebody answered, of how many that were put."""

    answered: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Possibility:
    """One of the four possibilities, as student and trainer see it; None where nobody may say."""

    id: str
    label: str
    student: bool | None
    trainer: bool | None

    @property
    def differs(self) -> bool:
        """Tell whether both said something, and not the same."""
        return None not in (self.student, self.trainer) and self.student is not self.trainer


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """A task of the programme as trainer and student see it; `before` is the trainer's earlier judgement."""

    id: str
    text: str
    judgement: Shown | None
    self_view: Shown | None
    practised: Shown | None
    example: str | None  # the trainer's
    before: str | None  # label of the judgement at an earlier meeting

    @property
    def gap(self) -> int:
        """Give how many steps judgement and self-view are apart (0 when one of them is missing)."""
        if self.judgement is None or self.self_view is None:
            return 0
        return abs(LEVELS[self.judgement.choices[0]] - LEVELS[self.self_view.choices[0]])


LEVELS = {"not_seen": 0, "not_done": 0, "practising": 1, "sufficient": 2, "good": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """Key 4: the trainer's choice with example and reason, and how the student saw it."""

    choice: Shown | None
    example: Shown | None
    reason: Shown | None
    helped: Shown | None
    wanted: Shown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The page for one meeting: the blocks of PRODUCT.md, "The digest"."""

    stage: Stage
    meeting: Meeting
    meetings: int
    on: date  # local day of the meeting
    time: str  # local
    week: int
    weeks: int
    student: Participant
    trainer: Participant
    counts: dict[Role, Count]
    first: tuple[Say, ...]
    quotes: tuple[Shown, ...]
    feelings: tuple[Shown, ...]
    times_none: int  # how often the student could do nothing of the four possibilities
    possibilities: tuple[Possibility, ...]
    tasks: tuple[TaskView, ...]
    impressions: tuple[Shown, ...]
    general: Shown | None
    guidance: Guidance
    agenda: tuple[Shown, ...]
    starters: tuple[Say, ...]
    silence: dict[tuple[Role, Key], Say]
    private: tuple[Shown, ...]
    task_texts: dict[str, str]
