"""Puts a digest in words: each block a heading and a few lines; `most` characters of each quote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conversations.digest.lines import (
    BREAK,
    MARK,
    NAME,
    Line,
    Size,
    answer,
    asked,
    changed,
    dated,
    day,
    joined,
    labelled,
    short,
    weekday,
)
from conversations.digest.page import BOTH, Digest, Progress, TaskView
from conversations.digest.silence import KEYS
from conversations.digest.starting import is_worry, knows_nobody
from conversations.messages import Piece, Run, Say
from conversations.model import Key, Role
from conversations.visibility import Shown


def blocks(page: Digest, size: Size) -> Iterator[tuple[Say, list[Line]]]:
    """Give each block's heading and lines, with the reason where somebody's part is empty."""
    yield Say(id="digest.block_first"), [(MARK, say) for say in page.first]
    for key, lines in (
        (Key.LEARNING, _learning(page, size)),
        (Key.POTENTIAL, _potential(page, size)),
        (Key.JUDGEMENT, _judgement(page, size)),
        (Key.GUIDANCE, _guidance(page, size)),
    ):
        others = ((MARK, *asked(shown, size)) for shown in page.others[key][-size.rows :])
        yield Say(id=f"digest.block_{key.value}"), [*lines, *others, *_silent(page, key)]
    starters = [(Run(f"{n}. "), say) for n, say in enumerate(page.starters, start=1)]
    yield Say(id="digest.block_starters"), [*_agenda(page, size), *_silent(page, Key.AGENDA), *starters]


def header(page: Digest) -> Iterator[Line]:
    """Give who, where, when, how much was answered, and who said nothing at all and why."""
    company = short(page.stage.company, NAME)
    yield (Run(f"{page.student.first_name} · {company}", bold=True),)
    numbers = {"n": str(page.meeting.number), "m": str(len(page.stage.meetings))}
    place = Say(id=f"digest.place_{page.meeting.place.value}")
    meeting = Say(id="digest.header_meeting", values=numbers)
    yield (meeting, Run(" "), *weekday(page.on), Run(f" {page.time}, "), place)
    week = Say(id="digest.header_week", values={"x": str(page.week), "y": str(page.weeks)})
    counts = joined(((_who(page, role), Run(" "), _count(page, role)) for role in BOTH), ", ")
    yield (week, Run(" · "), Say(id="digest.header_counts"), Run(" "), *counts)
    for role in BOTH:
        if why := _throughout(page, role):
            name = {"name": page.student.first_name} if role is Role.STUDENT else {}
            yield (Say(id=f"digest.nothing_{role.value}", values=name), Run(" "), why)


def _who(page: Digest, role: Role, *, first: bool = False) -> Piece:
    """Name somebody in a line, or as its first word."""
    if role is Role.STUDENT:
        return Run(page.student.first_name)
    return Say(id="digest.trainer_first" if first else "digest.trainer")


def _count(page: Digest, role: Role) -> Say:
    count = page.counts[role]
    if not count.asked:
        return Say(id="digest.count_none")
    return Say(id="digest.count", values={"n": str(count.answered), "m": str(count.asked)})


def _silent(page: Digest, key: Key) -> Iterator[Line]:
    """Say for each why there is nothing to read, unless the header said so for all keys at once."""
    for role in BOTH:
        why = page.silence.get((role, key))
        if why is not None and _throughout(page, role) is None:
            yield (Run("– "), _who(page, role, first=True), Run(": "), why)


def _throughout(page: Digest, role: Role) -> Say | None:
    """Give the one reason why there is nothing from somebody at all, if it is one and the same."""
    reasons = [page.silence.get((role, key)) for key in KEYS[role]]
    return reasons[0] if all(r is not None and r == reasons[0] for r in reasons) else None


# ---- key 1 ----------------------------------------------------------------------------------------------


def _learning(page: Digest, size: Size) -> Iterator[Line]:
    learning = page.learning
    for quote in learning.quotes:
        where = [t for t in learning.transfers if t.check_in == quote.check_in]
        more = [(BREAK, *labelled("transfer", t, size.quote), *dated(t, quote)) for t in where]
        yield (MARK, *asked(quote, size), *joined(more, ""))
    if learning.feelings:
        felt = [_felt(page, shown, size) for shown in learning.feelings[-size.rows :]]
        over_time = joined([*_felt_before(learning.felt_before), *felt], " → ")
        why = _why(page, learning.feelings[-1], size)
        yield (MARK, Say(id="digest.feelings"), Run(" "), *over_time, *why)
    if learning.fits.now is not None:
        fits = changed(learning.fits, size.quote)
        head = Say(id="digest.fits", values={"name": page.student.first_name})
        yield (MARK, head, Run(" "), *fits, *_why(page, learning.fits.now, size))


def _felt(page: Digest, shown: Shown, size: Size) -> Line:
    late: Line = (Run(", "), Say(id="digest.late")) if shown.late else ()
    task = short(page.task_text(shown), size.task)
    return (*answer(shown, NAME), Run(" ("), *day(shown.on), *late, Run(f", {task})"))


def _felt_before(shown: Shown | None) -> list[Line]:
    return [(*answer(shown, NAME), Run(" ("), Say(id="digest.last_time"), Run(")"))] if shown else []


def _why(page: Digest, shown: Shown, size: Size) -> Line:
    whys = [w for w in page.learning.whys if w.check_in == shown.check_in]
    return (BREAK, *answer(whys[-1], size.quote), *dated(whys[-1])) if whys else ()


# ---- key 2 ----------------------------------------------------------------------------------------------


def _potential(page: Digest, size: Size) -> Iterator[Line]:
    yield from _possibilities(page)
    if page.wish is not None:
        name = {"name": page.student.first_name}
        yield (MARK, *labelled("wish", page.wish, size.quote, name), *dated(page.wish))
    for progress in Progress:
        tasks = [task.text for task in page.tasks if task.progress is progress]
        if tasks:
            values = {"n": str(len(tasks)), "m": str(len(page.tasks))}
            most = 0 if progress is Progress.PRIVATE else size.tasks
            yield (MARK, Say(id=f"digest.tasks_{progress.value}", values=values), _named(tasks, most))


def _named(tasks: Sequence[str], most: int) -> Run:
    rest = [f"+{len(tasks) - most}"] if len(tasks) > most else []
    return Run(f" ({'; '.join([*tasks[:most], *rest])})" if most else "")


def _possibilities(page: Digest) -> Iterator[Line]:
    """Put both sides beside each other; where only one of them said something, what that was."""
    student, trainer = ([getattr(p, role.value) for p in page.possibilities] for role in BOTH)
    if None in student or None in trainer:
        for role, side in ((Role.STUDENT, student), (Role.TRAINER, trainer)):
            if None not in side and not (role is Role.TRAINER and page.possibilities[0].is_old):
                yield (MARK, *_one_side(page, role))
        return
    old: Line = (Run(" ("), Say(id="digest.last_time"), Run(")")) if page.possibilities[0].is_old else ()
    yield (_who(page, Role.STUDENT), Run(" | "), _who(page, Role.TRAINER), *old)
    for one in page.possibilities:
        mark: Line = (Run(" "), Say(id="digest.differs")) if one.differs else ()
        yield (Run(f"{one.label}: "), _yes(one.student), Run(" | "), _yes(one.trainer), *mark)


def _one_side(page: Digest, role: Role) -> Line:
    named = [p.label for p in page.possibilities if getattr(p, role.value)]
    what = Run(", ".join(named)) if named else Say(id="digest.none_of_four")
    name = {"name": page.student.first_name} if role is Role.STUDENT else {}
    return Say(id=f"digest.only_{role.value}", values=name), Run(" "), what


def _yes(value: bool | None) -> Say:
    return Say(id="digest.yes" if value else "digest.no")


# ---- key 3 ----------------------------------------------------------------------------------------------


def _judgement(page: Digest, size: Size) -> Iterator[Line]:
    told = [task for task in page.tasks if task.judgement.now or task.self_view.now]
    told.sort(key=lambda task: (-task.gap, task.judgement.now is None))
    if told:
        yield (_who(page, Role.TRAINER, first=True), Run(" | "), _who(page, Role.STUDENT))
    for task in told[: size.rows]:
        yield (MARK, *_judged(page, task, size))
    for shown in page.impressions:
        yield (MARK, *labelled(shown.question, shown, size.quote), *dated(shown))
    if page.general.now is not None and not is_worry(page):
        yield (MARK, Say(id="digest.general"), Run(" "), *changed(page.general, size.quote))


def _judged(page: Digest, task: TaskView, size: Size) -> Iterator[Piece]:
    views = (changed(task.judgement, NAME), changed(task.self_view, NAME))
    yield from (Run(f"{short(task.text, size.task)}: "), *joined(views, " | "))
    for role, shown in ((Role.TRAINER, task.example), (Role.STUDENT, task.own_example)):
        head = (BREAK, _who(page, role, first=True), Run(": "))
        if shown is not None:
            yield from (*head, *answer(shown, size.quote), *dated(shown))
        elif role is Role.TRAINER and task.lacks_example:
            yield from (*head, Say(id="digest.no_example"))


# ---- key 4 ----------------------------------------------------------------------------------------------


def _guidance(page: Digest, size: Size) -> Iterator[Line]:
    guidance, name = page.guidance, {"name": page.student.first_name}
    choice = guidance.choice
    if choice is not None:
        yield (MARK, *labelled("choice", choice, size.quote), *dated(choice), *_beside(page, size))
    for row, shown in (("guidance_example", guidance.example), ("guidance_reason", guidance.reason)):
        if shown is not None:
            yield (MARK, *labelled(row, shown, size.quote), *dated(shown, choice))
    for row, shown in (("helped", guidance.helped), ("wanted", guidance.wanted), ("knows", guidance.who)):
        if shown is not None and not knows_nobody(shown):
            yield (MARK, *labelled(row, shown, size.quote, name), *(dated(shown) if shown.texts else ()))


def _beside(page: Digest, size: Size) -> Line:
    """Give the judgement that was given with a choice of guidance (promise K4c), and its task if unclear."""
    judged = page.guidance.judged
    if judged is None:
        return ()
    several = sum(task.judgement.now is not None for task in page.tasks) > 1
    task = f" ({short(page.task_text(judged), size.task)})" if several else ""
    return (Run(" | "), Say(id="digest.judged"), Run(" "), *answer(judged, NAME), Run(task))


# ---- what they want to discuss --------------------------------------------------------------------------


def _agenda(page: Digest, size: Size) -> Iterator[Line]:
    for shown in page.agenda[-size.rows :]:
        student = shown.by is Role.STUDENT
        name = page.student.first_name if student else short(page.trainer.name, NAME)
        yield (MARK, *labelled("wants", shown, size.quote, {"name": name}), *dated(shown))
