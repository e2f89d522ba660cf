"""What the blocks of a digest show, chosen from what was said. Nothing is judged, nothing is made up."""

from __future__ import annotations

from collections.abc import Iterable

from conversations.coverage import Coverage, TaskCover, compare
from conversations.digest.page import (
    Calls,
    Count,
    Guidance,
    Judgement,
    Learning,
    Possibility,
    Potential,
    TaskView,
)
from conversations.digest.quoting import Quoting
from conversations.digest.said import Period, Told
from conversations.dossier import SignalKind, SignalState
from conversations.facts import Material
from conversations.model import Address, Key, Language, Role
from conversations.question_set import covers
from conversations.school import School
from conversations.visibility import Mark, Shown

# Which question is which: the ids in config/question_sets. All else follows from key, task and role.
MOMENTS, TRANSFER, WHY = ("first", "aha"), "transfer", "why"
FEELING, FITS = "feeling", "fits"
POSSIBLE, WISH, PRACTISED = "possible", "wish", "practised"
JUDGEMENT, SELF_VIEW, MOMENT = "judgement", "self_view", "moment"
IMPRESSIONS, GENERAL = ("impression", "expectation"), "general"
STRATEGY, GUIDED, CONSENT, REASON = "strategy", "guided", "consent", "reason"
HELPED, NEXT, WHO = "helped", "next", "who"
PLACED = {TRANSFER, WHY, FEELING, FITS, POSSIBLE, WISH, PRACTISED, JUDGEMENT, SELF_VIEW, MOMENT}
PLACED |= {*IMPRESSIONS, GENERAL, STRATEGY, GUIDED, CONSENT, REASON, HELPED, NEXT, WHO}

EXTRA = "extra"  # the teacher's own question (promise P5)
POSSIBILITIES = ("talk", "watch", "with_help", "alone")
QUOTES = 2
UNSAFE = frozenset({"sometimes", "no"})  # of the monthly question whether the student feels safe
NOBODY = ("no",)  # of whether the student knows whom to ask
WAITING = frozenset({SignalState.OPEN, SignalState.ESCALATED})


def count(marks: Iterable[Mark], role: Role) -> Count:
    """Count what somebody was asked and answered."""
    theirs = [m for m in marks if m.by is role]
    return Count(answered=sum(m.answered is not None for m in theirs), asked=len(theirs))


def learning(told: Told) -> Learning:
    """Choose what to show of key 1."""
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
    """Choose two quotes of key 1: the newest moment of insight, and what the teacher asked or the newest."""
    said = [s for s in told.shared if s.by is Role.STUDENT and s.key is Key.LEARNING and _has_words(s)]
    free = [s for s in reversed(said) if s.question not in PLACED]
    moments = [s for s in free if s.question in MOMENTS]
    rest = sorted((s for s in free if s.question not in MOMENTS), key=lambda s: s.question != EXTRA)
    chosen = [*moments[:1], *rest[:1]]
    more = [*moments[1:], *rest[1:]]
    return tuple([*chosen, *more][:QUOTES])


def _has_words(shown: Shown) -> bool:
    return bool(shown.texts) or shown.seconds is not None


def potential(school: School, told: Told, coverage: Coverage, language: Language) -> Potential:
    """Choose what to show of key 2."""
    return Potential(
        possibilities=possibilities(school, told, language),
        wish=told.last(Role.STUDENT, WISH),
        coverage=coverage,
    )


def judgement(told: Told) -> Judgement:
    """Choose what to show of key 3 beside the tasks."""
    return Judgement(
        impressions=tuple(s for name in IMPRESSIONS if (s := told.last(Role.TRAINER, name))),
        general=told.change(Role.TRAINER, GENERAL),
    )


def possibilities(school: School, told: Told, language: Language) -> tuple[Possibility, ...]:
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
            former=any(shown.former for shown in trainer),
        )
        for one in POSSIBILITIES
    )


def _labels(school: School, language: Language) -> dict[str, str]:
    questions = (q for s in school.question_sets.values() for q in s.questions if q.id == POSSIBLE)
    return {c.id: c.label.to(language, Address.JE) for q in questions for c in q.choices}


def task_view(task: TaskCover, language: Language, told: Told) -> TaskView:
    """Show a task as both see it."""
    judged = told.change(Role.TRAINER, JUDGEMENT, task.id)
    self_view = told.change(Role.STUDENT, SELF_VIEW, task.id)
    return TaskView(
        id=task.id,
        text=task.text.to(language, Address.JE),
        cover=task,
        judgement=judged,
        self_view=self_view,
        example=told.beside(judged.now, MOMENT),
        own_example=told.beside(self_view.now, MOMENT),
    )


def cover(school: School, material: Material, told: Told) -> Coverage:
    """Say how the exam tasks stand, of all that was said since the stage began."""
    programme = school.programmes.get(material.stage.programme)
    return compare(programme.tasks if programme else (), told.ever, told.ever_private)


def guidance(told: Told, quoting: Quoting) -> Guidance:
    """Choose what to show of key 4: the choice with its judgement, example, reason and the student's side."""
    choice, example = told.last(Role.TRAINER, STRATEGY), quoting.example()
    return Guidance(
        choice=choice,
        judged=told.beside(choice, JUDGEMENT),
        example=example,
        recognised=quoting.recognised(example),
        reason=told.last(Role.TRAINER, REASON),
        helped=told.last(Role.STUDENT, HELPED),
        wanted=told.last(Role.STUDENT, NEXT),
        who=told.last(Role.STUDENT, WHO),
    )


def agenda(told: Told, quoting: Quoting) -> tuple[Shown, ...]:
    """Give what they want to discuss; whether an agreement was kept stands with the agreement."""
    return tuple(s for s in told.shared if s.key is Key.AGENDA and not quoting.is_placed(s))


def others(told: Told, quoting: Quoting, key: Key) -> tuple[Shown, ...]:
    """Give the last answer to each question of a key that has no place of its own on the page."""
    free = [s for s in told.shared if s.key is key is not Key.AGENDA and not _is_placed(s, quoting)]
    unquoted = [s for s in free if key is not Key.LEARNING or s.by is Role.TRAINER or not _has_words(s)]
    return tuple({(s.question_set, s.question): s for s in unquoted}.values())


def _is_placed(shown: Shown, quoting: Quoting) -> bool:
    return shown.question in PLACED or bool(covers(shown.choices)) or quoting.is_placed(shown)


def calls(material: Material, told: Told, period: Period) -> Calls:
    """Say what asks for a person now: signals nobody answered yet, and a student who feels unsafe."""
    waiting = [s for s in material.signals if s.state in WAITING and s.at <= period.until]
    who = told.last(Role.STUDENT, WHO)
    is_open = who is not None and who.choices == NOBODY  # said in the open: it has a line of its own
    personal = {SignalKind.CONTACT} if is_open else {SignalKind.CONTACT, SignalKind.WHO}
    unsafe = any(s.key is Key.SAFETY and not UNSAFE.isdisjoint(s.choices) for s in told.private)
    kinds = {signal.kind for signal in waiting}
    return Calls(personal=unsafe or not personal.isdisjoint(kinds), consult=SignalKind.CONSULT in kinds)
