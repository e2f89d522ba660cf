"""No number of fewer than five people, also not by subtraction (promise P6).

A group is shown when it holds five people or more. Where a total is shown beside its groups, what is left
when the shown ones are subtracted must be nothing, or five people or more, of two groups or more. Answers
that come in one by one are shown five at a time: two looks on two days differ by nobody, or by five people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

LEAST = 5  # people in a group of which a number is shown
HIDDEN = "…"
_SHORTEST = 3  # letters of a name that is taken out: shorter ones are parts of other words

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Protected(Generic[T]):
    """The groups that may be shown, how many may not, and whether their total may be shown beside them."""

    shown: tuple[T, ...]
    hidden: int
    total: bool


def protect(groups: Iterable[T], size: Callable[[T], int]) -> Protected[T]:
    """Hide groups of fewer than five people, and as many more as subtraction from their total would need.

    Nobody may be in two of the groups.
    """
    ordered = sorted((g for g in groups if size(g) > 0), key=size)
    hidden = [g for g in ordered if size(g) < LEAST]
    shown = ordered[len(hidden) :]
    while hidden and shown and not _is_safe([size(g) for g in hidden]):
        hidden.append(shown.pop(0))
    people = sum(size(g) for g in ordered)
    total = people >= LEAST and (not hidden or _is_safe([size(g) for g in hidden]) or not shown)
    return Protected(tuple(shown), len(hidden), total)


def _is_safe(sizes: Collection[int]) -> bool:
    return len(sizes) > 1 and sum(sizes) >= LEAST


def in_fives(ordered: Iterable[T], person: Callable[[T], int]) -> tuple[T, ...]:
    """Give what came in, oldest first, as far as it may be shown: each step is of five people or more."""
    shown: list[T] = []
    waiting: list[T] = []
    for one in ordered:
        waiting.append(one)
        if len({person(w) for w in waiting}) >= LEAST:
            shown += waiting
            waiting = []
    return tuple(shown)


def without_names(text: str, own: Iterable[str], others: Iterable[str] = ()) -> str:
    """Take names out of what somebody wrote: of the people and the company of their own stage, and of others.

    The names of others go only where they are written as names: Groot and Bakker are words as well.
    """
    text = _without(text, _parts(own), re.IGNORECASE)
    return _without(text, _parts(others), re.NOFLAG)


def _parts(names: Iterable[str]) -> set[str]:
    """Give whole names, and the parts with a capital: not "van", "de" or "der"."""
    given = {name for name in names if name}
    return given | {part for name in given for part in name.split() if part[0].isupper()}


def _without(text: str, parts: Iterable[str], flags: re.RegexFlag) -> str:
    wanted = sorted((part for part in parts if len(part) >= _SHORTEST), key=len, reverse=True)
    any_of_them = "|".join(map(re.escape, wanted))
    return re.sub(rf"(?<!\w)(?:{any_of_them})(?!\w)", HIDDEN, text, flags=flags) if wanted else text
