"""The student's own answers: what can be done with each, and that nobody else can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from conversations.buttons import base36
from conversations.desk import Decision
from conversations.dialogue import decide
from conversations.dossier import Awaits, Expectation
from conversations.events import Commanded, Edited, Pressed, Said, Spoke
from conversations.facts import ChatFacts, DigestRecord, StageFacts
from conversations.messages import Acknowledge, Amend, Message, Say
from conversations.model import (
    CheckInState,
    Key,
    Note,
    Participant,
    Reply,
    Role,
    Share,
    Stage,
    StageId,
    Status,
    Voice,
)
from conversations.own import listing
from tests.conversations.stages import STUDENT, TRAINER, a_stage, at
from tests.conversations.telling import (
    PEOPLE,
    SCHOOL,
    TEXTS,
    Asked,
    a_note,
    an_agreement,
    asked,
    sent,
    the_material,
)

NOW = at("2026-09-16 12:00")
AHA = asked("student/aha", "2026-09-10 16:30", {"aha": "Balie", "transfer": "Thuis"}, share=Share.PRIVATE)
FITS = asked("student/fits_me", "2026-09-11 16:30", {"fits": ("yes",)})
STEAM = asked("student/safety", "2026-09-12 16:30", {"steam": "Boos"})
TRAINERS = asked("trainer/before_meeting", "2026-09-14 09:00", {"moment": "Zij deed de kassa"})
NOTE = a_note("Mijn rooster", "2026-09-13 12:00", share=Share.PRIVATE)


def the_chat(*said: Asked, me: Participant = PEOPLE[0], **changes: Any) -> ChatFacts:
    """Give a chat with all that was said in the stage, as it is loaded for an own answer."""
    notes, digests = changes.pop("notes", ()), changes.pop("digests", ())
    material = the_material(*said, notes=notes, digests=digests)
    mine = [one for one in said if one.check_in.participant == me.id]
    values: dict[str, Any] = {
        "stages": (material.stage,),
        "people": material.people,
        "slots": {},
        "check_ins": tuple(one.check_in for one in mine),
        "replies": tuple(r for one in mine for r in one.replies),
        "materials": {material.stage.id: material},
    }
    return ChatFacts(me=me, **(values | changes))


def press(facts: ChatFacts, said: Asked | Note, what: str, question: str = "") -> Decision:
    """Press a button below an answer or a note."""
    number = said.source if isinstance(said, Note) else said.check_in.id
    name = listing.NOTE if isinstance(said, Note) else question
    return pressing(facts, f"r:{base36(number)}:{name}:{what}")


def pressing(facts: ChatFacts, data: str) -> Decision:
    """Press a button with this data."""
    return decide(facts, Pressed(press="1", data=data, message=5, at=NOW), SCHOOL, NOW)


def words(decision: Decision, me: Participant = PEOPLE[0]) -> list[str]:
    """Give what the person reads, of new messages and of messages that changed."""
    shown = [one for one in decision.out if isinstance(one, Message | Amend)]
    return [TEXTS.render(one.pieces, me)[0] for one in shown]


def labels(decision: Decision) -> list[str]:
    """Give the buttons that a person sees."""
    shown = [one for one in decision.out if isinstance(one, Message | Amend)]
    rows = [row for one in shown for row in one.buttons]
    return [TEXTS.render((button.label,), PEOPLE[0])[0] for row in rows for button in row]


def toasts(decision: Decision) -> list[str | None]:
    """Give the ids of what pops up."""
    texts = [one.text for one in decision.out if isinstance(one, Acknowledge)]
    return [text.id if isinstance(text, Say) else None for text in texts]


def expecting(said: Asked | Note, question: str = "") -> Expectation:
    """Give what a press on [Veranderen] waits for."""
    number = said.source if isinstance(said, Note) else said.check_in.id
    about = f"{base36(number)}:{question or listing.NOTE}"
    return Expectation(participant=STUDENT, what=Awaits.NEW_ANSWER, at=NOW, stage=StageId(1), about=about)


def typed(facts: ChatFacts, text: str = "Nieuw") -> Decision:
    """Type what was asked for."""
    return decide(facts, Said(message=900, text=text, at=NOW), SCHOOL, NOW)


def replies(decision: Decision) -> list[Reply]:
    """Give the replies that changed."""
    return [one for one in decision.changed if isinstance(one, Reply)]


# ---- the list -------------------------------------------------------------------------------------------


def test_the_list_tells_date_question_answer_and_who_reads_it() -> None:
    """Newest first; a note and what is always 🔒 too; nothing of the trainer."""
    facts = the_chat(AHA, STEAM, TRAINERS, notes=[NOTE])
    event = Commanded(message=1, name="antwoorden", argument="", at=NOW)
    (said,) = words(decide(facts, event, SCHOOL, NOW))
    assert said.split("\n\n") == [
        "Jouw antwoorden (4), de nieuwste eerst",
        "1. zo 13 sep\nUit jezelf verteld\n“Mijn rooster” 🔒",
        "2. za 12 sep\nWas er deze week iets waar je boos of moe van werd? Alleen…\n“Boos” altijd 🔒",
        "3. do 10 sep\nWaar kun je dit nog meer gebruiken, bij ander werk of in…\n“Thuis” 🔒",
        "4. do 10 sep\nNoem één moment van deze week waarop je iets ineens snapte…\n“Balie” 🔒",
        "Wil je iets veranderen of weghalen? Druk op het nummer.",
    ]


def test_without_answers_the_list_shows_a_way_on() -> None:
    """No dead end."""
    event = Commanded(message=1, name="antwoorden", argument="", at=NOW)
    assert words(decide(the_chat(), event, SCHOOL, NOW)) == [
        "Ik heb nog geen antwoorden van je. Met /vragen zie je wat nog open staat."
    ]


@pytest.mark.parametrize("me", PEOPLE[1:])
def test_only_students_have_the_list(me: Participant) -> None:
    """A trainer or teacher who gives the command gets what they can do, and no answer of anybody."""
    event = Commanded(message=1, name="antwoorden", argument="", at=NOW)
    decision = decide(the_chat(AHA, TRAINERS, me=me), event, SCHOOL, NOW)
    assert (decision.changed, [w for w in ("Balie", "kassa") if w in "".join(words(decision))]) == ((), [])


# ---- one answer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "question", "buttons"),
    [
        (AHA, "aha", ["Veranderen", "💬 Mag in het stagegesprek", "Weghalen", "← Terug naar de lijst"]),
        (FITS, "fits", ["Veranderen", "🔒 Alleen mijn docent", "Weghalen", "← Terug naar de lijst"]),
        (STEAM, "steam", ["Veranderen", "Weghalen", "← Terug naar de lijst"]),
        (NOTE, "", ["Veranderen", "💬 Mag in het stagegesprek", "Weghalen", "← Terug naar de lijst"]),
    ],
)
def test_an_answer_shows_what_can_be_done_with_it(
    said: Asked | Note, question: str, buttons: list[str]
) -> None:
    """What is always 🔒 can't be shared."""
    facts = the_chat(AHA, FITS, STEAM, notes=[NOTE])
    assert labels(press(facts, said, "show", question)) == buttons


def test_the_longest_answer_fits_in_one_message() -> None:
    """Telegram takes 4,096 UTF-16 units, and an emoji takes two."""
    long = asked("student/aha", "2026-09-10 16:30", {"aha": "😀" * 4096})
    (said,) = words(press(the_chat(long), long, "show", "aha"))
    assert len(said.encode("utf-16-le")) // 2 < 4096
    assert said.split("\n")[2].endswith("😀…")


def test_one_answer_is_shared_and_the_other_of_the_same_check_in_is_not() -> None:
    """🔒 and 💬 are chosen per answer; a second press changes nothing more."""
    facts = the_chat(AHA)
    shared = press(facts, AHA, "meeting", "aha")
    assert [(r.question, r.share) for r in replies(shared)] == [("aha", Share.MEETING)]
    assert toasts(shared) == ["answering.share_meeting"]
    again = the_chat(replace(AHA, replies=(*replies(shared), AHA.replies[1])))
    assert press(again, AHA, "meeting", "aha").changed == ()


def test_sharing_takes_the_follow_ups_along() -> None:
    """An answer and its example are one thing."""
    example = replace(AHA.replies[0], question="aha.example", text="Met een gast")
    facts = the_chat(replace(AHA, replies=(*AHA.replies, example)))
    shared = replies(press(facts, AHA, "meeting", "aha"))
    assert [(r.question, r.share) for r in shared] == [
        ("aha", Share.MEETING),
        ("aha.example", Share.MEETING),
    ]


def test_what_is_always_private_is_never_shared() -> None:
    """Not by a button that was made by hand either."""
    decision = press(the_chat(STEAM), STEAM, "meeting", "steam")
    assert (decision.changed, toasts(decision)) == ((), ["answering.old_button"])


# ---- changing -------------------------------------------------------------------------------------------


def test_typed_words_take_the_place_of_the_whole_answer() -> None:
    """The base gets the new words, its follow-ups are emptied, and the other answer stays."""
    example = replace(AHA.replies[0], question="aha.example", text="Met een gast", source=12)
    facts = the_chat(replace(AHA, replies=(*AHA.replies, example)), expectation=expecting(AHA, "aha"))
    changed = {r.question: r for r in replies(typed(facts))}
    assert {q: (r.text, r.status, r.source) for q, r in changed.items()} == {
        "aha": ("Nieuw", Status.ANSWERED, 900),
        "aha.example": (None, Status.SKIPPED, 12),
    }
    assert changed["aha"].answered == NOW


def test_a_new_text_ends_the_waiting() -> None:
    """The next text is something else."""
    decision = typed(the_chat(AHA, expectation=expecting(AHA, "aha")))
    assert [one.what for one in decision.changed if isinstance(one, Expectation)] == [None]


def test_a_voice_message_can_take_the_place_of_words() -> None:
    """Who would rather speak may."""
    facts = the_chat(AHA, expectation=expecting(AHA, "aha"))
    voice = Voice(file="v", seconds=9)
    decision = decide(facts, Spoke(message=900, voice=voice, at=NOW), SCHOOL, NOW)
    assert [(r.question, r.text, r.voice) for r in replies(decision)] == [("aha", None, voice)]


def test_a_changed_note_is_found_again_by_the_new_message() -> None:
    """The old message is gone, so that changing it later has an answer."""
    facts = the_chat(notes=[NOTE], expectation=expecting(NOTE))
    notes = [one for one in typed(facts).changed if isinstance(one, Note)]
    assert [(n.source, n.text, n.gone) for n in notes] == [
        (NOTE.source, "", True),
        (900, "Nieuw", False),
    ]


def test_what_is_typed_for_an_answer_that_is_gone_is_kept_as_a_note() -> None:
    """Nothing typed is lost."""
    decision = typed(the_chat(expectation=expecting(AHA, "aha")))
    assert [one.text for one in decision.changed if isinstance(one, Note)] == ["Nieuw"]


def test_a_choice_gets_its_buttons_again() -> None:
    """With the present choice marked; they are the question's own buttons."""
    decision = press(the_chat(FITS), FITS, "change", "fits")
    assert decision.changed == ()
    assert labels(decision) == ["✓ Ja", "Weet ik niet", "Nee", "← Terug naar de lijst"]


@pytest.mark.parametrize(("digests", "expected"), [([], False), ([sent(1, "2026-09-15 08:30")], True)])
def test_the_student_hears_it_when_the_teacher_has_the_old_words(
    digests: Sequence[DigestRecord], expected: bool
) -> None:
    """What went out can't be taken back."""
    told = "Wat er eerst stond, kreeg je docent al. Dat kan ik niet terughalen."
    facts = the_chat(AHA, digests=digests, expectation=expecting(AHA, "aha"))
    assert (told in words(typed(facts))[0]) is expected


# ---- taking away ----------------------------------------------------------------------------------------


def test_taking_away_asks_first() -> None:
    """One confirmation, and a way back."""
    decision = press(the_chat(AHA), AHA, "away", "aha")
    assert (decision.changed, labels(decision)) == ((), ["Ja, weghalen", "Nee, laat staan"])


def test_what_is_taken_away_holds_nothing_any_more() -> None:
    """Text, buttons, ticks and voice of all parts; that the question was put remains."""
    voice = Voice(file="v", seconds=9)
    example = replace(AHA.replies[0], question="aha.typed", text="Met een gast", voice=voice)
    waiting = replace(AHA.replies[0], question="aha.example", text=None, status=Status.OPEN, answered=None)
    facts = the_chat(replace(AHA, replies=(*AHA.replies, example, waiting)))
    gone = replies(press(facts, AHA, "gone", "aha"))
    assert [r.question for r in gone] == ["aha", "aha.typed", "aha.example"]
    held = [(r.status, r.text, r.choices, r.draft, r.voice, r.answered) for r in gone]
    assert held == [(Status.SKIPPED, None, (), (), None, None)] * 3


@pytest.mark.parametrize(
    ("digests", "told"),
    [
        ([], "Het komt niet in de voorbereiding van je docent."),
        ([sent(1, "2026-09-15 08:30", missed=True)], "Het komt niet in de voorbereiding van je docent."),
        ([sent(1, "2026-09-15 08:30")], "Wat je docent al kreeg, kan ik niet terughalen."),
    ],
)
def test_the_student_hears_what_is_gone_where(digests: Sequence[DigestRecord], told: str) -> None:
    """Truthfully: what a teacher has can't be taken back, and the own message stands in the chat."""
    (said,) = words(press(the_chat(AHA, digests=digests), AHA, "gone", "aha"))
    assert said.startswith(f"Ik heb het weggehaald. {told}")
    assert said.endswith("Je eigen bericht staat nog in deze chat. Dat kun je daar zelf wissen.")


def test_a_second_press_on_taking_away_does_nothing() -> None:
    """The answer is gone already, and the press says so."""
    emptied = tuple(replace(r, status=Status.SKIPPED, text=None, answered=None) for r in AHA.replies)
    decision = press(the_chat(replace(AHA, replies=emptied)), AHA, "gone", "aha")
    assert (decision.changed, toasts(decision)) == ((), ["own.already_gone"])


def test_a_check_in_that_waited_for_more_goes_on() -> None:
    """The example is not asked any more; the next question comes."""
    one = asked("student/aha", "2026-09-16 11:30", {"aha": "Balie"}, state=CheckInState.OPEN, room=2)
    waiting = replace(one.replies[0], question="aha.example", text=None, status=Status.OPEN, answered=None)
    facts = the_chat(replace(one, replies=(*one.replies, waiting)))
    decision = press(facts, one, "gone", "aha")
    (check_in,) = (c for c in decision.changed if not isinstance(c, Reply))
    assert replace(one.check_in, state=CheckInState.DONE) == check_in


def test_a_change_of_a_message_that_was_taken_away_gets_an_answer() -> None:
    """It does not come back by itself, and the student hears how."""
    gone = replace(AHA.replies[0], status=Status.SKIPPED, text=None, source=12)
    facts = the_chat(replace(AHA, replies=(gone,)))
    decision = decide(facts, Edited(message=12, text="Toch", at=NOW), SCHOOL, NOW)
    (said,) = words(decision)
    assert decision.changed == ()
    assert said.startswith("Wat je in dat bericht verandert, bewaar ik niet.")


def test_the_survey_says_that_no_teacher_reads_it() -> None:
    """P8: for the school, without a name; taking it away takes it out of the counts."""
    survey = replace(FITS, replies=tuple(replace(r, key=Key.SURVEY) for r in FITS.replies))
    facts = the_chat(survey, digests=[sent(1, "2026-09-15 08:30")])
    shown = words(press(facts, survey, "show", "fits"))[0]
    assert "Dit is voor de school, zonder je naam. Je docent leest het niet." in shown
    assert words(press(facts, survey, "gone", "fits")) == [
        "Ik heb het weggehaald. De school telt het niet meer mee."
    ]


# ---- others' ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("me", PEOPLE[1:])
@pytest.mark.parametrize("what", ["show", "change", "words", "away", "gone", "meeting", "private", "list"])
def test_nobody_else_can_press_below_an_own_answer(me: Participant, what: str) -> None:
    """Trainer and teacher of the same stage are refused, whatever they press."""
    decision = press(the_chat(AHA, TRAINERS, me=me), AHA, what, "aha")
    assert (decision.changed, words(decision, me)) == ((), [])
    assert toasts(decision) == ["answering.old_button"]


@pytest.mark.parametrize("what", ["show", "change", "away", "gone", "meeting"])
def test_a_student_reaches_no_answer_of_the_trainer(what: str) -> None:
    """The trainer's words stay out of the student's chat, also by a button that was made by hand."""
    decision = press(the_chat(AHA, TRAINERS), TRAINERS, what, "moment")
    assert (decision.changed, words(decision), toasts(decision)) == ((), [], ["answering.old_button"])


@pytest.mark.parametrize("data", ["r:zz:aha:show", "r:1:~:onzin", "r:1:aha:list", "f:1:preview", "f:1:x"])
def test_a_button_that_fits_nothing_is_refused(data: str) -> None:
    """Neutrally; nothing changes."""
    decision = pressing(the_chat(AHA, stages=(a_stage(student=TRAINER),), materials={}), data)
    assert (decision.changed, toasts(decision)) == ((), ["answering.old_button"])


# ---- the own page ---------------------------------------------------------------------------------------


def commanded(facts: ChatFacts, now: datetime = NOW) -> list[str]:
    """Give what /gesprek says."""
    event = Commanded(message=1, name="gesprek", argument="", at=now)
    return words(decide(facts, event, SCHOOL, now))


def test_the_page_says_when_where_and_with_whom() -> None:
    """A trainer who stopped guiding is not named."""
    assert commanded(the_chat())[0].split("\n") == [
        "Stagegesprek 1 van 3",
        "ma 21 sep 10:00, online",
        "Met Joost Bakker, je docent, en Ingrid Kuipers, je begeleider op de stage.",
    ]
    alone = the_chat(stages=(a_stage(trainer_stopped=True),))
    assert commanded(alone)[0].split("\n")[-1] == "Met Joost Bakker, je docent."


def test_after_the_last_meeting_and_after_the_stage_there_is_a_way_on() -> None:
    """No dead end."""
    assert commanded(the_chat(), at("2027-01-20 12:00")) == [
        "Er is nu geen stagegesprek gepland. Wil je er een? Vraag het je docent."
    ]
    (over,) = commanded(the_chat(stages=(a_stage(ended=True),)))
    assert over.endswith("Met /antwoorden zie je wat ik nog van je bewaar.")


def test_the_page_tells_what_was_agreed_when_the_student_was_there() -> None:
    """P1: only of the last meeting, and only of one at which the student was present."""
    first, *others = a_stage().meetings
    held = a_stage(meetings=(replace(first, present=frozenset({Role.STUDENT, Role.TRAINER})), *others))
    agreed = (an_agreement("Vaker naar de balie"), an_agreement("Teruggenomen", gone=True))
    later = at("2026-10-01 12:00")

    def shown(stage: Stage) -> list[str]:
        people = {p.id: p for p in PEOPLE}
        dossier = StageFacts(stage=stage, people=people, coordinators=(), agreements=agreed)
        return commanded(the_chat(stages=(stage,), dossiers={stage.id: dossier}), later)[0].split("\n")[3:]

    assert shown(held) == ["", "Dit spraken jullie de vorige keer af", "• Vaker naar de balie"]
    assert shown(a_stage()) == []


def test_a_wish_is_kept_for_the_meeting_with_a_lock() -> None:
    """🔒 until the student shares it."""
    wish = Expectation(participant=STUDENT, what=Awaits.AGENDA, at=NOW, stage=StageId(1))
    decision = typed(the_chat(expectation=wish), "Meer achter de kassa")
    kept = [(n.text, n.stage, n.share) for n in decision.changed if isinstance(n, Note)]
    assert kept == [("Meer achter de kassa", StageId(1), Share.PRIVATE)]


def test_asking_for_a_wish_twice_puts_one_question() -> None:
    """A second tap only waits on."""
    facts = the_chat()
    first = pressing(facts, "f:1:wish")
    assert words(first) == ["Wat wil je bespreken? Typ het, of spreek het in."]
    assert words(pressing(facts.with_changed(first.changed), "f:1:wish")) == []


@pytest.mark.parametrize("lately", [True, False])
def test_words_of_danger_in_a_changed_answer_bring_an_offer_of_help(lately: bool) -> None:
    """Also where the answer is of long ago, and its check-in is known from the material alone."""
    facts = the_chat(AHA)
    facts = replace(facts, check_ins=facts.check_ins * lately, replies=facts.replies * lately)
    about = f"{base36(AHA.check_in.id)}:aha"
    expected = Expectation(
        participant=STUDENT, what=Awaits.NEW_ANSWER, at=NOW, stage=AHA.check_in.stage, about=about
    )
    event = Said(message=77, text="ik wil echt dood", at=NOW, reply_to=None)
    decision = decide(replace(facts, expectation=expected), event, SCHOOL, NOW)
    says = [p.id for m in decision.out if isinstance(m, Message) for p in m.pieces if isinstance(p, Say)]
    assert "offer.distress" in says
