"""Folders with databases, laid out as the data folder of `stagebot run`: made once, kept for the next run."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from hashlib import sha256
from pathlib import Path

import config
from bot.store import schema
from bot.store.database import Database

MAIN, KEYS, MASTER = "stagebot.sqlite3", "keys.sqlite3", "master.key"
KEY = bytes(32)  # there is nothing to keep secret in invented words
KEPT_SECONDS = 7 * 24 * 3600  # since a prepared database was last used
_MADE_BY = ("updates.py", "preparing.py", "filling.py")


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Database]:
    """Open the databases of a folder as `stagebot run` does, and make them where they are not there."""
    db = await Database.open(f"sqlite:///{folder / MAIN}", f"sqlite:///{folder / KEYS}", KEY)
    try:
        yield db
    finally:
        await db.close()


def cache() -> Path:
    """Give the folder that keeps prepared databases between runs, readable by nobody else."""
    folder = Path(tempfile.gettempdir()) / f"stagebot-bench-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    for old in folder.iterdir():
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    return folder


async def prepared(name: str, size: int, make: Callable[[Path, int], Awaitable[None]]) -> Path:
    """Give a folder of this size, made now where an earlier run has not: for these tables and questions."""
    folder = cache() / f"{name}-{size}-{_version()}"
    if folder.exists():
        os.utime(folder)
    else:
        with working(place=cache()) as draft:
            (draft / MASTER).write_bytes(base64.b64encode(KEY) + b"\n")
            (draft / MASTER).chmod(0o600)
            await make(draft, size)
            try:
                draft.rename(folder)
            except OSError:
                if not folder.exists():  # else another run was quicker
                    raise
    return folder


@contextmanager
def working(like: Path | None = None, place: Path | None = None) -> Iterator[Path]:
    """Give a folder to work in, a copy of another where one is given; nothing is left of it.

    Unless it was moved elsewhere, as what is prepared is once it is whole.
    """
    with tempfile.TemporaryDirectory(prefix="stagebot-bench-", dir=place, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if like:
            shutil.copytree(like, folder, dirs_exist_ok=True)
        yield folder


def _version() -> str:
    """Tell what a prepared database depends on: tables, question sets, and what fills it."""
    digest = sha256()
    migrations = Path(schema.__file__).parent / "migrations"
    made_by = [Path(__file__).with_name(name) for name in _MADE_BY]
    for file in (*sorted(migrations.rglob("*.py")), *made_by):
        digest.update(file.read_bytes())
    for one in sorted(config.load().question_sets.values(), key=lambda each: each.name):
        digest.update(f"{one.name} {one.version}".encode())
    return digest.hexdigest()[:12]
