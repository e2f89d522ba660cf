"""What student and trainer say of the tasks that the exam asks for, side by side (promise P2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from conversations.facts import Material
from conversations.model import Role, Task, Wording
from conversations.question_set import covers
from conversations.school import School
from conversations.visibility import Shown, for_teacher


class State(StrEnum):
    """How somebody says that a task stands, in the order in which it is shown."""

    ALONE = "alone"
    WITH_HELP = "with_help"
    NOT_YET = "not_yet"
    IMPOSSIBLE = "impossible"
    PRIVATE = "private"  # the student told the teacher alone
    UNKNOWN = "unknown"


DONE = frozenset({State.ALONE, State.WITH_HELP})
SAID = frozenset({*DONE, State.NOT_YET, State.IMPOSSIBLE})

# What a choice says of the task, by question id. The answer to a list of tasks names each task itself.
PRACTISED = {state.value: state for state in SAID}
SKILL = {
    "not_done": State.NOT_YET,
    "practising": State.WITH_HELP,
    "sufficient": State.ALONE,
    "good": State.ALONE,
}
OF_TASK = {
    "practised": PRACTISED,
    "judgement": SKILL,
    "self_view": SKILL,
    "feeling": {"not_done": State.NOT_YET},
}
UNSEEN, FELT = "not_seen", "feeling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What somebody said last of a task, when, and in answer to which question set."""

    state: State = State.UNKNOWN
    at: datetime | None = None
    on: date | None = None
    question_set: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCover:
    """A task as student and trainer say it stands. `felt`: the student told how it felt, not how it went."""

    id: str
    text: Wording
    student: Heard
    trainer: Heard
    felt: bool = False

    def by(self, role: Role) -> Heard:
        """Give what one of the two said."""
        return self.student if role is Role.STUDENT else self.trainer

    @property
    def states(self) -> tuple[State, State]:
        """Give both states, the student's first."""
        return self.student.state, self.trainer.state

    @property
    def differs(self) -> bool:
        """Tell whether both said something, and not the same."""
        return set(self.states) <= SAID and self.student.state is not self.trainer.state

    @property
    def is_done(self) -> bool:
        """Tell whether either says that it was done."""
        return self.felt or not DONE.isdisjoint(self.states)

    @property
    def is_impossible(self) -> bool:
        """Tell whether somebody says that it can't be done here, and nobody did it."""
        return not self.is_done and State.IMPOSSIBLE in self.states

    @property
    def is_gap(self) -> bool:
        """Tell whether nobody did it. What the student told the teacher alone is no gap to name."""
        return self.is_impossible or (not self.is_done and self.student.state is not State.PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """All tasks of a programme, in its order."""

    tasks: tuple[TaskCover, ...]

    @property
    def gaps(self) -> tuple[TaskCover, ...]:
        """Give the tasks that nobody did, or that are impossible here."""
        return tuple(task for task in self.tasks if task.is_gap)

    @property
    def differing(self) -> tuple[TaskCover, ...]:
        """Give the tasks of which the two do not say the same."""
        return tuple(task for task in self.tasks if task.differs)

    @property
    def private(self) -> int:
        """Count the tasks that the student told the teacher about alone: a number, never a name."""
        return sum(task.student.state is State.PRIVATE for task in self.tasks)

    def counts(self, role: Role) -> Mapping[State, int]:
        """Count the tasks in each state, as one of the two says."""
        return Counter(task.by(role).state for task in self.tasks)

    def is_heard(self, role: Role) -> bool:
        """Tell whether somebody said anything of any task that may be shown."""
        return any(task.by(role).state in SAID for task in self.tasks)


def coverage(material: Material, school: School, now: datetime) -> Coverage:
    """Say how the exam tasks of a stage stand; no tasks where the school has no such programme."""
    programme = school.programmes.get(material.stage.programme)
    visible = for_teacher(material, school)
    shared, private = ([s for s in some if s.at <= now] for some in (visible.shared, visible.private))
    return compare(programme.tasks if programme else (), shared, private)


def compare(tasks: Iterable[Task], shared: Sequence[Shown], private: Sequence[Shown]) -> Coverage:
    """Say how tasks stand after what was said, oldest first. The newest word of each counts."""
    by_student = _heard(s for s in shared if s.by is Role.STUDENT)
    by_trainer = _heard(s for s in shared if s.by is Role.TRAINER)
    apart = _heard(s for s in private if s.by is Role.STUDENT)
    alone = {s.task: s.at for s in private if s.task}  # anything private about a task hides what it is
    felt = {s.task for s in shared if s.question == FELT and s.choices and not list(_states(s))}
    return Coverage(
        tasks=tuple(
            TaskCover(
                id=task.id,
                text=task.text,
                student=_student(by_student.get(task.id, Heard()), _last(apart, alone, task.id)),
                trainer=by_trainer.get(task.id, Heard()),
                felt=task.id in felt,
            )
            for task in tasks
        )
    )


def _last(apart: Mapping[str, Heard], alone: Mapping[str, datetime], task: str) -> datetime | None:
    moments = [apart[task].at if task in apart else None, alone.get(task)]
    return max((moment for moment in moments if moment is not None), default=None)


def _student(shared: Heard, private: datetime | None) -> Heard:
    """Give what the student said last; where that is private, nothing but that it is."""
    if private is None or (shared.at is not None and shared.at > private):
        return shared
    return Heard(state=State.PRIVATE)


def _heard(shown: Iterable[Shown]) -> dict[str, Heard]:
    """Give the last word on each task; "not seen" is one only where nothing else was said."""
    last: dict[str, Heard] = {}
    for one in shown:
        heard = Heard(at=one.at, on=one.on, question_set=one.question_set)
        for task, state in _states(one):
            last[task] = replace(heard, state=state)
        if one.task and one.choices == (UNSEEN,):
            last.setdefault(one.task, replace(heard, state=State.NOT_YET))
    return last


def _states(shown: Shown) -> Iterator[tuple[str, State]]:
    """Give what an answer says of which task."""
    for task, cover in covers(shown.choices).items():
        yield task, State(cover.value)
    meanings = OF_TASK.get(shown.question, {})
    for choice in shown.choices:
        if shown.task and choice in meanings:
            yield shown.task, meanings[choice]
