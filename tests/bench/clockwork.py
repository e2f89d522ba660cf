"""The clock's work: a whole school asked at once, and a beat with nothing to do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bot.store import stages
from tests.bench.figures import Figure, Part, at_most
from tests.bench.places import opened, prepared, working
from tests.bench.preparing import ASKED, about_to_ask, enrol, one_text_question
from tests.bench.processes import Broken, measured_inside

DUE, FEW, MANY = 10_000, 500, 50_000
DUE_QUICK, MANY_QUICK = 1_000, 5_000
NOISE = 1.05  # between two medians of the same work
SPREAD = timedelta(days=7)  # over which stages are looked at next


async def measure(*, quick: bool, rounds: int, profile: Path | None) -> Part:
    """Measure both, each in a process of its own."""
    due, many = (DUE_QUICK, MANY_QUICK) if quick else (DUE, MANY)
    claims = [await _claimed(due, profile) for _ in range(rounds)]
    beats = await _beats(many)
    few, large = (beats[name]["times"] for name in ("few", "many"))
    return Part(
        name="clock",
        figures=[
            Figure(
                name=f"{due:,} due check-ins claimed and queued",
                unit="s",
                values=tuple(one["seconds"] for one in claims),
                target=at_most(2) if due == DUE else None,
                how=f"CPU {min(one['cpu'] for one in claims):.2f} s",
            ),
            _beat(FEW, few),
            _beat(many, large),
            Figure(
                name=f"a tick with nothing due: {many:,} stages ÷ {FEW}",
                unit="×",
                values=(median(large) / median(few),),
                target=at_most(NOISE),
                how="no more than at 500; 5 % is noise",
            ),
        ],
        measured={"claims": claims, "beats": beats},
    )


def _beat(count: int, times: list[float]) -> Figure:
    high = times[int(len(times) * 0.99)]
    return Figure(
        name=f"a tick with nothing due, {count:,} stages",
        unit="ms",
        values=(median(times),),
        target=at_most(5),
        how=f"99 % under {high:.2f} ms; the look for monthly pages, once an hour, left out",
    )


async def _claimed(due: int, profile: Path | None) -> dict[str, Any]:
    like = await prepared("due", due, about_to_ask)
    with working(like) as folder:
        found = await measured_inside("claim", folder, profile=profile)
    if found["asked"] != due or found["queued"] != due:
        raise Broken(f"{found['asked']} asked and {found['queued']} queued of {due}")
    return found


async def _beats(many: int) -> dict[str, Any]:
    few_like, many_like = await prepared("quiet", FEW, _quiet), await prepared("quiet", many, _quiet)
    with working(few_like) as few, working(many_like) as large:
        return await measured_inside("idle", few, large)


async def _quiet(folder: Path, count: int) -> None:
    """Make a school in which every stage has its next moment later, spread over a week."""
    async with opened(folder) as db:
        await enrol(db, folder, count, one_text_question())
        async with db.writing() as tx:
            everyone = await stages.every(tx)
            later = {s.id: ASKED + timedelta(hours=1) + SPREAD * n / count for n, s in enumerate(everyone)}
            await stages.wake(tx, later)
