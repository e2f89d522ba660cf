from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.store import invitations, people, roster
from bot.store.database import Database
from bot.store.roster import CoordinatorRecord
from conversations.model import Address, Language, Participant, Reach, Role
from tests.store.conftest import NOW, Files, School


@pytest.mark.usefixtures("school")
async def test_a_participant_has_the_roles_of_stages_and_teams(db: Database) -> None:
    """One person may be teacher and coordinator; nobody gets a role they don't have."""
    async with db.writing() as tx:
        records = [
            CoordinatorRecord(team="Business Events", code="WOK", name="K. Wouters"),
            CoordinatorRecord(team="Zorg", code="ZON", name="Zoë Nijland"),
        ]
        await roster.set_coordinators(tx, records, NOW)
        known = {i.participant.name: i.participant.roles for i in await people.invitees(tx)}
    assert known == {
        "Samira El Amrani": {Role.STUDENT},
        "Daan de Vries": {Role.STUDENT},
        "Ingrid Kuipers": {Role.TRAINER},
        "Kees Wouters": {Role.TEACHER, Role.COORDINATOR},
        "Zoë Nijland": {Role.COORDINATOR},
    }


async def test_a_participant_is_found_by_chat(db: Database, school: School) -> None:
    """A bound chat gives its person, any other nobody."""
    async with db.reading() as tx:
        found = await people.by_chats(tx, [33, 12345])
        chats = await people.chats_of(tx, [school.samira, school.ingrid])
    ingrid = Participant(
        id=school.ingrid,
        name="Ingrid Kuipers",
        roles=frozenset({Role.TRAINER}),
        language=Language.NL,
        address=Address.U,
        reach=Reach.JOINED,
    )
    assert found == {33: ingrid}
    assert chats == {school.samira: 11, school.ingrid: 33}


async def test_binding_again_replaces_on_both_sides(db: Database, school: School) -> None:
    """One chat a person and one person a chat: the old ties are gone."""
    async with db.writing() as tx:
        await people.bind(tx, school.samira, 22)
        await people.bind(tx, school.samira, 23)
        await people.bind(tx, school.ingrid, 23)
        found = await people.by_chats(tx, [11, 22, 23, 33])
        known = await people.by_ids(tx, [school.samira, school.daan])
    assert {chat: person.id for chat, person in found.items()} == {23: school.ingrid}
    assert [p.reach for p in known.values()] == [Reach.INVITED, Reach.INVITED]


async def test_the_list_says_who_joined_and_whose_code_is_open(db: Database, school: School) -> None:
    """What `stagebot invites` prints: stages, join state, and until when a code works."""
    async with db.writing() as tx:
        await invitations.create(tx, [school.daan], NOW, 60)
        listed = {i.participant.id: i for i in await people.invitees(tx)}
    daan, ingrid = listed[school.daan], listed[school.ingrid]
    assert (daan.stages, daan.invited_until) == (("BPV-2",), NOW + timedelta(days=60))
    assert (ingrid.stages, ingrid.invited_until) == (("BPV-1", "BPV-2"), None)


async def test_a_code_finds_its_person_and_works_once(db: Database, school: School) -> None:
    """Looking does not use it up, using does."""
    async with db.writing() as tx:
        codes = await invitations.create(tx, [school.samira, school.daan], NOW, 60)
        found = await invitations.find(tx, codes[school.samira], NOW)
        assert found == (await people.by_ids(tx, [school.samira]))[school.samira]
        assert await invitations.use(tx, codes[school.samira], NOW) is True
        assert await invitations.use(tx, codes[school.samira], NOW) is False
        assert await invitations.find(tx, codes[school.samira], NOW) is None
        assert await invitations.use(tx, codes[school.daan], NOW) is True


async def test_a_code_is_128_bits_and_kept_only_as_a_hash(files: Files, db: Database, school: School) -> None:
    """Who steals the database finds no code in it."""
    async with db.writing() as tx:
        codes = await invitations.create(tx, [school.samira, school.daan], NOW, 60)
    found = files.bytes()
    assert [len(code) for code in codes.values()] == [22, 22]
    assert [code.encode() in found for code in codes.values()] == [False, False]


async def test_wrong_expired_revoked_and_renewed_codes_all_find_nobody(db: Database, school: School) -> None:
    """The answer is the same whatever is wrong."""
    async with db.writing() as tx:
        expired = (await invitations.create(tx, [school.samira], NOW - timedelta(days=60), 60))[school.samira]
        old = (await invitations.create(tx, [school.daan], NOW, 60))[school.daan]
        new = (await invitations.create(tx, [school.daan], NOW, 60))[school.daan]
        revoked = (await invitations.create(tx, [school.kees], NOW, 60))[school.kees]
        await invitations.revoke(tx, [school.kees], NOW)
        wrong = [expired, old, revoked, "A" * 22, "", "\ud800"]
        assert [await invitations.find(tx, code, NOW) for code in wrong] == [None] * 6
        assert [await invitations.use(tx, code, NOW) for code in wrong] == [False] * 6
        assert await invitations.use(tx, new, NOW) is True


async def test_of_ten_at_the_same_time_one_wins(db: Database, school: School) -> None:
    """A link that went round in a group lets one person in."""
    async with db.writing() as tx:
        code = (await invitations.create(tx, [school.samira], NOW, 60))[school.samira]

    async def attempt() -> bool:
        async with db.writing() as tx:
            return await invitations.use(tx, code, NOW)

    wins = await asyncio.gather(*(attempt() for _ in range(10)))
    assert wins.count(True) == 1
