"""Gives stagebot commands as an operator does: a process of its own, a data folder, settings."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from pathlib import Path

import config

SAMPLE = Path(config.__file__).parent / "samples" / "rooster-2026.csv"
TOKEN = "7000000001:SIMULATED-TOKEN"
PATIENCE = 60  # seconds; the machine may be busy


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said, line by line, and its exit code."""

    code: int
    out: list[str]
    err: list[str]


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody at the command line, in an empty folder, with settings for one data folder."""

    folder: Path
    urls: tuple[str, str] | None = None  # of the databases on a server

    @property
    def databases(self) -> tuple[str, str]:
        """Give the addresses of main and keys."""
        return self.urls or (f"sqlite:///{self.data}/stagebot.sqlite3", f"sqlite:///{self.data}/keys.sqlite3")

    @property
    def data(self) -> Path:
        """Give the data folder."""
        return self.folder / "data"

    @property
    def told_of_a_key(self) -> str:
        """Give the line that tells once that there is a new master key."""
        return (
            f"Made a new master key: {self.data}/master.key. Back it up apart from the data: "
            "without it nothing that people wrote can be read."
        )

    async def start(self, *words: str | Path, **settings: str | Path) -> Process:
        """Start a command; settings are named without STAGEBOT_."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.cli",
            *words,
            stdout=PIPE,
            stderr=PIPE,
            cwd=self.folder,
            env=environment(**{"data_dir": self.data} | elsewhere_as_settings(self.urls) | settings),
        )

    async def give(self, *words: str | Path, **settings: str | Path) -> Said:
        """Give a command and wait for its end; no command ever shows a traceback."""
        return await end(await self.start(*words, **settings))


def elsewhere_as_settings(urls: tuple[str, str] | None) -> dict[str, str | Path]:
    """Give the settings that name two databases on a server, if that is where they are."""
    return dict(zip(("database_url", "keys_url"), urls, strict=True)) if urls else {}


def environment(**settings: str | Path) -> dict[str, str]:
    """Give the environment with these settings and no others of stagebot."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STAGEBOT_")}
    return kept | {f"STAGEBOT_{name.upper()}": str(value) for name, value in settings.items()}


async def end(process: Process) -> Said:
    """Wait for a command's end."""
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert b"Traceback" not in err, err.decode()
    assert process.returncode is not None
    return Said(process.returncode, out.decode().splitlines(), err.decode().splitlines())


async def line_of(process: Process, word: str) -> str:
    """Wait until a running command says something on standard error with this word in it."""
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        async for line in process.stderr:
            if word in line.decode():
                return line.decode()
    raise AssertionError(f"it left without saying {word!r}")
