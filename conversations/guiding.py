"""The trainer's students: who they are, handing one over, or stopping (S3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from conversations import buttons, days, pressing
from conversations.answering import old_button
from conversations.buttons import Does, Press, base36
from conversations.desk import Decision
from conversations.dossier import Signal, SignalId, SignalKind, SignalState
from conversations.events import Pressed
from conversations.facts import ChatFacts
from conversations.messages import Button, Buttons, Lane, Message, Piece, Run, Say
from conversations.model import Language, MeetingState, Role, Stage
from conversations.naming import student_of
from conversations.school import School
from conversations.signals.acknowledging import contact_buttons

ASKS = {"hand": SignalKind.HAND_OVER, "end": SignalKind.STOP}  # what asks whether it is so
DOES = {"handed": SignalKind.HAND_OVER, "ended": SignalKind.STOP}  # what does it
LEAVING = frozenset(ASKS.values())


def commanded(facts: ChatFacts, school: School, now: datetime) -> Decision:
    """Do /studenten for a trainer; nothing for who is none."""
    if Role.TRAINER not in facts.me.roles:
        return Decision()
    stages = _mine(facts)
    if not stages:
        return Decision((), (Message(to=facts.me.id, pieces=(Say(id="guiding.no_students"),)),))
    heading = Say(id="guiding.as_trainer" if Role.TEACHER in facts.me.roles else "guiding.heading", bold=True)
    words = (heading, *(piece for stage in stages for piece in _about(facts, stage, school, now)))
    if len(stages) == 1:
        return Decision((), (Message(to=facts.me.id, pieces=words, buttons=_choices(facts, stages[0])),))
    rows = tuple((_button(stage, label=Run(_name(facts, stage))),) for stage in stages)
    below = (*words, Run("\n\n"), Say(id="guiding.which"))
    return Decision((), (Message(to=facts.me.id, pieces=below, buttons=rows),))


def pressed(facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime) -> Decision:
    """Do what was pressed below a student; only the trainer of the stage can."""
    stage = facts.find_stage(press.stage)
    if stage is None or stage.trainer != facts.me.id or stage.ended:
        return old_button(facts, event)
    what = press.parts[1] if len(press.parts) > 1 else ""
    if what in DOES:
        return _leave(facts, event, stage, DOES[what], now)
    if what in ASKS:
        return _ask(facts, event, stage, ASKS[what])
    match what:
        case "undo":
            return _come_back(facts, event, stage, now)
        case "stay":
            return pressing.in_place(facts.me.id, event, (_say(facts, stage, "unchanged"),))
        case "":
            return _show(facts, event, stage, school, now)
        case _:
            return old_button(facts, event)


# ---- what is shown --------------------------------------------------------------------------------------


def _about(facts: ChatFacts, stage: Stage, school: School, now: datetime) -> tuple[Piece, ...]:
    """Give a student's name, company, period, next meeting and teacher."""
    language = facts.me.language
    meeting = next((m for m in stage.meetings if m.state is MeetingState.PLANNED and m.at > now), None)
    when: tuple[Piece, ...] = (Say(id="guiding.no_meeting"),)
    if meeting is not None:
        values = {"when": days.brief_moment(meeting.at, school.calendar, language)}
        place = Say(id=f"meetings.place_{meeting.place.value}")
        when = Say(id="guiding.next_meeting", values=values), Run(", "), place
    return (
        Run("\n\n"),
        Run(f"{facts.people[stage.student].name}\n", bold=True),
        Run(f"{_day(stage.begin, language)} – {_day(stage.end, language)} · {stage.company}\n"),
        *when,
        Run("\n"),
        Say(id="guiding.teacher", values={"name": facts.people[stage.teacher].name}),
        *((Run("\n"), Say(id="guiding.not_guided")) if stage.trainer_stopped else ()),
    )


def _show(facts: ChatFacts, event: Pressed, stage: Stage, school: School, now: datetime) -> Decision:
    """Show what can change about one student, below the list."""
    _, *words = _about(facts, stage, school, now)
    page = Message(to=facts.me.id, pieces=tuple(words), buttons=_choices(facts, stage), stage=stage.id)
    return pressing.noted(facts.me.id, event) + Decision((), (page,))


def _choices(facts: ChatFacts, stage: Stage) -> Buttons:
    if stage.trainer_stopped:
        return ((_button(stage, "undo"),),)
    hand = _button(stage, "hand", label=_say(facts, stage, "button_hand"))
    return ((hand,), (_button(stage, "end"),))


def _button(stage: Stage, *what: str, label: Piece | None = None) -> Button:
    words = label or Say(id=f"guiding.button_{what[0]}")
    return Button(label=words, data=buttons.encode(Does.GUIDE, base36(stage.id), *what))


# ---- what changes ---------------------------------------------------------------------------------------


def _ask(facts: ChatFacts, event: Pressed, stage: Stage, kind: SignalKind) -> Decision:
    """Ask once whether it is so, since the teacher hears of it."""
    if stage.trainer_stopped:
        return _already(facts, event, stage)
    does = next(what for what, one in DOES.items() if one is kind)
    rows = ((_button(stage, does),), (_button(stage, "stay"),))
    return pressing.in_place(facts.me.id, event, (_say(facts, stage, f"sure_{kind.value}"),), rows)


def _leave(facts: ChatFacts, event: Pressed, stage: Stage, kind: SignalKind, now: datetime) -> Decision:
    """Stop asking this trainer about the student, and let the teacher know."""
    if stage.trainer_stopped:
        return _already(facts, event, stage)
    signal = Signal(id=SignalId(facts.new_ids[0]), stage=stage.id, by=facts.me.id, kind=kind, at=now)
    shown = pressing.in_place(facts.me.id, event, (_say(facts, stage, "left"),), ((_button(stage, "undo"),),))
    told = _to_teacher(facts, stage, f"teacher_{kind.value}", contact_buttons(signal))
    return Decision((replace(stage, trainer_stopped=True), signal)) + shown + Decision((), (told,))


def _come_back(facts: ChatFacts, event: Pressed, stage: Stage, now: datetime) -> Decision:
    """Guide the student again; the roster still names this trainer."""
    if not stage.trainer_stopped:
        return pressing.in_place(facts.me.id, event, (_say(facts, stage, "unchanged"),))
    withdrawn = tuple(
        replace(signal, state=SignalState.ACKNOWLEDGED, acknowledged=now)
        for signal in facts.signals
        if signal.stage == stage.id and signal.kind in LEAVING and signal.acknowledged is None
    )
    shown = pressing.in_place(facts.me.id, event, (_say(facts, stage, "back"),))
    told = _to_teacher(facts, stage, "teacher_back")
    return Decision((replace(stage, trainer_stopped=False), *withdrawn)) + shown + Decision((), (told,))


def _already(facts: ChatFacts, event: Pressed, stage: Stage) -> Decision:
    words = (_say(facts, stage, "left"),)
    return pressing.in_place(facts.me.id, event, words, ((_button(stage, "undo"),),))


def _to_teacher(facts: ChatFacts, stage: Stage, text: str, below: Buttons = ()) -> Message:
    values = {"trainer": facts.me.name, "name": facts.people[stage.student].name}
    said = Say(id=f"guiding.{text}", values=values)
    return Message(to=stage.teacher, pieces=(said,), buttons=below, lane=Lane.SIGNAL, stage=stage.id)


# ---- what they are called -------------------------------------------------------------------------------


def _mine(facts: ChatFacts) -> list[Stage]:
    return [s for s in facts.stages if s.trainer == facts.me.id and not s.ended]


def _name(facts: ChatFacts, stage: Stage) -> str:
    return student_of(facts, stage, _mine(facts))


def _say(facts: ChatFacts, stage: Stage, text: str) -> Say:
    """Give a text that names the student, and the teacher where that is needed."""
    values = {"name": _name(facts, stage)}
    if text == "left":
        values["teacher"] = facts.people[stage.teacher].name
    return Say(id=f"guiding.{text}", values=values)


def _day(day: date, language: Language) -> str:
    return f"{days.without_weekday(day, language)} {day.year}"
