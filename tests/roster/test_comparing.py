"""What an import would change, and that doing it again changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.roster.checking import check
from bot.roster.comparing import Change, Difference, compare
from bot.roster.model import Roster
from bot.roster.reading import read
from bot.roster.report import difference_lines
from conversations.roster import StoredStage
from tests.roster.tables import ANOTHER_STUDENT, PROGRAMMES, TEAMS, checked, good

SAMPLE = Path(__file__).parents[2] / "config" / "samples" / "rooster-2026.csv"


def stored(roster: Roster, *, ended: bool = False) -> list[StoredStage]:
    """Give what the store holds after a roster was imported."""
    people = {(p.kind, p.identity): p for p in roster.people}
    return [
        StoredStage(
            stage=stage,
            student=people["student", stage.student],
            trainer=people["trainer", stage.trainer],
            teacher=people["teacher", stage.teacher],
            ended=ended,
        )
        for stage in roster.stages
    ]


def test_importing_twice_changes_nothing() -> None:
    """All 24 stages of the sample are new once, and unchanged from then on."""
    roster = check(read(SAMPLE), PROGRAMMES, TEAMS)
    first, second = compare(roster, []), compare(roster, stored(roster))
    assert (first.new, first.is_empty) == (roster.stages, False)
    assert second == Difference(
        new=(), changed=(), missing=(), unchanged=tuple(s.code for s in roster.stages)
    )
    assert second.is_empty


@pytest.mark.parametrize(
    ("column", "cell", "changes"),
    [
        ("einddatum", "05-02-2027", [Change(column="einddatum", old="2027-01-29", new="2027-02-05")]),
        ("stagedagen", "vr,ma", [Change(column="stagedagen", old="di,wo,do", new="ma,vr")]),
        (
            "gesprek_2",
            "2026-11-17 09:00",
            [Change(column="gesprek_2", old="2026-11-16 13:30", new="2026-11-17 09:00")],
        ),
        ("plek_3", "leerbedrijf", [Change(column="plek_3", old="telefoon", new="leerbedrijf")]),
        (
            "gesprek_3",
            "",
            [
                Change(column="gesprek_3", old="2027-01-18 15:00", new=""),
                Change(column="plek_3", old="telefoon", new=""),
            ],
        ),
        ("docent_code", "HOF", [Change(column="docent_code", old="WOK", new="HOF")]),
        ("aanspreekvorm", "u", [Change(column="aanspreekvorm", old="je", new="u")]),
        ("taal", "nl", [Change(column="taal", old="en", new="nl")]),
        ("vakantie_door", "nee", [Change(column="vakantie_door", old="ja", new="nee")]),
        ("student", "Samira Amrani", [Change(column="student")]),
        ("docent", "K. Wouters", [Change(column="docent")]),
        ("praktijkopleider_email", "ik@amstel.example", [Change(column="praktijkopleider_email")]),
        ("geboortedatum", "2008-02-12", []),
    ],
)
def test_a_change_is_told_by_column(column: str, cell: str, changes: list[Change]) -> None:
    """With the old and the new value, but for personal columns; a birth date is never stored."""
    difference = compare(checked(good(**{column: cell})), stored(checked(good())))
    assert [change for stage in difference.changed for change in stage.changes] == changes


def test_a_stage_that_is_not_in_the_file_is_missing() -> None:
    """It is told once, and no more after it was ended."""
    roster, both = checked(good()), checked(good(), good(**ANOTHER_STUDENT))
    assert compare(roster, stored(both)).missing == ("BPV-2",)
    assert compare(roster, stored(both)[:1] + stored(both, ended=True)[1:]).missing == ()


def test_a_stage_whose_row_has_errors_is_not_missing() -> None:
    """A typing mistake must not look like a student who left."""
    difference = compare(checked(good(taal="de")), stored(checked(good())))
    assert difference == Difference(new=(), changed=(), missing=(), unchanged=())


def test_a_stage_cannot_go_to_another_student() -> None:
    """A code that is somebody else's stage in the store is refused by name, and is no change."""
    difference = compare(checked(good(studentnummer="1084999")), stored(checked(good())))
    assert (difference.other_student, difference.is_empty, difference.missing) == (("BPV-1",), True, ())
    assert list(difference_lines(difference)) == [
        "refused   BPV-1: this code belongs to another student; give the new stage its own code",
        "0 new, 0 changed, 0 missing, 0 unchanged",
    ]


def test_an_ended_stage_in_the_file_opens_again() -> None:
    """The roster is the school's word on what runs."""
    difference = compare(checked(good()), stored(checked(good()), ended=True))
    assert [(c.stage.code, c.changes, c.reopened) for c in difference.changed] == [("BPV-1", (), True)]


def test_the_report_names_what_would_change_and_no_person() -> None:
    """One line a stage and the counts, in plain English."""
    before = stored(checked(good(), good(**{**ANOTHER_STUDENT, "stage": "BPV-9"})))
    after = checked(good(student="Samira A.", leerbedrijf_plaats=""), good(**ANOTHER_STUDENT))
    assert list(difference_lines(compare(after, before))) == [
        "new       BPV-2",
        "changed   BPV-1: student changed, leerbedrijf_plaats Amsterdam -> (empty)",
        "missing   BPV-9: not in this file; it ends only with --end-missing",
        "1 new, 1 changed, 1 missing, 0 unchanged",
    ]
