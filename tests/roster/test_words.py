"""The lines that an operator reads."""

from __future__ import annotations

from bot.roster.errors import RosterError
from bot.roster.model import Fault, Problem
from bot.roster.report import finding_lines
from bot.roster.words import EXPECTED, FAULTS
from tests.roster.tables import COLUMNS, checked, good


def test_every_problem_and_fault_has_words() -> None:
    """Nothing can be found that can't be said."""
    assert (set(EXPECTED), set(FAULTS)) == (set(Problem), set(Fault))


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
