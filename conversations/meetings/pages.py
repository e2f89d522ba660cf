"""What a teacher sees of meetings: the list of students, and the meetings of one stage with their buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from conversations import buttons, days
from conversations.buttons import Does, base36
from conversations.dossier import Agreement
from conversations.facts import ChatFacts
from conversations.messages import Button, Buttons, Piece, Run, Say
from conversations.model import Meeting, MeetingState, Place, Role, Stage
from conversations.naming import student_of
from conversations.school import School

MEETINGS = 3  # a stage has three (P1)
STUDENTS = 20  # in one message: what can still be read on a phone
COMPANY = 18  # characters of a company on a button
STANDING = frozenset({MeetingState.PLANNED, MeetingState.HELD})
Row = tuple[Button, ...]


# ---- which meeting --------------------------------------------------------------------------------------


def find(stage: Stage, number: int | None) -> Meeting | None:
    """Find a meeting of a stage by its number."""
    return next((m for m in stage.meetings if m.number == number), None)


def at_hand(stage: Stage, now: datetime) -> Meeting | None:
    """Give the meeting that a teacher most likely means: one to tell of, or the next, or the last."""
    planned = [m for m in stage.meetings if m.state is MeetingState.PLANNED]
    told_of = [m for m in planned if m.at <= now]
    return next(iter([*told_of, *planned]), stage.meetings[-1] if stage.meetings else None)


def next_one(stage: Stage, now: datetime) -> Meeting | None:
    """Give the next meeting that is planned."""
    return next((m for m in stage.meetings if m.state is MeetingState.PLANNED and m.at > now), None)


def not_planned(stage: Stage) -> int | None:
    """Give the number of the first meeting that a stage does not have yet."""
    taken = {m.number for m in stage.meetings}
    return next((n for n in range(1, MEETINGS + 1) if n not in taken), None)


def is_never_visited(stage: Stage) -> bool:
    """Tell whether meetings are planned or held, and none of them at the company (K2a)."""
    standing = [m for m in stage.meetings if m.state in STANDING]
    return bool(standing) and all(m.place is not Place.COMPANY for m in standing)


# ---- the list of students -------------------------------------------------------------------------------


def stages_of(facts: ChatFacts, now: datetime) -> list[Stage]:
    """List a teacher's running stages: who is to be told of first, then by next meeting."""
    mine = [s for s in facts.stages if s.teacher == facts.me.id and not s.ended]

    def order(stage: Stage) -> tuple[bool, datetime, str]:
        meeting = at_hand(stage, now)
        is_over = meeting is None or meeting.state is not MeetingState.PLANNED
        return is_over, meeting.at if meeting else now, stage.code

    return sorted(mine, key=order)


def student_words(stages: Sequence[Stage], now: datetime) -> tuple[Piece, ...]:
    """Ask which student it is about, and say what a question mark means where there is one."""
    marked = any(_is_to_be_told(at_hand(stage, now), now) for stage in stages[:STUDENTS])
    mark = (Run(" "), Say(id="meetings.question_mark")) if marked else ()
    return Say(id="meetings.which_student"), *mark


def student_rows(facts: ChatFacts, stages: Sequence[Stage], school: School, now: datetime) -> Buttons:
    """Give a button a student: who, where, when; and one to the students that come after these."""
    shown, rest = stages[:STUDENTS], stages[STUDENTS:]
    everyone = [s for s in facts.stages if s.teacher == facts.me.id and not s.ended]
    rows = [(_student_button(facts, stage, everyone, school, now),) for stage in shown]
    return (*rows, *(((below(rest[0], 0, "list", label=Say(id="meetings.more")),),) if rest else ()))


def _student_button(
    facts: ChatFacts, stage: Stage, everyone: Iterable[Stage], school: School, now: datetime
) -> Button:
    meeting = at_hand(stage, now)
    name, company = student_of(facts, stage, everyone), _cut(stage.company, COMPANY)
    when = "–"
    if meeting is not None and meeting.state is MeetingState.PLANNED:
        local = meeting.at.astimezone(school.calendar.zone).date()
        when = days.brief(local, facts.me.language) + ("?" if _is_to_be_told(meeting, now) else "")
    label = Run(f"{name} · {company} · {when}")
    return Button(label=label, data=buttons.encode(Does.MEETING, base36(stage.id)))


def _is_to_be_told(meeting: Meeting | None, now: datetime) -> bool:
    """Tell a meeting that nobody said yet whether it was held."""
    return meeting is not None and meeting.state is MeetingState.PLANNED and meeting.at <= now


# ---- one stage ------------------------------------------------------------------------------------------


def page(facts: ChatFacts, stage: Stage, chosen: Meeting | None, school: School) -> tuple[Piece, ...]:
    """Give the meetings of a stage: number, day, time, place, state; and what to do with the chosen one."""
    heading = Run(f"{facts.people[stage.student].name} · {stage.company}\n", bold=True)
    lines = [piece for m in stage.meetings for piece in _line(m, facts, school, is_bold=m == chosen)]
    if chosen is None:
        return heading, Say(id="meetings.none_planned")
    warning = (Run("\n"), no_visit(facts, stage), Run("\n")) if is_never_visited(stage) else ()
    question = Say(id="meetings.what_with", values={"n": str(chosen.number)})
    return heading, *lines, *warning, Run("\n"), question


def page_rows(
    stage: Stage, chosen: Meeting | None, agreements: Sequence[Agreement], now: datetime
) -> Buttons:
    """Give what can be done with the chosen meeting, and the other meetings."""
    rows: list[Row] = []
    if chosen is not None:
        rows += meeting_rows(stage, chosen, now)
        if agreements or chosen.state is MeetingState.HELD:
            rows.append((below(stage, chosen.number, "list"),))
        elif (before := _last_held(stage)) is not None:
            of = Say(id="meetings.button_list_of", values={"n": str(before.number)})
            rows.append((below(stage, before.number, "list", label=of),))
    others = tuple(
        below(stage, m.number, label=Say(id="meetings.number", values={"n": str(m.number)}))
        for m in stage.meetings
        if m != chosen
    )
    missing = not_planned(stage)
    plan = () if missing is None else ((plan_button(stage, missing),),)
    return (*rows, *((others,) if others else ()), *plan)


def meeting_rows(stage: Stage, meeting: Meeting, now: datetime) -> list[Row]:
    """Give what can be done with a meeting, by where it stands."""
    n, is_over = meeting.number, meeting.at <= now
    match meeting.state:
        case MeetingState.PLANNED if is_over:
            return [(below(stage, n, "held"), below(stage, n, "missed")), (below(stage, n, "move"),)]
        case MeetingState.PLANNED:
            return [(below(stage, n, "move"),), (below(stage, n, "place"), below(stage, n, "cancel"))]
        case MeetingState.HELD:
            return [(below(stage, n, "present"),)]
        case _:
            after = [(below(stage, n, "held", label=Say(id="meetings.button_held_after_all")),)]
            return [(below(stage, n, "move", label=Say(id="meetings.button_new_day")),), *after * is_over]


def place_rows(stage: Stage, number: int, what: str, chosen: Place | None = None) -> Buttons:
    """Give a button a place, with a mark at the one that is chosen."""
    return tuple(
        (
            below(
                stage,
                number,
                what,
                place.value,
                label=Say(id=f"meetings.choose_{place.value}{'_chosen' if place is chosen else ''}"),
            ),
        )
        for place in Place
    )


def present_rows(facts: ChatFacts, stage: Stage, meeting: Meeting) -> Buttons:
    """Give a tick a person of the meeting, and [Klaar]."""
    people = {Role.STUDENT: stage.student, Role.TRAINER: stage.trainer, Role.TEACHER: stage.teacher}
    ticks = tuple(
        (
            below(
                stage,
                meeting.number,
                "there",
                role.value,
                label=Run(f"{'☑' if role in meeting.present else '☐'} {facts.people[who].name}"),
            ),
        )
        for role, who in people.items()
    )
    return (*ticks, (below(stage, meeting.number, "ready"),))


def below(stage: Stage, number: int, *what: str, label: Piece | None = None) -> Button:
    """Make a button of /gesprek; without a label the one that belongs to what it does."""
    words = label or Say(id=f"meetings.button_{what[0]}")
    return Button(label=words, data=buttons.encode(Does.MEETING, base36(stage.id), number, *what))


def plan_button(stage: Stage, number: int) -> Button:
    """Make the button to plan a meeting that there is not yet."""
    return below(stage, number, "plan", label=Say(id="meetings.button_plan", values={"n": str(number)}))


def cancel_row() -> Row:
    """Make the row to leave what was begun."""
    return (Button(label=Say(id="commands.cancel"), data=buttons.encode(Does.CANCEL)),)


def no_visit(facts: ChatFacts, stage: Stage) -> Say:
    """Warn, kindly, that nobody sees the student at work (K2a)."""
    return Say(id="meetings.no_visit", values={"name": facts.people[stage.student].first_name})


def _last_held(stage: Stage) -> Meeting | None:
    return next((m for m in reversed(stage.meetings) if m.state is MeetingState.HELD), None)


def _line(meeting: Meeting, facts: ChatFacts, school: School, *, is_bold: bool) -> tuple[Piece, ...]:
    when = days.brief_moment(meeting.at, school.calendar, facts.me.language)
    moved: tuple[Piece, ...] = ()
    if meeting.moved:
        moved = Run(" · "), Say(id="meetings.times_moved", values={"n": str(meeting.moved)})
    return (
        Run(f"{meeting.number}. {when} · ", bold=is_bold),
        Say(id=f"meetings.place_{meeting.place.value}", bold=is_bold),
        Run(" · ", bold=is_bold),
        Say(id=f"meetings.state_{meeting.state.value}", bold=is_bold),
        *moved,
        Run("\n"),
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
