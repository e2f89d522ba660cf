"""What goes first, and three questions to open the meeting with: by fixed rules (docs/starters.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from conversations.digest.lines import NAME, short
from conversations.digest.page import Digest, Progress, TaskView
from conversations.messages import Say
from conversations.model import Place, Role
from conversations.visibility import Shown

MOST_FIRST, STARTERS = 2, 3
BIG_GAP = 2  # steps between judgement and self-view
CHORES = 2  # times "niets hiervan" or "weinig hulp" (promise S2)
PLANNED = 3  # meetings a stage (promise P1)
QUOTE = 40  # characters of what somebody said that fit in a starter
TASK = 60  # characters of a task that do

NOTHING_TO_LEARN = {("possible", "none"), ("helped", "little_help")}
WORRIES = {("worried",), ("doubt",)}
HEAVY = {"boring", "annoying"}
UNSUITED = {("no",), ("unsure",)}
NOBODY = ("no",)
MOMENTS, QUESTION, DILEMMA = {"first", "aha"}, {"question"}, {"dilemma"}


def complete(page: Digest) -> Digest:
    """Put first what needs attention, and choose the starters."""
    return replace(
        page,
        first=tuple(islice(attention(page), MOST_FIRST)),
        starters=tuple(islice(openings(page), STARTERS)),
    )


def chores(shown: Iterable[Shown]) -> int:
    """Count how often a student said that there was nothing to learn from, or little help."""
    students = [s for s in shown if s.by is Role.STUDENT]
    return sum((s.question, choice) in NOTHING_TO_LEARN for s in students for choice in s.choices)


def is_worry(page: Digest) -> bool:
    """Tell whether the trainer doubts or worries."""
    return page.general.now is not None and page.general.now.choices in WORRIES


def knows_nobody(shown: Shown) -> bool:
    """Tell whether a student said not to know whom to ask (promise P4)."""
    return shown.question == "who" and shown.choices == NOBODY


# ---- first this -----------------------------------------------------------------------------------------


def attention(page: Digest) -> Iterator[Say]:
    """Give everything that needs attention, in the order of docs/starters.md."""
    name = {"name": page.student.first_name}
    if page.chores >= CHORES:
        yield Say(id="digest.first_chores", values=name | {"n": str(page.chores)})
    elif page.chores + chores(page.private) >= CHORES or any(map(knows_nobody, page.private)):
        yield Say(id="digest.first_apart", values=name)
    if page.general.now is not None and is_worry(page):
        said = {"trainer": short(page.trainer.name, NAME), "said": page.general.now.labels[0]}
        yield Say(id="digest.first_general", values=said)
    if page.guidance.who is not None and knows_nobody(page.guidance.who):
        yield Say(id="digest.first_who", values=name)
    missing = [task for task in page.tasks if task.progress not in (Progress.DONE, Progress.PRIVATE)]
    if missing and page.week * 3 >= page.weeks:  # a third of the stage is over (promise P2)
        values = {"n": str(len(missing)), "m": str(len(page.tasks))}
        yield Say(id="digest.first_coverage", values=values)
    if gap := _widest(page.tasks):
        yield Say(id="digest.first_gap", values={"task": short(gap.text, TASK)})
    meetings = page.stage.meetings
    if all(meeting.place is not Place.COMPANY for meeting in meetings):
        yield Say(id="digest.first_place" if len(meetings) == PLANNED else "digest.first_no_visit")


def _widest(tasks: Iterable[TaskView]) -> TaskView | None:
    wide = [task for task in tasks if task.gap >= BIG_GAP]
    return max(wide, key=lambda task: task.gap, default=None)


# ---- starters -------------------------------------------------------------------------------------------


def openings(page: Digest) -> Iterator[Say]:
    """Give every starter whose rule applies, in the order of docs/starters.md, then those that always do."""
    name = {"name": page.student.first_name}
    if page.chores >= CHORES:
        yield Say(id="digest.start_chores", values=name)
    if gap := _widest(page.tasks):
        yield Say(id="digest.start_gap", values={"task": short(gap.text, TASK)})
    if any(s.by is Role.STUDENT for s in page.agenda):
        yield Say(id="digest.start_agenda", values=name)
    yield from _from_words(page, name)
    yield from _from_choices(page, name)
    yield from _from_tasks(page, name)
    yield Say(id="digest.start_moment", values=name)
    yield Say(id="digest.start_next", values=name)
    yield Say(id="digest.start_agreement")


def _from_words(page: Digest, name: dict[str, str]) -> Iterator[Say]:
    """Give the starters that quote what somebody wrote, each from the newest answer with words."""
    trainer = {"trainer": short(page.trainer.name, NAME)}
    sources: tuple[tuple[str, Sequence[Shown | None], dict[str, str]], ...] = (
        ("quote", _of(page, MOMENTS), {}),
        ("guidance", [page.guidance.example], trainer),
        ("question", _of(page, QUESTION), {}),
        ("wish", [page.wish], {}),
        ("dilemma", _of(page, DILEMMA), {}),
    )
    for rule, shown, more in sources:
        texts = [s.texts[0] for s in shown if s is not None and s.texts]
        if texts:
            yield Say(id=f"digest.start_{rule}", values=name | more | {"text": short(texts[-1], QUOTE)})


def _of(page: Digest, questions: set[str]) -> list[Shown]:
    return [s for s in page.answers if s.by is Role.STUDENT and s.question in questions]


def _from_choices(page: Digest, name: dict[str, str]) -> Iterator[Say]:
    differing = [p for p in page.possibilities if p.differs and not p.is_old]
    if differing:
        yield Say(id="digest.start_possibility", values=name | {"what": differing[0].label})
    heavy = [s for s in page.learning.feelings if HEAVY & set(s.choices)]
    if heavy:
        values = {"task": short(page.task_text(heavy[-1]), TASK), "feeling": heavy[-1].labels[0]}
        yield Say(id="digest.start_feeling", values=name | values)
    fits = page.learning.fits.now
    if fits is not None and fits.choices in UNSUITED:
        yield Say(id="digest.start_fits", values=name)


def _from_tasks(page: Digest, name: dict[str, str]) -> Iterator[Say]:
    impossible = [t for t in page.tasks if t.progress is Progress.IMPOSSIBLE]
    if impossible:
        yield Say(id="digest.start_elsewhere", values=name | {"task": short(impossible[0].text, TASK)})
    untouched = [t for t in page.tasks if t.progress in (Progress.NOT_YET, Progress.UNHEARD)]
    if untouched:
        yield Say(id="digest.start_task", values={"task": short(untouched[0].text, TASK)})
    if page.guidance.choice is not None or page.guidance.helped is not None:
        yield Say(id="digest.start_help", values=name)
