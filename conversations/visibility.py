"""The only place where what one person wrote becomes something another person may see.

The rules are the table "Who may see what" of PRODUCT.md.

What comes out is either content that the reader may see, or a mark without content: that something was asked
and what became of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from conversations.calendar import to_local
from conversations.facts import Material
from conversations.model import CheckIn, CheckInId, Key, Language, Note, Reply, Role, Share, Status
from conversations.question_set import Question
from conversations.school import School


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one person answered to a question, follow-ups included, or left as a note, for one reader.

    `labels` are the chosen buttons in the reader's language, `wording` is the question as it was asked (empty
    for a note), `seconds` the length of a voice message, `on` the local day.
    """

    by: Role
    key: Key
    check_in: CheckInId | None
    question_set: str
    question: str
    wording: str
    task: str | None
    asked: datetime
    at: datetime
    on: date
    texts: tuple[str, ...]
    choices: tuple[str, ...]
    labels: tuple[str, ...]
    seconds: int | None
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """That a question was put and what became of it: no word of what was answered."""

    by: Role
    key: Key
    asked: datetime
    on: date
    status: Status
    answered: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """What the teacher of a stage may see: to use in the meeting (💬), and to read alone (🔒)."""

    shared: tuple[Shown, ...]
    private: tuple[Shown, ...]
    marks: tuple[Mark, ...]


def for_teacher(material: Material, school: School) -> Visible:
    """Divide what was said in a stage into what may be used in the meeting and what is the teacher's only."""
    desk = _Desk(material, school, {check_in.id: check_in for check_in in material.check_ins})
    answers = list(desk.answers())
    notes = [(desk.note(note), desk.is_private_note(note)) for note in material.notes if not note.gone]
    everything = sorted([*answers, *notes], key=lambda pair: (pair[0].at, pair[0].question))
    return Visible(
        shared=tuple(shown for shown, private in everything if not private),
        private=tuple(shown for shown, private in everything if private),
        marks=tuple(desk.marks()),
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """A stage's material with what is needed to read it."""

    material: Material
    school: School
    check_ins: Mapping[CheckInId, CheckIn]

    def answers(self) -> Iterator[tuple[Shown, bool]]:
        """Give every answer with its follow-ups, and whether it is private.

        A tap on a gate is no answer; what somebody typed there counts as a note for the meeting.
        """
        for parts in self._parts():
            check_in = self.check_ins.get(parts[0].check_in)
            if check_in is None:
                continue
            shown = self._shown(parts, check_in)
            if self._is_gate(parts[0]):
                shown = replace(shown, key=Key.AGENDA, choices=(), labels=())
            if shown.choices or shown.texts or shown.seconds is not None:
                yield shown, any(self._is_private(part) for part in parts)

    def marks(self) -> Iterator[Mark]:
        """Give a mark for each question that counts: no follow-ups, no gates."""
        for reply in sorted(self.material.replies, key=lambda r: (r.asked, r.check_in, r.question)):
            if not reply.is_follow_up and not self._is_gate(reply):
                yield Mark(
                    by=self._role(reply),
                    key=reply.key,
                    asked=reply.asked,
                    on=self._day(reply.asked),
                    status=reply.status,
                    answered=reply.answered if reply.has_answer else None,
                )

    def note(self, note: Note) -> Shown:
        """Give a note for the meeting: it belongs to its writer's own agenda."""
        return Shown(
            by=self._role(note),
            key=Key.AGENDA,
            check_in=None,
            question_set="",
            question="",
            wording="",
            task=None,
            asked=note.at,
            at=note.at,
            on=self._day(note.at),
            texts=(note.text,) if note.text.strip() else (),
            choices=(),
            labels=(),
            seconds=note.voice.seconds if note.voice else None,
            late=False,
        )

    def is_private_note(self, note: Note) -> bool:
        """Tell whether only the teacher may read a note; a trainer's notes are for the meeting."""
        return self._role(note) is Role.STUDENT and note.share is not Share.MEETING

    def _parts(self) -> Iterator[tuple[Reply, ...]]:
        """Give each question's replies that hold something: the answer first, then its follow-ups."""
        groups: dict[tuple[CheckInId, str], list[Reply]] = {}
        for reply in sorted(self.material.replies, key=lambda r: (r.is_follow_up, r.asked, r.question)):
            if _is_given(reply):
                base = reply.question.split(".", maxsplit=1)[0]
                groups.setdefault((reply.check_in, base), []).append(reply)
        yield from map(tuple, groups.values())

    def _shown(self, parts: tuple[Reply, ...], check_in: CheckIn) -> Shown:
        first = parts[0]
        at = max(part.answered or part.asked for part in parts)
        return Shown(
            by=self._role(first),
            key=first.key,
            check_in=check_in.id,
            question_set=check_in.question_set,
            question=first.question.split(".", maxsplit=1)[0],
            wording=first.wording,
            task=check_in.task,
            asked=first.asked,
            at=at,
            on=self._day(at),
            texts=tuple(part.text for part in parts if part.text and part.text.strip()),
            choices=first.choices,
            labels=tuple(self._labels(first)),
            seconds=next((part.voice.seconds for part in parts if part.voice), None),
            late=any(part.status is Status.LATE for part in parts),
        )

    def _labels(self, reply: Reply) -> Iterable[str]:
        question = self._question(reply)
        known = {choice.id: choice.label for choice in question.choices} if question else {}
        return (known[c].to(self._language) if c in known else c for c in reply.choices)

    def _is_private(self, reply: Reply) -> bool:
        """Tell whether only the teacher may read it. What is not known to be shareable stays private."""
        if self._role(reply) is not Role.STUDENT:
            return False
        question = self._question(reply)
        return question is None or question.always_private or reply.share is not Share.MEETING

    def _is_gate(self, reply: Reply) -> bool:
        question = self._question(reply)
        return question is not None and question.gate

    def _question(self, reply: Reply) -> Question | None:
        check_in = self.check_ins.get(reply.check_in)
        questions = self.school.question_sets.get(check_in.question_set) if check_in else None
        return questions.question(reply.question) if questions else None

    def _role(self, given: Reply | Note) -> Role:
        return Role.STUDENT if given.participant == self.material.stage.student else Role.TRAINER

    def _day(self, moment: datetime) -> date:
        return to_local(self.school.calendar, moment).date()

    @property
    def _language(self) -> Language:
        return self.material.people[self.material.stage.teacher].language


def _is_given(reply: Reply) -> bool:
    """Tell whether a reply holds something that was given: ticks without [Klaar] do not count."""
    waiting_with_text = reply.status is Status.OPEN and bool(reply.text or reply.voice)
    return reply.has_answer or waiting_with_text
