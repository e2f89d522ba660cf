"""The rosters that scripted coordinators send in the chat: one with a change, then the same one again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot.cli.rehearsal.habits import look
from bot.cli.rehearsal.people import Person

FIRST = timedelta(days=1)  # after the beginning: before any meeting is moved in the chat
AGAIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Sheets:
    """The rows of a roster by team; none of a workbook."""

    header: str = ""
    rows: tuple[str, ...] = ()

    @classmethod
    def of(cls, file: Path) -> Sheets:
        """Read the rows of a roster, where it is text."""
        if file.suffix.lower() != ".csv":
            return cls()
        header, *rows = file.read_text("utf-8-sig").splitlines()
        return cls(header, tuple(rows))

    def plan(self, person: Person, teams: Collection[str], begun: datetime) -> None:
        """Let a coordinator send the stages of their own teams: with other days for one, and once more."""
        columns = self.header.split(";")
        if not {"team", "stagedagen"} <= set(columns):
            return
        team, days = columns.index("team"), columns.index("stagedagen")
        own = [cells for row in self.rows if (cells := row.split(";"))[team] in teams]
        if not own:
            return
        own[0] = [*own[0][:days], "ma,di,wo", *own[0][days + 1 :]]
        content = "\n".join([self.header, *(";".join(cells) for cells in own)]).encode()
        for after in (FIRST, AGAIN):
            person.will(look(begun, after, person.zone), partial(_send, person, content))


def _send(person: Person, content: bytes, _now: datetime) -> None:
    person.phone.document("rooster.csv", content)
