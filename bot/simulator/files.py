"""The files that people and the bot have sent."""

import hashlib
from dataclasses import dataclass
from typing import Any

from bot.simulator.errors import bad_request

LARGEST_DOWNLOAD = 20 * 1024 * 1024
"""The largest file in bytes that a bot can download."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it comes in with a call."""

    file_name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file Telegram keeps: its facts as the Bot API tells them, and its bytes."""

    facts: dict[str, Any]
    path: str
    content: bytes


class Files:
    """Keep files and find them by file_id or by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, folder: str, suffix: str, content: bytes) -> dict[str, Any]:
        """Keep a file and give its file_id, file_unique_id and file_size."""
        number = len(self._by_id)
        unique_id = hashlib.sha256(content).hexdigest()[:16]
        file_id = f"BQACAgQAAx{number:08d}{unique_id}"
        facts = {"file_id": file_id, "file_unique_id": unique_id, "file_size": len(content)}
        stored = StoredFile(facts=facts, path=f"{folder}/file_{number}{suffix}", content=content)
        self._by_id[file_id] = stored
        self._by_path[stored.path] = stored
        return facts

    def get(self, file_id: str) -> StoredFile:
        """Give the file with this file_id, or refuse as the real server."""
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return stored

    def describe(self, file_id: str) -> dict[str, Any]:
        """Say where a file can be downloaded, or refuse one that is too big."""
        stored = self.get(file_id)
        if len(stored.content) > LARGEST_DOWNLOAD:
            raise bad_request("file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": stored.facts["file_unique_id"],
            "file_size": len(stored.content),
            "file_path": stored.path,
        }

    def download(self, path: str) -> bytes | None:
        """Give a file's bytes by its path; None where there is none."""
        stored = self._by_path.get(path)
        return stored.content if stored else None
