"""What goes first, and three questions to open the meeting with: by fixed rules (docs/starters.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from conversations.digest.page import Digest, TaskView
from conversations.model import Role, Say
from conversations.visibility import Shown

MOST_FIRST, STARTERS = 2, 3
BIG_GAP = 2  # steps between judgement and self-view
CHORES = 2  # times "niets hiervan" or "weinig hulp" (promise S2)
HEAVY = frozenset({"boring", "annoying"})
DONE = frozenset({"with_help", "alone"})
QUOTE = 80  # characters of what somebody said that fit in a starter


def complete(page: Digest, wishes: Sequence[Shown], *, third: bool) -> Digest:
    """Put first what needs attention, and choose the starters."""
    return replace(
        page,
        first=tuple(islice(_first(page, third=third), MOST_FIRST)),
        starters=tuple(islice(_starters(page, wishes), STARTERS)),
    )


def short(text: str, most: int) -> str:
    """Cut a text at a word, with … where something was left out."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    cut = flat[:most].rsplit(" ", maxsplit=1)[0] if " " in flat[:most] else flat[:most]
    return f"{cut.rstrip(' ,;:.')}…"


def chores(shown: Iterable[Shown]) -> int:
    """Count how often a student said that there was nothing to learn from, or little help."""
    return sum(bool({"none", "little_help"} & set(s.choices)) for s in shown if s.by is Role.STUDENT)


def seen(task: TaskView) -> bool:
    """Tell whether somebody said that the student has done a task."""
    judged = task.judgement is not None and task.judgement.choices != ("not_seen",)
    practised = task.practised is not None and bool(DONE & set(task.practised.choices))
    viewed = task.self_view is not None and task.self_view.choices != ("not_done",)
    return judged or practised or viewed


def _first(page: Digest, *, third: bool) -> Iterator[Say]:
    if page.general is not None and page.general.choices in (("worried",), ("doubt",)):
        said = page.general.labels[0] if page.general.labels else ""
        yield Say(id="digest.first_general", values={"trainer": page.trainer.name, "said": said})
    told, apart = _told(page), chores(page.private)
    if told >= CHORES:
        yield Say(id="digest.first_chores", values={"name": page.student.first_name, "n": str(told)})
    elif told + apart >= CHORES:
        yield Say(id="digest.first_apart")
    if gap := _widest(page.tasks):
        yield Say(id="digest.first_gap", values={"task": gap.text})
    missing = [task.text for task in page.tasks if not seen(task)]
    if third and missing:
        values = {"n": str(len(missing)), "m": str(len(page.tasks)), "tasks": _list(missing, 3)}
        yield Say(id="digest.first_coverage", values=values)


def _told(page: Digest) -> int:
    helped = [page.guidance.helped] if page.guidance.helped else []
    return chores(helped) + page.times_none


def _widest(tasks: Iterable[TaskView]) -> TaskView | None:
    wide = [task for task in tasks if task.gap >= BIG_GAP]
    return max(wide, key=lambda task: task.gap, default=None)


def _starters(page: Digest, wishes: Sequence[Shown]) -> Iterator[Say]:
    """Give the starters whose rule applies, in the order of docs/starters.md, then those that always do."""
    name = {"name": page.student.first_name}
    if _told(page) >= CHORES:
        yield Say(id="digest.start_chores", values=name)
    if task := _widest(page.tasks):
        yield Say(id="digest.start_gap", values={"task": task.text})
    yield from _from_words(page, wishes, name)
    if differs := next((p for p in page.possibilities if p.differs), None):
        yield Say(id="digest.start_possibility", values=name | {"what": differs.label})
    if heavy := next((s for s in reversed(page.feelings) if HEAVY & set(s.choices)), None):
        task_text = page.task_texts.get(heavy.task or "", "")
        yield Say(id="digest.start_feeling", values={"task": task_text, "feeling": heavy.labels[0]})
    if untouched := next((t for t in page.tasks if not seen(t)), None):
        yield Say(id="digest.start_task", values={"task": untouched.text})
    for always in ("moment", "next", "agreement"):
        yield Say(id=f"digest.start_{always}", values=name if always != "agreement" else {})


def _from_words(page: Digest, wishes: Sequence[Shown], name: dict[str, str]) -> Iterator[Say]:
    """Give the starters that quote what somebody wrote, in the order of docs/starters.md."""
    sources = (
        ("agenda", [s for s in page.agenda if s.by is Role.STUDENT]),
        ("wish", wishes),
        ("guidance", [page.guidance.example] if page.guidance.example else []),
        ("quote", page.quotes[:1]),
    )
    for rule, shown in sources:
        if said := next((s for s in reversed(shown) if s.texts), None):
            yield Say(id=f"digest.start_{rule}", values=name | {"text": short(said.texts[0], QUOTE)})


def _list(items: Sequence[str], most: int) -> str:
    rest = len(items) - most
    return "; ".join(items[:most]) + (f" (+{rest})" if rest > 0 else "")
