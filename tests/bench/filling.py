"""A database of many replies: what was said in a few rehearsed stages, many times over and sealed anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import config
from bot.cli.playing import playing
from bot.cli.rehearsal.performing import Cast
from bot.cli.rehearsal.sheets import Sheets
from bot.store import decisions, stage_facts, stages
from bot.store.ids import new_ids
from conversations.dossier import AgreementId, SignalId
from conversations.facts import Entity, Material
from conversations.model import CheckIn, CheckInId, Stage
from tests.bench.places import opened
from tests.bench.preparing import BEGUN, enrol, roster_rows, write_roster

REHEARSED = 6  # stages, each with a student of another kind
STAGES_AT_ONCE = 100
OWN_MESSAGES = 10_000  # more than anybody sends in a stage
FULLEST = "fullest"  # the file that names the stage with most replies


async def filled(folder: Path, replies: int) -> None:
    """Make a database with at least so many replies."""
    said = await _rehearsed(folder)
    count = _stages_needed(said, replies)
    async with opened(folder) as db:
        await enrol(db, folder, count, config.load())
        async with db.reading() as tx:
            held = await stages.every(tx)
        pairs = list(zip(held, cycle(said)))
        for start in range(0, count, STAGES_AT_ONCE):
            copies = [
                _Copy(stage, like, n) for n, (stage, like) in enumerate(pairs[start:][:STAGES_AT_ONCE], start)
            ]
            async with db.writing() as tx:
                await decisions.claim(tx, [one for copy in copies for one in copy.check_ins])
                await decisions.save(tx, [one for copy in copies for one in copy.entities()])
    fullest, _ = max(pairs, key=lambda pair: len(pair[1].replies))
    (folder / FULLEST).write_text(fullest.code)


async def _rehearsed(folder: Path) -> list[Material]:
    """Let a few stages be lived through, and give all that was said in them."""
    roster = write_roster(folder / "rehearsed.csv", roster_rows(REHEARSED))
    async with playing(roster) as play:
        cast = Cast(play, 1, Sheets.of(roster))
        await cast.assemble()
        await cast.perform()
        async with play.db.reading() as tx:
            return [await stage_facts.material(tx, stage.id) for stage in await stages.every(tx)]


def _stages_needed(said: Sequence[Material], replies: int) -> int:
    turns = cycle(said)
    count = 0
    while replies > 0:
        replies -= len(next(turns).replies)
        count += 1
    return count


class _Copy:
    """What was said in one stage, as if in another: other ids, other people, the same words."""

    def __init__(self, stage: Stage, like: Material, number: int) -> None:
        self._like, self._stage, self._number = like, stage, number
        self._people = {
            like.stage.student: stage.student,
            like.stage.trainer: stage.trainer,
            like.stage.teacher: stage.teacher,
        }
        asked = [one for one in like.check_ins if one.participant in self._people]
        self._ids = dict(
            zip([one.id for one in asked], map(CheckInId, new_ids(BEGUN, len(asked))), strict=True)
        )
        self.check_ins = [self._check_in(one) for one in asked]

    def _check_in(self, one: CheckIn) -> CheckIn:
        person = self._people[one.participant]
        return replace(one, id=self._ids[one.id], stage=self._stage.id, participant=person)

    def entities(self) -> Iterator[Entity]:
        """Give everything beside the check-ins."""
        like, people, stage = self._like, self._people, self._stage.id
        for reply in like.replies:
            if reply.check_in in self._ids:
                yield replace(
                    reply, check_in=self._ids[reply.check_in], participant=people[reply.participant]
                )
        for note in like.notes:
            if note.participant in people:
                source = note.source + self._number * OWN_MESSAGES
                yield replace(note, participant=people[note.participant], stage=stage, source=source)
        yield from (replace(one, stage=stage) for one in like.digests)
        signals = [one for one in like.signals if one.by in people]
        for signal, new in zip(signals, new_ids(BEGUN, len(signals)), strict=True):
            yield replace(signal, id=SignalId(new), stage=stage, by=people[signal.by])
        for agreement, new in zip(like.agreements, new_ids(BEGUN, len(like.agreements)), strict=True):
            yield replace(agreement, id=AgreementId(new), stage=stage)
