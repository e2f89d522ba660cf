"""The pace is kept whatever happens, and whoever waits for an answer goes first."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.store.records import Claimed
from bot.telegram.pacing import Pacer, Queue
from conversations.messages import Lane
from tests.telegram.conftest import claimed


def begun(rate: int, delays: list[float]) -> list[float]:
    """Begin calls, each as early as allowed plus a delay; give the moments."""
    pacer, now, moments = Pacer(rate), 100.0, []
    for delay in delays:
        now = max(now, pacer.ready_at) + delay
        pacer.take(now)
        moments.append(now)
    return moments


@given(
    rate=st.integers(1, 40),
    delays=st.lists(st.one_of(st.just(0.0), st.floats(0, 0.05), st.floats(0, 3)), max_size=150),
)
def test_no_second_ever_holds_more_than_the_rate(rate: int, delays: list[float]) -> None:
    """Over any second, wherever it begins, however late some calls begin."""
    moments = begun(rate, delays)
    assert [b for a, b in zip(moments, moments[rate:], strict=False) if b - a < 1.0] == []


def test_calls_are_spread_evenly() -> None:
    """Without delays each call follows the one before after the same interval, give or take a millisecond."""
    moments = begun(20, [0.0] * 60)
    assert {round(b - a, 2) for a, b in pairwise(moments)} == {0.05}


@given(late=st.lists(st.floats(0, 0.01), min_size=91, max_size=91))
def test_none_too_many_arrives_in_a_second_either(late: list[float]) -> None:
    """Calls take up to 10 ms longer than others to arrive; a server that counts 30 a second refuses none."""
    arrived = sorted(moment + more for moment, more in zip(begun(30, [0.0] * 91), late, strict=True))
    assert [b for a, b in zip(arrived, arrived[30:], strict=False) if b - a < 1.0] == []


def test_small_delays_hardly_slow_it_down() -> None:
    """Timers that wake a little late, each time, cost nothing: 280 calls within 1.02 of the ideal time."""
    moments = begun(28, [0.002] * 281)
    assert moments[-1] - moments[0] < 1.02 * 10


def order(queue: Queue, now: float = 0.0) -> list[int]:
    """Take out everything that may leave now."""
    numbers = []
    while (at := queue.next_at()) is not None and at <= now:
        numbers.append(queue.pick(now).id)
    return numbers


def test_answers_overtake_prompts() -> None:
    """Presses first, then lane by lane, and within a lane as they came."""
    queue = Queue(1.0)
    lanes = [Lane.PROMPT, Lane.DIGEST, Lane.ANSWER, Lane.PROMPT, Lane.SIGNAL, Lane.ANSWER]
    for number, lane in enumerate(lanes):
        queue.add(claimed(number, number=number, lane=lane))
    queue.add(claimed(99, number=99, kind="acknowledge", lane=Lane.PROMPT))
    assert order(queue) == [99, 2, 5, 4, 1, 0, 3]


def test_a_chat_gets_one_at_a_time_in_order() -> None:
    """The next one waits until the result of the one before is stored, and a second longer."""
    queue = Queue(1.0)
    first, second = claimed(7, number=1), claimed(7, number=2)
    queue.add(first)
    queue.add(second)
    assert order(queue) == [1]
    queue.land(first, 10.0)
    assert queue.next_at() is None
    queue.free(7)
    assert queue.next_at() == 11.0
    assert order(queue, 10.9) == []
    assert order(queue, 11.0) == [2]


def test_presses_and_changed_buttons_keep_no_distance() -> None:
    """Only messages count against the limit of a chat."""
    queue = Queue(1.0)
    first = claimed(7, number=1)
    queue.add(first)
    assert order(queue) == [1]
    queue.land(first, 10.0)
    queue.free(7)
    queue.add(claimed(7, number=2, kind="amend", lane=Lane.ANSWER))
    queue.add(claimed(8, number=3))
    assert order(queue, 10.0) == [2, 3]


def test_a_waiting_chat_holds_up_nobody_else() -> None:
    """While one chat keeps its distance the others go on, and only those count as ready."""
    queue = Queue(1.0)
    first = claimed(7, number=1)
    queue.add(first)
    order(queue)
    queue.land(first, 10.0)
    queue.free(7)
    queue.add(claimed(7, number=2))
    queue.add(claimed(8, number=3))
    assert (queue.ready(10.0), queue.busy, len(queue)) == (1, {7, 8}, 2)
    assert order(queue, 10.0) == [3]


def play(queue: Queue, steps: list[tuple[str, int, Lane]]) -> tuple[list[int], bool]:
    """Add, pick and end in some order, a second a step; give what was picked, and if a chat was twice."""
    underway: list[Claimed] = []
    picked: list[int] = []
    twice = False
    for number, (does, chat, lane) in enumerate(steps):
        at = queue.next_at()
        if does == "add":
            queue.add(claimed(chat, number=number, lane=lane))
        elif does == "leave" and at is not None and at <= number:
            one = queue.pick(float(number))
            twice |= one.chat in {other.chat for other in underway}
            underway.append(one)
            picked.append(one.id)
        elif does == "end" and underway:
            one = underway.pop(0)
            queue.land(one, float(number))
            queue.free(one.chat)
    return picked, twice


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "leave", "end"]), st.integers(0, 4), st.sampled_from(list(Lane))),
        max_size=60,
    )
)
def test_in_any_order_each_leaves_once_and_no_chat_twice_at_a_time(
    steps: list[tuple[str, int, Lane]],
) -> None:
    """What was added has left or waits, once; a chat that is underway gives nothing (docs/trust.md, 5)."""
    queue = Queue(1.0)
    picked, twice = play(queue, steps)
    added = [number for number, (does, _, _) in enumerate(steps) if does == "add"]
    assert (sorted(picked + [one.id for one in queue.release()]), twice) == (added, False)


def test_what_waits_can_be_handed_back() -> None:
    """Releasing empties the line; what is underway stays busy."""
    queue = Queue(1.0)
    for number in (1, 2, 3):
        queue.add(claimed(number, number=number))
    queue.pick(0.0)
    assert [one.id for one in queue.release()] == [2, 3]
    assert (len(queue), queue.busy) == (0, {1})


def test_distances_are_forgotten_once_they_are_past() -> None:
    """The memory for chats does not grow with everyone who was ever written to."""
    queue = Queue(1.0)
    for chat in range(5000):
        queue.land(claimed(chat), chat / 28)
    assert len(queue._free_at) <= 513
