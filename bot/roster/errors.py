"""Why a file can't be read as a table at all."""

from __future__ import annotations

from bot.roster.model import Fault
from bot.roster.words import ENGLISH, Words, fault_words


class RosterError(Exception):
    """A file that is no roster: carries its name, the fault, and the row or the limit concerned."""

    def __init__(self, fault: Fault, *, row: int | None = None, limit: int | None = None) -> None:
        self.file_name = ""
        self.fault = fault
        self.row = row
        self.limit = limit
        super().__init__(fault, row, limit)

    def __str__(self) -> str:
        """Say it in one English line."""
        name = (
            self.file_name.encode("unicode_escape").decode()
            if not self.file_name.isprintable()
            else self.file_name
        )
        return f"{name or 'roster'}: {self.told(ENGLISH)}"

    def told(self, words: Words) -> str:
        """Say it in a language, without the file's name."""
        place = f"{words.row.format(row=self.row)}: " if self.row else ""
        return place + fault_words(self.fault, self.limit, words)
