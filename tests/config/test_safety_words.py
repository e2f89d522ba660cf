"""The safety net: what it hears, what it leaves alone, and what may be wrong in its file."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import config
from config import school as school_file
from config.safety_words import A_TERM, SHIPPED, parse
from conversations.safety_words import Danger
from tests.config.writing import told

WORDS = config.load().safety_words
HUGE = 100_000  # characters
LONGEST = 2.0  # seconds, on a busy machine; it takes less than a tenth of one

DISTRESS = (
    "ik wil nie meer",
    "Ik wil niet meer leven",
    "wil gewoon dood zijn",
    "IK WIL DOOOOD",
    "soms denk ik was ik maar dood",
    "ik kan echt niet meer...",
    "ik denk aan zelfmoord",
    "ik doe mezelf pijn",
    "ik trek het niet meer",
    "ik ga er een einde aan maken",
    "ik maak er een eind aan vanavond",
    "ik heb mezelf gesneden",
    "heb mezelf weer gesneden",
    "ik wil mezelf wat aandoen",
    "ik ga mezelf wat aan te doen proberen",
    "ik heb pillen geslikt",
    "ik ga gewoon pillen slikken",
    "ik zie het niet meer zitten",
    "zie t allemaal nie meer zitten",
    "het hoeft niet meer voor mij",
    "voor mij hoeft het echt niet meer",
    "ik hou het niet vol als het zo doorgaat",
    "kms",
    "i want 2 die",
    "I don’t want to live anymore",
    "i wanna die",
)
VIOLENCE = (
    "mijn chef slaat me",
    "hij zat aan me in het magazijn",
    "hij heeft me geslagen",
    "mijn begeleider heeft me geslagen",
    "ik zei dat hij me geschopt heeft",
    "hij heeft me aangeraakt",
    "ze hebben mij vastgepakt in de kelder",
    "hij pakte me vast",
    "hij pakt me steeds bij mijn arm vast, hij heeft me geknepen",
    "hij zoende me",
    "hij wilde me zoenen",
    "de chef dreigt dat hij me ontslaat",
    "ze dreigden met klappen",
    "ik durf niet naar mijn werk",
    "ik durf er niet meer heen",
    "ze vallen me steeds lastig",
    "ik voel me daar niet veilig",
    "my boss touched me",
)
DISCRIMINATION = (
    "ik word gepest door collega's",
    "ik word gediscrimineerd",
    "moest m'n hoofddoek af",
    "niet aangenomen vanwege mijn hoofddoek",
    "they bully me",
)
HARMLESS = (
    "ik verveel me dood",
    "ik was doodmoe",
    "pijn in mijn rug",
    "ik schrok me dood",
    "ik wil me niet dood werken",
    "ik ging dood van de hitte",
    "ik was bijna te laat voor de trein",
    "ik heb me gesneden aan het mes",
    "ik snij mezelf soms per ongeluk",
    "de slagroom heb ik stijf geslagen",
    "ik wil niet meer bij de kassa staan",
    "een zaal boeken kan niet meer.",
    "ik kan niet meer wachten op volgende week",
    "ik moet klanten soms negeren",
    "het viel me op dat het rustig was",
    "de baas sloeg me over",
    "bedreigde diersoorten in de kas",
    "een bewoner is overleden",
    "ik trek het niet meer aan, die jas",
    "ik trek dit niet meer aan",
    "hou het niet vol als ik te laat eet",
    "ik hou het niet vol zonder koffie",
    "de kok sloeg me op de schouder, goed gedaan",
    "ik heb mezelf gesneden aan het mes",
    "ik heb mezelf gesneden in mijn vinger",
    "ik heb mezelf per ongeluk gesneden",
    "ik had per ongeluk mezelf gesneden",
    "ik heb mezelf iets aangeleerd",
    "ik heb pillen geslikt tegen de hoofdpijn",
    "mevrouw heeft haar pillen geslikt",
    "ik maak een eind aan het gesprek",
    "de koffie hoeft niet meer voor mij",
    "het dreigt te regenen",
    "er dreigde een tekort aan stoelen",
    "de borden dreigen te vallen",
    "ik durf niet naar gasten toe te lopen",
    "hij pakte de doos vast",
    "it hit me that planning is hard",
    "",
    "😀",
)
HEARD = [
    *((text, Danger.DISTRESS) for text in DISTRESS),
    *((text, Danger.VIOLENCE) for text in VIOLENCE),
    *((text, Danger.DISCRIMINATION) for text in DISCRIMINATION),
]


@pytest.mark.parametrize(("text", "danger"), HEARD)
def test_words_that_suggest_danger_are_heard(text: str, danger: Danger) -> None:
    """As people type them: without capitals, with spelling mistakes, in both languages."""
    assert WORDS.notice(text) is danger


@pytest.mark.parametrize("text", HARMLESS)
def test_words_that_only_look_like_it_are_left_alone(text: str) -> None:
    """Whoever is offered help at every "doodmoe" stops reading it."""
    assert WORDS.notice(text) is None


def test_the_most_pressing_is_heard() -> None:
    """Somebody who is bullied and does not want to live is shown 113 first."""
    assert WORDS.notice("ik word gepest en ik wil dood") is Danger.DISTRESS


def test_what_takes_an_alarm_away_takes_away_only_its_own() -> None:
    """A figure of speech hides nothing else that is said."""
    assert WORDS.notice("ik wil me dood lachen. maar soms wil ik echt dood") is Danger.DISTRESS


@pytest.mark.parametrize(
    "part", ["wil ", "ik wil niet meer ", "voel .. me ", "mezelf ", "é", "a", "me mij ", "'"]
)
def test_a_text_of_100_kb_is_read_at_once(part: str) -> None:
    """No text makes it slow: each word is looked up once, whatever surrounds it."""
    begin = time.perf_counter()
    WORDS.notice(part * (HUGE // len(part)))
    assert time.perf_counter() - begin < LONGEST


@given(text=st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    """Whatever is typed gets one of the answers."""
    assert WORDS.notice(text) in (None, *Danger)


@pytest.mark.parametrize(
    "term",
    ["", "..", ".. dood", "dood ..", "Dood", "é", "a", "wil  .. ..", "a b c d e f g h i", "do*d", "|", "."],
)
def test_what_is_no_term_is_refused(term: str) -> None:
    """A slip of the pen never becomes a term that hears nothing, or everything."""
    assert parse(term) is None


def test_a_school_may_bring_its_own_words(tmp_path: Path) -> None:
    """A file beside the school's own file replaces the shipped one."""
    own = Path(shutil.copy(school_file.SHIPPED, tmp_path))
    lists = 'distress = ["pannenkoek*"]\nviolence = ["wafel"]\ndiscrimination = ["poffer"]\n'
    (tmp_path / "safety_words.toml").write_text(f"[nl]\n{lists}[en]\n{lists}")
    words = config.load(own).safety_words
    assert words.notice("pannenkoeken") is Danger.DISTRESS
    assert words.notice("ik wil dood") is None


def test_a_fault_in_the_words_is_told_in_one_line(tmp_path: Path) -> None:
    """It names the list and the number of the term."""
    own = Path(shutil.copy(school_file.SHIPPED, tmp_path))
    shipped = SHIPPED.read_text(encoding="utf-8")
    (tmp_path / "safety_words.toml").write_text(shipped.replace('"dood wil|wou|wilde"', '"Dood wil"'))
    assert told(own) == [f"safety_words.toml: nl.distress[2]: is 'Dood wil'; expected {A_TERM}"]
