"""The rehearsal: a share of the stages, or all of them."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, Part, at_most
from tests.bench.places import working
from tests.bench.preparing import STAGES, roster_rows, write_roster
from tests.bench.processes import Broken, cores, started

MINUTES = 5


async def measure(count: int, *, judged: bool) -> Part:
    """Rehearse so many stages, and a quarter of them, to see whether the cost a stage stays what it is.

    Of less than all stages, the figure for all is a projection, and says so.
    """
    full = count >= STAGES
    sizes = (count,) if full else (max(count // 4, 3), count)
    found = [await _rehearsed(size) for size in sizes]
    last = found[-1]
    each = last["seconds"] / last["stages"]
    name = f"rehearsal of {STAGES:,} stages x 20 weeks"
    told = ", ".join(f"{one['stages']:,}: {one['seconds']:.0f} s" for one in found)
    return Part(
        name="rehearsal",
        figures=[
            *(_cost(one) for one in found),
            Figure(
                name=name if full else f"{name}, PROJECTED from {last['stages']:,}",
                unit="min",
                values=(each * STAGES / 60,),
                target=at_most(MINUTES) if judged else None,
                how=told if full else f"in proportion to the cost a stage; measured: {told}",
            ),
        ],
        measured=found,
    )


def _cost(one: dict[str, Any]) -> Figure:
    return Figure(
        name=f"rehearsal, a stage of 20 weeks (of {one['stages']:,})",
        unit="ms",
        values=(one["seconds"] / one["stages"] * 1000,),
        how=f"CPU {one['cpu'] / one['stages'] * 1000:.0f} ms; simulator, phones and bot in one process",
    )


async def _rehearsed(count: int) -> dict[str, Any]:
    """Run `stagebot rehearse`; a broken rule makes its speed worth nothing."""
    with working() as folder:
        roster = write_roster(folder / "roster.csv", roster_rows(count))
        stagebot = str(Path(sys.executable).with_name("stagebot"))
        begun, before = time.monotonic(), _cpu_of_children()
        command = [stagebot, "rehearse", str(roster), "--no-digests"]
        async with started(command, cores()[1], folder / "rehearsal.log") as child:
            await child.process.wait()
        seconds = time.monotonic() - begun
        if child.process.returncode:
            lines = (folder / "rehearsal.log").read_text(errors="replace").splitlines()
            raise Broken("\n".join(["the rehearsal failed", *lines[-12:]]))
    return {"stages": count, "seconds": seconds, "cpu": _cpu_of_children() - before}


def _cpu_of_children() -> float:
    """Tell the CPU time of processes that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
