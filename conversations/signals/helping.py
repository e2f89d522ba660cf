"""Help: fixed texts with the right numbers, and the question whether the teacher may get in touch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from conversations import buttons
from conversations.answering import old_button
from conversations.buttons import Does, Press
from conversations.calendar import to_local
from conversations.days import in_full
from conversations.desk import Decision
from conversations.events import Commanded, Pressed
from conversations.facts import ChatFacts
from conversations.messages import Amend, Button, Buttons, Message, Piece, Run, Say
from conversations.model import Participant, Reach, Stage
from conversations.pressing import in_place, noted
from conversations.school import School
from conversations.signals.contacts import values
from conversations.signals.reaching_out import before, request, studied, waiting_for

REST = timedelta(days=8)  # without ordinary questions: a week, and that of the same weekday too
MENU, YES, NO = "menu", "yes", "no"
DECLINED = "declined"  # an offer of help, below words that stay an answer
TEXTS = {NO: "help.told_nobody", DECLINED: "offer.declined"}
# What each page tells: the contacts whose places stand in its text.
PAGES: Mapping[str, tuple[str, ...]] = {
    "distress": ("emergency", "suicide", "child_line", "confidential"),
    "discrimination": ("emergency", "reporting", "confidential", "sbb", "discrimination"),
    "work": ("confidential", "reporting"),
    "teacher": ("emergency",),
}
BOT = Say(id="help.bot")


def asked(facts: ChatFacts, event: Commanded, school: School) -> Decision:
    """Ask a student what it is. What was typed behind the command is read by nobody, and that is said."""
    lost: tuple[Piece, ...] = (Say(id="help.argument"),) if event.argument.strip() else ()
    start = (BOT, *lost, *_start(school))
    return Decision((), (Message(to=facts.me.id, pieces=start, buttons=_menu()),))


def pressed(facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime) -> Decision:
    """Show a page, or do what was chosen below it. Only a student has these buttons."""
    what, *rest = press.parts
    if not any(s.student == facts.me.id for s in facts.stages):
        return old_button(facts, event)
    if what in PAGES and not rest:
        return _page(facts, event, what, school, now)
    if what == MENU and not rest:
        return in_place(facts.me.id, event, (BOT, *_start(school)), _menu())
    if what in TEXTS and not rest:
        return _no(facts, event, TEXTS[what])
    stage = next((s for s in studied(facts) if rest == [buttons.base36(s.id)]), None)
    if what != YES or stage is None:
        return old_button(facts, event)
    return request(facts, event, stage, school, now)


def help_button(label: str, what: str, *about: str) -> tuple[Button, ...]:
    """Give a row with one button that belongs to help."""
    return (Button(label=Say(id=label), data=buttons.encode(Does.HELP, what, *about)),)


def _start(school: School) -> tuple[Piece, ...]:
    return (Say(id="help.start", values=values(school, "emergency")),)


def _menu() -> Buttons:
    return tuple(help_button(f"help.{page}", page) for page in PAGES)


def _page(facts: ChatFacts, event: Pressed, page: str, school: School, now: datetime) -> Decision:
    """Show the numbers; whoever is not well or not safe gets no ordinary questions for a week."""
    told: tuple[Piece, ...] = (BOT, Say(id=f"help.page_{page}", values=values(school, *PAGES[page])))
    rested: tuple[Participant, ...] = ()
    if page == "distress":
        me = _resting(facts.me, school, now)
        rested = (me,) if me is not facts.me else ()
        told = (*told, _paused(me))
    question, below = _may_i(facts, school)
    return Decision(rested) + in_place(facts.me.id, event, (*told, *question), below)


def _resting(me: Participant, school: School, now: datetime) -> Participant:
    until = to_local(school.calendar, now).date() + REST
    longer = me.paused_until is not None and me.paused_until >= until
    return me if longer else replace(me, paused_until=until)


def _paused(me: Participant) -> Piece:
    day = in_full(me.paused_until, me.language) if me.paused_until else ""
    return Say(id="help.paused", values={"day": day})


def _may_i(facts: ChatFacts, school: School) -> tuple[tuple[Piece, ...], Buttons]:
    """Ask whether the teacher may get in touch, where a stage runs and it was not asked yet."""
    back = help_button("help.back", MENU)
    stages = list({s.teacher: s for s in reversed(studied(facts))}.values())[::-1]
    if not stages:
        return (), (back,)
    asked_already = [(s, found) for s in stages if (found := waiting_for(facts, s)) is not None]
    if len(asked_already) == len(stages):
        stage, signal = asked_already[0]
        return (Run("\n\n"), before(facts, signal, stage, school)), (back,)
    no = help_button("help.no", NO)
    if len(stages) == 1:
        teacher = facts.people[stages[0].teacher]
        text = "help.may_i" if teacher.reach is Reach.JOINED else "help.may_i_others"
        yes = help_button("help.yes", YES, buttons.base36(stages[0].id))
        return (Say(id=text, values={"teacher": teacher.name}),), ((*yes, *no), back)
    rows = tuple(_yes_to(facts, stage) for stage in stages)
    return (Say(id="help.may_i_which"),), (*rows, no, back)


def _yes_to(facts: ChatFacts, stage: Stage) -> tuple[Button, ...]:
    label = Say(id="help.yes_to", values={"teacher": facts.people[stage.teacher].name})
    return (Button(label=label, data=buttons.encode(Does.HELP, YES, buttons.base36(stage.id))),)


def _no(facts: ChatFacts, event: Pressed, text: str) -> Decision:
    """Ask nobody to get in touch; what was said stays where it is, to be read again."""
    done = noted(facts.me.id, event, Say(id=text))
    if event.message is None:
        return done
    return done + Decision((), (Amend(to=facts.me.id, message=event.message, buttons=_back()),))


def _back() -> Buttons:
    return (help_button("help.back", MENU),)
