"""A digest as data: what the teacher gets before a meeting, before it is put in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from conversations.coverage import Coverage, State, TaskCover
from conversations.messages import Say
from conversations.model import Key, Meeting, Participant, Reach, Role, Stage
from conversations.visibility import Shown

BOTH = (Role.STUDENT, Role.TRAINER)
NOT_KEPT = frozenset({"no", "partly"})
LEVELS = {"not_seen": 0, "not_done": 0, "practising": 1, "sufficient": 2, "good": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many questions somebody answered, of how many that were put."""

    answered: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """When and where the meeting is, how far the stage is then, and how much was answered."""

    meeting: Meeting
    on: date  # local day of the meeting
    time: str  # local
    week: int
    weeks: int
    counts: Mapping[Role, Count]


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
    former: bool = False  # the trainer who said so was replaced since

    @property
    def differs(self) -> bool:
        """Tell whether both said something, and not the same."""
        return None not in (self.student, self.trainer) and self.student is not self.trainer


@dataclass(frozen=True, slots=True, kw_only=True)
class Potential:
    """Key 2: the four possibilities, the student's wish, and how the exam tasks stand."""

    possibilities: tuple[Possibility, ...]
    wish: Shown | None
    coverage: Coverage


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
    cover: TaskCover
    judgement: Change
    self_view: Change
    example: Shown | None  # the trainer's
    own_example: Shown | None  # the student's
    progress: Progress = field(init=False)

    def __post_init__(self) -> None:
        """Note what is known of the task: each size of the page looks at it several times."""
        object.__setattr__(self, "progress", self._progress())

    def _progress(self) -> Progress:
        if self.cover.is_done:
            return Progress.DONE
        if self.cover.is_impossible:
            return Progress.IMPOSSIBLE
        if not self.cover.is_gap:
            return Progress.PRIVATE
        return Progress.NOT_YET if State.NOT_YET in self.cover.states else Progress.UNHEARD

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
class Judgement:
    """Key 3, beside what stands with each task: first impressions, and how it goes in general."""

    impressions: tuple[Shown, ...]
    general: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """Key 4: the trainer's choice with example and reason, and how the student saw it."""

    choice: Shown | None
    judged: Shown | None  # the judgement given beside the choice
    example: Shown | None
    recognised: Shown | Say | None  # by the student, or why nothing is known of it; None without an example
    reason: Shown | None
    helped: Shown | None
    wanted: Shown | None
    who: Shown | None  # whether the student knows whom to ask (promise P4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What was agreed last time, and whether it was done, as both say: an answer, or why there is none."""

    id: int
    meeting: int
    text: str
    on: date
    answers: Mapping[Role, Shown | Say]

    @property
    def failed(self) -> bool:
        """Tell whether somebody says, and not to the teacher alone, that it was not done or only partly."""
        given = (answer for answer in self.answers.values() if isinstance(answer, Shown))
        return any(not NOT_KEPT.isdisjoint(shown.choices) for shown in given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What asks for a person now. No word of what the student told about it stands here."""

    personal: bool = False  # the teacher is asked to get in touch with the student
    consult: bool = False  # the trainer rang the bell


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The page for one meeting: the blocks of docs/product.md, "The digest".

    `answers` is everything said since the last digest that may be used in the meeting, oldest first; the
    blocks choose from it. `others` are answers to questions that the blocks do not know by name.
    """

    stage: Stage
    student: Participant
    trainer: Participant
    header: Header
    answers: tuple[Shown, ...]
    private: tuple[Shown, ...]
    silence: Mapping[tuple[Role, Key], Say]
    learning: Learning
    potential: Potential
    judgement: Judgement
    guidance: Guidance
    tasks: tuple[TaskView, ...]  # of keys 2 and 3
    others: Mapping[Key, tuple[Shown, ...]]
    agenda: tuple[Shown, ...]
    agreed: tuple[Agreed, ...] = ()
    calls: Calls
    chores: int  # how often the student chose "niets hiervan" or "weinig hulp"
    first: tuple[Say, ...] = ()
    visit: tuple[Say, ...] = ()  # what to look at, where the meeting is at the company (promise K2a)
    starters: tuple[Say, ...] = ()

    @property
    def nobody_joined(self) -> bool:
        """Tell whether neither joined, so that there is nothing to show of anybody."""
        joined = any(person.reach is not Reach.INVITED for person in (self.student, self.trainer))
        return not (joined or self.answers or self.private)

    def task_text(self, shown: Shown) -> str:
        """Give the words of the task that an answer is about; empty for none."""
        return next((task.text for task in self.tasks if task.id == shown.task), "")
