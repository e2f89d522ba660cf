"""Signals: who is told what, who is never told anything, and that doing it again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import config
from config.texts import Texts
from conversations import signals
from conversations.buttons import Does, base36, encode
from conversations.desk import Decision, Seen
from conversations.dialogue import decide
from conversations.dossier import Awaits, Expectation, Signal, SignalId, SignalKind, SignalState, Urgency
from conversations.events import Commanded, Event, Pressed, Said
from conversations.facts import ChatFacts, StageFacts
from conversations.messages import Acknowledge, Amend, Message, Say
from conversations.model import (
    CheckInState,
    Note,
    Participant,
    ParticipantId,
    Reach,
    Reply,
    Role,
    Share,
    StageId,
)
from conversations.model import Status as State
from tests.conversations.stages import (
    STUDENT,
    TEACHER,
    TRAINER,
    a_check_in,
    a_person,
    a_reply,
    a_stage,
    at,
    the_people,
)
from tests.conversations.telling import the_material

SCHOOL = config.load()
TEXTS = Texts.load()
NOW = at("2026-09-10 12:00")
LEAD = ParticipantId(4)
STRANGER = ParticipantId(9)
ID = SignalId(70)
WORDS = "mijn chef slaat me en ik wil niet meer leven"
HELP = ("distress", "discrimination", "work", "teacher", "menu", "no", "declined", "yes:1")


def chat(who: ParticipantId, *changed: Participant, **facts: Any) -> ChatFacts:
    people = the_people(*changed)
    values: dict[str, Any] = {"stages": (a_stage(),), "new_ids": (71, 72)} | facts
    return ChatFacts(me=people[who], people=people, slots={}, **values)


def press(does: Does, *parts: str) -> Pressed:
    return Pressed(press="p", data=encode(does, *parts), message=5, at=NOW)


def command(name: str, argument: str = "") -> Commanded:
    return Commanded(message=100, name=name, argument=argument, at=NOW)


def a_signal(kind: SignalKind = SignalKind.CONSULT, **changes: Any) -> Signal:
    by = TRAINER if kind is SignalKind.CONSULT else STUDENT
    signal = Signal(id=ID, stage=StageId(1), by=by, kind=kind, at=NOW - timedelta(hours=1))
    return replace(signal, **changes)


def happens(facts: ChatFacts, *events: Event) -> tuple[Decision, ChatFacts]:
    """Let one thing happen after another; give all that was decided, and the facts after it."""
    whole = Decision()
    for event in events:
        decision = decide(facts, event, SCHOOL, NOW)
        facts, whole = facts.with_changed(decision.changed), whole + decision
    return whole, facts


def texts_to(decision: Decision, who: ParticipantId) -> list[str]:
    person = a_person(TEACHER, name="iemand")
    messages = [one for one in decision.out if isinstance(one, Message) and one.to == who]
    return [TEXTS.render(one.pieces, person)[0] for one in messages]


def ids_to(decision: Decision, who: ParticipantId) -> list[str]:
    messages = [one for one in decision.out if isinstance(one, Message) and one.to == who]
    return [piece.id for one in messages for piece in one.pieces if isinstance(piece, Say)]


def toasts(decision: Decision) -> list[str]:
    shown = [one.text for one in decision.out if isinstance(one, Acknowledge)]
    return [one.id for one in shown if isinstance(one, Say)]


def signals_in(decision: Decision) -> list[Signal]:
    return [one for one in decision.changed if isinstance(one, Signal)]


# ---- the bell ----------------------------------------------------------------------------------------------


def test_a_bell_is_kept_and_reaches_the_teacher() -> None:
    """P3: one open signal, a message with one button, and a question for one sentence."""
    decision, after = happens(chat(TRAINER), press(Does.BELL, "1", "today"))
    kept = Signal(
        id=SignalId(71), stage=StageId(1), by=TRAINER, kind=SignalKind.CONSULT, at=NOW, urgency=Urgency.TODAY
    )
    assert signals_in(decision) == [kept]
    assert ids_to(decision, TEACHER) == ["signal.consult_today", "signal.how"]
    assert after.expectation == Expectation(
        participant=TRAINER, what=Awaits.BELL_TEXT, at=NOW, stage=StageId(1)
    )


def test_ringing_again_makes_no_second_signal() -> None:
    """P3: the same again changes nothing; what was for this week can become today."""
    week, today = press(Does.BELL, "1", "week"), press(Does.BELL, "1", "today")
    decision, after = happens(chat(TRAINER), week, week, today, today, week)
    assert [(s.id, s.urgency) for s in signals_in(decision)] == [(71, Urgency.WEEK), (71, Urgency.TODAY)]
    assert len(after.signals) == 1
    assert ids_to(decision, TEACHER) == [
        *("signal.consult_week", "signal.how"),
        *("signal.consult_raised", "signal.how"),
    ]


def test_the_sentence_goes_to_the_teacher_and_stays_with_the_signal() -> None:
    """P3: typed once, it is shown to the teacher, and that is logged."""
    rung = press(Does.BELL, "1", "week")
    decision, after = happens(chat(TRAINER), rung, Said(message=101, text="hij komt niet", at=NOW))
    assert texts_to(decision, TEACHER)[-1].endswith("hij komt niet")
    assert [s.text for s in after.signals] == ["hij komt niet"]
    assert decision.seen == (Seen(by=TEACHER, what="signal", stage=StageId(1)),)


def test_more_sentences_of_that_day_reach_the_teacher_too() -> None:
    """P3: also hours later, and after the teacher has said to get in touch."""
    first = Said(message=101, text="hij komt niet", at=NOW)
    _, rung = happens(chat(TRAINER), press(Does.BELL, "1", "week"), first)
    answered = rung.with_changed(replace(s, state=SignalState.ACKNOWLEDGED) for s in rung.signals)
    more = Said(message=102, text="bellen mag vanavond", at=NOW)
    later = decide(answered, more, SCHOOL, NOW + timedelta(hours=6))
    assert [text.endswith("bellen mag vanavond") for text in texts_to(later, TEACHER)] == [True]
    assert [s.text for s in signals_in(later)] == ["hij komt niet\nbellen mag vanavond"]


@pytest.mark.parametrize(
    ("later", "opened"),
    [(timedelta(hours=11, minutes=59), ()), (timedelta(hours=2), ("moment",))],
    ids=["the next day", "a question waits"],
)
def test_what_comes_much_later_is_not_about_the_bell(later: timedelta, opened: tuple[str, ...]) -> None:
    """The next day, or where it may answer a question, the teacher gets none of it at once."""
    check_in = a_check_in(5, "week 1", participant=TRAINER, state=CheckInState.OPEN)
    replies = tuple(a_reply(check_in, question=q, status=State.OPEN, answered=None) for q in opened)
    evening = NOW + timedelta(hours=5)
    asked = tuple(replace(reply, asked=NOW) for reply in replies)
    facts = chat(TRAINER, check_ins=(check_in,), replies=asked)
    rung = decide(facts, press(Does.BELL, "1", "week"), SCHOOL, evening)
    said = Said(message=101, text="ging goed vandaag", at=NOW)
    decision = decide(facts.with_changed(rung.changed), said, SCHOOL, evening + later)
    assert (texts_to(decision, TEACHER), signals_in(decision)) == ([], [])
    kept = [one.text for one in decision.changed if isinstance(one, Note | Reply)]
    assert kept == ["ging goed vandaag"]


def test_a_sentence_for_a_teacher_who_has_gone_is_kept_and_said_to_be_so() -> None:
    """P3: the trainer does not read that the teacher gets it; the coordinator gets no word."""
    _, rung = happens(chat(TRAINER), press(Does.BELL, "1", "week"))
    gone = replace(rung, people=the_people(a_person(TEACHER, reach=Reach.BLOCKED)))
    decision, after = happens(gone, Said(message=101, text="hij komt niet", at=NOW))
    assert (ids_to(decision, TRAINER), ids_to(decision, TEACHER)) == (["bell.line_kept"], [])
    assert [s.text for s in after.signals] == ["hij komt niet"]
    assert decision.seen == ()


@pytest.mark.parametrize(
    "facts",
    [
        chat(STUDENT),
        chat(TEACHER),
        chat(TRAINER, stages=()),
        chat(TRAINER, stages=(a_stage(trainer=STRANGER),)),
        chat(TRAINER, stages=(a_stage(ended=True),)),
        chat(TRAINER, stages=(a_stage(trainer_stopped=True),)),
    ],
    ids=["student", "teacher", "stranger", "another's", "ended", "stopped"],
)
@pytest.mark.parametrize("what", ["today", "week", "none"])
def test_nobody_else_rings_for_a_stage(facts: ChatFacts, what: str) -> None:
    """A bell of another one's stage, or of one that is over, does nothing."""
    decision, _ = happens(facts, press(Does.BELL, "1", what))
    assert (decision.changed, toasts(decision)) == ((), ["answering.old_button"])
    assert [one for one in decision.out if isinstance(one, Message)] == []


def test_a_teacher_who_is_not_there_is_not_written_to() -> None:
    """P3: the bell is kept, for the coordinator, and the trainer is told so."""
    away = a_person(TEACHER, reach=Reach.BLOCKED)
    decision, _ = happens(chat(TRAINER, away), press(Does.BELL, "1", "today"))
    assert [s.state for s in signals_in(decision)] == [SignalState.OPEN]
    assert texts_to(decision, TEACHER) == []
    shown = [piece for one in decision.out if isinstance(one, Amend) for piece in one.pieces]
    assert [piece.id for piece in shown if isinstance(piece, Say)] == ["bell.not_there"]


# ---- the teacher answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [SignalKind.CONSULT, SignalKind.CONTACT, SignalKind.WHO])
def test_one_tap_tells_who_asked(kind: SignalKind) -> None:
    """P3: who sent it hears once that it was seen; more taps change nothing."""
    signal, seen = a_signal(kind), press(Does.SIGNAL, base36(ID), "seen")
    decision, after = happens(chat(TEACHER, signals=(signal,)), seen, seen, seen)
    assert after.signals == (replace(signal, state=SignalState.ACKNOWLEDGED, acknowledged=NOW),)
    assert len(signals_in(decision)) == 1
    assert [one.to for one in decision.out if isinstance(one, Message)] == [signal.by]
    assert toasts(decision) == ["signal.seen_now", "signal.seen_before", "signal.seen_before"]


@pytest.mark.parametrize("who", [STUDENT, TRAINER])
@pytest.mark.parametrize("state", list(SignalState))
def test_nobody_but_the_teacher_answers_a_signal(who: ParticipantId, state: SignalState) -> None:
    """A forged press of student or trainer is refused like any old button."""
    facts = chat(who, signals=(a_signal(SignalKind.CONTACT, state=state),))
    decision, _ = happens(facts, press(Does.SIGNAL, base36(ID), "seen"))
    assert (decision.changed, toasts(decision)) == ((), ["answering.old_button"])


@pytest.mark.parametrize(
    ("signal", "what"),
    [
        (a_signal(id=SignalId(99)), "seen"),
        (a_signal(stage=StageId(2)), "seen"),
        (a_signal(SignalKind.OFFER, state=SignalState.KEPT), "seen"),
        (a_signal(), "x"),
    ],
    ids=["unknown", "another's stage", "an offer", "another word"],
)
def test_a_teacher_answers_only_own_signals(signal: Signal, what: str) -> None:
    """Another teacher's signal, and the quiet record of an offer, can't be touched."""
    decision, _ = happens(chat(TEACHER, signals=(signal,)), press(Does.SIGNAL, base36(ID), what))
    assert (decision.changed, toasts(decision)) == ((), ["answering.old_button"])


# ---- two workdays later ------------------------------------------------------------------------------------


def a_stage_with(signal: Signal, lead: Reach = Reach.JOINED) -> StageFacts:
    leads = {LEAD: Participant(id=LEAD, name="Jolanda Vos", roles=frozenset({Role.COORDINATOR}), reach=lead)}
    return StageFacts(stage=a_stage(), people=the_people() | leads, coordinators=(LEAD,), signals=(signal,))


@pytest.mark.parametrize(
    "kind", [SignalKind.CONSULT, SignalKind.CONTACT, SignalKind.HAND_OVER, SignalKind.STOP]
)
def test_the_coordinator_hears_that_something_waits_and_no_word(kind: SignalKind) -> None:
    """P3: one message to the coordinator, one to who asked, none of the text."""
    by = STUDENT if kind is SignalKind.CONTACT else TRAINER
    signal = a_signal(kind, by=by, text=WORDS)
    decision = signals.escalate(a_stage_with(signal), signal, SCHOOL, NOW)
    assert decision.changed == (replace(signal, state=SignalState.ESCALATED, escalated=NOW),)
    assert sorted(one.to for one in decision.out) == sorted([LEAD, by])
    told = [text for who in (LEAD, by) for text in texts_to(decision, who)]
    assert [text for text in told if "slaat" in text or "leven" in text] == []


def test_a_nee_of_week_1_stays_with_the_teacher() -> None:
    """P4: coordinators see counts of what a student answered."""
    signal = a_signal(SignalKind.WHO)
    decision = signals.escalate(a_stage_with(signal), signal, SCHOOL, NOW)
    assert (decision.out, [s.state for s in signals_in(decision)]) == ((), [SignalState.ESCALATED])


def test_where_nobody_of_the_school_is_there_the_asker_hears_it() -> None:
    """P3: nobody waits for somebody who was never told."""
    signal = a_signal(SignalKind.CONTACT)
    decision = signals.escalate(a_stage_with(signal, Reach.INVITED), signal, SCHOOL, NOW)
    assert ids_to(decision, STUDENT) == ["escalation.nobody_student"]
    assert ids_to(decision, LEAD) == []


@pytest.mark.parametrize(
    ("reach", "text"),
    [(Reach.JOINED, "escalation.told_trainer"), (Reach.INVITED, "escalation.absent_told_trainer")],
)
def test_only_a_teacher_who_is_there_is_said_not_to_have_reacted(reach: Reach, text: str) -> None:
    """P3: who is not there got nothing to react to; the trainer reads who was told."""
    facts = a_stage_with(a_signal())
    known = replace(facts, people={**facts.people, TEACHER: a_person(TEACHER, reach=reach)})
    assert ids_to(signals.escalate(known, a_signal(), SCHOOL, NOW), TRAINER) == [text]


@pytest.mark.parametrize("state", [SignalState.ACKNOWLEDGED, SignalState.ESCALATED, SignalState.KEPT])
def test_what_is_not_open_escalates_no_more(state: SignalState) -> None:
    """A second time tells nobody anything."""
    signal = a_signal(state=state)
    assert signals.escalate(a_stage_with(signal), signal, SCHOOL, NOW) == Decision()


# ---- help --------------------------------------------------------------------------------------------------


def test_distress_pauses_ordinary_questions() -> None:
    """A week without them, and one that was chosen to be longer stays."""
    _, after = happens(chat(STUDENT), press(Does.HELP, "distress"))
    assert after.me.paused_until == date(2026, 9, 18)
    long = a_person(STUDENT, paused_until=date(2026, 12, 1))
    decision, _ = happens(chat(STUDENT, long), press(Does.HELP, "distress"))
    assert decision.changed == ()


@pytest.mark.parametrize("what", ["discrimination", "work", "teacher", "menu", "no"])
def test_looking_at_help_changes_nothing_and_tells_nobody(what: str) -> None:
    """Only a yes asks the teacher; only distress pauses."""
    decision, _ = happens(chat(STUDENT), command("hulp"), press(Does.HELP, what))
    assert decision.changed == ()
    assert {one.to for one in decision.out} == {STUDENT}


def test_a_yes_asks_the_teacher_once() -> None:
    """The teacher gets one message, however often it is pressed, with no reason in it."""
    yes = press(Does.HELP, "yes", "1")
    decision, after = happens(chat(STUDENT), press(Does.HELP, "distress"), yes, yes)
    assert [s.kind for s in after.signals] == [SignalKind.CONTACT]
    assert ids_to(decision, TEACHER) == ["signal.student_contact", "signal.quietly"]
    assert toasts(decision) == ["help.asked_before"]


@pytest.mark.parametrize("who", [TRAINER, TEACHER])
@pytest.mark.parametrize("parts", HELP)
def test_help_buttons_are_a_students(who: ParticipantId, parts: str) -> None:
    """Nobody asks for contact, or pauses questions, for another person."""
    decision, _ = happens(chat(who), press(Does.HELP, *parts.split(":")))
    assert (decision.changed, toasts(decision)) == ((), ["answering.old_button"])


@pytest.mark.parametrize("parts", ["yes:2", "yes:zzz", "yes", "distress:1", "everything", "yes:!"])
def test_help_that_is_not_there_is_refused(parts: str) -> None:
    """A forged page or stage does nothing."""
    decision, _ = happens(chat(STUDENT), press(Does.HELP, *parts.split(":")))
    assert (decision.changed, toasts(decision)) == ((), ["answering.old_button"])


# ---- what is noticed ---------------------------------------------------------------------------------------


def offers(decision: Decision) -> list[tuple[SignalKind, SignalState, Urgency]]:
    return [(s.kind, s.state, s.urgency) for s in signals_in(decision)]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("ik word gepest", "weer gepest"), ["offer.discrimination", "offer.again_discrimination"]),
        (("hij slaat me", "hij sloeg me weer"), ["offer.violence", "offer.again_violence"]),
        (("ik wil dood", "niks, ik wil dood"), ["offer.distress", "offer.again_distress"]),
        (("ik word gepest", "ik wil dood"), ["offer.discrimination", "offer.distress"]),
        (("ik wil dood", "ging verder goed"), ["offer.distress"]),
    ],
)
def test_help_is_offered_every_time_and_in_fewer_words_the_second(
    texts: tuple[str, ...], said: list[str]
) -> None:
    """Nobody who writes such words again that day gets silence; what is more pressing is said in full."""
    events = [Said(message=100 + n, text=text, at=NOW) for n, text in enumerate(texts)]
    decision, _ = happens(chat(STUDENT), *events)
    assert [one for one in ids_to(decision, STUDENT) if one.startswith("offer.")] == said


def test_the_next_day_help_is_offered_in_full_again() -> None:
    """The short form is for who just read the long one."""
    facts = chat(STUDENT, signals=(an_offer(NOW - timedelta(days=1)),))
    decision, _ = happens(facts, Said(message=101, text="ik wil dood", at=NOW))
    assert "offer.distress" in ids_to(decision, STUDENT)


def an_offer(when: datetime) -> Signal:
    return a_signal(kind=SignalKind.OFFER, state=SignalState.KEPT, urgency=Urgency.TODAY, by=STUDENT, at=when)


@pytest.mark.parametrize(("what", "told"), [("no", "help.told_nobody"), ("declined", "offer.declined")])
def test_a_no_says_what_the_teacher_reads(what: str, told: str) -> None:
    """When it is serious: words that were written, or a "Nee", stay an answer that the teacher reads."""
    decision, _ = happens(chat(STUDENT), press(Does.HELP, what))
    assert (toasts(decision), decision.changed) == ([told], ())


def test_below_an_offer_no_is_another_no_than_in_the_menu() -> None:
    """An offer follows words that stay; what is read in the menu is kept nowhere."""
    facts, reply = chosen("student/safety", "safe", "no")
    asked = signals.noticed(facts, (reply,), SCHOOL, NOW)
    noticed, _ = happens(chat(STUDENT), Said(message=101, text=WORDS, at=NOW))
    offered = [one for one in (*asked.out, *noticed.out) if isinstance(one, Message) and one.to == STUDENT]
    labels = {
        button.data
        for one in offered
        for row in one.buttons
        for button in row
        if isinstance(button.label, Say) and button.label.id == "offer.no"
    }
    assert labels == {encode(Does.HELP, "declined")}


def test_an_offer_leaves_the_text_as_it_is() -> None:
    """What was written is kept as any note, and the student is the only one who is told."""
    decision, after = happens(chat(STUDENT), Said(message=101, text=WORDS, at=NOW))
    assert [(note.text, note.share) for note in after.notes] == [(WORDS, Share.PRIVATE)]
    assert {one.to for one in decision.out} == {STUDENT}


def test_a_changed_text_is_looked_at_and_a_shared_one_is_not_again() -> None:
    """Help is offered for words that an edit brings; pressing 💬 on another day offers nothing anew."""
    check_in = a_check_in(5, "week 1")
    reply = a_reply(check_in, text="ging wel", answered=NOW - timedelta(days=2))
    facts = chat(STUDENT, check_ins=(check_in,), replies=(reply,))
    edit = replace(reply, text=WORDS)
    first = signals.noticed(facts, (edit,), SCHOOL, NOW)
    assert offers(first) == [(SignalKind.OFFER, SignalState.KEPT, Urgency.TODAY)]
    shared = replace(edit, share=Share.MEETING)
    assert signals.noticed(replace(facts, replies=(edit,)), (shared,), SCHOOL, NOW) == Decision()
    read = replace(the_material(), check_ins=(check_in,), replies=(edit,))
    older = replace(facts, check_ins=(), replies=(), materials={a_stage().id: read})
    assert signals.noticed(older, (shared,), SCHOOL, NOW) == Decision()


def test_a_trainer_is_offered_nothing() -> None:
    """The safety net is for students; a trainer's text is kept and that is all."""
    decision, _ = happens(chat(TRAINER), Said(message=101, text=WORDS, at=NOW))
    assert signals_in(decision) == []
    assert {one.to for one in decision.out} == {TRAINER}


def chosen(question_set: str, question: str, choice: str) -> tuple[ChatFacts, Reply]:
    check_in = a_check_in(5, "week 1", question_set, state=CheckInState.OPEN, due=NOW)
    reply = a_reply(check_in, question=question, choices=(choice,), answered=NOW, status=State.ANSWERED)
    return chat(STUDENT, check_ins=(check_in,), replies=(reply,)), reply


def test_a_nee_reaches_the_teacher_at_once_and_once() -> None:
    """P4: the teacher is told, the student reads whom to ask; a second nee tells nothing new."""
    facts, reply = chosen("student/first_week", "who", "no")
    decision = signals.noticed(facts, (reply,), SCHOOL, NOW)
    assert ids_to(decision, TEACHER) == ["signal.student_who", "signal.quietly"]
    assert ids_to(decision, STUDENT)[0] == "whom.told"
    assert signals.noticed(facts.with_changed(decision.changed), (reply,), SCHOOL, NOW) == Decision()


@pytest.mark.parametrize("choice", ["yes", "partly"])
def test_who_knows_whom_to_ask_is_left_alone(choice: str) -> None:
    """P4: only a nee reaches the teacher."""
    facts, reply = chosen("student/first_week", "who", choice)
    assert signals.noticed(facts, (reply,), SCHOOL, NOW) == Decision()


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("yes", []),
        ("sometimes", ["help.bot", "safety.offer"]),
        ("no", ["help.bot", "safety.offer"]),
        ("rather_not", ["safety.rather_not"]),
    ],
)
def test_the_monthly_answer_brings_help_and_tells_nobody(choice: str, said: list[str]) -> None:
    """Whoever does not feel safe is offered help; nobody else hears it from the bot."""
    facts, reply = chosen("student/safety", "safe", choice)
    decision = signals.noticed(facts, (reply,), SCHOOL, NOW)
    assert ids_to(decision, STUDENT) == said
    assert {one.to for one in decision.out} <= {STUDENT}


# ---- whatever a student does -------------------------------------------------------------------------------

TYPED = st.sampled_from(
    ["ik wil nie meer", WORDS, "ik word gediscrimineerd", "ging prima", "verveel me dood"]
)
DOES = st.one_of(
    st.builds(lambda text: Said(message=len(text), text=text, at=NOW), TYPED),
    st.builds(command, st.sampled_from(["hulp", "wie", "overleg"]), TYPED),
    st.builds(lambda parts: press(Does.HELP, *parts.split(":")), st.sampled_from(HELP)),
    st.builds(lambda what: press(Does.BELL, "1", what), st.sampled_from(["today", "week", "none"])),
    st.builds(lambda: press(Does.SIGNAL, "1z", "seen")),
)


@settings(max_examples=150, deadline=None)
@given(doings=st.lists(DOES, min_size=1, max_size=12))
def test_whatever_a_student_does_the_trainer_hears_nothing(doings: list[Event]) -> None:
    """Nobody but the stage's teacher gets a message, and no word of the student is in any."""
    decision, after = happens(chat(STUDENT), *doings)
    assert {one.to for one in decision.out} <= {STUDENT, TEACHER}
    assert words_in(texts_to(decision, TEACHER)) == set()
    later = [signals.escalate(a_stage_with(signal), signal, SCHOOL, NOW) for signal in after.signals]
    assert {one.to for told in later for one in told.out} <= {STUDENT, LEAD}
    assert words_in(text for told in later for text in texts_to(told, LEAD)) == set()


def words_in(texts: Iterable[str]) -> set[str]:
    """Find words of the student in what others get."""
    return {
        word for text in texts for word in ("nie meer", "slaat", "leven", "gediscrimineerd") if word in text
    }
