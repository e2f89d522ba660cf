"""How questions are put: gates, rounds, a choice that changes, words that vary, and the card of week 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from config.texts import Texts
from conversations import asking, explaining
from conversations.buttons import Does, encode
from conversations.choosing import enough
from conversations.desk import Desk, lay_out
from conversations.due import due as due_now
from conversations.duties import Close
from conversations.events import Pressed, Said
from conversations.facts import ChatFacts
from conversations.messages import Acknowledge, Amend, Lane, Message, Piece, Say
from conversations.model import (
    CheckIn,
    CheckInId,
    CheckInState,
    Key,
    ParticipantId,
    Quote,
    Reason,
    Reply,
    StageId,
    Status,
)
from conversations.plan import Planned
from conversations.question_set import Occasion, QuestionSet, next_question
from conversations.tone import varied
from tests.conversations.chatting import SCHOOL, Chat, a_chat
from tests.conversations.stages import (
    STUDENT,
    TEACHER,
    TRAINER,
    a_check_in,
    a_person,
    a_reply,
    a_set,
    a_stage,
    at,
    the_facts,
    the_people,
)

TEXTS = Texts.load()
MONDAY = at("2026-09-14 16:00")


def due(name: str, number: int = 1, who: ParticipantId = TRAINER, **changes: object) -> CheckIn:
    """Give a check-in that is due on Monday and was not opened yet."""
    values = {"participant": who, "due": MONDAY, "opened": None, "state": CheckInState.QUEUED} | changes
    return a_check_in(number, f"meeting {number}", name, **values)


def a_round(*check_ins: CheckIn, who: ParticipantId = TRAINER, stages: int = 1) -> Chat:
    """Open a round in somebody's chat."""
    chat = a_chat(who, stages=stages)
    chat.now = MONDAY
    facts = chat.facts.with_changed(check_ins)
    chat.take(asking.open_round(facts, check_ins, SCHOOL, MONDAY))
    return chat


def press(chat: Chat, label: str) -> None:
    """Press the button with this label that was shown last."""
    data = next(
        button.data
        for one in reversed(chat.sent)
        for row in one.buttons
        for button in row
        if words(chat, (button.label,)) == label
    )
    chat.happens(Pressed(press="1", data=data, message=len(chat.sent), at=chat.now))


def words(chat: Chat, pieces: Sequence[Piece]) -> str:
    """Give pieces as this person reads them."""
    return TEXTS.render(pieces, chat.facts.me)[0]


def said(chat: Chat) -> list[str]:
    """Give the first line of each message that the bot sent."""
    found = [words(chat, one.pieces) for one in chat.sent if isinstance(one, Message)]
    return [text.removeprefix("student\n").split("\n", maxsplit=1)[0] for text in found]


def states(chat: Chat) -> dict[int, tuple[CheckInState, Reason | None]]:
    """Give where each check-in stands."""
    return {int(c.id): (c.state, c.reason) for c in chat.facts.check_ins}


# ---- gates


def test_a_trainer_is_done_after_three_taps_and_one_sentence() -> None:
    """K3b: counted on the real set: tap, sentence, tap, tap, and the check-in is closed."""
    chat = a_round(due("trainer/before_meeting", task="welcome"))
    press(chat, "Voldoende zelfstandig")
    chat.happens(chat.says("Gisteren hielp hij een groep gasten zonder hulp"))
    press(chat, "Laten meedoen")
    press(chat, "Nee, klaar")
    assert states(chat) == {1: (CheckInState.DONE, None)}
    assert [r.question for r in chat.facts.replies] == ["judgement", "moment", "strategy", "more"]


def questions_put(quotes: tuple[str, ...], answers: Mapping[str, str]) -> list[str]:
    """Give the questions that a trainer gets before a meeting who answers all, with these choices."""
    questions, replies = SCHOOL.question_sets["trainer/before_meeting"], dict[str, Reply]()
    check_in = a_check_in(1, "meeting 1")
    while (question := next_question(questions, replies, quotes)) is not None:
        choices = (answers.get(question.id, "yes" if question.gate else "good"),)
        replies[question.id] = a_reply(check_in, question=question.id, choices=choices)
    return list(replies)


def test_a_gate_with_nothing_behind_it_is_passed_over() -> None:
    """Without an agreement the trainer goes on from the reason to what goes well."""
    with_one, without = questions_put(("afspraak",), {}), questions_put((), {})
    assert [q for q in with_one if q not in without] == ["more_3", "agreement"]
    assert without[4:] == [
        *("guided", "consent", "more_2", "reason", "more_4", "going"),
        *("more_5", "general", "more_6", "possible"),
    ]


@pytest.mark.parametrize("gate", ["more", "more_2", "more_4", "more_5", "more_6"])
def test_after_a_no_at_a_gate_nothing_more_is_asked(gate: str) -> None:
    """Also where the gate before the next one was passed over."""
    assert questions_put((), {gate: "no"})[-1] == gate


# ---- quotes


def test_braces_in_what_somebody_wrote_stay_as_they_are() -> None:
    """A quote is put literally, whatever it holds."""
    quote = Quote(place="voorbeeld", text="Ik zei {taak} en {voornaam}", source=5)
    chat = a_round(due("student/recognise", who=STUDENT, room=2, quotes=(quote,)), who=STUDENT)
    assert words(chat, chat.sent[0].pieces).split("\n")[1] == "“Ik zei {taak} en {voornaam}”"


def test_whoever_is_shown_somebody_s_words_stands_in_the_access_log() -> None:
    """Who and of which stage, no word of what was quoted."""
    quote = Quote(place="voorbeeld", text="Ik deed het voor", source=5)
    check_in = due("student/recognise", who=STUDENT, room=2, quotes=(quote,))
    facts = a_chat(STUDENT).facts.with_changed((check_in,))
    decision = asking.open_round(facts, [check_in], SCHOOL, MONDAY)
    assert [(s.by, s.what, s.stage) for s in decision.seen] == [(STUDENT, "quotes voorbeeld", 1)]


def test_without_the_second_agreement_only_the_first_is_asked_about() -> None:
    """A question with a place that can't be filled is not asked."""
    quote = Quote(place="afspraak", text="Elke week een gesprek", source=5)
    chat = a_round(due("student/agreement", who=STUDENT, room=2, quotes=(quote,)), who=STUDENT)
    press(chat, "Deels")
    assert [r.question for r in chat.facts.replies] == ["agreement"]
    assert states(chat) == {1: (CheckInState.DONE, None)}


# ---- a choice that changes


def done_with(choice: str, room: int = 2) -> Chat:
    """Give a student's chat in which a task was not done, and the check-in is closed."""
    chat = a_round(due("student/self_view", who=STUDENT, room=room, task="welcome"), who=STUDENT)
    press(chat, choice)
    return chat


def test_another_choice_asks_what_depends_on_it() -> None:
    """First "Nog niet gedaan", then "Goed": which moment shows that?"""
    chat = done_with("Nog niet gedaan")
    chat.sent[:] = [one for one in chat.sent if isinstance(one, Message) and one.slot]
    press(chat, "Goed")
    assert said(chat)[-1] == "Welk moment op je stage laat dat zien?"
    assert states(chat) == {1: (CheckInState.OPEN, None)}


@pytest.mark.parametrize(("room", "later"), [(1, timedelta(0)), (2, timedelta(days=7))])
def test_another_choice_asks_nothing_without_room_or_after_the_close(room: int, later: timedelta) -> None:
    """The choice itself is kept."""
    chat = done_with("Nog niet gedaan", room)
    chat.now += later
    chat.sent[:] = [one for one in chat.sent if isinstance(one, Message) and one.slot]
    press(chat, "Goed")
    assert [(r.question, r.choices) for r in chat.facts.replies] == [("self_view", ("good",))]
    assert states(chat) == {1: (CheckInState.DONE, None)}


# ---- a round


def two_students() -> Chat:
    """Give a trainer's chat with a round about two students; the first is open."""
    first = due("trainer/before_meeting", 1, task="welcome", closes=at("2026-09-17 08:30"))
    second = due("trainer/before_meeting", 2, task="welcome", stage=StageId(2), closes=at("2026-09-18 08:30"))
    return a_round(first, second, stages=2)


def closed(chat: Chat, when: datetime) -> list[Message]:
    """Let the first check-in expire at a moment; give what goes out."""
    desk = lay_out(chat.facts, CheckInId(1), SCHOOL, when, Lane.PROMPT)
    decision = asking.close(desk)
    chat.take(decision)
    return [one for one in decision.out if isinstance(one, Message)]


def test_when_a_question_expires_the_next_of_the_round_is_put() -> None:
    """Asking well: the second student is not lost because the first was not answered."""
    chat = two_students()
    out = closed(chat, at("2026-09-17 08:30"))
    assert [one.lane for one in out] == [Lane.PROMPT]
    assert states(chat) == {1: (CheckInState.EXPIRED, None), 2: (CheckInState.OPEN, None)}


def test_the_next_of_the_round_is_put_too_when_the_stage_has_ended() -> None:
    """Asking well: what was open is closed at once, with its reason, and the trainer goes on."""
    chat = two_students()
    first = tuple(c for c in chat.facts.check_ins if c.id == 1)
    ended = replace(the_facts(), stage=a_stage(ended=True), check_ins=first)
    moment = at("2026-09-15 12:00")
    closings = [one for one in due_now(ended, SCHOOL, moment) if isinstance(one, Close)]
    assert [(one.check_in.id, one.reason) for one in closings] == [(1, Reason.STAGE_ENDED)]
    desk = lay_out(chat.facts, CheckInId(1), SCHOOL, moment, Lane.PROMPT)
    chat.take(asking.close(desk, Reason.STAGE_ENDED))
    assert states(chat) == {
        1: (CheckInState.EXPIRED, Reason.STAGE_ENDED),
        2: (CheckInState.OPEN, None),
    }


@pytest.mark.parametrize("when", ["2026-09-17 22:30", "2026-09-20 12:00", "2026-09-18 08:30"])
def test_nothing_is_put_at_night_on_sunday_or_when_it_is_too_late(when: str) -> None:
    """The next of the round waits, and expires in its turn."""
    chat = two_students()
    assert closed(chat, at(when)) == []
    assert states(chat)[2] == (CheckInState.QUEUED, None)


def test_a_trainer_hears_how_many_students_are_still_to_come() -> None:
    """S3: after each student but the last."""
    chat = two_students()
    for label in ("Nog niet gezien", "Laten meedoen", "Nee, klaar") * 2:
        press(chat, label)
    thanks = [line for line in said(chat) if "bewaard" in line]
    assert [line.endswith("Nog één student.") for line in thanks] == [True, False]


# ---- shorter


def weekly(when: str) -> Planned:
    """Give a weekly occasion at a wall time."""
    return Planned(
        stage=StageId(1),
        participant=STUDENT,
        occasion="week 9",
        kind=Occasion.WEEKLY,
        due=at(when),
        closes=at(when) + timedelta(days=6),
    )


AHA = a_set("student/aha", Occasion.WEEKLY, Key.LEARNING)


@pytest.mark.parametrize(
    ("when", "questions", "answered", "expected"),
    [
        ("2026-11-12 16:30", AHA, True, 2),
        ("2026-11-26 16:30", AHA, True, 1),
        ("2026-11-26 16:30", AHA, False, 2),
        ("2026-11-26 16:30", replace(AHA, key=Key.POTENTIAL), True, 2),
        ("2026-11-26 16:30", replace(AHA, urgent=True), True, 2),
    ],
)
def test_in_the_second_half_one_question_is_enough_where_something_was_said(
    when: str, questions: QuestionSet, answered: bool, expected: int
) -> None:
    """Asking well: sets get shorter; a key without material, and what is urgent, are asked in full."""
    earlier = a_check_in(1, "week 8", due=at("2026-11-05 16:30"))
    replies = (a_reply(earlier, key=Key.LEARNING),) if answered else ()
    facts = the_facts(check_ins=(earlier,), replies=replies)
    assert enough(facts, questions, weekly(when), at(when), 2) == expected


def test_a_short_check_in_ends_without_a_reason() -> None:
    """The week was not full: one question was enough."""
    moment = at("2026-11-26 16:30")
    check_in = due("student/aha", who=STUDENT, room=1, due=moment, closes=moment + timedelta(days=6))
    chat = a_chat(STUDENT)
    chat.now = moment
    chat.take(asking.open_round(chat.facts.with_changed((check_in,)), [check_in], SCHOOL, moment))
    chat.happens(Said(message=1, text="Ik kon ineens zelf de zaal indelen", at=moment))
    assert states(chat) == {1: (CheckInState.DONE, None)}


# ---- words that vary


def test_a_student_never_reads_the_same_thanks_twice_in_a_row() -> None:
    """Asking well: over a whole stage, with agenda questions before or after the weekly one."""
    asked = [(f"week {n}", MONDAY + timedelta(weeks=n, days=3)) for n in range(1, 21)]
    asked += [("agenda 1", MONDAY + timedelta(weeks=4)), ("agenda 2", MONDAY + timedelta(weeks=9, days=4))]
    check_ins = [
        a_check_in(n, occasion, due=moment)
        for n, (occasion, moment) in enumerate(sorted(asked, key=lambda one: one[1]), start=1)
    ]
    texts = [varied(desk(check_in, check_ins), "asking.thanks_student") for check_in in check_ins]
    assert [pair for pair in pairwise(texts) if pair[0] == pair[1]] == []
    assert set(texts) == {f"asking.thanks_student_{n}" for n in (1, 2, 3)}


def test_two_skips_in_one_check_in_are_met_with_other_words() -> None:
    """Asking well."""
    check_in = a_check_in(1, "week 2")
    one = a_reply(check_in, question="a", status=Status.SKIPPED)
    desks = [desk(check_in, [check_in]), replace(desk(check_in, [check_in]), replies={"a": one})]
    texts = [varied(d, "answering.skipped", skip=q) for d, q in zip(desks, ("a", "b"), strict=True)]
    assert len(set(texts)) == 2


@pytest.mark.parametrize(
    "text",
    [
        *("asking.thanks_student", "asking.thanks_trainer", "asking.thanks_private"),
        *("asking.reminder", "answering.skipped"),
    ],
)
def test_there_are_three_wordings_of_what_is_said_often(text: str) -> None:
    """Asking well: in every language, and all different."""
    found = [TEXTS.by_id[f"{text}_{n}"] for n in (1, 2, 3)]
    assert len({w.nl for w in found}) == len({w.en for w in found}) == 3


def desk(check_in: CheckIn, check_ins: list[CheckIn]) -> Desk:
    """Lay out a check-in among those of the last eight days, as they are loaded."""
    moment = check_in.due
    near = tuple(c for c in check_ins if moment - timedelta(days=8) <= c.due <= moment)
    facts = ChatFacts(
        me=a_person(STUDENT), stages=(a_stage(),), people=the_people(), check_ins=near, slots={}
    )
    return lay_out(facts, check_in.id, SCHOOL, moment)


# ---- the survey


def test_nobody_is_asked_who_may_read_the_survey() -> None:
    """P8: it is for the school, without a name, and the thanks say so."""
    chat = a_round(due("student/end_survey_2", who=STUDENT, room=2), who=STUDENT)
    press(chat, "Te weinig")
    chat.happens(chat.says("Vaker bellen en op tijd zeggen wie mijn docent is"))
    thanks = chat.sent[-1]
    assert (words(chat, thanks.pieces), thanks.buttons) == (
        "Dank je, het is bewaard. De school leest dit zonder je naam.",
        (),
    )


def test_a_mark_from_1_to_10_stands_in_two_rows() -> None:
    """P8: ten buttons fit on a phone."""
    chat = a_round(due("student/end_survey", who=STUDENT, room=2), who=STUDENT)
    assert [len(row) for row in chat.sent[-1].buttons][:3] == [5, 5, 1]


# ---- K4a: the card


def cards(chat: Chat) -> int:
    """Count how often the card was sent."""
    return said(chat).count("Drie manieren om te begeleiden")


def test_the_card_comes_once_before_a_trainer_s_first_questions() -> None:
    """K4a: with the first round of first-week questions, and not with the next."""
    chat = a_round(due("trainer/first_impression"), due("trainer/first_impression", 2), stages=2)
    first = (cards(chat), said(chat)[0])
    again = due("trainer/first_impression", 3, due=MONDAY + timedelta(days=60))
    chat.take(asking.open_round(chat.facts.with_changed((again,)), [again], SCHOOL, again.due))
    assert (first, cards(chat)) == ((1, "Drie manieren om te begeleiden"), 1)


@pytest.mark.parametrize(
    ("name", "who"), [("trainer/before_meeting", TRAINER), ("student/first_week", STUDENT)]
)
def test_the_card_comes_with_nothing_else(name: str, who: ParticipantId) -> None:
    """K4a: neither before a meeting nor to a student."""
    assert cards(a_round(due(name, who=who, room=2, task="welcome"), who=who)) == 0


@pytest.mark.parametrize("page", [explaining.CARD, *explaining.STRATEGIES])
def test_every_page_of_the_card_is_read_in_a_minute(page: str) -> None:
    """K4a: 150 words at most, in every form."""
    text = TEXTS.by_id[f"explaining.{page}"]
    assert [form for form in (text.nl, text.nl_u or "", text.en) if len(form.split()) > 150] == []


@pytest.mark.parametrize(("who", "page"), [(STUDENT, "show"), (TEACHER, "show"), (TRAINER, "nonsense")])
def test_others_and_unknown_pages_are_refused(who: ParticipantId, page: str) -> None:
    """K4a: a forged button changes nothing and shows nothing."""
    me = a_person(who)
    facts = ChatFacts(me=me, stages=(a_stage(),), people=the_people(), slots={})
    event = Pressed(press="1", data=encode(Does.EXPLAIN, page), message=1, at=MONDAY)
    pressed = Chat(facts=facts).happens(event)
    assert pressed.changed == ()
    assert pressed.out == (Acknowledge(to=who, press="1", text=Say(id="answering.old_button")),)


def test_a_page_takes_the_place_of_the_card() -> None:
    """K4a: one message, with the other pages below it."""
    facts = ChatFacts(me=a_person(TRAINER), stages=(a_stage(),), people=the_people(), slots={})
    event = Pressed(press="1", data=encode(Does.EXPLAIN, "show"), message=1, at=MONDAY)
    shown = [one for one in Chat(facts=facts).happens(event).out if isinstance(one, Amend)]
    labels = [button.label for row in shown[0].buttons for button in row]
    pages = ("take_part", "entrust", "card")
    assert labels == [Say(id=f"explaining.{page}_title") for page in pages]
