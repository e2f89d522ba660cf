"""Opens what commands work on: settings, the school, the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import typer
from sqlalchemy import make_url

import config
from bot.cli.errors import Fault
from bot.store.database import Database
from bot.store.errors import InUse
from bot.store.keyring import holds_keys
from bot.store.vault import read_or_create_master_key
from config import addresses
from config.settings import Settings, load_settings
from config.texts import Texts
from conversations.school import School


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Everything a command needs that works on the school's data."""

    settings: Settings
    school: School
    texts: Texts
    db: Database


@asynccontextmanager
async def opened(config_file: Path | None, *, runs: bool = False) -> AsyncIterator[Opened]:
    """Open a school's data. Only one process runs the bot; other commands may work beside it."""
    settings = load_settings(config_file)
    school = config.load(settings.school_file)
    await _refuse_a_second_key(settings)
    key, created = read_or_create_master_key(settings.master_key_file)
    if created:
        typer.echo(
            f"Made a new master key: {settings.master_key_file}. Back it up apart from the data: "
            "without it nothing that people wrote can be read.",
            err=True,
        )
    urls = settings.database_url.get_secret_value(), settings.keys_url.get_secret_value()
    try:
        db = await Database.open(*urls, key)
    except InUse:
        if runs:
            raise
        db = await Database.open(*urls, key, lock=False)
    try:
        yield Opened(settings=settings, school=school, texts=Texts.load(), db=db)
    finally:
        await db.close()


async def _refuse_a_second_key(settings: Settings) -> None:
    """Raise where the master key is gone and its data is not: a new key would open none of it."""
    if settings.master_key_file.exists():
        return
    on_server = addresses.on_server(settings.keys_url)
    keys = await _keys_on_server(settings) if on_server else _keys_in_file(settings)
    if keys:
        raise Fault(
            f"{settings.master_key_file}: the master key is not there, and {keys} does not open without it; "
            "put the key file back from where you keep it"
        )


async def _keys_on_server(settings: Settings) -> str | None:
    return "the keys database" if await holds_keys(settings.keys_url.get_secret_value()) else None


def _keys_in_file(settings: Settings) -> str | None:
    file = Path(make_url(settings.keys_url.get_secret_value()).database or "")
    return str(file) if file.is_file() and file.stat().st_size else None
