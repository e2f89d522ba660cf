"""Writes dialogues anew as they really went: `python -m tests.dialogues.rewriting FILE...`. Then read them.

What people do stays as it is; only what the bot says is replaced.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.dialogues.script import Script, read
from tests.dialogues.theatre import theatre


async def played(script: Script) -> str:
    """Play a dialogue and give what happened."""
    with tempfile.TemporaryDirectory() as folder:
        async with theatre(script, Path(folder)) as opened:
            return await opened.perform(script)


if __name__ == "__main__":
    for file in map(Path, sys.argv[1:]):
        file.write_text(asyncio.run(played(read(file))), encoding="utf-8")
