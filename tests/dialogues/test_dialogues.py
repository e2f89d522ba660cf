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


WRONG = """# What is wrong in this dialogue shows.
stage: BPV-2026-001
joined: student

donderdag 10 september 17:00
bot>student  Weet je aan wie je op je stage een vraag kunt stellen?
             [Ja] [Nee]
student[Ja]
bot>student  Welk moment van je eerste dagen…
bot toast>student Fijn!
student[Misschien]
"""
WENT = """# What is wrong in this dialogue shows.
stage: BPV-2026-001
joined: student

donderdag 10 september 17:00
(donderdag 10 september 16:30)
bot>student  Weet je aan wie je op je stage een vraag kunt stellen?
             [Ja] [Een beetje] [Nee] [Overslaan] [⏰ Vanavond] [⏰ Morgen]
student[Ja]
bot>student  Welk moment van je eerste dagen…
student[Misschien]
!! no button [Misschien]
"""


async def test_what_goes_otherwise_is_shown(tmp_path: Path) -> None:
    """A message at another moment, other buttons, what was not said, and what can't be done all show."""
    file = tmp_path / "wrong.txt"
    file.write_text(WRONG, encoding="utf-8")
    script = read(file)
    async with theatre(script, tmp_path) as opened:
        assert await opened.perform(script) == WENT


async def test_what_the_dialogue_does_not_tell_is_shown(tmp_path: Path) -> None:
    """A message that stands in no dialogue is written where it came."""
    file = tmp_path / "silent.txt"
    file.write_text(
        "stage: BPV-2026-001\njoined: student\n\ndinsdag 8 september 12:00\nstudent /vragen\n", "utf-8"
    )
    script = read(file)
    async with theatre(script, tmp_path) as opened:
        went = await opened.perform(script)
    assert went == f"{script.text}bot>student  Er staat geen vraag open.\n"
