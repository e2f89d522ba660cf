"""What a measurement comes to: a figure, what it should reach, and whether it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import Any


class Better(StrEnum):
    """Which side of the target is the good one."""

    MORE = "at least"
    LESS = "at most"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be reached."""

    value: float
    better: Better

    def reached(self, measured: float) -> bool:
        """Tell whether a measured value is good enough."""
        return measured >= self.value if self.better is Better.MORE else measured <= self.value

    def __str__(self) -> str:
        """Write it as in the table."""
        return f"{'≥' if self.better is Better.MORE else '≤'} {short(self.value)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table. `values` are all that were measured; the line shows their median."""

    name: str
    unit: str
    values: tuple[float, ...]
    target: Target | None = None
    how: str = ""  # what a reader must know to trust it

    @property
    def value(self) -> float:
        """Give the median."""
        return median(self.values)

    @property
    def reached(self) -> bool | None:
        """Tell whether the target was reached; None where there is none."""
        return self.target.reached(self.value) if self.target else None

    @property
    def shown(self) -> str:
        """Write the value, with the lowest and highest where there were several."""
        spread = f" ({short(min(self.values))} to {short(max(self.values))})" if len(self.values) > 1 else ""
        return f"{short(self.value)} {self.unit}".rstrip() + spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one part of the bench found: its figures, and everything measured, for the JSON."""

    name: str
    figures: Sequence[Figure]
    measured: Any = field(default=None)


def at_most(value: float) -> Target:
    """Give a target that is not to be exceeded."""
    return Target(value=value, better=Better.LESS)


def at_least(value: float) -> Target:
    """Give a target that is to be reached or passed."""
    return Target(value=value, better=Better.MORE)


def short(value: float) -> str:
    """Write a number with about three digits that count."""
    if value == int(value) and abs(value) < 1e6:
        return f"{int(value):,}"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 20 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{digits}f}"
