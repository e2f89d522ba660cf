from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime

from conversations.schedule import occasions
from tests.services.school import School

FIELDS = [
    "stage",
    "role",
    "participant",
    "occasion",
    "question_set",
    "due_at",
    "question",
    "asked",
    "asked_at",
    "answered_at",
    "reply",
    "share",
    "status",
    "reason",
]


async def test_a_line_tells_everything_about_one_question(school: School) -> None:
    """Whose it is, the wording as asked, the moments in UTC, the reply, who may use it, and the status."""
    await school.join(school.student)
    await school.jump("2026-09-10 16:30")
    await school.press(school.student, "Een beetje")
    line = next(one for one in await school.export() if one["question"] == "who")
    assert list(line) == FIELDS
    assert line | {"participant": 0} == {
        "stage": "BPV-2026-001",
        "role": "student",
        "participant": 0,
        "occasion": "week 1",
        "question_set": "student/first_week",
        "due_at": "2026-09-10T14:30:00+00:00",
        "question": "who",
        "asked": "Weet je aan wie je op je stage een vraag kunt stellen?",
        "asked_at": "2026-09-10T14:30:00+00:00",
        "answered_at": "2026-09-10T14:30:00+00:00",
        "reply": ["partly"],
        "share": "private",
        "status": "answered",
        "reason": None,
    }


async def test_every_line_can_be_written_as_json(school: School) -> None:
    """Each line is plain data, whatever became of the question."""
    await school.join(school.student, school.trainer)
    await school.jump("2026-10-12 08:00")
    lines = await school.export()
    assert [json.loads(json.dumps(line)) for line in lines] == lines


async def test_every_occasion_of_the_plan_is_told_once(school: School) -> None:
    """What was due by now, and nothing else, is there: asked or with the reason why not."""
    await school.join(school.student)
    await school.jump("2026-11-20 18:00")
    people = {one.participant.id: one.participant for one in school.play.people}
    planned = [
        (one.participant, one.occasion)
        for one in occasions(school.stage, people, school.play.school)
        if one.due <= school.play.clock()
    ]
    told = {(line["participant"], line["occasion"]) for line in await school.export()}
    assert Counter(told) == Counter(planned)


async def test_since_a_moment_only_what_was_due_from_then_on_is_told(school: School) -> None:
    """An export can be continued where the last one ended."""
    await school.jump("2026-10-01 18:00")
    since = datetime(2026, 9, 20, tzinfo=UTC)
    later = await school.export(since)
    everything = await school.export()
    assert later == [line for line in everything if line["due_at"] >= since.isoformat()]
    assert 0 < len(later) < len(everything)


async def test_what_was_not_put_after_the_last_question_is_told_too(school: School) -> None:
    """Where somebody answers the first question only, those that were to follow have their reason."""
    await school.join(school.trainer)
    await school.jump("2026-09-18 18:00")
    first = [one for one in await school.export() if one["question_set"] == "trainer/first_impression"]
    assert [(one["question"], one["status"], one["reason"]) for one in first] == [
        ("impression", "expired", None),
        ("expectation", "not_asked", "other_open"),
        ("possible", "not_asked", "other_open"),
    ]
