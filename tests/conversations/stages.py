"""A stage as in the sample roster (Samira at Congrescentrum Amstel), and what is asked in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from conversations.calendar import Holiday, QuietHours, SchoolCalendar
from conversations.facts import StageFacts
from conversations.model import (
    CheckIn,
    CheckInId,
    CheckInState,
    Key,
    Meeting,
    Participant,
    ParticipantId,
    Place,
    Programme,
    Reach,
    Reply,
    Role,
    Stage,
    StageId,
    Status,
    Task,
    Track,
    Wording,
)
from conversations.question_set import Kind, Occasion, Question, QuestionSet
from conversations.school import School

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
STUDENT, TRAINER, TEACHER = ParticipantId(1), ParticipantId(2), ParticipantId(3)

CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)})
SPRING = frozenset(
    {date(2027, 3, 28), date(2027, 3, 29), date(2027, 4, 27), date(2027, 5, 6), date(2027, 5, 17)}
)
SCHOOL_HOLIDAYS = (
    Holiday(name="herfst", begin=date(2026, 10, 10), end=date(2026, 10, 18)),
    Holiday(name="kerst", begin=date(2026, 12, 19), end=date(2027, 1, 3)),
    Holiday(name="voorjaar", begin=date(2027, 2, 20), end=date(2027, 2, 28)),
    Holiday(name="mei", begin=date(2027, 4, 24), end=date(2027, 5, 9)),
    Holiday(name="zomer", begin=date(2027, 7, 17), end=date(2027, 8, 29)),
)


def at(wall: str) -> datetime:
    """Give the moment of a wall time in Amsterdam, such as "2026-09-17 08:30"."""
    return datetime.fromisoformat(wall).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def wall(moment: datetime) -> str:
    """Give the wall time in Amsterdam of a moment, with its weekday."""
    return moment.astimezone(AMSTERDAM).strftime("%a %Y-%m-%d %H:%M")


def a_calendar(**changes: Any) -> SchoolCalendar:
    """Give the calendar of a school in 2026-2027."""
    values: dict[str, Any] = {
        "zone": AMSTERDAM,
        "public_holidays": CHRISTMAS | SPRING,
        "school_holidays": SCHOOL_HOLIDAYS,
        "quiet": QuietHours(),
    }
    return SchoolCalendar(**(values | changes))


def a_meeting(number: int, when: str) -> Meeting:
    """Give a meeting at a wall time."""
    return Meeting(number=number, at=at(when), place=Place.ONLINE)


def a_stage(**changes: Any) -> Stage:
    """Give stage BPV-2026-001: Tuesday, Wednesday and Thursday until 16:30."""
    values: dict[str, Any] = {
        "id": StageId(1),
        "code": "BPV-2026-001",
        "student": STUDENT,
        "trainer": TRAINER,
        "teacher": TEACHER,
        "team": "Business Events",
        "programme": "business-events",
        "track": Track.BOL,
        "company": "Congrescentrum Amstel",
        "city": "Amsterdam",
        "begin": date(2026, 9, 7),
        "end": date(2027, 1, 29),
        "days": frozenset({1, 2, 3}),
        "workday_end": time(16, 30),
        "meetings": (
            a_meeting(1, "2026-09-21 10:00"),
            a_meeting(2, "2026-11-16 13:30"),
            a_meeting(3, "2027-01-18 15:00"),
        ),
    }
    return Stage(**(values | changes))


def a_person(who: ParticipantId, **changes: Any) -> Participant:
    """Give a participant who joined."""
    role = {STUDENT: Role.STUDENT, TRAINER: Role.TRAINER, TEACHER: Role.TEACHER}[who]
    values: dict[str, Any] = {"name": role.value, "roles": frozenset({role}), "reach": Reach.JOINED}
    return Participant(id=who, **(values | changes))


def the_people(*changed: Participant) -> dict[ParticipantId, Participant]:
    """Give student, trainer and teacher of the stage, with some of them changed."""
    usual = {who: a_person(who) for who in (STUDENT, TRAINER, TEACHER)}
    return usual | {person.id: person for person in changed}


def a_set(name: str, occasion: Occasion, key: Key = Key.LEARNING, **changes: Any) -> QuestionSet:
    """Give a question set of one question; the role is in the name, as in "student/aha"."""
    words = Wording(nl=name, en=name)
    values: dict[str, Any] = {
        "version": "1",
        "role": Role(name.split("/")[0]),
        "questions": (Question(id="q", kind=Kind.TEXT, key=key, text=words),),
    }
    return QuestionSet(name=name, occasion=occasion, key=key, **(values | changes))


USUAL_SETS = (
    a_set("student/who", Occasion.FIRST_WEEK),
    a_set("student/aha", Occasion.WEEKLY, Key.LEARNING, order=1),
    a_set("student/possible", Occasion.WEEKLY, Key.POTENTIAL, order=2),
    a_set("student/agenda", Occasion.AGENDA, Key.AGENDA),
    a_set("trainer/first", Occasion.FIRST_WEEK, Key.JUDGEMENT),
    a_set("trainer/judgement", Occasion.BEFORE_MEETING, Key.JUDGEMENT),
)
TASKS = ("guests", "stage-plan", "invoice")


def a_school(*sets: QuestionSet, calendar: SchoolCalendar | None = None) -> School:
    """Give a school with these question sets, or the usual ones, and one programme of three tasks."""
    tasks = tuple(Task(id=task, text=Wording(nl=task, en=task)) for task in TASKS)
    name = Wording(nl="Business Events", en="Business Events")
    return School(
        name="Voorbeeldcollege",
        calendar=calendar or a_calendar(),
        question_sets={s.name: s for s in sets or USUAL_SETS},
        programmes={"business-events": Programme(id="business-events", name=name, tasks=tasks)},
    )


def a_check_in(number: int, occasion: str, question_set: str = "student/aha", **changes: Any) -> CheckIn:
    """Give a check-in of the student that was opened on time and answered."""
    due = changes.get("due", at("2026-09-10 16:30"))
    values: dict[str, Any] = {
        "stage": StageId(1),
        "participant": STUDENT,
        "version": "1",
        "due": due,
        "closes": due + timedelta(days=6),
        "state": CheckInState.DONE,
        "opened": due,
    }
    return CheckIn(id=CheckInId(number), occasion=occasion, question_set=question_set, **(values | changes))


def a_reply(check_in: CheckIn, **changes: Any) -> Reply:
    """Give the answer to a check-in's question, given at once."""
    asked = changes.get("asked", check_in.opened or check_in.due)
    values: dict[str, Any] = {
        "question": "q",
        "key": Key.LEARNING,
        "wording": "",
        "asked": asked,
        "answered": asked,
        "status": Status.ANSWERED,
    }
    return Reply(check_in=check_in.id, participant=check_in.participant, **(values | changes))


def the_facts(stage: Stage | None = None, *changed: Participant, **facts: Any) -> StageFacts:
    """Give the facts about a stage of which nothing was recorded yet."""
    return StageFacts(stage=stage or a_stage(), people=the_people(*changed), coordinators=(), **facts)


def on_record(occasions: str, **changes: Any) -> tuple[CheckIn, ...]:
    """Give check-ins that were recorded as not asked, such as "week 1, week 2, agenda 1"."""
    values: dict[str, Any] = {"state": CheckInState.NOT_ASKED, "opened": None}
    names = occasions.split(", ")
    return tuple(a_check_in(100 + n, name, "", **(values | changes)) for n, name in enumerate(names))
