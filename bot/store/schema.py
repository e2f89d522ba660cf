"""Brings the tables of a database to the version this program needs.

Alembic is loaded where there is something to migrate: a start has nothing to do with it (decision 24).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, String, column, select, table

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"
_FOUND: Select[tuple[str]] = select(column("version_num", String)).select_from(table("alembic_version"))


class Schema(StrEnum):
    """The two databases, each with its own line of migrations."""

    MAIN = "main"
    KEYS = "keys"


NEWEST = {Schema.MAIN: "main_3", Schema.KEYS: "keys_1"}  # the last of each line of migrations


class VersionUnknown(Exception):
    """The tables are of a version that these migrations do not know: of a newer program."""


def upgrade(connection: Connection, schema: Schema, to: str = "head") -> None:
    """Run the migrations that are missing up to a version, inside the transaction; VersionUnknown."""
    from alembic import command
    from alembic.util import CommandError

    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # with years of rows it may take long
    config = _config(schema)
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, to)
    except CommandError as error:
        raise VersionUnknown(schema) from error


def versions(connection: Connection, schema: Schema) -> tuple[str | None, str]:
    """Give the version found and the version needed."""
    there = connection.dialect.has_table(connection, "alembic_version")
    return connection.scalar(_FOUND) if there else None, NEWEST[schema]


def newest(schema: Schema) -> str | None:
    """Give the last version that the migrations themselves know."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config(schema)).get_current_head()


def _config(schema: Schema) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", _escaped(_FOLDER))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", _escaped(_FOLDER / schema))
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
