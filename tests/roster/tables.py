"""Rosters for the tests: one good row to start from, as CSV text, as a workbook, as a checked roster."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence

from openpyxl import Workbook

from bot.roster.checking import check
from bot.roster.columns import OPTIONAL, REQUIRED
from bot.roster.errors import RosterError
from bot.roster.model import Fault, Problem, Roster
from bot.roster.reading import read

PROGRAMMES = ("business-events", "verzorgende")
TEAMS = ("Business Events", "Zorg")
COLUMNS = (*REQUIRED, *OPTIONAL)
SHEET = "xl/worksheets/sheet1.xml"

GOOD: Mapping[str, str] = {
    "stage": "BPV-1",
    "studentnummer": "1084200",
    "student": "Samira El Amrani",
    "geboortedatum": "2008-02-11",
    "toestemming_ouder": "",
    "praktijkopleider": "Ingrid Kuipers",
    "praktijkopleider_email": "i.kuipers@amstel.example",
    "aanspreekvorm": "je",
    "docent": "Kees Wouters",
    "docent_code": "WOK",
    "team": "Business Events",
    "opleiding": "business-events",
    "leerweg": "bbl",
    "leerbedrijf": "Congrescentrum Amstel",
    "leerbedrijf_plaats": "Amsterdam",
    "begindatum": "2026-09-07",
    "einddatum": "2027-01-29",
    "stagedagen": "di,wo,do",
    "einde_werkdag": "16:30",
    "gesprek_1": "2026-09-21 10:00",
    "plek_1": "leerbedrijf",
    "gesprek_2": "2026-11-16 13:30",
    "plek_2": "online",
    "gesprek_3": "2027-01-18 15:00",
    "plek_3": "telefoon",
    "taal": "en",
    "vakantie_door": "ja",
}

ANOTHER_STUDENT = {"stage": "BPV-2", "studentnummer": "1084217", "student": "Daan de Vries"}


def good(**changes: str) -> dict[str, str]:
    """Give the good row with these cells instead."""
    return {**GOOD, **changes}


def csv_text(*rows: Mapping[str, str], columns: Sequence[str] = COLUMNS, separator: str = ";") -> str:
    """Write rows as CSV with these columns."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue()


def workbook(*rows: Sequence[object], alter: Callable[[Workbook], None] = lambda _book: None) -> bytes:
    """Make an .xlsx file with these cells on its first sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    alter(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data: bytes, part: str, alter: Callable[[bytes], bytes]) -> bytes:
    """Change one part of a workbook, or add it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = alter(parts.get(part, b""))
    return zipped(parts)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Pack files into a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_cell(data: bytes, reference: str, cell: str) -> bytes:
    """Put other XML in the place of one cell."""
    pattern = rf'<c r="{reference}".*?</c>'.encode()
    return with_part(data, SHEET, lambda xml: re.sub(pattern, cell.encode(), xml))


def checked(*rows: Mapping[str, str], columns: Sequence[str] = COLUMNS) -> Roster:
    """Read and check rows by way of CSV."""
    return check(read(csv_text(*rows, columns=columns).encode()), PROGRAMMES, TEAMS)


def problems(roster: Roster) -> list[tuple[int, str, Problem]]:
    """Give where each finding is and which problem it tells."""
    return [(f.row, f.column, f.problem) for f in roster.findings]


def fault_of(data: bytes) -> Fault | None:
    """Tell why a file is refused; None where it is read."""
    try:
        read(data)
    except RosterError as error:
        return error.fault
    return None
