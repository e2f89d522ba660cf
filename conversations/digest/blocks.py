"""Puts a digest in words: eight blocks, each a heading and a few lines; `most` characters of each quote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from conversations.digest.page import Digest, TaskView
from conversations.digest.silence import KEYS
from conversations.digest.starting import seen, short
from conversations.model import Key, Piece, Role, Run, Say
from conversations.visibility import Shown

Line = tuple[Piece, ...]
MARK = Run("• ")


def blocks(page: Digest, most: int, rows: int) -> Iterator[tuple[Say, list[Line]]]:
    """Give each block's heading and lines, with the reason where somebody's part is empty."""
    yield Say(id="digest.block_first"), [(MARK, say) for say in page.first]
    yield Say(id="digest.block_learning"), [*_learning(page, most, rows), *_silent(page, Key.LEARNING)]
    yield Say(id="digest.block_potential"), [*_potential(page, rows), *_silent(page, Key.POTENTIAL)]
    yield Say(id="digest.block_judgement"), [*_judgement(page, most, rows), *_silent(page, Key.JUDGEMENT)]
    yield Say(id="digest.block_guidance"), [*_guidance(page, most), *_silent(page, Key.GUIDANCE)]
    yield Say(id="digest.block_agenda"), [*_agenda(page, most, rows), *_silent(page, Key.AGENDA)]
    starters = [(Run(f"{n}. "), say) for n, say in enumerate(page.starters, start=1)]
    yield Say(id="digest.block_starters"), [*starters]


def header(page: Digest) -> Iterator[Line]:
    """Give who, where, when, how much was answered, and who said nothing at all and why."""
    student, trainer = page.counts[Role.STUDENT], page.counts[Role.TRAINER]
    counts = {"n": f"{student.answered}/{student.asked}", "m": f"{trainer.answered}/{trainer.asked}"}
    when = {"n": str(page.meeting.number), "m": str(page.meetings), "date": _day(page.on), "time": page.time}
    yield (Run(f"{page.student.first_name} · {page.stage.company}", bold=True),)
    place = Say(id=f"digest.place_{page.meeting.place.value}")
    yield (Say(id="digest.header_meeting", values=when), Run(", "), place)
    week = Say(id="digest.header_week", values={"x": str(page.week), "y": str(page.weeks)})
    yield (week, Run(" · "), Say(id="digest.header_counts", values=counts))
    for role in (Role.STUDENT, Role.TRAINER):
        if why := _throughout(page, role):
            yield (Say(id=f"digest.all_{role.value}"), Run(" "), why)


def quote(shown: Shown, most: int) -> Piece:
    """Give what somebody said, verbatim, or how long they spoke."""
    text = " / ".join(shown.texts)
    if text:
        return Run(f"„{short(text, most)}”")
    if shown.seconds is not None:
        return Say(id="digest.voice", values={"n": str(shown.seconds)})
    return Run(", ".join(shown.labels))


def dated(shown: Shown) -> Line:
    """Give the day, and a mark for an answer that came late."""
    late: Line = (Run(" "), Say(id="digest.late")) if shown.late else ()
    return (Run(f" ({_day(shown.on)})"), *late)


def _day(day: date) -> str:
    return f"{day.day}-{day.month}"


def _learning(page: Digest, most: int, rows: int) -> Iterator[Line]:
    for shown in page.quotes:
        asked: Line = (Run(f"{shown.wording}\n"),) if shown.wording else ()
        yield (MARK, *asked, quote(shown, most), *dated(shown))
    if page.feelings:
        felt = [
            f"{s.labels[0]} ({_day(s.on)}: {page.task_texts.get(s.task or '', '')})"
            for s in page.feelings[-rows:]
            if s.labels
        ]
        yield (MARK, Say(id="digest.feelings"), Run(" " + " → ".join(felt)))


def _potential(page: Digest, rows: int) -> Iterator[Line]:
    said = [p for p in page.possibilities if p.student is not None or p.trainer is not None]
    if said:
        yield (Say(id="digest.side_by_side"),)
    for one in said:
        mark: Line = (Run(" "), Say(id="digest.differs")) if one.differs else ()
        yield (MARK, Run(f"{one.label}: "), _yes(one.student), Run(" | "), _yes(one.trainer), *mark)
    yield from _tasks(page.tasks, rows)


def _yes(value: bool | None) -> Say:
    return Say(id={None: "digest.unknown", True: "digest.yes", False: "digest.no"}[value])


def _tasks(tasks: Iterable[TaskView], rows: int) -> Iterator[Line]:
    held = list(tasks)
    impossible = [t for t in held if t.practised is not None and t.practised.choices == ("impossible",)]
    done = [t for t in held if seen(t)]
    told = {t.id for t in [*impossible, *done]}
    for name, some in (
        ("done", done),
        ("impossible", impossible),
        ("open", [t for t in held if t.id not in told]),
    ):
        if some:
            texts = "; ".join(t.text for t in some[:rows]) + (
                f" (+{len(some) - rows})" if len(some) > rows else ""
            )
            yield (MARK, Say(id=f"digest.tasks_{name}"), Run(f" {texts}"))


def _judgement(page: Digest, most: int, rows: int) -> Iterator[Line]:
    told = [t for t in page.tasks if t.judgement is not None or t.self_view is not None]
    told.sort(key=lambda t: -t.gap)
    if told:
        yield (Say(id="digest.judged"),)
    for task in told[:rows]:
        yield (MARK, *_judged(task, most))
    for shown in page.impressions[:rows]:
        yield (MARK, quote(shown, most), *dated(shown))
    if page.general is not None and page.general.labels:
        yield (MARK, Say(id="digest.general"), Run(f" {page.general.labels[0]}"))


def _judged(task: TaskView, most: int) -> Iterator[Piece]:
    trainer = task.judgement.labels[0] if task.judgement and task.judgement.labels else None
    student = task.self_view.labels[0] if task.self_view and task.self_view.labels else None
    yield Run(f"{task.text}: ")
    yield Run(trainer) if trainer else Say(id="digest.unknown")
    yield Run(" | ")
    yield Run(student) if student else Say(id="digest.unknown")
    if trainer and task.before:
        yield Say(id="digest.before", values={"level": task.before})
    if task.judgement is not None and task.judgement.choices != ("not_seen",):
        yield Run(" | ")
        yield Run(f"„{short(task.example, most)}”") if task.example else Say(id="digest.no_example")


def _guidance(page: Digest, most: int) -> Iterator[Line]:
    guidance = page.guidance
    if guidance.choice is not None:
        judged = [t.judgement for t in page.tasks if t.judgement is not None and t.judgement.labels]
        beside = [j.labels[0] for j in judged if j.check_in == guidance.choice.check_in]
        values = {"choice": guidance.choice.labels[0], "judgement": beside[0] if beside else "–"}
        yield (MARK, Say(id="digest.choice", values=values))
    for name, shown in (("example", guidance.example), ("reason", guidance.reason)):
        if shown is not None:
            yield (MARK, Say(id=f"digest.guidance_{name}"), Run(" "), quote(shown, most), *dated(shown))
    if guidance.helped is not None:
        yield (MARK, Say(id="digest.helped"), Run(f" {', '.join(guidance.helped.labels)}"))
    if guidance.wanted is not None:
        yield (MARK, Say(id="digest.wanted"), Run(f" {', '.join(guidance.wanted.labels)}"))


def _agenda(page: Digest, most: int, rows: int) -> Iterator[Line]:
    for shown in page.agenda[-rows:]:
        who = page.student.first_name if shown.by is Role.STUDENT else page.trainer.name
        yield (MARK, Run(f"{who}: "), quote(shown, most), *dated(shown))


def _silent(page: Digest, key: Key) -> Iterator[Line]:
    """Say for each why there is nothing to read, unless the header said so for all keys at once."""
    for role in (Role.STUDENT, Role.TRAINER):
        why = page.silence.get((role, key))
        if why is not None and _throughout(page, role) is None:
            yield (Run("– "), Say(id=f"digest.silent_{role.value}"), Run(" "), why)


def _throughout(page: Digest, role: Role) -> Say | None:
    """Give the one reason why there is nothing from somebody at all, if it is one and the same."""
    reasons = [page.silence.get((role, key)) for key in KEYS[role]]
    return reasons[0] if all(r is not None and r == reasons[0] for r in reasons) else None
