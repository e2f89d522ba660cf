"""Look through a workbook's XML before a reader is trusted with it.

calamine 0.9 lays a sheet out as a full rectangle: two cells far apart in a file of 5 kB make it ask for
gigabytes, and the process aborts; a huge number formatted as a date makes it panic. Expat streams, so looking
first costs little. A DOCTYPE is refused as soon as it begins, so that no entity is ever expanded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from bot.roster import limits
from bot.roster.errors import RosterError
from bot.roster.model import Fault

Attributes = dict[str, str]
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def walk(
    xml: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] = lambda _name: None,
    text: Callable[[str], None] = lambda _text: None,
) -> None:
    """Stream through XML, with local names; raises RosterError where it is broken or has a DOCTYPE."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = text
    if b"\0" in xml:  # UTF-16: this parser and calamine would not see the same
        raise RosterError(Fault.BROKEN_WORKBOOK)
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError):  # also an unknown encoding
        raise RosterError(Fault.BROKEN_WORKBOOK) from None


def attribute(attributes: Attributes, name: str) -> str:
    """Give an attribute by its local name, or nothing."""
    return next((value for key, value in attributes.items() if _local(key) == name), "")


def shared_text_lengths(xml: bytes) -> list[int]:
    """Measure each text that the cells of a workbook share."""
    lengths: list[int] = []

    def start(name: str, _attributes: Attributes) -> None:
        if name == "si":
            lengths.append(0)

    def text(piece: str) -> None:
        if lengths:
            lengths[-1] += len(piece)

    walk(xml, start, text=text)
    return lengths


def check_sheet(xml: bytes, shared: Sequence[int]) -> None:
    """Refuse a sheet that is too large for a roster, or holds a formula without value or an error."""
    sheet = _Sheet(shared=shared)
    walk(xml, sheet.start, sheet.end, sheet.text)


@dataclass(slots=True)
class _Sheet:
    """What is known of a sheet while its XML streams by."""

    shared: Sequence[int]
    row: int = 0
    column: int = 0
    in_cell: bool = False
    kind: str = ""
    parts: set[str] = field(default_factory=set)  # what the cell at hand holds: v, is, f
    piece: str = ""
    length: int = 0
    characters: int = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self.row, self.column = _number(attributes.get("r"), self.row + 1), 0
        elif name == "c":
            self.row, self.column = _position(attributes.get("r"), self.row, self.column + 1)
            self.in_cell, self.kind, self.parts, self.length = True, attributes.get("t", ""), set(), 0
        elif name in ("v", "is", "f"):
            self.parts.add(name)
        self.piece = ""

    def text(self, piece: str) -> None:
        if not self.in_cell:
            return
        self.piece += piece
        self.length += len(piece)
        if self.length > limits.CELL_CHARACTERS * 4:  # phonetic marks and a formula count here too
            raise RosterError(Fault.CELL_TOO_LONG, row=self.row, limit=limits.CELL_CHARACTERS)

    def end(self, name: str) -> None:
        if name == "v" and self.kind == "s":
            self.length = self._shared_length()
        elif name == "v" and self.kind in ("", "n", "d"):
            self._check_number()
        elif name == "c":
            self._check_cell()
            self.in_cell = False

    def _shared_length(self) -> int:
        index = _number(self.piece, -1)
        if not 0 <= index < len(self.shared):
            raise RosterError(Fault.BROKEN_WORKBOOK)
        return self.shared[index]

    def _check_number(self) -> None:
        try:
            within = abs(float(self.piece)) <= limits.NUMBER
        except ValueError:  # an ISO date
            return
        if not within:
            raise RosterError(Fault.NUMBER, row=self.row)

    def _check_cell(self) -> None:
        if not self.parts:  # formatted only: spreadsheets keep these far below the last row
            return
        if self.row > limits.ROWS * 2:
            raise RosterError(Fault.TOO_MANY_ROWS, limit=limits.ROWS)
        if self.column > limits.COLUMNS:
            raise RosterError(Fault.TOO_MANY_COLUMNS, row=self.row, limit=limits.COLUMNS)
        if "f" in self.parts and "v" not in self.parts:
            raise RosterError(Fault.FORMULA, row=self.row)
        if self.kind == "e":
            raise RosterError(Fault.ERROR_CELL, row=self.row)
        self.characters += self.length
        if self.characters > limits.TEXT_CHARACTERS:
            raise RosterError(Fault.TOO_MUCH_TEXT, limit=limits.TEXT_CHARACTERS)


def _refuse_doctype(*_declaration: object) -> None:
    raise RosterError(Fault.ENTITIES)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else otherwise


def _position(reference: str | None, row: int, column: int) -> tuple[int, int]:
    """Give (row, column) of a cell, both from 1; a cell without reference follows the one before it."""
    if reference is None:
        return row, column
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise RosterError(Fault.BROKEN_WORKBOOK)
    letters = 0
    for letter in match[1]:
        letters = letters * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), letters
