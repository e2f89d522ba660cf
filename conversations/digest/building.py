"""Builds a digest from what was asked and said since the last one. Nothing is judged, nothing is made up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from conversations.calendar import stage_week, to_local
from conversations.digest import starting
from conversations.digest.page import (
    BOTH,
    Count,
    Digest,
    Guidance,
    Learning,
    Possibility,
    Progress,
    TaskView,
)
from conversations.digest.said import Period, Told
from conversations.digest.silence import silence
from conversations.facts import Material
from conversations.model import Address, Key, Language, Meeting, Role, Task
from conversations.school import School
from conversations.visibility import Mark, Shown, for_teacher

# Which question is which: the ids in config/question_sets. All else follows from key, task and role.
MOMENTS, TRANSFER, WHY = ("first", "aha"), "transfer", "why"
FEELING, FITS = "feeling", "fits"
POSSIBLE, WISH, PRACTISED = "possible", "wish", "practised"
JUDGEMENT, SELF_VIEW, MOMENT = "judgement", "self_view", "moment"
IMPRESSIONS, GENERAL = ("impression", "expectation"), "general"
STRATEGY, GUIDED, REASON, HELPED, NEXT, WHO = "strategy", "guided", "reason", "helped", "next", "who"
PLACED = {TRANSFER, WHY, FEELING, FITS, POSSIBLE, WISH, PRACTISED, JUDGEMENT, SELF_VIEW, MOMENT}
PLACED |= {*IMPRESSIONS, GENERAL, STRATEGY, GUIDED, REASON, HELPED, NEXT, WHO}

POSSIBILITIES = ("talk", "watch", "with_help", "alone")
OF_TASKS = {FEELING, PRACTISED, JUDGEMENT, SELF_VIEW}
NOT_DONE = {"not_seen", "not_done", "not_yet", "impossible"}
QUOTES = 2


def build(material: Material, school: School, number: int, now: datetime) -> Digest:
    """Build the digest of a meeting from what was said after the digest of the meeting before it."""
    stage = material.stage
    meeting = next(m for m in stage.meetings if m.number == number)
    period = Period.of(material, number, now)
    told = Told.of(for_teacher(material, school), period)
    language = material.people[stage.teacher].language
    local = to_local(school.calendar, meeting.at)
    week, weeks = stage_week(stage, local.date())
    due = [c for c in material.check_ins if period.since < c.due <= period.until]
    page = Digest(
        stage=stage,
        meeting=meeting,
        on=local.date(),
        time=f"{local:%H:%M}",
        week=week,
        weeks=weeks,
        student=material.people[stage.student],
        trainer=material.people[stage.trainer],
        counts={role: _count(told.marks, role) for role in BOTH},
        answers=tuple(told.shared),
        learning=_learning(told),
        chores=starting.chores(told.shared),
        possibilities=_possibilities(school, told, language),
        wish=told.last(Role.STUDENT, WISH),
        tasks=tuple(_task(task, language, told) for task in _programme(school, material)),
        impressions=tuple(s for name in IMPRESSIONS if (s := told.last(Role.TRAINER, name))),
        general=told.change(Role.TRAINER, GENERAL),
        guidance=_guidance(told),
        others={key: _others(told, key) for key in Key},
        agenda=tuple(s for s in told.shared if s.key is Key.AGENDA),
        silence=silence(told, due, stage, _asks(school)),
        private=tuple(told.private),
    )
    return starting.complete(page)


def late(material: Material, school: School, meeting: Meeting) -> tuple[list[Shown], list[Shown]]:
    """Give what came in after the digest went out: what may be used in the meeting, and what is private."""
    record = next((d for d in material.digests if d.meeting == meeting.number), None)
    if record is None or record.missed:
        return [], []
    visible = for_teacher(material, school)
    return [s for s in visible.shared if s.at > record.at], [s for s in visible.private if s.at > record.at]


def _count(marks: Iterable[Mark], role: Role) -> Count:
    theirs = [m for m in marks if m.by is role]
    return Count(answered=sum(m.answered is not None for m in theirs), asked=len(theirs))


def _learning(told: Told) -> Learning:
    felt = [s for s in told.by(Role.STUDENT, FEELING) if s.choices != ("not_done",)]
    before = [s for s in told.earlier if s.question == FEELING and s.choices != ("not_done",)]
    quotes, fits = _quotes(told), told.change(Role.STUDENT, FITS)
    transfers = (told.beside(quote, TRANSFER) for quote in quotes)
    whys = (told.beside(shown, WHY) for shown in (*felt[-1:], fits.now))
    return Learning(
        quotes=quotes,
        transfers=tuple(t for t in transfers if t is not None),
        feelings=tuple(felt),
        felt_before=before[-1] if before else None,
        fits=fits,
        whys=tuple(w for w in whys if w is not None),
    )


def _quotes(told: Told) -> tuple[Shown, ...]:
    """Choose two quotes of key 1: the newest moment of insight and the newest of the rest."""
    said = [s for s in told.shared if s.by is Role.STUDENT and s.key is Key.LEARNING and _has_words(s)]
    free = [s for s in reversed(said) if s.question not in PLACED]
    moments = [s for s in free if s.question in MOMENTS]
    rest = [s for s in free if s.question not in MOMENTS]
    chosen = [*moments[:1], *rest[:1]]
    more = [*moments[1:], *rest[1:]]
    return tuple([*chosen, *more][:QUOTES])


def _has_words(shown: Shown) -> bool:
    return bool(shown.texts) or shown.seconds is not None


def _possibilities(school: School, told: Told, language: Language) -> tuple[Possibility, ...]:
    """Put both sides beside each other; where the trainer said nothing now, what the trainer said before."""
    student = [s for s in told.by(Role.STUDENT, POSSIBLE) if s.choices]
    now = [s for s in told.by(Role.TRAINER, POSSIBLE) if s.choices][-1:]
    before = [s for s in told.earlier if s.by is Role.TRAINER and s.question == POSSIBLE and s.choices]
    trainer = now or before[-1:]
    could = {choice for shown in student for choice in shown.choices}
    can = {choice for shown in trainer for choice in shown.choices}
    labels = _labels(school, language)
    return tuple(
        Possibility(
            id=one,
            label=labels.get(one, one),
            student=one in could if student else None,
            trainer=one in can if trainer else None,
            is_old=not now,
        )
        for one in POSSIBILITIES
    )


def _labels(school: School, language: Language) -> dict[str, str]:
    questions = (q for s in school.question_sets.values() for q in s.questions if q.id == POSSIBLE)
    return {c.id: c.label.to(language, Address.JE) for q in questions for c in q.choices}


def _programme(school: School, material: Material) -> tuple[Task, ...]:
    programme = school.programmes.get(material.stage.programme)
    return programme.tasks if programme else ()


def _task(task: Task, language: Language, told: Told) -> TaskView:
    judgement = told.change(Role.TRAINER, JUDGEMENT, task.id)
    self_view = told.change(Role.STUDENT, SELF_VIEW, task.id)
    return TaskView(
        id=task.id,
        text=task.text.to(language, Address.JE),
        progress=_progress(task, told),
        judgement=judgement,
        self_view=self_view,
        example=told.beside(judgement.now, MOMENT),
        own_example=told.beside(self_view.now, MOMENT),
    )


def _progress(task: Task, told: Told) -> Progress:
    """Say what is known of a task: done once somebody said so, else what the student said last."""
    about = [s for s in (*told.earlier, *told.shared) if s.task == task.id]
    said = [s for s in about if s.question in OF_TASKS and s.choices]
    if any(not NOT_DONE & set(s.choices) for s in said):
        return Progress.DONE
    practised = [s for s in said if s.question == PRACTISED]
    if practised and practised[-1].choices == ("impossible",):
        return Progress.IMPOSSIBLE
    if said:
        return Progress.NOT_YET
    return Progress.PRIVATE if task.id in told.private_tasks else Progress.UNHEARD


def _guidance(told: Told) -> Guidance:
    choice = told.last(Role.TRAINER, STRATEGY)
    return Guidance(
        choice=choice,
        judged=told.beside(choice, JUDGEMENT),
        example=told.last(Role.TRAINER, GUIDED),
        reason=told.last(Role.TRAINER, REASON),
        helped=told.last(Role.STUDENT, HELPED),
        wanted=told.last(Role.STUDENT, NEXT),
        who=told.last(Role.STUDENT, WHO),
    )


def _others(told: Told, key: Key) -> tuple[Shown, ...]:
    """Give the last answer to each question of a key that has no place of its own on the page."""
    free = [s for s in told.shared if s.key is key is not Key.AGENDA and s.question not in PLACED]
    unquoted = [s for s in free if key is not Key.LEARNING or s.by is Role.TRAINER or not _has_words(s)]
    return tuple({(s.question_set, s.question): s for s in unquoted}.values())


def _asks(school: School) -> dict[str, frozenset[Key]]:
    sets = school.question_sets.values()
    return {s.name: frozenset(q.key for q in s.questions if not q.gate) for s in sets}
