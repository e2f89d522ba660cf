from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.store import people, roster, stages
from bot.store.database import Database
from conversations.model import Address, Language, Meeting, ParticipantId, Place, Stage, Track
from conversations.roster import Person, StageRow
from tests.databases import on_postgresql, shared_server
from tests.postgres.server import Pair

NOW = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
MASTER_KEY = bytes(range(32))

SAMIRA = Person(kind="student", identity="1084200", name="Samira El Amrani")
DAAN = Person(kind="student", identity="1084217", name="Daan de Vries", language=Language.EN)
INGRID = Person(
    kind="trainer", identity="i.kuipers@bedrijf.example", name="Ingrid Kuipers", address=Address.U
)
KEES = Person(kind="teacher", identity="WOK", name="Kees Wouters")


@dataclass(frozen=True, slots=True)
class Files:
    """Where a test keeps its two databases: in files of its own, or on a server."""

    folder: Path
    pair: Pair

    @property
    def main(self) -> Path:
        return self.folder / "stagebot.db"

    @property
    def keys(self) -> Path:
        return self.folder / "keys.db"

    async def open(self, *, lock: bool = True, master_key: bytes = MASTER_KEY) -> Database:
        return await Database.open(self.pair.main, self.pair.keys, master_key, lock=lock)

    def bytes(self) -> bytes:
        if on_postgresql():
            return shared_server().bytes()
        return b"".join(path.read_bytes() for path in sorted(self.folder.iterdir()))


@pytest.fixture
def files(tmp_path: Path, pair: Pair) -> Files:
    return Files(tmp_path, pair)


@pytest.fixture
async def db(files: Files) -> AsyncIterator[Database]:
    database = await files.open()
    yield database
    await database.close()


def stage_record(code: str, student: Person) -> StageRow:
    return StageRow(
        code=code,
        student=student.identity,
        trainer=INGRID.identity,
        teacher=KEES.identity,
        team="Business Events",
        programme="business-events",
        track=Track.BOL,
        company="Congrescentrum Amstel",
        city="Amsterdam",
        begin=date(2026, 9, 7),
        end=date(2027, 1, 29),
        days=frozenset({1, 2, 3}),
        workday_end=time(16, 30),
        meetings=(
            Meeting(number=1, at=NOW + timedelta(days=14), place=Place.ONLINE),
            Meeting(number=2, at=NOW + timedelta(days=70), place=Place.COMPANY),
        ),
        language=student.language,
    )


FIRST = stage_record("BPV-1", SAMIRA)
SECOND = stage_record("BPV-2", DAAN)


@dataclass(frozen=True, slots=True)
class School:
    """Two students with one trainer and one teacher, joined in chats 11, 22, 33 and 44."""

    first: Stage
    second: Stage

    @property
    def samira(self) -> ParticipantId:
        return self.first.student

    @property
    def daan(self) -> ParticipantId:
        return self.second.student

    @property
    def ingrid(self) -> ParticipantId:
        return self.first.trainer

    @property
    def kees(self) -> ParticipantId:
        return self.first.teacher


@pytest.fixture
async def school(db: Database) -> School:
    async with db.writing() as tx:
        await roster.apply(tx, [SAMIRA, DAAN, INGRID, KEES], [FIRST, SECOND], [], NOW)
        found = await stages.by_codes(tx, ["BPV-1", "BPV-2"])
        school = School(found["BPV-1"], found["BPV-2"])
        await people.bind(tx, school.samira, 11)
        await people.bind(tx, school.daan, 22)
        await people.bind(tx, school.ingrid, 33)
        await people.bind(tx, school.kees, 44)
    return school
