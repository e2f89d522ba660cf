"""Disks that can be filled: a small one of its own, or a limit on how far a process may write."""

from __future__ import annotations

import os
import resource
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SMALL = "3m"
_BLOCK = bytes(4096)


class Disk(ABC):
    """A disk for one folder."""

    @abstractmethod
    def fill(self, process: int) -> None:
        """Leave no room for what this process writes; called again it takes what came free."""

    @abstractmethod
    def free(self, process: int) -> None:
        """Give back the room."""


class SmallDisk(Disk):
    """A disk in memory that is mounted on the folder."""

    def __init__(self, folder: Path) -> None:
        self._filler = folder / "filler"

    def fill(self, process: int) -> None:  # noqa: ARG002 - all processes share the disk
        """Write a file until the disk takes no more."""
        with self._filler.open("ab", buffering=0) as file, suppress(OSError):
            while file.write(_BLOCK):
                pass

    def free(self, process: int) -> None:  # noqa: ARG002 - all processes share the disk
        """Remove that file."""
        self._filler.unlink()


class Limit(Disk):
    """A limit that the kernel sets to the files of one process: every write fails as on a full disk."""

    def fill(self, process: int) -> None:
        """Let the process write no byte to any file; Python ignores the signal that comes with it."""
        _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (0, hard))

    def free(self, process: int) -> None:
        """Take the limit away."""
        _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Give a small disk on a folder where this account may mount one, and a limit where it may not."""
    folder.mkdir(parents=True, exist_ok=True)
    if not _mounted(folder):
        yield Limit()
        return
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607 - our own folder


@contextmanager
def limit(_folder: Path) -> Iterator[Disk]:
    """Give a limit, which needs no rights."""
    yield Limit()


def _mounted(folder: Path) -> bool:
    if os.geteuid() != 0:
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL},mode=700", "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603
