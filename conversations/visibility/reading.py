"""Reads a stage's material: every answer with its parts, every note, and who may read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from conversations.calendar import to_local
from conversations.facts import Material
from conversations.model import (
    CheckIn,
    CheckInId,
    Key,
    Language,
    Note,
    Participant,
    Reply,
    Role,
    Share,
    Status,
)
from conversations.question_set import COVER_MARKS, Kind, Question, covers
from conversations.school import School
from conversations.visibility.shown import Mark, Own, Reads, Shown


def desk_of(material: Material, school: School, reader: Participant) -> Desk:
    """Lay out the material of a stage for a reader."""
    check_ins = {check_in.id: check_in for check_in in material.check_ins}
    return Desk(material, school, check_ins, reader.language)


@dataclass(frozen=True, slots=True)
class Desk:
    """A stage's material with what is needed to read it."""

    material: Material
    school: School
    check_ins: Mapping[CheckInId, CheckIn]
    language: Language  # of who reads it

    def given(self) -> list[Own]:
        """Give all answers and notes, oldest first."""
        notes = [
            Own(shown=self.note(note), reads=self.reads_note(note), note=note)
            for note in self.material.notes
            if not note.gone
        ]
        return sorted([*self.answers(), *notes], key=lambda one: (one.shown.at, one.shown.question))

    def answers(self) -> Iterator[Own]:
        """Give every answer with its follow-ups, and who reads it.

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
                yield Own(shown=shown, reads=self._reads(parts), parts=parts)

    def marks(self) -> Iterator[Mark]:
        """Give a mark for each question that counts: no follow-ups, no gates, nothing of the survey."""
        for reply in sorted(self.material.replies, key=lambda r: (r.asked, r.check_in, r.question)):
            counts = not reply.is_follow_up and not self._is_gate(reply)
            if counts and reply.key is not Key.SURVEY:
                yield Mark(
                    by=self._role(reply),
                    key=reply.key,
                    asked=reply.asked,
                    on=self._day(reply.asked),
                    status=reply.status,
                    answered=reply.answered if reply.has_answer else None,
                    check_in=reply.check_in,
                    question=reply.question,
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
            former=self._is_former(note),
        )

    def reads_note(self, note: Note) -> Reads:
        """Tell who reads a note; a trainer's notes are for the meeting."""
        shared = self._role(note) is not Role.STUDENT or note.share is Share.MEETING
        return Reads.MEETING if shared else Reads.PRIVATE

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
        at = max(part.answered or part.written or part.asked for part in parts)
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
            on=self._day(_said(parts)),
            texts=tuple(part.text for part in parts if part.text and part.text.strip()),
            choices=first.choices,
            labels=tuple(self._labels(first)),
            seconds=next((part.voice.seconds for part in parts if part.voice), None),
            late=any(part.status is Status.LATE for part in parts),
            former=self._is_former(first),
        )

    def _labels(self, reply: Reply) -> Iterable[str]:
        question = self._question(reply)
        if question is not None and question.kind is Kind.COVERAGE:
            return self._covered(reply)
        known = {choice.id: choice.label for choice in question.choices} if question else {}
        return (known[c].to(self.language) if c in known else c for c in reply.choices)

    def _covered(self, reply: Reply) -> Iterator[str]:
        """Give how each task stands, as it was shown on the buttons."""
        programme = self.school.programmes.get(self.material.stage.programme)
        names = {task.id: task.text.to(self.language) for task in programme.tasks} if programme else {}
        for task, state in covers(reply.choices).items():
            yield f"{COVER_MARKS[state]} {names.get(task, task)}"

    def _reads(self, parts: tuple[Reply, ...]) -> Reads:
        """Tell who reads an answer with its parts. What is not known to be shareable stays private."""
        if any(part.key is Key.SURVEY for part in parts):
            return Reads.SCHOOL
        if self._role(parts[0]) is not Role.STUDENT:
            return Reads.MEETING
        question = self._question(parts[0])
        if question is None or question.always_private or any(part.key is Key.SAFETY for part in parts):
            return Reads.ALWAYS
        shared = all(part.share is Share.MEETING for part in parts)
        return Reads.MEETING if shared else Reads.PRIVATE

    def _is_gate(self, reply: Reply) -> bool:
        question = self._question(reply)
        return question is not None and question.gate

    def _question(self, reply: Reply) -> Question | None:
        check_in = self.check_ins.get(reply.check_in)
        questions = self.school.question_sets.get(check_in.question_set) if check_in else None
        return questions.question(reply.question) if questions else None

    def _role(self, given: Reply | Note) -> Role:
        return Role.STUDENT if given.participant == self.material.stage.student else Role.TRAINER

    def _is_former(self, given: Reply | Note) -> bool:
        """Tell whether it came from a trainer who no longer guides this student."""
        return given.participant not in (self.material.stage.student, self.material.stage.trainer)

    def _day(self, moment: datetime) -> date:
        return to_local(self.school.calendar, moment).date()


def _said(parts: tuple[Reply, ...]) -> datetime:
    """Say when an answer was given: words that waited for a button were there before it was complete."""
    first = parts[0]
    if first.written is not None and first.text:
        return first.written
    return max(part.answered or part.asked for part in parts)


def _is_given(reply: Reply) -> bool:
    """Tell whether a reply holds something that was given: ticks without [Klaar] do not count."""
    waiting_with_text = reply.status is Status.OPEN and bool(reply.text or reply.voice)
    return reply.has_answer or waiting_with_text
