"""The four keys in words: a few lines each, in the order of what to talk about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conversations.digest.attention import BIG_GAP, is_worry, knows_nobody
from conversations.digest.lines import (
    BREAK,
    MARK,
    NAME,
    Detail,
    Line,
    Size,
    answer,
    asked,
    changed,
    dated,
    day,
    joined,
    labelled,
    marks,
    short,
    who,
)
from conversations.digest.page import Digest, TaskView
from conversations.digest.potential import potential
from conversations.messages import Piece, Run, Say
from conversations.model import Key, Role
from conversations.visibility import Shown


def key_lines(page: Digest, key: Key, size: Size) -> Iterator[Line]:
    """Give the lines of one key; nothing for what is no key."""
    match key:
        case Key.LEARNING:
            yield from _learning(page, size)
        case Key.POTENTIAL:
            yield from potential(page, size)
        case Key.JUDGEMENT:
            yield from _judgement(page, size)
        case Key.GUIDANCE:
            yield from _guidance(page, size)
        case _:
            pass


# ---- key 1 ----------------------------------------------------------------------------------------------


def _learning(page: Digest, size: Size) -> Iterator[Line]:
    learning = page.learning
    for quote in learning.quotes:
        where = [t for t in learning.transfers if size.detail >= Detail.MUCH and t.check_in == quote.check_in]
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
    task = f", {short(page.task_text(shown), size.task)}" if size.detail > Detail.BARE else ""
    return (*answer(shown, NAME), Run(" ("), *day(shown.on), *marks(shown), Run(f"{task})"))


def _felt_before(shown: Shown | None) -> list[Line]:
    return [(*answer(shown, NAME), Run(" ("), Say(id="digest.last_time"), Run(")"))] if shown else []


def _why(page: Digest, shown: Shown, size: Size) -> Line:
    if size.detail < Detail.ALL:
        return ()
    whys = [w for w in page.learning.whys if w.check_in == shown.check_in]
    return (BREAK, *answer(whys[-1], size.quote), *dated(whys[-1])) if whys else ()


# ---- key 3 ----------------------------------------------------------------------------------------------


def _judgement(page: Digest, size: Size) -> Iterator[Line]:
    told = [task for task in page.tasks if task.judgement.now or task.self_view.now]
    told.sort(key=lambda task: (-task.gap, task.judgement.now is None))
    if told:
        yield (who(page, Role.TRAINER, first=True), Run(" | "), who(page, Role.STUDENT))
    for task in told[: size.rows]:
        yield (MARK, *_judged(page, task, size))
    impressions = page.judgement.impressions if size.detail >= Detail.ALL else page.judgement.impressions[:1]
    for shown in impressions if size.detail >= Detail.MUCH else ():
        yield (MARK, *labelled(shown.question, shown, size.quote), *dated(shown))
    if page.judgement.general.now is not None and not is_worry(page) and size.detail >= Detail.MUCH:
        yield (MARK, Say(id="digest.general"), Run(" "), *changed(page.judgement.general, size.quote))


def _judged(page: Digest, task: TaskView, size: Size) -> Iterator[Piece]:
    views = (changed(task.judgement, NAME), changed(task.self_view, NAME))
    own = Detail.BARE if task.gap >= BIG_GAP else Detail.ALL  # the less they agree, the more it is needed
    yield from (Run(f"{short(task.text, size.task)}: "), *joined(views, " | "))
    for role, shown in ((Role.TRAINER, task.example), (Role.STUDENT, task.own_example)):
        head = (BREAK, who(page, role, first=True), Run(": "))
        if shown is not None and (role is Role.TRAINER or size.detail >= own):
            yield from (*head, *answer(shown, size.quote), *dated(shown))
        elif role is Role.TRAINER and task.lacks_example:
            yield from (*head, Say(id="digest.no_example"))


# ---- key 4 ----------------------------------------------------------------------------------------------


def _guidance(page: Digest, size: Size) -> Iterator[Line]:
    guidance, name = page.guidance, {"name": page.student.first_name}
    choice = guidance.choice
    if choice is not None:
        yield (MARK, *labelled("choice", choice, size.quote), *dated(choice), *_beside(page, size))
    if guidance.example is not None:
        example = (
            *labelled("guidance_example", guidance.example, size.quote),
            *dated(guidance.example, choice),
        )
        yield (MARK, *example, *_recognised(guidance.recognised, name))
    if guidance.reason is not None:
        yield (
            MARK,
            *labelled("guidance_reason", guidance.reason, size.quote),
            *dated(guidance.reason, choice),
        )
    knows = guidance.who if size.detail >= Detail.ALL else None
    for row, shown in (("helped", guidance.helped), ("wanted", guidance.wanted), ("knows", knows)):
        if shown is not None and not knows_nobody(shown):
            yield (MARK, *labelled(row, shown, size.quote, name), *(dated(shown) if shown.texts else ()))


def _recognised(recognised: Shown | Say | None, name: Mapping[str, str]) -> Line:
    """Say whether the student recognises an example, or why nothing is known of that (promise K4b)."""
    if recognised is None:
        return ()
    head = (BREAK, Say(id="digest.recognised", values=name), Run(" "))
    return (*head, recognised) if isinstance(recognised, Say) else (*head, *answer(recognised, NAME))


def _beside(page: Digest, size: Size) -> Line:
    """Give the judgement that was given with a choice of guidance (promise K4c), and its task if unclear."""
    judged = page.guidance.judged
    if judged is None:
        return ()
    several = sum(task.judgement.now is not None for task in page.tasks) > 1
    task = f" ({short(page.task_text(judged), size.task)})" if several else ""
    return (Run(" | "), Say(id="digest.judged"), Run(" "), *answer(judged, NAME), Run(task))
