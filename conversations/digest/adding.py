"""What comes after a digest: answers of the days before the meeting, and those of after the last one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from conversations.digest.building import late, since
from conversations.digest.lines import BREAK, MARK, Line, Pieces, dated, in_full, joined
from conversations.digest.said import BEGINNING
from conversations.facts import Material
from conversations.messages import Piece, Run, Say
from conversations.model import Role
from conversations.school import School
from conversations.visibility import Shown


def addendum(material: Material, school: School, number: int) -> tuple[Pieces, ...]:
    """Give what came in after the digest went out, 🔒 apart; nothing when nothing came."""
    meeting = next(m for m in material.stage.meetings if m.number == number)
    return _told(material, *late(material, school, meeting), "digest.addendum")


def last(material: Material, school: School, now: datetime) -> tuple[Pieces, ...] | None:
    """Give at the end of a stage what no digest told any more, 🔒 apart; None when nothing came."""
    read = [d.addendum_at or d.at for d in material.digests if not d.missed]
    shared, private = since(material, school, max(read, default=BEGINNING))
    shared, private = ([s for s in some if s.at <= now] for some in (shared, private))
    return _told(material, shared, private, "digest.last") or None


def apart(name: str, private: Iterable[Shown]) -> Pieces:
    """Give what only the teacher may know, headed so that nobody reads it aloud."""
    head: Line = (Say(id="digest.private_head", values={"name": name}, bold=True),)
    questions = ((s, Run(s.wording) if s.wording else Say(id="digest.unasked")) for s in private)
    return joined([head, *((MARK, asked, *_answer(shown)) for shown, asked in questions)], "\n")


def _told(
    material: Material, shared: Iterable[Shown], private: Iterable[Shown], title: str
) -> tuple[Pieces, ...]:
    name = material.people[material.stage.student].first_name
    head: Line = (Say(id=title, values={"name": name}, bold=True),)
    lines = [_line(material, shown) for shown in shared]
    alone = list(private)
    told = (joined([head, *lines], "\n"),) if lines else ()
    return (*told, apart(name, alone)) if alone else told


def _line(material: Material, shown: Shown) -> Line:
    """Give one answer in full, with who gave it and the question as it was asked."""
    student = shown.by is Role.STUDENT
    name = material.people[material.stage.student].first_name
    if shown.wording:
        trainer = Say(id="digest.former_first" if shown.former else "digest.trainer_first")
        by: Piece = Run(name) if student else trainer
        return (MARK, by, Run(f": {shown.wording}"), *_answer(shown))
    if shown.former:
        return (MARK, Say(id="digest.wants_former"), *_answer(shown))
    who = name if student else material.people[material.stage.trainer].name
    return (MARK, Say(id="digest.wants", values={"name": who}), *_answer(shown))


def _answer(shown: Shown) -> Line:
    return (BREAK, *in_full(shown), *dated(shown))
