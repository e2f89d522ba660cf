"""`stagebot rehearse`: a whole roster, to the end of each stage, with scripted people."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

import structlog
import typer
from rich.console import Console

from bot.cli.memory import look_less_often
from bot.cli.playing import SAMPLE, playing
from bot.cli.rehearsal import report, rules
from bot.cli.rehearsal.gathering import gather
from bot.cli.rehearsal.performing import Cast
from bot.cli.rehearsal.record import Record
from bot.cli.rehearsal.sheets import Sheets

WIDTH = 110  # where the output is no terminal


async def rehearse(file: Path, seed: int, *, show_digests: bool) -> int:
    """Rehearse a roster and tell what came of it, with an exit code."""
    _log_errors_only()
    look_less_often()
    began = time.monotonic()
    record = await perform(file, seed)
    return tell(record, time.monotonic() - began, show_digests=show_digests)


def tell(record: Record, seconds: float, *, show_digests: bool) -> int:
    """Print what came of a rehearsal, and give 1 when a rule was broken."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False, markup=False)
    if show_digests:
        for page in report.pages(record):
            typer.echo(page)
    for table in (report.messages(record), report.outcomes(record)):
        console.print(table)
        console.print()
    broken = rules.broken(record)
    for one in broken:
        typer.echo(f"broken rule: {one}", err=True)
    typer.echo(report.summary(record, seconds))
    typer.echo(report.followed_up(record))
    if not broken:
        typer.echo("Every rule held.")
    return 1 if broken else 0


async def perform(file: Path | None, seed: int) -> Record:
    """Let the cast of a roster live through all its stages, and give the record of it."""
    async with playing(file) as play:
        cast = Cast(play, seed, Sheets.of(file or SAMPLE))
        await cast.assemble()
        begun = play.clock()
        await cast.perform()
        return await gather(play, cast, begun)


def _log_errors_only() -> None:
    level = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=level, logger_factory=structlog.PrintLoggerFactory(sys.stderr))
