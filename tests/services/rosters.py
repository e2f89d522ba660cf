"""Rosters as a coordinator sends them: files of rows of the sample, and the coordinators' phones."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from openpyxl import Workbook

from bot.simulator.phone import Phone
from tests.dialogues.scenery import write_roster
from tests.services.school import School


def a_csv(folder: Path, stages: str = "BPV-2026-001", **columns: str) -> bytes:
    """Give rows of the sample roster as a CSV file; columns may get another value."""
    file = folder / "te-sturen.csv"
    write_roster(file, {"stage": stages, **columns})
    return file.read_bytes()


def a_workbook(folder: Path, stages: str = "BPV-2026-001", **columns: str) -> bytes:
    """Give the same rows as an Excel file."""
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("Rooster")
    for row in csv.reader(io.StringIO(a_csv(folder, stages, **columns).decode()), delimiter=";"):
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def coordinator(school: School, name: str = "Jolanda Vos") -> Phone:
    """Give the phone of a coordinator: of Business Events, or by name."""
    chats = {one.participant.name: school.play.chat_of(one.participant.id) for one in school.play.people}
    return school.play.world.phone(chats[name])


async def sends(school: School, phone: Phone, content: bytes, name: str = "rooster.csv") -> str:
    """Let somebody send a file; give what the bot says last."""
    phone.document(name, content)
    await school.play.rest()
    return str(phone.messages[-1]["text"])
