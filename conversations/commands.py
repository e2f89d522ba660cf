"""What the commands do, and the buttons they show."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from conversations import asking, buttons, days
from conversations.answering import old_button
from conversations.buttons import Does, Press
from conversations.dates import read_date
from conversations.desk import Decision, lay_out
from conversations.dossier import Expectation
from conversations.events import Commanded, Pressed
from conversations.facts import ChatFacts
from conversations.messages import Acknowledge, Amend, Button, Buttons, Menu, Message, Piece, Run, Say
from conversations.model import Address, CheckInState, Language, Moment, Participant, Reach, Role
from conversations.school import School
from conversations.why import why

MENUS = {
    Role.STUDENT: (
        *("vragen", "antwoorden", "gesprek", "hulp", "wie"),
        *("waarom", "pauze", "moment", "taal", "privacy", "stop", "help"),
    ),
    Role.TRAINER: (
        *("vragen", "overleg", "studenten", "uitleg"),
        *("waarom", "pauze", "moment", "taal", "privacy", "stop", "help"),
    ),
    Role.TEACHER: ("studenten", "voorbereiding", "gesprek", "taal", "privacy", "stop", "help"),
    Role.COORDINATOR: ("stand", "taal", "privacy", "stop", "help"),
}
PAUSES = (7, 14, 28)  # days
LONGEST_PAUSE = 366  # days
TIMES = ("12:00", "15:00", "16:30", "18:00", "19:30", "21:00")
AGAIN_AT_MOST = 5  # open questions that /vragen puts again
_HOLIDAY = re.compile(r"vakantie|holiday|vacation")


def menu_of(me: Participant) -> tuple[str, ...]:
    """List the commands of somebody's roles, each once."""
    found = [name for role in Role if role in me.roles for name in MENUS[role]]
    return tuple(dict.fromkeys(found))


def commanded(facts: ChatFacts, event: Commanded, school: School, now: datetime) -> Decision:
    """Do what a command asks; an unknown one gets the list."""
    if event.name == "start":
        return welcome_back(facts.me)
    if event.name not in menu_of(facts.me):
        return _say(facts, "commands.unknown", *_list(facts.me))
    match event.name:
        case "waarom":
            return _say_with(facts, *(why(facts, school) or (Say(id="commands.no_questions"),)))
        case "pauze":
            return _pause(facts, event.argument, school, now)
        case "moment":
            return Decision((), (_ask(facts, "commands.which_day", _days()),))
        case "taal":
            return Decision((), (_ask(facts, "commands.which_language", _languages(facts.me)),))
        case "privacy":
            values = {"days": str(school.retention.text_days), "school": school.name}
            text = "commands.privacy_student" if Role.STUDENT in facts.me.roles else "commands.privacy"
            return _say_with(facts, Say(id=_for_role(facts.me, text), values=values))
        case "stop":
            stopped = replace(facts.me, reach=Reach.STOPPED)
            return Decision((stopped,)) + _say(facts, _for_role(facts.me, "commands.stopped"))
        case _:
            return _say(facts, _for_role(facts.me, "commands.help"), *_list(facts.me))


def _for_role(me: Participant, text: str) -> str:
    """Give the text for who is asked questions, or the one for teachers and coordinators."""
    return text if me.roles & {Role.STUDENT, Role.TRAINER} else f"{text}_staff"


def welcome_back(me: Participant) -> Decision:
    """Take somebody back who stopped, blocked the bot, or just presses START again."""
    back = (replace(me, reach=Reach.JOINED),) if me.reach is not Reach.JOINED else ()
    words = Message(to=me.id, pieces=(Say(id="commands.welcome_back"), *_list(me)))
    return Decision(back, (words, Menu(to=me.id, commands=menu_of(me))))


def pressed(facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime) -> Decision:
    """Do what was pressed below a command's answer."""
    match press.does:
        case Does.MOMENT:
            return _moment(facts, event, press)
        case Does.PAUSE:
            today = now.astimezone(school.calendar.zone).date()
            return _paused(facts, event, press.parts[0], today)
        case _:
            return _language(facts, event, press)


def cancelled(facts: ChatFacts, event: Pressed, now: datetime) -> Decision:
    """Expect no text any more, and say that nothing changed."""
    nothing = Decision((Expectation(participant=facts.me.id, what=None, at=now),))
    return nothing + _amended(facts, event, None, Say(id="commands.cancelled"))


def open_questions(facts: ChatFacts, school: School, now: datetime) -> Decision:
    """Put what is open once more; nothing happens where nothing is."""
    waiting = [c for c in facts.check_ins if c.state is CheckInState.OPEN]
    if not waiting:
        return asking.next_in_round(facts, school, now)
    decision = Decision()
    for check_in in sorted(waiting, key=lambda c: c.due)[-AGAIN_AT_MOST:]:
        awake = Decision((replace(check_in, snoozed_until=None),))
        at = lay_out(facts.with_changed(awake.changed), check_in.id, school, now)
        decision += awake + asking.put_again(at)
    return decision if decision.out else Decision()


def _pause(facts: ChatFacts, argument: str, school: School, now: datetime) -> Decision:
    today = now.astimezone(school.calendar.zone).date()
    if not argument.strip():
        return Decision((), (_ask(facts, "commands.how_long", _pauses()),))
    until = read_date(argument, today)
    if until is None or not today < until <= today + timedelta(days=LONGEST_PAUSE):
        return Decision((), (_no_date(facts, argument, school, today),))
    paused = replace(facts.me, paused_until=until)
    return Decision((paused,)) + _say_with(
        facts, Say(id="commands.paused", values={"date": days.in_full(until, facts.me.language)})
    )


def _no_date(facts: ChatFacts, argument: str, school: School, today: date) -> Message:
    """Ask for a day that can be read; who named the holiday gets its dates."""
    named = _HOLIDAY.search(argument.casefold()) is not None
    to_come = sorted(h.begin for h in school.calendar.school_holidays if h.end >= today) if named else []
    if not to_come:
        return _ask(facts, "commands.no_date", _pauses())
    holiday = next(h for h in school.calendar.school_holidays if h.begin == to_come[0])
    back = holiday.end + timedelta(days=1)
    dates = {"begin": holiday.begin, "end": holiday.end, "back": back}
    values = {name: days.without_weekday(day, facts.me.language) for name, day in dates.items()}
    text = Say(id="commands.pause_holiday", values=values)
    return Message(to=facts.me.id, pieces=(text,), buttons=_pauses())


def _paused(facts: ChatFacts, event: Pressed, count: str, today: date) -> Decision:
    if count == "0":
        return _amended(facts, event, replace(facts.me, paused_until=None), Say(id="commands.resumed"))
    if count not in {str(n) for n in PAUSES}:
        return old_button(facts, event)
    until = today + timedelta(days=int(count))
    words = Say(id="commands.paused", values={"date": days.in_full(until, facts.me.language)})
    return _amended(facts, event, replace(facts.me, paused_until=until), words)


def _moment(facts: ChatFacts, event: Pressed, press: Press) -> Decision:
    day, *rest = press.parts
    if day == "d":
        return _amended(facts, event, replace(facts.me, moment=None), Say(id="commands.moment_default"))
    if day not in {"x", *map(str, range(7))}:
        return old_button(facts, event)
    if not rest:
        return _amended(facts, event, None, Say(id="commands.which_time"), _times(day))
    wall = rest[0]
    if wall not in {t.replace(":", "") for t in TIMES}:
        return old_button(facts, event)
    moment = Moment(time=time(int(wall[:2]), int(wall[2:])), weekday=None if day == "x" else int(day))
    at = f"{moment.time:%H:%M}"
    said = "commands.moment_any" if day == "x" else f"commands.moment_{day}"
    return _amended(facts, event, replace(facts.me, moment=moment), Say(id=said, values={"time": at}))


def _language(facts: ChatFacts, event: Pressed, press: Press) -> Decision:
    if press.parts[0] not in set(Language) or (len(press.parts) > 1 and press.parts[1] not in set(Address)):
        return old_button(facts, event)
    address = Address(press.parts[1]) if len(press.parts) > 1 else facts.me.address
    me = replace(facts.me, language=Language(press.parts[0]), address=address)
    done = _amended(facts, event, me, Say(id="commands.language"))
    return done + Decision((), (Menu(to=me.id, commands=menu_of(me)),))


def _pauses() -> Buttons:
    rows = [
        (Button(label=Say(id=f"commands.pause_{n}"), data=buttons.encode(Does.PAUSE, n)),) for n in PAUSES
    ]
    return (*rows, (Button(label=Say(id="commands.pause_0"), data=buttons.encode(Does.PAUSE, 0)),))


def _days() -> Buttons:
    weekdays = [
        Button(label=Say(id=f"commands.day_{d}"), data=buttons.encode(Does.MOMENT, d)) for d in range(7)
    ]
    whole = [
        Button(label=Say(id=f"commands.day_{d}"), data=buttons.encode(Does.MOMENT, d)) for d in ("x", "d")
    ]
    return (tuple(weekdays[:4]), tuple(weekdays[4:]), *((button,) for button in whole))


def _times(day: str) -> Buttons:
    row = tuple(
        Button(label=Run(t), data=buttons.encode(Does.MOMENT, day, t.replace(":", ""))) for t in TIMES
    )
    return (row[:3], row[3:])


def _languages(me: Participant) -> Buttons:
    english = (Button(label=Run("English"), data=buttons.encode(Does.LANGUAGE, "en")),)
    if Role.TRAINER not in me.roles:
        return ((Button(label=Run("Nederlands"), data=buttons.encode(Does.LANGUAGE, "nl")),), english)
    forms = tuple(
        (
            Button(
                label=Run(f"Nederlands ({form.value})"), data=buttons.encode(Does.LANGUAGE, "nl", form.value)
            ),
        )
        for form in Address
    )
    return (*forms, english)


def _list(me: Participant) -> tuple[Piece, ...]:
    return tuple(piece for name in menu_of(me) for piece in (Run(f"\n/{name} "), Say(id=f"command.{name}")))


def _ask(facts: ChatFacts, text: str, below: Buttons) -> Message:
    return Message(to=facts.me.id, pieces=(Say(id=text),), buttons=below)


def _say(facts: ChatFacts, text: str, *more: Piece) -> Decision:
    return _say_with(facts, Say(id=text), *more)


def _say_with(facts: ChatFacts, *pieces: Piece) -> Decision:
    return Decision((), (Message(to=facts.me.id, pieces=pieces),))


def _amended(
    facts: ChatFacts, event: Pressed, me: Participant | None, words: Say, below: Buttons = ()
) -> Decision:
    """Answer a press in the message it was below, or in a new one when that is out of reach."""
    changed = () if me is None else (me,)
    done = Acknowledge(to=facts.me.id, press=event.press)
    if event.message is None:
        return Decision(changed, (done, Message(to=facts.me.id, pieces=(words,), buttons=below)))
    amend = Amend(to=facts.me.id, message=event.message, pieces=(words,), buttons=below)
    return Decision(changed, (done, amend))
