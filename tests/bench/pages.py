"""The teacher's page: from facts at hand, and from a database of a million replies."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from tests.bench.figures import Figure, Part, at_most
from tests.bench.filling import filled
from tests.bench.places import prepared, working
from tests.bench.processes import Broken, measured_inside

REPLIES, REPLIES_QUICK = 1_000_000, 20_000
FEWEST_WORDS = 100  # on a page worth measuring


async def measure(*, quick: bool, profile: Path | None) -> Part:
    """Measure the page of the fullest stage."""
    replies = REPLIES_QUICK if quick else REPLIES
    with working(await prepared("filled", replies, filled)) as folder:
        found = await measured_inside("pages", folder, profile=profile)
    if found["words"] < FEWEST_WORDS:
        raise Broken(f"a page of {found['words']} words is no full one")
    full = "{replies} replies, {notes} notes, {words} words, meeting {meeting}".format_map(found)
    return Part(
        name="digest",
        figures=[
            Figure(
                name="digest of a full stage, from facts to text",
                unit="ms",
                values=(median(found["from_facts"]),),
                target=at_most(5),
                how=full,
            ),
            Figure(
                name=f"the same from a database of {replies:,} replies",
                unit="ms",
                values=(median(found["from_database"]),),
                target=at_most(15) if replies == REPLIES else None,
                how="from opening the transaction to text",
            ),
        ],
        measured=found,
    )
