from __future__ import annotations

import base64
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import vault as vault_module
from bot.store.database import Database
from bot.store.errors import KeyErased, MasterKeyFault, SealBroken, WrongMasterKey
from bot.store.vault import Keys, Vault, read_or_create_master_key
from tests.store.conftest import MASTER_KEY, Files


class Drawer:
    """A keyring in a dict: the Keyring protocol without a database."""

    def __init__(self) -> None:
        self.wrapped: dict[int, bytes] = {}
        self.loads = 0

    async def load(self, persons: Collection[int]) -> Mapping[int, bytes]:
        self.loads += 1
        return {p: self.wrapped[p] for p in persons if p in self.wrapped}

    async def add(self, wrapped: Mapping[int, bytes]) -> None:
        self.wrapped = {**wrapped, **self.wrapped}

    async def erase(self, persons: Collection[int]) -> None:
        self.wrapped = {p: key for p, key in self.wrapped.items() if p not in persons}


async def prepared(vault: Vault, *persons: int) -> Keys:
    keys = Keys()
    await vault.prepare(keys, persons)
    return keys


@pytest.fixture
async def keys() -> Keys:
    vault = Vault(MASTER_KEY, Drawer())
    await vault.create([1, 2])
    return await prepared(vault, 1, 2)


async def test_a_sealed_text_opens_in_its_own_place(keys: Keys) -> None:
    """What goes in comes out, and is 28 bytes longer."""
    sealed = keys.seal(1, "replies", "7:aha", "text", "kassa opgemaakt")
    assert len(sealed) == len("kassa opgemaakt") + 28
    assert keys.open_text(1, "replies", "7:aha", "text", sealed) == "kassa opgemaakt"


@pytest.mark.parametrize(
    ("person", "table", "row", "field"),
    [
        (2, "replies", "7:aha", "text"),
        (1, "notes", "7:aha", "text"),
        (1, "replies", "8:aha", "text"),
        (1, "replies", "7:aha", "wording"),
    ],
)
async def test_a_sealed_text_opens_nowhere_else(
    keys: Keys, person: int, table: str, row: str, field: str
) -> None:
    """Moved to another person, table, row or field it is refused."""
    sealed = keys.seal(1, "replies", "7:aha", "text", "kassa opgemaakt")
    with pytest.raises(SealBroken):
        keys.open(person, table, row, field, sealed)


@pytest.mark.parametrize("length", [0, 5, 27, 32])
async def test_a_seal_cut_short_is_refused(keys: Keys, length: int) -> None:
    """Cut at any length, nothing opens."""
    sealed = keys.seal(1, "replies", "7:aha", "text", "kassa")
    with pytest.raises(SealBroken):
        keys.open(1, "replies", "7:aha", "text", sealed[:length])


async def test_any_text_survives_sealing(keys: Keys) -> None:
    """Lone surrogates, NUL and emoji come back as they were."""

    @given(st.text(alphabet=st.characters(exclude_categories=[])))
    def survives(text: str) -> None:
        assert keys.open_text(1, "notes", 1, "text", keys.seal(1, "notes", 1, "text", text)) == text

    survives()


async def test_an_erased_key_opens_nothing() -> None:
    """After erasing, new work gets KeyErased, and the other person's text still opens."""
    vault = Vault(MASTER_KEY, Drawer())
    await vault.create([1, 2])
    before = await prepared(vault, 1, 2)
    hers, his = before.seal(1, "notes", 1, "text", "a"), before.seal(2, "notes", 2, "text", "b")
    await vault.erase([1])
    after = await prepared(vault, 1, 2)
    assert after.open_text(2, "notes", 2, "text", his) == "b"
    with pytest.raises(KeyErased):
        after.open(1, "notes", 1, "text", hers)


async def test_a_key_that_exists_is_never_replaced() -> None:
    """Making keys again changes nothing."""
    drawer = Drawer()
    vault = Vault(MASTER_KEY, drawer)
    await vault.create([1])
    first = drawer.wrapped[1]
    await vault.create([1])
    assert drawer.wrapped == {1: first}


async def test_keys_are_loaded_in_one_go_and_then_remembered() -> None:
    """A batch costs one load, the next one none."""
    drawer = Drawer()
    vault = Vault(MASTER_KEY, drawer)
    await vault.create([1, 2, 3])
    await prepared(vault, 1, 2, 3)
    await prepared(vault, 1, 3)
    assert drawer.loads == 1


async def test_a_batch_larger_than_the_cache_keeps_all_its_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache is bounded; the work at hand is not cut short by it."""
    monkeypatch.setattr(vault_module, "_CACHED_KEYS", 2)
    vault = Vault(MASTER_KEY, Drawer())
    await vault.create(range(1, 6))
    keys = await prepared(vault, *range(1, 6))
    sealed = [keys.seal(p, "notes", p, "text", str(p)) for p in range(1, 6)]
    assert [keys.open_text(p, "notes", p, "text", s) for p, s in enumerate(sealed, 1)] == list("12345")


async def test_another_master_key_is_told_at_once(files: Files, db: Database) -> None:
    """The wrong key file stops the program, with a line that says so."""
    await db.close()
    with pytest.raises(WrongMasterKey, match="use the key file it was made with"):
        await files.open(master_key=bytes(32))


async def test_lookups_are_the_same_each_time_and_differ_by_kind_and_key() -> None:
    """A chat is found again, and not by somebody with another master key."""
    vault = Vault(MASTER_KEY, Drawer())
    assert vault.lookup("chat", 5) == vault.lookup("chat", "5")
    assert vault.lookup("chat", 5) != vault.lookup("invitation", 5)
    assert vault.lookup("chat", 5) != Vault(bytes(32), Drawer()).lookup("chat", 5)


def test_the_master_key_is_made_once_and_read_after(tmp_path: Path) -> None:
    """The first start makes it, for this account only; the next reads the same."""
    path = tmp_path / "data" / "master.key"
    key, created = read_or_create_master_key(path)
    assert (created, len(key), stat.S_IMODE(path.stat().st_mode)) == (True, 32, 0o600)
    assert read_or_create_master_key(path) == (key, False)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (base64.b64encode(bytes(31)), "expected 32 bytes in base64, found 31"),
        (b"", "expected 32 bytes in base64, found 0"),
        (b"not a key!", "expected 32 bytes in base64"),
    ],
)
def test_a_file_that_holds_no_master_key_is_refused(tmp_path: Path, content: bytes, line: str) -> None:
    """A wrong file is named and never overwritten."""
    path = tmp_path / "master.key"
    path.write_bytes(content)
    with pytest.raises(MasterKeyFault, match=line):
        read_or_create_master_key(path)
    assert path.read_bytes() == content


def test_a_folder_in_place_of_the_master_key_is_refused(tmp_path: Path) -> None:
    """What can't be read gives one line with its path."""
    with pytest.raises(MasterKeyFault, match="can't be read"):
        read_or_create_master_key(tmp_path)
