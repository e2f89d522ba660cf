"""What goes first: by fixed rules (docs/starters.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from conversations.digest.lines import NAME, short
from conversations.digest.page import Digest, TaskView
from conversations.messages import Say
from conversations.model import MeetingState, Place, Role
from conversations.visibility import Shown

MOST = 2
TASK = 60  # characters of a task that do
BIG_GAP = 2  # steps between judgement and self-view
CHORES = 2  # times "niets hiervan" or "weinig hulp" (promise S2)
PLANNED = 3  # meetings a stage (promise P1)

NOTHING_TO_LEARN = {("possible", "none"), ("helped", "little_help")}
WORRIES = {("worried",), ("doubt",)}
NOBODY = ("no",)


def complete(page: Digest) -> Digest:
    """Put first what needs attention."""
    return replace(page, first=tuple(islice(attention(page), MOST)))


def attention(page: Digest) -> Iterator[Say]:
    """Give everything that needs attention, in the order of docs/starters.md."""
    name = {"name": page.student.first_name}
    if page.calls.personal:
        yield Say(id="digest.first_personal", values=name)
    if page.calls.consult:
        yield Say(id="digest.first_consult")
    if page.stage.trainer_stopped:
        yield Say(id="digest.first_stopped", values=name)
    if page.chores >= CHORES:
        yield Say(id="digest.first_chores", values=name | {"n": str(page.chores)})
    elif page.chores + chores(page.private) >= CHORES or any(map(knows_nobody, page.private)):
        yield Say(id="digest.first_apart", values=name)
    yield from _worry(page)
    if page.guidance.who is not None and knows_nobody(page.guidance.who):
        yield Say(id="digest.first_who", values=name)
    yield from _tasks(page)
    if any(agreed.failed for agreed in page.agreed):
        yield Say(id="digest.first_agreed")
    yield from _place(page)


def _worry(page: Digest) -> Iterator[Say]:
    worry = page.judgement.general.now
    if worry is not None and is_worry(page):
        said = {"said": worry.labels[0]}
        named = said | {"trainer": short(page.trainer.name, NAME)}
        if worry.former:
            yield Say(id="digest.first_general_former", values=said)
        else:
            yield Say(id="digest.first_general", values=named)


def _tasks(page: Digest) -> Iterator[Say]:
    gaps = page.potential.coverage.gaps
    if gaps and page.header.week * 3 >= page.header.weeks:  # a third of the stage is over (promise P2)
        values = {"n": str(len(gaps)), "m": str(len(page.tasks))}
        yield Say(id="digest.first_coverage", values=values)
    if gap := widest(page.tasks):
        yield Say(id="digest.first_gap", values={"task": short(gap.text, TASK)})


def _place(page: Digest) -> Iterator[Say]:
    meetings = [m for m in page.stage.meetings if m.state is not MeetingState.CANCELLED]
    if all(meeting.place is not Place.COMPANY for meeting in meetings):
        yield Say(id="digest.first_place" if len(meetings) == PLANNED else "digest.first_no_visit")


def chores(shown: Iterable[Shown]) -> int:
    """Count how often a student said that there was nothing to learn from, or little help."""
    students = [s for s in shown if s.by is Role.STUDENT]
    return sum((s.question, choice) in NOTHING_TO_LEARN for s in students for choice in s.choices)


def is_worry(page: Digest) -> bool:
    """Tell whether the trainer doubts or worries."""
    return page.judgement.general.now is not None and page.judgement.general.now.choices in WORRIES


def knows_nobody(shown: Shown) -> bool:
    """Tell whether a student said not to know whom to ask (promise P4)."""
    return shown.question == "who" and shown.choices == NOBODY


def widest(tasks: Iterable[TaskView]) -> TaskView | None:
    """Give the task on which judgement and self-view are furthest apart, if they are far apart."""
    wide = [task for task in tasks if task.gap >= BIG_GAP]
    return max(wide, key=lambda task: task.gap, default=None)
