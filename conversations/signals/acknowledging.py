"""The teacher says to get in touch: one tap, and who asked for it hears that it was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from conversations import buttons
from conversations.answering import old_button
from conversations.buttons import Does, Press
from conversations.desk import Decision
from conversations.dossier import Signal, SignalKind, SignalState
from conversations.events import Pressed
from conversations.facts import ChatFacts
from conversations.messages import Amend, Button, Buttons, Lane, Message, Say
from conversations.model import Reach, Stage
from conversations.pressing import noted

SEEN = "seen"


def contact_buttons(signal: Signal) -> Buttons:
    """Give the button below a signal: to press once, and shown as done after that."""
    label = "signal.contact_done" if signal.state is SignalState.ACKNOWLEDGED else "signal.contact"
    data = buttons.encode(Does.SIGNAL, buttons.base36(signal.id), SEEN)
    return ((Button(label=Say(id=label), data=data),),)


def pressed(facts: ChatFacts, event: Pressed, press: Press, now: datetime) -> Decision:
    """Acknowledge a signal, where it is the teacher of that stage who presses; again changes nothing."""
    signal = next((s for s in facts.signals if s.id == press.number), None)
    stage = facts.find_stage(signal.stage) if signal else None
    if signal is None or stage is None or press.parts[1] != SEEN or not _may(facts, signal, stage):
        return old_button(facts, event)
    if signal.state is SignalState.ACKNOWLEDGED:
        return noted(facts.me.id, event, Say(id="signal.seen_before")) + _shown(facts, event, signal)
    done = replace(signal, state=SignalState.ACKNOWLEDGED, acknowledged=now)
    told = _told(facts, done, stage)
    said = Say(id="signal.seen_now" if told.out else "signal.noted")
    return Decision((done,)) + noted(facts.me.id, event, said) + _shown(facts, event, done) + told


def _may(facts: ChatFacts, signal: Signal, stage: Stage) -> bool:
    return facts.me.id == stage.teacher and signal.kind is not SignalKind.OFFER


def _shown(facts: ChatFacts, event: Pressed, signal: Signal) -> Decision:
    if event.message is None:
        return Decision()
    return Decision((), (Amend(to=facts.me.id, message=event.message, buttons=contact_buttons(signal)),))


def _told(facts: ChatFacts, signal: Signal, stage: Stage) -> Decision:
    """Tell who asked for contact. A trainer who was replaced since is no longer told anything."""
    asker = facts.people.get(signal.by)
    if asker is None or asker.reach in (Reach.INVITED, Reach.BLOCKED):
        return Decision()
    values = {"teacher": facts.me.name}
    if signal.by == stage.student:
        said = Say(id="signal.seen_student", values=values)
    else:
        said = Say(
            id="signal.seen_trainer", values=values | {"student": facts.people[stage.student].first_name}
        )
    return Decision((), (Message(to=asker.id, pieces=(said,), lane=Lane.SIGNAL, stage=stage.id),))
