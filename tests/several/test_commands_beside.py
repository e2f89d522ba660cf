"""Other commands work while processes run on a server, as they do beside one on a file."""

from __future__ import annotations

from bot.simulator.server import Simulator
from tests.cli.commands import SAMPLE, TOKEN, Operator, end, line_of
from tests.cli.conftest import operator, telegram
from tests.postgres.server import Pair

__all__ = ["operator", "telegram"]


async def test_roster_digest_and_export_work_beside_a_leader_and_one_who_stands_by(
    operator: Operator, telegram: Simulator, postgres_pair: Pair
) -> None:
    """Imported twice it changes nothing (docs/trust.md, 4); each process says in one line what it is."""
    where = {"database_url": postgres_pair.main, "keys_url": postgres_pair.keys}
    first = await operator.start("run", token=TOKEN, api_url=telegram.url, **where)
    await line_of(first, "leading")
    second = await operator.start("run", token=TOKEN, api_url=telegram.url, **where)
    await line_of(second, "standing_by")
    imported = await operator.give("roster", "import", SAMPLE, **where)
    again = await operator.give("roster", "import", SAMPLE, **where)
    digest = await operator.give("digest", "BPV-2026-001", **where)
    exported = await operator.give("export", **where)
    first.terminate()
    await line_of(second, "leading")
    second.terminate()
    ends = [await end(first), await end(second)]
    assert imported.code == 0
    assert (again.code, again.out) == (0, ["0 new, 0 changed, 0 missing, 24 unchanged"])
    assert (digest.code, exported.code) == (0, 0)
    assert [said.code for said in ends] == [0, 0]
