"""P1: a teacher says whether a meeting was held, who was there, and what was agreed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conversations import meetings
from conversations.desk import Seen
from conversations.dossier import Agreement
from conversations.facts import StageFacts
from conversations.messages import Lane, Message
from conversations.model import MeetingState, Participant, Reach, Role
from tests.conversations.meeting import (
    AFTER,
    INGRID,
    KEES,
    SAMIRA,
    SCHOOL,
    STAGE,
    Teacher,
    a_teacher,
    an_agreement,
    awaited,
    in_english,
    labels,
    read_by,
    toasts,
)
from tests.conversations.stages import STUDENT, TEACHER, TRAINER, a_meeting, a_stage

ALL_THREE = frozenset({Role.STUDENT, Role.TRAINER, Role.TEACHER})
LONG = (
    "Samira begint bij kleine vergaderingen van tien mensen, zoekt zelf uit wat er klaar moet staan, belt de "
    "cateraar een dag van tevoren, zet alles op tijd neer en vraagt daarna aan de gasten wat er beter kan. "
    "Ingrid kijkt de eerste twee keer mee en daarna niet meer, tenzij Samira het zelf vraagt. In november "
    "kijken we samen of het ook lukt bij een groep van vijftig."
)


def afterwards(*people: Participant, **changes: Any) -> Teacher:
    """Give the teacher just after the first meeting, who said that it was held with all three."""
    teacher = a_teacher(*people, now=AFTER, **changes)
    teacher.presses("o:1:1:held")
    return teacher


def typing(*people: Participant, **changes: Any) -> Teacher:
    """Give a teacher who was asked what was agreed."""
    teacher = afterwards(*people, **changes)
    teacher.presses("o:1:1:ready")
    return teacher


# ---- held or not ----------------------------------------------------------------------------------------


def test_a_teacher_is_asked_whether_a_meeting_was_held() -> None:
    """P1: the question names student, meeting and moment, and that it was asked is kept."""
    stage = a_stage()
    people = {p.id: p for p in (SAMIRA, INGRID, KEES)}
    facts = StageFacts(stage=stage, people=people, coordinators=())
    decision = meetings.ask_held(facts, stage.meetings[0], SCHOOL, AFTER)
    asked = (replace(stage.meetings[0], asked=AFTER), *stage.meetings[1:])
    assert decision.changed == (replace(stage, meetings=asked),)
    assert read_by(decision, KEES) == [
        "Is gesprek 1 met Samira El Amrani gehouden? Het stond op ma 21 sep 10:00."
    ]
    assert labels(decision) == ["Ja", "Nee, ging niet door", "Verzet"]
    assert [(one.lane, one.stage) for one in decision.out if isinstance(one, Message)] == [
        (Lane.SIGNAL, STAGE)
    ]


def test_a_meeting_that_was_held_was_held_with_all_three_unless_said_otherwise() -> None:
    """P1: one tap is enough when everybody was there; each name can be tapped away, and back."""
    teacher = a_teacher(now=AFTER)
    decision = teacher.presses("o:1:1:held")
    assert teacher.meeting(1) == replace(
        a_meeting(1, "2026-09-21 10:00"), state=MeetingState.HELD, present=ALL_THREE
    )
    assert labels(decision) == [
        "☑ Samira El Amrani",
        "☑ Ingrid Kuipers",
        "☑ Kees Wouters",
        "Klaar",
        "Is niet gehouden",
    ]
    teacher.presses("o:1:1:there:trainer")
    without = teacher.meeting(1).present
    teacher.presses("o:1:1:there:trainer")
    assert (without, teacher.meeting(1).present) == (ALL_THREE - {Role.TRAINER}, ALL_THREE)


def test_a_trainer_who_handed_the_student_over_was_not_there() -> None:
    """S3: nothing that was agreed goes to who no longer guides the student, not even after a wrong tick."""
    teacher = afterwards(trainer_stopped=True)
    assert teacher.meeting(1).present == ALL_THREE - {Role.TRAINER}
    teacher.presses("o:1:1:there:trainer")
    teacher.presses("o:1:1:ready")
    teacher.types("Samira vraagt zelf om uitleg")
    assert read_by(teacher.presses("o:1:1:done"), INGRID) == []


def test_the_same_yes_twice_changes_nothing() -> None:
    """Who was tapped away stays away when the old question is pressed again."""
    teacher = afterwards()
    teacher.presses("o:1:1:there:trainer")
    again = teacher.presses("o:1:1:held")
    assert (again.changed, teacher.meeting(1).present) == ((), ALL_THREE - {Role.TRAINER})


def test_a_meeting_with_nobody_is_none() -> None:
    """[Klaar] without a tick asks for one, and nothing is typed yet."""
    teacher = afterwards()
    for role in Role.STUDENT, Role.TRAINER, Role.TEACHER:
        teacher.presses(f"o:1:1:there:{role.value}")
    decision = teacher.presses("o:1:1:ready")
    assert (toasts(decision), decision.changed) == (["Kies eerst wie erbij was."], ())


def test_a_meeting_that_did_not_take_place_gets_a_new_day() -> None:
    """P1: missed is recorded; a second press says the same and changes nothing."""
    teacher = a_teacher(now=AFTER)
    first = teacher.presses("o:1:1:missed")
    again = teacher.presses("o:1:1:missed")
    words = ["Jammer. Gesprek 1 met Samira is niet doorgegaan.\nWil je een nieuwe dag plannen?"]
    assert (read_by(first, KEES), read_by(again, KEES), again.changed) == (words, words, ())
    assert labels(first) == ["Nieuwe dag plannen", "Nu niet"]
    assert (teacher.meeting(1).state, read_by(first, SAMIRA)) == (MeetingState.MISSED, [])


def test_a_wrong_tap_can_be_put_right() -> None:
    """P1: held after all, or not held after all, as long as nothing was agreed."""
    teacher = a_teacher(now=AFTER)
    teacher.presses("o:1:1:missed")
    assert "Is toch gehouden" in labels(teacher.presses("o:1:1"))
    teacher.presses("o:1:1:held")
    teacher.presses("o:1:1:missed")
    assert teacher.meeting(1).state is MeetingState.MISSED


def test_a_meeting_with_agreements_was_held() -> None:
    """An old [Nee] does not undo what was agreed."""
    teacher = typing()
    teacher.types("Samira belt zelf de cateraar")
    decision = teacher.presses("o:1:1:missed")
    assert (decision.changed, toasts(decision)) == ((), ["Van dit gesprek zijn al afspraken bewaard."])


def test_a_meeting_that_is_still_to_come_was_not_held() -> None:
    """An old question below a meeting that moved says when it is."""
    decisions = [a_teacher().presses(f"o:1:1:{what}") for what in ("held", "missed")]
    assert [d.changed for d in decisions] == [(), ()]
    assert [toasts(d) for d in decisions] == [["Dit gesprek komt nog: ma 21 sep 10:00."]] * 2


# ---- agreements -----------------------------------------------------------------------------------------


def test_agreements_are_typed_one_a_message_and_shown_as_they_come() -> None:
    """P1: each text is one agreement, kept as it was typed; a long one is cut in the list only."""
    teacher = typing()
    teacher.types("Samira maakt elke week zelf een draaiboek")
    decision = teacher.types(LONG)
    assert [a.text for a in teacher.agreements] == ["Samira maakt elke week zelf een draaiboek", LONG]
    assert read_by(decision, KEES) == [
        (
            "Afspraken van gesprek 1 met Samira:\n"
            "1. Samira maakt elke week zelf een draaiboek\n"
            "2. Samira begint bij kleine vergaderingen van tien mensen, zoekt zelf uit wat er klaar "
            "moet staan, belt de cateraar een…\n"
            "\n"
            "Typ de volgende afspraak, of druk op Klaar."
        )
    ]
    assert labels(decision) == ["Laatste weghalen", "Klaar"]
    assert awaited(decision) == [("agreement", "1::")]


def test_agreements_go_in_full_to_who_was_there() -> None:
    """P1: verbatim, each in a frame of their own language; that it was sent is kept, and who read what."""
    samira = in_english(SAMIRA)
    teacher = typing(samira)
    teacher.types("Samira maakt zelf een {draaiboek}")
    teacher.types(LONG)
    sent_at = teacher.now
    decision = teacher.presses("o:1:1:done")
    assert read_by(decision, samira) == [
        (
            "This is what you agreed in the meeting of Monday 21 September about your stage at "
            f"Congrescentrum Amstel:\n1. Samira maakt zelf een {{draaiboek}}\n2. {LONG}"
        )
    ]
    assert read_by(decision, INGRID) == [
        (
            "Dit is afgesproken in het gesprek van maandag 21 september over Samira El Amrani:\n"
            f"1. Samira maakt zelf een {{draaiboek}}\n2. {LONG}"
        )
    ]
    assert read_by(decision, KEES) == [
        (
            "Dank je. De afspraken van gesprek 1 met Samira zijn bewaard en verstuurd.\n"
            "Samira El Amrani en Ingrid Kuipers krijgen bericht van mij.\n"
            "Vlak voor het volgende gesprek vraag ik één keer of het gelukt is."
        )
    ]
    assert [a.sent for a in teacher.agreements] == [sent_at, sent_at]
    assert decision.seen == (
        Seen(by=STUDENT, what="agreements 1", stage=STAGE),
        Seen(by=TRAINER, what="agreements 1", stage=STAGE),
    )
    assert awaited(decision) == [(None, "")]


def test_a_trainer_who_was_not_there_gets_no_agreements() -> None:
    """P1: sent to those present; nothing of it reaches who was not."""
    teacher = afterwards()
    teacher.presses("o:1:1:there:trainer")
    teacher.presses("o:1:1:ready")
    teacher.types("Samira vraagt zelf om uitleg")
    decision = teacher.presses("o:1:1:done")
    assert [one.to for one in decision.out if isinstance(one, Message)] == [TEACHER, STUDENT]


def test_who_was_there_and_is_not_in_the_chat_is_named_to_the_teacher() -> None:
    """Nobody counts as told who can't be."""
    samira, ingrid = replace(SAMIRA, reach=Reach.STOPPED), replace(INGRID, reach=Reach.INVITED)
    teacher = typing(samira, ingrid)
    teacher.types("Samira vraagt zelf om uitleg")
    decision = teacher.presses("o:1:1:done")
    assert read_by(decision, KEES) == [
        (
            "Dank je. De afspraken van gesprek 1 met Samira zijn bewaard.\n"
            "Samira El Amrani en Ingrid Kuipers kan ik niet bereiken. Laat je het zelf weten?"
        )
    ]
    assert (read_by(decision, samira), read_by(decision, ingrid)) == ([], [])


def test_after_the_last_meeting_nothing_is_promised() -> None:
    """No next meeting asks whether it worked out."""
    teacher = typing(meetings=(a_meeting(1, "2026-09-21 10:00"),))
    teacher.types("Samira vraagt zelf om uitleg")
    assert "volgende gesprek" not in read_by(teacher.presses("o:1:1:done"), KEES)[0]


def test_of_many_agreements_some_are_asked_about() -> None:
    """Nothing is promised that the two questions a week have no room for."""
    teacher = typing()
    for n in range(3):
        teacher.types(f"Afspraak {n}")
    assert read_by(teacher.presses("o:1:1:done"), KEES)[0].split("\n")[-1] == (
        "Vlak voor het volgende gesprek vraag ik bij een paar afspraken of het gelukt is."
    )


def test_the_last_agreement_can_be_taken_back_until_it_is_sent() -> None:
    """P1: a typing error goes; what the others read already stays."""
    teacher = typing()
    teacher.types("Samira vraagt zelf om uitleg")
    teacher.types("typefout")
    decision = teacher.presses("o:1:1:undo")
    assert read_by(decision, KEES) == [
        (
            "Weggehaald: “typefout”\n"
            "Afspraken van gesprek 1 met Samira:\n"
            "1. Samira vraagt zelf om uitleg\n"
            "\n"
            "Typ de volgende afspraak, of druk op Klaar."
        )
    ]
    teacher.presses("o:1:1:done")
    too_late = teacher.presses("o:1:1:undo")
    assert (too_late.changed, toasts(too_late)) == ((), ["Er is geen afspraak die nog weg kan."])


def test_a_spoken_agreement_is_kindly_asked_for_in_words() -> None:
    """P1: others are going to read it; the question stays open."""
    decision = typing().speaks()
    assert read_by(decision, KEES) == [
        "Een spraakbericht kan ik hier niet bewaren. Wil je de afspraak typen? Dan kan iedereen hem lezen."
    ]
    assert (labels(decision), awaited(decision)) == (["Klaar"], [("agreement", "1::")])


def test_done_may_be_typed_and_need_not_follow_an_agreement() -> None:
    """P1: a meeting without agreements is a meeting too."""
    teacher = typing()
    decision = teacher.types("Klaar.")
    assert read_by(decision, KEES) == [
        (
            "Goed. Van gesprek 1 met Samira zijn nu geen nieuwe afspraken bewaard. "
            "Met /gesprek voeg je ze later toe."
        )
    ]
    assert (teacher.agreements, awaited(decision)) == ((), [(None, "")])


def test_done_twice_sends_once() -> None:
    """An old [Klaar] has nothing to send."""
    teacher = typing()
    teacher.types("Samira vraagt zelf om uitleg")
    teacher.presses("o:1:1:done")
    again = teacher.presses("o:1:1:done")
    assert (again.changed, toasts(again), len(again.out)) == (
        (),
        ["Er is geen nieuwe afspraak om te versturen."],
        1,
    )


def test_more_is_agreed_later_and_only_that_is_sent() -> None:
    """P1: /gesprek shows what was agreed, and takes more."""
    teacher = typing()
    teacher.types("Samira vraagt zelf om uitleg")
    teacher.presses("o:1:1:done")
    shown = teacher.presses("o:1:1:list")
    assert read_by(shown, KEES) == ["Afgesproken in gesprek 1 met Samira:\n1. Samira vraagt zelf om uitleg"]
    assert (labels(shown), shown.seen) == (
        ["Afspraak toevoegen"],
        (Seen(by=TEACHER, what="agreements 1", stage=STAGE),),
    )
    teacher.presses("o:1:1:add")
    teacher.types("Ingrid plant elke vrijdag een kwartier")
    decision = teacher.presses("o:1:1:done")
    assert read_by(decision, INGRID)[0].split("\n")[1:] == ["1. Ingrid plant elke vrijdag een kwartier"]


def test_what_was_typed_and_never_sent_waits_with_a_button() -> None:
    """Nothing typed is lost when [Klaar] was forgotten."""
    teacher = a_teacher(now=AFTER)
    teacher.presses("o:1:1:held")
    teacher.agreements = (an_agreement(1, "Samira vraagt zelf om uitleg"),)
    shown = teacher.presses("o:1:1:list")
    assert read_by(shown, KEES)[0].endswith("\n\nNiet alles is al verstuurd.")
    assert labels(shown) == ["Afspraak toevoegen", "Versturen"]
    assert len(read_by(teacher.presses("o:1:1:done"), SAMIRA)) == 1


def test_many_agreements_stay_readable() -> None:
    """A list shows the last fifteen, with their own numbers; all are kept."""
    teacher = typing()
    for n in range(1, 18):
        teacher.types(f"Afspraak {n}")
    shown = read_by(teacher.presses("o:1:1:list"), KEES)[0].split("\n")
    assert (shown[1], shown[2], shown[16], len(teacher.agreements)) == (
        "…",
        "3. Afspraak 3",
        "17. Afspraak 17",
        17,
    )


def test_an_agreement_typed_before_the_roster_ended_the_stage_is_kept() -> None:
    """Nothing typed is lost."""
    teacher = typing()
    teacher.facts = replace(teacher.facts, stages=(replace(teacher.stage, ended=True),))
    decision = teacher.types("Samira vraagt zelf om uitleg")
    assert [one.text for one in decision.changed if isinstance(one, Agreement)] == [
        "Samira vraagt zelf om uitleg"
    ]


def test_ready_twice_asks_once() -> None:
    """A double tap brings one question."""
    teacher = typing()
    again = teacher.presses("o:1:1:ready")
    assert (again.changed, len(again.out)) == ((), 1)
