"""Telegram's rate limits."""

import pytest

from bot.simulator.errors import ApiError
from bot.simulator.limits import Limits
from bot.simulator.server import Simulator
from bot.simulator.world import Phone, World
from tests.simulator.conftest import Api


class Seconds:
    """Real time, moved by hand."""

    def __init__(self) -> None:
        self.value = 100.0

    def __call__(self) -> float:
        return self.value


def accepted(limits: Limits, chats: range) -> int:
    """Send to each chat once; give how many were accepted."""
    before = limits.refused
    for chat in chats:
        try:
            limits.admit(chat)
        except ApiError:
            continue
    return len(chats) - (limits.refused - before)


def test_no_more_than_the_overall_rate_in_any_second() -> None:
    """The window slides: a burst of thirty blocks until the first of it is a second old."""
    seconds = Seconds()
    limits = Limits(monotonic=seconds)
    assert accepted(limits, range(20)) == 20
    seconds.value += 0.6
    assert accepted(limits, range(20, 40)) == 10
    seconds.value += 0.5
    assert accepted(limits, range(40, 70)) == 20
    assert limits.peak == 30


def test_one_a_second_in_a_chat() -> None:
    """The second in the same second is refused, another chat is not touched."""
    seconds = Seconds()
    limits = Limits(monotonic=seconds)
    limits.admit(1)
    limits.admit(2)
    seconds.value += 0.9
    with pytest.raises(ApiError) as caught:
        limits.admit(1)
    assert (caught.value.code, caught.value.retry_after) == (429, 1)
    seconds.value += 0.2
    limits.admit(1)


def test_a_burst_in_a_chat_can_be_allowed() -> None:
    """Three at once, then one a second on average."""
    seconds = Seconds()
    limits = Limits(overall=None, burst=3, monotonic=seconds)
    for _ in range(3):
        limits.admit(1)
    with pytest.raises(ApiError) as caught:
        limits.admit(1)
    assert caught.value.retry_after == 3


def test_a_halting_server_refuses_all_until_retry_after_is_over() -> None:
    """Whoever goes on sending gets nothing through, and it is counted."""
    seconds = Seconds()
    limits = Limits(overall=1, per_chat=None, halting=True, monotonic=seconds)
    limits.admit(1)
    with pytest.raises(ApiError):
        limits.admit(2)
    seconds.value += 0.99
    with pytest.raises(ApiError):
        limits.admit(3)
    assert (limits.early, limits.refused) == (1, 2)
    seconds.value += 2
    limits.admit(4)


async def test_the_server_answers_429_with_retry_after(
    api: Api, simulator: Simulator, world: World, phone: Phone
) -> None:
    """The refused message is not in the chat; limits can be switched off again."""
    simulator.limits = Limits(per_chat=0.001)
    await api.result("sendMessage", chat_id=1001, text="een")
    status, answer = await api.answer("sendMessage", chat_id=1001, text="twee")
    seconds = answer["parameters"]["retry_after"]
    assert (status, seconds) == (429, 1000)
    assert answer["description"] == "Too Many Requests: retry after 1000"
    simulator.limits = None
    await api.result("sendMessage", chat_id=1001, text="drie")
    assert [message["text"] for message in phone.messages] == ["/start", "een", "drie"]
    assert [call.took_effect for call in world.transcript] == [True, False, True]
