"""The clock that jumps."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.simulator.clock import JumpingClock

MORNING = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)


class Seconds:
    """A real clock's seconds, moved by hand."""

    def __init__(self) -> None:
        self.value = 100.0

    def __call__(self) -> float:
        return self.value


def test_a_standing_clock_only_jumps() -> None:
    """Real time does not touch it."""
    seconds = Seconds()
    clock = JumpingClock(MORNING, monotonic=seconds)
    seconds.value += 60
    assert clock() == MORNING
    clock.jump(MORNING + timedelta(days=1))
    assert clock() == MORNING + timedelta(days=1)


def test_a_running_clock_flows_on_from_where_it_was_set() -> None:
    """Real seconds are added to the last jump, and stopping keeps the moment."""
    seconds = Seconds()
    clock = JumpingClock(MORNING, running=True, monotonic=seconds)
    seconds.value += 60
    assert clock() == MORNING + timedelta(seconds=60)
    clock.jump(MORNING + timedelta(hours=1))
    seconds.value += 5
    assert clock() == MORNING + timedelta(hours=1, seconds=5)
    clock.running = False
    seconds.value += 5
    assert clock() == MORNING + timedelta(hours=1, seconds=5)
    clock.running = True
    seconds.value += 5
    assert clock() == MORNING + timedelta(hours=1, seconds=10)


def test_the_clock_never_goes_back() -> None:
    """An earlier moment is refused and changes nothing; the same moment is no jump back."""
    clock = JumpingClock(MORNING)
    clock.jump(MORNING)
    with pytest.raises(ValueError, match="does not go back"):
        clock.jump(MORNING - timedelta(seconds=1))
    assert clock() == MORNING


def test_the_clock_speaks_utc_and_needs_a_zone() -> None:
    """Moments of any zone come out as UTC; a moment without a zone is refused."""
    clock = JumpingClock(datetime(2026, 9, 7, 8, 0, tzinfo=timezone(timedelta(hours=2))))
    assert (clock(), clock().tzinfo) == (MORNING, UTC)
    with pytest.raises(ValueError, match="time zone"):
        clock.jump(datetime(2026, 9, 8, 8, 0))  # noqa: DTZ001 - the fault under test
