"""Each digest tells what is new since the one before it; what comes too late for it comes on the morning."""

from __future__ import annotations

from datetime import timedelta

from conversations import digest
from conversations.facts import DigestRecord, Material
from conversations.model import Key, Note, Role, Share
from tests.conversations.stages import TRAINER, at
from tests.conversations.telling import (
    SCHOOL,
    Asked,
    a_digest,
    a_note,
    asked,
    block,
    sent,
    the_material,
    the_page,
    words_of,
)

FIRST = sent(1, "2026-09-17 08:30", addendum_at=at("2026-09-21 08:00"))
SECOND = sent(2, "2026-11-12 08:30")


def aha(when: str, text: str, **changes: object) -> Asked:
    return asked("student/aha", when, {"aha": text}, **changes)


def told(material: Material, number: int) -> list[str]:
    """Give the words of a digest, shared and private, at the moment of its meeting."""
    page = a_digest(material, number)
    return [text for shown in (*page.answers, *page.private) for text in shown.texts]


def added(*said: Asked, digests: tuple[DigestRecord, ...], notes: tuple[Note, ...] = ()) -> list[str]:
    """Give the messages of the first meeting's addendum."""
    material = the_material(*said, digests=digests, notes=notes)
    return [words_of(pieces, material) for pieces in digest.addendum(material, SCHOOL, 1)]


def test_three_meetings_tell_everything_once() -> None:
    """Each answer is in the digest after it and in no other, also when a digest is printed again later."""
    said = [
        aha("2026-09-10 16:30", "een"),
        aha("2026-10-08 16:30", "twee"),
        asked("student/safety", "2026-11-05 16:30", {"steam": "boos"}),
        aha("2026-12-10 16:30", "drie"),
    ]
    assert told(the_material(*said), 1) == ["een"]
    assert told(the_material(*said, digests=[FIRST]), 2) == ["twee", "boos"]
    everything = the_material(*said, digests=[FIRST, SECOND])
    assert [told(everything, number) for number in (1, 2, 3)] == [["een"], ["twee", "boos"], ["drie"]]


def test_a_digest_printed_again_is_the_same() -> None:
    """Whatever came later: the same page as the teacher got, with the counts of then."""
    before = [
        aha("2026-09-10 16:30", "een"),
        asked("student/dilemma", "2026-09-16 16:30", {"dilemma": "laat"}, later=timedelta(days=3)),
    ]
    sent_then = the_page(the_material(before[0], digests=[FIRST]), 1)
    again = the_page(the_material(*before, aha("2026-10-08 16:30", "twee"), digests=[FIRST]), 1)
    assert again[2] == "Week 3 van 21 · beantwoord: Samira 1/2, praktijkopleider nog geen vraag"
    assert again[4:] == sent_then[4:]


def test_a_missed_digest_ends_no_time() -> None:
    """What it would have told comes in the next one."""
    missed = sent(1, "2026-09-22 08:30", missed=True)
    assert told(the_material(aha("2026-09-10 16:30", "een"), digests=[missed]), 2) == ["een"]


def test_an_answer_that_came_after_everything_was_read_is_told_the_next_time() -> None:
    """Asked before the first meeting, answered after its addendum: late answers count."""
    late = aha("2026-09-16 16:30", "toch nog", later=timedelta(days=6, hours=1))
    material = the_material(late, digests=[FIRST])
    assert told(material, 2) == ["toch nog"]
    assert "“toch nog” (22 sep, te laat)" in block(material, "Leren (sleutel 1)", 2)
    assert a_digest(material, 2).header.counts[Role.STUDENT].answered == 1


def test_what_the_addendum_told_is_not_new() -> None:
    """Asked before the first digest, answered before the morning of the meeting."""
    in_time = aha("2026-09-16 16:30", "op tijd", later=timedelta(days=2))
    material = the_material(in_time, digests=[FIRST])
    assert told(material, 2) == []
    assert a_digest(material, 2).header.counts[Role.STUDENT].asked == 0


def test_a_late_judgement_is_the_one_before() -> None:
    """It belongs to the first meeting: at the second it is "vorige keer"."""
    values = {"task": "welcome", "occasion": "meeting 1"}
    first = asked(
        "trainer/before_meeting",
        "2026-09-14 09:00",
        {"judgement": ("practising",)},
        later=timedelta(days=4),
        **values,
    )
    second = asked("trainer/before_meeting", "2026-11-09 09:00", {"judgement": ("good",)}, **values)
    lines = block(the_material(first, second, digests=[FIRST]), "Hoe het gaat (sleutel 3)", 2)
    assert lines[1] == "• gasten ontvangen en helpen: Goed (vorige keer: Oefent nog) | –"


def test_a_wish_for_the_last_meeting_is_past() -> None:
    """A note that the addendum told is not put on the table again; one of after it is."""
    notes = [a_note("oud", "2026-09-18 12:00"), a_note("nieuw", "2026-09-21 12:00")]
    page = a_digest(the_material(notes=notes, digests=[FIRST]), 2)
    assert [shown.texts for shown in page.agenda] == [("nieuw",)]
    gone = a_digest(the_material(notes=notes[:1], digests=[FIRST]), 2)
    assert (gone.agenda, gone.silence[Role.STUDENT, Key.AGENDA].id) == ((), "digest.silence_not_asked")


# ---- the addendum ---------------------------------------------------------------------------------------


def test_the_addendum_tells_what_came_after_with_private_apart() -> None:
    """Whole, with the question, who answered and when; what was told before is not repeated."""
    digests = (sent(1, "2026-09-17 08:30"),)
    long = "lang " * 100
    assert added(
        aha("2026-09-10 16:30", "oud"),
        aha("2026-09-17 16:30", f"nieuw {long}"),
        asked("student/safety", "2026-09-18 16:30", {"steam": "geheim"}),
        asked("trainer/before_meeting", "2026-09-18 09:00", {"judgement": ("good",)}, task="welcome"),
        digests=digests,
        notes=(
            a_note("De sleutel", "2026-09-19 12:00", participant=TRAINER),
            a_note("stil", "2026-09-19 13:00", share=Share.PRIVATE),
        ),
    ) == [
        (
            "Nog binnengekomen over Samira, na de voorbereiding:\n"
            "• Samira: Noem één moment van deze week waarop je iets ineens snapte of kon. Wat gebeurde er?\n"
            f"“nieuw {long}” (17 sep)\n"
            "• Praktijkopleider: Hoe gaat deze taak bij Samira: gasten ontvangen en helpen?\n"
            "Goed (18 sep)\n"
            "• Ingrid Kuipers wil bespreken:\n"
            "“De sleutel” (19 sep)"
        ),
        (
            "🔒 Over Samira, alleen voor jou: niet noemen waar de praktijkopleider bij is\n"
            "• Was er deze week iets waar je boos of moe van werd? Alleen je docent leest je antwoord.\n"
            "“geheim” (18 sep)\n"
            "• Uit zichzelf\n"
            "“stil” (19 sep)"
        ),
    ]


def test_nothing_new_is_no_addendum() -> None:
    """No message to say that there is nothing."""
    assert added(aha("2026-09-10 16:30", "oud"), digests=(sent(1, "2026-09-17 08:30"),)) == []


def test_only_private_news_is_one_message() -> None:
    """No empty page beside it."""
    steam = asked("student/safety", "2026-09-18 16:30", {"steam": "geheim"})
    (only,) = added(steam, digests=(sent(1, "2026-09-17 08:30"),))
    assert only.startswith("🔒")


def test_without_a_digest_there_is_no_addendum() -> None:
    """None was handed over, or it was missed: what came goes into the next digest."""
    assert added(aha("2026-09-17 16:30", "nieuw"), digests=()) == []
    missed = sent(1, "2026-09-17 08:30", missed=True)
    assert added(aha("2026-09-17 16:30", "nieuw"), digests=(missed,)) == []
