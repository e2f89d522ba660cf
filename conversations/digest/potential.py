"""Key 2 in words: the four possibilities and the exam tasks, student and trainer side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conversations.coverage import Coverage, State, TaskCover
from conversations.digest.lines import MARK, Detail, Line, Size, dated, joined, labelled, more, named, who
from conversations.digest.page import BOTH, Digest, Progress, TaskView
from conversations.messages import Run, Say
from conversations.model import Role


def potential(page: Digest, size: Size) -> Iterator[Line]:
    """Give the four possibilities side by side (promise K2b), the student's wish, and the exam tasks."""
    yield from _possibilities(page, size)
    if page.potential.wish is not None and size.detail > Detail.BARE:
        name = {"name": page.student.first_name}
        yield (MARK, *labelled("wish", page.potential.wish, size.quote, name), *dated(page.potential.wish))
    yield from _tasks(page, size)


def _tasks(page: Digest, size: Size) -> Iterator[Line]:
    """Put both sides of the exam tasks beside each other, and name what differs and what nobody did (P2)."""
    cover = page.potential.coverage
    heard = any(cover.is_heard(role) for role in BOTH)
    if heard:
        yield (
            MARK,
            Say(id="digest.tasks"),
            Run(" "),
            who(page, Role.STUDENT),
            Run(" | "),
            who(page, Role.TRAINER),
        )
        yield counted(cover)
    differing = [task for task in page.tasks if task.cover.differs]
    if differing:
        head = Say(id="digest.tasks_differ", values=_of(differing, page))
        yield (MARK, head, *_differing(differing, size.tasks))
    for progress in (Progress.NOT_YET, Progress.IMPOSSIBLE, Progress.PRIVATE, Progress.UNHEARD):
        tasks = [task for task in page.tasks if task.progress is progress]
        most = 0 if progress is Progress.PRIVATE else size.tasks
        counted_above = heard and (size.detail < Detail.MUCH or progress is Progress.PRIVATE)
        if tasks and not counted_above:
            head = Say(id=f"digest.tasks_{progress.value}", values=_of(tasks, page))
            yield (MARK, head, *named([task.text for task in tasks], most))


def _differing(tasks: Sequence[TaskView], most: int) -> Line:
    """Name the tasks of which the two do not say the same, with what each says."""
    each: list[Line] = [(Run(f"{task.text}: "), *both(task.cover)) for task in tasks[:most]]
    each += [(more(len(tasks) - most),)] if most and len(tasks) > most else []
    return (Run(" ("), *joined(each, "; "), Run(")")) if each else ()


def both(task: TaskCover) -> Line:
    """Give what student and trainer say of a task: "Zelf | Nog niet"."""
    student, trainer = (Say(id=f"digest.state_{state.value}") for state in task.states)
    return student, Run(" | "), trainer


def _of(tasks: Sequence[TaskView], page: Digest) -> dict[str, str]:
    return {"n": str(len(tasks)), "m": str(len(page.tasks))}


def counted(cover: Coverage) -> Line:
    """Give how many tasks stand how, as student and trainer say: "Zelf: 3 | 4 · Met hulp: 2 | 1"."""
    student, trainer = (cover.counts(role) for role in BOTH)
    rows = [
        (Say(id=f"digest.state_{state.value}"), Run(f": {student.get(state, 0)} | {trainer.get(state, 0)}"))
        for state in State
        if student.get(state) or trainer.get(state)
    ]
    return joined(rows, " · ")


def _possibilities(page: Digest, size: Size) -> Iterator[Line]:
    """Put both sides beside each other; where only one of them said something, what that was."""
    student, trainer = ([getattr(p, role.value) for p in page.potential.possibilities] for role in BOTH)
    if None in student or None in trainer:
        for role, side in ((Role.STUDENT, student), (Role.TRAINER, trainer)):
            if None not in side and not (role is Role.TRAINER and page.potential.possibilities[0].is_old):
                yield (MARK, *_one_side(page, role))
        return
    first = page.potential.possibilities[0]
    old: Line = (Run(" ("), Say(id="digest.last_time"), Run(")")) if first.is_old else ()
    old = (Run(" ("), Say(id="digest.former"), Run(")")) if first.former else old
    yield (who(page, Role.STUDENT), Run(" | "), who(page, Role.TRAINER), *old)
    differing = tuple(one for one in page.potential.possibilities if one.differs)
    for one in differing if differing and size.detail < Detail.ALL else page.potential.possibilities:
        mark: Line = (Run(" "), Say(id="digest.differs")) if one.differs and size.detail > Detail.BARE else ()
        yield (Run(f"{one.label}: "), _yes(one.student), Run(" | "), _yes(one.trainer), *mark)


def _one_side(page: Digest, role: Role) -> Line:
    named = [p.label for p in page.potential.possibilities if getattr(p, role.value)]
    what = Run(", ".join(named)) if named else Say(id="digest.none_of_four")
    name = {"name": page.student.first_name} if role is Role.STUDENT else {}
    return Say(id=f"digest.only_{role.value}", values=name), Run(" "), what


def _yes(value: bool | None) -> Say:
    return Say(id="digest.yes" if value else "digest.no")
