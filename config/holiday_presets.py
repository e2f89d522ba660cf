"""Holidays: the Dutch public ones, and school holidays per region as a preset."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal, get_args

import holidays
from pydantic import Field

from config.findings import HERE, Faults
from config.reading import Entry, read_toml, validated
from conversations.calendar import Holiday

PRESETS = HERE / "school_holidays.toml"
Region = Literal["noord", "midden", "zuid"]
REGIONS: tuple[Region, ...] = get_args(Region)
YEARS = range(2020, 2051)
NO_DAY_OFF = "Good Friday"  # the library lists it; by Dutch custom and most collective agreements people work


class PresetTable(Entry):
    """[[holiday]]: a school holiday in a region, first and last day included."""

    region: Region = Field(description=f"one of {', '.join(REGIONS)}")
    name: str = Field(description="a name")
    begin: date = Field(description="a date such as 2026-10-10")
    end: date = Field(description="a date such as 2026-10-18")


class PresetsTable(Entry):
    """A whole file."""

    holiday: list[PresetTable] = Field(description="[[holiday]] tables")


@cache
def public_holidays() -> frozenset[date]:
    """Give the Dutch public holidays of many years; 5 May is one every five years."""
    named = holidays.country_holidays("NL", years=YEARS, language="en_US")
    return frozenset(day for day, name in named.items() if name != NO_DAY_OFF)


def read_presets(region: Region, faults: Faults) -> tuple[Holiday, ...]:
    """Read the school holidays of a region."""
    at = faults.among(PRESETS)
    data = read_toml(PRESETS, at)
    table = None if data is None else validated(PresetsTable, data, at)
    listed = table.holiday if table else []
    return tuple(Holiday(name=h.name, begin=h.begin, end=h.end) for h in listed if h.region == region)
