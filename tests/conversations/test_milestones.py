"""One third, two thirds and the end: when student and trainer are asked about them (P2, P8, S1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from conversations.due import due
from conversations.duties import Ask, Close, Record
from conversations.milestones import last_day, third_days
from conversations.model import (
    CheckInId,
    CheckInState,
    Key,
    MeetingState,
    Moment,
    Participant,
    ParticipantId,
    Reason,
    Stage,
    Track,
)
from conversations.plan import Planned
from conversations.question_set import Occasion
from conversations.schedule import occasions
from conversations.school import School
from tests.conversations.stages import (
    STUDENT,
    TRAINER,
    USUAL_SETS,
    a_check_in,
    a_meeting,
    a_person,
    a_school,
    a_set,
    a_stage,
    at,
    on_record,
    the_facts,
    the_people,
    wall,
)

FOR_STUDENT = (
    a_set("student/third", Occasion.THIRD, Key.POTENTIAL),
    a_set("student/end", Occasion.END, Key.SURVEY),
)
FOR_TRAINER = (
    a_set("trainer/third", Occasion.THIRD, Key.POTENTIAL),
    a_set("trainer/end", Occasion.END, Key.SURVEY),
)
ALL = a_school(*USUAL_SETS, *FOR_STUDENT, *FOR_TRAINER)


def planned(
    who: ParticipantId, stage: Stage | None = None, *people: Participant, school: School = ALL
) -> list[Planned]:
    """Give what somebody should be asked in a stage."""
    plan = occasions(stage or a_stage(), the_people(*people), school)
    return [one for one in plan if one.participant == who]


def special(plan: list[Planned]) -> list[str]:
    """Say which occasions belong to a third or the end, and when."""
    kinds = (Occasion.THIRD, Occasion.END)
    return [f"{one.occasion}: {one.kind} {wall(one.due)}" for one in plan if one.kind in kinds]


def test_a_trainer_is_asked_a_week_before_each_third_and_in_the_last_week() -> None:
    """P2: 7 September to 29 January has its thirds on 25 October and 12 December; it ends on the 28th."""
    assert special(planned(TRAINER)) == [
        "third 1: third Sat 2026-10-17 16:00",
        "third 2: third Sat 2026-12-05 16:00",
        "end: end Wed 2027-01-27 16:00",
    ]


def test_what_is_asked_at_a_third_stays_open_for_a_week() -> None:
    """So does what is asked at the end."""
    found = {one.occasion: one.closes - one.due for one in planned(TRAINER)}
    assert {found[name].days for name in ("third 1", "third 2", "end")} == {7}


def test_a_third_close_to_a_round_before_a_meeting_comes_with_it() -> None:
    """S1, K3b: meeting 2 on Thursday 22 October asks on Thursday the 15th: one round."""
    meetings = (a_meeting(1, "2026-09-21 10:00"), a_meeting(2, "2026-10-22 13:30"))
    moments = {one.occasion: wall(one.due) for one in planned(TRAINER, a_stage(meetings=meetings))}
    assert moments["third 1"] == moments["meeting 2"] == "Thu 2026-10-15 16:00"


def test_a_third_further_from_a_round_comes_by_itself() -> None:
    """Six days apart are two moments."""
    meetings = (a_meeting(1, "2026-09-21 10:00"), a_meeting(2, "2026-10-30 13:30"))
    moments = {one.occasion: wall(one.due) for one in planned(TRAINER, a_stage(meetings=meetings))}
    assert (moments["third 1"], moments["meeting 2"]) == ("Sat 2026-10-17 16:00", "Fri 2026-10-23 16:00")


def test_a_trainer_is_asked_on_the_day_and_hour_they_chose() -> None:
    """The chosen weekday before it."""
    chose = a_person(TRAINER, moment=Moment(time=time(21), weekday=1))
    assert special(planned(TRAINER, None, chose)) == [
        "third 1: third Tue 2026-10-13 21:00",
        "third 2: third Tue 2026-12-01 21:00",
        "end: end Tue 2027-01-26 21:00",
    ]


def test_the_students_week_before_a_third_is_asked_about_it_under_its_own_name() -> None:
    """P2, P8: autumn holiday first, so week 7; the last two weeks look back."""
    assert special(planned(STUDENT)) == [
        "week 7: third Thu 2026-10-22 16:30",
        "week 13: third Thu 2026-12-03 16:30",
        "week 20: end Thu 2027-01-21 16:30",
        "week 21: end Thu 2027-01-28 16:30",
    ]


def test_a_school_without_such_questions_asks_its_weekly_ones() -> None:
    """Nothing is planned that nobody could be asked."""
    school = a_school()
    assert special(planned(STUDENT, school=school)) + special(planned(TRAINER, school=school)) == []
    assert special(planned(TRAINER, school=a_school(*USUAL_SETS, *FOR_STUDENT))) == []


@pytest.mark.parametrize(("end", "expected"), [(date(2026, 10, 9), []), (date(2026, 10, 16), [1, 2])])
def test_a_stage_of_less_than_six_weeks_has_no_thirds(end: date, expected: list[int]) -> None:
    """Five weeks have none; six have two."""
    stage = a_stage(end=end, meetings=())
    names = [one.occasion for one in planned(TRAINER, stage) if one.kind is Occasion.THIRD]
    assert names == [f"third {n}" for n in expected]


def test_a_work_based_stage_of_years_has_its_thirds_by_days_too() -> None:
    """S1: two years of four days a week; the second third falls in the second year."""
    stage = a_stage(
        track=Track.BBL,
        begin=date(2026, 9, 1),
        end=date(2028, 7, 14),
        days=frozenset({0, 1, 2, 3}),
        through_holidays=True,
    )
    assert third_days(stage) == (date(2027, 4, 16), date(2027, 11, 29))


def test_the_last_day_is_one_on_which_the_student_is_there() -> None:
    """Not the Friday on which the stage ends: that is no stage day."""
    assert last_day(ALL.calendar, a_stage()) == date(2027, 1, 28)


@pytest.mark.parametrize("state", [MeetingState.HELD, MeetingState.MISSED, MeetingState.CANCELLED])
def test_a_meeting_that_is_not_to_be_held_asks_nothing(state: MeetingState) -> None:
    """P1: neither the student nor the trainer."""
    meetings = tuple(replace(m, state=state) for m in a_stage().meetings)
    stage = a_stage(meetings=meetings)
    asked = [one.meeting for one in (*planned(STUDENT, stage), *planned(TRAINER, stage)) if one.meeting]
    assert asked == []


def test_a_meeting_put_before_an_earlier_one_is_still_prepared() -> None:
    """P1: meeting 1 was moved to after meeting 2; the agenda of meeting 2 is due first."""
    meetings = (a_meeting(1, "2026-12-07 10:00"), a_meeting(2, "2026-11-16 13:30"))
    weeks = on_record(", ".join(f"week {n}" for n in range(1, 11)))
    recorded = (*weeks, *on_record("week 1, third 1, meeting 2", participant=TRAINER))
    facts = the_facts(a_stage(meetings=meetings), check_ins=recorded)
    asked = [one.planned.occasion for one in due(facts, ALL, at("2026-11-11 16:30")) if isinstance(one, Ask)]
    assert asked == ["agenda 2"]


# ---- a trainer who stopped


def test_a_trainer_who_stopped_is_asked_nothing_and_it_is_recorded() -> None:
    """The reason is kept, so that nobody takes it for silence."""
    facts = the_facts(a_stage(trainer_stopped=True))
    (record,) = (
        one
        for one in due(facts, ALL, at("2026-09-10 16:00"))
        if isinstance(one, Record) and one.planned.participant == TRAINER
    )
    assert (record.planned.occasion, record.reason) == ("week 1", Reason.HANDED_OVER)


def test_what_was_open_to_a_trainer_who_stopped_closes_and_what_waits_closes_first() -> None:
    """A question that waits for another one is not opened by its end."""
    first = a_check_in(1, "meeting 1", "trainer/judgement", participant=TRAINER, state=CheckInState.OPEN)
    second = replace(first, id=CheckInId(2), occasion="third 1", state=CheckInState.QUEUED)
    facts = the_facts(a_stage(trainer_stopped=True), check_ins=(first, second))
    closed = [one for one in due(facts, ALL, at("2026-09-10 12:00")) if isinstance(one, Close)]
    assert [(one.check_in.occasion, one.reason) for one in closed] == [
        ("third 1", Reason.HANDED_OVER),
        ("meeting 1", Reason.HANDED_OVER),
    ]


def test_a_trainer_who_guides_again_is_asked_what_comes_next() -> None:
    """What was recorded meanwhile stays so."""
    recorded = on_record("week 1, meeting 1", participant=TRAINER, reason=Reason.HANDED_OVER)
    facts = the_facts(a_stage(), check_ins=recorded)
    asked = [
        one.planned.occasion
        for one in due(facts, ALL, at("2026-10-17 16:00"))
        if isinstance(one, Ask) and one.planned.participant == TRAINER
    ]
    assert asked == ["third 1"]
