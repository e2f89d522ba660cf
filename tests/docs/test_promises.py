"""The table of promises is complete, and what it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
KEYS = ["K1a", "K1b", "K1c", "K2a", "K2b", "K3a", "K3b", "K4a", "K4b", "K4c"]
IDS = [*KEYS, *(f"P{n}" for n in range(1, 10)), "S1", "S2", "S3"]


def test_every_promise_has_a_row() -> None:
    """Each id of the product's promises stands in the table once."""
    assert re.findall(r"^\| ([KPS]\d[abc]?) \|", TABLE, re.MULTILINE) == IDS


def test_every_file_that_the_table_names_is_there() -> None:
    """A renamed test or question set can't leave a promise without what shows it."""
    named = re.findall(r"`((?:tests|config|conversations|docs)/[\w./-]+)`", TABLE)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_a_promise_that_is_kept_is_named_by_its_test() -> None:
    """Some test or dialogue that a row points to names the row's id."""
    rows = re.findall(r"^\| ([KPS]\d[abc]?) \|.*\|(.*)\|$", TABLE, re.MULTILINE)
    shown = {row: re.findall(r"`(tests/[\w./-]+)`", tests) for row, tests in rows}
    silent = [
        row
        for row, tests in shown.items()
        if tests and not any(re.search(rf"\b{row}\b", (ROOT / path).read_text("utf-8")) for path in tests)
    ]
    assert silent == []
