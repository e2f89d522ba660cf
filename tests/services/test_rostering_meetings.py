"""P1: what a teacher changed about meetings in the chat, and a roster that comes after it."""

from __future__ import annotations

from pathlib import Path

from bot.services import rostering
from conversations.model import Meeting, MeetingState, Place
from tests.conversations.stages import at
from tests.services.school import School, a_roster


async def import_(school: School, folder: Path, **columns: str) -> bool:
    """Import the roster again, with some columns changed; tell whether it held anything new."""
    roster = a_roster(school, folder, **columns)
    async with school.play.db.writing() as tx:
        found = await rostering.difference(tx, roster, school.play.school)
        await rostering.import_(tx, roster, found, (), school.play.school, school.play.clock())
    return not found.is_empty


async def meetings_of(school: School) -> tuple[Meeting, ...]:
    """Give the meetings of the stage as they are stored."""
    return (await school.play.stages())[0].meetings


async def moves_the_first(school: School) -> None:
    """Let the teacher move the first meeting to 24 September and to the company."""
    await school.join(school.teacher)
    await types(school, "/gesprek")
    await school.press(school.teacher, "Andere dag of tijd")
    await types(school, "24 september 10:00")
    await school.press(school.teacher, "Andere plek")
    await school.press(school.teacher, "Bij het leerbedrijf")


async def types(school: School, text: str) -> None:
    """Let the teacher type something."""
    school.teacher.text(text)
    await school.play.rest()


MOVED = Meeting(number=1, at=at("2026-09-24 10:00"), place=Place.COMPANY, moved=1)


async def test_a_moved_meeting_stays_moved_when_the_roster_says_nothing_new(
    school: School, tmp_path: Path
) -> None:
    """The same file again, and a file that changed elsewhere, both leave it where the teacher put it."""
    await moves_the_first(school)
    assert await import_(school, tmp_path) is False
    after_the_same = await meetings_of(school)
    assert await import_(school, tmp_path, gesprek_2="2026-11-17 11:00") is True
    after_another = await meetings_of(school)
    assert (after_the_same[0], after_another[0]) == (MOVED, MOVED)
    assert after_another[1].at == at("2026-11-17 11:00")


async def test_a_roster_that_moved_the_meeting_itself_is_followed(school: School, tmp_path: Path) -> None:
    """What the school planned anew holds, and the meeting counts as planned again."""
    await moves_the_first(school)
    assert await import_(school, tmp_path, gesprek_1="2026-09-28 10:00") is True
    assert (await meetings_of(school))[0] == Meeting(number=1, at=at("2026-09-28 10:00"), place=Place.ONLINE)


async def test_a_meeting_that_was_held_stays_held(school: School, tmp_path: Path) -> None:
    """Held, moved and missed are recorded for good, whatever file comes after."""
    await moves_the_first(school)
    await school.jump("2026-09-24 13:00")
    await school.press(school.teacher, "Ja")
    await import_(school, tmp_path, gesprek_3="2027-01-19 15:00")
    held = (await meetings_of(school))[0]
    assert (held.state, held.at, held.moved) == (MeetingState.HELD, MOVED.at, 1)


async def test_a_meeting_that_was_planned_in_the_chat_is_not_the_rosters_to_drop(
    school: School, tmp_path: Path
) -> None:
    """A roster with two meetings leaves the third, which the teacher made, where it is."""
    await import_(school, tmp_path, gesprek_3="", plek_3="")
    await school.join(school.teacher)
    await types(school, "/gesprek")
    await school.press(school.teacher, "Gesprek 3 plannen")
    await school.press(school.teacher, "Bij het leerbedrijf")
    await types(school, "19 januari 2027 15u")
    assert await import_(school, tmp_path, gesprek_3="", plek_3="") is False
    await import_(school, tmp_path, gesprek_3="", plek_3="", gesprek_2="2026-11-17 11:00")
    assert (await meetings_of(school))[2] == Meeting(number=3, at=at("2027-01-19 15:00"), place=Place.COMPANY)
