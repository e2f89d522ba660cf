"""The columns of a roster file: which there are, which may be missing, which hold personal data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches

from bot.roster.model import Finding, Problem, Table

REQUIRED = (
    "stage",
    "studentnummer",
    "student",
    "geboortedatum",
    "praktijkopleider",
    "praktijkopleider_email",
    "docent",
    "docent_code",
    "team",
    "opleiding",
    "leerbedrijf",
    "begindatum",
    "einddatum",
    "stagedagen",
    "gesprek_1",
    "plek_1",
)
OPTIONAL = (
    "toestemming_ouder",
    "aanspreekvorm",
    "leerweg",
    "leerbedrijf_plaats",
    "einde_werkdag",
    "gesprek_2",
    "plek_2",
    "gesprek_3",
    "plek_3",
    "taal",
    "vakantie_door",
)
COLUMNS = frozenset(REQUIRED + OPTIONAL)
PERSONAL = frozenset(
    {"studentnummer", "student", "geboortedatum", "praktijkopleider", "praktijkopleider_email", "docent"}
)

# Without a header the first row holds people, none of whom may be shown as the name of a column. A row of
# values can hold the name of a column too: "leerbedrijf" is also a place.
_ENOUGH = 3


def header_findings(table: Table) -> tuple[Finding, ...]:
    """Tell what is wrong with the column names; with any of these the rows can't be understood."""
    names = column_names(table)
    if len(COLUMNS.intersection(names)) < _ENOUGH:
        return (Finding(row=table.header_row, column="", problem=Problem.NO_HEADER),)
    return tuple(_wrong_names(names, table.header_row))


def column_names(table: Table) -> tuple[str, ...]:
    """Give the header as we compare it: lower case, without spaces around, no empty columns at the end."""
    names = [name.strip().lower() for name in table.header]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def shown(column: str, value: str) -> str:
    """Make a value safe to print: of a personal column its shape only; nothing that moves a cursor."""
    if column in PERSONAL:
        value = "".join("9" if c.isdigit() else "x" if c.isalpha() else c for c in value)
    cut = value if len(value) <= 60 else value[:59] + "…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)


def _wrong_names(names: tuple[str, ...], row: int) -> Iterator[Finding]:
    counts = Counter(names)
    for name in counts:
        if name not in COLUMNS:
            near = get_close_matches(name, sorted(COLUMNS - counts.keys()), n=1)
            yield Finding(
                row=row,
                column=shown("", name) or "(without a name)",
                problem=Problem.UNKNOWN_COLUMN,
                details={"near": near[0] if near else ""},
            )
        elif counts[name] > 1:
            yield Finding(row=row, column=name, problem=Problem.DUPLICATE_COLUMN)
    for name in REQUIRED:
        if name not in counts:
            yield Finding(row=row, column=name, problem=Problem.MISSING_COLUMN)
