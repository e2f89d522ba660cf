"""Read a roster file, CSV or Excel, into a table of text. The content decides what it is, not the name."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.roster import limits
from bot.roster.errors import RosterError
from bot.roster.model import Fault, Line, Table
from bot.roster.workbook import read_workbook

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and any Excel file with a password
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OTHER = (b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<", b"7z\xbc\xaf")


def read(source: Path | bytes, file_name: str = "") -> Table:
    """Read a roster file; raises RosterError where it is no table or too large."""
    name = file_name or (source.name if isinstance(source, Path) else "")
    try:
        data = source if isinstance(source, bytes) else _load(source)
        return _table(name, data)
    except RosterError as error:
        error.file_name = name
        raise


def _load(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limits.FILE_BYTES + 1)
    except (OSError, ValueError):  # ValueError: a NUL in the path
        raise RosterError(Fault.UNREADABLE) from None


def _table(name: str, data: bytes) -> Table:
    if len(data) > limits.FILE_BYTES:
        raise RosterError(Fault.TOO_BIG, limit=limits.FILE_BYTES)
    if data.startswith(_OLE):
        raise RosterError(Fault.OLD_EXCEL)
    rows = read_workbook(data) if data.startswith(_ZIP) else _csv_rows(_decode(data))
    lines = _lines(rows)
    if not lines:
        raise RosterError(Fault.EMPTY)
    header, *rest = lines
    return Table(file_name=name, header=header.cells, lines=tuple(rest), header_row=header.number)


def _lines(rows: Iterable[Sequence[str]]) -> list[Line]:
    lines: list[Line] = []
    characters = 0
    for number, row in enumerate(rows, start=1):
        cells = [_tidy(cell) for cell in row]
        if not any(cells):
            continue
        if len(lines) > limits.ROWS:
            raise RosterError(Fault.TOO_MANY_ROWS, limit=limits.ROWS)
        if len(cells) > limits.COLUMNS and any(cells[limits.COLUMNS :]):
            raise RosterError(Fault.TOO_MANY_COLUMNS, row=number, limit=limits.COLUMNS)
        if max(map(len, cells)) > limits.CELL_CHARACTERS:
            raise RosterError(Fault.CELL_TOO_LONG, row=number, limit=limits.CELL_CHARACTERS)
        characters += sum(map(len, cells))
        if characters > limits.TEXT_CHARACTERS:
            raise RosterError(Fault.TOO_MUCH_TEXT, limit=limits.TEXT_CHARACTERS)
        lines.append(Line(number=number, cells=tuple(cells)))
    return lines


def _tidy(cell: str) -> str:
    """Give a cell one spelling: composed letters, single spaces, none around."""
    return " ".join(unicodedata.normalize("NFC", cell).split()) if cell else cell


def _decode(data: bytes) -> str:
    if data.startswith(_UTF_16):
        raise RosterError(Fault.UTF_16)
    if data.startswith(_OTHER):
        raise RosterError(Fault.OTHER_FORMAT)
    if b"\0" in data:
        raise RosterError(Fault.NUL)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RosterError(Fault.ENCODING)


def _csv_rows(text: str) -> Iterable[list[str]]:
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows_read = 0
    try:
        for cells in reader:
            yield cells
            rows_read += 1
    except csv.Error:  # its text may quote the file
        raise RosterError(Fault.QUOTES, row=rows_read + 1) from None


def _separator(text: str) -> str:
    """Choose what stands between the names of the header: the first line that holds anything."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    if not header:
        raise RosterError(Fault.EMPTY)
    semicolons, commas = header.count(";"), header.count(",")
    if not semicolons and not commas:
        raise RosterError(Fault.NO_SEPARATOR)
    return ";" if semicolons >= commas else ","
