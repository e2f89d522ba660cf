"""A broadcast at the set rate while people keep answering, beside the rate limiter of python-telegram-bot.

The server refuses whatever arrives beyond the rate within any one second by its own clock, and takes a while
to answer, as Telegram does: who waits for each answer before the next send is slowed down by it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

from tests.bench import chat, updates
from tests.bench.child import SharedClock, stagebot
from tests.bench.figures import Figure, Part, Target, at_most
from tests.bench.places import prepared, working
from tests.bench.preparing import ASKED, asked, deliver, settle
from tests.bench.processes import Broken, Child, Server, cores, started, telegram

RATE = 30  # sends in any one second
ANSWERS = 2.0  # people who answer in a second, on average
LATENCY = 0.05  # seconds until the server answers a send
STAGEBOT, TOGETHER, APART = "stagebot", "PTB AIORateLimiter, all begun", "PTB AIORateLimiter, one by one"
FEW = 900  # prompts: for every day, and for who can't keep the rate anyway
MANY = 10_000
PATIENCE = 2.0  # times the ideal, before it counts as not done
PEER = Path(__file__).parent / "peers" / "ptb_broadcast.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the server saw of one broadcast; times in seconds."""

    who: str
    prompts: int
    arrived: int
    seconds: float
    ideal: float  # for all sends it accepted between the first and the last prompt, answers included
    refused: int
    most_in_a_second: int
    answers: int
    answered: int
    waits: tuple[float, ...]  # of those who were answered, shortest first
    facts: dict[str, int]

    def wait(self, percent: int) -> float:
        """Tell within how many seconds so many percent were answered."""
        return quantiles(self.waits, n=100, method="inclusive")[percent - 1]


async def measure(prompts: int, peers_python: Path | None) -> Part:
    """Let stagebot broadcast, and its peer after it."""
    runs = [await _run(STAGEBOT, prompts, None)]
    if runs[0].facts != _good(runs[0]):
        raise Broken(f"{runs[0].facts}, expected {_good(runs[0])}")
    if peers_python:
        runs.append(await _run(TOGETHER, prompts, peers_python))
        runs.append(await _run(APART, min(prompts, FEW), peers_python))
    return Part(
        name="broadcast",
        figures=[figure for run in runs for figure in _figures(run)],
        measured=[asdict(run) for run in runs],
    )


def _good(run: Run) -> dict[str, int]:
    return {"prompts_twice": 0, "prompts_missing": 0, "answers_stored": run.answers, "left_over": 0}


def moments(prompts: int) -> list[float]:
    """Give when people answer, in seconds from the first poll: by chance, but the same each time."""
    chance, until = Random(1), prompts / (RATE - ANSWERS) - 2  # noqa: S311 (no secret)
    at, found = 1.0, []
    while (at := at + chance.expovariate(ANSWERS)) < until:
        found.append(at)
    return found


async def _run(who: str, prompts: int, peers_python: Path | None) -> Run:
    when = moments(prompts)
    like = await prepared(f"broadcast-{len(when)}", prompts + len(when), _made(len(when)))
    with working(like) as folder:
        await settle(folder)
        file = updates.write(folder / "updates", range(len(when)), ASKED)
        async with telegram(file, folder, a_second=RATE, latency=LATENCY) as server:
            command = _command(who, folder, server.url, len(when), prompts, peers_python)
            async with started(command, cores()[1], folder / "bot.log") as bot:
                report = await _report(server, bot, when, prompts)
        run = _seen(who, prompts, len(when), report)
        if who == STAGEBOT:
            run.facts.update(await _stored(folder))
        return run


def _made(answers: int) -> Any:
    async def make(folder: Path, count: int) -> None:
        await asked(folder, count)
        await deliver(folder, range(answers))

    return make


def _command(
    who: str, folder: Path, url: str, answers: int, prompts: int, peers_python: Path | None
) -> Sequence[str]:
    if who == STAGEBOT:
        SharedClock.make(folder / "clock", ASKED)
        return stagebot(folder, url, RATE)
    how = "together" if who == TOGETHER else "apart"
    return [str(peers_python), str(PEER), url, str(updates.FIRST_CHAT + answers), str(prompts), how]


async def _report(server: Server, bot: Child, when: Sequence[float], prompts: int) -> dict[str, Any]:
    server.do(do="tell", sent=prompts + len(when))
    await server.within("polled", chat.LONGEST, bot)
    server.do(do="release_after", seconds=when)
    with suppress(TimeoutError):
        await server.within("sent", PATIENCE * prompts / RATE + 30, bot)
    await asyncio.sleep(chat.REST)
    return await server.report()


def _seen(who: str, prompts: int, answers: int, report: dict[str, Any]) -> Run:
    first = updates.FIRST_CHAT + answers
    to = [(at, chat_id) for at, chat_id, accepted in report["sent"] if accepted]
    prompted = [(at, chat_id) for at, chat_id in to if chat_id >= first]
    begin, end = prompted[0][0], prompted[-1][0]
    reached = {chat_id for _, chat_id in prompted}
    waits = _waits(report["handed"], to)
    return Run(
        who=who,
        prompts=prompts,
        arrived=len(reached),
        seconds=end - begin,
        ideal=(sum(begin <= at <= end for at, _ in to) - 1) / RATE,
        refused=len(report["sent"]) - len(to),
        most_in_a_second=most_in_a_second([at for at, _, _ in report["sent"]]),
        answers=answers,
        answered=len(waits),
        waits=tuple(sorted(waits)),
        facts={"prompts_twice": len(prompted) - len(reached), "prompts_missing": prompts - len(reached)},
    )


def _waits(handed: Sequence[float], to: Sequence[tuple[float, int]]) -> list[float]:
    """Give how long each person waited, from when the update was handed out until the answer arrived."""
    replied: dict[int, float] = {}
    for at, chat_id in to:
        replied.setdefault(chat_id - updates.FIRST_CHAT, at)
    return [replied[person] - at for person, at in enumerate(handed) if person in replied]


def most_in_a_second(moments: Sequence[float]) -> int:
    """Count the sends that began within the busiest second, wherever it begins; `moments` grow."""
    first, most = 0, 0
    for last, at in enumerate(moments):
        while moments[first] <= at - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


async def _stored(folder: Path) -> dict[str, int]:
    found = await chat.stored(folder)
    return {"answers_stored": found["word_for_word"], "left_over": found["updates_not_done"]}


def _figures(run: Run) -> list[Figure]:
    ours = run.who == STAGEBOT

    def figure(name: str, unit: str, value: float, target: Target, how: str = "") -> Figure:
        name = f"{run.who}: {name}"
        return Figure(name=name, unit=unit, values=(value,), target=target if ours else None, how=how)

    lost = f"; {run.prompts - run.arrived:,} prompts never arrived" if run.arrived < run.prompts else ""
    unanswered = run.answers - run.answered
    return [
        figure(
            f"{run.prompts:,} prompts at {RATE}/s",
            "× the ideal time",
            run.seconds / run.ideal,
            at_most(1.02),
            f"{run.seconds:.1f} s, of which the answers' own sends are part{lost}",
        ),
        figure("refused with 429", "", run.refused, at_most(0)),
        figure("most sends in any one second", "", run.most_in_a_second, at_most(RATE)),
        figure("a person's answer meanwhile, p50", "s", run.wait(50), at_most(0.3)),
        figure(
            "a person's answer meanwhile, p95",
            "s",
            run.wait(95),
            at_most(0.3),
            f"of {run.answered:,} people" + (f"; {unanswered:,} were not answered" if unanswered else ""),
        ),
    ]
