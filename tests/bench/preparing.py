"""Schools of any size, made on the real road: a roster imported, everybody joined, a question due."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select, update

import config
from bot.cli.playing import SAMPLE
from bot.cli.rostering import read_roster
from bot.roster.limits import ROWS
from bot.services import rostering
from bot.services.road import Road
from bot.services.speaking import Speaker
from bot.services.starting import PLANS, fingerprint, renew_menus
from bot.store import people, stages, starts
from bot.store.database import Database
from bot.store.tables import outbox
from bot.telegram.parse import parse
from config.texts import Texts
from conversations.model import Stage
from conversations.school import School
from tests.bench.places import opened
from tests.bench.updates import FIRST_CHAT

BEGUN = datetime(2026, 9, 7, 6, tzinfo=UTC)
ASKED = datetime(
    2026, 9, 10, 14, 31, tzinfo=UTC
)  # a minute after the first question of the sample's first row
STAGES, STAGES_QUICK = 5_300, 300  # of an average school, and for every day
OTHERS = 1_000_000  # chats of trainers and teachers begin here
STUDENTS_OF_A_TRAINER, STUDENTS_OF_A_TEACHER = 3, 20


def one_text_question() -> School:
    """Give the school with one question set, so that everybody is asked the same: one text."""
    school = config.load()
    return replace(school, question_sets={"student/aha": school.question_sets["student/aha"]})


def roster_rows(count: int, *, first: int = 0) -> list[dict[str, str]]:
    """Give rows like the sample's first, each with a student of its own."""
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        like = next(csv.DictReader(file, delimiter=";"))
    return [like | _who(number) for number in range(first, first + count)]


def _who(number: int) -> dict[str, str]:
    trainer, teacher = number // STUDENTS_OF_A_TRAINER, number // STUDENTS_OF_A_TEACHER
    return {
        "stage": f"B-{number:06}",
        "studentnummer": f"{number + 1_000_000}",
        "student": f"Naam{number} Achternaam",
        "praktijkopleider_email": f"t{trainer}@opleider.example",
        "praktijkopleider": f"Opleider {trainer}",
        "docent_code": f"D{teacher}",
        "docent": f"Docent {teacher}",
    }


def write_roster(file: Path, rows: Sequence[dict[str, str]]) -> Path:
    """Write a roster."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    file.write_text(text.getvalue(), encoding="utf-8")
    return file


async def enrol(db: Database, folder: Path, count: int, school: School) -> None:
    """Import so many stages, a file that a school may send at a time."""
    for first in range(0, count, ROWS // 2):
        rows = roster_rows(min(ROWS // 2, count - first), first=first)
        roster = read_roster(write_roster(folder / "roster.csv", rows), school)
        if roster.errors:
            raise ValueError(roster.errors[0])
        async with db.writing() as tx:
            found = await rostering.difference(tx, roster, school)
            await rostering.import_(tx, roster, found, (), school, BEGUN)


async def join_students(db: Database) -> list[Stage]:
    """Give every student a chat; gives the stages, of which the number is that of the student."""
    async with db.writing() as tx:
        everyone = await stages.every(tx)
        for number, stage in enumerate(everyone):
            await people.bind(tx, stage.student, FIRST_CHAT + number)
    return everyone


async def school(folder: Path, count: int) -> None:
    """Make a school in which everybody has joined and the first week is planned."""
    full = config.load()
    async with opened(folder) as db:
        await enrol(db, folder, count, full)
        held = await join_students(db)
        staff = sorted({person for stage in held for person in (stage.trainer, stage.teacher)})
        async with db.writing() as tx:
            for number, person in enumerate(staff):
                await people.bind(tx, person, OTHERS + number)
        await tick(Road.build(db, full, Texts.load(), lambda: BEGUN, parse))


async def about_to_ask(folder: Path, count: int) -> None:
    """Make a school in which every student has joined and has one question due at `ASKED`."""
    school, clock = one_text_question(), [BEGUN]
    async with opened(folder) as db:
        await enrol(db, folder, count, school)
        await join_students(db)
        await tick(Road.build(db, school, Texts.load(), lambda: clock[0], parse))


async def asked(folder: Path, count: int) -> None:
    """Make a school in which every student was just asked a question; the questions wait to be sent."""
    await about_to_ask(folder, count)
    async with opened(folder) as db:
        await tick(Road.build(db, one_text_question(), Texts.load(), lambda: ASKED, parse))


async def tick(road: Road) -> int:
    """Do all that is due, and say how many stages that concerned."""
    concerned = 0
    while done := await road.tick():
        concerned += done
    return concerned


async def settle(folder: Path) -> None:
    """Leave nothing to do that a new version does once at its first start: it is the day after that."""
    school = config.load()
    async with opened(folder) as db:
        await renew_menus(db, Speaker(Texts.load()), ASKED)
        async with db.writing() as tx:
            await starts.keep(tx, starts.What.PLANS, fingerprint(school, PLANS), ASKED)
            await tx.run(_DROP_OTHERS)


_WAITING = select(outbox.c.id, outbox.c.chat_lookup).where(outbox.c.state == "pending")
_ARRIVED = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(state="sent", payload_sealed=None, message_id=bindparam("row"), unknown_at=None)
)
_DROP_OTHERS = (
    update(outbox).where(outbox.c.state == "pending", outbox.c.kind != "message").values(state="sent")
)


async def deliver(folder: Path, persons: Iterable[int]) -> None:
    """Have the questions of these persons sent: from now on they may answer."""
    async with opened(folder) as db, db.writing() as tx:
        theirs = {tx.lookup("chat", FIRST_CHAT + person) for person in persons}
        rows: list[dict[str, Any]] = [
            {"row": row.id} for row in await tx.all(_WAITING) if row.chat_lookup in theirs
        ]
        await tx.run_many(_ARRIVED, rows)
        await tx.run(_DROP_OTHERS)
