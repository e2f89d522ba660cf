"""A database on a server of PostgreSQL: how its connections are made, and what its errors may tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, event, func, select
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_PATIENCE = 30  # seconds for one statement, and for the turn to write
_TO_CONNECT = 10  # seconds
_SETTINGS = {
    "application_name": "stagebot",
    "timezone": "UTC",
    "synchronous_commit": "on",  # Telegram forgets what was confirmed
    "statement_timeout": f"{_PATIENCE}s",
    "lock_timeout": f"{_PATIENCE}s",
    # A process that hangs or whose machine is gone loses its locks.
    "idle_in_transaction_session_timeout": "15s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25s",
}
_WRITER = int.from_bytes(b"writer")  # the advisory lock of who decides
# A connection that is gone, too little of something, an operator or a timeout, a deadlock, a disk.
_PASSING_CLASSES = ("08", "40", "53", "57", "58")
# No turn in time; a server that only reads for now, as while another takes over.
_PASSING_STATES = ("55P03", "25006")
_TURN = select(func.pg_advisory_xact_lock(_WRITER))
_REASONS = {
    "28000": "this user is not let in",
    "28P01": "the password is wrong",
    "3D000": "there is no such database",
    "42704": "it is older than PostgreSQL 14",  # and does not know one of the settings above
    "42501": "this user may not make tables here: let it own the database",
    "53300": "too many connections",
    "55P03": "another stagebot is busy in it",
    "57P03": "it is starting or stopping",
}


class ServerError(Exception):
    """What a server refused: the kind and the SQLSTATE; its own words may hold what people wrote."""

    def __init__(self, kind: str, sqlstate: str | None) -> None:
        super().__init__(f"{kind} {sqlstate or ''}".strip())
        self.sqlstate = sqlstate


def engine_for(url: URL) -> AsyncEngine:
    """Make the connections to a database on a server; one that was closed is replaced when it is taken."""
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    engine = create_async_engine(
        url.set(query=query),
        hide_parameters=True,
        pool_size=5,
        max_overflow=5,
        pool_timeout=_PATIENCE,
        connect_args={
            "timeout": _TO_CONNECT,
            "command_timeout": 2 * _PATIENCE,  # for a server that does not answer at all
            "server_settings": _SETTINGS,
        },
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    # The driver knows it without asking the server, which would cost every transaction a round trip.
    if connection.driver_connection.is_closed():
        raise DisconnectionError


async def take_turn(connection: AsyncConnection) -> None:
    """Wait until this transaction is the only one that decides, over all processes.

    As on SQLite: what is read now is what still holds when the transaction is committed.
    """
    await connection.execute(_TURN)


@contextmanager
def telling_nothing() -> Iterator[None]:
    """Let errors through without the values that a server quotes; what passes is an OperationalError.

    PostgreSQL names the row that was there already, and its driver the argument it could not encode.
    """
    try:
        yield
    except DBAPIError as error:
        raise _told(error) from None
    except Exception as error:
        if not (state := getattr(error, "sqlstate", None)):
            raise
        # While connecting nothing is wrapped; whatever the reason, it heals or a person mends it.
        said = ServerError(type(error).__name__, state)
        raise OperationalError(None, None, said, hide_parameters=True) from None


def reason(error: BaseException) -> str:
    """Say in a few words for the operator why a server can't be used."""
    if isinstance(error, DBAPIError):
        said = error.orig
        return _REASONS.get(getattr(said, "sqlstate", None) or "", str(said))
    if isinstance(error, TimeoutError):
        return "no answer"
    if isinstance(error, ConnectionRefusedError):
        return "nothing answers there"
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def _told(error: DBAPIError) -> DBAPIError:
    if isinstance(error.orig, ServerError):
        return error
    state: str | None = getattr(error.orig, "sqlstate", None)
    cause: Any = getattr(error.orig, "__cause__", None) or error.orig
    said = ServerError(type(cause).__name__, state)
    kind = _kind(error, state)
    return kind(
        error.statement,
        None,
        said,
        hide_parameters=True,
        connection_invalidated=error.connection_invalidated,
    )


def _kind(error: DBAPIError, state: str | None) -> type[DBAPIError]:
    passing = state is not None and (state[:2] in _PASSING_CLASSES or state in _PASSING_STATES)
    if error.connection_invalidated or passing:
        return OperationalError
    # The driver's own complaint about what it was given: that does not heal by itself.
    return ProgrammingError if isinstance(error, InterfaceError) else type(error)
