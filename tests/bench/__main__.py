"""`python -m tests.bench`: measures, prints one table and writes JSON."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from tests.bench import broadcast, chat, clockwork, memory, pages, rehearsed, starting, telling
from tests.bench.figures import Part
from tests.bench.preparing import STAGES
from tests.bench.processes import Broken, cores, quietly

PEERS = ("aiogram", "python-telegram-bot", "aiosqlite")
SHARE, SHARE_QUICK = 100, 12  # of the stages, in the rehearsal


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to measure, and how much of it."""

    quick: bool
    full: bool
    rounds: int
    answers: int
    stages: int
    peers: Path | None
    profile: Path | None
    uvloop: bool


async def _chat(options: Options) -> Part:
    contest = chat.Contest(
        answers=options.answers,
        rounds=options.rounds,
        peers=options.peers,
        profile=options.profile,
        uvloop=options.uvloop,
    )
    return await chat.measure(contest)


async def _broadcast(options: Options) -> Part:
    return await broadcast.measure(broadcast.FEW if options.quick else broadcast.MANY, options.peers)


async def _clock(options: Options) -> Part:
    return await clockwork.measure(quick=options.quick, rounds=options.rounds, profile=options.profile)


async def _digest(options: Options) -> Part:
    return await pages.measure(quick=options.quick, profile=options.profile)


async def _memory(options: Options) -> Part:
    return await memory.measure(quick=options.quick)


async def _start(options: Options) -> Part:
    return await starting.measure(quick=options.quick)


async def _rehearsal(options: Options) -> Part:
    share = SHARE_QUICK if options.quick else options.stages
    return await rehearsed.measure(STAGES if options.full else share, judged=not options.quick)


PARTS: dict[str, Callable[[Options], Coroutine[Any, Any, Part]]] = {
    "chat": _chat,
    "broadcast": _broadcast,
    "clock": _clock,
    "digest": _digest,
    "memory": _memory,
    "start": _start,
    "rehearsal": _rehearsal,
}
NAMES = ", ".join(PARTS)

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    *,
    parts: Annotated[list[str] | None, typer.Argument(help=f"{NAMES}; all if none is given.")] = None,
    quick: Annotated[bool, typer.Option(help="Smaller sizes, for every day.")] = False,
    full: Annotated[bool, typer.Option(help="Rehearse all 5,300 stages, not a share of them.")] = False,
    rounds: Annotated[int, typer.Option(min=1, help="How many times each contestant runs.")] = 3,
    answers: Annotated[int, typer.Option(min=100, help="Answers in each run of the chat.")] = 5_000,
    stages: Annotated[int, typer.Option(min=4, help="Stages to rehearse.")] = SHARE,
    peers: Annotated[Path | None, typer.Option(metavar="PYTHON", help="The Python with the peers.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write everything measured here.")] = None,
    add_to: Annotated[Path | None, typer.Option(help="Keep the other parts of this JSON.")] = None,
    write: Annotated[Path | None, typer.Option(help="Renew the table in this document.")] = None,
    profile: Annotated[Path | None, typer.Option(help="Profile chat, clock or digest, for pstats.")] = None,
    uvloop: Annotated[bool, typer.Option(help="Run the chat on uvloop.")] = False,
) -> None:
    """Measure what stagebot takes, beside its peers where they are at hand."""
    names = parts or list(PARTS)
    if unknown := sorted(set(names) - PARTS.keys()):
        raise typer.BadParameter(f"no part {', '.join(unknown)}; there are {NAMES}")
    if peers and not peers.exists():
        raise typer.BadParameter(f"no Python at {peers}; `make bench` makes one")
    if len(set(cores())) == 1:
        typer.echo("One core only: bot and server share it, and figures per second say less.", err=True)
    options = Options(
        quick=quick,
        full=full,
        rounds=rounds,
        answers=answers,
        stages=stages,
        peers=peers,
        profile=profile,
        uvloop=uvloop,
    )
    quietly()
    found = telling.as_json(_measured(names, options), _told(options), _versions(peers))
    if add_to:
        found = telling.added(telling.load(add_to), found, list(PARTS))
    telling.show(found)
    if json:
        telling.save(json, found)
    if write:
        telling.write_into(write, found)


def _measured(names: Sequence[str], options: Options) -> list[Part]:
    """Measure part by part; one that went wrong leaves a clear line and exit code 1."""
    found: list[Part] = []
    for name in names:
        typer.echo(f"measuring {name} ...", err=True)
        try:
            found.append(asyncio.run(PARTS[name](options)))
        except (Broken, TimeoutError) as error:
            typer.echo(f"{name} went wrong: {error}", err=True)
            raise typer.Exit(1) from None
    return found


def _told(options: Options) -> dict[str, Any]:
    """Give the options without a path of this machine."""
    return {name: value for name, value in asdict(options).items() if not isinstance(value, Path)}


def _versions(peers: Path | None) -> dict[str, str]:
    """Ask the peers' Python what it has."""
    if peers is None:
        return {}
    ask = f"from importlib.metadata import version\nfor n in {PEERS!r}: print(version(n))"
    told = subprocess.run([peers, "-c", ask], check=True, capture_output=True, text=True)  # noqa: S603 (our own)
    return dict(zip(PEERS, told.stdout.split(), strict=True))


if __name__ == "__main__":
    sys.exit(app())
