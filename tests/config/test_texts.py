"""Texts: their ids, their places, and a message rendered for one person."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigError, TextError
from config.texts import Texts
from conversations.messages import Run, Say
from conversations.model import Address, Language, Participant, ParticipantId, Role, Wording

TEXTS = """
[greet.hello]
nl = "Dag {name}, hoe gaat het met je?"
nl_u = "Dag {name}, hoe gaat het met u?"
en = "Hello {name}, how are you?"

[greet.bye]
nl = "Tot {day}, {name}."
en = "Until {day}, {name}."
"""


def texts_in(folder: Path, content: str = TEXTS) -> Texts:
    (folder / "greet.toml").write_text(content)
    return Texts.load(folder)


def somebody(language: Language = Language.NL, address: Address = Address.JE) -> Participant:
    return Participant(
        id=ParticipantId(1),
        name="Ingrid Kuipers",
        roles=frozenset({Role.TRAINER}),
        language=language,
        address=address,
    )


@pytest.mark.parametrize(
    ("language", "address", "expected"),
    [
        (Language.NL, Address.JE, "Dag Ingrid, hoe gaat het met je?"),
        (Language.NL, Address.U, "Dag Ingrid, hoe gaat het met u?"),
        (Language.EN, Address.U, "Hello Ingrid, how are you?"),
    ],
)
def test_a_text_speaks_to_a_person(
    language: Language, address: Address, expected: str, tmp_path: Path
) -> None:
    """Language and form of address choose the text."""
    assert texts_in(tmp_path).say("greet.hello", language, address, {"name": "Ingrid"}) == expected


def test_a_text_without_a_form_with_u_is_the_same_for_all(tmp_path: Path) -> None:
    """Not every text speaks to somebody."""
    texts = texts_in(tmp_path)
    values = {"day": "maandag", "name": "Ingrid"}
    assert texts.say("greet.bye", Language.NL, Address.U, values) == "Tot maandag, Ingrid."


def test_a_value_is_put_in_literally(tmp_path: Path) -> None:
    """Braces and backslashes in what a person wrote are text, and no place."""
    values = {"day": r"{name} \1 {0}", "name": "{day}"}
    said = texts_in(tmp_path).say("greet.bye", Language.EN, Address.JE, values)
    assert said == r"Until {name} \1 {0}, {day}."


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"day": "geheim"}, "has places for ['day', 'name'], and values for ['day']"),
        (
            {"day": "geheim", "name": "geheim", "age": "geheim"},
            "has places for ['day', 'name'], and values for ['age', 'day', 'name']",
        ),
    ],
)
def test_wrong_values_are_refused_without_telling_them(
    values: dict[str, str], problem: str, tmp_path: Path
) -> None:
    """The error names the text and its places, never what a person wrote."""
    with pytest.raises(TextError) as caught:
        texts_in(tmp_path).say("greet.bye", Language.NL, Address.JE, values)
    assert (caught.value.text_id, str(caught.value)) == ("greet.bye", f"config/texts: greet.bye: {problem}")


def test_an_unknown_text_is_refused(tmp_path: Path) -> None:
    """The error names the text that was asked for."""
    with pytest.raises(TextError) as caught:
        texts_in(tmp_path).say("greet.hi", Language.NL, Address.JE, {})
    assert str(caught.value) == "config/texts: greet.hi: is unknown"


def test_pieces_become_one_text_with_its_bold_spans(tmp_path: Path) -> None:
    """Texts, runs and wordings follow each other exactly; spans count characters, an emoji as one."""
    pieces = (
        Run("🔒 Samira\n", bold=True),
        Say(id="greet.bye", values={"day": "maandag", "name": "Daan"}),
        Run("", bold=True),
        Wording(nl=" Lukt {dit}?", nl_u=" Lukt {dat}?", en=" Fine?"),
        Run(" plat"),
        Run(" vet", bold=True),
    )
    text, bold = texts_in(tmp_path).render(pieces, somebody(address=Address.U))
    assert text == "🔒 Samira\nTot maandag, Daan. Lukt {dat}? plat vet"
    assert [text[start : start + length] for start, length in bold] == ["🔒 Samira\n", " vet"]


FAULTS = {
    "no English": (
        'en = "Until {day}, {name}."\n',
        "",
        "greet.bye.en: is missing; expected the English text",
    ),
    "places that differ": (
        "Until {day}, {name}.",
        "Until {day}.",
        "greet.bye.en: has the places {day}; expected those of nl: {day}, {name}",
    ),
    "places that differ in the form with u": (
        "Dag {name}, hoe gaat het met u?",
        "Dag {naam}, hoe gaat het met u?",
        "greet.hello.nl_u: has the places {naam}; expected those of nl: {name}",
    ),
    "half a place": (
        'nl = "Tot {day}, {name}."',
        'nl = "Tot {day}, {name}. {"',
        "greet.bye.nl: has half a place; expected places such as {voornaam}",
    ),
    "a field too many": ("nl_u", "nl_U", "greet.hello.nl_U: is unknown, did you mean 'nl_u'?"),
    "a text outside a group": (
        "[greet.hello]",
        "[greet]\nhi = 'x'\n[greet.hello]",
        "greet.hi: is 'x'; expected a table",
    ),
    "no group": (
        "\n[greet.hello]",
        "greet2 = 1\n[greet.hello]",
        "greet2: is 1; expected tables such as [greet2.thanks]",
    ),
    "a text longer than a message": (
        'nl = "Tot {day}, {name}."',
        'nl = "Tot {day}, {name}.' + "x" * 4000 + '"',
        "greet.bye.nl: has 4018 characters; expected at most 4000",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_of_a_text_has_its_line(fault: str, tmp_path: Path) -> None:
    """One fault gives exactly one line, with file, text, what is wrong and what was expected."""
    before, after, line = FAULTS[fault]
    with pytest.raises(ConfigError) as caught:
        texts_in(tmp_path, TEXTS.replace(before, after, 1))
    assert str(caught.value) == f"{tmp_path}/greet.toml: {line}"


def test_an_id_belongs_to_one_file(tmp_path: Path) -> None:
    """Two files with the same text would hide one of the two."""
    (tmp_path / "again.toml").write_text(TEXTS[TEXTS.index("[greet.bye]") :])
    with pytest.raises(ConfigError) as caught:
        texts_in(tmp_path)
    problem = "is there twice, also in another file; expected an id of its own"
    assert str(caught.value) == f"{tmp_path}/greet.toml: greet.bye: {problem}"


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    """A wrong folder would otherwise be found at the first message."""
    with pytest.raises(ConfigError) as caught:
        Texts.load(tmp_path)
    assert str(caught.value) == f"{tmp_path}: has no texts; expected files such as dialogue.toml"
