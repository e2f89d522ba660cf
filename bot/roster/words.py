"""The English words for what is wrong. Another language is another pair of these two tables."""

from __future__ import annotations

from collections.abc import Mapping

from bot.roster.model import Fault, Finding, Problem

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
    Problem.MEETING_NOT_PLANNED: "three planned meetings a stage",
    Problem.TEAM_WITHOUT_COORDINATOR: "a coordinator for this team in the school's own file",
}


def fault_words(fault: Fault, limit: int | None) -> str:
    """Say what is wrong with a file."""
    return FAULTS[fault].format(limit=f"{limit:,}" if limit is not None else "")


def expected(finding: Finding) -> str:
    """Say what was expected instead."""
    words = EXPECTED[finding.problem].format(**finding.details)
    near = finding.details.get("near")
    return f'{words} (did you mean "{near}"?)' if near else words


def finding_line(finding: Finding) -> str:
    """Say in one line where something is wrong, what stands there and what was expected."""
    place = f"row {finding.row}" + (f", column {finding.column}" if finding.column else "")
    value = f': "{finding.value}"' if finding.value is not None else ""
    label = "warning, " if finding.is_warning else ""
    return f"{label}{place}{value}: expected {expected(finding)}"
