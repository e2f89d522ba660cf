from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.store.ids import new_id, new_ids

NOW = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)


def test_ids_only_grow_even_when_the_clock_goes_back() -> None:
    """Order of making is order of ids, whatever the clock does."""
    made = [new_id(NOW), *new_ids(NOW, 3), new_id(NOW - timedelta(hours=1)), new_id(NOW + timedelta(days=1))]
    assert made == sorted(set(made))


def test_ids_fit_in_63_bits_until_2089() -> None:
    """A signed 64-bit column holds every id."""
    assert new_id(datetime(2089, 1, 1, tzinfo=UTC)).bit_length() == 63


def test_asking_for_none_gives_none() -> None:
    """An empty batch costs nothing."""
    assert list(new_ids(NOW, 0)) == []
