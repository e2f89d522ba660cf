"""P6, P7: months and school years in local time, and the morning on which a monthly page may go out."""

from __future__ import annotations

import pytest

from conversations.overview.periods import month_before, months, page_month
from tests.conversations.stages import a_calendar, at, wall

CALENDAR = a_calendar()


def test_months_go_back_to_august_of_last_school_year() -> None:
    """P7: year beside year needs every month of both."""
    names = [period.name for period in months(CALENDAR, at("2026-10-05 12:00"))]
    assert (names[0], names[-1], len(names)) == ("2025-08", "2026-10", 15)


def test_in_august_last_month_is_of_the_school_year_before() -> None:
    """The page of July still has two school years to show."""
    names = [period.name for period in months(CALENDAR, at("2027-08-30 09:00"))]
    assert (names[0], names[-1]) == ("2025-08", "2027-08")


def test_months_follow_each_other_without_a_gap() -> None:
    """Also over both changes of the clock."""
    found = months(CALENDAR, at("2027-04-05 12:00"))
    assert [one.end for one in found[:-1]] == [one.begin for one in found[1:]]
    assert (wall(found[-2].begin), wall(found[-2].end)) == ("Mon 2027-03-01 00:00", "Thu 2027-04-01 00:00")


@pytest.mark.parametrize(
    ("now", "month"),
    [
        ("2026-10-01 08:59", None),
        ("2026-10-01 09:00", "2026-09"),
        ("2026-10-01 19:59", "2026-09"),
        ("2026-10-01 20:00", None),
        ("2026-10-23 10:00", "2026-09"),  # late, after downtime
        ("2026-11-01 10:00", None),  # a Sunday
        ("2026-11-02 09:00", "2026-10"),
        ("2027-01-01 10:00", None),  # New Year
        ("2027-01-04 09:00", "2026-12"),
        ("2027-08-02 10:00", None),  # the summer holiday
        ("2027-08-30 09:00", "2027-07"),
    ],
)
def test_the_page_goes_out_on_a_workday_in_the_daytime(now: str, month: str | None) -> None:
    """P6: from nine o'clock on the first workday, late after downtime; never at night or in a holiday."""
    assert page_month(CALENDAR, at(now)) == month


def test_a_month_before_january_is_december() -> None:
    """And twelve before is the same month a year ago."""
    assert [month_before("2027-01"), month_before("2027-01", 12), month_before("2026-12", -1)] == [
        "2026-12",
        "2026-01",
        "2027-01",
    ]
