"""Every dialogue in this folder, as a teacher would read it, played on the real road."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dialogues.comparing import difference
from tests.dialogues.script import read
from tests.dialogues.theatre import theatre

FILES = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_goes_as_written(file: Path, tmp_path: Path) -> None:
    """Everything the bot says, and nothing else, stands in the dialogue, at its moment and in its words."""
    script = read(file)
    async with theatre(script, tmp_path) as opened:
        went = await opened.perform(script)
        findings = [finding.text for finding in opened.play.world.findings]
    assert difference(script.text, went) == "", f"\n{difference(script.text, went)}"
    assert findings == []
