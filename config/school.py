"""Reads a school's own file: its name, coordinators, contacts, holidays, quiet hours and retention."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from config.findings import HERE, Faults
from config.holiday_presets import REGIONS, Region, public_holidays, read_presets
from config.reading import Entry, read_toml, validated, wrong
from config.wordings import Words
from conversations.calendar import Holiday, QuietHours, SchoolCalendar
from conversations.model import Programme
from conversations.question_set import QuestionSet
from conversations.school import Contact, Coordinator, Retention, School

SHIPPED = HERE / "school.toml"
LONGEST_HOLIDAY = timedelta(weeks=12)  # a longer one is a slip of the pen

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_A_COMMON_YEAR = 2027  # 29 February is no day of every year


def _clock(value: object) -> object:
    """Take "16:30" for the TOML local time 16:30:00."""
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    return time(int(found[1]), int(found[2])) if found else value


def _is_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError from error
    return name


def _is_month_and_day(text: str) -> str:
    date.fromisoformat(f"{_A_COMMON_YEAR}-{text}")
    return text


Clock = Annotated[time, BeforeValidator(_clock)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\.[^\s]+$")]
A_TIME = 'a time such as "16:30"'
A_DATE = "a date such as 2026-10-10"


class CoordinatorTable(Entry):
    """[[coordinator]]: a coordinator and the teams they are there for."""

    code: Words = Field(description="the code, as docent_code in the roster")
    name: Words = Field(description="a name")
    teams: list[Words] = Field(min_length=1, description="a list of one or more teams, as in the roster")


class ContactTable(Entry):
    """[contact.…]: a person or a reporting point."""

    name: Words = Field(description="a name")
    phone: Annotated[str, StringConstraints(pattern=r"^\+?\d[\d -]*$")] = Field(
        "", description="a phone number"
    )
    email: Annotated[str, StringConstraints(pattern=r"^[^\s@]+@[^\s@]+\.[^\s@]+$")] = Field(
        "", description="an e-mail address"
    )
    url: Url = Field("", description="an address that begins with https://")

    @model_validator(mode="after")
    def _can_be_reached(self) -> ContactTable:
        if not (self.phone or self.email or self.url):
            raise wrong("cannot be reached", "a phone, an email or a url")
        return self


def _can_be_called(contact: ContactTable) -> ContactTable:
    if not contact.phone:
        raise wrong("has no phone", "a number that people in danger can call")
    return contact


Called = Annotated[ContactTable, AfterValidator(_can_be_called)]


class ContactTables(Entry):
    """[contact]: whom a person in need is sent to. None may be left out."""

    confidential: ContactTable = Field(description="the school's vertrouwenspersoon")
    reporting: ContactTable = Field(description="the school's own reporting point")
    emergency: Called = Field(description="the emergency number, 112")
    suicide: Called = Field(description="the suicide prevention line, 113")
    child_line: Called = Field(description="de Kindertelefoon")
    sbb: ContactTable = Field(description="the SBB reporting point for discrimination in a stage")
    discrimination: ContactTable = Field(description="discriminatie.nl")


class QuietTable(Entry):
    """[quiet]: when nobody is asked anything."""

    begin: Clock = Field(QuietHours().begin, description=A_TIME)
    end: Clock = Field(QuietHours().end, description=A_TIME)
    sunday: bool = Field(QuietHours().sunday, description="true or false")
    resume: Clock = Field(QuietHours().resume, description=A_TIME)

    @model_validator(mode="after")
    def _leaves_room(self) -> QuietTable:
        quiet = QuietHours(begin=self.begin, end=self.end, sunday=self.sunday, resume=self.resume)
        inside = quiet.begin <= quiet.resume < quiet.end
        over_night = quiet.resume >= quiet.begin or quiet.resume < quiet.end
        if inside if quiet.begin <= quiet.end else over_night:
            raise wrong("has a resume inside the quiet hours", "a time at which people may be asked")
        return self


class RetentionTable(Entry):
    """[retention]: how long things are kept."""

    text_days: int = Field(Retention().text_days, ge=1, le=3650, description="a number of days, 1 to 3650")
    digests_until: Annotated[str, AfterValidator(_is_month_and_day)] = Field(
        "07-31", description='a month and day such as "07-31"'
    )
    invitation_days: int = Field(
        Retention().invitation_days, ge=1, le=365, description="a number of days, 1 to 365"
    )


class HolidaysTable(Entry):
    """[holidays]: a region as a preset."""

    region: Region | None = Field(None, description=f"one of {', '.join(REGIONS)}")


class HolidayTable(Entry):
    """[[holiday]]: a school holiday, first and last day included."""

    name: Words = Field(description="a name")
    begin: date = Field(description=A_DATE)
    end: date = Field(description=A_DATE)

    @model_validator(mode="after")
    def _in_order(self) -> HolidayTable:
        if not timedelta(0) <= self.end - self.begin <= LONGEST_HOLIDAY:
            raise wrong(f"lasts from {self.begin} to {self.end}", "an end within 12 weeks of begin")
        return self


class SchoolTable(Entry):
    """A whole file."""

    name: Words = Field(description="the school's name")
    zone: Annotated[str, AfterValidator(_is_zone)] = Field(
        "Europe/Amsterdam", description='a time zone such as "Europe/Amsterdam"'
    )
    privacy_url: Url = Field("", description="an address that begins with https://")
    coordinator: list[CoordinatorTable] = Field([], description="[[coordinator]] tables")
    contact: ContactTables = Field(description="[contact.…] tables")
    holidays: HolidaysTable = Field(HolidaysTable(), description='[holidays] with region = "noord"')
    holiday: list[HolidayTable] = Field([], description="[[holiday]] tables")
    quiet: QuietTable = Field(QuietTable(), description="[quiet] with begin and end")
    retention: RetentionTable = Field(RetentionTable(), description="[retention] with text_days")


# ---- reading --------------------------------------------------------------------------------------------


def read_school(
    path: Path,
    question_sets: Mapping[str, QuestionSet],
    programmes: Mapping[str, Programme],
    faults: Faults,
) -> School | None:
    """Read a school's own file and complete it; None when it has errors, which are then among the faults."""
    at = faults.among(path)
    data = read_toml(path, at)
    table = None if data is None else validated(SchoolTable, data, at)
    if table is None:
        return None
    _check_coordinators(table.coordinator, at)
    contacts = {key: getattr(table.contact, key) for key in ContactTables.model_fields}
    month, day = table.retention.digests_until.split("-")
    return School(
        name=table.name,
        calendar=_calendar(table, at),
        question_sets=question_sets,
        programmes=programmes,
        coordinators=tuple(
            Coordinator(code=c.code, name=c.name, teams=tuple(c.teams)) for c in table.coordinator
        ),
        contacts={
            key: Contact(name=c.name, phone=c.phone, email=c.email, url=c.url) for key, c in contacts.items()
        },
        retention=Retention(
            text_days=table.retention.text_days,
            digests_until=(int(month), int(day)),
            invitation_days=table.retention.invitation_days,
        ),
        privacy_url=table.privacy_url,
    )


def _calendar(table: SchoolTable, faults: Faults) -> SchoolCalendar:
    preset = read_presets(table.holidays.region, faults) if table.holidays.region else ()
    own = tuple(Holiday(name=h.name, begin=h.begin, end=h.end) for h in table.holiday)
    if not preset and not own:
        faults.warn("holidays", "has no school holidays", "a region, or [[holiday]] tables")
    quiet = table.quiet
    return SchoolCalendar(
        zone=ZoneInfo(table.zone),
        public_holidays=public_holidays(),
        school_holidays=tuple(sorted(preset + own, key=lambda h: (h.begin, h.end))),
        quiet=QuietHours(begin=quiet.begin, end=quiet.end, sunday=quiet.sunday, resume=quiet.resume),
    )


def _check_coordinators(coordinators: Iterable[CoordinatorTable], faults: Faults) -> None:
    listed = list(coordinators)
    for code, times in Counter(c.code for c in listed).items():
        if times > 1:
            faults.error(f"coordinator.{code}.code", f"is there {times} times", "one table with all teams")
    for team, times in Counter(team for c in listed for team in c.teams).items():
        if times > 1:
            faults.error("coordinator", f"has the team {team!r} {times} times", "one coordinator for a team")
