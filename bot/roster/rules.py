"""The rules that a row keeps, beyond each cell by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.roster.model import Problem
from bot.roster.row import ReadableRow

CONSENT_AGE = 16
YOUNGEST, OLDEST = 12, 100
LONGEST_YEARS = 5


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a row breaks, at the column where it is mended."""

    column: str
    problem: Problem
    details: Mapping[str, str | int]


def broken_rules(row: ReadableRow, programmes: Collection[str], zone: ZoneInfo) -> Iterator[Broken]:
    """Give every rule that a row breaks, as far as its cells could be read."""
    yield from _broken_age(row)
    yield from _broken_period(row)
    yield from _broken_meetings(row, zone)
    if row.programme is not None and row.programme not in programmes:
        yield _broken("opleiding", Problem.UNKNOWN_PROGRAMME, choices=", ".join(sorted(programmes)))


def exists(local: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a local wall time exists: the hour that summer time skips does not."""
    return to_utc(local, zone).astimezone(zone).replace(tzinfo=None) == local


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """Give the moment of a local wall time; of an hour that comes twice, the first."""
    return local.replace(tzinfo=zone).astimezone(UTC)


def _broken(column: str, problem: Problem, **details: str | int) -> Broken:
    return Broken(column, problem, details)


def _broken_age(row: ReadableRow) -> Iterator[Broken]:
    if row.birth is None or row.begin is None:
        return
    age = _years(row.birth, row.begin)
    if not YOUNGEST <= age <= OLDEST:
        yield _broken("geboortedatum", Problem.AGE, youngest=YOUNGEST, oldest=OLDEST)
    elif age < CONSENT_AGE and not row.consent:
        yield _broken("toestemming_ouder", Problem.CONSENT, age=CONSENT_AGE)


def _broken_period(row: ReadableRow) -> Iterator[Broken]:
    if row.begin is None or row.end is None:
        return
    begin = row.begin.isoformat()
    length = (row.end - row.begin).days
    if length <= 0:
        yield _broken("einddatum", Problem.END_BEFORE_BEGIN, begin=begin)
    elif _years(row.begin, row.end) >= LONGEST_YEARS:
        yield _broken("einddatum", Problem.TOO_LONG, years=LONGEST_YEARS, begin=begin)
    elif row.days and not row.days.intersection(
        (row.begin + timedelta(days=i)).weekday() for i in range(min(length, 6) + 1)
    ):
        yield _broken("stagedagen", Problem.NO_STAGE_DAY)


def _broken_meetings(row: ReadableRow, zone: ZoneInfo) -> Iterator[Broken]:
    earlier: datetime | None = None
    for column, at in row.meetings:
        if not exists(at, zone):
            yield _broken(column, Problem.NO_SUCH_MOMENT)
        if row.begin and row.end and row.begin < row.end and not row.begin <= at.date() <= row.end:
            yield _broken(
                column, Problem.MEETING_OUTSIDE, begin=row.begin.isoformat(), end=row.end.isoformat()
            )
        if earlier is not None and at <= earlier:
            yield _broken(column, Problem.MEETING_ORDER, earlier=f"{earlier:%Y-%m-%d %H:%M}")
        earlier = at


def _years(since: date, until: date) -> int:
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))
