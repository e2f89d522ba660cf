"""Writes dialogues anew as they really went: `python -m tests.dialogues.rewriting FILE...`. Then read them.

What people do stays as it is; only what the bot says is replaced.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.dialogues.script import read
from tests.dialogues.theatre import theatre


async def rewrite(file: Path) -> None:
    """Play a dialogue and write down what happened."""
    script = read(file)
    with tempfile.TemporaryDirectory() as folder:
        async with theatre(script, Path(folder)) as opened:
            file.write_text(await opened.perform(script), encoding="utf-8")  # noqa: ASYNC240 (nothing else runs)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        asyncio.run(rewrite(Path(name)))
