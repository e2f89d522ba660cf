"""What stages with the same dates share is computed once, and stays nobody's in particular."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from conversations.model import Moment, ParticipantId, StageId
from conversations.plan import plan_of
from conversations.schedule import course_of, occasions
from tests.conversations.stages import STUDENT, TRAINER, a_school, a_stage, the_people

OTHER_STUDENT, OTHER_TRAINER = ParticipantId(11), ParticipantId(12)
SCHOOL = a_school()


def another_stage() -> tuple[object, ...]:
    """Give the plan of another stage with the same dates and meetings, as far as it is not whose it is."""
    stage = replace(a_stage(), id=StageId(2), student=OTHER_STUDENT, trainer=OTHER_TRAINER)
    known = the_people()
    people = {
        OTHER_STUDENT: replace(known[STUDENT], id=OTHER_STUDENT, name="Daan de Vries"),
        OTHER_TRAINER: replace(known[TRAINER], id=OTHER_TRAINER, name="Marco Verhoeven"),
    }
    return occasions(stage, people, SCHOOL)


def test_two_stages_with_the_same_dates_have_the_same_plan_each_with_its_own_people() -> None:
    """An occasion computed for one stage is given to the other as its own."""
    own = occasions(a_stage(), the_people(), SCHOOL)
    whose = {STUDENT: OTHER_STUDENT, TRAINER: OTHER_TRAINER}
    assert another_stage() == tuple(one.about(StageId(2), whose[one.participant]) for one in own)


def test_what_is_shared_holds_no_name_of_anybody() -> None:
    """A person who was erased does not live on in what other stages use."""
    plan = plan_of(a_stage(), the_people(), SCHOOL)
    shared = course_of(plan).plan
    held = (
        shared.student.name,
        shared.trainer.name,
        shared.stage.company,
        shared.stage.city,
        shared.stage.code,
    )
    assert plan.student.name
    assert held == ("", "", "", "", "")


def test_a_moment_that_somebody_chooses_is_not_shared_with_who_chose_none() -> None:
    """Another moment makes another course."""
    people = the_people()
    chose = replace(people[STUDENT], moment=Moment(time=time(19)))
    before = course_of(plan_of(a_stage(), people, SCHOOL))
    after = course_of(plan_of(a_stage(), {**people, STUDENT: chose}, SCHOOL))
    assert [one.occasion for one in after.weeks] == [one.occasion for one in before.weeks]
    assert not {one.due for one in after.weeks} & {one.due for one in before.weeks}
