"""The words for what is wrong, in English. Another language is another `Words`: see `bot.roster.dutch`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.roster.model import EITHER, Fault, Finding, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All that is said about a roster, in one language."""

    faults: Mapping[Fault, str]
    expected: Mapping[Problem, str]
    row: str  # {row}
    column: str  # {column}
    expects: str  # {expected}
    near: str  # {near}
    warning: str
    either: str  # between two choices
    empty: str
    changed: str  # {column}, of which neither value is told
    reopened: str
    other_student: str  # {code}
    thousands: str


FAULTS: Mapping[Fault, str] = {
    Fault.UNREADABLE: "this file can't be opened",
    Fault.EMPTY: "there is nothing in this file",
    Fault.TOO_BIG: "a roster holds at most {limit} bytes",
    Fault.TOO_MANY_ROWS: "a roster has at most {limit} rows",
    Fault.TOO_MANY_COLUMNS: "a roster has at most {limit} columns",
    Fault.CELL_TOO_LONG: "a cell holds at most {limit} characters",
    Fault.TOO_MUCH_TEXT: "a roster holds at most {limit} characters in all",
    Fault.UNPACKS_TOO_BIG: "this workbook unpacks to far more than a roster needs",
    Fault.OLD_EXCEL: "an old .xls file, or one with a password: save it as .xlsx without password, or as CSV",
    Fault.MACROS: "a workbook with macros (.xlsm): save it as .xlsx or CSV",
    Fault.BINARY_EXCEL: "a binary workbook (.xlsb): save it as .xlsx or CSV",
    Fault.OPEN_DOCUMENT: "an OpenDocument file (.ods): save it as .xlsx or CSV",
    Fault.OTHER_FORMAT: "neither CSV nor .xlsx",
    Fault.UTF_16: "this text is UTF-16: save it as CSV UTF-8",
    Fault.NUL: "there is a NUL character in this file, so it is no CSV",
    Fault.ENCODING: "this text is neither UTF-8 nor Windows-1252: save it as CSV UTF-8",
    Fault.NO_SEPARATOR: "the first line has no ; or , between its column names",
    Fault.QUOTES: 'a quoted cell is not closed as it should be ("like this", a quote inside is "")',
    Fault.BROKEN_WORKBOOK: "this workbook is damaged: open it, save it again as .xlsx, or use CSV",
    Fault.ENTITIES: "this workbook defines entities, which no spreadsheet program does",
    Fault.NO_SHEET: "this workbook has no visible sheet",
    Fault.FORMULA: "a formula without a value: open the file, save it again, or paste values only",
    Fault.ERROR_CELL: "a cell holds an error such as #REF!",
    Fault.NUMBER: "a number of more than ten digits: format that cell as text",
}

EXPECTED: Mapping[Problem, str] = {
    Problem.NO_HEADER: "the names of the columns, such as stage;studentnummer;student",
    Problem.MISSING_COLUMN: "this column",
    Problem.UNKNOWN_COLUMN: "only columns that a roster has",
    Problem.DUPLICATE_COLUMN: "this column once",
    Problem.TOO_MANY_CELLS: "{columns} cells, one a column (quotes around a cell that holds a separator)",
    Problem.NO_ROWS: "at least one stage below the header",
    Problem.REQUIRED: "a value",
    Problem.CONTROL_CHARACTER: "text without control characters",
    Problem.NOT_A_DATE: "a date: yyyy-mm-dd or dd-mm-yyyy",
    Problem.NOT_A_MOMENT: "a date and a time: yyyy-mm-dd hh:mm or dd-mm-yyyy hh:mm",
    Problem.NO_SUCH_MOMENT: "a time that exists: the clock skips this hour when summer time begins",
    Problem.NOT_A_TIME: "a time: hh:mm",
    Problem.NOT_DAYS: "days out of {choices}, with commas between",
    Problem.NOT_A_CHOICE: "{choices}",
    Problem.NOT_AN_EMAIL: "an e-mail address",
    Problem.NOT_A_CODE: "a code: letters, digits and . _ -, {limit} characters at most",
    Problem.UNKNOWN_PROGRAMME: "a programme that is configured: {choices}",
    Problem.END_BEFORE_BEGIN: "a date after begindatum ({begin})",
    Problem.TOO_LONG: "at most {years} years after begindatum ({begin})",
    Problem.NO_STAGE_DAY: "a day that falls between begindatum and einddatum",
    Problem.MEETING_OUTSIDE: "a moment within the stage ({begin} to {end})",
    Problem.MEETING_ORDER: "a moment after {earlier}",
    Problem.AGE: "a student between {youngest} and {oldest} years old on the first day",
    Problem.CONSENT: "ja, for the student is under {age} on the first day",
    Problem.DUPLICATE_STAGE: "each stage once; row {other} has it too",
    Problem.PERSON_DIFFERS: "the same as in row {other}, which has the same {identity}",
    Problem.OTHER_TEAM: "a team that you coordinate: {teams}",
    Problem.STAGE_OF_OTHER_TEAM: "a stage of a team that you coordinate; this one belongs to another",
    Problem.MEETING_NOT_PLANNED: "three planned meetings a stage",
    Problem.TEAM_WITHOUT_COORDINATOR: "a coordinator for this team in the school's own file",
}


ENGLISH = Words(
    faults=FAULTS,
    expected=EXPECTED,
    row="row {row}",
    column=", column {column}",
    expects="expected {expected}",
    near=' (did you mean "{near}"?)',
    warning="warning, ",
    either=" or ",
    empty="(empty)",
    changed="{column} changed",
    reopened="open again",
    other_student="{code}: this code belongs to another student; give the new stage its own code",
    thousands=",",
)


def fault_words(fault: Fault, limit: int | None, words: Words = ENGLISH) -> str:
    """Say what is wrong with a file."""
    number = f"{limit:,}".replace(",", words.thousands) if limit is not None else ""
    return words.faults[fault].format(limit=number)


def expected(finding: Finding, words: Words = ENGLISH) -> str:
    """Say what was expected instead."""
    details = {
        name: value.replace(EITHER, words.either) if isinstance(value, str) else value
        for name, value in finding.details.items()
    }
    near = finding.details.get("near")
    said = words.expected[finding.problem].format(**details)
    return said + words.near.format(near=near) if near else said


def finding_line(finding: Finding, words: Words = ENGLISH) -> str:
    """Say in one line where something is wrong, what stands there and what was expected."""
    column = words.column.format(column=finding.column) if finding.column else ""
    value = f': "{finding.value}"' if finding.value is not None else ""
    label = words.warning if finding.is_warning else ""
    place = label + words.row.format(row=finding.row) + column + value
    return f"{place}: {words.expects.format(expected=expected(finding, words))}"
