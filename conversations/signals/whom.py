"""Whom a student can ask, and what (promise P4)."""

from __future__ import annotations

from datetime import datetime

from conversations.desk import Decision
from conversations.dossier import Signal, SignalId, SignalKind
from conversations.facts import ChatFacts
from conversations.messages import Message, Piece, Run, Say
from conversations.model import Reach, Stage
from conversations.school import School
from conversations.signals.contacts import values
from conversations.signals.reaching_out import studied, to_teacher


def asked(facts: ChatFacts, school: School) -> Decision:
    """Say whom a student can turn to with what."""
    return Decision((), (Message(to=facts.me.id, pieces=_whom(facts, studied(facts), school)),))


def does_not_know(facts: ChatFacts, stage: Stage, school: School, now: datetime) -> Decision:
    """Tell the teacher at once that a student does not know whom to ask, and tell the student whom."""
    teacher = facts.people[stage.teacher]
    there = teacher.reach is Reach.JOINED
    signal = Signal(
        id=SignalId(facts.new_ids[0]), stage=stage.id, by=facts.me.id, kind=SignalKind.WHO, at=now
    )
    first = Say(id="whom.told" if there else "whom.ask", values={"teacher": teacher.name})
    answer = Message(to=facts.me.id, pieces=(first, *_whom(facts, [stage], school)))
    done = Decision((signal,), (answer,))
    return done + to_teacher(facts, stage, signal) if there else done


def _whom(facts: ChatFacts, stages: list[Stage], school: School) -> tuple[Piece, ...]:
    own = [piece for stage in stages for piece in _at_company(facts, stage, named=len(stages) > 1)]
    apart = Say(id="whom.confidential", values=values(school, "confidential"))
    return (Say(id="whom.title", bold=True), *own, apart)


def _at_company(facts: ChatFacts, stage: Stage, *, named: bool) -> tuple[Piece, ...]:
    """Name trainer and teacher; where the trainer stopped, the teacher says who guides now."""
    heading = (Run(f"\n\n{stage.company}", bold=True),) if named else ()
    teacher = {"teacher": facts.people[stage.teacher].name}
    if stage.trainer_stopped:
        return (*heading, Say(id="whom.no_trainer", values=teacher), Say(id="whom.teacher", values=teacher))
    trainer = {"trainer": facts.people[stage.trainer].name, "company": stage.company}
    return (*heading, Say(id="whom.trainer", values=trainer), Say(id="whom.teacher", values=teacher))
