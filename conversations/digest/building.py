"""Builds a digest from what was asked and said since the last one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from conversations.calendar import stage_week, to_local
from conversations.digest import attention, starting, views, visiting
from conversations.digest.page import BOTH, Digest, Header
from conversations.digest.quoting import Quoting
from conversations.digest.said import Period, Told
from conversations.digest.silence import silence
from conversations.facts import Material
from conversations.model import CheckIn, Key, Meeting, Stage
from conversations.school import School
from conversations.visibility import Shown, for_teacher


def build(material: Material, school: School, number: int, now: datetime) -> Digest:
    """Build the digest of a meeting from what was said after the digest of the meeting before it."""
    stage, language = material.stage, material.people[material.stage.teacher].language
    meeting = next(m for m in stage.meetings if m.number == number)
    period = Period.of(material, number, now)
    told = Told.of(for_teacher(material, school), period)
    quoting = Quoting.of(material, school, told, period.until)
    coverage = views.cover(school, material, told)
    page = Digest(
        stage=stage,
        student=material.people[stage.student],
        trainer=material.people[stage.trainer],
        header=_header(stage, meeting, school, told),
        answers=tuple(told.shared),
        private=tuple(told.private),
        silence=silence(quoting.rest(), tuple(_due(material, period)), stage, _asks(school), material.people),
        learning=views.learning(told),
        potential=views.potential(school, told, coverage, language),
        judgement=views.judgement(told),
        guidance=views.guidance(told, quoting),
        tasks=tuple(views.task_view(task, language, told) for task in coverage.tasks),
        others={key: views.others(told, quoting, key) for key in Key},
        agenda=views.agenda(told, quoting),
        agreed=quoting.agreed(number, school),
        calls=views.calls(material, told, period),
        chores=attention.chores(told.shared),
    )
    return starting.complete(visiting.complete(attention.complete(page)))


def _header(stage: Stage, meeting: Meeting, school: School, told: Told) -> Header:
    local = to_local(school.calendar, meeting.at)
    week, weeks = stage_week(stage, local.date())
    return Header(
        meeting=meeting,
        on=local.date(),
        time=f"{local:%H:%M}",
        week=week,
        weeks=weeks,
        counts={role: views.count(told.marks, role) for role in BOTH},
    )


def late(material: Material, school: School, meeting: Meeting) -> tuple[list[Shown], list[Shown]]:
    """Give what came in after the digest went out: what may be used in the meeting, and what is private."""
    record = next((d for d in material.digests if d.meeting == meeting.number), None)
    return since(material, school, record.at) if record and not record.missed else ([], [])


def since(material: Material, school: School, moment: datetime) -> tuple[list[Shown], list[Shown]]:
    """Give what came in after a moment, shared and private."""
    visible = for_teacher(material, school)
    return [s for s in visible.shared if s.at > moment], [s for s in visible.private if s.at > moment]


def _due(material: Material, period: Period) -> Iterator[CheckIn]:
    return (c for c in material.check_ins if period.since < c.due <= period.until)


def _asks(school: School) -> dict[str, frozenset[Key]]:
    sets = school.question_sets.values()
    return {s.name: frozenset(q.key for q in s.questions if not q.gate) for s in sets}
