"""Writes the files of a school as a person would, with one change."""

from __future__ import annotations

from pathlib import Path

import config
from config import school

STUDENT = """role = "student"
key = "learning"
occasion = "weekly"

[[question]]
id = "first"
kind = "choice"
text.nl = "Ging het goed?"
text.en = "Did it go well?"

[[question.choice]]
id = "yes"
label.nl = "Ja"
label.en = "Yes"

[[question.choice]]
id = "no"
label.nl = "Nee"
label.en = "No"

[[question]]
id = "second"
after = { question = "first", choices = ["yes"] }
text.nl = "Wat deed je?"
text.en = "What did you do?"
"""

TRAINER = """role = "trainer"
key = "judgement"
occasion = "first_week"

[[question]]
id = "first"
text.nl = "Wat zag je bij {voornaam}?"
text.nl_u = "Wat zag u bij {voornaam}?"
text.en = "What did you see in {voornaam}?"
example.nl = "Kun je een voorbeeld geven?"
example.nl_u = "Kunt u een voorbeeld geven?"
example.en = "Can you give an example?"
"""

PROGRAMME = """name.nl = "Bakker"
name.en = "Baker"

[[task]]
id = "bread"
text.nl = "brood bakken"
text.en = "baking bread"

[[task]]
id = "cake"
text.nl = "taart bakken"
text.en = "baking cake"
"""


def changed(text: str, before: str, after: str) -> str:
    """Change the first place where something stands, which must be there."""
    at = text.index(before)
    return text[:at] + after + text[at + len(before) :]


def school_in(folder: Path, before: str = "name", after: str = "name") -> Path:
    """Write the shipped school's file with one change."""
    path = folder / "school.toml"
    path.write_text(changed(school.SHIPPED.read_text("utf-8"), before, after), "utf-8")
    return path


def with_file(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a school, and one file beside it; give the school's file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return school_in(folder)


def told(school_file: Path) -> list[str]:
    """Give the lines of `check`, with files named from the school's folder."""
    return [str(finding).replace(f"{school_file.parent}/", "") for finding in config.check(school_file)]
