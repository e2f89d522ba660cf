"""Reads the settings of a running stagebot: environment first, then a TOML file given by --config."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config import addresses
from config.findings import ConfigError, Faults
from config.reading import Table, explain, read_toml

PREFIX = "STAGEBOT_"
TELEGRAM = "https://api.telegram.org"
SECRETS = frozenset(
    {"token", "token_file", "webhook_secret", "webhook_secret_file", "api_url", "database_url", "keys_url"}
    | {"database_password", "database_password_file"}
)
FASTEST = 1000  # messages a second: what Telegram lets a bot pay for; about 30 are free
LONGEST_SECRET_FILE = 4096  # characters
NEAR = 0.85  # how alike the name of an unknown variable is to a setting's when it is a slip of the pen

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_HTTP = re.compile(r"https?://[^\s/@]+(/[^\s]*)?")
# Telegram comes by https only; a Bot API server on this machine itself may come without.
_WEBHOOK = re.compile(
    r"(https://[^\s/@?#]+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)/(?!healthz$)[A-Za-z0-9._~/-]+"
)
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LISTEN = re.compile(r"([^\s:\[\]]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})")
_HIGHEST_PORT = 65535


def _api_url(url: str) -> str:
    if not _HTTP.fullmatch(url):
        raise ValueError
    return url.rstrip("/")


def _token(secret: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(secret.get_secret_value().strip()):
        raise ValueError
    return SecretStr(secret.get_secret_value().strip())


def _password(secret: SecretStr) -> SecretStr:
    if not (password := secret.get_secret_value().rstrip("\r\n")):
        raise ValueError
    return SecretStr(password)


def _webhook_url(url: str) -> str:
    if not _WEBHOOK.fullmatch(url):
        raise ValueError
    return url


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if not _WEBHOOK_SECRET.fullmatch(secret.get_secret_value().strip()):
        raise ValueError
    return SecretStr(secret.get_secret_value().strip())


def _listen(address: str) -> str:
    found = _LISTEN.fullmatch(address)
    if not found or int(found[2]) > _HIGHEST_PORT:
        raise ValueError
    return address


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:  # ~name of somebody who is not there
        raise ValueError from error


def _in_data_dir(name: str) -> Any:
    return lambda earlier: SecretStr(f"sqlite+aiosqlite:///{earlier['data_dir'] / name}")


Token = Annotated[SecretStr, AfterValidator(_token)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(addresses.checked)]
Folder = Annotated[Path, AfterValidator(_expanded)]
A_DATABASE = "sqlite:////srv/stagebot/stagebot.sqlite3 or postgresql://user:password@host/database"


class Settings(BaseSettings):
    """Where a stagebot finds what it needs. Secrets are never in its repr."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    token: Token | None = Field(None, description="a bot token as @BotFather gives it, 123456:ABC...")
    token_file: Folder | None = Field(
        None, repr=False, description="a readable file with the bot token in it"
    )
    webhook_url: Annotated[str, AfterValidator(_webhook_url)] | None = Field(
        None, description="an address such as https://stagebot.school.nl/telegram"
    )
    webhook_secret: WebhookSecret | None = Field(
        None, description="1 to 256 letters, digits, _ and - that nobody can guess"
    )
    webhook_secret_file: Folder | None = Field(
        None, repr=False, description="a readable file with the secret of the webhook in it"
    )
    listen: Annotated[str, AfterValidator(_listen)] = Field(
        "127.0.0.1:8081", description="an address and a port, such as 0.0.0.0:8081"
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
    database_password: SecretStr | None = Field(
        None, description="the password of both databases on a server, where their addresses have none"
    )
    database_password_file: Folder | None = Field(
        None, repr=False, description="a readable file with the password of both databases in it"
    )
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
    """Read the secrets that are in files of their own, and check settings against each other."""
    _check_databases(settings, sources)
    read = {
        name: _kept_apart(settings, name, sources, check, expected)
        for name, (check, expected) in _IN_FILES.items()
    }
    password = read["database_password"]
    urls = {
        name: addresses.with_password(getattr(settings, name), password)
        for name in ("database_url", "keys_url")
    }
    settings = settings.model_copy(update=read | urls)
    if settings.webhook_url and not settings.webhook_secret and not settings.webhook_secret_file:
        sources.error("webhook_secret", "is missing", "it, or webhook_secret_file, as webhook_url is given")
    return settings


def _check_databases(settings: Settings, sources: Sources) -> None:
    """The keys have a database of their own, of the same kind as the main one (docs/decisions/0021)."""
    main, keys = settings.database_url, settings.keys_url
    if addresses.on_server(main) and "keys_url" not in settings.model_fields_set:
        sources.error("keys_url", "is missing", "a second database on a server, as database_url is on one")
    elif addresses.on_server(main) != addresses.on_server(keys):
        sources.error("keys_url", "is of another kind than database_url", "two files, or two on a server")
    elif addresses.same(main, keys):
        sources.error("keys_url", "is the same as database_url", "two databases")


def _kept_apart(
    settings: Settings, name: str, sources: Sources, check: Callable[[SecretStr], SecretStr], expected: str
) -> SecretStr | None:
    """Give a secret that may be in a file of its own."""
    given: SecretStr | None = getattr(settings, name)
    file: Path | None = getattr(settings, f"{name}_file")
    if file is None:
        return given
    if given:
        sources.error(f"{name}_file", f"is given beside a {name.replace('_', ' ')}", "one of the two")
        return given
    secret = _read(file, check)
    if secret is None:
        sources.error(f"{name}_file", f"is no readable file with a {name.replace('_', ' ')} in it", expected)
    return secret


def _read(path: Path, check: Callable[[SecretStr], SecretStr]) -> SecretStr | None:
    try:
        with path.open(encoding="utf-8-sig") as file:
            return check(SecretStr(file.read(LONGEST_SECRET_FILE)))
    except (OSError, ValueError):
        return None


_IN_FILES: dict[str, tuple[Callable[[SecretStr], SecretStr], str]] = {
    "token": (_token, "one line as @BotFather gives it"),
    "database_password": (_password, "one line with the password"),
    "webhook_secret": (_webhook_secret, "one line of 1 to 256 letters, digits, _ and -"),
}


def _check_names(variables: AbstractSet[str], faults: Faults) -> None:
    """Name variables that look like a slip of the pen: such a setting would be silently ignored."""
    known = [name.upper() for name in Settings.model_fields]
    for variable in sorted(name for name in variables if name.startswith(PREFIX)):
        name = variable.removeprefix(PREFIX)
        near = difflib.get_close_matches(name, known, n=1, cutoff=NEAR)
        if near and name not in known:
            faults.error(variable, f"is unknown, did you mean {PREFIX}{near[0]}?")
