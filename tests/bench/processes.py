"""Processes with a core of their own, what they cost, and the server among them."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

ROOT = Path(__file__).parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
LONGEST_LINE = 2**26  # bytes of a report
LAST_WORDS = 12  # lines of a process that ended before its time


class Broken(Exception):
    """A process of the bench did not do what it is there for."""


def cores() -> tuple[int, int]:
    """Give the core of the server and the core of the bot; the same one where there is only one."""
    there = sorted(os.sched_getaffinity(0))
    return there[0], there[-1]


@dataclass(frozen=True, slots=True)
class Child:
    """A process on a core of its own, with what it says on standard error in a file."""

    process: asyncio.subprocess.Process
    errors: Path

    @property
    def cpu(self) -> float:
        """Tell its CPU time so far, in seconds: all threads, user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def memory(self) -> tuple[float, float]:
        """Tell its memory now and at most so far, in MB."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        found = {name: value for name, _, value in (line.partition(":") for line in lines)}
        return int(found["VmRSS"].split()[0]) / 1000, int(found["VmHWM"].split()[0]) / 1000

    def refuse_an_end(self) -> None:
        """Raise where it ended by itself."""
        if self.process.returncode is not None:
            told = self.errors.read_text(errors="replace").splitlines()[-LAST_WORDS:]
            raise Broken("\n".join([f"ended with {self.process.returncode}:", *told]))

    async def end(self) -> None:
        """Ask it to stop, and wait until it did."""
        if self.process.returncode is None:
            self.process.terminate()
            try:
                async with asyncio.timeout(10):
                    await self.process.wait()
            except TimeoutError:
                self.process.kill()
                await self.process.wait()


@asynccontextmanager
async def started(
    command: Sequence[str],
    core: int,
    errors: Path,
    *,
    environment: Mapping[str, str] | None = None,
    talks: bool = False,
) -> AsyncIterator[Child]:
    """Run a process on one core until this is left; one that `talks` does so by its standard in and out."""
    pipe = asyncio.subprocess.PIPE if talks else None
    with errors.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=pipe or asyncio.subprocess.DEVNULL,
            stdout=pipe or log,
            stderr=log,
            cwd=ROOT,
            env={**_environment(), **(environment or {})},
            limit=LONGEST_LINE,
        )
    os.sched_setaffinity(process.pid, {core})  # threads that it starts later stay on that core too
    child = Child(process, errors)
    try:
        yield child
    finally:
        await child.end()


def _environment() -> dict[str, str]:
    """Give the environment without settings of a stagebot that somebody runs here."""
    return {name: value for name, value in os.environ.items() if not name.startswith("STAGEBOT_")}


def quietly() -> None:
    """Log nothing below a warning: what the bench runs is not what anybody watches."""
    level = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=level, logger_factory=structlog.PrintLoggerFactory(sys.stderr))


@dataclass(frozen=True, slots=True)
class Server:
    """The server as the bench speaks with it."""

    child: Child
    url: str

    def do(self, **order: object) -> None:
        """Have it do something."""
        assert self.child.process.stdin
        self.child.process.stdin.write(json.dumps(order).encode() + b"\n")

    async def event(self, name: str) -> dict[str, Any]:
        """Wait for the next event of this name."""
        assert self.child.process.stdout
        while line := await self.child.process.stdout.readline():
            told: dict[str, Any] = json.loads(line)
            if told["event"] == name:
                return told
        await self.child.process.wait()
        self.child.refuse_an_end()
        raise Broken("the server hung up")

    async def within(self, name: str, seconds: float, bot: Child) -> dict[str, Any]:
        """Wait for what the bot has to bring about; Broken where it ends, TimeoutError where it is late."""
        told = asyncio.ensure_future(self.event(name))
        ended = asyncio.ensure_future(bot.process.wait())
        try:
            await asyncio.wait({told, ended}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if told.done():
                return told.result()
            bot.refuse_an_end()
            raise TimeoutError(f"nothing came of it within {seconds:.0f} seconds ({name})")
        finally:
            told.cancel()
            ended.cancel()

    async def report(self) -> dict[str, Any]:
        """Ask what was handed out and sent."""
        self.do(do="report")
        return await self.event("report")


@asynccontextmanager
async def telegram(
    updates: Path, folder: Path, *, a_second: int = 0, latency: float = 0.0
) -> AsyncIterator[Server]:
    """Run the server until this is left. `a_second`: sends allowed in any one second, 0 for any number."""
    command = [sys.executable, "-m", "tests.bench.server", str(updates), str(a_second), str(latency)]
    async with started(command, cores()[0], folder / "server.log", talks=True) as child:
        server = Server(child, "")
        up = await server.event("up")
        yield Server(child, f"http://127.0.0.1:{up['port']}")


async def measured_inside(work: str, *folders: Path, profile: Path | None = None) -> dict[str, Any]:
    """Have a piece of work of `inside` done by a process on the bot's core, and give what it measured."""
    where = ["--profile", str(profile)] if profile else []
    command = [sys.executable, "-m", "tests.bench.inside", work, *map(str, folders), *where]
    async with started(command, cores()[1], folders[0] / "inside.log", talks=True) as child:
        told, _ = await child.process.communicate()
        if child.process.returncode:
            child.refuse_an_end()
        found: dict[str, Any] = json.loads(told)
        return found
