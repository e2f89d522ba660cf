"""What a teacher is due beside the digest: was the meeting held, and the pages at one third and the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from conversations.dossier import PageRecord
from conversations.due import due, next_wake
from conversations.duties import Addend, AskHeld, Due, HandOver, HandPage, MissDigest
from conversations.facts import DigestRecord, StageFacts
from conversations.model import CheckInState, Key, MeetingState, Reach, Stage, StageId
from conversations.question_set import Occasion
from tests.conversations.stages import (
    STUDENT,
    TEACHER,
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
    wall,
)

SCHOOL = a_school(*USUAL_SETS, a_set("student/end", Occasion.END, Key.SURVEY))
OF_STAFF = (HandOver, Addend, MissDigest, AskHeld, HandPage)
AWAY = a_person(TEACHER, reach=Reach.BLOCKED)
HANDED = DigestRecord(stage=StageId(1), meeting=1, at=at("2026-09-17 08:30"))


def all_asked(**changes: object) -> StageFacts:
    """Give the stage with everything recorded that student and trainer should be asked."""
    weeks = ", ".join([*(f"week {n}" for n in range(1, 22)), *(f"agenda {n}" for n in (1, 2, 3))])
    of_trainer = on_record("week 1, meeting 1, meeting 2, meeting 3", participant=TRAINER)
    values: dict[str, object] = {"check_ins": (*on_record(weeks), *of_trainer)}
    return replace(the_facts(), **(values | changes))  # type: ignore[arg-type]  # fields of StageFacts


def with_meeting(**changes: object) -> Stage:
    """Give the stage with one meeting, on Monday 21 September 10:00."""
    meeting = replace(a_meeting(1, "2026-09-21 10:00"), **changes)  # type: ignore[arg-type]  # its fields
    return a_stage(meetings=(meeting,))


def settled(**changes: object) -> StageFacts:
    """Give the stage with all its meetings held."""
    meetings = tuple(replace(m, state=MeetingState.HELD) for m in a_stage().meetings)
    return all_asked(**({"stage": a_stage(meetings=meetings)} | changes))


def a_page(name: str) -> PageRecord:
    """Give the record of a page."""
    return PageRecord(stage=StageId(1), page=name, at=at("2026-10-26 08:30"))


def away(facts: StageFacts) -> StageFacts:
    """Give a stage whose teacher can't be reached."""
    return replace(facts, people={**facts.people, TEACHER: AWAY})


def told_at(moment: str, facts: StageFacts) -> list[str]:
    """Say what is due to the teacher at a wall time."""
    return [told(one) for one in due(facts, SCHOOL, at(moment)) if isinstance(one, OF_STAFF)]


def told(one: Due) -> str:
    """Say in a word or two what is due to the teacher."""
    match one:
        case HandPage(page=page, late=late):
            return f"page {page}" + (" late" if late else "")
        case HandOver(meeting=meeting) | Addend(meeting=meeting) | MissDigest(meeting=meeting):
            return f"{type(one).__name__.lower()} {meeting.number}"
        case AskHeld(meeting=meeting):
            return f"held {meeting.number}"
        case _:
            return ""


def next_at(facts: StageFacts, moment: str) -> str | None:
    """Give the wall time of the next moment of a stage."""
    wake = next_wake(facts, SCHOOL, at(moment))
    return wall(wake) if wake else None


# ---- was it held?


def test_two_hours_after_a_meeting_the_teacher_is_asked_whether_it_was_held() -> None:
    """P1: not a minute earlier."""
    facts = all_asked(stage=with_meeting(), digests=(replace(HANDED, addendum_at=at("2026-09-21 08:00")),))
    moments = ("2026-09-21 11:59", "2026-09-21 12:00")
    assert [told_at(moment, facts) for moment in moments] == [[], ["held 1"]]
    assert next_at(facts, "2026-09-21 10:00") == "Mon 2026-09-21 12:00"


@pytest.mark.parametrize(
    ("meeting", "expected"),
    [
        ("2026-09-21 18:30", "Tue 2026-09-22 09:00"),  # 20:30 is night
        ("2026-09-26 19:00", "Mon 2026-09-28 09:00"),  # Saturday evening, then a Sunday
        ("2026-12-24 18:30", "Mon 2026-12-28 09:00"),  # Christmas, then a Sunday
    ],
)
def test_the_question_whether_it_was_held_waits_for_the_morning(meeting: str, expected: str) -> None:
    """P1: nobody is asked at night, on Sunday or at Christmas."""
    stage = a_stage(meetings=(a_meeting(1, meeting),))
    handed = replace(HANDED, at=at(meeting), missed=True)
    facts = all_asked(stage=stage, digests=(handed,), pages=(a_page("third"), a_page("end")))
    assert next_at(facts, meeting) == expected


@pytest.mark.parametrize("state", [MeetingState.HELD, MeetingState.MISSED, MeetingState.CANCELLED])
def test_a_settled_meeting_gives_nothing_more(state: MeetingState) -> None:
    """P1: no digest, no late answers, no question, and nothing is called missed."""
    moments = ("2026-09-17 08:30", "2026-09-21 08:00", "2026-09-21 10:00", "2026-09-21 12:00")
    handed = all_asked(stage=with_meeting(state=state), digests=(HANDED,))
    without = all_asked(stage=with_meeting(state=state))
    assert [told_at(m, facts) for m in moments for facts in (handed, without)] == [[]] * 8


def test_the_teacher_is_asked_once_and_again_only_about_a_new_moment() -> None:
    """P1: a meeting that moved is a new moment of the same name."""
    asked = with_meeting(asked=at("2026-09-21 12:00"))
    moved = replace(asked, meetings=(replace(asked.meetings[0], at=at("2026-09-22 10:00")),))
    found = [told_at("2026-09-22 12:00", all_asked(stage=s, digests=(HANDED,))) for s in (asked, moved)]
    assert found == [[], ["held 1"]]


@pytest.mark.parametrize(("moment", "expected"), [("2026-10-05 09:59", ["held 1"]), ("2026-10-05 10:00", [])])
def test_a_meeting_of_two_weeks_ago_is_not_asked_about_any_more(moment: str, expected: list[str]) -> None:
    """After a long downtime only what is fresh is asked."""
    assert told_at(moment, all_asked(stage=with_meeting(), digests=(HANDED,))) == expected


def test_a_teacher_who_is_away_is_asked_when_they_are_back() -> None:
    """And a stage that ended asks nothing."""
    facts = all_asked(stage=with_meeting(), digests=(HANDED,), pages=(a_page("end"),))
    ended = replace(facts, stage=replace(facts.stage, ended=True))
    now = "2026-09-22 11:00"
    assert [told_at(now, one) for one in (away(facts), ended, facts)] == [[], [], ["held 1"]]


# ---- digests of meetings that moved, and that did not arrive


def test_a_meeting_moved_to_much_later_gets_a_new_digest_also_after_it_was_missed() -> None:
    """P1: nothing was handed over of the meeting as it is now."""
    later = replace(with_meeting(), meetings=(a_meeting(1, "2026-10-05 10:00"),))
    records = (HANDED, replace(HANDED, at=at("2026-09-21 10:00"), missed=True))
    found = [told_at("2026-10-01 08:30", all_asked(stage=later, digests=(one,))) for one in records]
    assert found == [["handover 1"], ["handover 1"]]


def test_a_digest_that_did_not_arrive_is_handed_over_when_the_teacher_is_back() -> None:
    """docs/trust.md, 3: where the meeting came first it counts as missed, and the next digest tells it."""
    lost = all_asked(stage=with_meeting(), digests=(replace(HANDED, undelivered=True),))
    now = "2026-09-18 12:00"
    assert [told_at(now, one) for one in (away(lost), lost)] == [[], ["handover 1"]]
    assert told_at("2026-09-21 10:00", away(lost)) == ["missdigest 1"]


def test_a_digest_that_the_channel_refused_is_not_tried_again() -> None:
    """It would be refused again."""
    refused = replace(HANDED, undelivered=True, missed=True)
    facts = all_asked(stage=with_meeting(), digests=(refused,))
    assert told_at("2026-09-18 12:00", facts) + told_at("2026-09-21 10:00", facts) == []


# ---- the page at one third


def test_the_page_at_one_third_comes_on_the_first_workday_morning() -> None:
    """P2: one third is Sunday 25 October; Monday 08:30, once."""
    moments = ("2026-10-25 12:00", "2026-10-26 08:29", "2026-10-26 08:30")
    assert [told_at(moment, settled()) for moment in moments] == [[], [], ["page third"]]
    assert next_at(settled(), "2026-09-01 08:00") == "Mon 2026-10-26 08:30"
    assert told_at("2026-10-26 08:30", settled(pages=(a_page("third"),))) == []


def test_the_page_at_one_third_waits_for_office_hours_and_for_the_teacher() -> None:
    """P2: after downtime it comes on the next workday; for two weeks."""
    outside = ("2026-10-26 20:30", "2026-10-31 12:00", "2026-11-01 12:00")
    assert [told_at(moment, settled()) for moment in outside] == [[], [], []]
    assert [told_at("2026-10-28 11:00", one) for one in (away(settled()), settled())] == [[], ["page third"]]
    assert [told_at("2026-11-09 08:30", f) for f in (away(settled()), settled())] == [["page third late"]] * 2


def test_a_page_that_did_not_arrive_is_handed_over_again() -> None:
    """docs/trust.md, 3: when the teacher is back."""
    lost = settled(pages=(replace(a_page("third"), undelivered=True),))
    assert [told_at("2026-10-28 11:00", one) for one in (away(lost), lost)] == [[], ["page third"]]


def test_a_short_stage_has_no_page_at_one_third() -> None:
    """Five weeks: only the end."""
    facts = all_asked(stage=a_stage(end=date(2026, 10, 9), meetings=()))
    assert next_at(facts, "2026-09-08 08:00") == "Fri 2026-10-09 08:30"
    assert told_at("2026-10-09 08:30", facts) == ["page end"]


# ---- the page at the end


def test_the_last_page_comes_on_the_workday_after_the_last_stage_day() -> None:
    """28 January is the last stage day: Friday the 29th, once."""
    third = (a_page("third"),)
    moments = ("2027-01-28 17:00", "2027-01-29 08:29", "2027-01-29 08:30")
    assert [told_at(moment, settled(pages=third)) for moment in moments] == [[], [], ["page end"]]
    assert told_at("2027-01-29 08:30", settled(pages=(*third, a_page("end")))) == []


def test_the_last_page_waits_for_a_meeting_that_is_still_to_come() -> None:
    """A meeting after the last day has its own digest first."""
    stage = a_stage(meetings=(a_meeting(3, "2027-02-03 10:00"),))
    handed = replace(HANDED, meeting=3, at=at("2027-02-01 08:30"), addendum_at=at("2027-02-03 08:00"))
    facts = all_asked(stage=stage, digests=(handed,), pages=(a_page("third"),))
    assert told_at("2027-02-03 09:00", facts) == []
    assert told_at("2027-02-04 09:00", facts) == ["page end", "held 3"]


@pytest.mark.parametrize(("question_set", "expected"), [("student/aha", []), ("student/end", ["page end"])])
def test_the_last_page_waits_for_a_question_that_the_teacher_would_read(
    question_set: str, expected: list[str]
) -> None:
    """Nothing of a person is left undelivered; the survey is not for the teacher."""
    asked = at("2027-01-28 16:30")
    waiting = a_check_in(1, "week 21", question_set, due=asked, state=CheckInState.OPEN)
    others = [c for c in settled().check_ins if (c.participant, c.occasion) != (STUDENT, "week 21")]
    facts = settled(check_ins=(*others, waiting), pages=(a_page("third"),))
    answered = settled(pages=(a_page("third"),))
    assert told_at("2027-01-29 08:30", facts) == expected
    assert told_at("2027-01-29 08:30", answered) == ["page end"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda facts: facts, ["page end"]),
        (lambda facts: replace(facts, pages=(a_page("end"),)), []),
        (away, []),
    ],
)
def test_a_stage_that_the_roster_ended_gives_the_last_page_once(
    change: Callable[[StageFacts], StageFacts], expected: list[str]
) -> None:
    """The teacher gets what came since the last digest; nothing else comes, not one third either."""
    ended = settled(stage=replace(settled().stage, ended=True))
    assert told_at("2026-11-03 11:00", change(ended)) == expected


def test_a_stage_that_ended_long_ago_gives_nothing_to_anybody() -> None:
    """After an update of the program no teacher hears of last year."""
    ended = settled(stage=replace(settled().stage, ended=True))
    assert told_at("2027-06-01 11:00", ended) == ["page end late"]
