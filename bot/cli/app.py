"""`stagebot`: the commands, and how their faults are told.

Each command imports what it needs when it is given: `--help` and slips of the pen are answered at once.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Coroutine
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

T = TypeVar("T")

app = typer.Typer(
    name="stagebot",
    help="Asks students and trainers short questions during a stage, and hands the teacher one page "
    "just before each three-way meeting.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
roster_app = typer.Typer(help="Check or import the roster of stages.", no_args_is_help=True)


class ListFormat(StrEnum):
    """How to print a list."""

    TEXT = "text"
    CSV = "csv"


class PageFormat(StrEnum):
    """How to print a page."""

    TEXT = "text"
    JSON = "json"


Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings as TOML; the environment (STAGEBOT_...) wins."),
]
RosterFile = Annotated[Path, typer.Argument(metavar="FILE", help="The roster: .csv or .xlsx.")]


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command; every fault it can tell is one clear line and exit code 1."""
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except BaseException as error:
        from bot.cli.errors import told

        lines = told(error)
        if lines is None:
            raise
        for line in lines:
            typer.echo(line, err=True)
        raise typer.Exit(1) from None


@app.command()
def run(config: Config = None) -> None:
    """Run the bot, until Ctrl-C or SIGTERM. Needs STAGEBOT_TOKEN or STAGEBOT_TOKEN_FILE."""
    gc.disable()  # until `look_less_often`: what a start makes stays
    from bot.cli import running

    _run(running.run(config))


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port of the page with the phones; 0: any.")
    ] = 8080,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    roster: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Another roster than the sample.")
    ] = None,
) -> None:
    """Play a whole stage on phones in the browser, with a clock that jumps. Needs no token."""
    from bot.cli import demonstrating

    _run(demonstrating.demo(host, port, roster))


@app.command()
def check(config: Config = None) -> None:
    """Check settings, question sets, texts, programmes, holidays and contacts; name each fault."""
    from bot.cli import checking

    raise typer.Exit(_run(checking.check(config)))


@roster_app.command("check")
def roster_check(file: RosterFile, config: Config = None) -> None:
    """Print what importing would change, and every error with row, column, value and what was expected."""
    from bot.cli import rostering

    raise typer.Exit(_run(rostering.check(file, config)))


@roster_app.command("import")
def roster_import(
    file: RosterFile,
    end_missing: Annotated[
        bool, typer.Option("--end-missing", help="End the stages that the file no longer has.")
    ] = False,
    config: Config = None,
) -> None:
    """Import the roster: all of it or nothing. Importing twice changes nothing."""
    from bot.cli import rostering

    raise typer.Exit(_run(rostering.import_(file, config, end_missing=end_missing)))


app.add_typer(roster_app, name="roster")


@app.command()
def invites(
    output: Annotated[ListFormat, typer.Option("--format", help="text or csv.")] = ListFormat.TEXT,
    renew: Annotated[
        bool, typer.Option("--renew", help="New links also for those who hold one that still works.")
    ] = False,
    revoke: Annotated[
        str | None, typer.Option("--revoke", metavar="STAGE", help="Revoke the open links of a stage.")
    ] = None,
    again: Annotated[
        str | None,
        typer.Option(
            "--again", metavar="STAGE:ROLE", help="A new link for who joined already: a new phone, a mistake."
        ),
    ] = None,
    config: Config = None,
) -> None:
    """Give each person who has not joined a link, to open in Telegram. Links work once."""
    from bot.cli import inviting

    raise typer.Exit(
        _run(
            inviting.invites(
                config, as_csv=output is ListFormat.CSV, renew=renew, stage=revoke, again_for=again
            )
        )
    )


@app.command()
def digest(
    stage: Annotated[str, typer.Argument(metavar="STAGE", help="The stage's code, such as BPV-2026-001.")],
    meeting: Annotated[
        int | None, typer.Option(min=1, max=3, help="The meeting to prepare; the next one if not given.")
    ] = None,
    output: Annotated[PageFormat, typer.Option("--format", help="text or json.")] = PageFormat.TEXT,
    config: Config = None,
) -> None:
    """Print the page the teacher gets before a meeting, as it would be now."""
    from bot.cli import preparing

    _run(preparing.digest(config, stage, meeting, as_json=output is PageFormat.JSON))


@app.command()
def export(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Only what was due since.")
    ] = None,
    config: Config = None,
) -> None:
    """Print one JSON line for every question that was due, with what became of it."""
    from bot.cli import exporting

    day: date | None = since.date() if since else None
    _run(exporting.export(config, day))


@app.command()
def survey(
    year: Annotated[
        int | None, typer.Option(min=2000, max=2100, help="Only the school year that began in this year.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file to write; the screen if not given.")
    ] = None,
    config: Config = None,
) -> None:
    """Write the results of the end survey as CSV: counts and words without a name, of five people or more."""
    from bot.cli import surveying

    _run(surveying.survey(config, year, output))


@app.command()
def rehearse(
    file: RosterFile,
    seed: Annotated[int, typer.Option(help="Other people, other answers.")] = 1,
    digests: Annotated[bool, typer.Option(help="Print all digests.")] = True,
) -> None:
    """Replay a whole roster to the end of each stage with scripted people; fails when a rule is broken."""
    from bot.cli import rehearsing

    raise typer.Exit(_run(rehearsing.rehearse(file, seed, show_digests=digests)))


def main() -> None:
    """Run the command line."""
    try:
        app()
    except BrokenPipeError:  # the reader of our output went away
        sys.stderr.close()
        raise SystemExit(0) from None


__all__ = ["app", "main"]
