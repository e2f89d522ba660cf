"""What is measured inside a process that does nothing else: the clock's work and the pages. Prints JSON."""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, select

import config
from bot.cli.memory import look_less_often
from bot.services.road import Road
from bot.services.speaking import Speaker
from bot.store import stage_facts, stages
from bot.store.database import Database
from bot.store.tables import check_ins, outbox
from bot.telegram.parse import parse
from config.texts import Texts
from conversations import digest
from conversations.facts import Material
from conversations.model import Meeting
from conversations.school import School
from tests.bench.filling import FULLEST
from tests.bench.places import opened
from tests.bench.preparing import ASKED, one_text_question, tick
from tests.bench.processes import quietly

TICKS = 1_000
DIGESTS = 200

_OPEN = select(func.count()).select_from(check_ins).where(check_ins.c.state == "open")
_QUEUED = select(func.count()).where(outbox.c.state == "pending", outbox.c.slot_check_in.is_not(None))


async def claim(folder: Path) -> dict[str, Any]:
    """Do what is due in a whole school at once: every student is asked."""
    async with opened(folder) as db:
        road = Road.build(db, one_text_question(), Texts.load(), lambda: ASKED, parse)
        look_less_often()  # as `stagebot run` does
        wall, cpu = time.perf_counter(), time.process_time()
        stages_seen = await tick(road)
        found = {
            "seconds": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
            "stages": stages_seen,
        }
        async with db.reading() as tx:
            found |= {"asked": (await tx.all(_OPEN))[0][0], "queued": (await tx.all(_QUEUED))[0][0]}
    return found


async def idle(few: Path, many: Path) -> dict[str, Any]:
    """Tick with nothing due, in turns on a small and on a large school; times in milliseconds."""
    async with opened(few) as small, opened(many) as large:
        found: dict[str, list[float]] = {"few": [], "many": []}
        roads = {"few": _idle_road(small), "many": _idle_road(large)}
        for _ in range(TICKS):
            for name, road in roads.items():
                begun = time.perf_counter()
                assert await road.tick() == 0
                found[name].append((time.perf_counter() - begun) * 1000)
    return {name: {"first": times[0], "times": sorted(times[1:])} for name, times in found.items()}


def _idle_road(db: Database) -> Road:
    return Road.build(db, config.load(), Texts.load(), lambda: ASKED, parse)


async def pages(folder: Path) -> dict[str, Any]:
    """Make the digests of the fullest stage, and give the times of the meeting that takes longest."""
    maker = Maker(school=config.load(), speaker=Speaker(Texts.load()))
    async with opened(folder) as db:
        async with db.reading() as tx:
            stage = await stages.by_codes(tx, [(folder / FULLEST).read_text()])
            material = await stage_facts.material(tx, next(iter(stage.values())).id)
        found = [await _timed(db, material, meeting, maker) for meeting in material.stage.meetings]
    return max(found, key=lambda one: median(one["from_facts"]))


async def _timed(db: Database, material: Material, meeting: Meeting, maker: Maker) -> dict[str, Any]:
    """Make one digest many times; times in milliseconds."""
    from_facts, from_database = [], []
    for _ in range(DIGESTS):
        begun = time.perf_counter()
        text = maker.text(material, meeting)
        from_facts.append((time.perf_counter() - begun) * 1000)
        begun = time.perf_counter()
        async with db.reading() as tx:
            loaded = await stage_facts.material(tx, material.stage.id)
        again = maker.text(loaded, meeting)
        from_database.append((time.perf_counter() - begun) * 1000)
        assert again == text
    return {
        "meeting": meeting.number,
        "from_facts": from_facts,
        "from_database": from_database,
        "check_ins": len(material.check_ins),
        "replies": len(material.replies),
        "notes": len(material.notes),
        "words": len(text.split()),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Makes the page that the teacher reads."""

    school: School
    speaker: Speaker

    def text(self, material: Material, meeting: Meeting) -> str:
        """Give a digest as it is handed over two days before its meeting: not told before."""
        others = tuple(one for one in material.digests if one.meeting < meeting.number)
        fresh = replace(material, digests=others)
        page = digest.build(fresh, self.school, meeting.number, meeting.at - timedelta(days=2))
        teacher = material.people[material.stage.teacher]
        found = digest.pages(page, self.speaker.counter(teacher))
        return "\n".join(self.speaker.texts.render(pieces, teacher)[0] for pieces in found)


WORK: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {"claim": claim, "idle": idle, "pages": pages}


def main() -> None:
    """Do one piece of work on these folders, and print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=WORK)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--profile", type=Path)
    given = parser.parse_args()
    quietly()
    profile = cProfile.Profile() if given.profile else None
    with profile or nullcontext():
        found = asyncio.run(_done(given.work, given.folders))
    if profile:
        profile.dump_stats(given.profile)
    print(json.dumps(found))


async def _done(work: str, folders: list[Path]) -> dict[str, Any]:
    return await WORK[work](*folders)


if __name__ == "__main__":
    main()
