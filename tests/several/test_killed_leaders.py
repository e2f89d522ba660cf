"""Several processes, one leader: it is killed again and again, and nothing is lost and nothing doubled.

STAGEBOT_KILLS sets how often: 3 times in the short form.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.crash.dying import as_a_message_arrives, as_a_message_leaves, whenever
from tests.crash.test_kill import figures, reckon
from tests.postgres.server import Pair
from tests.several.fleet import fleet

KILLS = int(os.environ.get("STAGEBOT_KILLS", "3"))
SEED = int(os.environ.get("STAGEBOT_SEED", "1"))
TO_TAKE_OVER = 5.0  # seconds; the lock of a killed process is free at once and tried every second


async def test_whenever_the_leader_is_killed_another_goes_on_and_nothing_is_lost_or_doubled(
    tmp_path: Path, postgres_pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three processes, one of which polls; every text once, every press done (docs/trust.md, 1, 2, 3, 9)."""
    async with fleet(tmp_path, postgres_pair, SEED) as played:
        await played.outlive(KILLS, [whenever, as_a_message_arrives, as_a_message_leaves])
        terms = [line["term"] for line in played.lines if line["event"] == "leading"]
        polling = [line for line in played.lines if line.get("error") == "Conflict"]
        await played.leave()
        await played.come_to_rest()
        books = await reckon(played)
        others = played.rest_of_logs()
    with capsys.disabled():
        print(figures(played, books))
        print(f"takeover: {min(played.takeovers):.1f} to {max(played.takeovers):.1f} s", end=" ")
    assert sorted(terms) == list(range(1, KILLS + 2))
    assert polling == []
    assert others == ""
    assert max(played.takeovers) < TO_TAKE_OVER
