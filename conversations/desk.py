"""A check-in as it lies on the desk: the facts around it, and the words it is put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from conversations.facts import ChatFacts, Entity
from conversations.messages import Lane, Outgoing
from conversations.model import CheckIn, CheckInId, Participant, ParticipantId, Reply, Stage, StageId
from conversations.question_set import Question, QuestionSet
from conversations.school import School

_PLACE = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A line for the access log: who was shown what of a stage; `what` holds no word of anybody."""

    by: ParticipantId
    what: str  # "digest 2", "students"
    stage: StageId


@dataclass(frozen=True, slots=True)
class Decision:
    """What changes and what goes out, in order."""

    changed: tuple[Entity, ...] = ()
    out: tuple[Outgoing, ...] = ()
    seen: tuple[Seen, ...] = ()

    def __add__(self, other: Decision) -> Decision:
        return Decision(self.changed + other.changed, self.out + other.out, self.seen + other.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A check-in with its stage, whose turn it is, the school, and the moment."""

    facts: ChatFacts
    check_in: CheckIn
    school: School
    now: datetime
    lane: Lane
    replies: Mapping[str, Reply]

    @property
    def me(self) -> Participant:
        """Give the participant who is asked."""
        return self.facts.me

    @property
    def stage(self) -> Stage:
        """Give the stage that the check-in is about."""
        return self.facts.stage(self.check_in.stage)

    @property
    def for_student(self) -> bool:
        """Tell whether the student of the stage is asked, and not the trainer."""
        return self.me.id == self.stage.student

    @property
    def questions(self) -> QuestionSet | None:
        """Give the question set, unless its file has gone since."""
        return self.school.question_sets.get(self.check_in.question_set)

    @property
    def quoted(self) -> frozenset[str]:
        """Name the places that quotes fill in this check-in."""
        return frozenset(quote.place for quote in self.check_in.quotes)

    def question(self, question_id: str) -> Question | None:
        """Find a question of the set; a follow-up's id finds the question it belongs to."""
        return self.questions.question(question_id) if self.questions else None

    def after(self, decision: Decision) -> Desk:
        """Give the desk as it is after a decision."""
        facts = self.facts.with_changed(decision.changed)
        return lay_out(facts, self.check_in.id, self.school, self.now, self.lane)


def lay_out(
    facts: ChatFacts, check_in: CheckInId, school: School, now: datetime, lane: Lane = Lane.ANSWER
) -> Desk:
    """Lay out a check-in that the facts hold."""
    found = next(c for c in facts.check_ins if c.id == check_in)
    return Desk(
        facts=facts, check_in=found, school=school, now=now, lane=lane, replies=facts.replies_to(check_in)
    )


def wording(at: Desk, question: Question) -> str:
    """Give a question in the words and the language of whom it is put to."""
    return fill(at, question.text.to(at.me.language, at.me.address))


def fill(at: Desk, text: str) -> str:
    """Put first name, company, task and quotes in a text's places; braces in a value stay as they are."""
    student = at.facts.people.get(at.stage.student, at.me)
    values = {quote.place: quote.text for quote in at.check_in.quotes}
    values |= {"voornaam": student.first_name, "bedrijf": at.stage.company, "taak": task_text(at)}
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def task_text(at: Desk) -> str:
    """Give the check-in's task in plain words."""
    programme = at.school.programmes.get(at.stage.programme)
    tasks = programme.tasks if programme else ()
    found = next((t for t in tasks if t.id == at.check_in.task), None)
    return found.text.to(at.me.language, at.me.address) if found else ""


def heading(at: Desk) -> str:
    """Name the student above a trainer's question, and the company where a student has several stages."""
    if at.for_student:
        return at.stage.company if len(at.facts.stages) > 1 else ""
    student = at.facts.people[at.stage.student]
    others = [s for s in at.facts.stages if s.id != at.stage.id and not s.ended]
    same = any(at.facts.people[s.student].first_name == student.first_name for s in others)
    return student.name if same else student.first_name


def label(question: Question, choice: str, me: Participant) -> str:
    """Give a choice's label as the person sees it."""
    found = next((c for c in question.choices if c.id == choice), None)
    return found.label.to(me.language, me.address) if found else choice
