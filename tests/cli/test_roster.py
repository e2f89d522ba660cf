"""The roster, the invitations and what a stage has given, on the command line."""

from __future__ import annotations

import asyncio
import csv
import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services.road import Road
from bot.simulator.server import Simulator
from bot.store.database import Database
from bot.store.vault import read_or_create_master_key
from bot.telegram.parse import parse
from config.texts import Texts
from tests.cli.commands import SAMPLE, TOKEN, Operator
from tests.cli.stored import stored
from tests.crash.child import SCHOOL

NEW = "24 new, 0 changed, 0 missing, 0 unchanged"
UNCHANGED = "0 new, 0 changed, 0 missing, 24 unchanged"
PEOPLE = 24 + 7 + 3 + 2  # students, trainers, teachers, coordinators
NO_STAGE = "no stage BPV-1: see the first column of the roster"


def roster_with(operator: Operator, **changes: str) -> Path:
    """The sample roster in which words were replaced by others."""
    text = SAMPLE.read_text("utf-8-sig")
    for old, new in changes.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    file = operator.folder / "rooster.csv"
    file.write_text(text, "utf-8")
    return file


# ---- stagebot roster ------------------------------------------------------------------------------------


async def test_importing_twice_changes_nothing(operator: Operator) -> None:
    """First 24 new, then 24 unchanged; a check before and after changes nothing either."""
    before = await operator.give("roster", "check", SAMPLE)
    first = await operator.give("roster", "import", SAMPLE)
    kept = stored(operator)
    second = await operator.give("roster", "import", SAMPLE)
    after = await operator.give("roster", "check", SAMPLE)
    said = (before, first, second, after)
    assert [one.code for one in said] == [0, 0, 0, 0]
    assert [one.out[-1] for one in said] == [NEW, NEW, UNCHANGED, UNCHANGED]
    assert stored(operator) == kept


@pytest.mark.sqlite_only
async def test_the_master_key_is_told_once_and_is_for_this_account_only(operator: Operator) -> None:
    """The first start says that the key must be kept; none of the files can be read by others."""
    first = await operator.give("roster", "import", SAMPLE)
    second = await operator.give("export")
    assert first.err == [operator.told_of_a_key]
    assert (second.code, second.err) == (0, [])
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in operator.data.iterdir()} == {
        "master.key": 0o600,
        "stagebot.sqlite3": 0o600,
        "stagebot.sqlite3.lock": 0o600,
        "keys.sqlite3": 0o600,
    }


async def test_a_roster_with_errors_is_not_imported_at_all(school: Operator) -> None:
    """Exit code 1; each line names row and column; what is good in it stays out too."""
    kept = stored(school)
    wrong = {"El Amrani;2008-02-11": "El Amrani;gisteren", "2026-10-07 13:30": "morgen"}
    file = roster_with(school, **wrong, **{"Daan de Vries": "Daan Vries"})
    said = await school.give("roster", "import", file)
    checked = await school.give("roster", "check", file)
    assert (said.code, checked.code) == (1, 1)
    assert [line.split(":")[0] for line in said.err[:-1]] == [
        "row 2, column geboortedatum",
        "row 12, column gesprek_1",
    ]
    assert said.err[-1] == f"{file}: 2 errors; nothing was imported"
    assert stored(school) == kept


async def test_stages_that_the_file_no_longer_has_end_only_when_asked(school: Operator) -> None:
    """Without --end-missing a missing stage is only told."""
    file = school.folder / "rooster.csv"
    file.write_text("".join(SAMPLE.read_text("utf-8-sig").splitlines(keepends=True)[:-2]))
    told = await school.give("roster", "import", file)
    ended = await school.give("roster", "import", file, "--end-missing")
    again = await school.give("roster", "import", file, "--end-missing")
    assert told.out[:2] == [
        "missing   BPV-2026-023: not in this file; it ends only with --end-missing",
        "missing   BPV-2026-024: not in this file; it ends only with --end-missing",
    ]
    assert (ended.code, ended.out[-1]) == (0, "2 ended")
    assert again.out == ["0 new, 0 changed, 0 missing, 22 unchanged"]


async def test_a_file_that_is_no_roster_is_told_in_one_line(school: Operator) -> None:
    """A missing file, an empty one, and one that only looks like a workbook."""
    empty, picture = school.folder / "empty.csv", school.folder / "rooster.xlsx"
    empty.write_text("")
    picture.write_bytes(b"PK\x03\x04 but no workbook")
    missing, nothing, other = await asyncio.gather(
        school.give("roster", "import", "none.csv"),
        school.give("roster", "check", empty),
        school.give("roster", "import", picture),
    )
    assert (missing.code, missing.err) == (1, ["none.csv: no such file"])
    assert (nothing.code, [line.split(":")[0] for line in nothing.err]) == (1, ["empty.csv"])
    assert (other.code, [line.split(":")[0] for line in other.err]) == (1, ["rooster.xlsx"])


# ---- stagebot invites -----------------------------------------------------------------------------------


async def test_everybody_gets_one_link(operator: Operator, telegram: Simulator) -> None:
    """A link a person; those who hold one keep it; --renew and --revoke; a spreadsheet runs no formula."""
    settings = {"token": TOKEN, "api_url": telegram.url}
    await operator.give(
        "roster", "import", roster_with(operator, **{"Samira El Amrani": "=Samira El Amrani"})
    )
    listed = await operator.give("invites", "--format", "csv", **settings)
    again = await operator.give("invites", **settings)
    renewed = await operator.give("invites", "--renew", **settings)
    revoked = await operator.give("invites", "--revoke", "BPV-2026-001", **settings)
    after = await operator.give("invites", "--format", "csv", **settings)
    rows = list(csv.DictReader(listed.out, delimiter=";"))
    links = {row["link"] for row in rows}
    assert (len(rows), len(links)) == (PEOPLE, PEOPLE)
    assert {link.split("?start=")[0] for link in links} == {"https://t.me/stagebot_demo_bot"}
    assert [row["name"] for row in rows if "Samira" in row["name"]] == ["'=Samira El Amrani"]
    assert again.err == [f"{PEOPLE} people hold a link that still works; --renew makes new ones."]
    assert "\n".join(renewed.out).count("https://t.me/stagebot_demo_bot?start=") == PEOPLE
    assert [link for link in links if link in "\n".join(renewed.out)] == []
    assert (revoked.code, revoked.out) == (0, ["3 links revoked."])
    roles = sorted(row["role"] for row in csv.DictReader(after.out, delimiter=";"))
    assert roles == ["student", "teacher", "trainer"]


async def test_invitations_need_a_token_and_a_stage_that_exists(
    school: Operator, telegram: Simulator
) -> None:
    """Without a token, with a wrong one, with Telegram away, for a stage nobody knows: one line each."""
    kept = stored(school)
    nobody, without, wrong, away = await asyncio.gather(
        school.give("invites", "--revoke", "BPV-1"),
        school.give("invites"),
        school.give("invites", token="7000000001:ANOTHER-TOKEN", api_url=telegram.url),
        school.give("invites", token=TOKEN, api_url="http://127.0.0.1:9"),
    )
    assert [said.code for said in (nobody, without, wrong, away)] == [1, 1, 1, 1]
    assert nobody.err == [NO_STAGE]
    assert without.err == [
        "a token is needed to know the bot's name: set STAGEBOT_TOKEN or STAGEBOT_TOKEN_FILE"
    ]
    assert wrong.err == ["Telegram does not accept this token: check STAGEBOT_TOKEN"]
    assert len(away.err) == 1
    assert stored(school) == kept


# ---- stagebot digest and export -------------------------------------------------------------------------


async def test_a_digest_is_printed_as_text_and_as_json(operator: Operator) -> None:
    """The page as it would be now; one line for a stage or a meeting that is not there."""
    head, row, *_ = SAMPLE.read_text("utf-8-sig").splitlines(keepends=True)
    cells = dict(zip(head.split(";"), row.split(";"), strict=True)) | {"gesprek_3": "", "plek_3": ""}
    file = operator.folder / "rooster.csv"
    file.write_text(head + ";".join(cells.values()))
    await operator.give("roster", "import", file)
    text, data, unknown, unplanned = await asyncio.gather(
        operator.give("digest", "BPV-2026-001", "--meeting", "1"),
        operator.give("digest", "BPV-2026-001", "--meeting", "2", "--format", "json"),
        operator.give("digest", "BPV-1"),
        operator.give("digest", "BPV-2026-001", "--meeting", "3"),
    )
    assert (text.code, text.out[0]) == (0, "Samira · Congrescentrum Amstel")
    page = json.loads("\n".join(data.out))
    assert (page["stage"], page["meeting"], page["student"]) == ("BPV-2026-001", 2, "Samira")
    assert (unknown.code, unknown.err) == (1, [NO_STAGE])
    assert (unplanned.code, unplanned.err) == (1, ["stage BPV-2026-001 has no meeting 3 planned"])


async def test_export_prints_a_line_of_json_for_everything_that_was_due(school: Operator) -> None:
    """Nobody had joined, and every line says so; --since leaves out what was due before that day."""
    day, after = datetime(2026, 11, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
    key, _ = read_or_create_master_key(school.data / "master.key")
    db = await Database.open(*school.databases, key)
    while await Road.build(db, SCHOOL, Texts.load(), lambda: after, parse).tick():
        pass
    await db.close()
    everything, since = await asyncio.gather(
        school.give("export"), school.give("export", "--since", "2026-11-01")
    )
    lines, later = ([json.loads(line) for line in said.out] for said in (everything, since))
    outcomes = {(line["status"], line["reason"]) for line in lines}
    assert outcomes == {("unreachable", "not_joined"), ("not_asked", "holiday")}
    assert {line["stage"] for line in lines} == {f"BPV-2026-{number:03}" for number in range(1, 25)}
    assert later == [line for line in lines if datetime.fromisoformat(line["due_at"]) > day]
    assert 0 < len(later) < len(lines)
