from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.store import check_ins, decisions, people, replies, stage_facts
from bot.store.database import Database
from conversations.facts import DigestRecord
from conversations.model import (
    Address,
    CheckInState,
    Key,
    Language,
    Moment,
    Note,
    Reach,
    Reason,
    Reply,
    Share,
    Status,
    Voice,
)
from tests.store.conftest import NOW, Files, School
from tests.store.making import asked, check_in, reply

CANARY = "de kanarie zong vandaag"

TEXT = st.text(alphabet=st.characters(exclude_categories=[]), max_size=50)
MOMENT = st.timedeltas(timedelta(days=-2000), timedelta(days=5000)).map(lambda later: NOW + later)
VOICE = st.builds(Voice, file=TEXT, seconds=st.integers(0, 3600))


async def test_an_occasion_is_claimed_once(db: Database, school: School) -> None:
    """The second claim of the same week gets nothing, another week, person or stage does."""
    first = check_in(school.first, school.samira)
    others = [
        check_in(school.first, school.samira, "week 2"),
        check_in(school.first, school.ingrid),
        check_in(school.second, school.ingrid),
    ]
    async with db.writing() as tx:
        assert await decisions.claim(tx, [first]) == {first.id}
        again = check_in(school.first, school.samira)
        assert await decisions.claim(tx, [again, *others]) == {other.id for other in others}
        assert await decisions.claim(tx, []) == set()
        assert await check_ins.load(tx, [first.id, again.id]) == {first.id: first}


async def test_of_ten_claims_at_the_same_time_one_is_ours(db: Database, school: School) -> None:
    """However many ticks run, a question is put once."""

    async def attempt() -> int:
        async with db.writing() as tx:
            return len(await decisions.claim(tx, [check_in(school.first, school.samira)]))

    assert sum(await asyncio.gather(*(attempt() for _ in range(10)))) == 1


async def test_of_ten_rounds_at_the_same_time_one_is_kept(db: Database, school: School) -> None:
    """The others are undone as a whole: the question is there once, with one reply (docs/trust.md, 2)."""

    async def attempt() -> bool:
        made = check_in(school.first, school.samira)
        try:
            async with db.writing() as tx:
                await decisions.save(tx, [made, reply(made)], made={made.id})
        except IntegrityError:
            return False
        return True

    kept = await asyncio.gather(*(attempt() for _ in range(10)))
    async with db.reading() as tx:
        facts = (await stage_facts.load(tx, [school.first.id]))[school.first.id]
    assert (sum(kept), len(facts.check_ins), len(facts.replies)) == (1, 1, 1)


async def test_a_large_round_is_claimed_in_one_go(db: Database, school: School) -> None:
    """Two thousand at once come back as two thousand."""
    round_ = [check_in(school.first, school.samira, f"week {n}") for n in range(2000)]
    async with db.writing() as tx:
        assert await decisions.claim(tx, round_) == {c.id for c in round_}


async def test_a_digest_is_claimed_once_a_meeting(db: Database, school: School) -> None:
    """The same meeting again is not ours; what is saved later replaces it."""
    record = DigestRecord(stage=school.first.id, meeting=1, at=NOW)
    other = DigestRecord(stage=school.second.id, meeting=1, at=NOW, missed=True)
    async with db.writing() as tx:
        assert await decisions.claim_digests(tx, [record]) == {(school.first.id, 1)}
        assert await decisions.claim_digests(tx, [record, other]) == {(school.second.id, 1)}
        added = replace(record, addendum_at=NOW + timedelta(days=2))
        await decisions.save(tx, [added])
        found = await stage_facts.load(tx, [school.first.id, school.second.id])
    assert [facts.digests for facts in found.values()] == [(added,), (other,)]


async def test_every_field_of_a_check_in_can_change(db: Database, school: School) -> None:
    """What is saved is what is loaded."""
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))
        changed = replace(
            item,
            question_set="student/dilemma",
            version="def456",
            due=NOW + timedelta(hours=1),
            closes=NOW + timedelta(days=6),
            state=CheckInState.NOT_ASKED,
            reason=Reason.FULL_WEEK,
            room=2,
            task="sfeer-maken",
            opened=NOW,
            remind_at=NOW + timedelta(days=1),
            snoozed_until=NOW + timedelta(days=2, microseconds=1),
        )
        await decisions.save(tx, [changed])
        assert await check_ins.load(tx, [item.id]) == {item.id: changed}


async def test_every_choice_of_a_participant_can_change_and_go_back(db: Database, school: School) -> None:
    """Language, form of address, reach, moment and pause; roles and chat are not touched."""
    async with db.writing() as tx:
        before = (await people.by_ids(tx, [school.daan]))[school.daan]
        changed = replace(
            before,
            name="Daan D.",
            language=Language.NL,
            address=Address.U,
            reach=Reach.STOPPED,
            moment=Moment(time=time(7, 15), weekday=6),
            paused_until=date(2026, 10, 12),
        )
        await decisions.save(tx, [changed])
        assert await people.by_chats(tx, [22]) == {22: changed}
        await decisions.save(tx, [replace(before, moment=Moment(time=time(0, 0)))])
        assert (await people.by_ids(tx, [school.daan]))[school.daan].moment == Moment(time=time(0, 0))
        await decisions.save(tx, [before])
        assert await people.by_ids(tx, [school.daan]) == {school.daan: before}


async def test_the_last_of_several_versions_is_kept(db: Database, school: School) -> None:
    """A person who changes an answer twice in one batch leaves the last."""
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))
        versions = [reply(item, text=text, status=Status.ANSWERED) for text in ("een", "twee", "drie")]
        await decisions.save(tx, versions)
        assert await replies.of_check_ins(tx, [item.id]) == {item.id: [versions[-1]]}


async def test_any_reply_comes_back_as_it_was(db: Database, school: School) -> None:
    """Whatever characters, choices, ticks and voice a reply has."""
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))

        replies_ = st.builds(
            Reply,
            check_in=st.just(item.id),
            participant=st.just(school.samira),
            question=st.sampled_from(["aha", "aha.example", "transfer"]),
            key=st.sampled_from(Key),
            wording=TEXT,
            asked=MOMENT,
            status=st.sampled_from(Status),
            share=st.sampled_from(Share),
            answered=st.none() | MOMENT,
            text=st.none() | TEXT,
            choices=st.lists(TEXT, max_size=4).map(tuple),
            draft=st.lists(TEXT, max_size=4).map(tuple),
            voice=st.none() | VOICE,
            source=st.none() | st.integers(1, 2**52),
            written=st.none() | MOMENT,
        )
        examples: list[Reply] = []

        @given(replies_)
        def gather(example: Reply) -> None:
            examples.append(example)

        gather()
        for example in examples:
            await decisions.save(tx, [example])
            found = (await replies.of_check_ins(tx, [item.id]))[item.id]
            assert [r for r in found if r.question == example.question] == [example]


async def test_a_note_gets_its_stage_later_and_changes_keys(db: Database, school: School) -> None:
    """Without a stage it is the writer's; with one it belongs to that stage's student."""
    note = Note(
        participant=school.ingrid,
        stage=None,
        text="Gaat goed",
        source=5,
        at=NOW,
        share=Share.MEETING,
        voice=Voice(file="abc", seconds=3),
    )
    placed = replace(note, stage=school.second.id)
    async with db.writing() as tx:
        await decisions.save(tx, [note])
        await decisions.save(tx, [placed])
        assert (await stage_facts.material(tx, school.second.id)).notes == (placed,)
    await db.vault.erase([school.daan])
    async with db.reading() as tx:
        assert [n.text for n in (await stage_facts.material(tx, school.second.id)).notes] == [""]


async def test_a_note_that_is_gone_leaves_no_text(db: Database, school: School) -> None:
    """Who throws a note away can count on it."""
    note = Note(participant=school.samira, stage=school.first.id, text=CANARY, source=5, at=NOW)
    async with db.writing() as tx:
        await decisions.save(tx, [note])
        await decisions.save(tx, [replace(note, gone=True)])
        assert (await stage_facts.material(tx, school.first.id)).notes == ()


async def test_nothing_that_a_person_wrote_or_is_called_is_readable_in_the_files(
    files: Files, db: Database, school: School
) -> None:
    """Names, identities, chat ids, replies and notes: none is found in any byte of either database."""
    async with db.writing() as tx:
        await people.bind(tx, school.samira, 987654321012)
        item = await asked(tx, check_in(school.first, school.samira))
        answer = reply(
            item,
            wording=CANARY,
            text=CANARY,
            choices=(CANARY,),
            draft=(CANARY,),
            voice=Voice(file=CANARY, seconds=2),
        )
        note = Note(participant=school.samira, stage=None, text=CANARY, source=5, at=NOW)
        await decisions.save(tx, [answer, note])
    await db.close()
    found = files.bytes()
    canaries = [CANARY, "kanarie", "Samira", "El Amrani", "Kuipers", "1084200", "i.kuipers@", "987654321012"]
    assert [canary for canary in canaries if canary.encode() in found] == []
    assert (987654321012).to_bytes(8, "big").lstrip(b"\0") not in found


@pytest.mark.sqlite_only
async def test_a_changed_answer_leaves_no_sealed_copy(files: Files, db: Database, school: School) -> None:
    """What was overwritten can't be opened later either: its bytes are gone from the file."""
    sealed_texts = "select text_sealed from replies"
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))
        await decisions.save(tx, [reply(item, f"q{n}", text=f"{CANARY} {n}") for n in range(100)])
    async with db.writing() as tx:
        sealed = [row.text_sealed for row in await tx.all(text(sealed_texts))]
        await decisions.save(tx, [reply(item, f"q{n}") for n in range(100)])
    await db.close()
    found = files.bytes()
    assert [s for s in sealed if s in found] == []


async def test_text_whose_key_is_erased_reads_as_erased(db: Database, school: School) -> None:
    """The digest of a stage does not stop on it; others' text still opens."""
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))
        other = await asked(tx, check_in(school.second, school.ingrid))
        await decisions.save(tx, [reply(item, text="weg", choices=("a",)), reply(other, text="blijft")])
    await db.vault.erase([school.samira])
    async with db.reading() as tx:
        found = await replies.of_check_ins(tx, [item.id, other.id])
        names = {p.id: p.name for p in (await people.by_ids(tx, [school.samira, school.ingrid])).values()}
    erased = [(r.wording, r.text, r.choices) for r in found[item.id]]
    assert erased == [("", None, ())]
    assert [r.text for r in found[other.id]] == ["blijft"]
    assert names == {school.samira: "", school.ingrid: "Ingrid Kuipers"}
