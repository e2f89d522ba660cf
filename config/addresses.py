"""Says what the address of a database may be: a file of SQLite, or a database on a server of PostgreSQL."""

from __future__ import annotations

import re

from pydantic import SecretStr
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

_SQLITE = re.compile(r"sqlite(?:\+aiosqlite)?://(?=/)")
_SERVER = re.compile(r"(?:postgresql|postgres)(?:\+asyncpg)?://")
# What may follow the question mark: how TLS is used, and the folder of a local server's socket.
_TLS = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
_PORT = 5432


def checked(secret: SecretStr) -> SecretStr:
    """Give the address of a database with the driver in it; raise ValueError where it is none."""
    url = secret.get_secret_value()
    if _SERVER.match(url):
        return SecretStr(_server(url).render_as_string(hide_password=False))
    if not _SQLITE.match(url) or url.endswith("/"):
        raise ValueError
    return SecretStr(_SQLITE.sub("sqlite+aiosqlite://", url))


def on_server(secret: SecretStr) -> bool:
    """Say whether this checked address is of a database on a server."""
    return _SERVER.match(secret.get_secret_value()) is not None


def same(one: SecretStr, other: SecretStr) -> bool:
    """Say whether two checked addresses are of one database, whoever opens it."""
    return _place(one) == _place(other)


def with_password(secret: SecretStr, password: SecretStr | None) -> SecretStr:
    """Give the address of a database on a server with this password, unless it has one."""
    url = make_url(secret.get_secret_value())
    if password is None or not on_server(secret) or url.password is not None:
        return secret
    full = url.set(password=password.get_secret_value())
    return SecretStr(full.render_as_string(hide_password=False))


def _server(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ValueError from error
    local = parsed.query.get("host")
    if not parsed.database or not (parsed.host or local):
        raise ValueError
    if parsed.query.keys() - {"sslmode", "host"} or parsed.query.get("sslmode", "prefer") not in _TLS:
        raise ValueError
    return parsed.set(drivername="postgresql+asyncpg")


def _place(secret: SecretStr) -> object:
    url = make_url(secret.get_secret_value())
    if not on_server(secret):
        return url.database
    return url.host or url.query.get("host"), url.port or _PORT, url.database
