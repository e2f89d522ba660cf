"""What scripted people write: as real people do, each text with an invented word that is found anywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from random import Random

from conversations.model import Language

_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_SYLLABLES = [c + v for c in _CONSONANTS for v in _VOWELS]
_WORDS = len(_SYLLABLES) ** 4
_STEP = 7_919_177  # has no factor in common with _WORDS: every number gets a word of its own
_A_PERSON = 1_000  # words that one person may use up
_APART = 10  # so many people share a stretch of words, each a part of it
_STRETCHES = _WORDS // (_APART * _A_PERSON)
INVENTED = re.compile(r"\b[A-Z][a-z]{7}x\b")


class Style(StrEnum):
    """How somebody writes."""

    PLAIN = "plain"
    SLOPPY = "sloppy"
    SHORT = "short"
    LEARNER = "learner"
    ENGLISH = "english"
    TRAINER = "trainer"
    TEACHER = "teacher"
    ALARM = "alarm"


_TEXTS: Mapping[Style, Sequence[str]] = {
    Style.PLAIN: (
        "Bij {w} mocht ik zelf de gasten ontvangen. Eerst durfde ik niet, daarna ging het vanzelf.",
        "Voor {w} heb ik de planning gemaakt en mijn collega hoefde bijna niks te veranderen.",
        "{w} liep uit. Toen heb ik zelf bedacht dat de pauze korter kon.",
        "Zaal {w} was dubbel geboekt. Ik wist niet of ik dat zelf mocht oplossen, dus ik heb het gevraagd.",
        "Met {w} ging het eerst mis omdat ik te snel wilde. De tweede keer heb ik rustig geluisterd.",
        "Op afdeling {w} zag ik hoe belangrijk het is om eerst even te kijken voor je begint.",
        "Ik dacht dat {w} saai zou zijn, maar ik leerde er juist veel van. 🙂",
    ),
    Style.SLOPPY: (
        "bij {w} wist ik ff niet wat ik moest doen dus heb ik het gwn gevraagt",
        "{w} opgebouwt, was wel zwaar maar ook leuk haha",
        "ik mogt voor {w} zelf bellen met de leverancier, was spannent",
        "die klant van {w} werdt boos maar ik bleef rustig, me begelijder zei goed gedaan",
        "weet niet zo goed, {w} was druk en niemant had tijd om uitteleggen",
    ),
    Style.SHORT: ("{w} ging goed", "kassa {w}", "{w} opgeruimd", "ja {w}", "weet niet {w}"),
    Style.LEARNER: (
        "Ik heb bij {w} geholpen met tafel. Collega heeft mij twee keer uitgelegd en dan ik kan het.",
        "In {w} de mensen praten snel. Ik vraag: kunt u langzaam? Dat was goed.",
        "Voor {w} ik moet kiezen: wachten of zelf doen. Ik heb gewacht, misschien is niet goed.",
        "Ik wil leren hoe werkt {w}, want ik heb nog nooit gedaan.",
    ),
    Style.ENGLISH: (
        "At {w} I welcomed the guests on my own for the first time, and it went well.",
        "{w} took longer than planned. I asked my colleague what to do first.",
        "I did not understand the list for {w}, so I asked to explain it again.",
    ),
    Style.TRAINER: (
        "Bij {w} nam ze zelf het woord tegen een lastige gast, en bleef vriendelijk.",
        "Vorige week {w}: heeft de draaiboeken gecontroleerd en twee fouten gevonden.",
        "{w} ging nog rommelig, de volgorde klopte niet. Samen opnieuw gedaan.",
        "Ik heb {w} eerst voorgedaan omdat er veel druk op stond.",
        "Tijdens {w} zag ik dat de rust er was, dus ik heb het losgelaten.",
        "{w} prima opgepakt",
    ),
    Style.TEACHER: (
        "{w}: volgende keer doet hij het zonder hulp, en vertelt hoe het ging.",
        "{w} krijgt een vaste plek in de week, op dinsdagochtend",
        "Map {w} nalopen en samen bespreken wat er mist",
    ),
    Style.ALARM: (
        "{w}: ze schelden me uit en lachen me uit",
        "na {w} durf ik niet meer naar mijn stage",
        "{w}, ik trek het niet meer",
    ),
}
_QUESTIONS = ("Wat leerde je van {w}?", "Hoe liep het af met {w}?", "Wie hielp je bij {w}")
_NO_MOMENTS = (
    "ergens volgende week na {w}",
    "31 februari 10:00 ({w})",
    "{w}, laat in de middag",
    "1 september 10:00",
)
_MONTHS = ("jan", "feb", "maart", "april", "mei", "juni", "juli", "aug", "sept", "okt", "nov", "dec")
_CHANGED: Mapping[Language, str] = {
    Language.NL: " (ik bedoel: met hulp)",
    Language.EN: " (I mean: with help)",
}


def invented(person: int, number: int) -> str:
    """Invent a word that nobody else in the rehearsal uses, such as "Bagunidox".

    Raises ValueError where there are no words left: two people with one word would hide what is wrong.
    """
    part, stretch = divmod(person, _STRETCHES)
    if part >= _APART or number >= _A_PERSON:
        raise ValueError(f"no word left for number {number} of person {person}")
    left = (((stretch * _APART + part) * _A_PERSON + number) * _STEP + 13) % _WORDS
    syllables = []
    for _ in range(4):
        left, one = divmod(left, len(_SYLLABLES))
        syllables.append(_SYLLABLES[one])
    return "".join(syllables).capitalize() + "x"


def text(style: Style, word: str, random: Random) -> str:
    """Write something in somebody's style; the word stands early, so that a cut quote still shows it."""
    return random.choice(_TEXTS[style]).replace("{w}", word)


def question(word: str, random: Random) -> str:
    """Write the one extra question of a teacher."""
    return random.choice(_QUESTIONS).replace("{w}", word)


def no_moment(word: str, random: Random) -> str:
    """Write what can't be the day and time of a meeting."""
    return random.choice(_NO_MOMENTS).replace("{w}", word)


def moment(day: date, random: Random) -> str:
    """Write a day and a time as people do."""
    hour, month = random.randint(9, 15), _MONTHS[day.month - 1]
    forms = (
        f"{day.day} {month} {hour}:00",
        f"{day:%d-%m-%Y} {hour}.30",
        f"{day.day}-{day.month} om {hour} uur",
    )
    return random.choice(forms)


def correction(language: Language) -> str:
    """Give what somebody adds who changes an earlier text."""
    return _CHANGED[language]
