from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.buttons import LIMIT, Does, Press, base36, decode, encode, for_slot
from conversations.model import CheckInId, Slot

IDS = st.integers(0, 2**63 - 1)
QUESTIONS = st.from_regex(r"[a-z][a-z_]{0,14}(\.more[1-9])?", fullmatch=True)
CHOICES = st.from_regex(r"[a-z][a-z_]{0,14}", fullmatch=True)


@given(
    does=st.sampled_from([Does.ANSWER, Does.TICK, Does.LATER]),
    number=IDS,
    question=QUESTIONS,
    choice=CHOICES,
)
def test_a_button_below_a_question_is_read_as_it_was_made(
    does: Does, number: int, question: str, choice: str
) -> None:
    """Check-in, question and choice come back as they went, within what Telegram carries."""
    data = for_slot(does, CheckInId(number), question, choice)
    read = decode(data)
    assert read == Press(does, (base36(number), question, choice))
    assert read is not None
    assert read.slot == Slot(CheckInId(number), question)
    assert len(data.encode()) <= LIMIT


@given(message=st.integers(1, 2**31), number=IDS, question=QUESTIONS)
def test_a_button_that_places_a_text_is_read_as_it_was_made(message: int, number: int, question: str) -> None:
    """The person's own message and the question it belongs to come back as they went."""
    read = decode(encode(Does.BELONGS, message, base36(number), question))
    assert read is not None
    assert (read.own_message, read.slot, read.check_in) == (
        message,
        Slot(CheckInId(number), question),
        number,
    )


@given(number=IDS)
def test_a_number_in_36_digits_is_the_same_number(number: int) -> None:
    """No two check-ins share a button."""
    assert int(base36(number), 36) == number


def test_a_number_below_zero_is_refused() -> None:
    """It once took for ever to write down (docs/trust.md, 10)."""
    with pytest.raises(ValueError, match="negative"):
        base36(-1)


@given(data=st.one_of(st.text(), st.text("atkslvpnmzgj:0123456789abcxyz-+_ ١²", max_size=70)))
def test_whatever_is_pressed_is_read_or_refused(data: str) -> None:
    """A button that this bot did not make is refused; it never fails, and its numbers can be stored."""
    read = decode(data)
    numbers = [] if read is None else [read.check_in or 0, read.own_message or 0]
    assert [n for n in numbers if not 0 <= n < 2**63] == []


@given(data=st.text(min_size=LIMIT + 1))
def test_what_is_longer_than_a_button_can_be_is_refused(data: str) -> None:
    """Data of more than 64 bytes was never on a button."""
    assert decode(data) is None


def test_a_button_with_a_part_too_few_too_many_or_empty_is_refused() -> None:
    """Only the shapes that the bot makes are read."""
    forged = ["", ":", "a", "a:1", "a:1:aha", "a:1:aha:", "a::aha:yes", "a:1:aha:yes:more", "k:1", "s:1:a:b"]
    assert [decode(data) for data in forged] == [None] * len(forged)


def test_a_button_with_a_number_that_is_none_is_refused() -> None:
    """A check-in and a message are numbers, and not below zero or beyond what a database holds."""
    forged = ["a:!:aha:yes", "a:-1:aha:yes", f"a:{'z' * 13}:aha:yes", "n:x:away", "n:-5:away", "p:1e3:1:aha"]
    assert [decode(data) for data in forged] == [None] * len(forged)


def test_buttons_that_belong_to_no_question_have_no_slot() -> None:
    """A pause, a moment, a language, a link and a note belong to no check-in."""
    data = ["z:7", "m:3:1630", "m:x", "g:nl:je", "g:en", "j:y:code", "n:12:away"]
    read = [decode(one) for one in data]
    assert [press.slot if press else "refused" for press in read] == [None] * len(data)
