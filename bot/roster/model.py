"""A roster as frozen data: the raw table, the people and stages in it, and what was found wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from conversations.roster import Person, StageRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One filled row, cells as trimmed text; `number` is the row number that a spreadsheet shows."""

    number: int
    cells: tuple[str, ...] = field(repr=False)  # personal data: never in a log or a test's output


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file as it was read, before anything is understood. The header is row `header_row`."""

    file_name: str
    header: tuple[str, ...] = field(repr=False)
    lines: tuple[Line, ...]
    header_row: int = 1


class Fault(StrEnum):
    """What is wrong with a file as a whole. The words for it are in `words`."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TOO_BIG = "too_big"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    CELL_TOO_LONG = "cell_too_long"
    TOO_MUCH_TEXT = "too_much_text"
    UNPACKS_TOO_BIG = "unpacks_too_big"
    OLD_EXCEL = "old_excel"
    MACROS = "macros"
    BINARY_EXCEL = "binary_excel"
    OPEN_DOCUMENT = "open_document"
    OTHER_FORMAT = "other_format"
    UTF_16 = "utf_16"
    NUL = "nul"
    ENCODING = "encoding"
    NO_SEPARATOR = "no_separator"
    QUOTES = "quotes"
    BROKEN_WORKBOOK = "broken_workbook"
    ENTITIES = "entities"
    NO_SHEET = "no_sheet"
    FORMULA = "formula"
    ERROR_CELL = "error_cell"
    NUMBER = "number"


class Problem(StrEnum):
    """What can be wrong with a roster's header, cell or row. The words for it are in `words`."""

    NO_HEADER = "no_header"
    MISSING_COLUMN = "missing_column"
    UNKNOWN_COLUMN = "unknown_column"
    DUPLICATE_COLUMN = "duplicate_column"
    TOO_MANY_CELLS = "too_many_cells"
    NO_ROWS = "no_rows"
    REQUIRED = "required"
    CONTROL_CHARACTER = "control_character"
    NOT_A_DATE = "not_a_date"
    NOT_A_MOMENT = "not_a_moment"
    NO_SUCH_MOMENT = "no_such_moment"
    NOT_A_TIME = "not_a_time"
    NOT_DAYS = "not_days"
    NOT_A_CHOICE = "not_a_choice"
    NOT_AN_EMAIL = "not_an_email"
    NOT_A_CODE = "not_a_code"
    UNKNOWN_PROGRAMME = "unknown_programme"
    END_BEFORE_BEGIN = "end_before_begin"
    TOO_LONG = "too_long"
    NO_STAGE_DAY = "no_stage_day"
    MEETING_OUTSIDE = "meeting_outside"
    MEETING_ORDER = "meeting_order"
    AGE = "age"
    CONSENT = "consent"
    DUPLICATE_STAGE = "duplicate_stage"
    PERSON_DIFFERS = "person_differs"
    OTHER_TEAM = "other_team"
    STAGE_OF_OTHER_TEAM = "stage_of_other_team"
    MEETING_NOT_PLANNED = "meeting_not_planned"
    TEAM_WITHOUT_COORDINATOR = "team_without_coordinator"


EITHER = " | "  # between two choices, in the details of a finding
WARNINGS = frozenset({Problem.MEETING_NOT_PLANNED, Problem.TEAM_WITHOUT_COORDINATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found wrong, or worth a warning. `details` fills the words of its problem.

    `value` is what the cell holds, safe to print; of a personal column it is the shape only
    ("99/99/9999"), and None where nothing is to be shown.
    """

    row: int
    column: str
    problem: Problem
    value: str | None = None
    details: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def is_warning(self) -> bool:
        """Tell a warning from an error, which keeps the whole file out."""
        return self.problem in WARNINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A checked roster: the rows without errors, the people in them, and all findings in row order.

    `mentioned` holds the code of every row, also of those with errors: such a stage is not missing.
    """

    stages: tuple[StageRow, ...]
    people: tuple[Person, ...]
    findings: tuple[Finding, ...]
    mentioned: frozenset[str]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Give what must be mended first: with any error nothing may be imported."""
        return tuple(f for f in self.findings if not f.is_warning)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Give what is worth knowing but stops nothing."""
        return tuple(f for f in self.findings if f.is_warning)
