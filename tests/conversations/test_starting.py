"""What goes first and how the meeting is opened: the rules of docs/starters.md."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from conversations.digest import attention as first
from conversations.digest import starting
from conversations.dossier import SignalKind
from conversations.facts import Material
from conversations.model import Place, Role, Share, Stage
from tests.conversations.stages import TRAINER, a_meeting, a_person, a_stage
from tests.conversations.telling import (
    Answer,
    Asked,
    a_digest,
    a_note,
    a_signal,
    an_agreement,
    asked,
    block,
    quoting,
    sent,
    the_material,
    words_of,
)

DOCS = Path(__file__).parents[2] / "docs" / "starters.md"
BEFORE = "2026-09-17 08:30"
AT_COMPANY = replace(
    a_stage(), meetings=(*a_stage().meetings[:2], replace(a_stage().meetings[2], place=Place.COMPANY))
)


def of_student(name: str, when: str, task: str | None = None, **answers: Answer) -> Asked:
    return asked(f"student/{name}", when, answers, task=task)


def of_trainer(when: str, task: str = "welcome", **answers: Answer) -> Asked:
    return asked("trainer/before_meeting", when, answers, task=task, occasion="meeting 2")


CHORES = (
    of_student("possibilities", "2026-09-24 16:30", possible=("none",), wish="Zelf een zaal indelen"),
    of_student("guidance", "2026-10-01 16:30", helped=("little_help",)),
)
GAP = (
    of_student("self_view", "2026-10-08 16:30", "welcome", self_view=("good",)),
    of_trainer(
        "2026-11-09 09:00",
        judgement=("practising",),
        strategy=("show",),
        guided="Ik deed de kassa één keer voor",
        general=("worried",),
        possible=("talk",),
    ),
)
WORDS = (
    of_student("agenda", "2026-11-11 16:30", agenda="Mijn rooster"),
    of_student("aha", "2026-10-15 16:30", aha="De badges liggen op alfabet"),
    of_student(
        "dilemma", "2026-10-22 16:30", dilemma="Een gast zonder badge", question="Wie bestelt het eten?"
    ),
)
CHOICES = (
    of_student("task_feeling", "2026-10-29 16:30", "room", feeling=("boring",)),
    of_student("fits_me", "2026-11-05 16:30", fits=("unsure",)),
    of_student("task_practised", "2026-11-06 16:30", "plan", practised=("impossible",)),
)
AGREEMENT = an_agreement("Elke dinsdag zelf bij de receptie")
UNKEPT = asked("student/agreement", "2026-11-10 16:30", {"agreement": ("no",)}, quotes=(quoting(AGREEMENT),))
EVERYTHING = (*CHORES, *GAP, *WORDS, *CHOICES, UNKEPT)
CALLS = (
    a_signal(SignalKind.CONTACT, "2026-11-10 12:00"),
    a_signal(SignalKind.CONSULT, "2026-11-10 12:00", by=TRAINER),
)


def second(*said: Asked, stage: Stage = AT_COMPANY, shares: Share = Share.MEETING) -> Material:
    """Give what was said for the second meeting, the student's answers shared so."""
    students = (replace(one, replies=tuple(replace(r, share=shares) for r in one.replies)) for one in said)
    return the_material(*students, stage=stage, digests=[sent(1, BEFORE)], agreements=[AGREEMENT])


def openings(material: Material) -> list[str]:
    return [say.id.removeprefix("digest.start_") for say in starting.openings(a_digest(material, 2))]


def attention(material: Material, number: int = 2) -> list[str]:
    return [say.id.removeprefix("digest.first_") for say in first.attention(a_digest(material, number))]


def first_opening(*said: Asked) -> str:
    material = second(*said)
    return words_of([next(starting.openings(a_digest(material, 2)))], material)


# ---- openings -------------------------------------------------------------------------------------------


def test_every_opening_in_its_order() -> None:
    """The order of the table in docs/starters.md, with every rule applying."""
    assert openings(second(*EVERYTHING)) == [
        *("chores", "gap", "agreed", "agenda", "quote", "guidance", "question", "wish", "dilemma"),
        *("possibility", "feeling", "fits", "elsewhere", "task", "help", "moment", "next", "agreement"),
    ]


def test_the_document_lists_as_many_rules_as_there_are() -> None:
    """A rule that is added or removed must be told to teachers."""
    rows = [line for line in DOCS.read_text("utf-8").splitlines() if line[:3].strip("| ").isdigit()]
    assert len(rows) == len(openings(second(*EVERYTHING)))


def test_the_page_opens_with_the_first_three() -> None:
    """Three, whatever applies."""
    found = a_digest(second(*EVERYTHING), 2).starters
    assert [say.id for say in found] == ["digest.start_chores", "digest.start_gap", "digest.start_agreed"]


def test_a_stage_without_a_word_is_opened_by_what_always_applies() -> None:
    """Tasks of which nothing was heard, then the three that need nothing."""
    assert openings(second()) == ["task", "moment", "next", "agreement"]


def test_private_answers_open_nothing() -> None:
    """The same answers as in the full list, all 🔒: only what the trainer said is left."""
    assert openings(second(*EVERYTHING, shares=Share.PRIVATE)) == [
        *("guidance", "task", "help", "moment", "next", "agreement")
    ]


@pytest.mark.parametrize(
    ("said", "opening"),
    [
        (CHORES, "Welk werk mag Samira de komende weken doen dat bij het examen hoort?"),
        (GAP, "Jullie zien deze taak anders: gasten ontvangen en helpen. Welk moment laat dat zien?"),
        (WORDS[:1], "Samira, je wilt iets bespreken. Waar begin je?"),
        (WORDS[1:2], "Vertel eens over “De badges liggen op alfabet”, Samira. Wat leerde je daarvan?"),
        (
            GAP[1:],
            "Ingrid Kuipers, vertel eens over “Ik deed de kassa één keer voor”. Samira, herken je dat?",
        ),
        (WORDS[2:], "Samira wil nog vragen: “Wie bestelt het eten?”. Wie kan helpen?"),
        (CHORES[:1], "Samira wil leren: “Zelf een zaal indelen”. Wat is daarvoor nodig?"),
        (
            (of_student("dilemma", "2026-10-22 16:30", dilemma="Een gast zonder badge"),),
            "Een lastig moment voor Samira: “Een gast zonder badge”. Wat zouden jullie doen?",
        ),
        (
            (
                of_student("possibilities", "2026-09-24 16:30", possible=("watch",)),
                of_trainer("2026-11-09 09:00", possible=("watch", "alone")),
            ),
            "Jullie noemen iets anders bij ‘Werk doen zonder hulp’. Wanneer kan Samira dat doen?",
        ),
        (
            CHOICES[:1],
            (
                "Samira, deze taak voelde zo: Saai (een zaal klaarmaken voor een evenement)."
                " Hoe kan het leuker worden?"
            ),
        ),
        (CHOICES[1:2], "Welk werk past wel bij je, Samira?"),
        (CHOICES[2:], "Deze taak kan hier niet: een draaiboek maken. Waar kan Samira die wel leren?"),
        ((), "Wanneer komt deze taak aan de beurt: gasten ontvangen en helpen?"),
    ],
)
def test_an_opening_in_words(said: tuple[Asked, ...], opening: str) -> None:
    """Each rule by itself gives its own question."""
    assert first_opening(*said) == opening


def test_help_is_asked_about_when_all_tasks_are_done() -> None:
    """With every task done only the choice of guidance is left to ask about."""
    tasks = ("welcome", "room", "plan", "suppliers", "catering", "costs", "safety", "review")
    done = [
        of_student("task_practised", f"2026-10-{day} 16:30", task, practised=("alone",))
        for day, task in enumerate(tasks, start=10)
    ]
    chosen = of_trainer("2026-11-09 09:00", strategy=("show",))
    asked_about = "Welke hulp werkte de laatste weken goed voor Samira? Noem één moment."
    assert first_opening(*done, chosen) == asked_about
    assert openings(second(*done)) == ["moment", "next", "agreement"]


def test_one_time_without_help_is_not_only_chores() -> None:
    """S2 is about what repeats."""
    assert openings(second(CHORES[1])) == ["task", "help", "moment", "next", "agreement"]


def test_one_step_is_no_difference() -> None:
    """Practising beside well enough is how it goes."""
    near = of_student("self_view", "2026-10-08 16:30", "welcome", self_view=("sufficient",))
    assert "gap" not in openings(second(near, GAP[1]))


def test_growth_is_no_difference() -> None:
    """What the student said before the last meeting is not held against today's judgement."""
    old = of_student("self_view", "2026-09-10 16:30", "welcome", self_view=("not_done",))
    now = of_trainer("2026-11-09 09:00", judgement=("good",))
    assert "gap" not in openings(second(old, now))
    assert "gap" not in attention(second(old, now))


def test_the_widest_difference_is_the_one_to_ask_about() -> None:
    """Two steps apart on one task, three on another."""
    wide = (
        of_student("self_view", "2026-10-08 16:30", "plan", self_view=("good",)),
        of_trainer("2026-11-10 09:00", "plan", judgement=("not_seen",)),
    )
    opening = "Jullie zien deze taak anders: een draaiboek maken. Welk moment laat dat zien?"
    assert first_opening(*GAP, *wide) == opening


def test_a_long_quote_is_cut_at_a_word() -> None:
    """The quote itself stands on the page; here its first words are enough."""
    long = of_student("aha", "2026-10-15 16:30", aha="Ik zag dat de zaal te klein was " * 3)
    expected = "Vertel eens over “Ik zag dat de zaal te klein was Ik zag…”, Samira. Wat leerde je daarvan?"
    assert first_opening(long) == expected


def test_a_trainers_note_is_not_the_students_wish() -> None:
    """Only the student is asked to begin with what they want to discuss."""
    note = a_note("De planning", "2026-11-10 12:00", participant=TRAINER)
    material = replace(second(), notes=(note,))
    assert "agenda" not in openings(material)
    assert "• Ingrid Kuipers wil bespreken: “De planning” (10 nov)" in block(material, "Open het gesprek", 2)


# ---- first this -----------------------------------------------------------------------------------------

WHO = of_student("first_week", "2026-09-24 17:30", who=("no",))


def test_everything_that_goes_first_in_its_order() -> None:
    """The order of docs/starters.md, with every rule applying."""
    everything = second(*CHORES, *GAP, WHO, UNKEPT, stage=a_stage(trainer_stopped=True))
    found = attention(replace(everything, signals=CALLS))
    assert found == [
        *("personal", "consult", "stopped", "chores", "general", "who", "coverage", "gap", "agreed", "place")
    ]
    rules = DOCS.read_text("utf-8").split("## Eerst dit")[1].split("##")[0].splitlines()
    assert sum(line.split(".")[0].isdigit() for line in rules) == len(found)


def test_at_most_two_go_first() -> None:
    """Only chores is the very first (S2)."""
    found = a_digest(second(*CHORES, *GAP, WHO, stage=a_stage()), 2).first
    assert [say.id for say in found] == ["digest.first_chores", "digest.first_general"]


def test_what_goes_first_in_words() -> None:
    """The numbers and names that a teacher reads."""
    material = second(*CHORES, *GAP, WHO, stage=a_stage())
    assert [words_of([say], material) for say in first.attention(a_digest(material, 2))] == [
        "Samira koos 2 keer ‘niets hiervan’ of ‘weinig hulp’. Vraag naar het werk op een gewone dag.",
        "Ingrid Kuipers over hoe het gaat: “Ik maak me zorgen”. Bel even vóór het gesprek.",
        "Samira weet niet aan wie je op de stage een vraag kunt stellen. Maak dat samen duidelijk.",
        "Nog 7 van 8 examentaken niet gedaan of niet genoemd.",
        "Groot verschil bij deze taak: gasten ontvangen en helpen.",
        "Geen van de drie gesprekken is bij het leerbedrijf.",
    ]


def test_a_calm_stage_has_nothing_to_put_first() -> None:
    """A visit is planned, a third is not over, the trainer is content: the block is absent."""
    calm = of_trainer("2026-09-14 09:00", judgement=("practising",), general=("good",))
    material = the_material(calm, stage=AT_COMPANY)
    assert attention(material, 1) == []
    assert block(material, "Eerst dit") == []


@pytest.mark.parametrize("general", ["doubt", "worried"])
def test_a_worry_goes_first_and_is_not_repeated(general: str) -> None:
    """The teacher reads it once."""
    material = second(of_trainer("2026-11-09 09:00", judgement=("good",), general=(general,)))
    assert attention(material)[0] == "general"
    assert [line for line in block(material, "Hoe het gaat (sleutel 3)", 2) if "algemeen" in line] == []


def test_private_chores_only_point_to_the_separate_message() -> None:
    """The number would tell what the student kept to the teacher."""
    material = second(*CHORES, shares=Share.PRIVATE)
    assert attention(material) == ["apart", "coverage"]
    assert block(material, "Eerst dit", 2)[0] == "• Lees eerst het aparte bericht over Samira."


def test_a_private_no_to_whom_to_ask_points_there_too() -> None:
    """P4: a "nee" reaches the teacher, also when it is 🔒."""
    assert attention(second(WHO, shares=Share.PRIVATE)) == ["apart", "coverage"]


def test_coverage_waits_for_a_third_of_the_stage() -> None:
    """P2: in week 3 of 21 much is still to come; in week 11 it is a gap, but not once all was done."""
    assert attention(the_material(stage=AT_COMPANY), 1) == []
    assert attention(the_material(stage=AT_COMPANY), 2) == ["coverage"]


@pytest.mark.parametrize(
    ("meetings", "line"),
    [
        (3, "Geen van de drie gesprekken is bij het leerbedrijf."),
        (2, "Er is geen gesprek bij het leerbedrijf gepland."),
        (1, "Er is geen gesprek bij het leerbedrijf gepland."),
    ],
)
def test_no_meeting_at_the_company_is_told(meetings: int, line: str) -> None:
    """K2a: also where fewer than three are planned."""
    material = the_material(stage=a_stage(meetings=a_stage().meetings[:meetings]))
    assert block(material, "Eerst dit") == [f"• {line}"]


@pytest.mark.parametrize("visited", [0, 1, 2])
def test_one_meeting_at_the_company_is_enough(visited: int) -> None:
    """K2a: whichever it is."""
    meetings = list(a_stage().meetings)
    meetings[visited] = replace(meetings[visited], place=Place.COMPANY)
    assert attention(the_material(stage=a_stage(meetings=tuple(meetings))), 1) == []


def test_a_trainer_with_a_long_name_is_named_in_short() -> None:
    """Forty characters are enough to know who it is."""
    person = a_person(TRAINER, name="Maria " * 20, roles=frozenset({Role.TRAINER}))
    material = the_material(
        of_trainer("2026-09-14 09:00", general=("doubt",)),
        stage=a_stage(meetings=(a_meeting(1, "2026-09-21 10:00"),)),
        people=[person],
    )
    first = (
        "• Maria Maria Maria Maria Maria Maria… over hoe het gaat: “Ik twijfel”. Bel even vóór het gesprek."
    )
    assert block(material, "Eerst dit")[0] == first
