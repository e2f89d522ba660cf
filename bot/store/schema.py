"""Brings the tables of a database to the version this program needs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_FOLDER = Path(__file__).parent / "migrations"


class Schema(StrEnum):
    """The two databases, each with its own line of migrations."""

    MAIN = "main"
    KEYS = "keys"


def upgrade(connection: Connection, schema: Schema) -> None:
    """Run the migrations that are missing, inside the connection's transaction."""
    config = _config(schema)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def versions(connection: Connection, schema: Schema) -> tuple[str | None, str | None]:
    """Give the version found and the version needed."""
    found = MigrationContext.configure(connection).get_current_revision()
    return found, ScriptDirectory.from_config(_config(schema)).get_current_head()


def _config(schema: Schema) -> Config:
    config = Config()
    config.set_main_option("script_location", _escaped(_FOLDER))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", _escaped(_FOLDER / schema))
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
