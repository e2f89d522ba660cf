"""The lines that an operator reads."""

from __future__ import annotations

import re

from bot.roster.dutch import DUTCH
from bot.roster.errors import RosterError
from bot.roster.model import Fault, Problem
from bot.roster.report import finding_lines
from bot.roster.words import ENGLISH, EXPECTED, FAULTS, finding_line
from tests.roster.tables import COLUMNS, checked, good


def test_every_problem_and_fault_has_words() -> None:
    """Nothing can be found that can't be said."""
    for words in (ENGLISH, DUTCH):
        assert (set(words.expected), set(words.faults)) == (set(Problem), set(Fault))


def test_both_languages_fill_in_the_same() -> None:
    """A number, a row or a choice that one of them tells, the other tells too."""
    pairs = [
        *((EXPECTED[p], DUTCH.expected[p]) for p in Problem),
        *((FAULTS[f], DUTCH.faults[f]) for f in Fault),
    ]
    assert [set(re.findall(r"{\w+}", en)) for en, _ in pairs] == [
        set(re.findall(r"{\w+}", nl)) for _, nl in pairs
    ]


def test_a_line_can_be_dutch() -> None:
    """For a coordinator who reads it in the chat."""
    columns = [c.replace("leerweg", "leerwegen") for c in COLUMNS]
    lines = [finding_line(f, DUTCH) for f in checked(good(taal="de", team="Horeca")).findings]
    assert lines == [
        f'let op, rij 2, kolom team: "Horeca": verwacht {DUTCH.expected[Problem.TEAM_WITHOUT_COORDINATOR]}',
        'rij 2, kolom taal: "de": verwacht nl of en',
    ]
    assert [finding_line(f, DUTCH) for f in checked(good(), columns=columns).findings] == [
        'rij 1, kolom leerwegen: verwacht alleen kolommen van een rooster (bedoel je "leerweg"?)'
    ]
    assert (
        RosterError(Fault.TOO_MANY_ROWS, limit=10_000).told(DUTCH) == "een rooster heeft hooguit 10.000 rijen"
    )


def test_a_line_tells_row_column_value_and_what_was_expected() -> None:
    """Errors and warnings read alike; an empty cell shows as empty."""
    rows = (good(einddatum="2026-09-01", taal="de", docent="", team="Horeca"), good(stage="BPV-1"))
    assert list(finding_lines(checked(*rows))) == [
        'row 2, column docent: "": expected a value',
        f'warning, row 2, column team: "Horeca": expected {EXPECTED[Problem.TEAM_WITHOUT_COORDINATOR]}',
        'row 2, column einddatum: "2026-09-01": expected a date after begindatum (2026-09-07)',
        'row 2, column taal: "de": expected nl or en',
        'row 3, column stage: "BPV-1": expected each stage once; row 2 has it too',
    ]


def test_a_misspelt_column_gets_a_suggestion() -> None:
    """What was probably meant is asked, not assumed."""
    columns = [c.replace("leerweg", "leerwegen") for c in COLUMNS]
    assert list(finding_lines(checked(good(), columns=columns))) == [
        'row 1, column leerwegen: expected only columns that a roster has (did you mean "leerweg"?)'
    ]


def test_a_limit_is_told_with_its_number() -> None:
    """The line of a fault names the limit."""
    error = RosterError(Fault.TOO_MANY_ROWS, limit=10_000)
    assert str(error) == "roster: a roster has at most 10,000 rows"
