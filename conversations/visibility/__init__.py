"""The only place where what one person wrote becomes something another person may see.

The rules are the table "Who may see what" of docs/product.md.

What comes out is either content that the reader may see, or a mark without content: that something was asked
and what became of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from conversations.dossier import Agreement
from conversations.facts import Material
from conversations.model import Reply, Role, Stage
from conversations.school import School
from conversations.visibility.reading import Desk, desk_of
from conversations.visibility.shown import Mark, Own, Reads, Shown, Visible

__all__ = [
    "Mark",
    "Own",
    "Reads",
    "Shown",
    "Visible",
    "agreements_for",
    "example_for_student",
    "for_self",
    "for_teacher",
    "own_answers",
]


def for_teacher(material: Material, school: School) -> Visible:
    """Divide what was said in a stage into what may be used in the meeting and what is the teacher's only.

    What was asked for the school at the end is no teacher's.
    """
    return _visible(desk_of(material, school, material.people[material.stage.teacher]))


def for_self(material: Material, school: School) -> Visible:
    """Give what the teacher gets from the student, in the student's language: nothing of the trainer."""
    visible = _visible(desk_of(material, school, material.people[material.stage.student]))
    return Visible(
        shared=tuple(shown for shown in visible.shared if shown.by is Role.STUDENT),
        private=tuple(shown for shown in visible.private if shown.by is Role.STUDENT),
        marks=tuple(mark for mark in visible.marks if mark.by is Role.STUDENT),
    )


def own_answers(material: Material, school: School) -> tuple[Own, ...]:
    """List all that the student of a stage gave, oldest first, with who reads it."""
    desk = desk_of(material, school, material.people[material.stage.student])
    return tuple(one for one in desk.given() if one.shown.by is Role.STUDENT)


def example_for_student(guided: Reply, consent: Reply | None) -> str | None:
    """Give the trainer's example of a guidance choice, where the trainer said that the student may read it.

    The consent is "yes" to the question "consent" of the same check-in, by the same person, given after the
    last change of the example (promise K4b).
    """
    if consent is None or consent.question != "consent" or consent.choices != ("yes",):
        return None
    same = (guided.check_in, guided.participant) == (consent.check_in, consent.participant)
    if not (same and consent.has_answer and guided.question == "guided" and guided.has_answer):
        return None
    if guided.answered is None or consent.answered is None or consent.answered < guided.answered:
        return None
    return guided.text.strip() or None if guided.text else None


def agreements_for(role: Role, stage: Stage, agreements: Iterable[Agreement]) -> tuple[Agreement, ...]:
    """Give the agreements that somebody in a role may see: those of meetings at which they were present.

    The teacher wrote them down, and sees all of them.
    """
    there = {m.number for m in stage.meetings if role is Role.TEACHER or role in m.present}
    return tuple(a for a in agreements if a.stage == stage.id and a.meeting in there and not a.gone)


def _visible(desk: Desk) -> Visible:
    given = [one for one in desk.given() if one.reads is not Reads.SCHOOL]
    return Visible(
        shared=tuple(one.shown for one in given if one.reads is Reads.MEETING),
        private=tuple(one.shown for one in given if one.reads is not Reads.MEETING),
        marks=tuple(desk.marks()),
    )
