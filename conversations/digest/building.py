"""Builds a digest from what was asked and said since the last one. Nothing is judged, nothing is made up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from conversations.calendar import stage_week, to_local
from conversations.digest import starting
from conversations.digest.page import BOTH, Count, Digest, Guidance, Possibility, TaskView
from conversations.digest.silence import silence
from conversations.facts import Material
from conversations.model import Address, Key, Meeting, Participant, Role, Task
from conversations.school import School
from conversations.visibility import Mark, Shown, for_teacher

# Which question is which: the ids in config/question_sets. All else follows from key, task and role.
FEELING, POSSIBLE, WISH = "feeling", "possible", "wish"
JUDGEMENT, SELF_VIEW, PRACTISED = "judgement", "self_view", "practised"
STRATEGY, GUIDED, REASON, HELPED, NEXT = "strategy", "guided", "reason", "helped", "next"
MOMENT, IMPRESSION, EXPECTATION, GENERAL = "moment", "impression", "expectation", "general"
POSSIBILITIES = ("talk", "watch", "with_help", "alone")
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What may be told since the last digest, with shorthands to find it."""

    shared: Sequence[Shown]
    earlier: Sequence[Shown]

    def by(self, role: Role, question: str) -> list[Shown]:
        """Give the answers to a question, oldest first."""
        return [s for s in self.shared if s.by is role and s.question == question]

    def last(self, role: Role, question: str, task: str | None = None) -> Shown | None:
        """Give the last answer to a question, about a task where one is named."""
        found = [s for s in self.by(role, question) if task is None or s.task == task]
        return found[-1] if found else None


def build(material: Material, school: School, number: int, now: datetime) -> Digest:
    """Build the digest of a meeting from what was said after the digest of the meeting before it."""
    stage = material.stage
    meeting = next(m for m in stage.meetings if m.number == number)
    since = _since(material, number)
    visible = for_teacher(material, school)
    said = Said(
        shared=[s for s in visible.shared if s.at > since],
        earlier=[s for s in visible.shared if s.at <= since],
    )
    marks = [m for m in visible.marks if (m.answered or m.asked) > since]
    teacher = material.people[stage.teacher]
    tasks = _tasks(school, material, teacher, said)
    local = to_local(school.calendar, meeting.at)
    week, weeks = stage_week(stage, to_local(school.calendar, now).date())
    people = {Role.STUDENT: stage.student, Role.TRAINER: stage.trainer}
    check_ins = [c for c in material.check_ins if since < c.due <= now]
    page = Digest(
        stage=stage,
        meeting=meeting,
        meetings=len(stage.meetings),
        on=local.date(),
        time=f"{local:%H:%M}",
        week=week,
        weeks=weeks,
        student=material.people[stage.student],
        trainer=material.people[stage.trainer],
        counts={role: _count(marks, role) for role in BOTH},
        first=(),
        quotes=_quotes(said),
        feelings=tuple(said.by(Role.STUDENT, FEELING)),
        times_none=starting.chores(said.by(Role.STUDENT, POSSIBLE)),
        possibilities=_possibilities(school, said, teacher),
        tasks=tasks,
        impressions=tuple(said.by(Role.TRAINER, IMPRESSION) + said.by(Role.TRAINER, EXPECTATION)),
        general=said.last(Role.TRAINER, GENERAL),
        guidance=_guidance(said),
        agenda=tuple(s for s in said.shared if s.key is Key.AGENDA),
        starters=(),
        silence=silence(marks, said.shared, check_ins, people),
        private=tuple(s for s in visible.private if s.at > since),
        task_texts={task.id: _text(task, teacher) for task in _programme(school, material)},
    )
    return starting.complete(
        page, said.by(Role.STUDENT, WISH), third=_is_third(stage_week(stage, local.date()))
    )


def late(material: Material, school: School, meeting: Meeting) -> tuple[list[Shown], list[Shown]]:
    """Give what came in after the digest went out: what may be used in the meeting, and what is private."""
    record = next((d for d in material.digests if d.meeting == meeting.number), None)
    if record is None:
        return [], []
    visible = for_teacher(material, school)
    return [s for s in visible.shared if s.at > record.at], [s for s in visible.private if s.at > record.at]


def _since(material: Material, number: int) -> datetime:
    """Give the moment up to which the digest before this one told what was said."""
    return max((d.at for d in material.digests if d.meeting < number and not d.missed), default=BEGINNING)


def _count(marks: Iterable[Mark], role: Role) -> Count:
    theirs = [m for m in marks if m.by is role]
    return Count(answered=sum(m.answered is not None for m in theirs), asked=len(theirs))


def _quotes(said: Said) -> tuple[Shown, ...]:
    """Choose two quotes of key 1: the last of each question, newest first."""
    of_key = [
        s for s in said.shared if s.by is Role.STUDENT and s.key is Key.LEARNING and (s.texts or s.seconds)
    ]
    newest = {s.question: s for s in of_key}
    return tuple(sorted(newest.values(), key=lambda s: s.at, reverse=True)[:2])


def _possibilities(school: School, said: Said, teacher: Participant) -> tuple[Possibility, ...]:
    student, trainer = said.by(Role.STUDENT, POSSIBLE), said.last(Role.TRAINER, POSSIBLE)
    could = {choice for shown in student for choice in shown.choices}
    labels = _labels(school, teacher)
    return tuple(
        Possibility(
            id=one,
            label=labels.get(one, one),
            student=one in could if student else None,
            trainer=one in trainer.choices if trainer else None,
        )
        for one in POSSIBILITIES
    )


def _labels(school: School, teacher: Participant) -> dict[str, str]:
    questions = (q for s in school.question_sets.values() for q in s.questions if q.id == POSSIBLE)
    return {c.id: c.label.to(teacher.language, Address.JE) for q in questions for c in q.choices}


def _programme(school: School, material: Material) -> tuple[Task, ...]:
    programme = school.programmes.get(material.stage.programme)
    return programme.tasks if programme else ()


def _text(task: Task, teacher: Participant) -> str:
    return task.text.to(teacher.language, Address.JE)


def _tasks(school: School, material: Material, teacher: Participant, said: Said) -> tuple[TaskView, ...]:
    return tuple(_task(task, _text(task, teacher), said) for task in _programme(school, material))


def _task(task: Task, text: str, said: Said) -> TaskView:
    judgement = said.last(Role.TRAINER, JUDGEMENT, task.id)
    before = [
        s for s in said.earlier if s.by is Role.TRAINER and s.question == JUDGEMENT and s.task == task.id
    ]
    return TaskView(
        id=task.id,
        text=text,
        judgement=judgement,
        self_view=said.last(Role.STUDENT, SELF_VIEW, task.id),
        practised=said.last(Role.STUDENT, PRACTISED, task.id),
        example=_example(said, judgement),
        before=before[-1].labels[0] if before and before[-1].labels else None,
    )


def _example(said: Said, judgement: Shown | None) -> str | None:
    found = [
        s for s in said.by(Role.TRAINER, MOMENT) if judgement is not None and s.check_in == judgement.check_in
    ]
    return " ".join(found[-1].texts) or None if found else None


def _guidance(said: Said) -> Guidance:
    return Guidance(
        choice=said.last(Role.TRAINER, STRATEGY),
        example=said.last(Role.TRAINER, GUIDED),
        reason=said.last(Role.TRAINER, REASON),
        helped=said.last(Role.STUDENT, HELPED),
        wanted=said.last(Role.STUDENT, NEXT),
    )


def _is_third(week: tuple[int, int]) -> bool:
    """Tell whether a third of the stage is over at the meeting (promise P2)."""
    return week[0] * 3 >= week[1]
