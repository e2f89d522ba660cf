"""What was just written or chosen may need a person: then help is offered, or the teacher is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from conversations.calendar import to_local
from conversations.desk import Decision
from conversations.dossier import Signal, SignalId, SignalKind, SignalState, Urgency
from conversations.facts import ChatFacts, Entity
from conversations.messages import Buttons, Message, Say
from conversations.model import Note, Reply, Slot, Stage, StageId
from conversations.safety_words import Danger
from conversations.school import School
from conversations.signals import whom
from conversations.signals.contacts import values
from conversations.signals.helping import DECLINED, help_button
from conversations.signals.reaching_out import studied

# Which question is which: the ids in config/question_sets.
WHO = ("student/first_week", "who", "no")
SAFETY = ("student/safety", "safe")
UNSAFE, RATHER_NOT = frozenset({"no", "sometimes"}), "rather_not"

OFFERS = {
    Danger.DISTRESS: ("emergency", "suicide", "child_line"),
    Danger.VIOLENCE: ("emergency", "confidential"),
    Danger.DISCRIMINATION: ("confidential",),
}
AGAIN = {
    Danger.DISTRESS: ("emergency", "suicide"),
    Danger.VIOLENCE: ("emergency",),
    Danger.DISCRIMINATION: ("confidential",),
}
PAGE_OF = {
    Danger.DISTRESS: "distress",
    Danger.VIOLENCE: "distress",
    Danger.DISCRIMINATION: "discrimination",
}


def noticed(facts: ChatFacts, changed: tuple[Entity, ...], school: School, now: datetime) -> Decision:
    """Offer help, or tell the teacher, where something a student just wrote or chose asks for it.

    `facts` are those of before it. Nothing that was written changes, nobody else is told, and the trainer
    never.
    """
    chosen = [_chosen(facts, one, school, now) for one in changed if isinstance(one, Reply)]
    answers = sum((one for one in chosen if one is not None), Decision())
    return answers if answers.out else _offered(facts, changed, school, now)


def is_offer(one: object) -> bool:
    """Tell whether help is offered here."""
    return isinstance(one, Signal) and one.kind is SignalKind.OFFER


# ---- answers that ask for a person -----------------------------------------------------------------------


def _chosen(facts: ChatFacts, reply: Reply, school: School, now: datetime) -> Decision | None:
    check_in = facts.check_in(reply.check_in)
    stage = facts.find_stage(check_in.stage) if check_in else None
    if check_in is None or stage is None or stage.student != facts.me.id:
        return None
    if reply.answered != now or not reply.has_answer:
        return None
    place, choices = (check_in.question_set, reply.question), set(reply.choices)
    if place == WHO[:2] and WHO[2] in choices:
        known = any(s.kind is SignalKind.WHO and s.stage == stage.id for s in facts.signals)
        return None if known else whom.does_not_know(facts, stage, school, now)
    if place == SAFETY and choices & UNSAFE:
        return _does_not_feel_safe(facts, stage, school, now)
    if place == SAFETY and RATHER_NOT in choices:
        return Decision((), (Message(to=facts.me.id, pieces=(Say(id="safety.rather_not"),)),))
    return None


def _does_not_feel_safe(facts: ChatFacts, stage: Stage, school: School, now: datetime) -> Decision:
    below = (
        help_button("offer.yes", "distress"),
        help_button("help.teacher", "teacher"),
        help_button("offer.no", DECLINED),
    )
    said = Say(id="safety.offer", values=values(school, "emergency"))
    offer = Decision((), (Message(to=facts.me.id, pieces=(Say(id="help.bot"), said), buttons=below),))
    return _kept(facts, stage.id, Urgency.TODAY, now) + offer


# ---- words that suggest danger ---------------------------------------------------------------------------


def _offered(facts: ChatFacts, changed: tuple[Entity, ...], school: School, now: datetime) -> Decision:
    """Offer help for what a student wrote, in fewer words where that was done earlier that day.

    It is offered every time: silence, or a question, after such words is worse than a repetition. Words of
    distress are heard above others.
    """
    found = [
        (danger, stage)
        for stage, text in _written(facts, changed)
        if (danger := school.safety_words.notice(text)) is not None
    ]
    if not found:
        return Decision()
    danger, stage = min(found, key=lambda one: list(Danger).index(one[0]))
    urgency = Urgency.TODAY if danger is Danger.DISTRESS else Urgency.WEEK
    again = _was_offered(facts, urgency, to_local(school.calendar, now).date(), school)
    below: Buttons = (help_button("offer.yes", PAGE_OF[danger]), help_button("offer.no", DECLINED))
    name, contacts = ("offer.again_", AGAIN) if again else ("offer.", OFFERS)
    said = Say(id=f"{name}{danger.value}", values=values(school, *contacts[danger]))
    offer = Message(to=facts.me.id, pieces=(Say(id="help.bot"), said), buttons=below)
    return _kept(facts, stage, urgency, now) + Decision((), (offer,))


def _written(facts: ChatFacts, changed: tuple[Entity, ...]) -> Iterator[tuple[StageId, str]]:
    """Give the texts of a student that are new: 💬 below an answer changes it, and no word in it."""
    notes, replies = _texts(facts)
    for one in changed:
        if isinstance(one, Note) and one.participant == facts.me.id and not one.gone:
            mine = [s for s in studied(facts) if one.stage in (s.id, None)]
            before = notes.get(one.source)
        elif isinstance(one, Reply) and (check_in := facts.check_in(one.check_in)) is not None:
            mine = [s for s in facts.stages if (s.id, s.student) == (check_in.stage, facts.me.id)]
            before = replies.get(Slot(one.check_in, one.question))
        else:
            continue
        if mine and one.text and one.text != before:
            yield mine[0].id, one.text


def _texts(facts: ChatFacts) -> tuple[dict[int, str], dict[Slot, str | None]]:
    """Give what this person had written: notes by message, replies by their place."""
    read = list(facts.materials.values())
    notes = (*(n for one in read for n in one.notes if n.participant == facts.me.id), *facts.notes)
    replies = (*(r for one in read for r in one.replies), *facts.replies)
    return {n.source: n.text for n in notes}, {Slot(r.check_in, r.question): r.text for r in replies}


def _was_offered(facts: ChatFacts, urgency: Urgency, day: date, school: School) -> bool:
    """Tell whether help was offered on a day, for something as pressing."""
    return any(
        is_offer(s)
        and s.by == facts.me.id
        and s.urgency in (urgency, Urgency.TODAY)
        and to_local(school.calendar, s.at).date() == day
        for s in facts.signals
    )


def _kept(facts: ChatFacts, stage: StageId, urgency: Urgency, now: datetime) -> Decision:
    """Keep that help was offered, so that this day has no more questions; nobody is told."""
    offer = Signal(
        id=SignalId(facts.new_ids[-1]),
        stage=stage,
        by=facts.me.id,
        kind=SignalKind.OFFER,
        at=now,
        urgency=urgency,
        state=SignalState.KEPT,
    )
    return Decision((offer,))
