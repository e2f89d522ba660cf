"""Fetches the files that people sent, as the services ask for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.services.fetching import FileAway, FileGone
from bot.telegram.client import Client
from bot.telegram.errors import BotApiError, Gone, Refused, TooLarge, TooMany

LARGEST = 20 * 1024 * 1024  # bytes that a bot may download (Bot API: getFile)
_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_./-]{0,500}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TelegramFiles:
    """Files by their file_id. Nothing it raises holds the address of a file: the token is in it."""

    client: Client
    within: float = 60.0  # seconds for a whole file

    async def fetch(self, file: str, most: int) -> bytes:
        """Give a file of at most so many bytes; raise FileGone or FileAway."""
        failure: FileGone | FileAway
        try:
            found = await self.client.call("getFile", {"file_id": file})
            return await self.client.download(_path(found), min(most, LARGEST), within=self.within)
        except (Refused, Gone, TooLarge, FileGone):
            failure = FileGone()
        except TooMany as error:
            failure = FileAway(error.retry_after)
        except BotApiError:
            failure = FileAway()
        raise failure


def _path(found: Any) -> str:
    """Read where a file is; a path that could lead elsewhere is none."""
    path = found.get("file_path") if isinstance(found, dict) else None
    if not isinstance(path, str) or not _PATH.fullmatch(path) or ".." in path:
        raise FileGone
    return path
