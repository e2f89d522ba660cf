"""`stagebot survey`."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from bot.cli.errors import Fault
from bot.cli.inviting import FORMULA
from bot.cli.opening import opened
from bot.cli.stagebot import utc_now
from bot.store import access, tally_answers
from conversations.model import Language, Wording
from conversations.overview.surveys import Result, results

COLUMNS = ("schooljaar", "team", "rol", "vragenset", "vraag", "antwoord", "aantal", "personen")
ROLES = {"student": "student", "trainer": "praktijkopleider"}
FEW = "minder dan vijf personen"


async def survey(config_file: Path | None, year: int | None, output: Path | None) -> None:
    """Write the end survey as CSV, to a file or to the screen; note in the access log that it was done."""
    async with opened(config_file) as work, work.db.writing() as tx:
        await access.log(tx, utc_now(), None, "survey", None)
        found = results(await tally_answers.survey_of(tx, None, work.school), work.school)
    text = as_csv([one for one in found if year is None or one.year == str(year)])
    if output is None:
        sys.stdout.write(text)
    else:
        _write(text, output)


def _write(text: str, output: Path) -> None:
    try:
        output.write_text(text, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise Fault(f"{output}: can't be written ({error.strerror or type(error).__name__})") from None
    typer.echo(f"{output}: {text.count(chr(10)) - 1} lines.", err=True)


def as_csv(found: Sequence[Result]) -> str:
    """Write results as a spreadsheet opens them: no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in found:
        for row in _rows(one):
            writer.writerow([harmless(cell) for cell in row])
    return out.getvalue()


def harmless(cell: str) -> str:
    """Put a quote before what a spreadsheet would take for a formula; line breaks become spaces."""
    line = " ".join(cell.split()) if cell.strip() else ""
    return f"'{line}" if line.startswith(FORMULA) else line


def _rows(one: Result) -> Iterator[list[str]]:
    place = [f"{one.year}-{int(one.year) + 1}", one.team, ROLES[one.role.value], one.question_set]
    place.append(_said(one.wording))
    if not one.people:
        yield [*place, FEW, "", ""]
    for label, number in one.choices:
        yield [*place, _said(label), str(number), str(one.people)]
    for text in one.texts:
        yield [*place, text, "1", str(one.people)]


def _said(wording: Wording) -> str:
    return wording.to(Language.NL)
