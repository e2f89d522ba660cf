from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store import outbox, people, tables
from bot.store.database import Database
from bot.store.outbox import Settled, Undelivered
from bot.store.records import Outcome, Sent
from conversations.messages import Lane
from conversations.model import Reach, Slot
from tests.store.conftest import NOW, Files, School
from tests.store.making import asked, check_in, claimed, parcel, settled, texts

CANARY = "een geheim van de kanarie"
MINUTE = timedelta(minutes=1)


async def test_a_parcel_comes_out_as_it_went_in(db: Database, school: School) -> None:
    """Payload, slot, stage and chat are all there for whoever sends it."""
    payload = {"text": "Hé \ud83d", "bold": [[0, 2]], "buttons": [[{"text": "Ja", "data": "a:1:2"}]]}
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))
        one = parcel(
            school.samira,
            payload=payload,
            slot=Slot(item.id, "aha"),
            stage=school.first.id,
            not_before=NOW,
            expires=NOW + MINUTE,
        )
        await outbox.put(tx, [one], NOW)
        (out,) = await claimed(tx)
    assert (out.parcel, out.chat, out.attempts) == (one, 11, 0)


async def test_answers_leave_before_signals_digests_and_prompts(db: Database, school: School) -> None:
    """A person who waits for an answer does not wait behind a round of prompts."""
    async with db.writing() as tx:
        lanes = [Lane.PROMPT, Lane.DIGEST, Lane.SIGNAL, Lane.ANSWER]
        receivers = [school.samira, school.daan, school.ingrid, school.kees]
        await outbox.put(
            tx, [parcel(p, lane.value, lane) for p, lane in zip(receivers, lanes, strict=True)], NOW
        )
        assert await texts(tx) == ["answer", "signal", "digest", "prompt"]


async def test_one_chat_has_one_parcel_in_flight_and_keeps_its_order(db: Database, school: School) -> None:
    """The second leaves when the first is settled, however many workers claim."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.samira, str(n)) for n in range(3)], NOW)
        (first,) = await claimed(tx)
        assert await claimed(tx) == []
        await settled(tx, first, Outcome.SENT, message_id=7)
        assert await texts(tx) == ["1"]


async def test_a_busy_chat_gets_nothing(db: Database, school: School) -> None:
    """The sender may hold a chat back to keep to one message a second."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.samira, "a"), parcel(school.daan, "b")], NOW)
        assert [c.chat for c in await outbox.claim(tx, NOW, 10, {11})] == [22]


async def test_a_crowd_in_one_chat_does_not_hide_the_others(db: Database, school: School) -> None:
    """A hundred answers to one person come before another's prompt, which leaves all the same."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.samira, "x", Lane.ANSWER) for _ in range(100)], NOW)
        await outbox.put(tx, [parcel(school.daan, "y")], NOW)
        assert await texts(tx, limit=2) == ["x", "y"]


async def test_no_more_than_the_limit_is_claimed(db: Database, school: School) -> None:
    """What is not claimed stays for the next time."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.samira, "a"), parcel(school.daan, "b")], NOW)
        assert await texts(tx, limit=1) == ["a"]
        assert await texts(tx, limit=1) == ["b"]


async def test_a_parcel_waits_for_its_moment_without_holding_up_another(db: Database, school: School) -> None:
    """What is planned for tomorrow does not stand in the way of what may leave now."""
    async with db.writing() as tx:
        later = parcel(school.samira, "morgen", not_before=NOW + timedelta(days=1))
        await outbox.put(tx, [later, parcel(school.samira, "nu")], NOW)
        (now,) = await claimed(tx)
        assert now.parcel.payload == {"text": "nu"}
        await settled(tx, now, Outcome.SENT, message_id=1)
        assert await outbox.next_at(tx) == NOW + timedelta(days=1)
        assert await texts(tx, NOW + timedelta(days=1)) == ["morgen"]


async def test_after_a_refusal_to_wait_the_same_parcel_goes_first(db: Database, school: School) -> None:
    """429: nothing of that lane passes it, no attempt is counted, and it leaves when it may."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.samira, "een"), parcel(school.samira, "twee")], NOW)
        (first,) = await claimed(tx)
        await settled(tx, first, Outcome.WAIT, again_at=NOW + MINUTE)
        assert await claimed(tx) == []
        assert await outbox.next_at(tx) == NOW + MINUTE
        (again,) = await claimed(tx, NOW + MINUTE)
    assert (again.parcel.payload, again.attempts) == ({"text": "een"}, 0)


async def test_an_answer_passes_a_prompt_that_waits(db: Database, school: School) -> None:
    """Order is kept within a lane, not between lanes."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.samira, "vraag")], NOW)
        (prompt,) = await claimed(tx)
        await settled(tx, prompt, Outcome.RETRY, again_at=NOW + MINUTE)
        await outbox.put(tx, [parcel(school.samira, "antwoord", Lane.ANSWER)], NOW)
        assert await texts(tx) == ["antwoord"]


async def test_a_retry_counts_its_attempts(db: Database, school: School) -> None:
    """A parcel that was never written to the network comes again, one attempt older."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.samira)], NOW)
        (first,) = await claimed(tx)
        await settled(tx, first, Outcome.RETRY, again_at=NOW + MINUTE, detail="ConnectError")
        assert await outbox.counts(tx) == {"retry": 1}
        (again,) = await claimed(tx, NOW + MINUTE)
    assert again.attempts == 1


async def test_an_expired_question_is_not_sent_and_told_once(db: Database, school: School) -> None:
    """The service learns which question never arrived, also if the process ended in between."""
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))
        slot = Slot(item.id, "aha")
        await outbox.put(tx, [parcel(school.samira, slot=slot, expires=NOW + MINUTE)], NOW)
        await outbox.put(tx, [parcel(school.daan, expires=NOW + MINUTE)], NOW)
        assert await claimed(tx, NOW + MINUTE) == []
        expired = Undelivered(participant=school.samira, slot=slot, outcome=Outcome.EXPIRED)
        assert await outbox.settle(tx, [], NOW) == Settled(undelivered=(expired,))
        assert await outbox.settle(tx, [], NOW) == Settled()
        assert await outbox.counts(tx) == {"expired": 2}


async def test_a_failed_question_is_told_and_a_failed_remark_is_not(db: Database, school: School) -> None:
    """Only a question that was due has to be accounted for."""
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))
        slot = Slot(item.id, "aha")
        await outbox.put(tx, [parcel(school.samira, slot=slot), parcel(school.daan)], NOW)
        results = [Sent(id=c.id, outcome=Outcome.FAILED, detail="BadRequest") for c in await claimed(tx)]
        failed = Undelivered(
            participant=school.samira, slot=slot, outcome=Outcome.FAILED, detail="BadRequest"
        )
        assert await outbox.settle(tx, results, NOW) == Settled(undelivered=(failed,))
        assert await outbox.counts(tx) == {"failed": 2}


async def test_who_blocked_the_bot_is_told_once_and_not_written_to_again(
    db: Database, school: School
) -> None:
    """One refusal settles all that waits for that person; others are not touched."""
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))
        slots = [Slot(item.id, "aha"), Slot(item.id, "transfer")]
        await outbox.put(tx, [parcel(school.samira, slot=slot) for slot in slots], NOW)
        await outbox.put(tx, [parcel(school.daan, "voor Daan")], NOW)
        first, _ = await claimed(tx)
        told = await settled(tx, first, Outcome.UNREACHABLE, detail="Forbidden")
        assert told.unreachable == (school.samira,)
        assert [(u.slot, u.outcome) for u in told.undelivered] == [(s, Outcome.UNREACHABLE) for s in slots]
        assert await outbox.counts(tx) == {"unreachable": 2, "sending": 1}
        known = await people.by_ids(tx, [school.samira, school.daan])
    assert (known[school.samira].reach, known[school.daan].reach) == (Reach.BLOCKED, Reach.JOINED)


async def test_an_unknown_message_goes_once_more_after_a_minute_and_never_again(
    db: Database, school: School
) -> None:
    """It may have arrived: one harmless copy is allowed, not two."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.samira, "vraag")], NOW)
        (first,) = await claimed(tx)
        await settled(tx, first, Outcome.UNKNOWN, detail="TimedOut")
        assert await outbox.retry_unknown(tx, NOW + MINUTE / 2) == 0
        assert await outbox.next_at(tx) == NOW + MINUTE
        assert await outbox.retry_unknown(tx, NOW + MINUTE) == 1
        (second,) = await claimed(tx, NOW + MINUTE)
        await settled(tx, second, Outcome.UNKNOWN, NOW + MINUTE, detail="TimedOut")
        assert await outbox.retry_unknown(tx, NOW + 10 * MINUTE) == 0
        assert await outbox.next_at(tx) is None
    assert (second.id, second.parcel.payload) == (first.id, {"text": "vraag"})


async def test_a_digest_that_goes_again_says_that_it_may_be_double(db: Database, school: School) -> None:
    """The teacher is not surprised by a second copy."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.kees, lane=Lane.DIGEST, stage=school.first.id)], NOW)
        (first,) = await claimed(tx)
        await settled(tx, first, Outcome.UNKNOWN)
        await outbox.retry_unknown(tx, NOW + MINUTE)
        (second,) = await claimed(tx, NOW + MINUTE)
    assert first.parcel.payload == {"text": "Hoi"}
    assert second.parcel.payload == {"text": "Hoi", "possibly_double": True}


async def test_a_copy_that_expires_is_not_called_expired(db: Database, school: School) -> None:
    """The first one may be in the chat: nobody is told that the question was not put."""
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))
        one = parcel(school.samira, slot=Slot(item.id, "aha"), expires=NOW + 2 * MINUTE)
        await outbox.put(tx, [one], NOW)
        (first,) = await claimed(tx)
        await settled(tx, first, Outcome.UNKNOWN)
        await outbox.retry_unknown(tx, NOW + MINUTE)
        assert await claimed(tx, NOW + 3 * MINUTE) == []
        assert await outbox.settle(tx, [], NOW) == Settled()
        assert await outbox.counts(tx) == {"unknown": 1}


async def test_what_was_being_sent_when_the_process_died_is_unknown(db: Database, school: School) -> None:
    """A message goes once more after a minute; the acknowledgement of a press at once: twice is as once."""
    async with db.writing() as tx:
        press = parcel(
            school.daan, kind="acknowledge", payload={"press": "1", "text": None}, lane=Lane.ANSWER
        )
        await outbox.put(tx, [parcel(school.samira), press], NOW)
        assert len(await claimed(tx)) == 2
        assert await outbox.recover(tx, NOW) == 2
        assert await outbox.counts(tx) == {"unknown": 1, "retry": 1}
        (again,) = await claimed(tx)
        assert (again.parcel.kind, again.attempts) == ("acknowledge", 1)
        assert await outbox.retry_unknown(tx, NOW + MINUTE) == 1
        assert await texts(tx, NOW + MINUTE) == ["Hoi"]


async def test_a_parcel_for_somebody_who_has_not_joined_waits_until_they_have(
    db: Database, school: School
) -> None:
    """It leaves to the chat that is bound later, and holds nobody up."""
    async with db.writing() as tx:
        await people.bind(tx, school.daan, 11)  # Samira has no chat now
        await outbox.put(tx, [parcel(school.samira, "welkom")], NOW)
        assert await claimed(tx) == []
        await people.bind(tx, school.samira, 99)
        assert [(c.chat, c.parcel.payload) for c in await claimed(tx)] == [(99, {"text": "welkom"})]


async def test_a_chat_of_nobody_is_written_to_by_its_number(db: Database) -> None:
    """Somebody who presses START without a code gets an answer, one at a time."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(None, text, Lane.ANSWER, chat=77) for text in ("een", "twee")], NOW)
        (out,) = await claimed(tx)
    assert (out.chat, out.parcel.to, out.parcel.payload) == (77, None, {"text": "een"})


async def test_a_parcel_whose_key_is_erased_fails(db: Database, school: School) -> None:
    """What can't be opened can't be sent, and stops nothing else."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.kees, "over Samira", stage=school.first.id)], NOW)
        await outbox.put(tx, [parcel(school.daan, "voor Daan")], NOW)
    await db.vault.erase([school.samira])
    async with db.writing() as tx:
        assert await texts(tx) == ["voor Daan"]
        assert await outbox.counts(tx) == {"failed": 1, "sending": 1}


@pytest.mark.sqlite_only
async def test_a_payload_is_never_readable_and_gone_after_sending(
    files: Files, db: Database, school: School
) -> None:
    """Neither words nor sealed bytes stay behind; the slot and the message id do."""
    sealed_payload = tables.outbox.select().with_only_columns(tables.outbox.c.payload_sealed)
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.samira, CANARY)], NOW)
        ((sealed,),) = await tx.all(sealed_payload)
    waiting = files.bytes()
    async with db.writing() as tx:
        (out,) = await claimed(tx)
        await settled(tx, out, Outcome.SENT, message_id=7)
        assert [tuple(row) for row in await tx.all(sealed_payload)] == [(None,)]
    assert (CANARY.encode() in waiting, sealed in waiting) == (False, True)
    assert sealed not in files.bytes()


async def test_a_question_that_did_arrive_is_known_when_its_reminder_is_lost(
    db: Database, school: School
) -> None:
    """Only what was never put may be marked as such."""
    async with db.writing() as tx:
        item = await asked(tx, check_in(school.first, school.samira))
        arrived, never = Slot(item.id, "aha"), Slot(item.id, "transfer")
        await outbox.put(tx, [parcel(school.samira, slot=arrived), parcel(school.samira, slot=never)], NOW)
        (out,) = await claimed(tx)
        await settled(tx, out, Outcome.SENT, message_id=7)
        assert await outbox.delivered(tx, [arrived, never]) == {arrived}
