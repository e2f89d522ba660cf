"""Read the first visible sheet of an .xlsx file, after looking whether it is safe to read."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date, datetime, time, timedelta

from bot.roster import limits
from bot.roster.errors import RosterError
from bot.roster.model import Fault
from bot.roster.sheet_guard import Attributes, attribute, check_sheet, shared_text_lengths, walk

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_SHARED = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
_TYPES = "[Content_Types].xml"
_ALWAYS = (_TYPES, _WORKBOOK, _RELATIONS, _SHARED, _STYLES)
_ROOT = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship
Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
Target="xl/workbook.xml"/></Relationships>"""
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError, KeyError)

Parts = dict[str, bytes]


def read_workbook(data: bytes) -> list[list[str]]:
    """Give the rows of the first visible sheet as text, typed cells in the notation a CSV would have."""
    parts = _parts(data)
    if b"macroEnabled" in parts.get(_TYPES, b""):
        raise RosterError(Fault.MACROS)
    name, part = _first_sheet(parts)
    shared = shared_text_lengths(parts[_SHARED]) if _SHARED in parts else []
    wanted = {key: parts[key] for key in (*_ALWAYS, part) if key in parts}
    for xml in wanted.values():  # whichever of them calamine takes for the sheet
        check_sheet(xml, shared)
    return _rows(_repacked(wanted), name)


def _parts(data: bytes) -> Parts:
    """Unpack a workbook's XML in memory, once the sizes it claims are known to be sane."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_format({m.filename for m in members})
            _check_sizes(members, len(data))
            # Reading stops at the size that was claimed, so a lie about it gains nothing.
            return {m.filename: archive.read(m) for m in members if _is_wanted(m.filename)}
    except _BROKEN:
        raise RosterError(Fault.BROKEN_WORKBOOK) from None


def _is_wanted(name: str) -> bool:
    return name in _ALWAYS or (name.startswith("xl/worksheets/") and name.endswith(".xml"))


def _check_sizes(members: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(m.file_size for m in members)
    if len(members) > limits.PARTS or unpacked > limits.UNPACKED_BYTES:
        raise RosterError(Fault.UNPACKS_TOO_BIG)
    if unpacked > packed * limits.UNPACK_RATIO:
        raise RosterError(Fault.UNPACKS_TOO_BIG)


def _check_format(names: set[str]) -> None:
    if "xl/vbaProject.bin" in names or any(n.startswith("xl/macrosheets/") for n in names):
        raise RosterError(Fault.MACROS)
    if "xl/workbook.bin" in names:
        raise RosterError(Fault.BINARY_EXCEL)
    if "mimetype" in names:
        raise RosterError(Fault.OPEN_DOCUMENT)
    if _WORKBOOK not in names or _RELATIONS not in names:
        raise RosterError(Fault.OTHER_FORMAT)


def _first_sheet(parts: Parts) -> tuple[str, str]:
    """Find the name and the part of the first sheet that is not hidden."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            targets[attribute(attributes, "Id")] = attribute(attributes, "Target")

    def sheet(name: str, attributes: Attributes) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            sheets.append((attributes.get("name", ""), attribute(attributes, "id")))

    walk(parts[_RELATIONS], relation)
    walk(parts[_WORKBOOK], sheet)
    for name, relation_id in sheets:
        target = targets.get(relation_id, "").removeprefix("/")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if part in parts:
            return name, part
    raise RosterError(Fault.NO_SHEET)


def _repacked(parts: Parts) -> bytes:
    """Pack only the parts that were looked at, so that the reader sees nothing else."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("_rels/.rels", _ROOT)
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _rows(data: bytes, sheet: str) -> list[list[str]]:
    import python_calamine  # here: a bot that runs seldom reads a workbook

    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
            rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            return [[_text(cell) for cell in row] for row in rows]
    except (python_calamine.CalamineError, OSError, ValueError):
        raise RosterError(Fault.BROKEN_WORKBOOK) from None
    except OverflowError:  # a date beyond the year 9999
        raise RosterError(Fault.NUMBER) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a panic in Rust looks like: no Exception at all
            raise
        raise RosterError(Fault.BROKEN_WORKBOOK) from None


def _text(cell: object) -> str:
    """Write a typed cell as it would stand in a CSV file."""
    match cell:
        case str():
            return cell
        case bool():
            return "ja" if cell else "nee"
        case float():
            return str(int(cell)) if cell.is_integer() else str(cell)
        case datetime():
            return _minutes(cell).isoformat(sep=" ", timespec="minutes").removesuffix(" 00:00")
        case date():
            return cell.isoformat()
        case time():
            return _minutes(datetime.combine(date(2000, 1, 1), cell)).strftime("%H:%M")
        case timedelta():
            minutes = round(cell.total_seconds() / 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
        case _:
            return str(cell)


def _minutes(moment: datetime) -> datetime:
    """Round to the minute: a fraction of a day rarely hits it exactly."""
    return (moment + timedelta(seconds=30)).replace(second=0, microsecond=0)
