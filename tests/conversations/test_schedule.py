"""The plan of a stage: which occasions, when, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from conversations.calendar import Holiday
from conversations.model import Moment, Participant, Reason, Stage
from conversations.plan import Planned
from conversations.question_set import Occasion
from conversations.schedule import addendum_at, digest_at, occasions
from conversations.school import School
from tests.conversations.stages import (
    SCHOOL_HOLIDAYS,
    STUDENT,
    TRAINER,
    a_calendar,
    a_meeting,
    a_person,
    a_school,
    a_set,
    a_stage,
    the_people,
    wall,
)


def planned(
    occasion: str,
    stage: Stage | None = None,
    *people: Participant,
    school: School | None = None,
    who: object = STUDENT,
) -> Planned | None:
    """Find one occasion of somebody in the plan."""
    plan = occasions(stage or a_stage(), the_people(*people), school or a_school())
    return next((one for one in plan if (one.occasion, one.participant) == (occasion, who)), None)


def moment(found: Planned | None) -> str | None:
    """Give the wall time on which an occasion is due."""
    return wall(found.due) if found else None


def closing(found: Planned | None) -> str | None:
    """Give the wall time on which an occasion closes."""
    return wall(found.closes) if found else None


# ---- the student, weekly


def test_the_student_is_asked_at_the_end_of_the_last_stage_day_of_the_week() -> None:
    """Samira works Tuesday, Wednesday and Thursday until 16:30."""
    weeks = [moment(planned(f"week {n}")) for n in (1, 2, 21)]
    assert weeks == ["Thu 2026-09-10 16:30", "Thu 2026-09-17 16:30", "Thu 2027-01-28 16:30"]


def test_there_is_one_weekly_occasion_for_each_week_of_the_stage() -> None:
    """21 weeks from 7 September to 29 January, none before and none after."""
    plan = occasions(a_stage(), the_people(), a_school())
    weekly = [one.occasion for one in plan if one.participant == STUDENT and one.meeting is None]
    assert weekly == [f"week {n}" for n in range(1, 22)]


def test_summer_and_winter_time_keep_the_same_hour_on_the_wall() -> None:
    """The week before and the week after 25 October both ask at 16:30."""
    assert [moment(planned(f"week {n}")) for n in (7, 8)] == ["Thu 2026-10-22 16:30", "Thu 2026-10-29 16:30"]


@pytest.mark.parametrize(
    ("days", "end", "expected"),
    [
        ({2, 3, 4}, time(22, 30), "Sat 2026-09-12 12:00"),  # Wednesday to Friday, evenings
        ({1, 2, 3}, time(22, 30), "Fri 2026-09-11 12:00"),
        ({0, 1}, time(23), "Wed 2026-09-09 12:00"),
        ({4, 5}, time(22, 30), "Sat 2026-09-12 19:00"),  # Monday is another week: ask before quiet begins
        ({4, 6}, time(17), "Fri 2026-09-11 17:00"),  # Sunday is quiet
        ({6}, time(17), "Sat 2026-09-12 19:00"),
        ({3, 4}, time(2), "Sat 2026-09-12 12:00"),  # a shift that ends after midnight
        ({4, 5}, time(2), "Sat 2026-09-12 19:00"),
    ],
)
def test_a_shift_that_ends_in_quiet_hours_is_asked_about_later_in_the_same_week(
    days: set[int], end: time, expected: str
) -> None:
    """On at noon of the next day that is not quiet, or before quiet begins when that is another week."""
    assert moment(planned("week 1", a_stage(days=frozenset(days), workday_end=end))) == expected


def test_an_evening_shift_before_a_holiday_is_asked_about_before_the_holiday() -> None:
    """The autumn holiday begins on Saturday 10 October: Friday 22:30 becomes Friday 19:00."""
    stage = a_stage(days=frozenset({4}), workday_end=time(22, 30))
    assert moment(planned("week 5", stage)) == "Fri 2026-10-09 19:00"


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Moment(time=time(21)), "Thu 2026-09-10 21:00"),
        (Moment(time=time(21), weekday=4), "Fri 2026-09-11 21:00"),
        (Moment(time=time(10), weekday=6), "Sun 2026-09-13 10:00"),
        (Moment(time=time(10), weekday=3), "Thu 2026-09-10 10:00"),
        (Moment(time=time(10), weekday=0), "Thu 2026-09-10 10:00"),  # Monday lies before the last stage day
    ],
)
def test_the_moment_a_student_chose_wins_over_quiet_hours(chosen: Moment, expected: str) -> None:
    """A chosen weekday counts from the last stage day on; a chosen time always."""
    assert moment(planned("week 1", None, a_person(STUDENT, moment=chosen))) == expected


def test_a_chosen_day_in_a_holiday_gives_way_to_the_last_stage_day() -> None:
    """Saturday 10 October is the first day of the autumn holiday."""
    student = a_person(STUDENT, moment=Moment(time=time(11), weekday=5))
    weeks = [moment(planned(f"week {n}", None, student)) for n in (4, 5)]
    assert weeks == ["Sat 2026-10-03 11:00", "Thu 2026-10-08 11:00"]


def test_a_week_of_holidays_is_recorded_as_such() -> None:
    """Week 6 is the autumn holiday: it has its moment and its reason."""
    found = planned("week 6")
    assert (moment(found), found and found.reason) == ("Thu 2026-10-15 16:30", Reason.HOLIDAY)


def test_a_stage_that_goes_on_in_the_holidays_is_asked_in_the_holidays() -> None:
    """S1: `through_holidays` makes the autumn holiday a week like any other."""
    found = planned("week 6", a_stage(through_holidays=True))
    assert (moment(found), found and found.reason) == ("Thu 2026-10-15 16:30", None)


def test_a_public_holiday_makes_the_day_before_it_the_last_stage_day() -> None:
    """Thursday 6 May 2027 is Ascension Day."""
    stage = a_stage(end=date(2027, 7, 1), through_holidays=True)
    assert moment(planned("week 35", stage)) == "Wed 2027-05-05 16:30"


def test_weeks_without_a_day_between_first_and_last_have_no_occasion() -> None:
    """A stage of Mondays that begins on a Wednesday and ends on a Sunday."""
    stage = a_stage(
        begin=date(2026, 9, 9), end=date(2026, 9, 27), days=frozenset({0}), workday_end=time(17), meetings=()
    )
    plan = occasions(stage, the_people(), a_school())
    weekly = [(one.occasion, wall(one.due)) for one in plan if one.participant == STUDENT]
    assert weekly == [("week 2", "Mon 2026-09-14 17:00"), ("week 3", "Mon 2026-09-21 17:00")]


def test_a_weekly_occasion_closes_after_six_days_or_at_the_next_one() -> None:
    """From Friday 17:00 to Thursday 17:00; before a shorter week until that week's moment."""
    stage = a_stage(days=frozenset({0, 4}), workday_end=time(17))
    calendar = a_calendar(public_holidays=frozenset({date(2026, 9, 25)}))
    weeks = [closing(planned(f"week {n}", stage, school=a_school(calendar=calendar))) for n in (1, 2)]
    assert weeks == ["Thu 2026-09-17 17:00", "Mon 2026-09-21 17:00"]


def test_the_first_week_has_its_own_questions() -> None:
    """Week 1 asks whether the student knows whom to ask, the others do not."""
    kinds = [found and found.kind for found in (planned("week 1"), planned("week 2"))]
    assert kinds == [Occasion.FIRST_WEEK, Occasion.WEEKLY]


def test_without_questions_for_the_first_week_it_is_a_week_like_the_others() -> None:
    """A school may do without."""
    found = planned("week 1", school=a_school(a_set("student/aha", Occasion.WEEKLY)))
    assert [found and found.kind] == [Occasion.WEEKLY]


def test_the_first_week_at_the_company_is_the_first_that_is_no_holiday() -> None:
    """A stage that begins in the autumn holiday gets its first questions the week after."""
    stage = a_stage(begin=date(2026, 10, 12))
    found = [planned(f"week {n}", stage) for n in (1, 2, 3)]
    assert [(one and one.kind, one and one.reason) for one in found] == [
        (Occasion.FIRST_WEEK, Reason.HOLIDAY),
        (Occasion.FIRST_WEEK, None),
        (Occasion.WEEKLY, None),
    ]


# ---- meetings: agenda, trainer, digest


def test_agenda_then_digest_come_three_and_two_workdays_before_the_meeting() -> None:
    """The meeting of Monday 21 September is prepared on Wednesday and Thursday before it."""
    found = planned("agenda 1")
    assert (moment(found), closing(found)) == ("Wed 2026-09-16 16:30", "Thu 2026-09-17 08:30")


@pytest.mark.parametrize(
    ("end", "chosen", "expected"),
    [
        (time(22, 30), None, "Wed 2026-09-16 19:00"),
        (time(2), None, "Wed 2026-09-16 19:00"),
        (time(16, 30), Moment(time=time(21), weekday=5), "Wed 2026-09-16 21:00"),
    ],
)
def test_the_agenda_question_keeps_its_day(end: time, chosen: Moment | None, expected: str) -> None:
    """An evening shift is asked before quiet begins; a chosen time holds, a chosen weekday can't."""
    student = a_person(STUDENT, moment=chosen)
    assert moment(planned("agenda 1", a_stage(workday_end=end), student)) == expected


@pytest.mark.parametrize(
    ("meeting", "digest", "addendum"),
    [
        ("2026-09-21 10:00", "Thu 2026-09-17 08:30", "Mon 2026-09-21 08:00"),
        ("2026-10-19 10:00", "Thu 2026-10-08 08:30", "Mon 2026-10-19 08:00"),  # after the autumn holiday
        ("2027-03-30 15:00", "Thu 2027-03-25 08:30", "Tue 2027-03-30 08:00"),  # after Easter, summer time
        ("2026-09-23 08:15", "Mon 2026-09-21 08:30", "Wed 2026-09-23 07:45"),
    ],
)
def test_the_digest_comes_two_workdays_before_and_its_addendum_that_morning(
    meeting: str, digest: str, addendum: str
) -> None:
    """08:30 and 08:00 on the wall, and at least half an hour before the meeting."""
    found, school = a_meeting(1, meeting), a_school()
    assert (wall(digest_at(found, school)), wall(addendum_at(found, school))) == (digest, addendum)


@pytest.mark.parametrize(
    ("chosen", "first", "before"),
    [
        (None, "Thu 2026-09-10 16:00", "Mon 2026-11-09 16:00"),
        (Moment(time=time(21, 30)), "Thu 2026-09-10 21:30", "Mon 2026-11-09 21:30"),
        (Moment(time=time(9), weekday=5), "Sat 2026-09-12 09:00", "Sat 2026-11-07 09:00"),
        (Moment(time=time(9), weekday=1), "Tue 2026-09-15 09:00", "Tue 2026-11-03 09:00"),
        (Moment(time=time(9), weekday=0), "Mon 2026-09-14 09:00", "Mon 2026-11-09 09:00"),
    ],
)
def test_the_trainer_is_asked_in_week_one_and_a_week_before_each_meeting(
    chosen: Moment | None, first: str, before: str
) -> None:
    """At 16:00, or at the chosen moment: from the last stage day on, and in the week up to 7 days before."""
    trainer = a_person(TRAINER, moment=chosen)
    found = [planned(name, None, trainer, who=TRAINER) for name in ("week 1", "meeting 2")]
    assert [moment(one) for one in found] == [first, before]


def test_the_trainer_has_a_week_for_week_one_and_until_the_digest_for_a_meeting() -> None:
    """What comes after the digest is late."""
    found = [planned(name, who=TRAINER) for name in ("week 1", "meeting 2")]
    assert [closing(one) for one in found] == ["Thu 2026-09-17 16:00", "Thu 2026-11-12 08:30"]


@pytest.mark.parametrize(
    ("meeting", "expected"),
    [
        ("2026-11-15 10:00", "Sat 2026-11-07 16:00"),  # 7 days before is a Sunday
        ("2027-04-05 10:00", "Sat 2027-03-27 16:00"),  # Easter Monday
        ("2027-01-04 10:00", "Tue 2026-12-15 16:00"),  # the digest comes before the Christmas holiday
    ],
)
def test_the_trainer_is_asked_earlier_around_holidays(meeting: str, expected: str) -> None:
    """Never on Sunday or a public holiday, and two days before a digest that a holiday pulls forward."""
    stage = a_stage(end=date(2027, 7, 1), meetings=(a_meeting(1, meeting),))
    assert moment(planned("meeting 1", stage, who=TRAINER)) == expected


def test_nobody_is_asked_before_the_first_day() -> None:
    """A meeting in the first week has no question before it, but the trainer's first week stays."""
    stage = a_stage(meetings=(a_meeting(1, "2026-09-09 10:00"),))
    names = {"agenda 1", "meeting 1"}
    plan = occasions(stage, the_people(), a_school())
    assert [one.occasion for one in plan if one.occasion in names or one.participant == TRAINER] == ["week 1"]


def test_a_chosen_weekday_before_the_first_day_gives_way_to_seven_days_before() -> None:
    """Meeting on Wednesday 16 September: the Thursday before lies before the stage."""
    stage = a_stage(meetings=(a_meeting(1, "2026-09-16 10:00"),))
    trainer = a_person(TRAINER, moment=Moment(time=time(9), weekday=3))
    assert moment(planned("meeting 1", stage, trainer, who=TRAINER)) == "Wed 2026-09-09 09:00"


def test_a_trainer_is_not_asked_on_a_public_holiday() -> None:
    """A chosen Thursday that is a holiday moves to the day after, in week 1, or before, for a meeting."""
    calendar = a_calendar(public_holidays=frozenset({date(2026, 9, 10), date(2026, 11, 5)}))
    trainer = a_person(TRAINER, moment=Moment(time=time(9), weekday=3))
    found = [
        planned(n, a_stage(), trainer, school=a_school(calendar=calendar), who=TRAINER)
        for n in ("week 1", "meeting 2")
    ]
    assert [moment(one) for one in found] == ["Fri 2026-09-11 09:00", "Wed 2026-11-04 09:00"]


def test_moving_a_meeting_moves_its_occasions_and_keeps_their_names() -> None:
    """Names never hold a moment, so that what was asked stays asked."""
    stage = a_stage()
    moved = replace(stage, meetings=(a_meeting(1, "2026-09-30 10:00"), *stage.meetings[1:]))
    before, after = (occasions(s, the_people(), a_school()) for s in (stage, moved))
    assert {(one.participant, one.occasion) for one in before} == {
        (one.participant, one.occasion) for one in after
    }
    assert moment(planned("agenda 1", moved)) == "Fri 2026-09-25 16:30"


def test_a_holiday_that_is_added_moves_no_other_week() -> None:
    """Only the week it lies in changes."""
    added = (*SCHOOL_HOLIDAYS, Holiday(name="extra", begin=date(2026, 11, 2), end=date(2026, 11, 8)))
    school = a_school(calendar=a_calendar(school_holidays=added))
    before = occasions(a_stage(), the_people(), a_school())
    after = occasions(a_stage(), the_people(), school)
    changed = [new.occasion for new in after if new not in before]
    assert changed == ["week 9"]
