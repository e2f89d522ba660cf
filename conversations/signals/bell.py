"""The bell: a trainer asks the teacher to get in touch, today or this week (promise P3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from conversations import buttons, notes
from conversations.answering import old_button
from conversations.buttons import Does, Press
from conversations.calendar import is_workday, to_local, workdays_after
from conversations.days import in_full
from conversations.desk import Decision, Seen
from conversations.dossier import Awaits, Expectation, Signal, SignalId, SignalKind, SignalState, Urgency
from conversations.events import Commanded, Pressed, Said
from conversations.facts import ChatFacts
from conversations.messages import Button, Buttons, Lane, Message, Piece, Run, Say
from conversations.model import Reach, Stage, Status
from conversations.naming import student_at
from conversations.pressing import in_place, noted
from conversations.school import School
from conversations.signals.acknowledging import contact_buttons
from conversations.signals.contacts import values

OFFICE = (time(8), time(17))  # outside these hours the trainer is told that the teacher may not look
LINE_AWAITED = timedelta(hours=1)  # what comes later, and that day, belongs to it where no question is open
NOT_NEEDED = "none"
WAITING = (SignalState.OPEN, SignalState.ESCALATED)


def rung(facts: ChatFacts, event: Commanded, school: School) -> Decision:
    """Ask which student it is about, or when, or say that a bell is on its way."""
    mine = _guided(facts)
    lost: tuple[Piece, ...] = (Say(id="bell.argument"),) if event.argument.strip() else ()
    if not mine:
        return _say(facts, Say(id="bell.nobody"))
    if len(mine) == 1:
        pieces, below = _when(facts, mine[0], school)
        return _say(facts, *lost, *pieces, below=below)
    rows = tuple((_student(facts, stage, mine),) for stage in mine)
    return _say(facts, *lost, Say(id="bell.whom"), below=(*rows, (_cancel(),)))


def pressed(facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime) -> Decision:
    """Go on with the student or the moment that was chosen."""
    stage = facts.find_stage(press.stage)
    if stage is None or stage not in _guided(facts):
        return old_button(facts, event)
    what = press.parts[1] if len(press.parts) > 1 else None
    if what is None:
        pieces, below = _when(facts, stage, school)
        return in_place(facts.me.id, event, pieces, below)
    if what == NOT_NEEDED:
        return _no_line(facts, event, stage, now)
    if what not in set(Urgency):
        return old_button(facts, event)
    return _pass_on(facts, event, stage, Urgency(what), school, now)


def said(facts: ChatFacts, event: Said, school: School, now: datetime) -> Decision:
    """Send the teacher what a bell is about, also in more sentences on that day; nobody else reads it."""
    expected = facts.expectation
    stage = facts.find_stage(expected.stage) if expected else None
    signal = _last_rung(facts, stage) if stage else None
    if expected is None or stage is None or signal is None or not _belongs(facts, expected, school, now):
        over = Decision((Expectation(participant=facts.me.id, what=None, at=now),))
        return over + notes.said(facts.with_changed(over.changed), event, school, now)
    text = event.text if signal.text is None else f"{signal.text}\n{event.text}"
    kept, teacher = Decision((replace(signal, text=text),)), facts.people[stage.teacher]
    if teacher.reach is not Reach.JOINED:
        return kept + _say(facts, Say(id="bell.line_kept", values={"teacher": teacher.name}))
    thanks = _say(facts, Say(id="bell.line_sent", values={"teacher": teacher.name}))
    return kept + thanks + _line(facts, stage, event.text)


def _belongs(facts: ChatFacts, expected: Expectation, school: School, now: datetime) -> bool:
    """Tell whether a text belongs to a bell: shortly after it, or that same day where no question is open."""
    if now - expected.at <= LINE_AWAITED:
        return True
    rung_on, today = (to_local(school.calendar, moment).date() for moment in (expected.at, now))
    return rung_on == today and all(reply.status is not Status.OPEN for reply in facts.replies)


def _line(facts: ChatFacts, stage: Stage, text: str) -> Decision:
    names = {"trainer": facts.me.name, "student": facts.people[stage.student].name}
    line = Message(
        to=stage.teacher,
        pieces=(Say(id="signal.about", values=names), Run(text)),
        lane=Lane.SIGNAL,
        stage=stage.id,
    )
    return Decision((), (line,), (Seen(by=stage.teacher, what="signal", stage=stage.id),))


# ---- asking ---------------------------------------------------------------------------------------------


def _guided(facts: ChatFacts) -> list[Stage]:
    """List the running stages that somebody guides as trainer."""
    mine = (s for s in facts.stages if s.trainer == facts.me.id)
    return [s for s in mine if not s.ended and not s.trainer_stopped]


def _rung(facts: ChatFacts, stage: Stage) -> list[Signal]:
    consults = (s for s in facts.signals if s.kind is SignalKind.CONSULT)
    return [s for s in consults if s.stage == stage.id and s.by == facts.me.id]


def _last_rung(facts: ChatFacts, stage: Stage) -> Signal | None:
    """Find the bell that somebody rang last about a stage; the teacher may have answered it."""
    return max(_rung(facts, stage), key=lambda s: (s.at, s.id), default=None)


def _on_its_way(facts: ChatFacts, stage: Stage) -> Signal | None:
    """Find the bell that somebody rang about a stage and that the teacher has not answered."""
    return next((s for s in _rung(facts, stage) if s.state in WAITING), None)


def _when(facts: ChatFacts, stage: Stage, school: School) -> tuple[tuple[Piece, ...], Buttons]:
    """Ask when, or say that it was passed on; what is for this week can still be for today."""
    names = {"teacher": facts.people[stage.teacher].name, "student": facts.people[stage.student].name}
    waiting = _on_its_way(facts, stage)
    if waiting is None:
        row = (_urgency(stage, Urgency.TODAY, "today"), _urgency(stage, Urgency.WEEK, "week"))
        return (Say(id="bell.when", values=names),), (row, (_cancel(),))
    day = in_full(to_local(school.calendar, waiting.at).date(), facts.me.language)
    if facts.people[stage.teacher].reach is not Reach.JOINED:
        return (Say(id="bell.on_its_way_others", values=names | {"day": day}),), ()
    said = Say(id="bell.on_its_way", values=names | {"day": day})
    if waiting.urgency is Urgency.TODAY:
        return (said,), ()
    return (said,), ((_urgency(stage, Urgency.TODAY, "raise"),), (_cancel(),))


def _student(facts: ChatFacts, stage: Stage, among: list[Stage]) -> Button:
    data = buttons.encode(Does.BELL, buttons.base36(stage.id))
    return Button(label=Run(student_at(facts, stage, among)), data=data)


def _urgency(stage: Stage, urgency: Urgency, label: str) -> Button:
    data = buttons.encode(Does.BELL, buttons.base36(stage.id), urgency.value)
    return Button(label=Say(id=f"bell.{label}"), data=data)


def _cancel() -> Button:
    return Button(label=Say(id="commands.cancel"), data=buttons.encode(Does.CANCEL))


def _say(facts: ChatFacts, *pieces: Piece, below: Buttons = ()) -> Decision:
    return Decision((), (Message(to=facts.me.id, pieces=pieces, buttons=below),))


# ---- passing on -----------------------------------------------------------------------------------------


def _pass_on(
    facts: ChatFacts, event: Pressed, stage: Stage, urgency: Urgency, school: School, now: datetime
) -> Decision:
    """Keep a bell and tell the teacher; one that is on its way can only become more urgent."""
    waiting = _on_its_way(facts, stage)
    there = facts.people[stage.teacher].reach is Reach.JOINED
    if waiting is not None and (waiting.urgency is urgency or urgency is Urgency.WEEK or not there):
        return noted(facts.me.id, event, Say(id="bell.already"))
    if waiting is None:
        signal = Signal(
            id=SignalId(facts.new_ids[0]),
            stage=stage.id,
            by=facts.me.id,
            kind=SignalKind.CONSULT,
            at=now,
            urgency=urgency,
        )
    else:
        signal = replace(waiting, urgency=urgency)
    told = _confirmed(facts, stage, urgency, school, now, there=there)
    done = Decision((signal,)) + in_place(facts.me.id, event, told)
    if not there:
        return done
    return (
        done + _to_teacher(facts, stage, signal, raised=waiting is not None) + _what_about(facts, stage, now)
    )


def _confirmed(
    facts: ChatFacts, stage: Stage, urgency: Urgency, school: School, now: datetime, *, there: bool
) -> tuple[Piece, ...]:
    """Say what happens with a bell, and when nobody of the school may look."""
    teacher = {"teacher": facts.people[stage.teacher].name}
    student = {"student": facts.people[stage.student].name}
    if not there:
        return (Say(id="bell.not_there", values=teacher | student),)
    passed_on = Say(id=f"bell.passed_on_{urgency.value}", values=teacher | student)
    day = _back_at(school, now)
    if urgency is not Urgency.TODAY or day is None:
        return (passed_on,)
    places = {**teacher, **values(school, "emergency"), "day": in_full(day, facts.me.language)}
    return (passed_on, Say(id="bell.closed", values=places))


def _back_at(school: School, now: datetime) -> date | None:
    """Give the day on which teachers are at work again; None when they are now."""
    local = to_local(school.calendar, now)
    opens, closes = OFFICE
    works = is_workday(school.calendar, local.date())
    if works and opens <= local.time() < closes:
        return None
    return (
        local.date() if works and local.time() < opens else workdays_after(school.calendar, local.date(), 1)
    )


def _to_teacher(facts: ChatFacts, stage: Stage, signal: Signal, *, raised: bool) -> Decision:
    names = {
        "trainer": facts.me.name,
        "student": facts.people[stage.student].name,
        "company": stage.company,
    }
    what = "raised" if raised else signal.urgency.value
    pieces = (Say(id=f"signal.consult_{what}", values=names), Say(id="signal.how"))
    message = Message(
        to=stage.teacher,
        pieces=pieces,
        buttons=contact_buttons(signal),
        lane=Lane.SIGNAL,
        stage=stage.id,
    )
    return Decision((), (message,))


def _what_about(facts: ChatFacts, stage: Stage, now: datetime) -> Decision:
    awaited = Expectation(participant=facts.me.id, what=Awaits.BELL_TEXT, at=now, stage=stage.id)
    data = buttons.encode(Does.BELL, buttons.base36(stage.id), NOT_NEEDED)
    below = ((Button(label=Say(id="commands.cancel"), data=data),),)
    asks = Say(id="bell.about", values={"teacher": facts.people[stage.teacher].name})
    return Decision((awaited,)) + _say(facts, asks, below=below)


def _no_line(facts: ChatFacts, event: Pressed, stage: Stage, now: datetime) -> Decision:
    over: tuple[Expectation, ...] = ()
    if facts.expectation is not None and facts.expectation.what is Awaits.BELL_TEXT:
        over = (Expectation(participant=facts.me.id, what=None, at=now),)
    said = Say(id="bell.no_line", values={"teacher": facts.people[stage.teacher].name})
    return Decision(over) + in_place(facts.me.id, event, (said,))
