"""A damaged database is refused in one clear line, or works: never a wrong page (docs/trust.md, 7)."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.simulator.server import Simulator
from bot.store.errors import StoreError
from tests.cli.commands import SAMPLE, TOKEN, Operator, Said, end
from tests.cli.stored import stored
from tests.crash.test_stopping import join, write
from tests.trouble.accounts import started
from tests.trouble.lived import CODE, PAGE, Lived, live, page_of

MAIN, KEYS = "stagebot.sqlite3", "keys.sqlite3"
COMMANDS: tuple[tuple[str | Path, ...], ...] = (
    ("run",),
    ("digest", CODE),
    ("export",),
    ("roster", "import", SAMPLE),
)
Damage = Callable[[bytes, int, random.Random], bytes]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return asyncio.run(live(tmp_path_factory.mktemp("lived")))


def zeros(_file: bytes, _page: int, _chance: random.Random) -> bytes:
    """A page that was never written."""
    return bytes(PAGE)


def noise(_file: bytes, _page: int, chance: random.Random) -> bytes:
    """A page of something else."""
    return chance.randbytes(PAGE)


def another(file: bytes, page: int, chance: random.Random) -> bytes:
    """A good page that was written to the wrong place."""
    others = [n for n in range(len(file) // PAGE) if _at(file, n) != _at(file, page)]
    return _at(file, chance.choice(others))


@pytest.mark.parametrize("damage", [zeros, noise, another])
async def test_whichever_page_is_overwritten_the_database_is_refused_or_gives_the_same_page(
    lived: Lived, tmp_path: Path, damage: Damage
) -> None:
    """Every fourth page of main, and every one of the keys: no page that differs, and no traceback."""
    chance = random.Random(1)  # noqa: S311 - repeatable on purpose
    good = await page_of(lived.copy(tmp_path / "good"))
    ends: Counter[str] = Counter()
    spots = [(MAIN, page) for page in range(0, lived.pages(MAIN), 4)]
    spots += [(KEYS, page) for page in range(lived.pages(KEYS))]
    for name, page in spots:
        folder = lived.copy(tmp_path / "copy")
        file = (folder / name).read_bytes()
        spoiled = file[: page * PAGE] + damage(file, page, chance) + file[(page + 1) * PAGE :]
        (folder / name).write_bytes(spoiled)
        ends[await _end_of(folder, good)] += 1
    assert ends.keys() <= {"refused", "the same page"}
    assert ends["refused"] > len(spots) // 2


@pytest.mark.parametrize("name", [MAIN, KEYS])
@pytest.mark.parametrize("part", [0.3, 0.99])
async def test_a_file_that_was_cut_off_is_refused(
    lived: Lived, tmp_path: Path, name: str, part: float
) -> None:
    """Within a page or between two: what is missing is never taken for empty."""
    folder = lived.copy(tmp_path / "copy")
    file = (folder / name).read_bytes()
    (folder / name).write_bytes(file[: int(len(file) * part)])
    with pytest.raises(StoreError, match=f"{name}: .*; restore a backup"):
        await page_of(folder)


async def test_every_command_refuses_a_header_that_was_overwritten_in_one_line(school: Operator) -> None:
    """Exit code 1 and one line each; the file stays as it is."""
    file = school.data / MAIN
    spoiled = b"\0" * 100 + file.read_bytes()[100:]
    file.write_bytes(spoiled)
    said = [await school.give(*words, token=TOKEN) for words in COMMANDS]
    assert said == [Said(1, [], [f"{file}: file is not a database; restore a backup"])] * len(COMMANDS)
    assert file.read_bytes() == spoiled


async def test_an_empty_file_beside_keys_of_people_is_no_new_beginning(school: Operator) -> None:
    """A file of no bytes, or none at all: refused, and with the old one back all is well."""
    file, good = school.data / MAIN, (school.data / MAIN).read_bytes()
    file.write_bytes(b"")
    empty = await school.give("digest", "BPV-2026-001")
    file.unlink()
    gone = await school.give("run", token=TOKEN)
    file.write_bytes(good)
    back = await school.give("roster", "check", SAMPLE)
    told = (
        f"{file}: nothing is stored here, and {school.data}/{KEYS} holds keys of people; restore a backup, "
        "or remove the keys too to begin anew"
    )
    assert (empty, gone) == (Said(1, [], [told]), Said(1, [], [told]))
    assert back.out == ["0 new, 0 changed, 0 missing, 24 unchanged"]


async def test_keys_of_another_database_are_refused(school: Operator, tmp_path: Path) -> None:
    """With the same master key they would open nothing, and every text would read as erased."""
    other = Operator(tmp_path / "other")
    other.data.mkdir(parents=True)
    (other.data / "master.key").write_bytes((school.data / "master.key").read_bytes())
    await other.give("roster", "import", SAMPLE)
    before = stored(school)
    (school.data / KEYS).write_bytes((other.data / KEYS).read_bytes())
    page = await school.give("digest", "BPV-2026-001")
    bot = await school.give("run", token=TOKEN)
    main = school.data / MAIN
    told = f"{school.data}/{KEYS}: these keys do not belong to {main}; restore both from one backup"
    assert (page, bot) == (Said(1, [], [told]), Said(1, [], [told]))
    assert stored(school) == before


async def test_damage_that_comes_while_the_bot_runs_ends_it_in_one_line_and_loses_no_message(
    operator: Operator, telegram: Simulator
) -> None:
    """It can't know what else is wrong: nothing is sent after it, and messages stay at Telegram."""
    await operator.give("roster", "import", SAMPLE)
    phones = await join(operator, telegram)
    bot = await started(operator, telegram)
    file = operator.data / MAIN
    spoil(file, ("inbox", "sqlite_autoindex_inbox_1", "participants", "outbox"))
    before = [call.number for call in telegram.world.transcript if call.method == "sendMessage"]
    for number in range(10):
        write(phones, number)
    said = await end(bot)
    after = [call.number for call in telegram.world.transcript if call.method == "sendMessage"]
    again = await operator.give("run", token=TOKEN, api_url=telegram.url)
    assert said.code == 1
    assert said.err[-1:] == [f"{file}: database disk image is malformed; restore a backup"]
    assert after == before
    assert len(telegram.world.updates) == 10
    assert (again.code, len(again.err)) == (1, 1)


# ---- helpers --------------------------------------------------------------------------------------------


def spoil(file: Path, names: tuple[str, ...]) -> None:
    """Overwrite the first page of some tables and indexes, as a disk that fails would.

    The file is marked as changed, so that nobody goes on with what they had read before.
    """
    with sqlite3.connect(file) as connection:
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_master"))
    connection.close()
    content = bytearray(file.read_bytes())
    for page in [roots[name] - 1 for name in names if name in roots]:
        content[page * PAGE : (page + 1) * PAGE] = b"\xff" * PAGE
    content[24:28] = (int.from_bytes(content[24:28]) + 1).to_bytes(4)
    with file.open("r+b") as same:
        same.write(content)


async def _end_of(folder: Path, good: list[str]) -> str:
    try:
        found = await page_of(folder)
    except StoreError:
        return "refused"
    return "the same page" if found == good else "another page"


def _at(file: bytes, page: int) -> bytes:
    return file[page * PAGE : (page + 1) * PAGE]
