"""`stagebot roster check` and `stagebot roster import`."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.cli.errors import Fault
from bot.cli.opening import Opened, opened
from bot.cli.stagebot import utc_now
from bot.roster.checking import check as check_table
from bot.roster.comparing import Difference
from bot.roster.model import Roster
from bot.roster.reading import read
from bot.roster.report import difference_lines, finding_lines
from bot.services import rostering
from bot.store import access
from conversations.school import School


def read_roster(file: Path, school: School) -> Roster:
    """Read and check a roster file."""
    _refuse_a_missing(file)
    teams = {team for one in school.coordinators for team in one.teams}
    return check_table(read(file), school.programmes.keys(), teams, school.calendar.zone)


async def check(file: Path, config_file: Path | None) -> int:
    """Print every finding and what an import would change."""
    _refuse_a_missing(file)
    async with opened(config_file) as work:
        roster = read_roster(file, work.school)
        found = await _difference(work, roster)
    _print_findings(roster)
    for line in difference_lines(found):
        typer.echo(line)
    return 1 if roster.errors or found.other_student else 0


async def import_(file: Path, config_file: Path | None, *, end_missing: bool) -> int:
    """Import a roster without errors; one error keeps all of it out."""
    _refuse_a_missing(file)
    async with opened(config_file) as work:
        roster = read_roster(file, work.school)
        _print_findings(roster)
        if roster.errors:
            typer.echo(f"{file}: {len(roster.errors)} errors; nothing was imported", err=True)
            return 1
        async with work.db.writing() as tx:
            found = await rostering.difference(tx, roster, work.school)
            ended = found.missing if end_missing else ()
            await rostering.import_(tx, roster, found, ended, work.school, utc_now())
            await access.log(tx, utc_now(), None, "roster import", None)
    for line in difference_lines(found):
        typer.echo(line)
    if ended:
        typer.echo(f"{len(ended)} ended")
    return 0


def _refuse_a_missing(file: Path) -> None:
    if not file.is_file():
        raise Fault(f"{file}: no such file")


async def _difference(work: Opened, roster: Roster) -> Difference:
    async with work.db.reading() as tx:
        return await rostering.difference(tx, roster, work.school)


def _print_findings(roster: Roster) -> None:
    for line in finding_lines(roster):
        typer.echo(line, err=True)
