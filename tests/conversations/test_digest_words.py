"""One page: 350 words at most, however much was said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversations import digest
from conversations.coverage import State
from conversations.dossier import Agreement, SignalKind
from conversations.facts import Material
from conversations.model import Language, Quote, Status
from tests.conversations.stages import STUDENT, TEACHER, TRAINER, a_person, a_stage
from tests.conversations.telling import (
    SCHOOL,
    Answer,
    Asked,
    a_digest,
    a_note,
    a_signal,
    an_agreement,
    asked,
    example_of,
    messages,
    quoting,
    sent,
    the_material,
    visited,
    words_of,
)

TASKS = [task.id for task in SCHOOL.programmes["business-events"].tasks]
LONG = "een heel lang verhaal met veel woorden erin " * 12
STATES = ("alone", "with_help", "not_yet", "impossible")
FIRST = sent(1, "2026-09-17 08:30")


def of_student(
    name: str, when: str, task: str | None = None, quotes: tuple[Quote, ...] = (), **answers: Answer
) -> Asked:
    return asked(f"student/{name}", when, answers, task=task, quotes=quotes)


def everything(text: str) -> list[Asked]:
    """Give every question set of both with every answer, before and after the first meeting."""
    said = [
        asked("trainer/first_impression", "2026-09-18 09:00", {"impression": text, "expectation": text}),
        of_student("first_week", "2026-09-18 16:30", who=("partly",), first=text),
        of_student("dilemma", "2026-10-01 16:30", dilemma=text, question=text),
        of_student("aha", "2026-10-08 16:30", aha=text, transfer=text),
        of_student("possibilities", "2026-10-15 16:30", possible=("watch",), wish=text),
        of_student("guidance", "2026-10-22 16:30", helped=("little_help",), next=("own_work",)),
        of_student("guidance", "2026-10-23 16:30", helped=("little_help",), next=("own_work",)),
        of_student("agenda", "2026-11-11 16:30", agenda=text),
    ]
    for day, task in enumerate(TASKS, start=1):
        for month, month_before in (("11", "10"), ("09", "09")):
            judged: dict[str, Answer] = {
                "judgement": ("practising",),
                "moment": text,
                "strategy": ("show",),
                "guided": text,
            }
            judged |= {"reason": text, "general": ("doubt",), "possible": ("talk", "alone")}
            judged |= {"consent": ("yes",), "going": text}
            said += [
                asked("trainer/before_meeting", f"2026-{month}-0{day} 09:00", judged, task=task),
                of_student(
                    "self_view", f"2026-{month_before}-0{day} 12:00", task, self_view=("good",), moment=text
                ),
                of_student("task_feeling", f"2026-{month}-0{day} 14:00", task, feeling=("boring",), why=text),
                of_student("fits_me", f"2026-{month}-0{day} 15:00", fits=("no",), why=text),
            ]
    own_question = Quote(place="vraag", text=text, source=2)
    done = tuple(f"{task}=alone" for task in TASKS)
    mixed = tuple(f"{task}={State(state)}" for task, state in zip(TASKS, STATES * 2, strict=True))
    guided = [a for a in said if a.check_in.question_set == "trainer/before_meeting"]
    example = example_of(max(guided, key=lambda a: a.check_in.due))
    return [
        *said,
        of_student("coverage", "2026-11-10 12:00", coverage=done),
        asked("trainer/coverage", "2026-11-10 13:00", {"coverage": mixed}),
        of_student("extra", "2026-11-10 14:00", extra=text, quotes=(own_question,)),
        of_student("recognise", "2026-11-10 16:00", recognise=("partly",), needed=text, quotes=(example,)),
    ]


def kept(*agreements: Agreement) -> list[Asked]:
    """Give what both say of agreements."""
    return [
        of_student(
            "agreement",
            "2026-11-10 15:00",
            agreement=("no",),
            agreement_2=("partly",),
            quotes=(quoting(agreements[0]), quoting(agreements[1], "afspraak_2")),
        ),
        asked(
            "trainer/before_meeting",
            "2026-11-10 17:00",
            {"agreement": ("partly",)},
            quotes=(quoting(agreements[0]),),
        ),
    ]


def page_of(material: Material) -> str:
    return messages(material, 2)[0]


def a_full_stage(language: Language, text: str = LONG, name: str = "Samira") -> Material:
    notes = [a_note(f"{n} {text}", f"2026-11-0{n} 12:00", participant=TRAINER) for n in range(1, 9)]
    people = [
        a_person(TEACHER, language=language),
        a_person(STUDENT, name=name),
        a_person(TRAINER, name=f"{name} " * 30),
    ]
    stage = a_stage(company="Congrescentrum Amstel en Omstreken " * 10, meetings=visited().meetings)
    agreements = [an_agreement(f"{n} {text}") for n in range(1, 6)]
    return the_material(
        *everything(text),
        *kept(*agreements),
        stage=stage,
        people=people,
        notes=notes,
        digests=[FIRST],
        agreements=agreements,
        signals=[
            a_signal(SignalKind.CONTACT, "2026-11-10 12:00"),
            a_signal(SignalKind.CONSULT, "2026-11-10 12:00", by=TRAINER),
        ],
    )


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", ["Samira", "Anne-Fleur-" * 40])
def test_the_fullest_stage_is_one_page(language: Language, name: str) -> None:
    """Everything answered at length, eight tasks, long names, in Dutch and in English."""
    assert len(page_of(a_full_stage(language, name=name)).split()) <= 350


@pytest.mark.parametrize("language", list(Language))
def test_words_of_one_letter_are_counted_too(language: Language) -> None:
    """The cut is in characters; the promise is in words."""
    assert len(page_of(a_full_stage(language, text="a b c d e " * 60)).split()) <= 350


@pytest.mark.parametrize("language", list(Language))
def test_tasks_as_long_as_they_may_be(language: Language) -> None:
    """A school's own words: eighty characters, all of them short words."""
    material = a_full_stage(language)
    long = "op de af en toe nog in de zaal om de dag met u en ik of wij er ook nog bij"
    programme = SCHOOL.programmes["business-events"]
    tasks = tuple(replace(t, text=replace(t.text, nl=long, en=long)) for t in programme.tasks)
    school = replace(SCHOOL, programmes={programme.id: replace(programme, tasks=tasks)})
    assert len(messages(material, 2, school)[0].split()) <= 350


@pytest.mark.parametrize("language", list(Language))
def test_a_silent_stage_is_one_page(language: Language) -> None:
    """A reason at every key."""
    sets = [name for name in SCHOOL.question_sets if name.startswith("student")]
    quotes = tuple(Quote(place=place, text="", source=1) for place in ("afspraak", "vraag", "voorbeeld"))
    unanswered = [
        asked(
            name,
            f"2026-10-{day:02} 16:30",
            {SCHOOL.question_sets[name].questions[0].id: Status.EXPIRED},
            quotes=quotes,
        )
        for day, name in enumerate(sets, start=1)
    ]
    people = [a_person(TEACHER, language=language)]
    assert len(page_of(the_material(*unanswered, people=people, digests=[FIRST])).split()) <= 350


def test_a_page_with_room_cuts_nothing() -> None:
    """Two hundred characters stand whole where little was said."""
    text = "woord " * 33
    material = the_material(of_student("aha", "2026-10-08 16:30", aha=text), digests=[FIRST])
    assert f"“{text.strip()}” (8 okt)" in page_of(material)


def test_a_full_page_cuts_quotes_at_a_word() -> None:
    """With … where something was left out, and the day still there; a quote still says something."""
    page = page_of(a_full_stage(Language.NL))
    assert "“een heel lang verhaal met veel woorden…” (8 okt)" in page


def test_a_full_page_leaves_out_whole_lines_before_it_cuts_to_nothing() -> None:
    """What matters least goes first: the marks before the lines, reasons, what was said beside."""
    page = page_of(a_full_stage(Language.NL))
    assert [line for line in page.split("\n") if line.startswith(("•", "Ook bij", "Eerste indruk"))] == []
    assert "Herkent Samira dit? Een beetje" in page.split("\n")


def test_the_messages_of_a_digest_hold_the_same_page() -> None:
    """Who sends a digest from pure code gives all versions; the reader gets the fullest that fits."""
    material = a_full_stage(Language.NL)
    (page,) = digest.messages(a_digest(material, 2), TEACHER)
    versions = [words_of(pieces, material) for pieces in (page.pieces, *page.shorter)]
    fitting = [text for text in versions if len(text.split()) <= (page.words or 0)]
    assert fitting[0] == page_of(material)


def test_what_is_private_is_a_message_of_its_own() -> None:
    """Whole, whatever its length, and no word of it on the page."""
    steam = of_student("safety", "2026-11-10 12:00", steam=f"geheim {LONG}")
    material = the_material(steam, digests=[FIRST])
    page, apart = digest.messages(a_digest(material, 2), TEACHER)
    assert f"geheim {LONG}".strip() in words_of(apart.pieces, material)
    assert "geheim" not in words_of(page.pieces, material)
    assert (apart.words, apart.shorter) == (None, ())
