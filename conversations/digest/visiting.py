"""What to look at on a visit: what is still unknown about the learning possibilities (promise K2a)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from conversations.digest.attention import TASK
from conversations.digest.lines import short
from conversations.digest.page import Digest, Progress, TaskView
from conversations.messages import Say
from conversations.model import Place

MOST = 3


def complete(page: Digest) -> Digest:
    """Name what to look at, where the meeting is at the company."""
    if page.header.meeting.place is not Place.COMPANY or page.nobody_joined:
        return page
    return replace(page, visit=tuple(islice(unknown(page), MOST)))


def unknown(page: Digest) -> Iterator[Say]:
    """Give everything that is unknown, in the order of docs/starters.md."""
    name = {"name": page.student.first_name}
    first = page.potential.possibilities[0]
    if first.student is None and first.trainer is None:
        yield Say(id="digest.visit_untold", values=name)
    elif first.trainer is None:
        yield Say(id="digest.visit_untold_trainer", values=name)
    elif first.student is None:
        yield Say(id="digest.visit_untold_student", values=name)
    unheard = [task for task in page.tasks if task.progress is Progress.UNHEARD]
    yield from _named("unheard", unheard[:1])
    differing = [p for p in page.potential.possibilities if p.differs]
    if differing:
        yield Say(id="digest.visit_differs", values={"what": differing[0].label})
    yield from _named("task", [task for task in page.tasks if task.cover.differs][:1])
    yield from _named("impossible", [t for t in page.tasks if t.progress is Progress.IMPOSSIBLE][:1])
    yield from _named("unheard", unheard[1:2])


def _named(what: str, tasks: Sequence[TaskView]) -> Iterator[Say]:
    for task in tasks:
        yield Say(id=f"digest.visit_{what}", values={"task": short(task.text, TASK)})
