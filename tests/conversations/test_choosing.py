"""What is asked when something is due, about which task, and how much of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conversations.choosing import choose, room
from conversations.dossier import Agreement, AgreementId
from conversations.facts import DigestRecord, StageFacts
from conversations.model import (
    CheckIn,
    CheckInState,
    Key,
    MeetingState,
    ParticipantId,
    Role,
    StageId,
    Status,
    Wording,
)
from conversations.plan import Planned
from conversations.question_set import Kind, Occasion, Question, QuestionSet
from conversations.school import School
from tests.conversations.stages import (
    STUDENT,
    TASKS,
    TRAINER,
    a_check_in,
    a_meeting,
    a_reply,
    a_school,
    a_set,
    a_stage,
    at,
    the_facts,
)

AHA = a_set("student/aha", Occasion.WEEKLY, Key.LEARNING, order=1)
DILEMMA = a_set("student/dilemma", Occasion.WEEKLY, Key.LEARNING, order=2)
POSSIBLE = a_set("student/possible", Occasion.WEEKLY, Key.POTENTIAL, order=3)
TASK = a_set("student/task", Occasion.WEEKLY, Key.POTENTIAL, uses_task=True)
JUDGED = a_set("trainer/judgement", Occasion.BEFORE_MEETING, Key.JUDGEMENT, uses_task=True)
NOW = at("2026-11-12 16:30")  # week 10


def planned(
    occasion: str = "week 10", kind: Occasion = Occasion.WEEKLY, who: ParticipantId = STUDENT
) -> Planned:
    """Give an occasion that is due now."""
    return Planned(
        stage=StageId(1),
        participant=who,
        occasion=occasion,
        kind=kind,
        due=NOW,
        closes=NOW + timedelta(days=6),
    )


def asked(week: int, question_set: QuestionSet, **changes: object) -> CheckIn:
    """Give the check-in of a week, asked on its Thursday."""
    due = NOW - timedelta(weeks=10 - week)
    return a_check_in(week, f"week {week}", question_set.name, due=due, **changes)


def chosen(school: School, *check_ins: CheckIn, answers: dict[int, Key] | None = None) -> str | None:
    """Give the name of the set that is chosen after these check-ins, some of which were answered."""
    replies = tuple(a_reply(c, key=(answers or {})[c.id]) for c in check_ins if c.id in (answers or {}))
    found = choose(the_facts(check_ins=check_ins, replies=replies), school, planned(), NOW)
    return found[0].name if found else None


# ---- which set


def test_only_sets_for_that_role_and_occasion_are_chosen() -> None:
    """An agenda set and a trainer's set are no weekly questions of a student."""
    others = (a_set("student/agenda", Occasion.AGENDA), a_set("trainer/aha", Occasion.WEEKLY))
    assert [chosen(a_school(*others)), chosen(a_school(*others, DILEMMA))] == [None, "student/dilemma"]


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        ({"from_week": 10}, "student/aha"),
        ({"from_week": 11}, None),
        ({"until_week": 10}, "student/aha"),
        ({"until_week": 9}, None),
    ],
)
def test_a_set_is_chosen_only_in_its_weeks(weeks: dict[str, Any], expected: str | None) -> None:
    """First and last week are included."""
    assert chosen(a_school(a_set("student/aha", Occasion.WEEKLY, **weeks))) == expected


@pytest.mark.parametrize(("week", "expected"), [(5, None), (6, None), (7, "student/aha")])
def test_a_monthly_set_comes_back_after_its_number_of_weeks(week: int, expected: str | None) -> None:
    """Asked in week 3 and every four weeks: not before week 7."""
    facts = the_facts(check_ins=(asked(3, AHA),))
    moment = NOW - timedelta(weeks=10 - week)
    found = choose(facts, a_school(replace(AHA, every=4)), replace(planned(), due=moment), moment)
    assert (found[0].name if found else None) == expected


def test_the_key_with_the_least_answers_comes_first() -> None:
    """Two answers about learning, one about possibilities: ask about possibilities."""
    school = a_school(AHA, DILEMMA, POSSIBLE)
    past = (asked(6, POSSIBLE), asked(7, AHA), asked(8, DILEMMA), asked(9, AHA))
    answers = {6: Key.POTENTIAL, 7: Key.LEARNING, 8: Key.LEARNING}
    assert chosen(school, *past, answers=answers) == "student/possible"


@pytest.mark.parametrize(("weeks_later", "expected"), [(0, "student/possible"), (2, "student/dilemma")])
def test_in_the_second_half_a_set_that_was_never_put_has_its_turn(weeks_later: int, expected: str) -> None:
    """K1b: also where its key has the most material; in the first half the emptiest key goes first."""
    moment = NOW + timedelta(weeks=weeks_later)
    past = (asked(8, POSSIBLE), asked(9, AHA))
    facts = the_facts(check_ins=past, replies=(a_reply(past[1], key=Key.LEARNING),))
    found = choose(facts, a_school(AHA, DILEMMA, POSSIBLE), replace(planned(), due=moment), moment)
    assert (found[0].name if found else None) == expected


def test_only_answers_since_the_last_digest_count() -> None:
    """What was said about learning before the digest of week 8 is in that digest."""
    past = (asked(6, AHA), asked(7, AHA), asked(9, POSSIBLE))
    replies = tuple(
        a_reply(c, key=key) for c, key in zip(past, [Key.LEARNING, Key.LEARNING, Key.POTENTIAL], strict=True)
    )
    handed = DigestRecord(stage=StageId(1), meeting=1, at=NOW - timedelta(weeks=2))
    school = a_school(AHA, replace(POSSIBLE, name="student/else", order=0))
    before = the_facts(check_ins=past, replies=replies)
    found = [choose(f, school, planned(), NOW) for f in (before, replace(before, digests=(handed,)))]
    assert [f and f[0].name for f in found] == ["student/else", "student/aha"]


@pytest.mark.parametrize("status", [Status.SKIPPED, Status.OPEN, Status.EXPIRED])
def test_what_was_asked_without_an_answer_is_no_material(status: Status) -> None:
    """Three skipped questions about possibilities leave that key the emptiest."""
    past = (asked(7, POSSIBLE), asked(8, POSSIBLE), asked(9, DILEMMA))
    replies = (*(a_reply(c, key=Key.POTENTIAL, status=status) for c in past[:2]), a_reply(past[2]))
    found = choose(the_facts(check_ins=past, replies=replies), a_school(AHA, POSSIBLE), planned(), NOW)
    assert found == (POSSIBLE, None, ())


def test_the_trainer_s_answers_are_no_material_of_the_student() -> None:
    """Each has their own questions."""
    theirs = asked(9, JUDGED, participant=TRAINER)
    facts = the_facts(check_ins=(theirs,), replies=(a_reply(theirs, key=Key.LEARNING),))
    assert choose(facts, a_school(AHA, POSSIBLE), planned(), NOW) == (AHA, None, ())


def test_of_one_key_the_set_asked_longest_ago_comes_first_and_a_new_one_before_it() -> None:
    """Sets rotate."""
    third = a_set("student/third", Occasion.WEEKLY, Key.LEARNING, order=9)
    past = (asked(7, AHA), asked(8, DILEMMA), asked(9, POSSIBLE))
    schools = (a_school(AHA, DILEMMA), a_school(AHA, DILEMMA, third))
    assert [chosen(school, *past) for school in schools] == ["student/aha", "student/third"]


@pytest.mark.parametrize(("week", "expected"), [(9, "student/dilemma"), (10, "student/fits")])
def test_a_set_that_is_to_come_back_has_its_first_time_before_the_others(week: int, expected: str) -> None:
    """K1c: once its week has come, a set with `every` doesn't wait until all others of its key were asked."""
    fits = a_set("student/fits", Occasion.WEEKLY, Key.LEARNING, order=8, from_week=10, every=4)
    facts = the_facts(check_ins=(asked(7, AHA),))
    moment = NOW - timedelta(weeks=10 - week)
    found = choose(facts, a_school(AHA, DILEMMA, fits), replace(planned(), due=moment), moment)
    assert (found[0].name if found else None) == expected


def test_after_its_first_time_a_set_that_comes_back_takes_turns() -> None:
    """It was asked in week 5 and has rested; the set that was never asked goes first."""
    fits = a_set("student/fits", Occasion.WEEKLY, Key.LEARNING, order=8, every=4)
    assert chosen(a_school(AHA, DILEMMA, fits), asked(5, fits), asked(9, AHA)) == "student/dilemma"


def test_the_set_of_last_time_is_passed_over_unless_it_is_the_only_one() -> None:
    """Even when its key has the least material."""
    past, answers = (asked(8, POSSIBLE), asked(9, AHA)), {8: Key.POTENTIAL}
    schools = (a_school(AHA, POSSIBLE), a_school(AHA))
    assert [chosen(school, *past, answers=answers) for school in schools] == [
        "student/possible",
        "student/aha",
    ]


def test_what_was_planned_but_never_put_does_not_count_as_asked() -> None:
    """The aha of week 9 stayed in the queue."""
    queued = asked(9, AHA, opened=None, state=CheckInState.NOT_ASKED)
    assert chosen(a_school(AHA, DILEMMA), asked(8, DILEMMA), queued) == "student/aha"


# ---- which task


def tasks_in_turn(school: School, times: int) -> list[str | None]:
    """Ask that many weeks and give the tasks that were chosen."""
    facts, tasks = the_facts(), list[str | None]()
    for week in range(1, times + 1):
        found = choose(facts, school, planned(), NOW)
        tasks.append(found[1] if found else None)
        facts = replace(facts, check_ins=(*facts.check_ins, asked(week, TASK, task=tasks[-1])))
    return tasks


def test_tasks_take_turns_in_the_order_of_the_programme() -> None:
    """After the last the first comes back."""
    assert tasks_in_turn(a_school(TASK), 4) == [*TASKS, TASKS[0]]


def test_a_set_without_a_task_in_its_words_gets_none() -> None:
    """{taak} stands in some wordings only."""
    assert tasks_in_turn(a_school(AHA), 1) == [None]


def test_without_tasks_in_the_programme_no_set_about_a_task_is_chosen() -> None:
    """A programme that the school did not describe."""
    assert chosen(replace(a_school(TASK), programmes={})) is None


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("not_yet", "guests"), ("impossible", "guests"), ("with_help", "invoice"), ("alone", "invoice")],
)
def test_a_trainer_is_asked_about_a_task_that_the_student_did(choice: str, expected: str) -> None:
    """The student said so about the invoice; otherwise the first task of the programme is asked about."""
    said = asked(9, TASK, task="invoice")
    facts = the_facts(check_ins=(said,), replies=(a_reply(said, choices=(choice,)),))
    before = planned("meeting 2", Occasion.BEFORE_MEETING, TRAINER)
    assert choose(facts, a_school(JUDGED), before, NOW) == (JUDGED, expected, ())


# ---- how much


def facts_of_this_week(*questions: str, question_set: str = "student/aha") -> StageFacts:
    """Give a stage in which these questions were put on Tuesday of this week."""
    tuesday = a_check_in(1, "week 9", question_set, due=NOW - timedelta(days=2))
    return the_facts(check_ins=(tuesday,), replies=tuple(a_reply(tuesday, question=q) for q in questions))


@pytest.mark.parametrize(
    ("put", "expected"),
    [((), 1), (("a",), 0), (("a", "a.example"), 0), (("a", "b", "c"), 0)],
)
def test_a_week_with_an_agenda_question_to_come_keeps_room_for_it(
    put: tuple[str, ...], expected: int
) -> None:
    """Agenda 2 falls on Wednesday 11 November and was not recorded yet."""
    assert room(facts_of_this_week(*put), a_school(), planned(), NOW) == expected


@pytest.mark.parametrize(
    ("put", "expected"),
    [((), 2), (("a",), 1), (("a", "a.example", "a.typed"), 1), (("a", "b"), 0), (("a", "b", "c"), 0)],
)
def test_what_was_put_this_week_takes_room_but_follow_ups_do_not(put: tuple[str, ...], expected: int) -> None:
    """Two questions a calendar week; in week 9 there is no agenda."""
    moment = NOW - timedelta(weeks=1)
    found = facts_of_this_week(*put)
    replies = tuple(replace(r, asked=r.asked - timedelta(weeks=1)) for r in found.replies)
    assert room(replace(found, replies=replies), a_school(), planned(), moment) == expected


def test_what_was_put_last_sunday_takes_no_room() -> None:
    """The week begins on Monday at midnight, local time: Sunday 23:30 is another week."""
    sunday = at("2026-11-01 23:30")
    earlier = a_check_in(1, "week 8", due=sunday)
    facts = the_facts(check_ins=(earlier,), replies=(a_reply(earlier), a_reply(earlier, question="b")))
    assert room(facts, a_school(), planned(), at("2026-11-02 00:30")) == 2


def test_a_question_that_only_steers_takes_no_room() -> None:
    """ "Nog één vraag?" is a gate."""
    steers = Question(id="more", kind=Kind.CHOICE, key=Key.LEARNING, text=AHA.questions[0].text, gate=True)
    school = a_school(replace(AHA, questions=(*AHA.questions, steers)))
    moment = NOW - timedelta(weeks=1)
    put = a_check_in(1, "week 8", due=moment - timedelta(days=2))
    facts = the_facts(check_ins=(put,), replies=(a_reply(put), a_reply(put, question="more")))
    assert room(facts, school, planned(), moment) == 1


@pytest.mark.parametrize(("given", "expected"), [(0, 1), (1, 1), (2, 0)])
def test_the_agenda_has_one_question(given: int, expected: int) -> None:
    """Also beside a weekly question that is asked at the same moment."""
    agenda = planned("agenda 2", Occasion.AGENDA)
    assert room(the_facts(), a_school(), agenda, NOW, given=given) == expected


def test_a_trainer_has_no_limit_of_two_a_week() -> None:
    """Trainers are asked four times a stage."""
    before = planned("meeting 2", Occasion.BEFORE_MEETING, TRAINER)
    assert room(the_facts(), a_school(), before, NOW) is None


# ---- before a third


THIRD = a_set("student/coverage", Occasion.THIRD, Key.POTENTIAL)
WORDS = Wording(nl="{afspraak}", en="{afspraak}")
KEPT = Question(id="q", kind=Kind.TEXT, key=Key.AGENDA, text=WORDS, quotes=frozenset({"afspraak"}))
AGREED = a_set("student/agreed", Occasion.WEEKLY, Key.AGENDA, questions=(KEPT,), urgent=True, order=1)
SAFE = a_set("student/safe", Occasion.WEEKLY, Key.SAFETY, urgent=True, every=4, order=2)
THERE = frozenset({Role.STUDENT, Role.TEACHER})
HELD = replace(a_meeting(1, "2026-09-28 10:00"), state=MeetingState.HELD, present=THERE)
AGREEMENT = Agreement(id=AgreementId(3), stage=StageId(1), meeting=1, text="zelf", at=NOW, sent=NOW)


def weeks_of(school: School, second_meeting: str) -> list[str | None]:
    """Give what is asked in the week of a third and in the two weeks after it, an agreement waiting."""
    stage = a_stage(meetings=(HELD, a_meeting(2, second_meeting)))
    facts = the_facts(stage, agreements=(AGREEMENT,))
    past: list[CheckIn] = []
    found: list[str | None] = []
    for number, kind in ((7, Occasion.THIRD), (8, Occasion.WEEKLY), (9, Occasion.WEEKLY)):
        due = NOW - timedelta(weeks=10 - number)
        so_far = replace(facts, check_ins=tuple(past), replies=tuple(a_reply(c) for c in past))
        choice = choose(so_far, school, replace(planned(f"week {number}", kind), due=due), due)
        found.append(choice[0].name if choice else None)
        past += [asked(number, choice[0], quotes=choice[2])] if choice else []
    return found


def test_an_agreement_goes_before_a_third_that_comes_a_week_later_once() -> None:
    """P1, P2: the only moment before the meeting is for what was agreed; then the tasks, then the rest."""
    school = a_school(THIRD, AGREED, SAFE, AHA)
    assert weeks_of(school, "2026-10-29 10:00") == ["student/agreed", "student/coverage", "student/safe"]


def test_a_third_waits_for_nothing_where_no_meeting_is_near() -> None:
    """P2: a meeting in a month leaves the third where it is, and it is not asked again."""
    school = a_school(THIRD, AGREED, SAFE, AHA)
    assert weeks_of(school, "2026-12-03 10:00") == ["student/coverage", "student/safe", "student/aha"]
