"""A student agrees that the teacher is asked to get in touch: the teacher gets no word of why."""

from __future__ import annotations

from datetime import datetime

from conversations.calendar import to_local
from conversations.days import in_full
from conversations.desk import Decision
from conversations.dossier import Signal, SignalId, SignalKind, SignalState
from conversations.events import Pressed
from conversations.facts import ChatFacts
from conversations.messages import Lane, Message, Say
from conversations.model import Reach, Stage
from conversations.pressing import in_place, noted
from conversations.school import School
from conversations.signals.acknowledging import contact_buttons
from conversations.signals.contacts import values


def studied(facts: ChatFacts) -> list[Stage]:
    """List the running stages of a student."""
    return [s for s in facts.stages if s.student == facts.me.id and not s.ended]


def waiting_for(facts: ChatFacts, stage: Stage) -> Signal | None:
    """Find the request that a student made about a stage and that nobody answered yet."""
    states = (SignalState.OPEN, SignalState.ESCALATED)
    return next(
        (
            s
            for s in facts.signals
            if s.kind is SignalKind.CONTACT and s.stage == stage.id and s.state in states
        ),
        None,
    )


def request(facts: ChatFacts, event: Pressed, stage: Stage, school: School, now: datetime) -> Decision:
    """Ask the teacher to get in touch with a student, once until it is answered."""
    teacher = facts.people[stage.teacher]
    waiting = waiting_for(facts, stage)
    if waiting is not None:
        return noted(facts.me.id, event, before(facts, waiting, stage, school))
    signal = Signal(
        id=SignalId(facts.new_ids[0]), stage=stage.id, by=facts.me.id, kind=SignalKind.CONTACT, at=now
    )
    there = teacher.reach is Reach.JOINED
    places = {"teacher": teacher.name, **values(school, "emergency")}
    said = Say(id="help.passed_on" if there else "help.not_there", values=places)
    done = Decision((signal,)) + in_place(facts.me.id, event, (Say(id="help.bot"), said))
    return done + to_teacher(facts, stage, signal) if there else done


def to_teacher(facts: ChatFacts, stage: Stage, signal: Signal) -> Decision:
    """Tell the teacher that a student waits for contact, or does not know whom to ask; nothing else."""
    places = {"student": facts.people[stage.student].name, "company": stage.company}
    pieces = (Say(id=f"signal.student_{signal.kind.value}", values=places), Say(id="signal.quietly"))
    message = Message(
        to=stage.teacher,
        pieces=pieces,
        buttons=contact_buttons(signal),
        lane=Lane.SIGNAL,
        stage=stage.id,
    )
    return Decision((), (message,))


def before(facts: ChatFacts, signal: Signal, stage: Stage, school: School) -> Say:
    """Say when the teacher was asked, or the coordinator where the teacher is not there."""
    day = in_full(to_local(school.calendar, signal.at).date(), facts.me.language)
    teacher = facts.people[stage.teacher]
    if teacher.reach is not Reach.JOINED:
        return Say(id="help.asked_before_others", values={"day": day})
    return Say(id="help.asked_before", values={"teacher": teacher.name, "day": day})
