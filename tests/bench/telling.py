"""Tells what was found: JSON with everything, a table on the screen, a table in a document."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.figures import Better, Figure, Part, Target

BEGIN, END = "<!-- figures of the bench: begin -->", "<!-- figures of the bench: end -->"
HEADINGS = ("figure", "measured", "to reach", "reached", "how")
LIBRARIES = ("python-telegram-bot", "aiohttp", "uvloop", "SQLAlchemy", "aiosqlite", "cryptography")
WIDTH = 150  # where the output is no terminal
_VERDICTS = {True: "yes", False: "no", None: ""}

Found = dict[str, Any]


def as_json(parts: Sequence[Part], options: dict[str, Any], peers: dict[str, str]) -> Found:
    """Give everything that was measured, with what it depends on."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": machine(),
        "peers": peers,
        "options": options,
        "parts": {part.name: _part(part) for part in parts},
    }


def machine() -> dict[str, Any]:
    """Tell what the figures depend on, without a word about whose machine it is."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "architecture": platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def added(before: Found, now: Found, order: Sequence[str]) -> Found:
    """Give what was measured now, with the other parts as they were measured before."""
    parts = before["parts"] | now["parts"]
    peers = before["peers"] | now["peers"]
    return {**now, "peers": peers, "parts": {name: parts[name] for name in order if name in parts}}


def save(file: Path, found: Found) -> None:
    """Write the JSON."""
    file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(file: Path) -> Found:
    """Read a JSON that was written here."""
    found: Found = json.loads(file.read_text(encoding="utf-8"))
    return found


def show(found: Found) -> None:
    """Print the table."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=WIDTH)
    table = Table(*HEADINGS)
    for part in found["parts"].values():
        for figure in map(_figure, part["figures"]):
            table.add_row(*_row(figure), style="red" if figure.reached is False else None)
        table.add_section()
    console.print(table)


def write_into(document: Path, found: Found) -> None:
    """Put the table between the two marks of a document."""
    before, begin, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{document.name} has no place for the figures: {BEGIN} and {END}")
    document.write_text(f"{before}{BEGIN}\n{markdown(found)}\n{END}{after}", encoding="utf-8")


def markdown(found: Found) -> str:
    """Write the table as a document has it."""
    return "\n".join([_dated(found), "", *_lines(found)])


def _lines(found: Found) -> Iterator[str]:
    yield f"| {' | '.join(HEADINGS)} |"
    yield f"|{'---|' * len(HEADINGS)}"
    for part in found["parts"].values():
        for figure in map(_figure, part["figures"]):
            yield f"| {' | '.join(cell.replace('|', '/') for cell in _row(figure))} |"


def _dated(found: Found) -> str:
    about = found["machine"]
    peers = ", ".join(f"{name} {number}" for name, number in found["peers"].items())
    return (
        f"Measured on {found['measured_at'][:10]} with Python {about['python']}, SQLite {about['sqlite']}, "
        f"{about['cores']} cores ({about['processor']}); peers: {peers or 'none'}."
    )


def _part(part: Part) -> dict[str, Any]:
    return {"figures": [_whole(figure) for figure in part.figures], "measured": part.measured}


def _whole(figure: Figure) -> dict[str, Any]:
    target = {"value": figure.target.value, "is": figure.target.better.value} if figure.target else None
    return asdict(figure) | {"median": figure.value, "target": target, "reached": figure.reached}


def _figure(row: dict[str, Any]) -> Figure:
    aim = row["target"]
    target = Target(value=aim["value"], better=Better(aim["is"])) if aim else None
    values = tuple(row["values"])
    return Figure(name=row["name"], unit=row["unit"], values=values, target=target, how=row["how"])


def _row(figure: Figure) -> tuple[str, str, str, str, str]:
    target = str(figure.target) if figure.target else ""
    return figure.name, figure.shown, target, _VERDICTS[figure.reached], figure.how


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )
