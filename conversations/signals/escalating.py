"""After two workdays without a reaction the coordinators are told, without a word of what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from conversations.calendar import to_local
from conversations.days import in_full
from conversations.desk import Decision
from conversations.dossier import Signal, SignalKind, SignalState
from conversations.facts import StageFacts
from conversations.messages import Lane, Message, Say
from conversations.model import Participant, Reach
from conversations.school import School

BY_STUDENT = frozenset({SignalKind.CONTACT})
BY_TRAINER = frozenset({SignalKind.CONSULT, SignalKind.HAND_OVER, SignalKind.STOP})


def escalate(facts: StageFacts, signal: Signal, school: School, now: datetime) -> Decision:
    """Tell the coordinators that nobody answered a signal, without a word of it, and tell who sent it.

    Of what a student answered, such as "nee" in week 1, coordinators only see counts: that stays with the
    teacher, and is no longer waited for.
    """
    if signal.state is not SignalState.OPEN:
        return Decision()
    if signal.kind not in BY_STUDENT | BY_TRAINER:
        return Decision((replace(signal, state=SignalState.ESCALATED),))
    stage = facts.stage
    others = [c for c in facts.coordinators if c not in (stage.student, stage.trainer, stage.teacher)]
    there = [c for c in map(facts.people.__getitem__, others) if c.reach is Reach.JOINED]
    done = replace(signal, state=SignalState.ESCALATED, escalated=now)
    out = [_to_coordinator(facts, signal, school, one) for one in there]
    return Decision((done,), (*out, *_to_asker(facts, signal, reached=bool(there))))


def _to_coordinator(facts: StageFacts, signal: Signal, school: School, one: Participant) -> Message:
    stage, teacher = facts.stage, facts.people[facts.stage.teacher]
    values = {"student": facts.people[stage.student].name, "teacher": teacher.name}
    if signal.kind not in BY_STUDENT:
        day = to_local(school.calendar, signal.at).date()
        values |= {"company": stage.company, "day": in_full(day, one.language)}
    why = "escalation.no_answer" if teacher.reach is Reach.JOINED else "escalation.unreachable"
    return Message(
        to=one.id,
        pieces=(
            Say(id=f"escalation.{signal.kind.value}", values=values),
            Say(id=why, values={"teacher": teacher.name}),
        ),
        lane=Lane.SIGNAL,
        stage=stage.id,
    )


def _to_asker(facts: StageFacts, signal: Signal, *, reached: bool) -> tuple[Message, ...]:
    """Tell who sent the signal that the coordinator knows, or that nobody of the school could be reached.

    Of a teacher who is not there it is not said that no reaction came: they got nothing to react to.
    """
    asker = facts.people.get(signal.by)
    if asker is None or asker.reach in (Reach.INVITED, Reach.BLOCKED):
        return ()
    mine, teacher = signal.by == facts.stage.student, facts.people[facts.stage.teacher]
    values = {"teacher": teacher.name}
    if not mine:
        values |= {"student": facts.people[facts.stage.student].first_name}
    how = "told" if reached else "nobody"
    absent = "" if teacher.reach is Reach.JOINED else "absent_"
    text = f"escalation.{absent}{how}_{'student' if mine else 'trainer'}"
    return (
        Message(to=asker.id, pieces=(Say(id=text, values=values),), lane=Lane.SIGNAL, stage=facts.stage.id),
    )
