"""Every rule of a roster, one small file each."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.roster.checking import check
from bot.roster.columns import OPTIONAL
from bot.roster.model import Problem
from bot.roster.reading import read
from bot.roster.words import finding_line
from conversations.model import Address, Language, Meeting, Place, Track
from conversations.roster import Person, StageRow
from tests.roster.tables import ANOTHER_STUDENT, COLUMNS, PROGRAMMES, TEAMS, checked, csv_text, good, problems

SAMPLE = Path(__file__).parents[2] / "config" / "samples" / "rooster-2026.csv"
MINOR = "2010-09-08"  # turns 16 a day after the stage begins

STAGE = StageRow(
    code="BPV-1",
    student="1084200",
    trainer="i.kuipers@amstel.example",
    teacher="WOK",
    team="Business Events",
    programme="business-events",
    track=Track.BBL,
    company="Congrescentrum Amstel",
    city="Amsterdam",
    begin=date(2026, 9, 7),
    end=date(2027, 1, 29),
    days=frozenset({1, 2, 3}),
    workday_end=time(16, 30),
    meetings=(
        Meeting(number=1, at=datetime(2026, 9, 21, 8, 0, tzinfo=UTC), place=Place.COMPANY),
        Meeting(number=2, at=datetime(2026, 11, 16, 12, 30, tzinfo=UTC), place=Place.ONLINE),
        Meeting(number=3, at=datetime(2027, 1, 18, 14, 0, tzinfo=UTC), place=Place.PHONE),
    ),
    through_holidays=True,
    language=Language.EN,
)


def test_a_row_becomes_a_stage_and_three_people() -> None:
    """Each column ends where it belongs; moments are stored as UTC; taal is the student's."""
    roster = checked(good())
    assert roster.stages == (STAGE,)
    assert roster.people == (
        Person(
            kind="student",
            identity="1084200",
            name="Samira El Amrani",
            language=Language.EN,
            address=Address.JE,
        ),
        Person(
            kind="trainer",
            identity="i.kuipers@amstel.example",
            name="Ingrid Kuipers",
            language=Language.NL,
            address=Address.JE,
        ),
        Person(kind="teacher", identity="WOK", name="Kees Wouters", language=Language.NL, address=Address.JE),
    )
    assert roster.findings == ()


def test_the_sample_has_no_errors() -> None:
    """The roster that comes with the program holds 24 stages of 34 people."""
    roster = check(read(SAMPLE), PROGRAMMES, TEAMS)
    assert (len(roster.stages), len(roster.people), roster.findings) == (24, 34, ())


def test_the_order_of_columns_does_not_matter() -> None:
    """Columns in another order, in capitals and with spaces around are the same roster."""
    shuffled = sorted(COLUMNS, reverse=True)
    text = csv_text(good(), columns=shuffled).splitlines()
    header = ";".join(f" {name.upper()} " for name in shuffled)
    assert check(read("\n".join([header, *text[1:]]).encode()), PROGRAMMES, TEAMS) == checked(good())


def test_optional_columns_may_be_missing() -> None:
    """Without them a stage is bol, in Dutch, until five, and two meetings are still to be planned."""
    roster = checked(good(), columns=[c for c in COLUMNS if c not in OPTIONAL])
    stage = roster.stages[0]
    assert (stage.track, stage.city, stage.workday_end) == (Track.BOL, "", time(17))
    assert (stage.language, stage.through_holidays) == (Language.NL, False)
    assert stage.meetings == STAGE.meetings[:1]
    assert roster.people[1].address is Address.U
    assert problems(roster) == [
        (1, "gesprek_2", Problem.MEETING_NOT_PLANNED),
        (1, "gesprek_3", Problem.MEETING_NOT_PLANNED),
    ]


def test_a_meeting_not_planned_yet_is_a_warning() -> None:
    """The other meetings keep their numbers."""
    roster = checked(good(gesprek_2="", plek_2="online"))
    assert roster.stages[0].meetings == (STAGE.meetings[0], STAGE.meetings[2])
    assert problems(roster) == [(2, "gesprek_2", Problem.MEETING_NOT_PLANNED)]
    assert roster.errors == ()


def test_a_team_without_coordinator_is_one_warning() -> None:
    """However many stages the team has, and all of them are still imported."""
    roster = checked(good(team="Horeca"), good(**ANOTHER_STUDENT, team="Horeca"))
    assert problems(roster) == [(2, "team", Problem.TEAM_WITHOUT_COORDINATOR)]
    assert (roster.errors, len(roster.warnings), len(roster.stages)) == ((), 1, 2)


@pytest.mark.parametrize(
    ("column", "cell", "same_as"),
    [
        ("begindatum", "07-09-2026", "2026-09-07"),
        ("begindatum", "7-9-2026", "2026-09-07"),
        ("gesprek_1", "21-09-2026 10:00", "2026-09-21 10:00"),
        ("gesprek_1", "2026-09-21T10:00:00", "2026-09-21 10:00"),
        ("stagedagen", "WO di  do,", "di,wo,do"),
        ("einde_werkdag", "16:30:00", "16:30"),
        ("einde_werkdag", "0,6875", "16:30"),
        ("vakantie_door", "J", "ja"),
        ("vakantie_door", "no", ""),
        ("toestemming_ouder", "nee", ""),
        ("aanspreekvorm", "U", "u"),
        ("leerweg", "BOL", "bol"),
        ("plek_1", "Leerbedrijf", "leerbedrijf"),
        ("taal", "EN", "en"),
        ("praktijkopleider_email", "I.Kuipers@Amstel.Example", "i.kuipers@amstel.example"),
    ],
)
def test_notations_that_mean_the_same_are_the_same(column: str, cell: str, same_as: str) -> None:
    """A school may write a cell in any of the usual ways."""
    assert checked(good(**{column: cell})) == checked(good(**{column: same_as}))


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("stage", "BPV 1", Problem.NOT_A_CODE),
        ("stage", "x" * 65, Problem.NOT_A_CODE),
        ("stage", "=1+1", Problem.NOT_A_CODE),
        ("docent_code", "../../WOK", Problem.NOT_A_CODE),
        ("begindatum", "2026/09/07", Problem.NOT_A_DATE),
        ("begindatum", "31-09-2026", Problem.NOT_A_DATE),
        ("begindatum", "07-09-26", Problem.NOT_A_DATE),
        ("begindatum", "0001-01-01", Problem.NOT_A_DATE),
        ("einddatum", "46272", Problem.NOT_A_DATE),
        ("gesprek_1", "2026-09-21", Problem.NOT_A_MOMENT),
        ("gesprek_1", "2026-09-21 25:00", Problem.NOT_A_MOMENT),
        ("gesprek_1", "2027-03-28 02:30", Problem.NO_SUCH_MOMENT),
        ("einde_werkdag", "24:00", Problem.NOT_A_TIME),
        ("einde_werkdag", "16.30", Problem.NOT_A_TIME),
        ("einde_werkdag", "0.99999", Problem.NOT_A_TIME),
        ("stagedagen", "maandag", Problem.NOT_DAYS),
        ("stagedagen", "ma-vr", Problem.NOT_DAYS),
        ("stagedagen", ",", Problem.NOT_DAYS),
        ("leerweg", "bbb", Problem.NOT_A_CHOICE),
        ("aanspreekvorm", "jij", Problem.NOT_A_CHOICE),
        ("plek_2", "kantine", Problem.NOT_A_CHOICE),
        ("taal", "de", Problem.NOT_A_CHOICE),
        ("vakantie_door", "misschien", Problem.NOT_A_CHOICE),
        ("team", "Zorg\x1b[31m", Problem.CONTROL_CHARACTER),
        ("opleiding", "kapper", Problem.UNKNOWN_PROGRAMME),
        ("einddatum", "2026-09-07", Problem.END_BEFORE_BEGIN),
        ("einddatum", "2026-09-01", Problem.END_BEFORE_BEGIN),
        ("einddatum", "2031-09-07", Problem.TOO_LONG),
        ("gesprek_1", "2026-09-06 23:59", Problem.MEETING_OUTSIDE),
        ("gesprek_3", "2027-01-30 00:00", Problem.MEETING_OUTSIDE),
        ("gesprek_2", "2026-09-21 10:00", Problem.MEETING_ORDER),
    ],
)
def test_a_cell_that_is_wrong_is_found_where_it_stands(column: str, cell: str, problem: Problem) -> None:
    """Row, column, value and problem are told, and the stage is left out."""
    roster = checked(good(**{column: cell}))
    finding = next(f for f in roster.findings if f.problem is problem)
    assert (finding.row, finding.column, finding.is_warning) == (2, column, False)
    assert finding.value == cell.replace("\x1b", "\\u001b")[:59] + "…" * (len(cell) > 60)
    assert roster.stages == ()


@pytest.mark.parametrize(
    ("column", "cell", "problem", "shape"),
    [
        ("geboortedatum", "11 feb 2008", Problem.NOT_A_DATE, "99 xxx 9999"),
        ("geboortedatum", "2014-09-08", Problem.AGE, "9999-99-99"),
        ("geboortedatum", "1925-09-07", Problem.AGE, "9999-99-99"),
        ("praktijkopleider_email", "i.kuipers at amstel", Problem.NOT_AN_EMAIL, "x.xxxxxxx xx xxxxxx"),
        ("praktijkopleider_email", "a@b@amstel.example", Problem.NOT_AN_EMAIL, "x@x@xxxxxx.xxxxxxx"),
        ("studentnummer", "10 84 200", Problem.NOT_A_CODE, "99 99 999"),
        ("student", "Sa\x07mira", Problem.CONTROL_CHARACTER, "xx\\u0007xxxx"),
    ],
)
def test_of_a_personal_cell_only_the_shape_is_shown(
    column: str, cell: str, problem: Problem, shape: str
) -> None:
    """What is wrong can be seen without the name, date or address itself."""
    roster = checked(good(**{column: cell}))
    assert [(f.column, f.problem, f.value) for f in roster.findings] == [(column, problem, shape)]


@pytest.mark.parametrize("column", [c for c in COLUMNS if c not in OPTIONAL])
def test_a_required_cell_may_not_be_empty(column: str) -> None:
    """Each required column needs a value in each row."""
    assert problems(checked(good(**{column: ""}))) == [(2, column, Problem.REQUIRED)]


def test_a_planned_meeting_needs_a_place() -> None:
    """A date without a place is half a plan."""
    assert problems(checked(good(plek_3=""))) == [(2, "plek_3", Problem.REQUIRED)]


@pytest.mark.parametrize(
    ("birth", "consent", "found"),
    [
        (MINOR, "ja", []),
        (MINOR, "nee", [(2, "toestemming_ouder", Problem.CONSENT)]),
        (MINOR, "", [(2, "toestemming_ouder", Problem.CONSENT)]),
        ("2010-09-07", "", []),
        ("2014-09-07", "ja", []),
    ],
)
def test_under_sixteen_needs_consent(birth: str, consent: str, found: list[tuple[int, str, Problem]]) -> None:
    """The age counts on the first day of the stage; who turns 16 that day is 16."""
    assert problems(checked(good(geboortedatum=birth, toestemming_ouder=consent))) == found


def test_a_stage_has_a_stage_day() -> None:
    """Two days on which the student never works are no stage."""
    row = good(
        einddatum="2026-09-08", stagedagen="wo", gesprek_1="2026-09-07 10:00", gesprek_2="", gesprek_3=""
    )
    assert [(f.column, f.problem) for f in checked(row).errors] == [("stagedagen", Problem.NO_STAGE_DAY)]


def test_a_meeting_may_be_on_the_first_and_the_last_day() -> None:
    """The days themselves belong to the stage, by the local calendar."""
    assert checked(good(gesprek_1="2026-09-07 00:00", gesprek_3="2027-01-29 23:59")).findings == ()


def test_an_hour_that_comes_twice_is_the_first_of_the_two() -> None:
    """On the night that summer time ends, 02:30 is still summer time."""
    roster = checked(good(gesprek_2="2026-10-25 02:30"))
    assert roster.stages[0].meetings[1].at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_one_fault_hides_no_other() -> None:
    """Cells and rules are all told at once, in the order of the columns."""
    roster = checked(good(taal="de", geboortedatum=MINOR, gesprek_1="morgen", opleiding="kapper", docent=""))
    assert problems(roster) == [
        (2, "docent", Problem.REQUIRED),
        (2, "opleiding", Problem.UNKNOWN_PROGRAMME),
        (2, "gesprek_1", Problem.NOT_A_MOMENT),
        (2, "toestemming_ouder", Problem.CONSENT),
        (2, "taal", Problem.NOT_A_CHOICE),
    ]


def test_a_stage_code_stands_once() -> None:
    """The second row is told which row was first."""
    roster = checked(good(), good(**{**ANOTHER_STUDENT, "stage": "BPV-1"}))
    assert problems(roster) == [(3, "stage", Problem.DUPLICATE_STAGE)]
    assert roster.findings[0].details == {"other": 2}


@pytest.mark.parametrize(
    ("column", "cell", "identity"),
    [
        ("student", "Samira Amrani", "studentnummer"),
        ("geboortedatum", "2008-02-12", "studentnummer"),
        ("taal", "nl", "studentnummer"),
        ("praktijkopleider", "I. Kuipers", "praktijkopleider_email"),
        ("aanspreekvorm", "u", "praktijkopleider_email"),
        ("docent", "Fleur Hoekstra", "docent_code"),
    ],
)
def test_one_identity_is_one_person(column: str, cell: str, identity: str) -> None:
    """The same number, address or code with other facts names both rows and neither person."""
    roster = checked(good(), good(stage="BPV-2", **{column: cell}))
    finding = roster.findings[0]
    assert problems(roster) == [(3, column, Problem.PERSON_DIFFERS)]
    assert (finding.details, finding.value) == ({"other": 2, "identity": identity}, None)


def test_the_same_people_in_two_rows_are_met_once() -> None:
    """A trainer with two students and a teacher with two stages are one person each."""
    roster = checked(good(), good(**ANOTHER_STUDENT))
    assert [p.kind for p in roster.people] == ["student", "trainer", "teacher", "student"]
    assert roster.findings == ()


def test_columns_that_a_roster_does_not_have_are_named_and_refused() -> None:
    """With what was probably meant; nothing else is checked then."""
    columns = [c.replace("begindatum", "begindatm") for c in COLUMNS]
    roster = checked(good(), columns=[*columns, "schoenmaat", "team"])
    assert problems(roster) == [
        (1, "team", Problem.DUPLICATE_COLUMN),
        (1, "begindatm", Problem.UNKNOWN_COLUMN),
        (1, "schoenmaat", Problem.UNKNOWN_COLUMN),
        (1, "begindatum", Problem.MISSING_COLUMN),
    ]
    assert [f.details.get("near") for f in roster.findings] == [None, "begindatum", "", None]


def test_a_file_without_a_header_shows_nobody() -> None:
    """The first row holds people then: no cell of it is quoted."""
    text = csv_text(good()).splitlines()[1]
    roster = check(read(text.encode()), PROGRAMMES, TEAMS)
    assert [finding_line(f) for f in roster.findings] == [
        "row 1: expected the names of the columns, such as stage;studentnummer;student"
    ]


def test_a_header_alone_is_no_roster() -> None:
    """An empty roster would make every stage look missing."""
    assert problems(checked()) == [(1, "", Problem.NO_ROWS)]


def test_a_row_with_more_cells_than_columns_is_refused() -> None:
    """Days without quotes in a file with commas shift all that follows."""
    text = csv_text(good(), separator=",").replace('"di,wo,do"', "di,wo,do")
    roster = check(read(text.encode()), PROGRAMMES, TEAMS)
    assert problems(roster) == [(2, "", Problem.TOO_MANY_CELLS)]
    assert roster.mentioned == {"BPV-1"}


def test_empty_cells_behind_the_last_column_do_no_harm() -> None:
    """Spreadsheet programs leave separators at the end of lines."""
    text = "\n".join(line + ";;" for line in csv_text(good()).splitlines())
    assert check(read(text.encode()), PROGRAMMES, TEAMS) == checked(good())


def test_no_person_is_in_the_repr_of_a_roster() -> None:
    """What a failing test or a log line might print holds no names, numbers or addresses."""
    table = read(csv_text(good()).encode())
    text = repr(table) + repr(check(table, PROGRAMMES, TEAMS))
    personal = ("Samira", "1084200", "2008-02-11", "Kuipers", "kuipers", "Wouters")
    assert [word for word in personal if word in text] == []
