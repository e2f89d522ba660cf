"""What an operator reads when a database on a server can't be used."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.store import inbox
from bot.store.database import Database
from bot.store.errors import DatabaseUnreachable, KeysMissing, SameDatabase, SchemaUnknown, WrongMasterKey
from bot.store.records import RawUpdate
from tests.cli.commands import SAMPLE, Operator
from tests.postgres.server import Pair, Server
from tests.store.conftest import MASTER_KEY, NOW

CLOSED = 1  # a port on which nothing listens

FAULTS = {
    "no server": (r"(?<=127.0.0.1:)\d+", str(CLOSED), "nothing answers there"),
    "wrong password": (r"(?<=stagebot:)\w+", "geheim-4711", "the password is wrong"),
    "no such user": ("stagebot(?=:)", "iemand", "the password is wrong"),
    "no such database": (r"\w+$", "nergens", "there is no such database"),
}


@pytest.mark.parametrize("which", ["main", "keys"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_server_that_can_not_be_used_gives_one_line(
    postgres_pair: Pair, which: str, fault: str
) -> None:
    """The line names the place and the reason, and no password."""
    pattern, other, why = FAULTS[fault]
    urls = {"main": postgres_pair.main, "keys": postgres_pair.keys}
    urls[which] = re.sub(pattern, other, urls[which])
    with pytest.raises(DatabaseUnreachable) as caught:
        await Database.open(urls["main"], urls["keys"], MASTER_KEY)
    assert str(caught.value) == f"{urls[which].partition('@')[2]}: {why}"


async def test_a_name_that_nobody_knows_gives_one_line(postgres_pair: Pair) -> None:
    """A slip of the pen in the host is told too."""
    with pytest.raises(DatabaseUnreachable, match=r"^nergens\.invalid/x: .+$"):
        await Database.open("postgresql://a:b@nergens.invalid/x", postgres_pair.keys, MASTER_KEY)


async def test_a_server_that_is_too_old_gives_one_line(postgres: Server, postgres_pair: Pair) -> None:
    """What it says of its version decides; here a function of the same name says it in its place."""
    name = postgres_pair.main.rpartition("/")[2]
    postgres.run("CREATE SCHEMA old", name)
    postgres.run("GRANT USAGE ON SCHEMA old TO PUBLIC", name)
    postgres.run(
        "CREATE FUNCTION old.current_setting(name text) RETURNS text LANGUAGE sql AS $$ SELECT CASE name "
        "WHEN 'server_version_num' THEN '130018' ELSE pg_catalog.current_setting(name) END $$",
        name,
    )
    postgres.run(f"ALTER DATABASE {name} SET search_path = old, pg_catalog, public", name)
    with pytest.raises(DatabaseUnreachable) as caught:
        await Database.open(postgres_pair.main, postgres_pair.keys, MASTER_KEY)
    place = postgres_pair.main.partition("@")[2]
    assert str(caught.value) == f"{place}: it is PostgreSQL 13, needed is 14 or newer"


async def test_one_database_for_both_is_refused_under_whatever_name(postgres_pair: Pair) -> None:
    """The keys would lie in the backups of what they sealed (docs/trust.md, Sealing)."""
    with pytest.raises(SameDatabase, match="is the main database; the keys belong in another"):
        await Database.open(
            postgres_pair.main.replace("127.0.0.1", "localhost"), postgres_pair.main, MASTER_KEY
        )


async def test_keys_that_are_gone_are_not_made_again(postgres: Server, postgres_pair: Pair) -> None:
    """New keys would open nothing of what is stored: a lost keys database is told, not replaced."""
    await (await Database.open(postgres_pair.main, postgres_pair.keys, MASTER_KEY)).close()
    keys = postgres_pair.keys.rpartition("/")[2]
    postgres.drop(keys)
    postgres.create(keys)
    with pytest.raises(KeysMissing, match="no keys here"):
        await Database.open(postgres_pair.main, postgres_pair.keys, MASTER_KEY)
    assert postgres.run("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", keys) == [(0,)]


async def test_another_master_key_is_refused(postgres_pair: Pair) -> None:
    """As on SQLite."""
    await (await Database.open(postgres_pair.main, postgres_pair.keys, MASTER_KEY)).close()
    with pytest.raises(WrongMasterKey):
        await Database.open(postgres_pair.main, postgres_pair.keys, bytes(32))


async def test_tables_of_a_newer_version_are_left_alone(postgres: Server, postgres_pair: Pair) -> None:
    """Who goes back to an earlier stagebot reads what to do."""
    postgres.run("UPDATE alembic_version SET version_num = 'main_99'", postgres_pair.main.rpartition("/")[2])
    with pytest.raises(SchemaUnknown, match="tables of version main_99, known is main_3"):
        await Database.open(postgres_pair.main, postgres_pair.keys, MASTER_KEY)


async def test_a_user_without_rights_is_told(postgres: Server) -> None:
    """A database that belongs to somebody else can't get tables."""
    with postgres.pair(migrated=False) as pair:
        postgres.run(f"ALTER DATABASE {pair.keys.rpartition('/')[2]} OWNER TO postgres")
        with pytest.raises(DatabaseUnreachable, match="may not make tables here: let it own the database"):
            await Database.open(pair.main, pair.keys, MASTER_KEY)


async def test_another_encoding_is_refused(postgres: Server, postgres_pair: Pair) -> None:
    """Names with accents would not fit in."""
    postgres.run("CREATE DATABASE latin OWNER stagebot ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(DatabaseUnreachable, match="its encoding is LATIN1, needed is UTF8"):
        await Database.open(postgres.url("latin"), postgres_pair.keys, MASTER_KEY)
    postgres.drop("latin")


async def test_a_master_key_that_is_gone_is_not_made_again(tmp_path: Path, postgres_pair: Pair) -> None:
    """The command line says so in one line, makes no other key, and tells no password."""
    operator, settings = (
        Operator(tmp_path),
        {
            "database_url": postgres_pair.main,
            "keys_url": postgres_pair.keys,
        },
    )
    first = await operator.give("roster", "import", SAMPLE, **settings)
    (operator.data / "master.key").unlink()
    second = await operator.give("invites", **settings)
    line = (
        f"{operator.data}/master.key: the master key is not there, and the keys database does not open "
        "without it; put the key file back from where you keep it"
    )
    assert (first.code, second.code, second.err) == (0, 1, [line])
    assert not (operator.data / "master.key").exists()


async def test_without_an_answer_no_master_key_is_made(tmp_path: Path, postgres_pair: Pair) -> None:
    """Whether there are keys already can't be told then, and a new key would not open them."""
    away = re.sub(r"(?<=127.0.0.1:)\d+", str(CLOSED), postgres_pair.keys)
    operator = Operator(tmp_path)
    said = await operator.give("export", database_url=postgres_pair.main, keys_url=away)
    assert (said.code, said.err) == (1, [f"{away.partition('@')[2]}: nothing answers there"])
    assert not (operator.data / "master.key").exists()


async def test_on_empty_databases_a_first_start_makes_everything(tmp_path: Path, postgres: Server) -> None:
    """Tables, keys and a master key, as on SQLite."""
    with postgres.pair(migrated=False) as pair:
        operator = Operator(tmp_path)
        said = await operator.give("roster", "import", SAMPLE, database_url=pair.main, keys_url=pair.keys)
    assert (said.code, said.err) == (0, [operator.told_of_a_key])


async def test_a_password_may_come_from_a_file(tmp_path: Path, postgres_pair: Pair) -> None:
    """One file for both addresses, as compose.yaml has it."""
    password = re.search(r":(\w+)@", postgres_pair.main)
    assert password is not None
    (tmp_path / "password").write_text(f"{password[1]}\n")
    said = await Operator(tmp_path).give(
        "roster",
        "import",
        SAMPLE,
        database_url=postgres_pair.main.replace(f":{password[1]}", ""),
        keys_url=postgres_pair.keys.replace(f":{password[1]}", ""),
        database_password_file=tmp_path / "password",
    )
    assert said.code == 0


async def test_an_error_tells_no_value_that_the_server_or_the_driver_quotes(postgres_pair: Pair) -> None:
    """What could not be stored stands in no error (docs/trust.md, 17)."""
    db = await Database.open(postgres_pair.main, postgres_pair.keys, MASTER_KEY)
    told = []
    for value in ("kanarie\ud800", "kanarie\0"):
        with pytest.raises(DBAPIError) as caught:
            async with db.writing() as tx:
                await tx.run(text("SELECT CAST(:value AS text)"), {"value": value})
        told.append("".join(traceback.format_exception(caught.value)))
    async with db.writing() as tx:
        await inbox.record(tx, [RawUpdate(id=1, raw=b"{}")], NOW)
    await db.close()
    assert ["kanarie" in one for one in told] == [False, False]
