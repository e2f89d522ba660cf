"""Excel files: typed cells, and workbooks made to hurt."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.roster import limits
from bot.roster.checking import check
from bot.roster.model import Fault, Roster
from bot.roster.reading import read
from tests.roster.tables import (
    COLUMNS,
    PROGRAMMES,
    SHEET,
    TEAMS,
    checked,
    fault_of,
    good,
    with_cell,
    with_part,
    workbook,
    zipped,
)

SMALL = workbook(["a", "b"], ["1", 2])


def stages_of(data: bytes) -> Roster:
    return check(read(data), PROGRAMMES, TEAMS)


def test_a_workbook_of_text_gives_what_the_csv_gives() -> None:
    """The same cells are the same stages, whatever the file is called."""
    data = workbook(COLUMNS, [good()[column] for column in COLUMNS])
    assert stages_of(data) == checked(good())
    assert read(data, "rooster.csv").header == COLUMNS


def test_typed_cells_give_what_the_csv_gives() -> None:
    """Dates, moments, times, fractions of a day, numbers and booleans mean what they show."""
    typed: dict[str, object] = {
        **good(),
        "studentnummer": 1084200.0,
        "geboortedatum": date(2008, 2, 11),
        "begindatum": datetime(2026, 9, 7),  # noqa: DTZ001 (a spreadsheet knows no zones)
        "einde_werkdag": time(16, 30),
        "gesprek_1": datetime(2026, 9, 21, 10, 0),  # noqa: DTZ001
        "vakantie_door": True,
    }
    expected = checked(good())
    assert stages_of(workbook(COLUMNS, [typed[c] for c in COLUMNS])) == expected
    for end in (0.6875, timedelta(hours=16, minutes=30)):
        assert stages_of(workbook(COLUMNS, [{**typed, "einde_werkdag": end}[c] for c in COLUMNS])) == expected


def test_row_numbers_are_those_of_the_sheet() -> None:
    """Empty rows above and between count, as they do on the screen."""
    table = read(workbook([], ["a", "b"], [], ["1", "2"]))
    assert (table.header_row, [line.number for line in table.lines]) == (2, [4])


def test_the_first_visible_sheet_is_read() -> None:
    """A hidden sheet before it is not the roster, and what stands on the next is left alone."""

    def alter(book: Workbook) -> None:
        hidden = book.create_sheet("Verborgen", 0)
        hidden["A1"] = "hidden"
        hidden.sheet_state = "hidden"
        other = book.create_sheet("Uitleg")
        other["A1"] = "=1+1"
        other["XFD1048576"] = "x" * 5000

    assert read(workbook(["a", "b"], ["1", "2"], alter=alter)).lines == read(b"a;b\n1;2").lines


def test_formatting_far_below_the_last_row_is_no_row() -> None:
    """Spreadsheet programs keep empty, formatted rows to the end of the sheet."""
    end = b'<row r="1048576" ht="12.8"><c r="A1048576" s="0"/></row></sheetData>'
    data = with_part(SMALL, SHEET, lambda xml: xml.replace(b"</sheetData>", end))
    assert read(data).lines == read(SMALL).lines


def test_a_formula_counts_by_its_value() -> None:
    """What Excel saved as the outcome is what the roster holds."""
    data = with_cell(SMALL, "A2", '<c r="A2" t="str"><f>CONCAT("BPV-",1)</f><v>BPV-1</v></c>')
    assert read(data).lines[0].cells == ("BPV-1", "2")


def test_cells_that_look_like_formulas_stay_text() -> None:
    """A text cell that begins with a sign is not evaluated."""

    def alter(book: Workbook) -> None:
        for reference, text in (("A2", "=1+1"), ("B2", "@Home")):
            book.worksheets[0][reference].value = text
            book.worksheets[0][reference].data_type = "s"

    assert read(workbook(["a", "b"], alter=alter)).lines[0].cells == ("=1+1", "@Home")


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ('<c r="A2"><f>1+1</f></c>', Fault.FORMULA),
        ('<c r="A2" t="e"><v>#REF!</v></c>', Fault.ERROR_CELL),
        ('<c r="A2" s="1"><v>1e300</v></c>', Fault.NUMBER),
        ('<c r="A2"><v>nan</v></c>', Fault.NUMBER),
        ('<c r="A2" t="s"><v>9</v></c>', Fault.BROKEN_WORKBOOK),
        ('<c r="A2" t="s"><v>-1</v></c>', Fault.BROKEN_WORKBOOK),
        ('<c r="2A"><v>1</v></c>', Fault.BROKEN_WORKBOOK),
        ('<c r="A2"><v>1</c>', Fault.BROKEN_WORKBOOK),
        ('<c r="XFD2"><v>1</v></c>', Fault.TOO_MANY_COLUMNS),
        ('<c r="A1048576"><v>1</v></c>', Fault.TOO_MANY_ROWS),
        ('<c r="A2" t="inlineStr"><is><t>' + "x" * 501 + "</t></is></c>", Fault.CELL_TOO_LONG),
        ('<c r="A2" t="inlineStr"><is><t>' + "x" * 900_000 + "</t></is></c>", Fault.CELL_TOO_LONG),
    ],
    ids=str,
)
def test_a_cell_that_cannot_be_trusted_is_refused(cell: str, fault: Fault) -> None:
    """No cell is silently empty, and none makes the reader ask for gigabytes."""
    assert fault_of(with_cell(SMALL, "A2", cell)) is fault


def test_a_date_beyond_the_calendar_is_refused() -> None:
    """The last second of the year 9999, rounded to the minute, is no date any more."""
    data = workbook(["a", "b"], [datetime(2026, 9, 7, 10), 1])  # noqa: DTZ001 (a spreadsheet knows no zones)
    assert fault_of(with_cell(data, "A2", '<c r="A2" s="1"><v>2958465.99999</v></c>')) is Fault.NUMBER


def test_a_million_rows_are_refused() -> None:
    """The limit is on filled rows, with or without their numbers written down."""
    rows = b"<row><c><v>1</v></c></row>" * (limits.ROWS + 2)
    data = with_part(SMALL, SHEET, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))
    assert fault_of(data) is Fault.TOO_MANY_ROWS


def test_one_text_shared_by_too_many_cells_is_refused() -> None:
    """A text stands once in the file but once for each cell in memory."""
    data = workbook(["x" * 500, "b"])
    row = b'<row><c t="s"><v>0</v></c>' + b'<c t="s"><v>0</v></c>' * 99 + b"</row>"
    many = with_part(data, SHEET, lambda xml: xml.replace(b"</sheetData>", row * 101 + b"</sheetData>"))
    shared = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    )
    bomb = with_part(many, "xl/sharedStrings.xml", lambda _xml: shared % (b"x" * 500))
    assert fault_of(bomb) is Fault.TOO_MUCH_TEXT


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml", SHEET]
)
def test_a_workbook_with_entities_is_refused_before_any_is_expanded(part: str) -> None:
    """No part of a workbook may define entities: laughs by the billion start with one."""
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        b"]><r>&b;</r>"
    )
    assert fault_of(with_part(SMALL, part, lambda _xml: bomb)) is Fault.ENTITIES


def test_a_zip_bomb_is_refused_by_the_sizes_it_claims() -> None:
    """Sixty megabytes of nothing in one part, or a ratio no sheet has, is not unpacked."""
    assert (
        fault_of(with_part(SMALL, "xl/media/a.bin", lambda _x: b"\0" * 60_000_000)) is Fault.UNPACKS_TOO_BIG
    )
    assert fault_of(with_part(SMALL, "xl/media/a.bin", lambda _x: b"\0" * 9_000_000)) is Fault.UNPACKS_TOO_BIG
    assert fault_of(zipped({f"{i}.xml": b"" for i in range(limits.PARTS + 1)})) is Fault.OTHER_FORMAT
    many = {f"xl/{i}.xml": b"" for i in range(limits.PARTS)}
    assert fault_of(zipped({"xl/workbook.xml": b"", "xl/_rels/workbook.xml.rels": b"", **many})) is (
        Fault.UNPACKS_TOO_BIG
    )


def test_a_size_that_lies_is_found_out() -> None:
    """A part that unpacks to more than it claims is damage, not memory."""
    out = io.BytesIO(SMALL)
    with zipfile.ZipFile(out) as archive:
        size = archive.getinfo(SHEET).file_size
    lie = SMALL.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert fault_of(lie) is Fault.BROKEN_WORKBOOK


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (with_part(SMALL, "xl/vbaProject.bin", lambda _x: b"macro"), Fault.MACROS),
        (
            with_part(
                SMALL, "[Content_Types].xml", lambda x: x.replace(b"sheet.main", b"sheet.macroEnabled.main")
            ),
            Fault.MACROS,
        ),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), Fault.OPEN_DOCUMENT),
        (zipped({"xl/workbook.bin": b""}), Fault.BINARY_EXCEL),
        (zipped({"word/document.xml": b"<w/>"}), Fault.OTHER_FORMAT),
        (zipped({"../../etc/passwd": b"x"}), Fault.OTHER_FORMAT),
        (zipped({}), Fault.OTHER_FORMAT),
        (SMALL[:-40], Fault.BROKEN_WORKBOOK),
        (b"PK\x03\x04rest", Fault.BROKEN_WORKBOOK),
        (with_part(SMALL, SHEET, lambda x: x.decode().encode("utf-16")), Fault.BROKEN_WORKBOOK),
        (
            with_part(SMALL, SHEET, lambda _x: b'<?xml version="1.0" encoding="klingon"?><a/>'),
            Fault.BROKEN_WORKBOOK,
        ),
        (with_part(SMALL, "xl/workbook.xml", lambda _x: b"<workbook/>"), Fault.NO_SHEET),
        (workbook(), Fault.EMPTY),
    ],
)
def test_another_kind_of_zip_gets_its_own_line(data: bytes, fault: Fault) -> None:
    """Macros, other formats and damage are told apart by content, not by name."""
    assert fault_of(data) is fault


MUTATIONS: tuple[Callable[[bytes, int, int], bytes], ...] = (
    lambda data, at, value: data[:at] + bytes([value]) + data[at + 1 :],
    lambda data, at, value: data[:at] + data[at + value :],
    lambda data, at, value: data[:at] + data[at : at + value] * 3 + data[at + value :],
)


@given(st.sampled_from(MUTATIONS), st.integers(0, len(SMALL)), st.integers(0, 255))
def test_any_damage_to_a_workbook_is_a_table_or_refused(
    mutate: Callable[[bytes, int, int], bytes], at: int, value: int
) -> None:
    """Bytes changed, lost or repeated anywhere in the file make nothing but a table or a RosterError."""
    assert fault_of(mutate(SMALL, at, value)) in {None, *Fault}


@given(
    st.sampled_from(MUTATIONS),
    st.sampled_from([SHEET, "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]),
    st.integers(0, 1500),
    st.integers(0, 255),
)
def test_any_damage_inside_a_part_is_a_table_or_refused(
    mutate: Callable[[bytes, int, int], bytes], part: str, at: int, value: int
) -> None:
    """Nor does damage to the XML that the zip's checksum does not see."""
    assert fault_of(with_part(SMALL, part, lambda xml: mutate(xml, at, value))) in {None, *Fault}
