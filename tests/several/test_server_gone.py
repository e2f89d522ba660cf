"""The database server dies and comes back: somebody leads again, and nobody has to be started."""

from __future__ import annotations

from pathlib import Path

from tests.postgres.server import start
from tests.several.fleet import fleet


async def test_when_the_database_server_was_killed_and_is_back_somebody_leads_again(tmp_path: Path) -> None:
    """All that people wrote meanwhile is Telegram's until it can be stored (docs/trust.md, 1 and 6)."""
    server = start()
    try:
        with server.pair() as pair:
            async with fleet(tmp_path, pair, 1, size=2) as played:
                for _ in range(2):
                    played.begin()
                first = await played.leader()
                server.kill()
                await played.until(lambda: first.said[-1]["event"] in ("lead_lost", "database_away"))
                phone = played.world.person(9001, "Iemand")
                phone.start()
                await played.until(lambda: "database_away" in {line["event"] for line in played.lines})
                server.start_again()
                await played.until(lambda: phone.messages[-1]["from"] == "bot")
                terms = {line["term"] for line in played.lines if line["event"] == "leading"}
                await played.leave()
                others = played.rest_of_logs()
    finally:
        server.close()
    assert terms == {1, 2}
    assert others == ""
