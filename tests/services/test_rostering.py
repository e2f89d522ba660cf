from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.roster.comparing import Difference
from bot.roster.model import Roster
from bot.services import rostering
from bot.store import people
from bot.store.errors import StudentChanged
from tests.services.school import School, a_roster


async def difference(school: School, roster: Roster) -> Difference:
    """Say what importing a roster would change."""
    async with school.play.db.reading() as tx:
        return await rostering.difference(tx, roster, school.play.school)


async def import_(school: School, roster: Roster, ended: tuple[str, ...] = ()) -> None:
    """Import a roster."""
    async with school.play.db.writing() as tx:
        found = await rostering.difference(tx, roster, school.play.school)
        await rostering.import_(tx, roster, found, ended, school.play.school, school.play.clock())


async def test_importing_the_same_roster_again_changes_nothing(school: School, tmp_path: Path) -> None:
    """A roster that was imported holds nothing new, and its stages stay who they are."""
    before = await school.play.stages()
    await import_(school, a_roster(school, tmp_path))
    found = await difference(school, a_roster(school, tmp_path))
    assert (found.is_empty, found.unchanged, found.missing) == (True, ("BPV-2026-001",), ())
    assert await school.play.stages() == before


async def test_a_meeting_that_moves_is_a_change_of_its_stage(school: School, tmp_path: Path) -> None:
    """The stage stays the same, with its meeting at another moment."""
    await import_(school, a_roster(school, tmp_path, gesprek_1="2026-09-28 10:00"))
    after = await school.play.stages()
    assert [(s.id, s.code, f"{s.meetings[0].at:%Y-%m-%d %H:%M}") for s in after] == [
        (school.stage.id, "BPV-2026-001", "2026-09-28 08:00")
    ]


async def test_a_stage_that_is_missing_goes_on_unless_it_is_ended(school: School, tmp_path: Path) -> None:
    """Leaving a stage out of the file does not end it; saying so does, and nobody is deleted."""
    other = a_roster(school, tmp_path, "BPV-2026-006")
    assert (await difference(school, other)).missing == ("BPV-2026-001",)
    await import_(school, other)
    assert [(s.code, s.ended) for s in await school.play.stages()] == [
        ("BPV-2026-001", False),
        ("BPV-2026-006", False),
    ]
    await import_(school, other, ended=("BPV-2026-001",))
    assert [(s.code, s.ended) for s in await school.play.stages()] == [
        ("BPV-2026-001", True),
        ("BPV-2026-006", False),
    ]
    async with school.play.db.reading() as tx:
        kept = await people.by_ids(tx, [school.stage.student])
    assert [one.name for one in kept.values()] == ["Samira El Amrani"]


async def test_a_person_in_two_stages_is_one_person(school: School, tmp_path: Path) -> None:
    """A trainer's second student brings no second trainer, and no second invitation."""
    await import_(school, a_roster(school, tmp_path, "BPV-2026-001, BPV-2026-006"))
    first, second = await school.play.stages()
    assert (first.trainer, first.student) == (second.trainer, school.stage.student)
    assert second.student != first.student


async def test_who_joined_stays_joined_when_the_roster_is_imported_again(
    school: School, tmp_path: Path
) -> None:
    """A new roster takes nobody out of their chat, and questions go on."""
    await school.join(school.student)
    await import_(school, a_roster(school, tmp_path, gesprek_1="2026-10-05 10:00"))
    await school.jump("2026-09-10 16:30")
    assert school.student.messages[-1]["text"].startswith("Weet je aan wie")


async def test_a_coordinator_who_teaches_is_one_person(school: School, tmp_path: Path) -> None:
    """The code of a coordinator in the school's file is the code of a teacher in the roster."""
    roster = a_roster(school, tmp_path, "BPV-2026-006", docent="Jolanda Vos", docent_code="VOS")
    await import_(school, roster)
    stage = (await school.play.stages())[1]
    async with school.play.db.reading() as tx:
        leads = await people.coordinators(tx, ["Business Events"])
    assert leads == {"Business Events": [stage.teacher]}


async def test_a_code_of_another_student_keeps_the_whole_roster_out(school: School, tmp_path: Path) -> None:
    """Answers belong to their student: neither that stage nor any other of the file is imported."""
    roster = a_roster(school, tmp_path, "BPV-2026-001, BPV-2026-006")
    taken = replace(roster, stages=(replace(roster.stages[0], student="1084217"), *roster.stages[1:]))
    with pytest.raises(StudentChanged, match="BPV-2026-001"):
        await import_(school, taken)
    assert await school.play.stages() == [school.stage]
