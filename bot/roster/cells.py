"""What one cell means: text to a value, or a refusal that says which problem it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Annotated, TypeVar

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from bot.roster.model import EITHER, Problem
from conversations.model import Address, Language, Place, Track

T = TypeVar("T")

WEEKDAYS: Mapping[str, int] = {day: i for i, day in enumerate(("ma", "di", "wo", "do", "vr", "za", "zo"))}
PLACES: Mapping[str, Place] = {
    "leerbedrijf": Place.COMPANY,
    "online": Place.ONLINE,
    "telefoon": Place.PHONE,
}
TRACKS: Mapping[str, Track] = {"bol": Track.BOL, "bbl": Track.BBL}
ADDRESSES: Mapping[str, Address] = {"u": Address.U, "je": Address.JE}
LANGUAGES: Mapping[str, Language] = {"nl": Language.NL, "en": Language.EN}
YES_OR_NO: Mapping[str, bool] = {"ja": True, "nee": False}
_OTHER_YES_OR_NO = {"j": "ja", "yes": "ja", "y": "ja", "n": "nee", "no": "nee"}

_CODE_CHARACTERS = 64
_EMAIL_CHARACTERS = 254
_CODE = re.compile(r"[\w][\w./-]*")
_EMAIL = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\"]+\.[^@\s.,;<>()\"]+")
_DATE = re.compile(r"((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})|(\d{1,2})-(\d{1,2})-((?:19|20)\d\d)", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::00)?", re.ASCII)
_DAY_FRACTION = re.compile(r"0?[.,]\d+", re.ASCII)


def refusal(problem: Problem, **details: str | int) -> PydanticCustomError:
    """Make the error that pydantic collects; its type is the problem, its context the details."""
    return PydanticCustomError(problem.value, "see bot.roster.words", dict(details))


def parse_text(text: str) -> str:
    """Accept any text but control characters."""
    if any(unicodedata.category(c) == "Cc" for c in text):
        raise refusal(Problem.CONTROL_CHARACTER)
    return text


def parse_code(text: str) -> str:
    """Accept a code of letters, digits and . _ / -, such as BPV-2026-001."""
    if len(text) > _CODE_CHARACTERS or not _CODE.fullmatch(text):
        raise refusal(Problem.NOT_A_CODE, limit=_CODE_CHARACTERS)
    return text


def parse_email(text: str) -> str:
    """Accept what has the shape of an e-mail address; upper and lower case are the same person."""
    if len(text) > _EMAIL_CHARACTERS or not text.isprintable() or not _EMAIL.fullmatch(text):
        raise refusal(Problem.NOT_AN_EMAIL)
    return text.lower()


def parse_date(text: str) -> date:
    """Accept yyyy-mm-dd and dd-mm-jjjj."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise refusal(Problem.NOT_A_DATE)
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise refusal(Problem.NOT_A_DATE) from None


def parse_moment(text: str) -> datetime:
    """Accept a date and a time with a space or T between: local wall time, so without a zone."""
    day, _, clock = text.replace("T", " ").replace("t", " ").partition(" ")
    try:
        return datetime.combine(parse_date(day), _parse_clock(clock))
    except PydanticCustomError:
        raise refusal(Problem.NOT_A_MOMENT) from None


def parse_time(text: str) -> time:
    """Accept hh:mm, and the fraction of a day that a spreadsheet makes of it."""
    if _DAY_FRACTION.fullmatch(text):
        minutes = round(float(text.replace(",", ".")) * 24 * 60)
        if minutes < 24 * 60:
            return time(minutes // 60, minutes % 60)
    return _parse_clock(text)


def parse_days(text: str) -> frozenset[int]:
    """Accept ma..zo with commas or spaces between, as weekday numbers from 0 for Monday."""
    names = re.split(r"[\s,;]+", text.strip(" ,;").lower())
    if not set(names) <= WEEKDAYS.keys():
        raise refusal(Problem.NOT_DAYS, choices=", ".join(WEEKDAYS))
    return frozenset(WEEKDAYS[name] for name in names)


def parse_yes_or_no(text: str) -> bool:
    """Accept ja and nee, also in short and in English."""
    word = text.lower()
    return one_of(YES_OR_NO)(_OTHER_YES_OR_NO.get(word, word))


def one_of(choices: Mapping[str, T]) -> Callable[[str], T]:
    """Make a parser that accepts one of these words, in any case."""

    def parse(text: str) -> T:
        try:
            return choices[text.lower()]
        except KeyError:
            raise refusal(Problem.NOT_A_CHOICE, choices=EITHER.join(choices)) from None

    return parse


def _parse_clock(text: str) -> time:
    match = _TIME.fullmatch(text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise refusal(Problem.NOT_A_TIME)
    return time(int(match[1]), int(match[2]))


TextCell = Annotated[str, BeforeValidator(parse_text)]
CodeCell = Annotated[str, BeforeValidator(parse_code)]
EmailCell = Annotated[str, BeforeValidator(parse_email)]
DateCell = Annotated[date, BeforeValidator(parse_date)]
MomentCell = Annotated[datetime, BeforeValidator(parse_moment)]
TimeCell = Annotated[time, BeforeValidator(parse_time)]
DaysCell = Annotated[frozenset[int], BeforeValidator(parse_days)]
YesNoCell = Annotated[bool, BeforeValidator(parse_yes_or_no)]
PlaceCell = Annotated[Place, BeforeValidator(one_of(PLACES))]
TrackCell = Annotated[Track, BeforeValidator(one_of(TRACKS))]
AddressCell = Annotated[Address, BeforeValidator(one_of(ADDRESSES))]
LanguageCell = Annotated[Language, BeforeValidator(one_of(LANGUAGES))]
