"""Runs one PostgreSQL server for as long as somebody holds its standard input, and leaves nothing behind.

Started by `tests/postgres/server.py` as a process of its own. It ends when that input ends, which also
happens when the tests are killed (-9): then it stops the server and removes the server's folder.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

LISTEN = ("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=")


def main(folder: Path, binaries: Path, user: str, options: list[str]) -> None:
    """Start the server, start it again at each line, and stop it when the input ends."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the end of the tests ends it, and nothing sooner
    command = [str(binaries / "postgres"), "-D", str(folder / "data"), *LISTEN, *options]
    server = start(command, folder, user)
    try:
        for _ in sys.stdin:
            stop(server)
            server = start(command, folder, user)
    finally:
        stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def start(command: list[str], folder: Path, user: str) -> subprocess.Popen[bytes]:
    """Start the server and tell its process id."""
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(  # noqa: S603 - PostgreSQL from the environment of the tests
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
            **as_user(user),
        )
    print(server.pid, flush=True)
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    """Let the server leave at once; it may have been killed already."""
    if server.poll() is None:
        server.send_signal(signal.SIGQUIT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


class Identity(TypedDict):
    """Whose process it is: what `subprocess` takes."""

    user: str | None
    group: int | None
    extra_groups: list[int] | None


def as_user(user: str) -> Identity:
    """Say that a process is another user's where this one is root's, as whom PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:])
