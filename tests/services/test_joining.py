from __future__ import annotations

from datetime import timedelta

from bot.services.inviting import invite, revoke
from bot.services.joining import PER, TRIES
from bot.simulator.phone import Phone
from bot.store import people
from conversations.model import Reach
from tests.services.school import School, from_bot, last

EXPLANATION = "Ik ben de stagebot van een mbo-school."
WELCOME = "Hoi. Ik ben de stagebot van ROC Voorbeeld."
JOINED = "Fijn dat je meedoet."


def strangers(school: School, count: int) -> list[Phone]:
    """Let people into the world who are in no roster."""
    return [school.play.world.person(9001 + n, "Onbekende") for n in range(count)]


async def bound_chats(school: School, *phones: Phone) -> list[int]:
    """Say which of these chats belong to somebody."""
    async with school.play.db.reading() as tx:
        return list(await people.by_chats(tx, [phone.user_id for phone in phones]))


async def test_of_ten_people_with_one_link_at_the_same_moment_one_joins(school: School) -> None:
    """A link works once, also when ten people press "Ja" in the same second."""
    code, phones = school.code_of(school.student), strangers(school, 10)
    for phone in phones:
        phone.start(code)
    await school.play.rest()
    for phone in phones:
        phone.press(phone.messages[-1]["message_id"], phone.messages[-1]["buttons"][0][0]["data"])
    await school.play.rest()
    assert sorted(last(phone)[: len(JOINED)] for phone in phones) == [
        JOINED,
        *[EXPLANATION[: len(JOINED)]] * 9,
    ]
    assert len(await bound_chats(school, *phones)) == 1


async def test_a_chat_that_guesses_codes_is_not_listened_to_for_an_hour(school: School) -> None:
    """After ten codes within an hour even a right one gets the explanation; an hour later it works."""
    guesser = strangers(school, 1)[0]
    for guess in range(TRIES):
        guesser.start(f"guess-number-{guess}")
    await school.play.rest()
    guesser.start(school.code_of(school.student))
    await school.play.rest()
    assert [text.startswith(EXPLANATION) for text in from_bot(guesser)] == [True] * (TRIES + 1)
    await school.wait(PER)
    guesser.start(school.code_of(school.student))
    await school.play.rest()
    assert last(guesser).startswith(WELCOME)


async def test_a_stranger_is_bound_to_nothing(school: School) -> None:
    """Whoever looks at a link, and does not say that it is theirs, is not known afterwards."""
    stranger = strangers(school, 1)[0]
    stranger.start(school.code_of(school.student))
    stranger.text("Wie ben jij?")
    await school.play.rest()
    assert await bound_chats(school, stranger) == []


async def test_a_link_that_has_expired_gets_the_explanation(school: School) -> None:
    """A link is good for so many days and no longer."""
    async with school.play.db.writing() as tx:
        new = await invite(tx, school.play.clock(), days=1, renew=True)
    code = next(one.code for one in new if one.participant.id == school.stage.student)
    await school.wait(timedelta(days=1, seconds=1))
    school.student.start(code)
    await school.play.rest()
    assert last(school.student).startswith(EXPLANATION)


async def test_a_link_that_was_taken_back_gets_the_explanation_even_between_welcome_and_yes(
    school: School,
) -> None:
    """A link that is revoked while somebody reads the welcome opens nothing any more."""
    school.student.start(school.code_of(school.student))
    await school.play.rest()
    async with school.play.db.writing() as tx:
        await revoke(tx, school.stage.code, school.play.clock())
    await school.press(school.student, "Ja, dat ben ik")
    assert last(school.student).startswith(EXPLANATION)
    assert await bound_chats(school, school.student) == []


async def test_a_link_is_bound_to_the_number_of_the_account(school: School) -> None:
    """Who joined is known by their Telegram id and reached from then on."""
    await school.join(school.student)
    async with school.play.db.reading() as tx:
        found = await people.by_chats(tx, [school.student.user_id])
    assert {chat: (me.id, me.reach) for chat, me in found.items()} == {
        school.student.user_id: (school.stage.student, Reach.JOINED)
    }


async def test_everybody_sees_the_commands_of_their_role(school: School) -> None:
    """The menu of a teacher holds no questions, and a stranger's holds nothing."""
    await school.join(school.student)
    school.teacher.start(school.code_of(school.teacher))
    await school.play.rest()
    await school.press(school.teacher, "Ja, dat ben ik")
    both = ["waarom", "pauze", "moment", "taal", "privacy", "stop", "help"]
    seen = [[one["command"] for one in phone.commands] for phone in (school.student, school.teacher)]
    assert seen == [
        ["vragen", "antwoorden", "gesprek", "hulp", "wie", *both],
        ["studenten", "voorbereiding", "gesprek", "taal", "privacy", "stop", "help"],
    ]
