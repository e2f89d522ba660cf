"""Three questions to open the meeting with, chosen by fixed rules (docs/starters.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from conversations.digest.attention import CHORES, TASK, widest
from conversations.digest.lines import NAME, short
from conversations.digest.page import Digest, Progress
from conversations.digest.quoting import NO_CONSENT
from conversations.messages import Say
from conversations.model import Role
from conversations.visibility import Shown

STARTERS = 3
QUOTE = 40  # characters of what somebody said that fit in a starter
TELLING = 20  # characters that a quote has at least: a shorter answer got a question for an example too

HEAVY = {"boring", "annoying"}
UNSUITED = {("no",), ("unsure",)}
MOMENTS, QUESTION, DILEMMA = {"first", "aha"}, {"question"}, {"dilemma"}


def complete(page: Digest) -> Digest:
    """Choose the starters."""
    return replace(page, starters=tuple(islice(openings(page), STARTERS)))


def openings(page: Digest) -> Iterator[Say]:
    """Give every starter whose rule applies, in the order of docs/starters.md, then those that always do."""
    name = {"name": page.student.first_name}
    if page.chores >= CHORES:
        yield Say(id="digest.start_chores", values=name)
    if gap := widest(page.tasks):
        yield Say(id="digest.start_gap", values={"task": short(gap.text, TASK)})
    if failed := [agreed.text for agreed in page.agreed if agreed.failed]:
        yield Say(id="digest.start_agreed", values={"text": short(failed[0], QUOTE)})
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
        ("guidance", [_spoken(page)], trainer),
        ("question", _of(page, QUESTION), {}),
        ("wish", [page.potential.wish], {}),
        ("dilemma", _of(page, DILEMMA), {}),
    )
    for rule, shown, more in sources:
        texts = [text for s in shown if s is not None and (text := _telling(s))]
        if texts:
            yield Say(id=f"digest.start_{rule}", values=name | more | {"text": short(texts[-1], QUOTE)})


def _telling(shown: Shown) -> str | None:
    """Give the part of an answer to ask about: a very short one says less than what was told after it."""
    return next((text for text in shown.texts if len(text.strip()) >= TELLING), None)


def _spoken(page: Digest) -> Shown | None:
    """Give the example to ask about: of a trainer who is there, and who did not keep it from the student."""
    example = page.guidance.example
    kept = page.guidance.recognised == NO_CONSENT
    return None if example is None or example.former or kept else example


def _of(page: Digest, questions: set[str]) -> list[Shown]:
    return [s for s in page.answers if s.by is Role.STUDENT and s.question in questions]


def _from_choices(page: Digest, name: dict[str, str]) -> Iterator[Say]:
    differing = [p for p in page.potential.possibilities if p.differs and not p.is_old]
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
