"""Several processes that run the bot of one game on a PostgreSQL server, and who of them leads."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, fields
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from bot.cli.stagebot import Hook
from bot.telegram.pacing import Pace
from tests.crash.child import DATABASES, PACE
from tests.crash.game import STARTER, Game, game
from tests.postgres.server import Pair
from tests.several import child

STARTER.set_forkserver_preload(["tests.crash.child", "tests.several.child"])
PATIENCE = 60  # seconds; the machine may be busy
AT_WORK = 30  # calls after which a new leader is in the middle of its work


@dataclass(slots=True)
class Member:
    """One of the processes."""

    number: int
    process: ForkServerProcess
    log: Path
    hook: Hook | None

    @property
    def said(self) -> list[dict[str, Any]]:
        """Give the lines of its log so far."""
        if not self.log.exists():
            return []
        lines = self.log.read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}\n")]

    @property
    def term(self) -> int:
        """Give the term in which it leads, 0 where it does not."""
        last = [line for line in self.said if line["event"] in ("leading", "lead_lost")][-1:]
        leads = self.process.is_alive() and bool(last) and last[0]["event"] == "leading"
        return int(last[0]["term"]) if leads else 0


@dataclass(slots=True)
class Fleet(Game):
    """A game whose bot runs in several processes at once."""

    size: int = 3
    members: list[Member] = field(default_factory=list)
    takeovers: list[float] = field(default_factory=list)  # seconds until another process led
    hooks: list[Hook] = field(default_factory=list)  # one for each process
    urls: dict[int, str] = field(default_factory=dict)  # where each process finds Telegram
    pace: Pace = PACE
    _begun: int = 0

    async def outlive(
        self,
        kills: int,
        ways: Sequence[Callable[[Game, ForkServerProcess], Any]],
        *,
        anybody: bool = False,
    ) -> None:
        """Play on while the leader, or anybody, is killed so many times, each time in one of these ways."""
        for _ in range(self.size):
            self.begin()
        playing = asyncio.create_task(self._play())
        for _ in range(kills):
            leader = await self.leader()
            await self.called(AT_WORK, seconds=5)
            await self.chance.choice(list(ways))(self, leader.process)
            await self.fell(self.chance.choice(self.members) if anybody else leader)
            self.begin()
        await self.leader()
        playing.cancel()
        with suppress(asyncio.CancelledError):
            await playing

    async def fell(self, member: Member) -> None:
        """Kill a process (-9), and wait until one leads."""
        led, at = member.term > 0, time.monotonic()
        member.process.kill()
        await asyncio.to_thread(member.process.join)
        self.members.remove(member)
        self.kills += 1
        await self.leader()
        if led:
            self.takeovers.append(time.monotonic() - at)

    async def leader(self) -> Member:
        """Wait until somebody leads, and give them."""
        await self.until(lambda: any(one.term for one in self.members))
        return max(self.members, key=lambda one: one.term)

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait for what other processes do."""
        async with asyncio.timeout(PATIENCE):
            while not happened():  # noqa: ASYNC110 - they have no event here
                await asyncio.sleep(0.02)

    async def leave(self) -> float:
        """Ask all to stop, wait until they have left by themselves, and give how long that took (seconds)."""
        await self.until(lambda: all(one.said for one in self.members))
        at = time.monotonic()
        for one in self.members:
            one.process.terminate()
        for one in self.members:
            await asyncio.to_thread(one.process.join, PATIENCE)
        took = time.monotonic() - at
        assert [one.process.exitcode for one in self.members] == [0] * len(self.members)
        self.members.clear()
        return took

    def begin(self) -> Member:
        """Start one more process; it listens where the one listened that is gone."""
        self._begun += 1
        used = {one.hook.listen for one in self.members if one.hook}
        hook = next((hook for hook in self.hooks if hook.listen not in used), None)
        url = self.urls[self._begun] if self.urls else self.simulator.url
        args = (self.folder, url, self._begun, hook, self.pace)
        process = STARTER.Process(target=child.live, args=args, daemon=True)
        process.start()
        member = Member(self._begun, process, child.log_of(self.folder, self._begun), hook)
        self.members.append(member)
        return member

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Give what all processes said."""
        found = sorted(self.folder.glob("log.*"))
        return [json.loads(line) for log in found for line in log.read_text().splitlines() if line[0] == "{"]

    def rest_of_logs(self) -> str:
        """Give what is in the logs and is no line of a log, such as a traceback."""
        found = sorted(self.folder.glob("log.*"))
        return "".join(
            line for log in found for line in log.read_text().splitlines(keepends=True) if line[0] != "{"
        )


@asynccontextmanager
async def fleet(folder: Path, pair: Pair, seed: int, **how: Any) -> AsyncIterator[Fleet]:
    """Open a game on two databases of a server; whatever still runs at the end is killed."""
    (folder / DATABASES).write_text(f"{pair.main}\n{pair.keys}\n")
    async with game(folder, seed) as played:
        held = {one.name: getattr(played, one.name) for one in fields(played)}
        several = Fleet(**held, **how)
        try:
            yield several
        finally:
            for one in several.members:
                one.process.kill()
                one.process.join()


def free_port() -> int:
    """Give a port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
