"""A teacher's running stages in the order of their meetings, and the buttons to choose one of them."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from conversations import buttons
from conversations.buttons import Does, base36
from conversations.calendar import to_local
from conversations.desk import Decision
from conversations.facts import ChatFacts
from conversations.messages import Button, Buttons, Message, Piece, Run, Say
from conversations.model import Meeting, MeetingState, Stage
from conversations.school import School

ALL = 0  # in the place of a stage: all of them
PAGE = 20  # students in one message
NAME = 24  # characters of a name on a button
LONG_NAME = 60


def running(facts: ChatFacts, school: School, now: datetime) -> list[Stage]:
    """Give the stages of which somebody is the teacher and that go on: the soonest meeting first."""
    today = to_local(school.calendar, now).date()
    mine = [s for s in facts.stages if s.teacher == facts.me.id and not is_over(s, today)]
    return sorted(mine, key=lambda stage: _order(facts, stage, now))


def is_over(stage: Stage, today: date) -> bool:
    """Tell whether a stage has ended."""
    return stage.ended or stage.end < today


def next_to_meet(stage: Stage, now: datetime) -> Meeting | None:
    """Give the next meeting of a stage that is planned."""
    to_come = [m for m in stage.meetings if m.at > now and m.state is MeetingState.PLANNED]
    return min(to_come, key=lambda meeting: meeting.at, default=None)


def called(facts: ChatFacts, stage: Stage) -> str:
    """Give a student's first name, or the whole name where two of the teacher's students share it."""
    mine = [s for s in facts.stages if s.teacher == facts.me.id and not s.ended]
    students = {s.student for s in mine} | {stage.student}
    firsts = Counter(facts.people[student].first_name for student in students)
    person = facts.people[stage.student]
    return _cut(person.first_name if firsts[person.first_name] == 1 else person.name, LONG_NAME)


def choice(facts: ChatFacts, school: School, now: datetime, begin: int = 0, *, wanted: str = "") -> Decision:
    """Let a teacher choose a student to see the preparation of; `wanted` is part of a name."""
    stages = running(facts, school, now)
    named = [s for s in stages if wanted.strip().casefold() in facts.people[s.student].name.casefold()]
    shown = (named or stages)[begin : begin + PAGE]
    if not shown:
        return say(facts, Say(id="overview.no_students"))
    rows = two_by_two([_button(facts, stage, school, now) for stage in shown])
    rest = len(named or stages) - begin - len(shown)
    return say(facts, Say(id="overview.which_student"), below=(*rows, *more_row("k", begin + PAGE, rest)))


def more_row(kind: str, begin: int, rest: int) -> Buttons:
    """Give the button to go on with a list, where there is more."""
    label = Say(id="overview.more", values={"n": str(rest)})
    data = buttons.encode(Does.PREPARE, base36(ALL), f"{kind}{begin}")
    return ((Button(label=label, data=data),),) if rest > 0 else ()


def two_by_two(items: list[Button]) -> Buttons:
    """Put buttons in rows of two."""
    return tuple(tuple(items[n : n + 2]) for n in range(0, len(items), 2))


def say(facts: ChatFacts, *pieces: Piece, below: Buttons = ()) -> Decision:
    """Say something to whoever asked."""
    return Decision((), (Message(to=facts.me.id, pieces=pieces, buttons=below),))


def _button(facts: ChatFacts, stage: Stage, school: School, now: datetime) -> Button:
    meeting = next_to_meet(stage, now)
    name = _cut(called(facts, stage), NAME)
    when = to_local(school.calendar, meeting.at) if meeting else None
    label = Run(f"{name} · {when.day}-{when.month}" if when else name)
    return Button(label=label, data=buttons.encode(Does.PREPARE, base36(stage.id)))


def _order(facts: ChatFacts, stage: Stage, now: datetime) -> tuple[bool, float, str, str]:
    meeting = next_to_meet(stage, now)
    at = meeting.at.timestamp() if meeting else 0.0
    return meeting is None, at, facts.people[stage.student].name.casefold(), stage.code


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
