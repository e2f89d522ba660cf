from __future__ import annotations

from datetime import timedelta

from bot.services.inviting import Invitation, again, invite, revoke
from bot.store import invitations
from conversations.model import Role
from tests.services.school import School


async def invited(school: School, *, renew: bool, days: int = 60) -> dict[str, Invitation]:
    """Invite everybody; give the invitations by name."""
    async with school.play.db.writing() as tx:
        made = await invite(tx, school.play.clock(), days=days, renew=renew)
    return {one.participant.name: one for one in made}


async def works(school: School, code: str | None) -> bool:
    """Tell whether a code is still somebody's."""
    async with school.play.db.reading() as tx:
        return await invitations.find(tx, code or "", school.play.clock()) is not None


async def test_everybody_with_a_role_gets_a_link_of_their_own(school: School) -> None:
    """Student, trainer, teacher and coordinators are invited, each with another code and their stages."""
    made = await invited(school, renew=True)
    assert {name: one.stages for name, one in made.items()} == {
        "Samira El Amrani": ("BPV-2026-001",),
        "Ingrid Kuipers": ("BPV-2026-001",),
        "Kees Wouters": ("BPV-2026-001",),
        "Jolanda Vos": (),
        "Pieter Oost": (),
    }
    assert len({one.code for one in made.values()}) == 5


async def test_a_link_that_works_is_kept(school: School) -> None:
    """Asking for links again makes none for who has one: the code itself is not known any more."""
    first = school.code_of(school.student)
    again = await invited(school, renew=False)
    assert again["Samira El Amrani"].code is None
    assert again["Samira El Amrani"].until == school.play.clock() + timedelta(days=366)
    assert await works(school, first)


async def test_a_renewed_link_replaces_the_one_before(school: School) -> None:
    """Of two links of one person only the newest works."""
    first = school.code_of(school.student)
    renewed = (await invited(school, renew=True))["Samira El Amrani"].code
    assert [await works(school, first), await works(school, renewed)] == [False, True]


async def test_a_link_that_has_expired_is_made_anew(school: School) -> None:
    """Who has no link that works gets one, also without asking to renew."""
    await invited(school, renew=True, days=1)
    await school.wait(timedelta(days=2))
    again = (await invited(school, renew=False))["Samira El Amrani"].code
    assert await works(school, again)


async def test_who_has_joined_is_not_invited_again(school: School) -> None:
    """A link for somebody who takes part would be worth nothing."""
    await school.join(school.student)
    assert "Samira El Amrani" not in await invited(school, renew=True)


async def test_the_links_of_a_stage_can_be_taken_back(school: School) -> None:
    """Student, trainer and teacher of the stage lose their links; those of coordinators still work."""
    codes = [school.code_of(phone) for phone in (school.student, school.trainer, school.teacher)]
    everybody = {one.participant.name: one.code for one in school.play.people}
    async with school.play.db.writing() as tx:
        assert await revoke(tx, "BPV-2026-001", school.play.clock()) == 3
    assert [await works(school, code) for code in codes] == [False, False, False]
    assert await works(school, everybody["Jolanda Vos"])


async def test_a_link_is_not_shown_where_an_invitation_is_printed(school: School) -> None:
    """A code in a log would let its reader in."""
    one = (await invited(school, renew=True))["Samira El Amrani"]
    assert (one.code or "") not in repr(one)


async def test_who_is_invited_again_lets_go_of_the_chat(school: School) -> None:
    """A wrong person who joined is taken off: the chat is a stranger's now, and the new link works."""
    await school.join(school.student)
    (stage,) = [one for one in await school.play.stages() if one.code == "BPV-2026-001"]
    async with school.play.db.writing() as tx:
        made = await again(tx, stage, Role.STUDENT, school.play.clock(), days=60)
    school.student.text("hoi")
    await school.play.rest()
    assert school.student.messages[-1]["text"].startswith("Ik ben de stagebot van een mbo-school.")
    assert await works(school, made.code)
