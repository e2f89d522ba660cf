"""What is due at a moment: questions, reminders, closings, digests, and what is recorded as not asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from conversations.dossier import PageRecord
from conversations.due import due, next_wake
from conversations.duties import (
    Addend,
    Ask,
    AskHeld,
    Close,
    Due,
    Escalate,
    HandOver,
    HandPage,
    MissDigest,
    Record,
    Remind,
    Wake,
)
from conversations.facts import DigestRecord, StageFacts
from conversations.model import CheckInState, Meeting, Moment, Participant, Reach, Reason, StageId, Status
from conversations.question_set import Occasion
from tests.conversations.stages import (
    STUDENT,
    TEACHER,
    TRAINER,
    a_check_in,
    a_meeting,
    a_person,
    a_reply,
    a_school,
    a_set,
    a_stage,
    at,
    on_record,
    the_facts,
    wall,
)

SCHOOL = a_school()
FIRST = at("2026-09-10 16:30")  # the student's first week
TRAINER_DONE = on_record("week 1, meeting 1, meeting 2, meeting 3", participant=TRAINER)
BOTH_PAGES = tuple(PageRecord(stage=StageId(1), page=page, at=FIRST) for page in ("third", "end"))
MISSED_1 = (DigestRecord(stage=StageId(1), meeting=1, at=at("2026-09-21 10:00"), missed=True),)


def told(dues: list[Due]) -> list[str]:
    """Say in a word or two what is due."""
    words = []
    for one in dues:
        match one:
            case Ask(planned=planned):
                words.append(f"ask {planned.occasion}" + (" late" if one.catch_up else ""))
            case Record(planned=planned, reason=reason):
                words.append(f"{reason} {planned.occasion}")
            case Remind(check_in=check_in) | Wake(check_in=check_in) | Close(check_in=check_in):
                words.append(f"{type(one).__name__.lower()} {check_in.occasion}")
            case HandOver(meeting=meeting) | Addend(meeting=meeting) | MissDigest(meeting=meeting):
                words.append(f"{type(one).__name__.lower()} {meeting.number}")
            case AskHeld(meeting=meeting):
                words.append(f"held {meeting.number}")
            case HandPage(page=page, late=late):
                words.append(f"page {page}" + (" late" if late else ""))
            case Escalate(signal=signal):
                words.append(f"escalate {signal.kind}")
    return words


def told_at(moment: str, facts: StageFacts) -> list[str]:
    """Say what is due at a wall time."""
    return told(due(facts, SCHOOL, at(moment)))


def meetings_done() -> tuple[Meeting, ...]:
    """Give the meetings of the stage, of each of which the teacher was asked whether it was held."""
    return tuple(replace(meeting, asked=meeting.at) for meeting in a_stage().meetings)


def student_only(*people: Participant, **facts: object) -> StageFacts:
    """Give the stage with everything recorded that the trainer and the meetings have."""
    handed = tuple(
        DigestRecord(stage=StageId(1), meeting=m.number, at=m.at, missed=True) for m in a_stage().meetings
    )
    recorded = (*TRAINER_DONE, *on_record("agenda 1, agenda 2, agenda 3"))
    done = facts.pop("check_ins", ())
    assert isinstance(done, tuple)
    stage = a_stage(meetings=meetings_done())
    return the_facts(stage, *people, check_ins=(*recorded, *done), digests=handed, pages=BOTH_PAGES, **facts)


# ---- asking


def test_nothing_is_due_before_its_moment_and_the_question_at_it() -> None:
    """Thursday 16:30, not a second earlier."""
    facts = student_only()
    assert [told(due(facts, SCHOOL, now)) for now in (FIRST - timedelta(seconds=1), FIRST)] == [
        [],
        ["ask week 1"],
    ]


def test_the_next_moment_of_a_new_stage_is_the_first_question() -> None:
    """Student and trainer of Samira's stage begin on Thursday 10 September."""
    facts = the_facts()
    now = at("2026-09-01 12:00")
    wakes = [next_wake(facts, SCHOOL, now), next_wake(student_only(), SCHOOL, now)]
    assert [wake and wall(wake) for wake in wakes] == ["Thu 2026-09-10 16:00", "Thu 2026-09-10 16:30"]


def test_a_question_becomes_a_check_in_that_says_what_and_until_when() -> None:
    """The check-in holds the set with its version, room for two questions and one reminder."""
    (ask,) = due(student_only(), SCHOOL, FIRST)
    assert isinstance(ask, Ask)
    check_in = ask.check_in(a_check_in(7, "week 1").id)
    assert check_in == a_check_in(
        7,
        "week 1",
        "student/who",
        due=FIRST,
        closes=FIRST + timedelta(days=6),
        state=CheckInState.QUEUED,
        room=2,
        remind_at=FIRST + timedelta(days=1),
        opened=None,
    )


@pytest.mark.parametrize("state", list(CheckInState))
def test_what_was_recorded_under_its_name_is_never_asked_again(state: CheckInState) -> None:
    """Whatever became of it, and also when its moment lies elsewhere by now."""
    done = a_check_in(1, "week 1", due=at("2026-09-08 16:30"), closes=at("2026-09-17 16:30"), state=state)
    assert told_at("2026-09-10 16:30", student_only(check_ins=(done,))) == []


def test_a_meeting_that_moves_after_its_question_gives_nothing_twice() -> None:
    """Agenda 1 was asked for 21 September; the meeting moves to the 30th."""
    stage = a_stage()
    moved = replace(stage, meetings=(a_meeting(1, "2026-09-30 10:00"), *stage.meetings[1:]))
    facts = replace(student_only(check_ins=on_record("week 1, week 2, week 3")), stage=moved)
    assert told_at("2026-09-25 16:30", facts) == []


@pytest.mark.parametrize(
    ("person", "reason", "state"),
    [
        (a_person(STUDENT, reach=Reach.INVITED), Reason.NOT_JOINED, CheckInState.UNREACHABLE),
        (a_person(STUDENT, reach=Reach.BLOCKED), Reason.BLOCKED, CheckInState.UNREACHABLE),
        (a_person(STUDENT, reach=Reach.STOPPED), Reason.STOPPED, CheckInState.UNREACHABLE),
        (a_person(STUDENT, paused_until=date(2026, 9, 11)), Reason.PAUSED, CheckInState.NOT_ASKED),
    ],
)
def test_who_can_not_be_asked_has_it_recorded_with_the_reason(
    person: Participant, reason: Reason, state: CheckInState
) -> None:
    """Nothing that was planned is forgotten."""
    (record,) = due(student_only(person), SCHOOL, FIRST)
    assert isinstance(record, Record)
    check_in = record.check_in(a_check_in(7, "week 1").id)
    assert (check_in.reason, check_in.state, check_in.question_set) == (reason, state, "")


def test_a_pause_ends_on_its_day() -> None:
    """Paused until Thursday means: asked on Thursday."""
    facts = student_only(a_person(STUDENT, paused_until=date(2026, 9, 10)))
    assert told(due(facts, SCHOOL, FIRST)) == ["ask week 1"]


def test_a_week_of_holidays_is_recorded_and_not_asked() -> None:
    """Week 6 is the autumn holiday."""
    facts = student_only(check_ins=on_record("week 1, week 2, week 3, week 4, week 5"))
    assert told_at("2026-10-15 16:30", facts) == ["holiday week 6"]


def test_what_is_planned_after_a_stage_ended_early_is_recorded_when_it_is_due() -> None:
    """A stage that was ended asks nothing any more, and leaves no gap in the record."""
    facts = student_only(check_ins=on_record("week 1"))
    ended = replace(facts, stage=replace(facts.stage, ended=True))
    assert [told_at(f"2026-09-17 16:{minute}", ended) for minute in (29, 30)] == [[], ["stage_ended week 2"]]


def test_without_a_question_set_that_fits_the_occasion_is_recorded() -> None:
    """A school without weekly questions."""
    school = a_school(a_set("student/agenda", Occasion.AGENDA))
    assert told(due(student_only(), school, FIRST)) == ["no_question week 1"]


def test_two_questions_put_that_week_leave_no_room_for_a_third() -> None:
    """A catch-up on Tuesday had two questions; Thursday's week is full."""
    earlier = a_check_in(1, "week 1", due=at("2026-09-15 12:00"))
    replies = tuple(a_reply(earlier, question=q) for q in ("aha", "aha.example", "transfer"))
    facts = student_only(check_ins=(earlier,), replies=replies)
    assert told_at("2026-09-17 16:30", facts) == ["full_week week 2"]


def test_agenda_and_weekly_question_of_one_moment_get_one_question_each() -> None:
    """Agenda 2 falls on Wednesday 11 November, which is the last stage day here."""
    stage = a_stage(days=frozenset({1, 2}), meetings=meetings_done())
    done = (*TRAINER_DONE, *on_record("agenda 1, " + ", ".join(f"week {n}" for n in range(1, 10))))
    facts = the_facts(stage, check_ins=done, digests=MISSED_1, pages=BOTH_PAGES)
    dues = due(facts, SCHOOL, at("2026-11-11 16:30"))
    assert [(one.planned.occasion, one.room) for one in dues if isinstance(one, Ask)] == [
        ("week 10", 1),
        ("agenda 2", 1),
    ]


# ---- coming late


def test_a_stage_imported_halfway_asks_one_question_and_records_the_rest() -> None:
    """On a Friday in November nine weeks are closed; the tenth, of yesterday, is asked."""
    assert told_at("2026-11-13 09:00", student_only()) == [
        *(f"downtime week {n}" for n in (1, 2, 3, 4, 5)),
        "holiday week 6",
        *(f"downtime week {n}" for n in (7, 8, 9)),
        "ask week 10 late",
    ]


def test_of_several_that_are_late_the_newest_is_asked() -> None:
    """On Thursday 08:00: week 10 gives way to agenda 2; the trainer's catch-up is another person's."""
    done = (*on_record("agenda 1, " + ", ".join(f"week {n}" for n in range(1, 10))), *TRAINER_DONE[:1])
    stage = a_stage(days=frozenset({0, 1}), meetings=meetings_done())
    facts = the_facts(stage, check_ins=done, digests=MISSED_1, pages=BOTH_PAGES)
    assert told_at("2026-11-12 08:00", facts) == [
        "meeting_passed meeting 1",
        "downtime week 10",
        "ask meeting 2 late",
        "ask agenda 2 late",
    ]


def test_what_is_late_gives_way_to_what_is_due_now() -> None:
    """On Wednesday 11 November agenda 2 is due; week 10, of Tuesday, was missed."""
    done = on_record("agenda 1, " + ", ".join(f"week {n}" for n in range(1, 10)))
    stage = a_stage(days=frozenset({0, 1}), meetings=meetings_done())
    facts = the_facts(stage, check_ins=(*TRAINER_DONE, *done), digests=MISSED_1, pages=BOTH_PAGES)
    assert told_at("2026-11-11 16:30", facts) == ["downtime week 10", "ask agenda 2"]


def test_a_catch_up_takes_one_question_and_leaves_one_for_the_week_it_lands_in() -> None:
    """Week 1 asked on Monday of week 2."""
    (ask,) = due(student_only(), SCHOOL, at("2026-09-14 09:00"))
    assert isinstance(ask, Ask)
    assert (ask.room, ask.catch_up) == (1, True)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-09-10 22:29", "Fri 2026-09-11 08:00"),
        ("2026-09-11 07:00", "Fri 2026-09-11 08:00"),
        ("2026-09-12 20:00", "Mon 2026-09-14 08:00"),
        ("2026-09-13 15:00", "Mon 2026-09-14 08:00"),
    ],
)
def test_what_is_late_waits_for_the_end_of_quiet_hours(now: str, expected: str) -> None:
    """Nobody is woken because the bot was away."""
    facts = student_only()
    wake = next_wake(facts, SCHOOL, at(now))
    assert (told_at(now, facts), wake and wall(wake)) == ([], expected)


def test_what_is_late_waits_for_the_end_of_a_holiday_and_may_close_in_it() -> None:
    """Week 5, of 8 October, is still open on Saturday; but the autumn holiday lasts until it closes."""
    facts = student_only(check_ins=on_record("week 1, week 2, week 3, week 4"))
    now = at("2026-10-10 12:00")
    wake = next_wake(facts, SCHOOL, now)
    assert (told(due(facts, SCHOOL, now)), wake and wall(wake)) == ([], "Wed 2026-10-14 16:30")
    assert told_at("2026-10-14 16:30", facts) == ["downtime week 5"]


def test_a_chosen_quiet_moment_is_kept_for_an_hour() -> None:
    """Asked at 21:00 sharp or a little later, but not at half past ten."""
    facts = student_only(a_person(STUDENT, moment=Moment(time=time(21))))
    clocks = ("21:00", "21:59", "22:30")
    assert [told_at(f"2026-09-10 {clock}", facts) for clock in clocks] == [["ask week 1"], ["ask week 1"], []]


def test_what_prepared_a_meeting_that_is_over_is_recorded_so() -> None:
    """An agenda question makes no sense after the meeting."""
    done = (*TRAINER_DONE, *on_record("week 1, week 2"))
    dues = due(the_facts(check_ins=done), SCHOOL, at("2026-09-21 10:00"))
    assert told(dues) == ["missdigest 1", "meeting_passed agenda 1"]


# ---- reminding, snoozing, closing


def test_a_student_is_reminded_once_the_next_day_at_the_same_time() -> None:
    """And no more when the reminder was carried out."""
    waiting = a_check_in(1, "week 1", due=FIRST, state=CheckInState.OPEN, remind_at=at("2026-09-11 16:30"))
    reminded = replace(waiting, remind_at=None)
    both = [student_only(check_ins=(one,)) for one in (waiting, reminded)]
    assert [told_at("2026-09-11 16:30", facts) for facts in both] == [["remind week 1"], []]


@pytest.mark.parametrize(
    ("asked", "person", "expected"),
    [
        ("2026-09-10 16:30", a_person(STUDENT), "Fri 2026-09-11 16:30"),
        (
            "2026-09-12 10:00",
            a_person(STUDENT, moment=Moment(time=time(10), weekday=5)),
            "Mon 2026-09-14 12:00",
        ),
        (
            "2026-09-12 21:00",
            a_person(STUDENT, moment=Moment(time=time(21), weekday=5)),
            "Mon 2026-09-14 21:00",
        ),
        ("2026-09-10 21:00", a_person(STUDENT, moment=Moment(time=time(21))), "Fri 2026-09-11 21:00"),
    ],
)
def test_a_reminder_keeps_to_the_rules_for_questions(asked: str, person: Participant, expected: str) -> None:
    """On Sunday nobody is reminded; an hour that was chosen stays."""
    (ask,) = due(student_only(person), SCHOOL, at(asked))
    assert isinstance(ask, Ask)
    assert [ask.remind_at and wall(ask.remind_at)] == [expected]


def test_a_trainer_is_reminded_after_two_days() -> None:
    """Asked on Thursday at 16:00, so on Saturday at 16:00."""
    dues = due(the_facts(), SCHOOL, at("2026-09-10 16:00"))
    assert [one.remind_at and wall(one.remind_at) for one in dues if isinstance(one, Ask)] == [
        "Sat 2026-09-12 16:00"
    ]


def test_nobody_is_reminded_on_a_holiday_or_when_it_closes_soon() -> None:
    """Thursday before the autumn holiday: Friday is still school. The agenda closes before its reminder."""
    last = student_only(check_ins=on_record("week 1, week 2, week 3, week 4"))
    friday = replace(last, stage=replace(last.stage, days=frozenset({4})))
    agenda = the_facts(check_ins=(*TRAINER_DONE, *on_record("week 1")))
    dues = [*due(friday, SCHOOL, at("2026-10-09 16:30")), *due(agenda, SCHOOL, at("2026-09-16 16:30"))]
    assert [(one.planned.occasion, one.remind_at) for one in dues if isinstance(one, Ask)] == [
        ("week 5", None),
        ("agenda 1", None),
    ]


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.SKIPPED])
def test_who_did_anything_with_a_check_in_is_not_reminded(status: Status) -> None:
    """The first question was answered or skipped; the second is open."""
    waiting = a_check_in(1, "week 1", due=FIRST, state=CheckInState.OPEN, remind_at=at("2026-09-11 16:30"))
    replies = (a_reply(waiting, status=status), a_reply(waiting, question="b", status=Status.OPEN))
    assert told_at("2026-09-11 16:30", student_only(check_ins=(waiting,), replies=replies)) == []


def test_a_reminder_that_was_missed_is_not_sent_days_later() -> None:
    """Six hours late is the limit, and two hours before closing."""
    waiting = a_check_in(1, "week 1", due=FIRST, state=CheckInState.OPEN, remind_at=at("2026-09-11 10:00"))
    facts = student_only(check_ins=(waiting,))
    assert [told_at(f"2026-09-11 {clock}", facts) for clock in ("16:00", "16:01")] == [["remind week 1"], []]


@pytest.mark.parametrize(
    "person",
    [a_person(STUDENT, reach=Reach.BLOCKED), a_person(STUDENT, paused_until=date(2026, 9, 14))],
)
def test_nobody_who_paused_or_left_is_reminded_or_woken(person: Participant) -> None:
    """What was asked before stays open until it closes."""
    moment = at("2026-09-11 16:30")
    waiting = (
        a_check_in(1, "week 1", due=FIRST, state=CheckInState.OPEN, remind_at=moment),
        a_check_in(2, "extra", due=FIRST, state=CheckInState.OPEN, snoozed_until=moment),
    )
    assert told_at("2026-09-11 16:30", student_only(person, check_ins=waiting)) == []


def test_a_snoozed_question_comes_back_when_it_was_asked_to() -> None:
    """Also when that is a holiday, and never with a reminder besides."""
    waiting = a_check_in(
        1,
        "week 5",
        due=at("2026-10-08 16:30"),
        state=CheckInState.OPEN,
        snoozed_until=at("2026-10-10 16:30"),
        remind_at=at("2026-10-10 16:00"),
    )
    facts = student_only(check_ins=(*on_record("week 1, week 2, week 3, week 4"), waiting))
    assert [told_at(f"2026-10-10 {clock}", facts) for clock in ("16:00", "16:30")] == [[], ["wake week 5"]]


@pytest.mark.parametrize("state", [CheckInState.OPEN, CheckInState.QUEUED])
def test_an_open_or_queued_check_in_closes_before_the_next_is_asked(state: CheckInState) -> None:
    """Week 1 closes when week 2 is due, in this order."""
    waiting = a_check_in(1, "week 1", closes=at("2026-09-17 16:30"), state=state)
    assert told_at("2026-09-17 16:30", student_only(check_ins=(waiting,))) == ["close week 1", "ask week 2"]


# ---- digests


def test_the_digest_is_handed_over_two_workdays_before_the_meeting_after_what_it_closes() -> None:
    """Thursday 17 September 08:30: the trainer's check-in closes, then the digest is made."""
    waiting = a_check_in(
        1, "meeting 1", participant=TRAINER, closes=at("2026-09-17 08:30"), state=CheckInState.OPEN
    )
    done = (*on_record("week 1", participant=TRAINER), *on_record("week 1, agenda 1"), waiting)
    facts = the_facts(check_ins=done)
    assert [told_at(f"2026-09-17 08:{minute}", facts) for minute in (29, 30)] == [
        [],
        ["close meeting 1", "handover 1"],
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-09-18 15:00", ["handover 1"]),
        ("2026-09-19 21:00", []),
        ("2026-09-20 15:00", []),
        ("2026-09-21 08:00", ["handover 1"]),
        ("2026-09-21 09:59", ["handover 1"]),
        ("2026-09-21 10:00", ["missdigest 1"]),
    ],
)
def test_a_late_digest_comes_before_the_meeting_and_not_at_night(now: str, expected: list[str]) -> None:
    """After the meeting it is recorded as missed."""
    done = (*TRAINER_DONE, *on_record("week 1, week 2, agenda 1"))
    assert told_at(now, the_facts(check_ins=done)) == expected


def test_a_late_digest_wakes_the_teacher_only_when_the_meeting_can_not_wait() -> None:
    """The meeting is at 08:15, so that quiet hours end too late."""
    stage = a_stage(meetings=(a_meeting(1, "2026-09-21 08:15"),))
    facts = the_facts(stage, check_ins=(*TRAINER_DONE, *on_record("week 1, week 2, agenda 1")))
    assert told_at("2026-09-20 22:00", facts) == ["handover 1"]


def test_a_digest_waits_for_a_teacher_who_has_not_joined() -> None:
    """It comes when they join, or is missed at the meeting."""
    done = (*TRAINER_DONE, *on_record("week 1, week 2, agenda 1"))
    absent = the_facts(None, a_person(TEACHER, reach=Reach.INVITED), check_ins=done)
    now = at("2026-09-18 12:00")
    wake = next_wake(absent, SCHOOL, now)
    assert (told(due(absent, SCHOOL, now)), wake and wall(wake)) == ([], "Mon 2026-09-21 10:00")
    assert told(due(the_facts(check_ins=done), SCHOOL, now)) == ["handover 1"]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, [[], ["addend 1"], ["addend 1"], []]),
        ({"addendum_at": at("2026-09-21 08:00")}, [[], [], [], []]),
        ({"at": at("2026-09-21 10:00"), "missed": True}, [[], [], [], []]),
        ({"at": at("2026-09-21 08:10")}, [[], [], [], []]),
    ],
)
def test_what_came_in_later_is_looked_for_once_on_the_morning_of_the_meeting(
    record: dict[str, object], expected: list[list[str]]
) -> None:
    """From 08:00 until the meeting, and not when the digest itself came that morning."""
    values: dict[str, object] = {"stage": StageId(1), "meeting": 1, "at": at("2026-09-17 08:30")} | record
    handed = DigestRecord(**values)  # type: ignore[arg-type]  # the parameters above are its fields
    done = (*TRAINER_DONE, *on_record("week 1, week 2, agenda 1"))
    facts = the_facts(check_ins=done, digests=(handed,))
    clocks = ("07:59", "08:00", "09:59", "10:00")
    assert [told_at(f"2026-09-21 {clock}", facts) for clock in clocks] == expected


def test_when_everything_is_recorded_there_is_no_next_moment() -> None:
    """The stage is over."""
    facts = student_only(check_ins=on_record(", ".join(f"week {n}" for n in range(1, 22))))
    assert next_wake(facts, SCHOOL, FIRST) is None
