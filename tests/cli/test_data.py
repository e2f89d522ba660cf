"""Data that can't be used: one line that says what is wrong, and nothing is made worse."""

from __future__ import annotations

import pytest

from tests.cli.commands import SAMPLE, TOKEN, Operator
from tests.cli.stored import stored


@pytest.mark.sqlite_only
async def test_a_lost_master_key_is_told_and_not_replaced(school: Operator) -> None:
    """A new key would open nothing: none is made, and with the old one back all is well."""
    key, kept = school.data / "master.key", school.folder / "kept"
    key.rename(kept)
    said = await school.give("roster", "import", SAMPLE)
    told = (
        f"{key}: the master key is not there, and {school.data}/keys.sqlite3 does not open without it; "
        "put the key file back from where you keep it"
    )
    assert (said.code, said.err) == (1, [told])
    assert not key.exists()
    kept.rename(key)
    again = await school.give("roster", "check", SAMPLE)
    assert again.out == ["0 new, 0 changed, 0 missing, 24 unchanged"]


async def test_another_master_key_opens_nothing_and_says_so(school: Operator) -> None:
    """Somebody else's key, half a key: one line, and the data stays as it was."""
    key, kept = school.data / "master.key", stored(school)
    key.write_text("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoyMzQ1Njc=\n")
    other = await school.give("export")
    key.write_text("half a key")
    broken = await school.give("export")
    assert (other.code, other.err) == (
        1,
        ["the master key does not open this keys database: use the key file it was made with"],
    )
    assert (broken.code, broken.err) == (1, [f"{key}: no master key: expected 32 bytes in base64"])
    assert stored(school) == kept


@pytest.mark.sqlite_only
async def test_lost_keys_are_told_and_not_replaced(school: Operator) -> None:
    """Without the keys database every name would read as empty: stagebot does not go on."""
    keys = school.data / "keys.sqlite3"
    keys.unlink()
    said = await school.give("digest", "BPV-2026-001")
    main = school.data / "stagebot.sqlite3"
    told = f"{keys}: no keys here, and {main} can't be read without them; restore a backup"
    assert (said.code, said.err) == (1, [told])
    assert not keys.exists()


@pytest.mark.sqlite_only
async def test_a_corrupt_database_is_told_in_one_line(school: Operator) -> None:
    """Pages that were overwritten, or garbage in its place: no command goes on with it."""
    file = school.data / "stagebot.sqlite3"
    good = file.read_bytes()
    file.write_bytes(good[:8192] + b"x" * 16384 + good[24576:])
    damaged = await school.give("digest", "BPV-2026-001")
    file.write_bytes(b"garbage")
    garbage = await school.give("run", token=TOKEN)
    assert (damaged.code, damaged.err) == (1, [f"{file}: damaged (integrity_check); restore a backup"])
    assert (garbage.code, garbage.err) == (1, [f"{file}: file is not a database; restore a backup"])
    assert file.read_bytes() == b"garbage"


async def test_a_data_folder_that_can_not_be_made_is_told_in_one_line(operator: Operator) -> None:
    """A file where a folder should be."""
    file = operator.folder / "a file"
    file.write_text("")
    said = await operator.give("roster", "import", SAMPLE, data_dir=file / "data")
    told = f"{file}/data/master.key: the master key can't be read (Not a directory)"
    assert (said.code, said.err) == (1, [told])
