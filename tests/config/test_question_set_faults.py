"""Question sets: the one line for each thing that a school may get wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import config
from tests.config.writing import STUDENT, TRAINER, changed, told, with_file

SHORT = "1 to 12 of a-z, 0-9 and _, a letter first"

STUDENT_FAULTS = {
    "a field too many": (
        'id = "first"',
        'id = "first"\nexmaple = "x"',
        "question.first.exmaple: is unknown, did you mean 'example'?",
    ),
    "a field like no other": (
        'text.nl = "Wat',
        'text.xyz = "x"\ntext.nl = "Wat',
        "question.second.text.xyz: is unknown; expected one of en, nl, nl_u",
    ),
    "no id": ('id = "second"\n', "", f"question[2].id: is missing; expected {SHORT}"),
    "an id that is too long for a button": (
        'id = "second"',
        'id = "the_second_one"',
        f"question.the_second_one.id: is 'the_second_one'; expected {SHORT}",
    ),
    "an id with a colon": (
        'id = "yes"',
        'id = "y:s"',
        f"question.first.choice.y:s.id: is 'y:s'; expected {SHORT}",
    ),
    "no text": (
        'text.nl = "Wat deed je?"\ntext.en = "What did you do?"\n',
        "",
        "question.second.text: is missing; expected text.nl and text.en",
    ),
    "no English": (
        'text.en = "What did you do?"\n',
        "",
        "question.second.text.en: is missing; expected the English text",
    ),
    "an empty text": ("What did you do?", " ", "question.second.text.en: is empty; expected a text"),
    "a control character": (
        "What did you do?",
        "What\\u0007?",
        "question.second.text.en: has a control character; expected plain text",
    ),
    "an unknown role": ('"student"', '"pupil"', "role: is 'pupil'; expected student or trainer"),
    "another role than the folder's": (
        '"student"',
        '"trainer"',
        "role: is 'trainer'; expected 'student', as the file's folder says",
    ),
    "an unknown key": (
        '"learning"',
        '"leren"',
        "key: is 'leren'; expected one of learning, potential, judgement, guidance, agenda, safety, survey",
    ),
    "an unknown occasion": (
        '"weekly"',
        '"daily"',
        "occasion: is 'daily'; expected one of weekly, first_week, before_meeting, agenda, third, end",
    ),
    "an unknown kind": (
        '"choice"',
        '"list"',
        "question.first.kind: is 'list'; expected one of text, choice, choices, coverage",
    ),
    "choices without a kind": (
        'kind = "choice"\n',
        "",
        "question.first.kind: is 'text', but there are choices; expected choice or choices",
    ),
    "a kind without choices": (
        'id = "second"',
        'id = "second"\nkind = "choices"',
        "question.second.choice: has 0 items; expected at least 2 choices",
    ),
    "alone without several choices": (
        'id = "no"',
        'id = "no"\nalone = true',
        "question.first.choice.no.alone: belongs to kind 'choice'; expected kind = \"choices\"",
    ),
    "a gate without buttons": (
        'id = "second"',
        'id = "second"\ngate = true',
        "question.second.gate: belongs to kind 'text'; expected kind = \"choice\"",
    ),
    "own buttons for a list of tasks": (
        'kind = "choice"',
        'kind = "coverage"',
        "question.first.choice: belongs to buttons of your own; expected none: the tasks are the buttons",
    ),
    "urgent where there is nothing to go before": (
        'occasion = "weekly"',
        'occasion = "agenda"\nurgent = true',
        "urgent: belongs to occasion 'agenda'; expected occasion = \"weekly\"",
    ),
    "a number for urgent": (
        'occasion = "weekly"',
        'occasion = "weekly"\nurgent = 1',
        "urgent: is 1; expected true or false",
    ),
    "what a teacher reads, among what is without a name": (
        'key = "learning"\noccasion = "weekly"\n\n[[question]]\nid = "first"',
        'key = "survey"\noccasion = "end"\n\n[[question]]\nkey = "learning"\nid = "first"',
        (
            "question.first.key: is 'learning' on the occasion 'end'; "
            "expected survey: it is for the school, without a name"
        ),
    ),
    "what is without a name, among what a teacher reads": (
        'id = "second"',
        'key = "survey"\nid = "second"',
        "question.second.key: is 'survey' on the occasion 'weekly'; expected a key that the teacher reads",
    ),
    "an unknown quote": (
        "Wat deed je?",
        "Wat deed je met {afspraken}?",
        "question.second.text.nl: has the unknown place {afspraken}, did you mean 'afspraak'?",
    ),
    "a quote that one language forgets": (
        "Wat deed je?",
        "Je docent vraagt: {vraag}",
        "question.second.text.en: has the places none; expected those of nl: {vraag}",
    ),
    "an example for buttons": (
        'kind = "choice"',
        'kind = "choice"\nexample.nl = "Waarom?"\nexample.en = "Why?"',
        'question.first.example: belongs to a question with buttons; expected kind = "text"',
    ),
    "two questions with one id": (
        '[[question]]\nid = "second"\nafter = { question = "first", choices = ["yes"] }',
        '[[question]]\nid = "first"',
        "question.first.id: is there 2 times; expected an id of its own",
    ),
    "two choices with one id": (
        'id = "no"',
        'id = "yes"',
        "question.first.choice.yes.id: is there 2 times; expected an id of its own",
    ),
    "after an unknown question": (
        'question = "first"',
        'question = "frist"',
        "question.second.after: 'frist' is no earlier question, did you mean 'first'?",
    ),
    "after a later question": (
        'id = "first"',
        'id = "first"\nafter = "second"',
        "question.first.after: 'second' is no earlier question; expected none",
    ),
    "after an unknown choice": (
        'choices = ["yes"]',
        'choices = ["maybe"]',
        "question.second.after: 'maybe' is no choice of 'first'; expected one of no, yes",
    ),
    "after that is neither": (
        '{ question = "first", choices = ["yes"] }',
        "2",
        'question.second.after: is 2; expected an id, or { question = "...", choices = ["..."] }',
    ),
    "a label that fits no button": (
        'label.nl = "Nee"',
        'label.nl = "Nee, ik denk dat het niet zo goed ging"',
        "question.first.choice.no.label.nl: has 38 characters; expected at most 30 on a button",
    ),
    "a text that is too long": (
        "What did you do?",
        "What? " * 60,
        "question.second.text.en: has 360 characters; expected at most 300",
    ),
    "a place on a button": (
        'label.nl = "Nee"',
        'label.nl = "Nee {taak}"',
        "question.first.choice.no.label.nl: has the unknown place {taak}; expected none",
    ),
    "an unknown place": (
        "Wat deed je?",
        "Wat deed je bij {tak}?",
        "question.second.text.nl: has the unknown place {tak}, did you mean 'taak'?",
    ),
    "places that differ": (
        "What did you do?",
        "What did you do at {bedrijf}?",
        "question.second.text.en: has the places {bedrijf}; expected those of nl: none",
    ),
    "half a place": (
        "Wat deed je?",
        "Wat deed je bij {taak?",
        "question.second.text.nl: has half a place; expected places such as {voornaam}",
    ),
    "u to a student": (
        "Wat deed je?",
        "Wat deed u?",
        "question.second.text.nl: says u or uw; expected je; the form with u goes in nl_u",
    ),
    "three questions": (
        '[[question]]\nid = "second"',
        '[[question]]\nid = "third"\ntext.nl = "Hoe?"\ntext.en = "How?"\n\n[[question]]\nid = "second"',
        "question: has 3 questions that count; expected at most 2 for a student",
    ),
    "weeks the wrong way round": (
        'key = "learning"',
        'key = "learning"\nfrom_week = 5\nuntil_week = 4',
        "has until_week before from_week; expected weeks in order",
    ),
    "week 0": (
        'key = "learning"',
        'key = "learning"\nfrom_week = 0',
        "from_week: is 0; expected a week from 1",
    ),
    "a number in quotes": (
        'key = "learning"',
        'key = "learning"\norder = "1"',
        "order: is '1'; expected a whole number",
    ),
    "a syntax error": ('key = "learning"', "key = ", "line 2: is not valid TOML: invalid value"),
}


@pytest.mark.parametrize("fault", STUDENT_FAULTS)
def test_each_fault_of_a_student_set_has_its_line(fault: str, tmp_path: Path) -> None:
    """One fault gives exactly one line, with file, field, what is wrong and what was expected."""
    before, after, line = STUDENT_FAULTS[fault]
    school_file = with_file(tmp_path, "question_sets/student/mine.toml", changed(STUDENT, before, after))
    expected = [f"question_sets/student/mine.toml: {line}"]
    assert [one for one in told(school_file) if not one.startswith("warning: ")] == expected


TRAINER_FAULTS = {
    "no form with u": (
        'text.nl_u = "Wat zag u bij {voornaam}?"\n',
        "",
        "question.first.text.nl_u: is missing; expected the Dutch text with u",
    ),
    "no form with u in an example": (
        'example.nl_u = "Kunt u een voorbeeld geven?"\n',
        "",
        "question.first.example.nl_u: is missing; expected the Dutch text with u",
    ),
    "je in the form with u": (
        "Wat zag u",
        "Wat zag je",
        "question.first.text.nl_u: says je, jij, jou or jouw; expected u or uw",
    ),
    "u in the form with je": (
        "Wat zag je",
        "Wat zag u",
        "question.first.text.nl: says u or uw; expected je; the form with u goes in nl_u",
    ),
    "the student's own quote": (
        "Wat zag je bij {voornaam}?",
        "Wat zag je bij {voornaam} en {voorbeeld}?",
        (
            "question.first.text.nl: has the unknown place {voorbeeld}; "
            "expected one of afspraak, afspraak_2, bedrijf, taak, voornaam"
        ),
    ),
    "places that differ in the form with u": (
        "Wat zag u bij {voornaam}?",
        "Wat zag u?",
        "question.first.text.nl_u: has the places none; expected those of nl: {voornaam}",
    ),
}


@pytest.mark.parametrize("fault", TRAINER_FAULTS)
def test_each_fault_of_a_trainer_set_has_its_line(fault: str, tmp_path: Path) -> None:
    """Trainers are addressed as je or u; both forms are written out and never mixed."""
    before, after, line = TRAINER_FAULTS[fault]
    school_file = with_file(tmp_path, "question_sets/trainer/mine.toml", changed(TRAINER, before, after))
    assert told(school_file) == [f"question_sets/trainer/mine.toml: {line}"]


def test_a_label_that_speaks_to_a_trainer_is_also_written_with_u(tmp_path: Path) -> None:
    """ "Goed" is the same for all; "Help je" is not."""
    label = '{ nl = "Help je", en = "Help" }'
    buttons = f'kind = "choice"\nchoice = [{{ id = "a", label = {label} }}, {{ id = "b", label = {label} }}]'
    text = TRAINER[: TRAINER.index("example.nl")] + buttons
    text = changed(text, '{ nl = "Help je"', '{ nl = "Help je", nl_u = "Help u"')
    line = "question.first.choice.b.label.nl_u: is missing; expected the Dutch text with u"
    school_file = with_file(tmp_path, "question_sets/trainer/mine.toml", text)
    assert told(school_file) == [f"question_sets/trainer/mine.toml: {line}"]


STYLE = {
    "three sentences": (
        "Wat deed je? Hoe ging dat? En wat zag je?",
        "question.second.text.nl: has 3 sentences; expected at most 2",
    ),
    "a long sentence": (
        "Wat deed je gisteren toen je met je begeleider en met die drie andere mensen samen werkte?",
        "question.second.text.nl: has a sentence of 17 words; expected at most 15",
    ),
}


@pytest.mark.parametrize("fault", STYLE)
def test_hard_wording_is_a_warning(fault: str, tmp_path: Path) -> None:
    """A school may keep a long question; it is told all the same."""
    wording, line = STYLE[fault]
    text = changed(STUDENT, "Wat deed je?", wording)
    school_file = with_file(tmp_path, "question_sets/student/mine.toml", text)
    assert told(school_file) == [f"warning: question_sets/student/mine.toml: {line}"]
    assert "student/mine" in config.load(school_file).question_sets
