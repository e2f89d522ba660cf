"""A list of exam tasks below one question: how each stands, and what a tap makes of it (promise P2)."""

from __future__ import annotations

from collections.abc import Iterator

from conversations import buttons
from conversations.buttons import Does
from conversations.desk import Desk
from conversations.messages import Button, Buttons, Piece, Run, Say
from conversations.model import Reply, Task
from conversations.question_set import COVER_MARKS, Cover, covers
from conversations.quoting import TAKEN

MOST_NAMED = 10  # tasks with their name on a button; more are numbered, with their names above
LABEL = 38  # characters that a phone shows on a button
A_ROW = 4  # numbered buttons


def states(at: Desk, reply: Reply) -> dict[str, Cover]:
    """Give how each task of the programme stands: as tapped, as answered, or as it was known before."""
    known = next((quote.text for quote in at.check_in.quotes if quote.place == TAKEN), "")
    said = covers(reply.draft or reply.choices or known.split())
    return {task.id: said.get(task.id, Cover.NOT_YET) for task in _tasks(at)}


def as_choices(at: Desk, reply: Reply, tapped: str | None = None) -> tuple[str, ...]:
    """Give the list as it is stored, "task=state" each, after a tap on one of the tasks."""
    return tuple(
        f"{task}={state.next if task == tapped else state}" for task, state in states(at, reply).items()
    )


def legend(at: Desk, reply: Reply) -> tuple[Piece, ...]:
    """Say what the marks mean, and name the tasks where the buttons have numbers only."""
    meaning = Say(id="asking.cover_legend")
    if not is_numbered(at):
        return (Run("\n\n"), meaning)
    marks = states(at, reply)
    lines = (
        Run(f"\n{number}. {COVER_MARKS[marks[task.id]]} {_name(at, task)}")
        for number, task in enumerate(_tasks(at), start=1)
    )
    return (*lines, Run("\n\n"), meaning)


def rows(at: Desk, reply: Reply) -> Buttons:
    """Give a button for each task, with the mark of how it stands."""
    row = tuple(_buttons(at, reply))
    width = A_ROW if is_numbered(at) else 1
    return tuple(row[i : i + width] for i in range(0, len(row), width))


def is_numbered(at: Desk) -> bool:
    """Tell whether there are too many tasks for a button with a name each."""
    return len(_tasks(at)) > MOST_NAMED


def _buttons(at: Desk, reply: Reply) -> Iterator[Button]:
    marks = states(at, reply)
    for number, task in enumerate(_tasks(at), start=1):
        name = str(number) if is_numbered(at) else _short(_name(at, task))
        data = buttons.for_slot(Does.COVER, reply.check_in, reply.question, task.id)
        yield Button(label=Run(f"{COVER_MARKS[marks[task.id]]} {name}"), data=data)


def _short(name: str) -> str:
    return name if len(name) <= LABEL else f"{name[: LABEL - 1].rstrip()}…"


def _name(at: Desk, task: Task) -> str:
    return task.text.to(at.me.language, at.me.address)


def _tasks(at: Desk) -> tuple[Task, ...]:
    programme = at.school.programmes.get(at.stage.programme)
    return programme.tasks if programme else ()
