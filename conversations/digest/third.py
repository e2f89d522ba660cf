"""The page at one third of a stage: which exam tasks are still missing (promise P2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from conversations.calendar import stage_week, to_local
from conversations.coverage import SAID, Coverage, State, TaskCover, coverage
from conversations.digest.adding import apart
from conversations.digest.attention import TASK
from conversations.digest.lines import MARK, NAME, Line, Pieces, joined, short
from conversations.digest.potential import both, counted
from conversations.facts import Material
from conversations.messages import Piece, Run, Say
from conversations.model import Address, Role
from conversations.question_set import covers
from conversations.school import School
from conversations.visibility import Shown, for_teacher


def third(material: Material, school: School, now: datetime) -> tuple[Pieces, ...]:
    """Give the teacher the gaps, who says what, and one suggestion, with what is 🔒 about the tasks apart.

    A programme without tasks has no such page.
    """
    cover = coverage(material, school, now)
    if not cover.tasks:
        return ()
    name, private = material.people[material.stage.student].first_name, _private(material, school, cover, now)
    page = _page(material, school, cover, now)
    return (page, apart(name, private)) if private else (page,)


def _page(material: Material, school: School, cover: Coverage, now: datetime) -> Pieces:
    week, weeks = stage_week(material.stage, to_local(school.calendar, now).date())
    name = material.people[material.stage.student].first_name
    company = short(material.stage.company, NAME)
    lines: list[Line] = [
        (Run(f"{name} · {company}", bold=True),),
        (Say(id="digest.third_week", values={"x": str(week), "y": str(weeks)}),),
        (),
        (Say(id="digest.third_tasks", values={"name": name}, bold=True),),
        counted(cover),
        *_gaps(material, cover),
    ]
    return joined([*lines, (), (_advice(material, cover, name),)], "\n")


def _private(material: Material, school: School, cover: Coverage, now: datetime) -> list[Shown]:
    """Give the newest 🔒 answers about the tasks that the page only counts, oldest first."""
    hidden = {task.id for task in cover.tasks if task.student.state is State.PRIVATE}
    told = [s for s in for_teacher(material, school).private if s.by is Role.STUDENT and s.at <= now]
    about = [s for s in told if not hidden.isdisjoint({s.task, *covers(s.choices)})]
    newest = {(s.question_set, s.question, s.task): s for s in about}
    return [s for s in about if s in newest.values()]


def _gaps(material: Material, cover: Coverage) -> Iterator[Line]:
    """Name what nobody did, what can't be done here, and where the two differ, each with who says what."""
    impossible = [task for task in cover.gaps if task.is_impossible]
    missing = [task for task in cover.gaps if not task.is_impossible and _is_heard(task)]
    unheard = [task for task in cover.gaps if not _is_heard(task)]
    differing = [task for task in cover.differing if not task.is_gap]
    yield from _block(material, "third_missing", missing)
    yield from _block(material, "third_impossible", impossible)
    yield from _block(material, "third_differing", differing)
    yield from _block(material, "third_unheard", unheard)
    if cover.private:
        yield ()
        name = material.people[material.stage.student].first_name
        yield (Say(id="digest.third_private", values={"n": str(cover.private), "name": name}),)


def _block(material: Material, title: str, tasks: Iterable[TaskCover]) -> Iterator[Line]:
    lines = [(MARK, Run(_text(material, task)), *_said(task)) for task in tasks]
    if lines:
        yield from ((), (Say(id=f"digest.{title}", bold=True),), *lines)


def _advice(material: Material, cover: Coverage, name: str) -> Piece:
    """Suggest one thing to do, by the rules of docs/starters.md."""
    known = [task for task in cover.gaps if _is_heard(task)]
    rules = (
        ("impossible", [task for task in cover.gaps if task.is_impossible]),
        ("not_yet", known),
        ("unheard", cover.gaps),
        ("differing", cover.differing),
    )
    for rule, tasks in rules:
        if tasks:
            values = {"name": name, "task": short(_text(material, tasks[0]), TASK)}
            return Say(id=f"digest.third_{rule}_advice", values=values)
    return Say(id="digest.third_private_advice" if cover.private else "digest.third_done_advice")


def _said(task: TaskCover) -> Line:
    return (Run(": "), *both(task)) if _is_heard(task) else ()


def _is_heard(task: TaskCover) -> bool:
    return not SAID.isdisjoint(task.states)


def _text(material: Material, task: TaskCover) -> str:
    return task.text.to(material.people[material.stage.teacher].language, Address.JE)
