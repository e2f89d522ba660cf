"""Sets the scene of a dialogue: rows of the sample roster, a school, and who everybody is called."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import config
from bot.cli.playing import SAMPLE, Play
from conversations.model import Role

STRANGER = 9001  # the chat of somebody who is not in the roster
NOT_COLUMNS = frozenset({"stage", "first", "begins", "joined"})
CONFIG = Path(config.__file__).parent


def write_roster(file: Path, header: Mapping[str, str]) -> None:
    """Write rows of the sample roster, with the columns that a header gives another value."""
    with SAMPLE.open(encoding="utf-8-sig", newline="") as sample:
        rows = {row["stage"]: row for row in csv.DictReader(sample, delimiter=";")}
    wanted = [rows[stage] for stage in re.split(r",\s*", header["stage"])]
    changes = {column: value for column, value in header.items() if column not in NOT_COLUMNS}
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(wanted[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(row | changes for row in wanted)


def write_school(folder: Path, first: str | None) -> Path | None:
    """Write a school of its own where a question set is to be put before all others; give its file."""
    if first is None:
        return None
    shipped = (CONFIG / "question_sets" / f"{first}.toml").read_text(encoding="utf-8")
    changed = re.sub(r"^(order|from_week|every) = .*\n", "", shipped, flags=re.MULTILINE)
    file = folder / "question_sets" / f"{first}.toml"
    file.parent.mkdir(parents=True)
    file.write_text(changed, encoding="utf-8")
    return Path(shutil.copy(CONFIG / "school.toml", folder))


async def names(play: Play) -> dict[str, int]:
    """Give the chat of everyone under each name that a dialogue may use."""
    first = (await play.stages())[0]
    people = {one.participant.id: one.participant for one in play.people}
    chats = {one: play.chat_of(one) for one in people}
    roles = {"student": first.student, "trainer": first.trainer, "teacher": first.teacher}
    leads = [one.id for one in people.values() if Role.COORDINATOR in one.roles]
    roles |= {"coordinator": leads[0]} if leads else {}
    named = {one.first_name.casefold(): chats[one.id] for one in people.values()}
    return {who: chats[one] for who, one in roles.items()} | named | {"stranger": STRANGER}
