"""P2: what student and trainer say of the tasks that the exam asks for, and where they differ."""

from __future__ import annotations

import pytest

from conversations.coverage import Coverage, State, coverage
from conversations.model import Role, Share
from tests.conversations.stages import a_stage, at
from tests.conversations.telling import SCHOOL, Asked, asked, of_student, of_trainer, the_material

NOW = at("2026-11-16 08:30")
WELCOME, ROOM, PLAN = 0, 1, 2  # the first tasks of the programme


def covered(*said: Asked) -> Coverage:
    return coverage(the_material(*said), SCHOOL, NOW)


def listed(role: Role, when: str, *states: str, share: Share = Share.MEETING) -> Asked:
    """Answer the list of tasks."""
    return asked(f"{role}/coverage", when, {"coverage": states}, share=share)


def judged(when: str, task: str, how: str) -> Asked:
    return of_trainer(when, task, judgement=(how,))


def test_the_list_of_tasks_tells_each_task_with_its_day_and_source() -> None:
    """Both answer the same list; what nobody named stays unknown."""
    student = listed(Role.STUDENT, "2026-10-27 16:30", "welcome=alone", "room=with_help", "plan=not_yet")
    trainer = listed(Role.TRAINER, "2026-10-29 16:00", "welcome=alone", "room=not_yet", "plan=impossible")
    tasks = covered(student, trainer).tasks
    assert [task.states for task in tasks[:4]] == [
        (State.ALONE, State.ALONE),
        (State.WITH_HELP, State.NOT_YET),
        (State.NOT_YET, State.IMPOSSIBLE),
        (State.UNKNOWN, State.UNKNOWN),
    ]
    assert (tasks[ROOM].student.question_set, str(tasks[ROOM].student.on)) == (
        "student/coverage",
        "2026-10-27",
    )


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (of_student("task_practised", "2026-10-01 16:30", "welcome", practised=("alone",)), State.ALONE),
        (
            of_student("task_practised", "2026-10-01 16:30", "welcome", practised=("impossible",)),
            State.IMPOSSIBLE,
        ),
        (of_student("self_view", "2026-10-01 16:30", "welcome", self_view=("practising",)), State.WITH_HELP),
        (of_student("self_view", "2026-10-01 16:30", "welcome", self_view=("not_done",)), State.NOT_YET),
        (of_student("task_feeling", "2026-10-01 16:30", "welcome", feeling=("not_done",)), State.NOT_YET),
        (of_student("task_feeling", "2026-10-01 16:30", "welcome", feeling=("proud",)), State.UNKNOWN),
        (of_student("self_view", "2026-10-01 16:30", "welcome", self_view="lastig"), State.UNKNOWN),
    ],
)
def test_what_the_student_says_of_one_task(said: Asked, state: State) -> None:
    """A feeling does not tell how it went, and words in place of a button tell nothing."""
    assert covered(said).tasks[WELCOME].student.state is state


@pytest.mark.parametrize(
    ("how", "state"),
    [
        ("practising", State.WITH_HELP),
        ("sufficient", State.ALONE),
        ("good", State.ALONE),
        ("not_seen", State.NOT_YET),
    ],
)
def test_a_judgement_counts_as_done(how: str, state: State) -> None:
    """Who judges a task saw it done."""
    assert covered(judged("2026-10-01 09:00", "welcome", how)).tasks[WELCOME].trainer.state is state


def test_not_seen_takes_nothing_back() -> None:
    """The trainer did not see it these weeks; it was done before all the same."""
    task = covered(
        judged("2026-09-14 09:00", "welcome", "good"), judged("2026-11-09 09:00", "welcome", "not_seen")
    ).tasks[WELCOME]
    assert (task.trainer.state, task.is_gap) == (State.ALONE, False)


def test_the_newest_word_counts() -> None:
    """Also where it is less than before, and whatever question it answered."""
    task = covered(
        of_student("task_practised", "2026-10-01 16:30", "plan", practised=("alone",)),
        listed(Role.STUDENT, "2026-10-27 16:30", "plan=not_yet"),
    ).tasks[PLAN]
    assert (task.student.state, str(task.student.on)) == (State.NOT_YET, "2026-10-27")


def test_what_comes_later_is_not_known_yet() -> None:
    """A page is of its own moment."""
    later = listed(Role.STUDENT, "2026-11-17 16:30", "plan=alone")
    assert covered(later).tasks[PLAN].student.state is State.UNKNOWN


def test_a_gap_is_what_nobody_did_or_what_is_impossible() -> None:
    """Done by either is no gap; a feeling tells that it was done; a difference is one where both spoke."""
    found = covered(
        listed(Role.STUDENT, "2026-10-27 16:30", "welcome=not_yet", "room=impossible", "plan=not_yet"),
        listed(Role.TRAINER, "2026-10-27 16:00", "welcome=alone", "costs=with_help"),
        of_student("task_feeling", "2026-10-28 16:30", "suppliers", feeling=("proud",)),
    )
    assert [task.id for task in found.gaps] == ["room", "plan", "catering", "safety", "review"]
    assert [task.id for task in found.gaps if task.is_impossible] == ["room"]
    assert [task.id for task in found.differing] == ["welcome"]


def test_private_words_are_a_number_without_a_name() -> None:
    """🔒: neither the state nor whether it differs, also where something was shared before."""
    found = covered(
        of_student("task_practised", "2026-09-24 16:30", "plan", practised=("impossible",)),
        listed(Role.STUDENT, "2026-10-27 16:30", "plan=alone", "room=not_yet", share=Share.PRIVATE),
        listed(Role.TRAINER, "2026-10-27 16:00", "plan=not_yet", "room=not_yet"),
    )
    assert [task.student.state for task in found.tasks[:3]] == [State.UNKNOWN, State.PRIVATE, State.PRIVATE]
    assert (found.private, found.differing) == (2, ())
    assert {"plan", "room"} & {task.id for task in found.gaps} == set()


def test_what_is_shared_after_a_private_word_counts() -> None:
    """The student chose to tell it."""
    task = covered(
        listed(Role.STUDENT, "2026-10-20 16:30", "plan=alone", share=Share.PRIVATE),
        listed(Role.STUDENT, "2026-10-27 16:30", "plan=with_help"),
    ).tasks[PLAN]
    assert task.student.state is State.WITH_HELP


def test_counts_are_of_all_tasks() -> None:
    """What one of the two says, in numbers."""
    found = covered(listed(Role.TRAINER, "2026-10-27 16:00", "welcome=alone", "room=alone", "plan=not_yet"))
    counts = {State.ALONE: 2, State.NOT_YET: 1, State.UNKNOWN: 5}
    assert (found.counts(Role.TRAINER), found.counts(Role.STUDENT)) == (counts, {State.UNKNOWN: 8})
    assert (found.is_heard(Role.TRAINER), found.is_heard(Role.STUDENT)) == (True, False)


def test_a_programme_that_is_gone_has_no_tasks() -> None:
    """A stage of an opleiding that the school no longer has."""
    assert coverage(the_material(stage=a_stage(programme="weg")), SCHOOL, NOW).tasks == ()
