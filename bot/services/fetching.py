"""The port through which a file that somebody sent is fetched; the channel fills it in."""

from __future__ import annotations

from typing import Protocol


class FileGone(Exception):
    """The channel has no such file any more, or it is larger than wanted: asking again is no use."""


class FileAway(Exception):
    """The file can't be fetched now; not before so many seconds it may be asked for again."""

    def __init__(self, seconds: float = 0) -> None:
        super().__init__("a file can't be fetched now")
        self.seconds = seconds


class Files(Protocol):
    """Where the files are that people sent."""

    async def fetch(self, file: str, most: int) -> bytes:
        """Give a file of at most so many bytes by the channel's id; raise FileGone or FileAway."""
