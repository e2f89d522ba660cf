"""P8, P9: `stagebot survey` writes a table that a spreadsheet opens, without a name and without a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.cli.surveying import harmless
from bot.store import stages
from bot.store.database import Database
from bot.store.vault import read_or_create_master_key
from conversations.model import Key, ParticipantId, Stage, Status
from tests.cli.commands import Operator
from tests.store.making import asked, check_in, reply

NOW = datetime(2027, 1, 20, 15, tzinfo=UTC)
HEAD = "schooljaar;team;rol;vragenset;vraag;antwoord;aantal;personen"
WISH = "Wat kan de school beter doen voor jou en een student als …?"
CONTACT = "Hoe was het contact met je docent?"
HOSTILE = "=cmd|' /C calc'!A0"


def one_of_each_trainer(found: Sequence[Stage]) -> list[Stage]:
    return list({stage.trainer: stage for stage in found if stage.team == "Business Events"}.values())


async def answered(operator: Operator, wishes: Sequence[str]) -> None:
    """Let as many trainers answer as there are wishes, and two students."""
    key, _ = read_or_create_master_key(operator.data / "master.key")
    db = await Database.open(*operator.databases, key)
    async with db.writing() as tx:
        found = await stages.every(tx)
        for number, (stage, wish) in enumerate(zip(one_of_each_trainer(found), wishes, strict=False)):
            await one(tx, stage, stage.trainer, number, "trainer/end_survey", "better", text=wish)
        for number, stage in enumerate(found[:2], start=50):
            given = {"choices": ("too_little",)}
            await one(tx, stage, stage.student, number, "student/end_survey_2", "contact", **given)
    await db.close()


async def one(
    tx: object, stage: Stage, who: ParticipantId, number: int, name: str, question: str, **given: object
) -> None:
    at = NOW + timedelta(minutes=number)
    item = check_in(stage, who, f"end {number}", due=at, question_set=name)
    what = {"key": Key.SURVEY, "status": Status.ANSWERED, "answered": at}
    await asked(tx, item, reply(item, question, **what, **given))  # type: ignore[arg-type]  # a transaction


async def test_the_survey_is_a_table_for_a_spreadsheet(school: Operator) -> None:
    """Five wishes by letter; what would be a formula is text; a small group has no number; utf-8."""
    trainers = [
        "Vaker bellen",
        HOSTILE,
        "Ingrid kreeg\nte weinig uitleg",
        "Één aanspreekpunt",
        "Niets; prima",
    ]
    await answered(school, trainers)
    file = school.folder / "eind.csv"
    said = await school.give("survey", "--output", file)
    text = file.read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    where = ["2026-2027", "Business Events", "praktijkopleider", "trainer/end_survey", WISH]
    assert (said.code, said.out, said.err) == (0, [], [f"{file}: 6 lines."])
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert ";".join(rows[0]) == HEAD
    assert rows[1:] == [
        [
            "2026-2027",
            "Business Events",
            "student",
            "student/end_survey_2",
            CONTACT,
            "minder dan vijf personen",
            "",
            "",
        ],
        [*where, f"'{HOSTILE}", "1", "5"],
        [*where, "Niets; prima", "1", "5"],
        [*where, "Vaker bellen", "1", "5"],
        [*where, "Één aanspreekpunt", "1", "5"],
        [*where, "… kreeg te weinig uitleg", "1", "5"],
    ]


async def test_wishes_of_four_trainers_stay_inside(school: Operator) -> None:
    """Their words and their number are not in the table."""
    await answered(school, ["GEHEIM"] * 4)
    said = await school.give("survey", "--year", "2026")
    assert said.code == 0
    assert [line.split(";")[-3:] for line in said.out[1:]] == [["minder dan vijf personen", "", ""]] * 2


async def test_another_year_has_only_a_heading(school: Operator) -> None:
    """Nothing of another school year is in it."""
    await answered(school, ["GEHEIM"] * 5)
    said = await school.give("survey", "--year", "2025")
    assert (said.code, said.out) == (0, [HEAD])


async def test_a_file_that_can_not_be_written_is_told_in_one_line(school: Operator) -> None:
    """A folder that is not there."""
    file = school.folder / "nowhere" / "eind.csv"
    said = await school.give("survey", "--output", file)
    assert (said.code, said.err) == (1, [f"{file}: can't be written (No such file or directory)"])


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "\n-1"])
def test_no_cell_can_be_a_formula(cell: str) -> None:
    """What a spreadsheet would calculate begins with a quote."""
    assert harmless(cell) == f"'{cell.strip()}"


@pytest.mark.parametrize("cell", ["Goed - prima", "8", "", "…"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    """A dash inside a text is no formula."""
    assert harmless(cell) == cell
