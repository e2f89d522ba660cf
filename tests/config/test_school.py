"""A school's own file: what ends up in School, and the one line for each thing it may get wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import config
from config import ConfigError
from conversations.calendar import Holiday, QuietHours
from conversations.school import Contact, Coordinator, Retention
from tests.config.writing import school_in, told

OWN = """name = "Onze School"

[contact]
confidential = { name = "A", phone = "06 1234 5678" }
reporting = { name = "B", email = "b@school.example" }
emergency = { name = "C", phone = "112" }
suicide = { name = "D", phone = "0800-0113" }
child_line = { name = "E", phone = "0800-0432" }
sbb = { name = "F", url = "https://www.s-bb.nl" }
discrimination = { name = "G", phone = "+31 20 555 0101", email = "g@a.example", url = "http://g.example/a" }
"""


def test_a_file_becomes_a_school(tmp_path: Path) -> None:
    """Every field of the file ends where it belongs; times may be TOML times or text."""
    path = tmp_path / "own.toml"
    path.write_text(
        'zone = "America/Curacao"\nprivacy_url = "https://school.example/privacy"\n'
        + OWN
        + '[[coordinator]]\ncode = "ABC"\nname = "Iemand"\nteams = ["Zorg", "Groen"]\n'
        + '[[holiday]]\nname = "Herfst"\nbegin = 2026-10-12\nend = 2026-10-16\n'
        + '[quiet]\nbegin = 21:30:00\nend = "07:45"\nsunday = false\nresume = "10:00"\n'
        + '[retention]\ntext_days = 30\ndigests_until = "08-15"\ninvitation_days = 14\n'
    )
    school = config.load(path)
    assert school.name == "Onze School"
    assert school.privacy_url == "https://school.example/privacy"
    assert school.coordinators == (Coordinator(code="ABC", name="Iemand", teams=("Zorg", "Groen")),)
    assert school.contacts == {
        "confidential": Contact(name="A", phone="06 1234 5678"),
        "reporting": Contact(name="B", email="b@school.example"),
        "emergency": Contact(name="C", phone="112"),
        "suicide": Contact(name="D", phone="0800-0113"),
        "child_line": Contact(name="E", phone="0800-0432"),
        "sbb": Contact(name="F", url="https://www.s-bb.nl"),
        "discrimination": Contact(
            name="G", phone="+31 20 555 0101", email="g@a.example", url="http://g.example/a"
        ),
    }
    assert school.retention == Retention(text_days=30, digests_until=(8, 15), invitation_days=14)
    assert replace(school.calendar, public_holidays=frozenset()).zone == ZoneInfo("America/Curacao")
    assert school.calendar.school_holidays == (
        Holiday(name="Herfst", begin=date(2026, 10, 12), end=date(2026, 10, 16)),
    )
    assert school.calendar.quiet == QuietHours(
        begin=time(21, 30), end=time(7, 45), sunday=False, resume=time(10)
    )


def test_what_a_school_leaves_out_has_a_default(tmp_path: Path) -> None:
    """Name and contacts are enough to start; that there are no school holidays is told."""
    path = tmp_path / "own.toml"
    path.write_text(OWN)
    school = config.load(path)
    assert school.calendar.zone == ZoneInfo("Europe/Amsterdam")
    assert school.calendar.quiet == QuietHours()
    assert school.retention == Retention()
    assert school.calendar.school_holidays == ()
    assert told(path) == [
        "warning: own.toml: holidays: has no school holidays; expected a region, or [[holiday]] tables"
    ]


@pytest.mark.parametrize(
    ("region", "autumn"),
    [("noord", date(2026, 10, 10)), ("midden", date(2026, 10, 17)), ("zuid", date(2026, 10, 17))],
)
def test_a_region_is_a_preset(region: str, autumn: date, tmp_path: Path) -> None:
    """Each region has its five holidays of 2026-2027."""
    school = config.load(school_in(tmp_path, 'region = "noord"', f'region = "{region}"'))
    names = [holiday.name for holiday in school.calendar.school_holidays]
    assert names == [
        "Herfstvakantie",
        "Kerstvakantie",
        "Voorjaarsvakantie",
        "Meivakantie",
        "Zomervakantie",
    ]
    assert school.calendar.school_holidays[0].begin == autumn


def test_own_holidays_come_beside_a_region(tmp_path: Path) -> None:
    """A school with a region may have a week more."""
    own = '[[holiday]]\nname = "Extra"\nbegin = 2027-05-03\nend = 2027-05-09\n\n[quiet]'
    holidays = config.load(school_in(tmp_path, "[quiet]", own)).calendar.school_holidays
    assert [h.name for h in holidays][-3:] == ["Meivakantie", "Extra", "Zomervakantie"]


def test_public_holidays_are_those_on_which_nobody_works() -> None:
    """Good Friday is a workday; 5 May is a holiday once in five years; a Sunday moves the King's day."""
    days = config.load().calendar.public_holidays
    assert sorted(day for day in days if day.year == 2027) == [
        date(2027, 1, 1),
        date(2027, 3, 28),
        date(2027, 3, 29),
        date(2027, 4, 27),
        date(2027, 5, 6),
        date(2027, 5, 16),
        date(2027, 5, 17),
        date(2027, 12, 25),
        date(2027, 12, 26),
    ]
    assert sorted(day for day in days if day.month == 5 and day.day == 5) == [
        date(year, 5, 5) for year in (2020, 2025, 2030, 2035, 2040, 2045, 2050)
    ]
    assert date(2031, 4, 26) in days


FAULTS = {
    "no name": ('name = "ROC Voorbeeld"\n', "", "name: is missing; expected the school's name"),
    "an unknown field": (
        "privacy_url",
        "privacy_link",
        "privacy_link: is unknown, did you mean 'privacy_url'?",
    ),
    "an unknown zone": (
        "Europe/Amsterdam",
        "Europe/Amsterdm",
        "zone: is 'Europe/Amsterdm'; expected a time zone such as \"Europe/Amsterdam\"",
    ),
    "a zone that is a path": (
        "Europe/Amsterdam",
        "../etc/passwd",
        "zone: is '../etc/passwd'; expected a time zone such as \"Europe/Amsterdam\"",
    ),
    "no web address": (
        "https://www.rocvoorbeeld.example/stagebot-privacy",
        "rocvoorbeeld",
        "privacy_url: is 'rocvoorbeeld'; expected an address that begins with https://",
    ),
    "a coordinator without teams": (
        'teams = ["Zorg"]',
        "teams = []",
        "coordinator.OOS.teams: has 0 items; expected a list of one or more teams, as in the roster",
    ),
    "a coordinator who is there twice": (
        'code = "OOS"',
        'code = "VOS"',
        "coordinator.VOS.code: is there 2 times; expected one table with all teams",
    ),
    "a team with two coordinators": (
        '["Zorg"]',
        '["Business Events"]',
        "coordinator: has the team 'Business Events' 2 times; expected one coordinator for a team",
    ),
    "a contact left out": (
        '[contact.emergency]\nname = "112"\nphone = "112"\n',
        "",
        "contact.emergency: is missing; expected the emergency number, 112",
    ),
    "a contact that cannot be reached": (
        'name = "112"\nphone = "112"',
        'name = "112"',
        "contact.emergency: cannot be reached; expected a phone, an email or a url",
    ),
    "letters in a phone number": (
        "0800-0432",
        "0800-KIND",
        "contact.child_line.phone: is '0800-KIND'; expected a phone number",
    ),
    "an e-mail address without a place": (
        "vertrouwenspersoon@rocvoorbeeld.example",
        "vertrouwenspersoon",
        "contact.confidential.email: is 'vertrouwenspersoon'; expected an e-mail address",
    ),
    "a phone number that is a number": (
        'phone = "112"',
        "phone = 112",
        "contact.emergency.phone: is 112; expected a phone number",
    ),
    "an unknown region": (
        'region = "noord"',
        'region = "oost"',
        "holidays.region: is 'oost'; expected one of noord, midden, zuid",
    ),
    "a holiday that ends before it begins": (
        "[quiet]",
        '[[holiday]]\nname = "Kerst"\nbegin = 2026-12-19\nend = 2026-01-03\n[quiet]',
        "holiday.Kerst: lasts from 2026-12-19 to 2026-01-03; expected an end within 12 weeks of begin",
    ),
    "a holiday of a year": (
        "[quiet]",
        '[[holiday]]\nname = "Kerst"\nbegin = 2026-12-19\nend = 2028-01-03\n[quiet]',
        "holiday.Kerst: lasts from 2026-12-19 to 2028-01-03; expected an end within 12 weeks of begin",
    ),
    "a date in quotes": (
        "[quiet]",
        '[[holiday]]\nname = "Kerst"\nbegin = "19-12-2026"\nend = 2027-01-03\n[quiet]',
        "holiday.Kerst.begin: is '19-12-2026'; expected a date such as 2026-10-10",
    ),
    "a time that is none": ("20:00", "24:00", "quiet.begin: is '24:00'; expected a time such as \"16:30\""),
    "a time that people would be asked at in quiet hours": (
        "12:00",
        "07:00",
        "quiet: has a resume inside the quiet hours; expected a time at which people may be asked",
    ),
    "text for true": ("sunday = true", 'sunday = "ja"', "quiet.sunday: is 'ja'; expected true or false"),
    "no days": (
        "text_days = 90",
        "text_days = 0",
        "retention.text_days: is 0; expected a number of days, 1 to 3650",
    ),
    "a day before its month": (
        "07-31",
        "31-07",
        "retention.digests_until: is '31-07'; expected a month and day such as \"07-31\"",
    ),
    "a day that not every year has": (
        "07-31",
        "02-29",
        "retention.digests_until: is '02-29'; expected a month and day such as \"07-31\"",
    ),
    "a syntax error": (
        "[quiet]",
        "[quiet",
        "line 66: is not valid TOML: expected ']' at the end of a table declaration",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_of_a_school_has_its_line(fault: str, tmp_path: Path) -> None:
    """One fault gives exactly one line, with file, field, what is wrong and what was expected."""
    before, after, line = FAULTS[fault]
    assert told(school_in(tmp_path, before, after)) == [f"school.toml: {line}"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The file's name is in the one line."""
    with pytest.raises(ConfigError) as caught:
        config.load(tmp_path / "school.toml")
    line = f"{tmp_path}/school.toml: cannot be read (No such file or directory); expected a readable file"
    assert str(caught.value) == line


@pytest.mark.parametrize("name", ["emergency", "suicide", "child_line"])
def test_who_is_in_danger_can_call(name: str, tmp_path: Path) -> None:
    """These three need a number: an address is no help at night."""
    path = tmp_path / "own.toml"
    lines = [
        f'{name} = {{ name = "X", url = "https://x.example" }}' if n.startswith(f"{name} =") else n
        for n in OWN.split("\n")
    ]
    path.write_text("\n".join(lines))
    assert (
        f"own.toml: contact.{name}: has no phone; expected a number that people in danger can call"
        in told(path)
    )
