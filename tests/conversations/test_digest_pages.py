"""The pages beside the digests: the gaps at one third (P2), and what came in at the end."""

from __future__ import annotations

from typing import Any

from conversations import digest
from conversations.facts import Material
from conversations.model import Language, Share
from tests.conversations.stages import TEACHER, TRAINER, a_person, a_stage, at
from tests.conversations.telling import (
    SCHOOL,
    Answer,
    Asked,
    a_note,
    asked,
    of_student,
    sent,
    the_material,
    words_of,
)

NOW = at("2026-10-26 08:30")
TASKS = ("welcome", "room", "plan", "suppliers", "catering", "costs", "safety", "review")


def listed(role: str, *states: str, share: Share = Share.MEETING) -> Asked:
    return asked(f"{role}/coverage", "2026-10-20 16:30", {"coverage": states}, share=share)


def third(material: Material) -> list[str]:
    return words_of(digest.third(material, SCHOOL, NOW)[0], material).split("\n")


# ---- at one third ---------------------------------------------------------------------------------------


def test_the_gaps_at_one_third_with_who_says_what_and_one_suggestion() -> None:
    """P2: while there is time to mend it, not at the exam."""
    student = ("welcome=alone", "room=with_help", "plan=not_yet", "costs=impossible", "catering=with_help")
    trainer = ("welcome=alone", "room=alone", "plan=not_yet", "suppliers=not_yet", "catering=alone")
    assert third(the_material(listed("student", *student), listed("trainer", *trainer))) == [
        "Samira · Congrescentrum Amstel",
        "Een derde van de stage is voorbij: dit is week 8 van 21.",
        "",
        "De taken van het examen: Samira | praktijkopleider",
        "Zelf: 1 | 3 · Met hulp: 2 | 0 · Nog niet: 1 | 2 · Kan hier niet: 1 | 0 · Niets gezegd: 3 | 3",
        "",
        "Nog door niemand gedaan",
        "• een draaiboek maken: Nog niet | Nog niet",
        "• afspraken maken met leveranciers: Niets gezegd | Nog niet",
        "",
        "Kan hier niet",
        "• de kosten van een evenement bijhouden: Kan hier niet | Niets gezegd",
        "",
        "Ze zeggen niet hetzelfde",
        "• een zaal klaarmaken voor een evenement: Met hulp | Zelf",
        "• eten en drinken regelen: Met hulp | Zelf",
        "",
        "Nog niets over gehoord",
        "• letten op de veiligheid van gasten",
        "• een evenement nabespreken en verbeteringen noemen",
        "",
        (
            "Tip: bespreek met de praktijkopleider waar Samira deze taak wel kan leren:"
            " de kosten van een evenement bijhouden."
        ),
    ]


def test_private_tasks_are_a_number_at_one_third() -> None:
    """🔒: no name, no state, and no suggestion about one."""
    lines = third(
        the_material(
            listed("student", *(f"{task}=impossible" for task in TASKS), share=Share.PRIVATE),
            listed("trainer", "welcome=alone"),
        )
    )
    assert lines[4:] == [
        "Zelf: 0 | 1 · Apart bericht: 8 | 0 · Niets gezegd: 0 | 7",
        "",
        "🔒 Over 8 van de taken schreef Samira alleen aan jou. Dat staat in het aparte bericht.",
        "",
        "Tip: lees eerst het aparte bericht.",
    ]


def alone(name: str, when: str, answer: Answer, task: str | None = None) -> Asked:
    return asked(
        f"student/{name}", when, {name.removeprefix("task_"): answer}, task=task, share=Share.PRIVATE
    )


def apart(*said: Asked) -> list[str]:
    material = the_material(*said)
    return [words_of(pieces, material) for pieces in digest.third(material, SCHOOL, NOW)[1:]]


def test_what_is_private_about_the_tasks_comes_beside_the_page_at_one_third() -> None:
    """🔒: headed as with a digest; of each question about a task the newest answer, and nothing else."""
    assert apart(
        alone("task_practised", "2026-09-24 16:30", ("not_yet",), task="plan"),
        alone("task_practised", "2026-10-15 16:30", ("with_help",), task="plan"),
        alone("aha", "2026-10-01 16:30", "Dit gaat over geen taak"),
        listed("student", "welcome=impossible", share=Share.PRIVATE),
        listed("trainer", "welcome=alone", "plan=alone"),
    ) == [
        (
            "🔒 Over Samira, alleen voor jou: niet noemen waar de praktijkopleider bij is\n"
            "• Heb je deze taak al gedaan op je stage: een draaiboek maken?\n"
            "Met hulp (15 okt)\n"
            "• Deze taken horen bij je examen. Wat heb je op je stage al gedaan?\n"
            "Kan hier niet: gasten ontvangen en helpen (20 okt)"
        )
    ]


def test_nothing_stands_apart_where_the_student_shared_it_since() -> None:
    """What the page names, no separate message repeats; later words wait for the digest."""
    assert (
        apart(
            alone("task_practised", "2026-09-24 16:30", ("not_yet",), task="plan"),
            of_student("task_practised", "2026-10-15 16:30", "plan", practised=("with_help",)),
            alone("task_practised", "2026-10-27 16:30", ("not_yet",), task="room"),
            asked("student/safety", "2026-10-22 16:30", {"steam": "Niemand zei dag"}, share=Share.PRIVATE),
        )
        == []
    )


def test_the_suggestion_follows_fixed_rules() -> None:
    """Impossible, not yet, nothing heard, a difference, nothing to do: the first that holds."""
    all_but = [f"{task}=alone" for task in TASKS[1:]]
    said = (
        [listed("trainer", *all_but, "welcome=not_yet")],
        [listed("trainer", *all_but)],
        [listed("trainer", *all_but, "welcome=alone"), listed("student", "room=with_help")],
        [listed("trainer", *all_but, "welcome=alone")],
    )
    assert [third(the_material(*some))[-1] for some in said] == [
        "Tip: vraag de praktijkopleider wanneer Samira deze taak kan doen: gasten ontvangen en helpen.",
        "Tip: vraag Samira en de praktijkopleider of er werk is voor deze taak: gasten ontvangen en helpen.",
        (
            "Tip: vraag Samira en de praktijkopleider wat Samira doet bij deze taak:"
            " een zaal klaarmaken voor een evenement."
        ),
        "Elke taak is al een keer gedaan. Je hoeft nu niets te doen.",
    ]


def test_the_page_at_one_third_is_in_the_teachers_language() -> None:
    """Tasks and states too."""
    reader = a_person(TEACHER, language=Language.EN)
    lines = third(the_material(listed("trainer", "plan=not_yet"), people=[reader]))
    assert lines[4] == "Not yet: 0 | 1 · Nothing said: 8 | 7"


def test_without_tasks_there_is_no_page_at_one_third() -> None:
    """A school without a list for this programme."""
    assert digest.third(the_material(stage=a_stage(programme="weg")), SCHOOL, NOW) == ()


# ---- at the end -----------------------------------------------------------------------------------------

LAST = sent(3, "2027-01-14 08:30", addendum_at=at("2027-01-18 08:00"))
END = at("2027-01-28 08:30")


def last(*said: Asked, **more: Any) -> list[str]:
    material = the_material(*said, digests=[LAST], **more)
    return [words_of(pieces, material) for pieces in digest.last(material, SCHOOL, END) or ()]


def test_what_came_after_the_last_meeting_is_handed_over_at_the_end() -> None:
    """Nothing a person writes is lost; what the addendum told is not told again, and 🔒 stands apart."""
    assert last(
        of_student("aha", "2027-01-14 16:30", aha="Dat stond in de aanvulling"),
        of_student("aha", "2027-01-21 16:30", aha="Ik mocht de sluiting alleen doen"),
        asked("student/safety", "2027-01-22 16:30", {"steam": "Niemand zei dag"}),
        notes=[a_note("Bedankt voor alles", "2027-01-25 12:00", participant=TRAINER)],
    ) == [
        (
            "Nog binnengekomen over Samira, na het laatste gesprek:\n"
            "• Samira: Noem één moment van deze week waarop je iets ineens snapte of kon. Wat gebeurde er?\n"
            "“Ik mocht de sluiting alleen doen” (21 jan)\n"
            "• Ingrid Kuipers wil bespreken:\n"
            "“Bedankt voor alles” (25 jan)"
        ),
        (
            "🔒 Over Samira, alleen voor jou: niet noemen waar de praktijkopleider bij is\n"
            "• Was er deze week iets waar je boos of moe van werd? Alleen je docent leest je antwoord.\n"
            "“Niemand zei dag” (22 jan)"
        ),
    ]


def test_where_nothing_came_there_is_no_page_at_the_end() -> None:
    """No message to say that there is nothing; what comes after it is not there yet."""
    assert digest.last(the_material(digests=[LAST]), SCHOOL, END) is None
    later = of_student("aha", "2027-01-28 16:30", aha="Te laat")
    assert digest.last(the_material(later, digests=[LAST]), SCHOOL, END) is None


def test_a_stage_without_a_digest_tells_everything_at_the_end() -> None:
    """All meetings were missed: it is the only page there is."""
    material = the_material(of_student("aha", "2026-09-10 16:30", aha="Badges"), digests=[])
    assert len(digest.last(material, SCHOOL, END) or ()) == 1
