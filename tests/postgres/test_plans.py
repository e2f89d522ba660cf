"""How PostgreSQL looks things up: with years of sent rows it still reads only what is underway."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy import Executable, event, text

from bot.store import inbox, outbox_statements
from bot.store.database import Database
from tests.postgres.server import Pair, Server
from tests.store.conftest import MASTER_KEY, NOW

SENT, WAITING = 100_000, 10_000
OUTBOX = (
    "INSERT INTO outbox (id, sealed_for, chat_lookup, kind, lane, payload_sealed, state, attempts, due_at, "
    "repeated, detail) SELECT id, 0, sha256((id % 5000)::text::bytea), 'message', 3, '\\x00', '{state}', 0, "
    "'2026-09-07 07:00+00', false, '' FROM generate_series({first}, {last}) id"
)
INBOX = (
    "INSERT INTO inbox (id, raw_sealed, state, attempts, received_at) "
    "SELECT id, '\\x00', '{state}', 0, now() FROM generate_series({first}, {last}) id"
)
STATEMENTS: dict[str, tuple[Executable, dict[str, Any], str]] = {
    "claim": (
        outbox_statements.CANDIDATES,
        {"now": NOW, "taken": [b"1", b"2"], "most": 60},
        "ix_outbox_pending_order",
    ),
    "expire": (outbox_statements.EXPIRE, {"now": NOW}, "ix_outbox_pending_expires"),
    "in flight": (outbox_statements.IN_FLIGHT, {}, "ix_outbox_sending"),
    "next": (outbox_statements.NEXT, {}, "ix_outbox_pending_due"),
    "untold": (outbox_statements.UNTOLD, {}, "ix_outbox_tell"),
    "unknown": (outbox_statements.REPEAT, {"before": NOW}, "ix_outbox_unknown"),
    "again, clock set back": (
        outbox_statements.AGAIN_NOW,
        {"now": NOW, "latest": NOW},
        "ix_outbox_again",
    ),
    "unknown, clock set back": (outbox_statements.UNKNOWN_NOW, {"now": NOW}, "ix_outbox_unknown"),
    "inbox": (inbox._TAKE, {"most": 200}, "ix_inbox_state_received_at_id"),
}


@pytest.fixture(scope="module")
def full(postgres: Server) -> Iterator[Pair]:
    """Two databases with 100,000 messages sent and as many updates handled, and some that wait."""
    with postgres.pair() as pair:
        name = pair.main.rpartition("/")[2]
        for table, done, waits in ((OUTBOX, "sent", "pending"), (INBOX, "done", "new")):
            postgres.run(table.format(state=done, first=1, last=SENT), name)
            postgres.run(table.format(state=waits, first=SENT + 1, last=SENT + WAITING), name)
        postgres.run("ANALYZE", name)
        yield pair


@pytest.fixture
async def db(full: Pair) -> AsyncIterator[Database]:
    database = await Database.open(full.main, full.keys, MASTER_KEY)
    yield database
    await database.close()


@pytest.mark.parametrize("plans", ["auto", "force_generic_plan"])
@pytest.mark.parametrize("name", STATEMENTS)
async def test_what_is_underway_is_found_by_its_own_index(db: Database, name: str, plans: str) -> None:
    """Also with the plan that a prepared statement gets after five times; no table is read as a whole."""
    statement, values, index = STATEMENTS[name]
    async with db.writing() as tx:
        await tx.run(text(f"SET LOCAL plan_cache_mode = {plans}"))
        event.listen(tx._connection.sync_connection, "before_cursor_execute", _explained, retval=True)
        plan = [row[0] for row in await tx.all(statement, values)]
    assert [line for line in plan if "Seq Scan on outbox" in line or "Seq Scan on inbox" in line] == []
    assert [index in line for line in plan].count(True) == 1


def _explained(
    _connection: object, _cursor: object, statement: str, parameters: object, *_more: object
) -> tuple[str, object]:
    return f"EXPLAIN (COSTS OFF) {statement}", parameters
