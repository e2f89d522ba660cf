"""Reads the settings of a running stagebot: environment first, then a TOML file given by --config."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.findings import ConfigError, Faults
from config.reading import Table, explain, read_toml

PREFIX = "STAGEBOT_"
TELEGRAM = "https://api.telegram.org"
SECRETS = frozenset({"token", "token_file", "api_url", "database_url", "keys_url"})
FASTEST = 1000  # messages a second: what Telegram lets a bot pay for; about 30 are free
LONGEST_TOKEN_FILE = 4096  # characters
NEAR = 0.85  # how alike the name of an unknown variable is to a setting's when it is a slip of the pen

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_HTTP = re.compile(r"https?://[^\s/@]+(/[^\s]*)?")
_SQLITE = re.compile(r"sqlite(?:\+aiosqlite)?://(?=/)")


def _api_url(url: str) -> str:
    if not _HTTP.fullmatch(url):
        raise ValueError
    return url.rstrip("/")


def _database_url(secret: SecretStr) -> SecretStr:
    url = secret.get_secret_value()
    if not _SQLITE.match(url) or url.endswith("/"):
        raise ValueError
    return SecretStr(_SQLITE.sub("sqlite+aiosqlite://", url))


def _token(secret: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(secret.get_secret_value().strip()):
        raise ValueError
    return SecretStr(secret.get_secret_value().strip())


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:  # ~name of somebody who is not there
        raise ValueError from error


def _in_data_dir(name: str) -> Any:
    return lambda earlier: SecretStr(f"sqlite+aiosqlite:///{earlier['data_dir'] / name}")


Token = Annotated[SecretStr, AfterValidator(_token)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
Folder = Annotated[Path, AfterValidator(_expanded)]
A_DATABASE = "an address such as sqlite:////srv/stagebot/stagebot.sqlite3"


class Settings(BaseSettings):
    """Where a stagebot finds what it needs. Secrets are never in its repr."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    token: Token | None = Field(None, description="a bot token as @BotFather gives it, 123456:ABC...")
    token_file: Folder | None = Field(
        None, repr=False, description="a readable file with the bot token in it"
    )
    api_url: Annotated[str, AfterValidator(_api_url)] = Field(
        TELEGRAM, description="an address that begins with http:// or https://"
    )
    data_dir: Folder = Field(
        default_factory=lambda: platformdirs.user_data_path("stagebot"), description="a folder"
    )
    database_url: DatabaseUrl = Field(
        default_factory=_in_data_dir("stagebot.sqlite3"), description=A_DATABASE
    )
    keys_url: DatabaseUrl = Field(default_factory=_in_data_dir("keys.sqlite3"), description=A_DATABASE)
    master_key_file: Folder = Field(
        default_factory=lambda earlier: earlier["data_dir"] / "master.key", description="a file"
    )
    school_file: Folder | None = Field(None, description="a school's own TOML file")
    rate: float = Field(28, ge=1, le=FASTEST, description=f"messages a second, 1 to {FASTEST}")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win from what the file gives."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


@dataclass(frozen=True, slots=True)
class Sources:
    """Tells where each setting comes from: a variable that is set, or else the file, where there is one."""

    variables: AbstractSet[str]
    environment: Faults
    file: Faults | None

    def place(self, name: str) -> tuple[Faults, str]:
        """Give the faults of a setting's source, and its name there."""
        variable = f"{PREFIX}{name.upper()}"
        if self.file is None or variable in self.variables:
            return self.environment, variable
        return self.file, name

    def error(self, name: str, problem: str, expected: str) -> None:
        """Add an error of a setting."""
        faults, where = self.place(name)
        faults.error(where, problem, expected)


def load_settings(config_file: Path | None = None) -> Settings:
    """Read the settings; raise ConfigError with every fault. What is in a token file becomes `token`."""
    faults = Faults("environment")
    in_file = faults.among(config_file) if config_file else None
    data = (read_toml(config_file, in_file) if config_file and in_file else None) or {}
    sources = Sources({name.upper() for name, value in os.environ.items() if value}, faults, in_file)
    _check_names(sources.variables, faults)
    settings = _validated(data, sources)
    if settings:
        settings = _complete(settings, sources)
    if settings is None or faults.found:
        raise ConfigError(faults.found)
    return settings


def _validated(data: Table, sources: Sources) -> Settings | None:
    try:
        return Settings(**data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            name = str(detail["loc"][0])
            if detail["type"] != "default_factory_not_called":  # data_dir has a fault of its own
                sources.error(name, *explain(detail, Settings, secret=name in SECRETS))
        return None


def _complete(settings: Settings, sources: Sources) -> Settings:
    """Read the token file, and check what two settings must not share."""
    if settings.database_url == settings.keys_url:
        sources.error("keys_url", "is the same as database_url", "two databases")
    if settings.token_file is None:
        return settings
    if settings.token:
        sources.error("token_file", "is given beside a token", "one of the two")
        return settings
    token = _read_token(settings.token_file)
    if token is None:
        sources.error(
            "token_file", "is no readable file with a token in it", "one line as @BotFather gives it"
        )
    return settings.model_copy(update={"token": token})


def _read_token(path: Path) -> SecretStr | None:
    try:
        with path.open(encoding="utf-8-sig") as file:
            return _token(SecretStr(file.read(LONGEST_TOKEN_FILE)))
    except (OSError, ValueError):
        return None


def _check_names(variables: AbstractSet[str], faults: Faults) -> None:
    """Name variables that look like a slip of the pen: such a setting would be silently ignored."""
    known = [name.upper() for name in Settings.model_fields]
    for variable in sorted(name for name in variables if name.startswith(PREFIX)):
        name = variable.removeprefix(PREFIX)
        near = difflib.get_close_matches(name, known, n=1, cutoff=NEAR)
        if near and name not in known:
            faults.error(variable, f"is unknown, did you mean {PREFIX}{near[0]}?")
