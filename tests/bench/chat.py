"""Answers handled and committed per second: stagebot and its peers side by side, in turns."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select

from bot.store import inbox, replies
from bot.store.tables import replies as replies_table
from tests.bench import updates
from tests.bench.child import SharedClock, stagebot
from tests.bench.figures import Figure, Part, Target, at_least, at_most
from tests.bench.places import opened, prepared, working
from tests.bench.preparing import ASKED, asked, deliver, settle
from tests.bench.processes import Broken, Child, Server, cores, started, telegram

PEERS = Path(__file__).with_name("peers")
PEER_SCRIPTS = {
    "PTB echo": PEERS / "ptb_echo.py",
    "aiogram echo": PEERS / "aiogram_echo.py",
    "PTB + aiosqlite": PEERS / "ptb_storing.py",
}
STAGEBOT = "stagebot"
WARM = 300  # answers before the measured ones: imports, statements and connections are no longer new
LONGEST = 300.0  # seconds
REST = 0.5  # seconds for what is written after the last message left
RATIOS = (("PTB echo", at_least(3)), ("aiogram echo", at_least(1.5)), ("PTB + aiosqlite", None))
CPU_SHARES = (("PTB echo", at_most(0.5)), ("aiogram echo", None), ("PTB + aiosqlite", None))
UNHURRIED = 100_000  # messages a second: far more than anybody sends


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One contestant, once. CPU in milliseconds for each answer; the server's as a share of its core."""

    who: str
    answers: int
    seconds: float
    cpu: float
    server: float
    peak_memory: float
    facts: dict[str, int]

    @property
    def per_second(self) -> float:
        """Tell the answers per second."""
        return self.answers / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """How many answers, how often, and who takes part: without the peers' Python only stagebot."""

    answers: int
    rounds: int
    peers: Path | None = None
    warm: int = WARM
    profile: Path | None = None
    uvloop: bool = False

    @property
    def people(self) -> int:
        """Tell how many people answer, those before the measured ones included."""
        return self.answers + self.warm


async def measure(contest: Contest) -> Part:
    """Let everybody run, and tell what it comes to."""
    runs = await rounds(contest)
    refuse_wrong(runs)
    return part(runs)


async def rounds(contest: Contest) -> list[Run]:
    """Let everybody run, in turns."""
    like = await prepared("asked", contest.people, _delivered)
    contestants = [*(PEER_SCRIPTS if contest.peers else ()), STAGEBOT]
    return [await _run(who, like, contest) for _ in range(contest.rounds) for who in contestants]


async def _delivered(folder: Path, count: int) -> None:
    await asked(folder, count)
    await deliver(folder, range(count))


async def _run(who: str, like: Path, contest: Contest) -> Run:
    with working(like) as folder:
        await settle(folder)
        file = updates.write(folder / "updates", range(contest.people), ASKED)
        async with telegram(file, folder) as server:
            command = _command(who, folder, server.url, contest)
            async with started(command, cores()[1], folder / "bot.log") as bot:
                run = await _measured(who, bot, server, contest.answers, contest.warm)
        if who == STAGEBOT:
            run.facts.update(await stored(folder))
        return run


def _command(who: str, folder: Path, url: str, contest: Contest) -> Sequence[str]:
    if who != STAGEBOT:
        return [str(contest.peers), str(PEER_SCRIPTS[who]), url, str(folder / "peer.sqlite3")]
    SharedClock.make(folder / "clock", ASKED)
    return stagebot(folder, url, UNHURRIED, profile=contest.profile, uvloop=contest.uvloop)


async def _measured(who: str, bot: Child, server: Server, answers: int, warm: int) -> Run:
    server.do(do="release", count=warm)
    server.do(do="tell", sent=warm)
    await server.within("sent", LONGEST, bot)
    await asyncio.sleep(REST)
    before, server_before = bot.cpu, server.child.cpu
    server.do(do="release", count=answers)
    server.do(do="tell", sent=warm + answers)
    done = await server.within("sent", LONGEST, bot)
    await asyncio.sleep(REST)
    report = await server.report()
    seconds = done["at"] - report["handed"][warm]
    return Run(
        who=who,
        answers=answers,
        seconds=seconds,
        cpu=(bot.cpu - before) * 1000 / answers,
        server=(server.child.cpu - server_before) / seconds,
        peak_memory=bot.memory[1],
        facts=_facts(report["sent"], range(updates.FIRST_CHAT, updates.FIRST_CHAT + warm + answers)),
    )


def _facts(sent: Sequence[tuple[float, int, bool]], chats: range) -> dict[str, int]:
    """Count who got an answer, and who more than one."""
    to = [chat for _, chat, _ in sent]
    return {"people": len(chats), "answered": len(set(to) & set(chats)), "messages": len(to)}


async def stored(folder: Path) -> dict[str, int]:
    """Count the answers in the database that are word for word what people wrote, and updates left over."""
    async with opened(folder) as db, db.reading() as tx:
        rows = await tx.all(select(replies_table).where(replies_table.c.answered.is_not(None)))
        said = [one.text for one in await replies.opened(tx, rows)]
        counts = await inbox.counts(tx)
    expected = {updates.words(person) for person in range(len(said))}
    return {
        "stored": len(said),
        "word_for_word": len(expected & set(said)),
        "updates_done": counts.get("done", 0),
        "updates_not_done": sum(counts.values()) - counts.get("done", 0),
    }


def refuse_wrong(runs: Sequence[Run]) -> None:
    """Raise where an answer was lost or doubled: then its speed says nothing."""
    for run in runs:
        people = run.facts["people"]
        good = {"people": people, "answered": people, "messages": people}
        if run.who == STAGEBOT:
            good |= {"stored": people, "word_for_word": people, "updates_done": people, "updates_not_done": 0}
        if run.facts != good:
            raise Broken(f"{run.who}: {run.facts}, expected {good}")


def part(runs: Sequence[Run]) -> Part:
    """Tell what it comes to: a median of the rounds for each, and the ratios of stagebot to the others."""
    of = {who: [run for run in runs if run.who == who] for who in {run.who: None for run in runs}}
    return Part(
        name="chat",
        figures=[
            *(figure for who, theirs in of.items() for figure in _figures(who, theirs)),
            *(_times(f"answers per second ÷ {who}", of, who, target) for who, target in RATIOS if who in of),
            *(_cpu_share(of, who, target) for who, target in CPU_SHARES if who in of),
        ],
        measured=[asdict(run) for run in runs],
    )


def _figures(who: str, runs: Sequence[Run]) -> list[Figure]:
    most = max(run.server for run in runs)
    what = "stored, sealed, committed with FULL, answered" if who == STAGEBOT else ""
    return [
        Figure(
            name=f"{who}: answers per second",
            unit="/s",
            values=tuple(run.per_second for run in runs),
            how=f"{what + '; ' if what else ''}the server's core {most:.0%} busy",
        ),
        Figure(
            name=f"{who}: CPU per answer",
            unit="ms",
            values=tuple(run.cpu for run in runs),
            target=at_most(0.6) if who == STAGEBOT else None,
        ),
    ]


def _times(name: str, of: Mapping[str, Sequence[Run]], who: str, target: Target | None) -> Figure:
    pairs = zip(of[STAGEBOT], of[who], strict=True)  # of the same round
    return Figure(
        name=name, unit="×", values=tuple(a.per_second / b.per_second for a, b in pairs), target=target
    )


def _cpu_share(of: Mapping[str, Sequence[Run]], who: str, target: Target | None) -> Figure:
    pairs = zip(of[STAGEBOT], of[who], strict=True)
    return Figure(
        name=f"CPU per answer ÷ {who}", unit="×", values=tuple(a.cpu / b.cpu for a, b in pairs), target=target
    )
