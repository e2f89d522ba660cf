"""CSV as schools' systems write it, and as nobody should."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.roster import limits
from bot.roster.errors import RosterError
from bot.roster.model import Fault, Table
from bot.roster.reading import read
from tests.roster.tables import COLUMNS, csv_text, fault_of, good

SAMPLE = Path(__file__).parents[2] / "config" / "samples" / "rooster-2026.csv"


def rows_of(table: Table) -> list[tuple[int, tuple[str, ...]]]:
    return [(line.number, line.cells) for line in table.lines]


@pytest.mark.parametrize("separator", [";", ","])
def test_either_separator_gives_the_same_table(separator: str) -> None:
    """The header line tells which separator a file has; a quoted cell may hold it."""
    table = read(csv_text(good(leerbedrijf="Bos; Berg, en Dal"), separator=separator).encode())
    assert table.header == COLUMNS
    assert dict(zip(table.header, table.lines[0].cells, strict=True)) == good(leerbedrijf="Bos; Berg, en Dal")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_letters_survive_every_encoding(encoding: str) -> None:
    """UTF-8 with or without BOM and Windows-1252 read alike."""
    assert read("stage;student\n1;Zoë van 't Höf €\n".encode(encoding)).lines[0].cells == (
        "1",
        "Zoë van 't Höf €",
    )


def test_letters_outside_windows_1252_are_read_as_utf_8() -> None:
    """UTF-8 is tried first, so a Turkish name stays what it is."""
    assert read("a;b\nYılmaz;Š\n".encode()).lines[0].cells == ("Yılmaz", "Š")


def test_two_spellings_of_one_letter_become_one() -> None:
    """A decomposed ë, as macOS writes it, equals the composed one, and spaces are tidied."""
    assert read("a;b\nZoe\u0308;  van\u00a0 \tDijk \n".encode()).lines[0].cells == ("Zo\u00eb", "van Dijk")


def test_row_numbers_are_those_of_the_spreadsheet() -> None:
    """Empty rows are skipped but counted; a cell with a line break is one row."""
    table = read(b'a;b\r\n\r\n1;"x\r\ny"\r\n;\r\n2;z\r\n')
    assert rows_of(table) == [(3, ("1", "x y")), (5, ("2", "z"))]


@pytest.mark.parametrize("name", ["../../etc/rooster.csv", "rooster.xlsx", "a\nb\x1b[31m.csv", "con", ""])
def test_a_name_is_only_text(name: str) -> None:
    """What a file is called neither opens anything nor decides what it is."""
    assert read(b"a;b\n1;2\n", name).file_name == name


def test_cells_that_look_like_formulas_stay_text() -> None:
    """Nothing in a CSV is ever evaluated or changed."""
    cells = ("=1+1", "+31 Events", "-", "@Home")
    assert read(("a;b;c;d\n" + ";".join(cells)).encode()).lines[0].cells == cells


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"\n ; \n", Fault.EMPTY),
        (b"\xef\xbb\xbf", Fault.EMPTY),
        (b"stage\tstudent\n1\t2\n", Fault.NO_SEPARATOR),
        (b"a;b\n1;\0\n", Fault.NUL),
        ("a;b\n1;2\n".encode("utf-16"), Fault.UTF_16),
        (b"a;b\n\x81\x8d;2\n", Fault.ENCODING),
        (b'a;b\n1;"open\n2;3\n', Fault.QUOTES),
        (b'a;b\n1;"Hotel" IJ\n', Fault.QUOTES),
        (b"%PDF-1.7 a;b", Fault.OTHER_FORMAT),
        (b"<html>a;b", Fault.OTHER_FORMAT),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, Fault.OLD_EXCEL),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(data: bytes, fault: Fault) -> None:
    """Each kind of wrong file gets its own line, not a parser's."""
    assert fault_of(data) is fault


@pytest.mark.parametrize(
    ("data", "fault", "row"),
    [
        (b"a;b\n" + b"1;2\n" * (limits.ROWS + 1), Fault.TOO_MANY_ROWS, None),
        (b"a;b\n" + b";" * limits.COLUMNS + b"x\n", Fault.TOO_MANY_COLUMNS, 2),
        (b"a;b\n\n1;" + b"x" * (limits.CELL_CHARACTERS + 1), Fault.CELL_TOO_LONG, 3),
        (b"a;b\n1;" + b"x" * 200_000, Fault.QUOTES, 2),
        (b"a;b\n" + b"1" * limits.FILE_BYTES, Fault.TOO_BIG, None),
    ],
    ids=["rows", "columns", "cell", "field", "bytes"],
)
def test_what_is_too_large_is_refused(data: bytes, fault: Fault, row: int | None) -> None:
    """Every limit holds, and the row is named where there is one."""
    with pytest.raises(RosterError) as raised:
        read(data)
    assert (raised.value.fault, raised.value.row) == (fault, row)


def test_as_large_as_allowed_is_read() -> None:
    """The limits themselves are still allowed."""
    wide = b";".join([b"x" * limits.CELL_CHARACTERS] * limits.COLUMNS)
    assert len(read(b"a;b\n" + wide + b"\n" + b"1;2\n" * (limits.ROWS - 1)).lines) == limits.ROWS


def test_a_file_is_read_from_disk_under_its_own_name() -> None:
    """A path needs no name beside it."""
    table = read(SAMPLE)
    assert (table.file_name, len(table.lines)) == ("rooster-2026.csv", 24)


@pytest.mark.parametrize("name", ["absent.csv", ".", "nul\0.csv"])
def test_a_path_that_cannot_be_opened_is_one_clear_line(tmp_path: Path, name: str) -> None:
    """A missing file, a folder and an impossible name are told alike."""
    with pytest.raises(RosterError) as raised:
        read(tmp_path / name)
    assert raised.value.fault is Fault.UNREADABLE


def test_an_error_names_the_file_and_nothing_it_holds() -> None:
    """The line is safe to print whatever the file is called, and quotes no cell."""
    with pytest.raises(RosterError) as raised:
        read(b'a;b\n"Samira" El Amrani;2\n', "klas\x1b[31m.csv")
    assert str(raised.value) == (
        "klas\\x1b[31m.csv: row 2: a quoted cell is not closed as it should be "
        '("like this", a quote inside is "")'
    )


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    """No file makes anything but a table or a RosterError."""
    assert fault_of(data) in {None, *Fault}


@given(st.text(alphabet='ab;,"\n\r =@\x00\x1c\u2028é', max_size=60))
def test_any_text_like_csv_is_a_table_or_refused(text: str) -> None:
    """Nor does text that is almost a table."""
    assert fault_of(("a;b\n" + text).encode()) in {None, *Fault}
