"""The server that the other tests run on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.postgres.server import Pair, Server

STARTS = """
import sys, time
from tests.postgres.server import start
server = start()
print(server.pid, server.folder, flush=True)
time.sleep(60)
"""


def _is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_nothing_is_left_of_a_server_whose_tests_were_killed() -> None:
    """After kill -9 of the process that started it, server and folder are gone within seconds."""
    tests = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", STARTS], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert tests.stdout is not None
    with tests:
        pid, folder = tests.stdout.readline().split()
        before = (_is_there(int(pid)), Path(folder).exists())
        os.kill(tests.pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while (_is_there(int(pid)) or Path(folder).exists()) and time.monotonic() < until:
        time.sleep(0.05)
    assert (before, _is_there(int(pid)), Path(folder).exists()) == ((True, True), False, False)


def test_others_can_not_enter_its_data_and_it_does_not_run_as_root(postgres: Server) -> None:
    """The folder is its user's alone; PostgreSQL itself refuses to be root."""
    data = postgres.folder / "data"
    owner = Path(f"/proc/{postgres.pid}").stat().st_uid
    assert (data.stat().st_mode & 0o777, data.stat().st_uid == owner, owner == 0) == (0o700, True, False)


def test_the_bot_needs_no_more_than_its_own_databases(postgres: Server, postgres_pair: Pair) -> None:
    """All tests run as a role that is no administrator."""
    assert postgres_pair.main.startswith("postgresql://stagebot:")
    assert postgres.run(
        "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'stagebot'"
    ) == [(False, False, False)]
