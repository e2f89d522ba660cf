"""Puts a digest in words: each block a heading and a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from conversations.digest.keys import key_lines
from conversations.digest.lines import (
    BREAK,
    MARK,
    NAME,
    Detail,
    Line,
    Size,
    answer,
    asked,
    dated,
    day,
    joined,
    labelled,
    more,
    short,
    weekday,
    who,
)
from conversations.digest.page import BOTH, Agreed, Digest
from conversations.digest.silence import KEYS
from conversations.messages import Run, Say
from conversations.model import Key, Role

FOUR = (Key.LEARNING, Key.POTENTIAL, Key.JUDGEMENT, Key.GUIDANCE)


def blocks(page: Digest, size: Size) -> Iterator[tuple[Say, list[Line]]]:
    """Give each block's heading and lines, with the reason where somebody's part is empty."""
    starters: list[Line] = [(Run(f"{n}. "), say) for n, say in enumerate(page.starters, start=1)]
    yield Say(id="digest.block_first"), [(MARK, say) for say in page.first]
    if page.nobody_joined:
        yield Say(id="digest.block_starters"), starters
        return
    for key in FOUR:
        free = page.others[key][-size.rows :] if size.detail >= Detail.MUCH else ()
        others = ((MARK, *asked(shown, size)) for shown in free)
        lines = [*key_lines(page, key, size), *others, *_silent(page, key)]
        yield Say(id=f"digest.block_{key.value}"), lines
    yield Say(id="digest.block_agreed"), list(_agreements(page, size))
    yield Say(id="digest.block_visit"), [(MARK, say) for say in page.visit[: size.visit]]
    agenda = [*_agenda(page, size), *_silent(page, Key.AGENDA)]
    yield Say(id="digest.block_starters"), [*agenda, *starters]


def header(page: Digest) -> Iterator[Line]:
    """Give who, where, when, how much was answered, and who said nothing at all and why."""
    company = short(page.stage.company, NAME)
    yield (Run(f"{page.student.first_name} · {company}", bold=True),)
    numbers = {"n": str(page.header.meeting.number), "m": str(len(page.stage.meetings))}
    place = Say(id=f"digest.place_{page.header.meeting.place.value}")
    meeting = Say(id="digest.header_meeting", values=numbers)
    yield (meeting, Run(" "), *weekday(page.header.on), Run(f" {page.header.time}, "), place)
    week = Say(id="digest.header_week", values={"x": str(page.header.week), "y": str(page.header.weeks)})
    counts = joined(((who(page, role), Run(" "), _count(page, role)) for role in BOTH), ", ")
    yield (week, Run(" · "), Say(id="digest.header_counts"), Run(" "), *counts)
    if page.nobody_joined:
        yield (Say(id="digest.nobody_joined", values={"name": page.student.first_name}),)
        return
    for role in BOTH:
        if why := _throughout(page, role):
            name = {"name": page.student.first_name} if role is Role.STUDENT else {}
            yield (Say(id=f"digest.nothing_{role.value}", values=name), Run(" "), why)


def _count(page: Digest, role: Role) -> Say:
    count = page.header.counts[role]
    if not count.asked:
        return Say(id="digest.count_none")
    return Say(id="digest.count", values={"n": str(count.answered), "m": str(count.asked)})


def _silent(page: Digest, key: Key) -> Iterator[Line]:
    """Say for each why there is nothing to read, unless the header said so for all keys at once."""
    for role in BOTH:
        why = page.silence.get((role, key))
        if why is not None and _throughout(page, role) is None:
            yield (Run("– "), *_of_what(page, role, key), why)


def _of_what(page: Digest, role: Role, key: Key) -> Line:
    """Name who says nothing; below "Open het gesprek" also about what, for that heading does not tell it."""
    if key is Key.AGENDA:
        return Say(id="digest.wants_silent", values={"name": page.student.first_name}), Run(" ")
    return who(page, role, first=True), Run(": ")


def _throughout(page: Digest, role: Role) -> Say | None:
    """Give the one reason why there is nothing from somebody at all, if it is one and the same."""
    if page.header.counts[role].answered:
        return None
    reasons = [page.silence.get((role, key)) for key in KEYS[role]]
    return reasons[0] if all(r is not None and r == reasons[0] for r in reasons) else None


# ---- what was agreed, and what they want to discuss -------------------------------------------------------


def _agreements(page: Digest, size: Size) -> Iterator[Line]:
    """Give what was agreed last time and whether it was done, as both say (promise P1)."""
    for agreed in page.agreed[: size.rows]:
        both = agreed.answers[Role.STUDENT], agreed.answers[Role.TRAINER]
        same: Line | None = (both[0],) if both[0] == both[1] and isinstance(both[0], Say) else None
        answers = same or joined([_kept(page, agreed, role) for role in BOTH], " · ")
        text = Run(f"“{short(agreed.text, size.quote)}” (")
        yield (MARK, text, *day(agreed.on), Run(")"), BREAK, Say(id="digest.kept"), Run(" "), *answers)
    if len(page.agreed) > size.rows:
        yield (MARK, more(len(page.agreed) - size.rows))


def _kept(page: Digest, agreed: Agreed, role: Role) -> Line:
    said = agreed.answers[role]
    kept: Line = (said,) if isinstance(said, Say) else answer(said, NAME)
    return (who(page, role), Run(": "), *kept)


def _agenda(page: Digest, size: Size) -> Iterator[Line]:
    for shown in page.agenda[-size.rows :]:
        name = page.student.first_name if shown.by is Role.STUDENT else short(page.trainer.name, NAME)
        row, values = ("wants_former", {}) if shown.former else ("wants", {"name": name})
        yield (MARK, *labelled(row, shown, size.quote, values), *dated(shown))
