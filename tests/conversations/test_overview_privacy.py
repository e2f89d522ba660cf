"""P6: no number of fewer than five people is shown, and none can be found by subtracting what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.texts import Texts
from conversations.messages import Message
from conversations.model import ParticipantId, Role
from conversations.overview.periods import in_year
from conversations.overview.privacy import LEAST, in_fives, protect, without_names
from conversations.overview.rows import row, year_to
from conversations.overview.team import monthly_page
from conversations.tallies import Asked, CompanyCount, Met, MonthCounts, TeamCounts
from tests.conversations.stages import TEACHER, a_person
from tests.conversations.telling import SCHOOL

TEXTS = Texts.load()
SIZES = st.lists(st.integers(0, 12), max_size=7)
YEAR = ("2026-08", "2026-09", "2026-10", "2026-11", "2026-12", "2027-01")
YEAR_BEFORE = ("2025-08", "2025-09", "2025-10", "2025-11", "2025-12", "2026-01")


def rank(vectors: Iterable[Sequence[int]]) -> int:
    """Count the independent ones of some sums over people."""
    rows = [[Fraction(n) for n in vector] for vector in vectors]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in rows[found:] if r[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for number, other in enumerate(rows):
            if number != found and other[column]:
                factor = other[column] / pivot[column]
                rows[number] = [a - factor * b for a, b in zip(other, pivot, strict=True)]
        found += 1
    return found


def can_be_found(shown: Sequence[Sequence[int]], wanted: Sequence[int]) -> bool:
    """Tell whether a sum follows from the sums that are shown, by adding and subtracting."""
    return rank([*shown, wanted]) == rank(shown)


@given(SIZES)
def test_no_small_company_can_be_reconstructed(sizes: list[int]) -> None:
    """P6: neither a company of fewer than five students nor several of them that are fewer than five."""
    people = [company for company, size in enumerate(sizes) for _ in range(size)]
    groups = [company for company, size in enumerate(sizes) if size]
    safe = protect(range(len(sizes)), lambda company: sizes[company])
    shown = [[int(one == company) for one in people] for company in safe.shown]
    shown += [[1] * len(people)] if safe.total else []
    small = [
        some
        for count in range(1, len(groups) + 1)
        for some in combinations(groups, count)
        if sum(sizes[company] for company in some) < LEAST
    ]
    found = [some for some in small if can_be_found(shown, [int(one in some) for one in people])]
    assert found == []


@given(SIZES)
def test_whatever_may_be_shown_is_shown(sizes: list[int]) -> None:
    """Where no company is small, all of them and their total are shown; a total of five people always is."""
    safe = protect(range(len(sizes)), lambda company: sizes[company])
    there = [size for size in sizes if size]
    assert safe.total == (sum(there) >= LEAST)
    assert len(safe.shown) + safe.hidden == len(there)
    assert (safe.hidden == 0) == all(size >= LEAST for size in there)


def test_one_small_company_takes_the_next_one_along() -> None:
    """P6: with one company of two hidden alone, the total would tell it; so the next smallest goes too."""
    safe = protect([2, 6, 9], lambda size: size)
    assert (safe.shown, safe.hidden, safe.total) == ((9,), 2, True)


MONTHS = st.lists(st.integers(0, 9), min_size=12, max_size=12)


@given(MONTHS)
def test_no_month_of_few_people_hides_in_a_year(people: list[int]) -> None:
    """P6, P7: a year holds the months that are shown and no other, on the page of every month.

    Each month counts a number of its own, so that a sum tells which months are in it.
    """
    names = (*YEAR_BEFORE, *YEAR)
    months = [
        MonthCounts(month=name, asked={Role.STUDENT: Asked(people=n, put=1 << place)})
        for place, (name, n) in enumerate(zip(names, people, strict=True))
    ]
    may = {name: 1 << place for place, (name, n) in enumerate(zip(names, people, strict=True)) if n >= LEAST}
    for last, before in zip(YEAR, YEAR_BEFORE, strict=True):
        for shown, year, until in zip(year_to(months, last), (2026, 2025), (last, before), strict=True):
            expected = sum(put for name, put in may.items() if in_year(name) == year and name <= until)
            assert shown.asked.get(Role.STUDENT, Asked()).put == expected


@given(st.lists(st.integers(0, 12), max_size=60))
def test_two_looks_on_two_days_differ_by_five_people_or_none(people: list[int]) -> None:
    """P8: what comes in one by one is shown five people at a time, also where somebody answers twice."""
    answers = list(enumerate(people))
    looks = [in_fives(answers[:count], lambda one: one[1]) for count in range(len(answers) + 1)]
    steps = [set(after) - set(before) for before, after in pairwise(looks)]
    fresh = [len({person for _, person in step}) for step in steps if step]
    assert [count for count in fresh if count < LEAST] == []
    assert [look[: len(before)] for before, look in pairwise(looks)] == looks[:-1]


def test_a_month_shows_only_what_five_people_or_more_are_in() -> None:
    """P6: each line has a group of its own: trainers are counted apart from students."""
    month = MonthCounts(
        month="2026-10",
        students=6,
        asked={Role.STUDENT: Asked(people=5, put=7), Role.TRAINER: Asked(people=4, put=99)},
        met=Met(students=4, planned=77),
        handed=4,
        read=1,
        signals=3,
    )
    shown = row(month)
    assert shown.asked == {Role.STUDENT: Asked(people=5, put=7)}
    assert (shown.met, shown.pages) == (None, None)
    assert shown.signalled is not None
    assert shown.signalled.signals == 3


def test_signals_are_not_counted_where_few_students_are_asked() -> None:
    """P6: where four students take part, a signal would be as good as a name."""
    month = MonthCounts(month="2026-10", students=30, asked={Role.STUDENT: Asked(people=4)}, signals=1)
    assert row(month).is_empty


def read(message: Message | None) -> str:
    assert message is not None
    return TEXTS.render(message.pieces, a_person(TEACHER))[0]


def a_team(*companies: CompanyCount, **month: object) -> TeamCounts:
    counts = MonthCounts(**({"month": "2026-10", "students": 11} | month))  # type: ignore[arg-type]  # as the test gives them
    return TeamCounts(team="Business Events", months=(counts,), companies=companies)


def a_company(name: str, students: int, **counts: int) -> CompanyCount:
    return CompanyCount(company=name, students=students, counts=counts)


def test_the_page_names_no_company_of_few_students() -> None:
    """P6: a small company is not named, and the next smallest is not either; the total is there."""
    team = a_team(
        a_company("Het Kleine Theater", 2, alone=2),
        a_company("Hotel IJzicht", 5, alone=1, talk=4),
        a_company("Congrescentrum Amstel", 6, alone=3, none=1),
    )
    page = read(monthly_page(team, "2026-10", SCHOOL, ParticipantId(9)))
    said = page.split("Wat studenten konden doen\n")[1].split("\n\n")[0]
    assert said.split("\n") == [
        (
            "Congrescentrum Amstel: 6 studenten, praten over werk 0, meekijken 0, met hulp 0, zonder hulp 3, "
            "niets hiervan 1"
        ),
        (
            "Alle leerbedrijven samen: 13 studenten, praten over werk 4, meekijken 0, met hulp 0, "
            "zonder hulp 6, niets hiervan 1"
        ),
        "2 leerbedrijven staan hier niet apart. Zo gaat geen aantal over minder dan vijf studenten.",
    ]


@pytest.mark.parametrize("hidden", ["777", "888", "999"])
def test_the_page_holds_no_number_that_is_too_small_a_group(hidden: str) -> None:
    """P6: a number of four people stands nowhere on the page, not in the month and not in the year."""
    asked = {Role.STUDENT: Asked(people=5, put=8), Role.TRAINER: Asked(people=4, put=777, answered=777)}
    met, handed = Met(students=4, planned=888, held=888), {"handed": 4, "read": 999}
    page = read(monthly_page(a_team(asked=asked, met=met, **handed), "2026-10", SCHOOL, ParticipantId(9)))
    assert "Vragen aan studenten: 8." in page
    assert hidden not in page


def test_a_team_without_stages_gets_no_page() -> None:
    """Nothing to count is nothing to send."""
    assert monthly_page(a_team(students=0), "2026-10", SCHOOL, ParticipantId(9)) is None


def test_names_are_taken_out_of_what_somebody_wrote() -> None:
    """P9: full names, first names and the company go, whatever their case; other words stay whole."""
    text = "samira deed het goed bij Hotel IJzicht. El is een lidwoord, Samirana niet. (SAMIRA)"
    names = ("Samira El Amrani", "Hotel IJzicht")
    assert without_names(text, names) == "… deed het goed bij …. El is een lidwoord, Samirana niet. (…)"


def test_names_of_others_are_taken_out_where_they_are_names() -> None:
    """P9: a colleague's name goes too; "groot" and "van" are words."""
    others = ("Peter Groot", "Marieke van den Berg")
    text = "Peter en mevrouw Van den Berg helpen veel, Groot ook. Een groot deel van de berg werk."
    expected = "… en mevrouw Van den … helpen veel, … ook. Een groot deel van de berg werk."
    assert without_names(text, (), others) == expected
